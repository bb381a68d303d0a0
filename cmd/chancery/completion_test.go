package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A shell is told what may come next, and never starts anything by asking.
func TestTheShellCompletes(t *testing.T) {
	for line, want := range map[string]string{
		"chancery imp":                      "import",
		"chancery user a":                   "add",
		"chancery serve --listen":           "--listen",
		"chancery completion ":              "bash fish zsh",
		"chancery completion f":             "fish",
		"chancery --log ":                   "json text",
		"chancery --log json ver":           "verify version",
		"chancery wor":                      "", // hidden
		"chancery --database r.db index r":  "rebuild",
		"chancery export records --format ": "",
		"chancery no such thing ":           "",
		"":                                  "",
	} {
		command := program(t)
		command.Env = append(command.Env, "COMP_LINE="+line)
		out, err := command.Output()
		got := strings.Fields(string(out))
		if line == "" {
			if err != nil || !slices.Contains(got, "serve") {
				t.Errorf("an empty line: %v, %v", got, err)
			}
			continue
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %v, %v, want %s", line, got, err, want)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if out, err := program(t, "completion", shell).Output(); err != nil || !strings.Contains(string(out), "chancery") {
			t.Errorf("%s: %q, %v", shell, out, err)
		}
	}
}

// bash takes the script, and completes by it.
func TestBashTakesTheScript(t *testing.T) {
	script, err := program(t, "completion", "bash").Output()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("bash", "-c", string(script)+"complete -p chancery").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "-C 'chancery'") && !strings.Contains(string(out), "-C chancery") {
		t.Errorf("%s, %v", out, err)
	}
}
