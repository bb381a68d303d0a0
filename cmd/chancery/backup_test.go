package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chancery/testdb"
)

// The drill: back up while it runs, check, restore into an empty database of the
// other engine, and be refused elsewhere.
func TestTheRestoreDrill(t *testing.T) {
	from, to := testdb.Address(t, "sqlite"), testdb.Address(t, "postgres")
	if out, err := program(t, "--database", from, "generate", "--agreements", "50").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(t.TempDir(), "register.zip")
	if out, err := program(t, "--database", from, "backup", path).CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "50 agreements") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", from, "backup", path).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "is there already") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := program(t, "restore", "--check", path).CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "is whole") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", to, "restore", path).CombinedOutput(); err != nil ||
		!strings.Contains(string(out), "The chain of 50 revisions is whole") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := program(t, "--database", to, "restore", path).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "empty database") {
		t.Errorf("%v\n%s", err, out)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(t.TempDir(), "half.zip")
	if err := os.WriteFile(half, content[:len(content)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := program(t, "--database", testdb.Address(t, "sqlite"), "restore", half).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "not a whole export") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A register that serves makes its backups by itself.
func TestBackupsAreMadeByThemselves(t *testing.T) {
	folder := t.TempDir()
	command := program(t, "--quiet", "--database", testdb.Address(t, "sqlite"), "serve", "--listen", "127.0.0.1:0",
		"--backup-to", folder, "--backup-every", "1h", "--backup-keep", "2")
	said := &bytes.Buffer{}
	command.Stderr = said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		command.Process.Kill()
		command.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	}()
	for range 300 {
		if found, _ := filepath.Glob(filepath.Join(folder, "chancery-*.zip")); len(found) == 1 {
			if out, err := program(t, "restore", "--check", found[0]).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("no backup was made")
}
