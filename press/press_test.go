package press_test

import (
	"os"
	"path/filepath"
	"reflect"
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

// Sentences in three languages, each with what it says; what it says nothing of is
// not looked at.
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

// Whole reports: every value that their truths state is read, and nothing where
// nothing was signed.
func TestReports(t *testing.T) {
	e, err := press.Evaluate(reader(), "testdata/reports")
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Misses) > 0 {
		t.Errorf("of %d texts:\n%s", e.Texts, strings.Join(e.Misses, "\n"))
	}
	if e.Texts < 50 || len(e.Languages()) != 3 {
		t.Errorf("%d texts in %v", e.Texts, e.Languages())
	}
}

// A page that was copied whole begins with its menus.
func TestACopiedPage(t *testing.T) {
	text := "Politik\nAlle Nachrichten\n17 März 2025, 14:24\n\nSerbien und Armenien unterzeichnen ein " +
		"Abkommen\n\nBELGRAD, 17. März (Tanjug) – Serbien und Armenien haben heute ein Abkommen über Visafreiheit unterzeichnet.\n\nTeilen\n"
	d := reader().Read(press.Report{Text: text})
	if d.Headline == nil || d.Headline.Value != "Serbien und Armenien unterzeichnen ein Abkommen" || d.Published == nil ||
		d.Published.Value != "2025-03-17" || d.Publisher == nil || d.Publisher.Value != "Tanjug" {
		t.Errorf("%+v %+v %+v", d.Headline, d.Published, d.Publisher)
	}
	if len(d.Instruments) != 1 || d.Instruments[0].Signed.Value != "2025-03-17" {
		t.Errorf("%+v", d.Instruments)
	}
}

// A title is given as it would be on its own.
func TestATitleStandsOnItsOwn(t *testing.T) {
	for text, want := range map[string]string{
		"Сербия и Армения подписали дорожную карту сотрудничества на 2025–2026 годы.": "дорожная карта " +
			"сотрудничества на 2025–2026 годы",
		"Сербия и Армения приняли совместную декларацию о дружбе.": "совместная декларация о дружбе",
		"Сербия и Армения подписали межгосударственный договор о границе.": "межгосударственный договор " +
			"о границе",
		"Am Montag haben Serbien und Armenien in Belgrad ein Abkommen über Fisch signiert.": "Abkommen über Fisch",
		"Serbia and Armenia signed an agreement on fish in Belgrade on Monday.":             "agreement on fish",
	} {
		d := reader().Read(press.Report{Text: text, Published: "2025-03-18"})
		if len(d.Instruments) != 1 || d.Instruments[0].Title == nil || d.Instruments[0].Title.Value != want {
			t.Errorf("%s: %+v, want %q", text, d.Instruments, want)
		}
	}
}

// The same text is read the same way by all who read it at once, and a long one is
// bounded.
func TestReadingIsTheSameEachTime(t *testing.T) {
	text, err := os.ReadFile("testdata/reports/02-en.txt")
	if err != nil {
		t.Fatal(err)
	}
	first := reader().Read(press.Report{Text: string(text)})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 5 {
				if again := reader().Read(press.Report{Text: string(text)}); !reflect.DeepEqual(first, again) {
					t.Error("read otherwise")
				}
			}
		})
	}
	wait.Wait()
	if d := reader().Read(press.Report{Text: strings.Repeat(string(text), 1000)}); !d.Truncated {
		t.Error("a text of a megabyte is read whole")
	}
}

// Whatever the text, each value stands where it says, and the form can be filled.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/reports/*.txt", "testdata/*.txt"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text), "2025-11-05")
		}
	}
	f.Add("MINSK (–) 1. – 5. November signed", "2025")
	f.Fuzz(func(t *testing.T, text, published string) {
		d := reader().Read(press.Report{Text: text, Published: published})
		for i, in := range d.Instruments {
			bounds(t, text, in)
			filled := d.Fill(i, text)
			whole := ""
			for _, p := range filled.Pieces(text) {
				whole += p.Text
			}
			if whole != text {
				t.Error("the pieces are not the text")
			}
			if len(in.Parties) == 0 {
				t.Error("an instrument without parties")
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text, err := os.ReadFile("testdata/reports/02-en.txt")
	if err != nil {
		b.Fatal(err)
	}
	reader().Read(press.Report{Text: string(text)})
	for b.Loop() {
		reader().Read(press.Report{Text: string(text)})
	}
}
