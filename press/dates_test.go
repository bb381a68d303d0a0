package press

import (
	"testing"
	"time"
)

// readingOf is a text in a language, parted into tokens, of a report of a day.
func readingOf(l *Language, text, published string) *page {
	w := &page{tools: &tools{lang: l, languages: Languages}, text: text, tokens: tokenise(text),
		published: publishedOn(published)}
	w.sentences = []sentence{{0, len(w.tokens), false}}
	return w
}

// A date is read as its language writes it; one without a year is of the last such
// day before the report.
func TestDatesAreReadAsTheyAreWritten(t *testing.T) {
	const published = "2025-11-06" // a Thursday
	tests := map[*Language]map[string]string{
		english: {
			"5 November 2025":        "2025-11-05",
			"November 5, 2025":       "2025-11-05",
			"Nov. 5, 2025":           "2025-11-05",
			"5th of November 2025":   "2025-11-05",
			"5th November":           "2025-11-05",
			"November 5":             "2025-11-05",
			"November 20":            "2024-11-20",
			"December 24":            "2024-12-24",
			"5-6 November 2025":      "2025-11-06",
			"November 2025":          "2025-11",
			"2025-11-05":             "2025-11-05",
			"5.11.2025":              "2025-11-05",
			"2010":                   "2010",
			"today":                  "2025-11-06",
			"yesterday":              "2025-11-05",
			"Wednesday":              "2025-11-05",
			"Thursday":               "2025-11-06",
			"Friday":                 "2025-10-31",
			"31 February 2025":       "",
			"32 November 2025":       "",
			"0 November 2025":        "",
			"may":                    "",
			"1200":                   "",
			"12345":                  "",
			"the 17 points":          "",
			"February 29, 2024":      "2024-02-29",
			"February 29, 2025":      "",
			"1 January 1999":         "1999-01-01",
			"September 1st, 2025":    "2025-09-01",
			"22nd of September 2025": "2025-09-22",
		},
		german: {
			"5. November 2025":    "2025-11-05",
			"5. November":         "2025-11-05",
			"am 5. November 2025": "",
			"1. Jänner 2025":      "2025-01-01",
			"3. März 2025":        "2025-03-03",
			"05.11.2025":          "2025-11-05",
			"5.-6. November 2025": "2025-11-06",
			"November 2025":       "2025-11",
			"heute":               "2025-11-06",
			"gestern":             "2025-11-05",
			"vorgestern":          "2025-11-04",
			"Mittwoch":            "2025-11-05",
			"mittwoch":            "",
			"Mai":                 "",
			"5. Mai 2025":         "2025-05-05",
			"5. mai 2025":         "",
			"30. Dezember":        "2024-12-30",
		},
		russian: {
			"5 ноября 2025 года": "2025-11-05",
			"5 ноября":           "2025-11-05",
			"20 ноября":          "2024-11-20",
			"ноябрь 2025":        "2025-11",
			"5.11.2025":          "2025-11-05",
			"сегодня":            "2025-11-06",
			"вчера":              "2025-11-05",
			"1 мая 2025 года":    "2025-05-01",
			"31 апреля 2025":     "",
		},
	}
	for l, texts := range tests {
		for text, want := range texts {
			d, ok := readingOf(l, text, published).dateAt(0)
			if got := d.value; ok != (want != "") || ok && got != want {
				t.Errorf("%s: %q is %q (%v), want %q", l.Code, text, got, ok, want)
			}
		}
	}
}

// Without the day of the report nothing is counted from it, and no year is made up.
func TestWithoutTheDayOfTheReportNoYearIsMadeUp(t *testing.T) {
	for _, text := range []string{"5 November", "November 5", "today", "yesterday", "Wednesday"} {
		if d, ok := readingOf(english, text, "").dateAt(0); ok {
			t.Errorf("%q is %q", text, d.value)
		}
	}
	for text, want := range map[string]string{"5 November 2025": "2025-11-05", "2010": "2010",
		"November 2025": "2025-11"} {
		if d, ok := readingOf(english, text, "").dateAt(0); !ok || d.value != want {
			t.Errorf("%q is %q (%v)", text, d.value, ok)
		}
	}
}

func TestTheDayOfAReportIsReadInSeveralForms(t *testing.T) {
	for text, want := range map[string]string{
		"2025-11-05":            "2025-11-05",
		" 2025-11-05 ":          "2025-11-05",
		"2025-11-05T14:24:00Z":  "2025-11-05",
		"2025-11-05 14:24":      "2025-11-05",
		"05.11.2025":            "2025-11-05",
		"5.11.2025":             "2025-11-05",
		"5 November 2025":       "2025-11-05",
		"November 5, 2025":      "2025-11-05",
		"2025-11":               "2025-11",
		"2025":                  "2025",
		"":                      "",
		"some time last autumn": "",
		"2025-13-05":            "",
	} {
		p := publishedOn(text)
		if p.text != want || p.known() != (want != "") || p.full != (len(want) == 10) {
			t.Errorf("%q: %+v", text, p)
		}
		if p.full && p.day.Format(time.DateOnly) != want {
			t.Errorf("%q is the day %s", text, p.day)
		}
	}
}

func TestALineThatIsADayIsTold(t *testing.T) {
	for line, want := range map[string]string{
		"05 November 2025, 14:24":          "2025-11-05",
		"5. November 2025":                 "2025-11-05",
		"5 ноября 2025, 14:24":             "2025-11-05",
		"2025-11-05":                       "2025-11-05",
		"November 2025":                    "",
		"Minsk":                            "",
		"":                                 "",
		"On 5 November 2025 the ministers": "2025-11-05",
		"On 5 November 2025 the ministers of both states met": "",
	} {
		if got := dayIn(line, Languages); got != want {
			t.Errorf("%q is the day %q, want %q", line, got, want)
		}
	}
}
