package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chancery/models/search"
)

// A SearchQuery is what somebody looks for: words and "phrases" that must all be
// found, -words and -"phrases" that must not. A word is found as it is, in another
// inflection, as the beginning of a longer one, as a name in another spelling or
// script, or as the name of a party that takes part; a mistyped one is found by its
// nearest.
type SearchQuery struct {
	Terms []Term `json:"terms"`
}

// A Term is one word, or one phrase of several.
type Term struct {
	Words     []string `json:"words"` // folded
	Typed     string   `json:"typed"`
	Phrase    bool     `json:"phrase"`
	Exclude   bool     `json:"exclude"`
	Parties   []string `json:"parties,omitempty"`   // codes of parties that bear this name
	Corrected []string `json:"corrected,omitempty"` // the words nearest to a mistyped one
	sounds    []string // of a single word as a name
}

// maxTerms is how many terms of a query are looked at.
const maxTerms = 16

// ParseSearch reads a search as typed; it never fails: what is no word is left
// aside.
func ParseSearch(typed string) (q SearchQuery) {
	for _, part := range splitQuery(typed) {
		t := Term{Typed: part.text, Phrase: part.quoted, Exclude: part.exclude, Words: search.Tokens(part.text)}
		if len(t.Words) == 0 || len(q.Terms) == maxTerms {
			continue
		}
		t.Phrase = t.Phrase || len(t.Words) > 1
		if names := search.NameWords(part.text); len(names) == 1 && !part.quoted && !t.Exclude {
			t.sounds = search.Sounds(names[0])
		}
		q.Terms = append(q.Terms, t)
	}
	return q
}

type queryPart struct {
	text            string
	quoted, exclude bool
}

// splitQuery parts what was typed into words and phrases.
func splitQuery(typed string) (parts []queryPart) {
	rest := strings.TrimSpace(typed)
	for rest != "" {
		var p queryPart
		for _, minus := range []string{"-", "−", "–"} {
			if strings.HasPrefix(rest, minus) && !p.exclude {
				rest, p.exclude = strings.TrimPrefix(rest, minus), true
			}
		}
		first, n := utf8.DecodeRuneInString(rest)
		if strings.ContainsRune(openingQuotes, first) && n > 0 {
			rest = rest[n:]
			end := strings.IndexAny(rest, closingQuotes)
			if end < 0 {
				end = len(rest)
			}
			p.text, p.quoted = rest[:end], true
			_, n = utf8.DecodeRuneInString(rest[end:])
			rest = rest[end+n:]
		} else {
			end := strings.IndexFunc(rest, unicode.IsSpace)
			if end < 0 {
				end = len(rest)
			}
			p.text, rest = rest[:end], rest[end:]
		}
		parts = append(parts, p)
		rest = strings.TrimSpace(rest)
	}
	return parts
}

// Empty tells whether there is nothing to look for.
func (q SearchQuery) Empty() bool {
	return !slices.ContainsFunc(q.Terms, func(t Term) bool { return !t.Exclude })
}

const (
	openingQuotes = "\"“„«‹"
	closingQuotes = "\"”“»›"
)
