package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every line of levels 1 and 2 of the OWASP Application Security Verification
// Standard 5.0 is answered in docs/asvs.tsv: all of level 1 is met where it applies,
// at least 95 % of level 2, and each line that is met names tests that exist.
func TestTheSecurityStandardIsAnswered(t *testing.T) {
	file, err := os.Open("../../docs/asvs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.Comma, reader.LazyQuotes = '\t', true
	lines, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{}
	count, met := map[string]int{}, map[string]int{}
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		number, level, state, how, named := line[0], line[1], line[2], line[3], line[4]
		if seen[number] {
			t.Errorf("%s stands twice", number)
		}
		seen[number] = true
		count[level]++
		if how == "" || (named == "") != (state != "yes") || state != "yes" && state != "no" && state != "-" {
			t.Errorf("%s: %s, %q, %q", number, state, how, named)
		}
		met[level+state]++
		if level == "1" && state == "no" {
			t.Errorf("%s of level 1 is not met", number)
		}
		for name := range strings.SplitSeq(named, ", ") {
			folder, test, ok := strings.Cut(name, ": ")
			if !ok {
				folder, test = "handlers", name
			}
			if named != "" && !strings.Contains(testsIn(t, tests, folder), "func "+test+"(") {
				t.Errorf("%s: there is no %s in %s", number, test, folder)
			}
		}
	}
	if count["1"] != 70 || count["2"] != 183 {
		t.Errorf("%d lines of level 1, %d of level 2", count["1"], count["2"])
	}
	if share := float64(met["2yes"]) / float64(met["2yes"]+met["2no"]); share < 0.95 {
		t.Errorf("%.1f %% of level 2 are met", 100*share)
	}
	named := regexp.MustCompile("`(?:([a-z/]+): )?((?:Test|Fuzz)[A-Za-z0-9]+)`")
	text, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		folder := m[1]
		if folder == "" {
			folder = "handlers"
		}
		if !strings.Contains(testsIn(t, tests, folder), "func "+m[2]+"(") {
			t.Errorf("docs/security.md: there is no %s in %s", m[2], folder)
		}
	}
}

// testsIn is the text of a folder's tests, kept in read.
func testsIn(t *testing.T, read map[string]string, folder string) string {
	t.Helper()
	if read[folder] == "" {
		names, err := filepath.Glob("../../" + folder + "/*_test.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("%s has no tests (%v)", folder, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			read[folder] += string(text)
		}
	}
	return read[folder]
}
