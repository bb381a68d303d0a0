package locales

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

func catalogue(t *testing.T, lang string) map[string]any {
	t.Helper()
	text, err := files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(text, &messages); err != nil {
		t.Fatal(err)
	}
	return messages
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

func TestEveryMessageIsSaidInEveryLanguage(t *testing.T) {
	english := catalogue(t, "en")
	for _, lang := range models.Languages {
		other := catalogue(t, lang)
		for id, message := range english {
			said, ok := other[id]
			if !ok || said == "" {
				t.Errorf("%s lacks %s", lang, id)
				continue
			}
			text, plain := message.(string)
			translated, _ := said.(string)
			if !plain {
				continue
			}
			for _, name := range placeholder.FindAllString(text, -1) {
				if !strings.Contains(translated, name) {
					t.Errorf("%s: %s lost %s", lang, id, name)
				}
			}
		}
		for id := range other {
			if _, ok := english[id]; !ok {
				t.Errorf("%s has %s, which English lacks", lang, id)
			}
		}
	}
}

// Every message that a page or handler names stands in the catalogue, and so do
// those made from the closed lists.
func TestEveryMessageThatIsNamedExists(t *testing.T) {
	messages := catalogue(t, "en")
	named := regexp.MustCompile(`\b(?:T|N|say)\((?:ctx, |c, )?"([a-z0-9._-]+)"[,)]`)
	count := 0
	for _, pattern := range []string{"../pages/*.templ", "../components/*.templ", "../components/*.go",
		"../../handlers/*.go", "*.go"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllStringSubmatch(string(text), -1) {
				count++
				if _, ok := messages[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
					t.Errorf("%s names %s, which is no message", path, m[1])
				}
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d messages are named: is the pattern still right?", count)
	}
	lists := map[string][]string{"kind.": models.Kinds, "level.": models.Levels, "binding.": models.Bindings,
		"role.":      models.Roles,
		"partykind.": models.PartyKinds, "basis.": models.Bases, "renewal.": models.Renewals,
		"relation.":         models.RelationTypes,
		"relation.inverse.": models.RelationTypes, "meetingrelation.": models.MeetingRelations,
		"meetingkind.": models.MeetingKinds,
		"fact.":        models.SupportedFacts, "event.": models.EventTypes, "scope.": models.Scopes}
	for _, s := range status.Statuses {
		lists["status."] = append(lists["status."], s.String())
	}
	for prefix, list := range lists {
		for _, name := range list {
			if _, ok := messages[prefix+name]; !ok {
				t.Errorf("no message %s%s", prefix, name)
			}
		}
	}
}

func TestDatesAreSaidAsPreciselyAsKnown(t *testing.T) {
	tests := []struct{ written, en, de, ru string }{
		{"2025-11-05", "5 November 2025", "5. November 2025", "5 ноября 2025 г."},
		{"2025-11", "November 2025", "November 2025", "ноябрь 2025 г."},
		{"2026", "2026", "2026", "2026"},
		{"2026/2027", "2026–2027", "2026–2027", "2026–2027"},
		{"1890-12-20?", "20 December 1890 (uncertain)", "20. Dezember 1890 (unsicher)", "20 декабря 1890 г. (неточно)"},
		{"1961-01-26~", "about 26 January 1961", "um 26. Januar 1961", "около 26 января 1961 г."},
		{"196X", "1960s", "1960er-Jahre", "1960-е годы"},
		{"1981-09..1981-10", "between September 1981 and October 1981", "zwischen September 1981 und Oktober 1981",
			"в период сентябрь 1981 г. — октябрь 1981 г."},
		{"2026/..", "from 2026, no end", "ab 2026, ohne Ende", "с 2026, бессрочно"},
		{"0301-09-03", "3 September 301", "3. September 301", "3 сентября 301 г."},
		{"", "date unknown", "Datum unbekannt", "дата неизвестна"},
	}
	for _, test := range tests {
		d, _ := edtf.ParseDate(test.written)
		for lang, want := range map[string]string{"en": test.en, "de": test.de, "ru": test.ru} {
			if got := speakers[lang].Date(d); got != want {
				t.Errorf("%s in %s: got %q, want %q", test.written, lang, got, want)
			}
		}
	}
}

func TestPluralsFollowTheLanguage(t *testing.T) {
	for n, want := range map[int64]string{1: "1 соглашение", 3: "3 соглашения", 11: "11 соглашений", 21: "21 соглашение",
		387: "387 соглашений"} {
		if got := speakers["ru"].N("count.agreements", n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := speakers["en"].N("count.agreements", 1204); got != "1,204 agreements" {
		t.Errorf("got %q", got)
	}
}

func FuzzChoose(f *testing.F) {
	f.Add("de-AT,de;q=0.9,en;q=0.8")
	f.Add("ru")
	f.Add("*;q=,,;")
	f.Fuzz(func(t *testing.T, accept string) {
		if lang := Choose("", accept); speakers[lang] == nil {
			t.Fatalf("%q chose %q", accept, lang)
		}
	})
}

// The language chosen before comes first, then what a browser asks for, by its
// weights; English where none fits.
func TestTheLanguageIsChosen(t *testing.T) {
	for _, test := range []struct{ chosen, accept, want string }{
		{"", "", "en"}, {"de", "", "de"}, {"de", "ru", "de"}, {"fr", "ru", "ru"}, {"", "de-AT,de;q=0.9,en;q=0.8", "de"},
		{"", "fr,ru;q=0.5,de;q=0.8", "de"}, {"", "fr", "en"}, {"", "ru-KZ", "ru"}, {"", "*", "en"}, {"", ";;q=", "en"},
		{"DE", "", "en"}, {"", "en-GB,de;q=0.9", "en"},
	} {
		if got := Choose(test.chosen, test.accept); got != test.want {
			t.Errorf("%q, %q: %s, want %s", test.chosen, test.accept, got, test.want)
		}
	}
}

func TestSpansMomentsAndLabelsAreWritten(t *testing.T) {
	en, de, ru, unheard := Of("en"), Of("de"), Of("ru"), "never said"
	for _, test := range [][2]string{
		{en.Span("2026", "2027"), "2026–2027"}, {en.Span("2026", ""), "from 2026, no end"},
		{de.Span("2026-01-01", "2027"), "1. Januar 2026 – 2027"}, {en.Span("", "2027"), "until 2027"},
		{en.ShortDay("2025-11-05"), "5 Nov 2025"}, {ru.ShortDay("2025-05-05"), "5 мая 2025"}, {de.Day(""), de.T("date.open")},
		{en.Moment(time.Date(2025, 11, 5, 23, 4, 0, 0, time.FixedZone("", 3*3600))), "5 November 2025, 20:04 UTC"},
		{en.Written(""), ""}, {en.Written("some day"), "some day"}, {en.Written("2025-11"), "November 2025"},
		{en.Number(1234567), "1,234,567"}, {de.Number(1234567), "1.234.567"}, {de.Number(-7), "-7"},
		{en.Language("de"), "German"}, {de.Language("ru"), "Russisch"}, {ru.Language("be"), "белорусский"},
		{en.Language("und"), en.T("form.language.other")}, {en.Language("?"), en.T("form.language.other")},
		{en.T(unheard), unheard}, {en.N(unheard, 3), unheard},
		{Of("fr").Lang, "en"}, {Of("").Lang, "en"},
	} {
		if test[0] != test[1] {
			t.Errorf("said %q, want %q", test[0], test[1])
		}
	}
}

// Whatever date the pages print is read back as the same days, in every language.
func TestPrintedDatesAreReadBack(t *testing.T) {
	for _, written := range []string{"2025-11-05", "2025-05-31", "1998-03", "2025-05", "2025", "199X", "196X", "1964-XX-16", "2010-XX-XX",
		"1890-12-20?", "1961-01-26~", "1961%", "1998-05~", "1981-09..1981-10", "1998-03..1998-05", "..1981-10", "1981-09..", "..1949", "1951..",
		"2026/2027", "2026-01-01/2027-12-31", "2026/..", "../2027", "2026-05/..", "../2027-12-31", "1998-03/1998-05"} {
		d, err := edtf.ParseDate(written)
		if err != nil {
			t.Fatal(err)
		}
		for _, lang := range models.Languages {
			s := Of(lang)
			texts := []string{s.Date(d), strings.ToLower(s.Date(d)), strings.ToUpper(s.Date(d))}
			if d.Exact() && len(written) == 10 && lang != "ru" {
				texts = append(texts, s.ShortDay(d.Earliest))
			}
			for _, text := range texts {
				read, err := edtf.Read(text)
				if err != nil || read.Ambiguous() || read.Date.Earliest != d.Earliest || read.Date.Latest != d.Latest ||
					read.Date.Interval != d.Interval {
					t.Errorf("%s: %q is read as %+v (%v), want %s", lang, text, read, err, written)
				}
			}
		}
	}
}
