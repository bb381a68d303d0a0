package press_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"chancery/models"
	"chancery/press"
)

var reader = sync.OnceValue(func() *press.Reader {
	names, err := models.GazetteerNames()
	if err != nil {
		panic(err)
	}
	return press.New(names)
})

// Sentences in three languages, each with what it says; what it says nothing of is not looked at.
func TestSentences(t *testing.T) {
	for _, language := range []string{"en", "de", "ru"} {
		text, err := os.ReadFile("testdata/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		blocks := 0
		for block := range strings.SplitSeq(string(text), "\n\n") {
			lines := strings.Split(strings.TrimSpace(block), "\n")
			if len(lines) != 3 {
				continue
			}
			blocks++
			draft := reader().Read(press.Report{Text: lines[1], Published: lines[0]})
			if draft.Language != language {
				t.Errorf("read as %s: %s", draft.Language, lines[1])
			}
			e := press.Evaluation{Fields: map[string]*press.Score{}, By: map[string]map[string]*press.Score{}}
			e.Add(language, truth(t, lines[2]), draft)
			if len(e.Misses) > 0 {
				t.Errorf("%s\n\t%s", lines[1], strings.Join(e.Misses, "\n\t"))
			}
			for _, in := range draft.Instruments {
				bounds(t, lines[1], in)
			}
		}
		if blocks < 20 {
			t.Errorf("%s: %d sentences", language, blocks)
		}
	}
}

// bounds sees that each value stands in the text where it says.
func bounds(t *testing.T, text string, in press.Instrument) {
	t.Helper()
	values := []*press.Value{&in.Kind, in.Title, in.Level, in.Signed, in.Place, in.Valid, in.Occasion}
	for _, p := range in.Parties {
		values = append(values, &p.Value, p.Institution)
	}
	for _, s := range in.Signatories {
		values = append(values, &s.Value, s.Office)
	}
	for _, v := range values {
		if v == nil {
			continue
		}
		if v.Start < v.Sentence.Start || v.End > v.Sentence.End || v.Start >= v.End || v.End > len(text) {
			t.Errorf("%+v is out of its sentence: %s", v, text)
		}
	}
}

func truth(t *testing.T, line string) (truth press.Truth) {
	t.Helper()
	if line == "none" {
		return truth
	}
	in := press.TrueInstrument{Institutions: map[string]string{}}
	keys := []string{"kind", "parties", "signed", "place", "valid", "inst", "sign", "occasion", "level"}
	var at []int
	for _, key := range keys {
		if i := strings.Index(" "+line, " "+key+"="); i >= 0 {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	for n, i := range at {
		end := len(line)
		if n+1 < len(at) {
			end = at[n+1]
		}
		key, value, _ := strings.Cut(strings.TrimSpace(line[i:end]), "=")
		switch key {
		case "kind":
			in.Kind = value
		case "parties":
			in.Parties = strings.Split(value, ",")
		case "signed":
			in.Signed = value
		case "place":
			in.Place = value
		case "valid":
			in.Valid = value
		case "occasion":
			in.Occasion = value
		case "level":
			in.Level = value
		case "inst":
			for item := range strings.SplitSeq(value, ";") {
				code, name, _ := strings.Cut(item, ":")
				in.Institutions[code] = name
			}
		case "sign":
			for item := range strings.SplitSeq(value, ";") {
				name, code, _ := strings.Cut(item, ":")
				in.Signatories = append(in.Signatories, press.TrueSignatory{Name: name, Party: code})
			}
		default:
			t.Fatalf("no such key: %s", key)
		}
	}
	truth.Instruments = append(truth.Instruments, in)
	return truth
}

func TestFolder(t *testing.T) {
	folder := os.Getenv("CHANCERY_ARTICLES")
	if folder == "" {
		folder = "testdata/reports"
	}
	e, err := press.Evaluate(reader(), folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(press.ScoredFields, "all") {
		if s := e.Fields[f]; s != nil {
			fmt.Printf("%-14s %.2f %.2f %.2f\n", f, s.Precision(), s.Recall(), s.F1())
		}
	}
	for _, m := range e.Misses {
		fmt.Println(m)
	}
}
