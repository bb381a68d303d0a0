package press

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A pattern is one word of a phrase.
type pattern struct {
	forms     []string // any of them
	text      string   // or this,
	pre, post bool     // with anything before, or after
}

// fits tells whether a folded word is one that the pattern stands for.
func (p pattern) fits(word string) bool {
	switch {
	case p.forms != nil:
		return slices.Contains(p.forms, word)
	case p.pre && p.post:
		return strings.Contains(word, p.text)
	case p.pre:
		return strings.HasSuffix(word, p.text)
	case p.post:
		return strings.HasPrefix(word, p.text)
	}
	return word == p.text
}

// wordPattern reads a word in which stars stand for any beginning or ending.
func wordPattern(word string) pattern {
	p := pattern{text: strings.Trim(word, "*")}
	p.pre, p.post = strings.HasPrefix(word, "*"), strings.HasSuffix(word, "*")
	return p
}

// A lexicon knows phrases, each with a label; the longest that begins at a word
// counts.
type lexicon struct {
	first map[string][]entry // by the first letters of the first word
	loose []entry            // whose first word may begin with anything
}

type entry struct {
	phrase []pattern
	label  string
	name   string // as the phrase was given
}

// lead is how much of a word its phrases are found by.
func lead(word string) string {
	n := 0
	for i := range word {
		if n++; n > 2 {
			return word[:i]
		}
	}
	return word
}

// add adds a phrase, found by the first letters of its first word.
func (l *lexicon) add(label, name string, phrase []pattern) {
	if l.first == nil {
		l.first = map[string][]entry{}
	}
	if len(phrase) == 0 {
		return
	}
	e := entry{phrase, label, name}
	switch p := phrase[0]; {
	case p.forms != nil:
		seen := map[string]bool{}
		for _, form := range p.forms {
			if key := lead(form); !seen[key] {
				seen[key] = true
				l.first[key] = append(l.first[key], e)
			}
		}
	case p.pre:
		l.loose = append(l.loose, e)
	case p.post && len([]rune(p.text)) < 2:
		l.loose = append(l.loose, e)
	default:
		l.first[lead(p.text)] = append(l.first[lead(p.text)], e)
	}
}

// phrases adds several under one label.
func (l *lexicon) phrases(label string, list []string) {
	for _, text := range list {
		var phrase []pattern
		for _, t := range tokenise(text) {
			phrase = append(phrase, wordPattern(t.low))
		}
		l.add(label, text, stars(phrase))
	}
}

// stars joins what tokenise parted: a star and its word.
func stars(phrase []pattern) (joined []pattern) {
	for i := 0; i < len(phrase); i++ {
		p := phrase[i]
		if p.text == "" && p.pre { // a star alone
			if i+1 < len(phrase) && (len(joined) == 0 || joined[len(joined)-1].post) {
				i++
				p = phrase[i]
				p.pre = true
			} else if len(joined) > 0 {
				joined[len(joined)-1].post = true
				continue
			}
		}
		joined = append(joined, p)
	}
	return joined
}

// at is the longest phrase that begins at a token, and how many tokens it has.
func (l *lexicon) at(tokens []token, i int) (best entry, length int) {
	try := func(list []entry) {
		for _, e := range list {
			if len(e.phrase) <= length || i+len(e.phrase) > len(tokens) {
				continue
			}
			fits := true
			for k, p := range e.phrase {
				if !p.fits(tokens[i+k].low) {
					fits = false
					break
				}
			}
			if fits {
				best, length = e, len(e.phrase)
			}
		}
	}
	try(l.first[lead(tokens[i].low)])
	try(l.loose)
	return best, length
}

// labelled reads "label: phrase, phrase" lines.
func labelled(text string) *lexicon {
	l := &lexicon{}
	for line := range strings.Lines(text) {
		label, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if ok {
			l.phrases(label, listed(list))
		}
	}
	return l
}

// plain is a lexicon without labels.
func plain(lists ...[]string) *lexicon {
	l := &lexicon{}
	for _, list := range lists {
		l.phrases("", list)
	}
	return l
}

// A token is a word, a number or a mark of punctuation.
type token struct {
	text, low  string
	start, end int  // bytes
	word, cap  bool // letters; the first is a capital
	number     bool
	space      bool // white space stands before it
	line       bool // it begins a line
	blank      bool // an empty line stands before it
}

// fold makes letters alike that are written either way.
var fold = strings.NewReplacer("ё", "е", "’", "'", "‘", "'", "ʼ", "'", "−", "-", "–", "-", "—", "-", "‑", "-",
	"\u00ad", "")

// tokenise parts a text. Hyphens part words, apostrophes and full stops inside of
// abbreviations (U.S.) do not.
func tokenise(text string) (tokens []token) {
	space, line, blank := true, true, true
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= 0x80 {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' {
			if r == '\n' {
				blank = blank || line
				line = true
			}
			space = true
			i += size
			continue
		}
		start := i
		t := token{start: start, space: space, line: line, blank: blank && line}
		switch {
		case unicode.IsLetter(r):
			t.word, t.cap = true, unicode.IsUpper(r)
			i = wordEnd(text, i)
		case unicode.IsDigit(r):
			t.number = true
			i += len(text[i:]) - len(strings.TrimLeftFunc(text[i:], unicode.IsDigit))
		default:
			i += size
		}
		t.end = i
		t.text = text[start:i]
		t.low = fold.Replace(strings.ToLower(t.text))
		tokens = append(tokens, t)
		space, line, blank = false, false, false
	}
	return tokens
}

// wordEnd is where a word ends that begins at a byte: apostrophes, and full stops
// inside of abbreviations (U.S.), do not end it.
func wordEnd(text string, start int) int {
	i := start
	for i < len(text) {
		c, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.Mn, c) || c == '\u00ad' {
			i += n
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[min(i+n, len(text)):]); unicode.IsLetter(next) &&
			(isApostrophe(c) || c == '.' && i-start <= 2 && unicode.IsUpper(next)) {
			i += n
			continue
		}
		if c == '.' && strings.Contains(text[start:i], ".") { // U.S.
			i += n
		}
		break
	}
	return i
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

type validPhrase []string

// validPhrases reads phrases of validity, the longest first.
func validPhrases(text string) (list []validPhrase) {
	for item := range strings.SplitSeq(text, ";") {
		item = strings.NewReplacer("$=1", "lasta", "$1", "yeara", "$2", "yearb", "$n",
			"numn").Replace(strings.TrimSpace(item))
		var phrase validPhrase
		for _, t := range tokenise(item) {
			phrase = append(phrase, t.low)
		}
		list = append(list, phrase)
	}
	sort.SliceStable(list, func(a, b int) bool { return len(list[a]) > len(list[b]) })
	return list
}

// ending tells whether a word ends in one of some ways.
func ending(word string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}
