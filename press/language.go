package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Language is all that reading needs to know of one: its words for dates,
// parties, kinds of agreement, offices and bodies, and how it says that something
// was signed. A further language is a further file with one of these.
//
// Lists of words are in lower case. Those read by [words] are single words parted
// by spaces, or phrases parted by "|"; a "*" stands for any ending (or beginning)
// of a word.
type Language struct {
	Code     string   // BCP 47
	Letters  string   // its alphabet, in lower case
	Stop     []string // words that tell it from other languages
	Articles []string // what may stand before a noun
	And      []string

	Months        map[string]int // every form and abbreviation: 1 to 12
	Weekdays      map[string]int // 1 is Sunday
	Small         bool           // months and weekdays are written without a capital
	MonthFirst    bool           // "November 5" is a date
	Relative      map[string]int // days from the day of the report: "yesterday" is -1
	Abbreviations []string       // words whose full stop does not end a sentence

	Styles []string // what a party's name may begin with: "republic", "kingdom"
	Names  string   // "CODE: name, name" a line, beside the register's own names
	// "CODE stem stem; …": what comes from the party ("Rwandan"); endings are left
	// open where the language inflects
	Demonyms string
	Cities   string // "CODE City, City; …": capitals stand for their governments and are places of signature
	// Inflect gives the forms of a word of a name; last tells that no other follows.
	Inflect func(word string, last bool) []string

	Kinds      string   // "kind: phrase, phrase" a line, by the codes of models.Kinds
	NotKinds   []string // words that look like one
	Generic    []string // "document": an instrument named before
	Qualifiers []string // what may stand between "and" and an instrument
	Numbers    map[string]int
	Another    []string // says that an instrument is not the one named before

	// Signed says by its lines when something was signed: "done" verbs, "head" verbs
	// that say it in a headline only, nouns of the "event", and verbs by which
	// declarations are "adopted".
	Signed   string
	Happened []string // makes the event one that took place
	Planned  []string // not yet signed
	Denied   []string // not signed
	Drafts   []string // before an instrument: only drafted
	Alone    []string // what one side signs by itself: a decree, a law

	Between, With, By, Counterpart, Both, Governments, OnBehalf, Side, Presence []string

	Offices         string   // phrases, parted by commas
	Portfolios      []string // what ministers are of, in capitals
	Subjects        []string // words that begin the subject of a sentence after an occasion without a comma
	OfficeTail      []string
	Honours         []string
	Institutions    string
	NotInstitutions []string
	Occasions       string // "margins:" and "at:" what an occasion begins with
	Events          string // what an occasion is

	Validity string   // phrases: $1 and $2 are years, $=1 a last day, $n a number of years
	Earlier  []string // says that an instrument came before
	Years    []string
	Said     []string // says that a person tells of something, and does not sign

	Nouns    bool // nouns begin with a capital, names cannot be told by theirs
	Ordinals bool // a number with a full stop is one: "5. November"
	VerbLast bool // a verb can stand far after what was signed
	Bare     bool // a party's name stands before what it is of as it is: "Belarus Ministry"
	Cases    bool // a party's name in the nominative begins what a sentence tells of

	Plural     func(word string) bool // whether a word for an instrument means several
	PluralBody func(word string) bool // the same of a body
	Adjective  func(word string) bool // whether a word can describe an instrument that follows
	// whether a word with a capital is no name; nil where only names have one
	Noun func(word string) bool
	// takes in the whole name of a body of which one word was found; false if it is
	// none
	Body func(w *reading, b *body) bool
	// whether a word can be part of an office without a capital; nil: none
	InOffice func(word string) bool
	Verbal   []string // after a word for an instrument: it is a verb ("plans to")
	// before a place, a subject, where somebody comes from or goes to
	In, On, Towards             []string
	Regions                     []string // parts of a state: the name beside one is no person's
	Town                        []string // "the city of", before a town
	Indefinite                  []string // the indefinite article
	Relatives                   []string // begins a relative clause
	We                          []string // who speaks for themselves
	Firms, Managers, Ministries []string // tell agreements of companies from those of states
	Levels                      string   // "level: phrase" a line, by the codes of models.Levels
	// offices that represent a state without full powers (VCLT 7)
	Heads []string
	Vague []string // words of a title that do not tell instruments apart
	// near a verb in the present: it is only announced ("to sign")
	Announced []string
	// before an instrument that is part of another's title, or of what one side signs
	// alone
	Under        []string
	UnderAlone   []string // before one that others act under: "in accordance with"
	Auxiliaries  []string // a verb begins: a title has ended
	OccasionEnds []string // what a meeting is of has ended

	// Described tells whether a participle only describes an instrument: "das 2010
	// unterzeichnete Abkommen".
	Described func(w *reading, i, n int) bool
	// Unreal tells whether a verb of signing tells of what was not done, by the words
	// before and after it in its sentence.
	Unreal func(before, after []token) bool

	Normal func(institution string) string // an institution as its register would call it
	// the first words of a title, up to the kind, as it is given on its own; nil: as
	// they are
	Nominative func(head string) string
	Person     func(words []string) (nominative []string, oblique bool) // a name as it is on its own
}

// Languages that reports are read in.
var Languages = []*Language{german, english, russian}

// words parts a list.
func words(list string) []string {
	if strings.Contains(list, "|") {
		return strings.Split(list, "|")
	}
	return strings.Fields(list)
}

// months numbers lists of forms from 1.
func months(forms ...string) map[string]int {
	numbered := map[string]int{}
	for i, list := range forms {
		for _, form := range strings.Fields(list) {
			numbered[form] = i + 1
		}
	}
	return numbered
}

// A pattern is one word of a phrase.
type pattern struct {
	forms     []string // any of them
	text      string   // or this,
	pre, post bool     // with anything before, or after
}

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

func listed(text string) (list []string) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

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
