package models

import (
	"fmt"
	"strings"
	"testing"

	"chancery/models/search"
)

// A search is read as it is typed: words, phrases in any quotation marks, and what
// must not be there.
func TestASearchIsReadAsItIsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"":                          "",
		"   ":                       "",
		"fish":                      "fish",
		"Fish Grain":                "fish grain",
		`"fish and grain"`:          `"fish and grain"`,
		`„Fisch und Korn“`:          `"fisch und korn"`,
		`«рыба и зерно»`:            `"рыба и зерно"`,
		`"never closed`:             `"never closed"`,
		"fish -grain":               "fish -grain",
		`fish -"cold water"`:        `fish -"cold water"`,
		"–grain":                    "-grain",
		"-":                         "",
		"--grain":                   "-grain",
		"1972/3":                    `"1972 3"`,
		"Xi'an":                     `"xi an"`,
		"(fish)":                    "fish",
		"!!!":                       "",
		strings.Repeat("word ", 40): strings.TrimSpace(strings.Repeat("word ", maxTerms)),
	} {
		var got []string
		for _, term := range ParseSearch(typed).Terms {
			text := strings.Join(term.Words, " ")
			if term.Phrase {
				text = `"` + text + `"`
			}
			if term.Exclude {
				text = "-" + text
			}
			got = append(got, text)
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%q is read as %s, want %s", typed, joined, want)
		}
	}
}

func TestASearchOfExclusionsAloneLooksForNothing(t *testing.T) {
	for typed, empty := range map[string]bool{"": true, "-fish": true, "fish": false, "fish -grain": false, "!!": true} {
		if got := ParseSearch(typed).Empty(); got != empty {
			t.Errorf("%q is empty: %v", typed, got)
		}
	}
}

func documentOf(title, language string, names, body string) document {
	return document{title: [][]string{search.Tokens(title)}, names: search.NameTokens(names),
		body:   [][]string{search.Tokens(body)},
		titles: []TitleDraft{{Language: language, Text: title}}}
}

// What is found has all that is asked for, in any inflection, and none of what is
// excluded.
func TestADocumentIsFoundByItsWords(t *testing.T) {
	d := documentOf("Agreement on cooperation in the field of fisheries", "en", "Sergej Schoigu",
		"signed at the margins of a session")
	for typed, found := range map[string]bool{
		"agreement":                  true,
		"Agreements":                 true,
		"fishery":                    true,
		"fisher":                     true,
		"coop":                       true,
		"cooperation fisheries":      true,
		"cooperation grain":          false,
		`"field of fisheries"`:       true,
		`"fisheries of field"`:       false,
		"agreement -grain":           true,
		"agreement -fisheries":       false,
		`agreement -"field of fish"`: true,
		"Schoigu":                    true,
		"Shoigu":                     true,
		"Шойгу":                      true,
		"session":                    true,
		"sessions":                   false,
		"grain":                      false,
		"in":                         true,
	} {
		if got := ParseSearch(typed).finds(d); got != found {
			t.Errorf("%q finds: %v", typed, got)
		}
	}
}

func TestWhatWasFoundIsMarked(t *testing.T) {
	for _, test := range []struct{ typed, text, want string }{
		{"fish", "Treaty on fish and fisheries", "Treaty on [fish] and [fisheries]"},
		{"treaty", "Treaty on fish", "[Treaty] on fish"},
		{"cooperation", "Co-operation", "Co-operation"},
		{"grain", "Treaty on fish", "Treaty on fish"},
		{"", "Treaty", "Treaty"},
		{"договор", "Договор о дружбе", "[Договор] о дружбе"},
		{`"peace treaty"`, "A peace treaty", "A [peace] [treaty]"},
	} {
		var b strings.Builder
		for _, s := range ParseSearch(test.typed).Mark(test.text) {
			if s.Hit {
				fmt.Fprintf(&b, "[%s]", s.Text)
			} else {
				b.WriteString(s.Text)
			}
		}
		if got := b.String(); got != test.want {
			t.Errorf("%q in %q: %s, want %s", test.typed, test.text, got, test.want)
		}
	}
}

func TestNamesAreAlikeByTheirTrigrams(t *testing.T) {
	for _, test := range []struct {
		a, b string
		near bool
	}{
		{"belarus", "belarus", true}, {"belarus", "belaruss", true}, {"germany", "germani", true}, {"korea", "corea", true},
		{"belarus", "russia", false}, {"", "belarus", false}, {"a", "b", false},
	} {
		if got := dice(trigrams(test.a), trigrams(test.b)) >= likeness; got != test.near {
			t.Errorf("%s and %s: %.2f", test.a, test.b, dice(trigrams(test.a), trigrams(test.b)))
		}
	}
	if d := dice(trigrams("same"), trigrams("same")); d != 1 {
		t.Errorf("the same is alike by %.2f", d)
	}
}
