package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"chancery/testdb"
)

// The secret of the first start stays the same until there is an administrator, for
// its owner alone, and then is gone.
func TestTheSecretStaysUntilThereIsAnAdministrator(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Address(t, engine)
			run := func(input string, arguments ...string) (string, error) {
				command := program(t, append([]string{"--database", database}, arguments...)...)
				command.Env = append(command.Env, "CHANCERY_SETUP_SECRET=")
				command.Stdin = strings.NewReader(input)
				out, err := command.CombinedOutput()
				return string(out), err
			}
			first, err := run("", "setup", "--site", "https://treaties.example/")
			if err != nil || !regexp.MustCompile(`^https://treaties\.example/setup/[A-Z2-7]{26}\n$`).MatchString(first) {
				t.Fatalf("%q, %v", first, err)
			}
			_, secret, _ := strings.Cut(strings.TrimSpace(first), "/setup/")
			for range 2 {
				if said := starts(t, database); !strings.Contains(said, "/setup/"+secret) {
					t.Errorf("the secret changed, or is not told: %s", said)
				}
			}
			file := database + ".setup"
			if engine == "sqlite" {
				info, err := os.Stat(file)
				if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
					t.Errorf("%v, %v", info, err)
				}
			}
			if out, err := run("", "user", "add", "Root", "--role", "administrator"); err != nil {
				t.Fatalf("%s, %v", out, err)
			}
			if out, err := run("correct horse battery staple\n", "user", "passwd", "Root"); err != nil {
				t.Fatalf("%s, %v", out, err)
			}
			if out, err := run("", "setup"); err == nil || !strings.Contains(out, "has an administrator") {
				t.Errorf("%s, %v", out, err)
			}
			if _, err := os.Stat(file); engine == "sqlite" && !os.IsNotExist(err) {
				t.Errorf("the secret is still there: %v", err)
			}
			if said := starts(t, database); strings.Contains(said, "/setup/") {
				t.Errorf("it is still told: %s", said)
			}
		})
	}
}

// starts is what the program says at a start, after which it is ended.
func starts(t *testing.T, database string) string {
	t.Helper()
	command := program(t, "--database", database, "serve", "--listen", "127.0.0.1:0")
	command.Env = append(command.Env, "CHANCERY_SETUP_SECRET=")
	f, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	command.Stderr = f
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	said := func() string {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for begun := time.Now(); !strings.Contains(said(), "Ctrl+C"); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("it does not start: %s", said())
		}
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	return said()
}

// A secret that is too short, or a file that holds none, is refused in words.
func TestASecretThatIsNoneIsRefused(t *testing.T) {
	database := testdb.Address(t, "sqlite")
	command := program(t, "--database", database, "setup")
	command.Env = append(command.Env, "CHANCERY_SETUP_SECRET=short")
	if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "take 20 or more") {
		t.Errorf("%s, %v", out, err)
	}
	if err := os.WriteFile(database+".setup", []byte("something else"), 0o644); err != nil {
		t.Fatal(err)
	}
	command = exec.Command(command.Path, command.Args[1:]...)
	command.Env = append(program(t).Env, "CHANCERY_SETUP_SECRET=")
	if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "remove it") {
		t.Errorf("%s, %v", out, err)
	}
}
