package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chancery/models/search"
)

// finds tells whether a document has all that a query asks for; the engines answer
// the same for what is recorded.
func (q SearchQuery) finds(d document) bool {
	fields := slices.Concat(d.title, [][]string{d.names}, d.body)
	stems := map[string]bool{}
	for _, t := range d.titles {
		for _, w := range search.Tokens(t.Text) {
			stems[search.Stem(t.Language, w)] = true
		}
	}
	for _, t := range q.Terms {
		if t.in(fields, stems) == t.Exclude {
			return false
		}
	}
	return true
}

// in tells whether a document has a term: in one of its ways, or by a stem.
func (t Term) in(fields [][]string, stems map[string]bool) bool {
	for _, alternative := range t.alternatives() {
		for _, words := range fields {
			if alternative.in(words) {
				return true
			}
		}
	}
	for _, w := range t.stems() {
		if stems[w] {
			return true
		}
	}
	return false
}

// An alternative is one way in which a term can be found: words in a row, the last
// of them perhaps only begun.
type alternative struct {
	words  []string
	prefix bool
}

func (a alternative) in(words []string) bool {
	for i := 0; i+len(a.words) <= len(words); i++ {
		hit := true
		for j, w := range a.words {
			has := words[i+j]
			hit = hit && (has == w || a.prefix && j == len(a.words)-1 && strings.HasPrefix(has, w))
		}
		if hit {
			return true
		}
	}
	return false
}

// alternatives are all ways in which a term can be found, inflections aside.
func (t Term) alternatives() (list []alternative) {
	last := t.Words[len(t.Words)-1]
	list = append(list, alternative{t.Words, !t.Phrase && utf8.RuneCountInString(last) >= shortestPrefix})
	for _, code := range t.Parties {
		list = append(list, alternative{[]string{"p=" + strings.ToLower(code)}, false})
	}
	for _, w := range t.Corrected {
		list = append(list, alternative{[]string{w}, true})
	}
	for _, sound := range t.sounds {
		if sound != "" {
			list = append(list, alternative{[]string{"n=" + sound}, utf8.RuneCountInString(sound) >= shortestPrefix})
		}
		if k := search.Skeleton(sound); k != "" {
			list = append(list, alternative{[]string{"k=" + k}, false})
		}
	}
	return list
}

// stems are the stems of a single word in each language that has a stemmer.
func (t Term) stems() (list []string) {
	if t.Phrase || len(t.Words) != 1 {
		return nil
	}
	for _, lang := range Languages {
		if s := search.Stem(lang, t.Words[0]); utf8.RuneCountInString(s) >= 3 {
			list = append(list, s)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// A Segment is a piece of a text, and whether the search found it.
type Segment struct {
	Text string
	Hit  bool
}

// Mark parts a text at the words that the search found.
func (q SearchQuery) Mark(text string) (segments []Segment) {
	m := q.matcher()
	add := func(piece string, hit bool) {
		if n := len(segments); n > 0 && segments[n-1].Hit == hit {
			segments[n-1].Text += piece
		} else if piece != "" {
			segments = append(segments, Segment{piece, hit})
		}
	}
	for text != "" {
		inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
		end := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(text)
		}
		if end > 0 {
			add(text[:end], m.hits(text[:end]))
		}
		text = text[end:]
		if end = strings.IndexFunc(text, inWord); end < 0 {
			end = len(text)
		}
		add(text[:end], false)
		text = text[end:]
	}
	return segments
}

// A matcher tells of single words whether a query looks for them. It is made once
// for a query and read for every word of what was found.
type matcher struct {
	exact    map[string]bool
	prefixes []string
	sounds   map[string]bool // n= and k=
	begun    []string        // n= of which a longer name is taken
	stems    map[string]bool // language and stem
	told     map[string]bool // what hits has said of words
}

// matchers are those of each of its terms alone.
func (q SearchQuery) matchers() []*matcher {
	list := make([]*matcher, len(q.Terms))
	for i, t := range q.Terms {
		t.Exclude = false
		list[i] = SearchQuery{[]Term{t}}.matcher()
	}
	return list
}

// matcher is made once for all words of a page.
func (q SearchQuery) matcher() *matcher {
	m := &matcher{exact: map[string]bool{}, sounds: map[string]bool{}, stems: map[string]bool{}, told: map[string]bool{}}
	for _, t := range q.Terms {
		if t.Exclude {
			continue
		}
		if t.Phrase {
			for _, w := range t.Words {
				m.exact[w] = true
			}
		}
		for _, a := range t.alternatives() {
			switch w := a.words[0]; {
			case len(a.words) > 1, strings.HasPrefix(w, "p="):
			case strings.Contains(w, "="):
				m.sounds[w] = true
				if a.prefix {
					m.begun = append(m.begun, w)
				}
			case a.prefix:
				m.prefixes = append(m.prefixes, w)
			default:
				m.exact[w] = true
			}
		}
		for _, lang := range Languages {
			if !t.Phrase {
				m.stems[lang+" "+search.Stem(lang, t.Words[0])] = true
			}
		}
	}
	return m
}

// word tells whether a folded word of a title is what some term looks for, as it
// is, begun or inflected.
func (m *matcher) word(folded string) bool {
	if m.exact[folded] || slices.ContainsFunc(m.prefixes, func(p string) bool { return strings.HasPrefix(folded, p) }) {
		return true
	}
	if utf8.RuneCountInString(folded) < shortestPrefix {
		return false
	}
	for _, lang := range Languages {
		if m.stems[lang+" "+search.Stem(lang, folded)] {
			return true
		}
	}
	return false
}

// name tells whether a word sounds like a name that some term looks for.
func (m *matcher) name(word string) bool {
	if len(m.sounds) == 0 {
		return false
	}
	for _, sound := range search.Sounds(word) {
		if m.sounds["n="+sound] || m.sounds["k="+search.Skeleton(sound)] ||
			slices.ContainsFunc(m.begun, func(n string) bool { return strings.HasPrefix("n="+sound, n) }) {
			return true
		}
	}
	return false
}

// hits tells whether one word of a text is what some term looks for.
func (m *matcher) hits(word string) bool {
	hit, ok := m.told[word]
	if !ok {
		folded := search.Fold(word)
		hit = folded != "" && (m.word(folded) || m.name(word))
		m.told[word] = hit
	}
	return hit
}

// shortestPrefix is the length from which a word is also found as the beginning of
// a longer one.
const shortestPrefix = 4
