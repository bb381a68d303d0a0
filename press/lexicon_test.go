package press

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func texts(tokens []token) (list []string) {
	for _, t := range tokens {
		list = append(list, t.text)
	}
	return list
}

func TestTextsArePartedIntoWordsNumbersAndMarks(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"  \n\t ":              "",
		"The plan was signed.": "The|plan|was|signed|.",
		"5 November 2025":      "5|November|2025",
		"2026–2027":            "2026|–|2027",
		"Rwanda's minister":    "Rwanda's|minister",
		"Côte d’Ivoire":        "Côte|d’Ivoire",
		"U.S. and U.K.":        "U.S.|and|U.K.",
		"Security-Council":     "Security|-|Council",
		"«План сотрудничества»":           "«|План|сотрудничества|»",
		"Außenminister (BelTA) – Minsk":   "Außenminister|(|BelTA|)|–|Minsk",
		"3,5 %":                           "3|,|5|%",
		"a\u00adb":                        "a\u00adb",
		"end.Next":                        "end|.|Next",
		"J. R. Tolkien":                   "J|.|R|.|Tolkien",
		"10th":                            "10|th",
		"\ufeffTitle":                     "Title",
		"Übereinkommen, das am 5.11.2025": "Übereinkommen|,|das|am|5|.|11|.|2025",
	} {
		if got := strings.Join(texts(tokenise(text)), "|"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// Each token stands where it says, in order, and nothing but space stands between.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{"The plan.", "a\u00adb’c", "5.11.2025\n\nMinsk", "\xff\xfe", "«»", "U.S.A. 1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 1<<12 {
			return
		}
		at := 0
		for _, token := range tokenise(text) {
			if token.start < at || token.end <= token.start || text[token.start:token.end] != token.text {
				t.Fatalf("%q stands at %d to %d of %q", token.text, token.start, token.end, text)
			}
			if between := strings.Trim(text[at:token.start], "\ufeff\u200b"); strings.TrimSpace(between) != "" {
				t.Fatalf("%q is left out of %q", between, text)
			}
			at = token.end
		}
	})
}

func TestTokensTellWhatStandsBeforeThem(t *testing.T) {
	tokens := tokenise("One two\nthree\n\nfour")
	for i, want := range []struct{ space, line, blank bool }{
		{true, true, true}, {true, false, false}, {true, true, false}, {true, true, true}} {
		if got := tokens[i]; got.space != want.space || got.line != want.line || got.blank != want.blank {
			t.Errorf("%q: space %v, line %v, blank %v", got.text, got.space, got.line, got.blank)
		}
	}
}

func TestPatternsFitWords(t *testing.T) {
	for pattern, fits := range map[string]string{
		"plan": "plan", "memorand*": "memorandum memoranda memorand", "*plan": "plan aktionsplan",
		"*plan*": "plan aktionspläne-plans plans",
	} {
		p := wordPattern(pattern)
		for _, word := range strings.Fields(fits) {
			if !p.fits(word) {
				t.Errorf("%s does not fit %s", pattern, word)
			}
		}
		for _, word := range []string{"", "treaty", "lan"} {
			if p.fits(word) {
				t.Errorf("%s fits %q", pattern, word)
			}
		}
	}
}

// The longest phrase that begins at a word counts, with its label.
func TestALexiconFindsTheLongestPhrase(t *testing.T) {
	l := labelled("memorandum: memorandum of understanding, memorandum*, mou\nplan: *plan, plan of action\nbad line")
	for text, want := range map[string]struct {
		label string
		words int
	}{
		"memorandum of understanding on fish": {"memorandum", 3},
		"memorandum of association":           {"memorandum", 1},
		"memoranda were signed":               {"", 0},
		"MoU":                                 {"memorandum", 1},
		"Aktionsplan":                         {"plan", 1},
		"plan of action":                      {"plan", 3},
		"plan of":                             {"plan", 1},
		"a plan":                              {"", 0},
		"treaty":                              {"", 0},
	} {
		e, n := l.at(tokenise(text), 0)
		if n != want.words || n > 0 && e.label != want.label {
			t.Errorf("%q: %d words, %q", text, n, e.label)
		}
	}
}

func TestWordListsAreThereForEachLanguage(t *testing.T) {
	for _, code := range []string{"de", "en", "ru"} {
		lists := readWords(code)
		for _, name := range []string{"names", "demonyms", "cities", "kinds", "signed", "offices", "institutions",
			"occasions",
			"events", "validity"} {
			if len(lists.of(name)) < 20 {
				t.Errorf("%s: the list %s is %q", code, name, lists.of(name))
			}
		}
		for name, list := range lists {
			if strings.TrimSpace(list) != list || strings.Contains(list, "\n\n") {
				t.Errorf("%s: the list %s has empty lines", code, name)
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a list that is not there is found")
		}
	}()
	readWords("en").of("nothing")
}

func TestMonthsAreNumbered(t *testing.T) {
	m := months("a b", "c", "d e f")
	for word, want := range map[string]int{"a": 1, "b": 1, "c": 2, "f": 3, "g": 0} {
		if m[word] != want {
			t.Errorf("%s is month %d", word, m[word])
		}
	}
	for _, l := range Languages {
		seen := map[int]bool{}
		for _, n := range l.Months {
			seen[n] = true
		}
		if len(seen) != 12 || len(slices.Collect(func(yield func(int) bool) {
			for _, n := range l.Weekdays {
				if !yield(n) {
					return
				}
			}
		})) < 7 {
			t.Errorf("%s: %d months, %d weekdays", l.Code, len(seen), len(l.Weekdays))
		}
	}
}
