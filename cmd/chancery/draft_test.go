package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/press"
)

const report = "title: Kenya and Malta sign agreement\ndate: 2024-05-02\n\nNAIROBI — Kenya and Malta signed an " +
	"agreement on fisheries in Nairobi on Tuesday.\n"

// A report goes in as a file or on standard input, its draft comes out as JSON
// whose offsets lead into it.
func TestDraftPrintsWhatAReportSays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.txt")
	if err := os.WriteFile(path, []byte(report), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, "-"} {
		command := program(t, "draft", name)
		command.Stdin = strings.NewReader(report)
		out, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		var draft press.Draft
		if err := json.Unmarshal(out, &draft); err != nil || len(draft.Instruments) != 1 {
			t.Fatalf("%v: %s", err, out)
		}
		signed := draft.Instruments[0].Signed
		if signed.Value != "2024-04-30" || report[signed.Start:signed.End] != "Tuesday" {
			t.Errorf("%+v", signed)
		}
	}
	if out, err := program(t, "draft", os.DevNull).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "has no text") {
		t.Errorf("%v: %s", err, out)
	}
}

// A folder is scored field by field, and misses are listed.
func TestDraftEvalScoresAFolder(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"1-en.txt": report,
		"1-en.json": `{"instruments":[{"kind":"agreement","parties":["KE","MT"],"signed":"2024-04-30","place":"Valletta"}]}`,
		"2-en.txt":  "Kenya and Malta will sign a treaty.", "2-en.json": `{"instruments":[]}`,
		"3-en.txt": "no truth beside it"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := program(t, "draft", "eval", "--json", folder).Output()
	if err != nil {
		t.Fatal(err)
	}
	var figures map[string]press.Figure
	if err := json.Unmarshal(out, &figures); err != nil {
		t.Fatal(err)
	}
	if figures["instruments"].F1 != 1 || figures["signed"].F1 != 1 || figures["place"].F1 != 0 || figures["all"].F1 >= 1 {
		t.Errorf("%+v", figures)
	}
	out, err = program(t, "draft", "eval", folder).Output()
	if err != nil || !strings.Contains(string(out), "2 texts") ||
		!strings.Contains(string(out), `1-en place: read "Nairobi", it is "Valletta"`) {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := program(t, "draft", "eval", t.TempDir()).CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "has no texts with their truth") {
		t.Errorf("%v: %s", err, out)
	}
}
