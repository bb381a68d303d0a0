package exchange_test

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
)

func linked(list ...exchange.Linked) iter.Seq2[exchange.Linked, error] {
	return func(yield func(exchange.Linked, error) bool) {
		for _, l := range list {
			if !yield(l, nil) {
				return
			}
		}
	}
}

func written(t *testing.T, write func(io.Writer, iter.Seq2[exchange.Linked, error]) error,
	list ...exchange.Linked) string {
	t.Helper()
	var text bytes.Buffer
	if err := write(&text, linked(list...)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// hostile is a record whose words mean something to every format.
func hostile(signed string) exchange.Linked {
	return exchange.Linked{Agreement: &models.Agreement{ID: 7, Kind: "agreement",
		Title:         `Trade & {duties}: 5 % \of "all" #1_a~b^c $`,
		TitleLanguage: "en", Signed: signed, Place: "Minsk\nTY  - BOOK", Parties: "BY;RU",
		Summary: "a\r\nER  - \r\nTY  - BOOK", Subjects: []models.Subject{{Text: "duties"}}},
		Names: map[string]string{"BY": "Belarus"}, Address: "https://example.org/agreements/7"}
}

func TestBibTeXMeansWhatIsWritten(t *testing.T) {
	got := written(t, exchange.WriteBibTeX, hostile("2025-11-05"))
	for _, want := range []string{
		"@misc{chancery-7,\n",
		`title = {{Trade \& \{duties\}: 5 \% \textbackslash{}of "all" \#1\_a\textasciitilde{}b\textasciicircum{}c \$}}`,
		"year = {2025}", "date = {2025-11-05}", "address = {Minsk TY  - BOOK}", "note = {Belarus; RU}", "langid = {en}",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in\n%s", want, got)
		}
	}
	if open, closed := strings.Count(got, "{")-strings.Count(got, `\{`),
		strings.Count(got, "}")-strings.Count(got, `\}`); open != closed {
		t.Errorf("%d braces are opened and %d closed", open, closed)
	}
}

// A text cannot begin a line of its own, which would be a field of the record, or
// another record.
func TestRISHasALineAField(t *testing.T) {
	got := written(t, exchange.WriteRIS, hostile("2025-11-05"), hostile("2025"))
	var tags []string
	for line := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
		if line == "" {
			continue
		}
		tag, _, ok := strings.Cut(line, "  - ")
		if !ok || len(tag) != 2 {
			t.Fatalf("%q is no field", line)
		}
		tags = append(tags, tag)
	}
	want := []string{"TY", "ID", "TI", "A2", "A2", "PY", "DA", "CY", "KW", "LA", "AB", "UR", "ER",
		"TY", "ID", "TI", "A2", "A2", "PY", "CY", "KW", "LA", "AB", "UR", "ER"}
	if !slices.Equal(tags, want) {
		t.Errorf("the fields are %v", tags)
	}
	if !strings.Contains(got, "DA  - 2025/11/05\r\n") || !strings.Contains(got, "CY  - Minsk TY - BOOK\r\n") {
		t.Errorf("read as\n%s", got)
	}
}

// A date says as much as the record knows.
func TestCitationsAreAsExactAsTheDate(t *testing.T) {
	for signed, want := range map[string]struct{ bib, csl string }{
		"2025-11-05": {"year = {2025},\n  date = {2025-11-05},", `{"date-parts":[[2025,11,5]]}`},
		"2025-11":    {"year = {2025},\n  type", `{"date-parts":[[2025]]}`},
		"2025":       {"year = {2025},\n  type", `{"date-parts":[[2025]]}`},
		"196X":       {"year = {1960},\n  type", `{"date-parts":[[1960]]}`},
		"":           {"}},\n  type", "null"},
	} {
		record := exchange.Linked{Agreement: &models.Agreement{ID: 1, Title: "Treaty", Signed: signed}}
		if got := written(t, exchange.WriteBibTeX, record); !strings.Contains(got, want.bib) {
			t.Errorf("signed %q is in BibTeX\n%s", signed, got)
		}
		var list []map[string]json.RawMessage
		if err := json.Unmarshal([]byte(written(t, exchange.WriteCSL, record)), &list); err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
		issued := string(list[0]["issued"])
		if issued == "" {
			issued = "null"
		}
		if issued != want.csl {
			t.Errorf("signed %q is in CSL %s, want %s", signed, issued, want.csl)
		}
	}
}

func TestManyPartiesAreCutShortInANote(t *testing.T) {
	record := exchange.Linked{Agreement: &models.Agreement{ID: 1, Title: "Treaty", Parties: "A;B;C;D;E;F;G;H;I;J;K;L"}}
	if got := written(t, exchange.WriteBibTeX, record); !strings.Contains(got,
		"note = {A; B; C; D; E; F; G; H; I; J; …}") {
		t.Errorf("the note is\n%s", got)
	}
	if got := written(t, exchange.WriteRIS, record); strings.Count(got, "A2  - ") != 12 {
		t.Errorf("the parties are\n%s", got)
	}
}

// No record is a file of the format all the same.
func TestCitationsOfNothing(t *testing.T) {
	if got := written(t, exchange.WriteBibTeX) + written(t, exchange.WriteRIS); got != "" {
		t.Errorf("nothing is written as %q", got)
	}
	if got := written(t, exchange.WriteCSL); got != "[]\n" {
		t.Errorf("nothing is written as %q", got)
	}
}
