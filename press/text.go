package press

import (
	"regexp"
	"slices"
	"sort"
	"strings"
)

// A page is a text parted into tokens and sentences, with its dates.
type page struct {
	*tools
	text      string
	body      int // where the text itself begins
	head      map[string]Span
	published published

	tokens        []token
	sentences     []sentence
	dated         []dateMention
	dateLine      string // the day of a line of its own, and where that is
	dateSpan      Span
	sentenceStart int // while the text is being parted
}

// A sentence is some tokens; the headline is one.
type sentence struct {
	i, j     int
	headline bool
}

// split makes tokens and sentences of the headline and the text.
func (w *page) split() {
	shift := func(tokens []token, by int) []token {
		for i := range tokens {
			tokens[i].start += by
			tokens[i].end += by
		}
		return tokens
	}
	body := w.body
	if s, ok := w.head["title"]; ok {
		w.tokens = shift(tokenise(w.text[s.Start:s.End]), s.Start)
		w.sentences = append(w.sentences, sentence{0, len(w.tokens), true})
	} else if line, end := w.headline(body); line.End > line.Start {
		w.tokens = shift(tokenise(w.text[line.Start:line.End]), line.Start)
		w.sentences = append(w.sentences, sentence{0, len(w.tokens), true})
		body = end
	}
	i := len(w.tokens)
	w.tokens = append(w.tokens, shift(tokenise(w.text[body:]), body)...)
	for j := i; j < len(w.tokens); j++ {
		if w.sentenceStart = i; w.ends(j) {
			w.sentences = append(w.sentences, sentence{i, j + 1, false})
			i = j + 1
		}
	}
	if i < len(w.tokens) {
		w.sentences = append(w.sentences, sentence{i, len(w.tokens), false})
	}
}

// longestSentence is how many words and marks one can have; a list of instruments
// is one sentence.
const longestSentence = 2500

// ends tells whether a token ends a sentence.
func (w *page) ends(j int) bool {
	t := w.tokens
	if j+1 == len(t) || j-w.sentenceStart > longestSentence {
		return true
	}
	next, mark := t[j+1], t[j].text
	if next.blank && mark == ";" && w.listed(j) && !w.item(j+1) {
		return true // a list with marks is over
	}
	if next.blank && mark != ":" && mark != ";" {
		return !(w.listed(j) && w.item(j+1))
	}
	switch mark {
	case "!", "?", "…":
		return next.space
	case ".":
		return w.fullStopEnds(j)
	case "\"", "”", "“", "»", ")":
		return next.space && j > 0 && (t[j-1].text == "." || t[j-1].text == "!" || t[j-1].text == "?") && next.cap
	}
	return false
}

// fullStopEnds tells a full stop from that of an item's number, an ordinal or an
// abbreviation.
func (w *page) fullStopEnds(j int) bool {
	t := w.tokens
	if !t[j+1].space || j == 0 {
		return false
	}
	before, next := t[j-1], t[j+1]
	if before.number && before.line {
		return false // the number of an item
	}
	if before.number && !next.blank && w.lang.Ordinals && (w.lang.Months[next.low] > 0 || next.word && !next.line &&
		len(before.text) < 3) {
		return false
	}
	if w.abbreviation(before.low, before.text) && !next.line {
		return false
	}
	return next.cap || next.number || !next.word
}

var roman = regexp.MustCompile(`^[IVX]+$`)

// abbreviation tells whether a full stop after a word does not end a sentence.
func (w *page) abbreviation(low, text string) bool {
	return slices.Contains(w.lang.Abbreviations, low) || len([]rune(text)) == 1 && strings.ToUpper(text) == text &&
		strings.ToLower(text) != text ||
		roman.MatchString(text)
}

// listed tells whether what ends at a token is an item of a list, by the mark it
// begins with.
func (w *page) listed(j int) bool {
	for k := j; k >= 0; k-- {
		if w.tokens[k].line {
			return w.item(k)
		}
	}
	return false
}

// item tells whether an item of a list begins at a token.
func (w *page) item(k int) bool {
	t := w.tokens[k]
	if t.number && k+1 < len(w.tokens) && (w.tokens[k+1].text == "." || w.tokens[k+1].text == ")") && t.line {
		return true
	}
	return t.text == "-" || t.text == "–" || t.text == "—" || t.text == "•" || t.text == "*" || t.text == "·"
}

// sentenceOf is the place of the sentence that a token is in.
func (w *page) sentenceOf(i int) int {
	return sort.Search(len(w.sentences), func(k int) bool { return w.sentences[k].j > i })
}

// value is what tokens say.
func (w *page) value(i, j int, text string, sure bool) *Value {
	s := w.sentences[w.sentenceOf(i)]
	return &Value{Value: text, Span: Span{w.tokens[i].start, w.tokens[j-1].end},
		Sentence: Span{w.tokens[s.i].start, w.tokens[s.j-1].end}, Sure: sure}
}

// most is how many instruments, or verbs of signing, are looked at in one sentence
// and in one text: no report has as many, and a text that is made to takes no time.
const most = 80

// words is the text of tokens.
func (w *page) words(i, j int) string {
	if i >= j {
		return ""
	}
	return strings.Join(strings.Fields(w.text[w.tokens[i].start:w.tokens[j-1].end]), " ")
}

// signingEvent tells whether a noun of signing stands at a token.
func (w *page) signingEvent(i int) bool {
	e, _ := w.signed.at(w.tokens, i)
	return e.label == "event"
}

// common tells whether a word with a capital is no name.
func (w *page) common(low string) bool { return w.lang.Noun != nil && w.lang.Noun(low) }

// signingWords tells whether an occasion is the signing itself.
func (w *page) signingWords(i, j int) bool {
	for ; i < j; i++ {
		if e, n := w.signed.at(w.tokens, i); n > 0 && e.label == "event" {
			return true
		}
	}
	return false
}

// begins tells whether a token begins a sentence, where every word has a capital.
func (w *page) begins(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := s.i; k < i; k++ {
		if w.tokens[k].word {
			return false
		}
	}
	return true
}

// isVerb tells whether a verb of signing stands at a token.
func (w *page) isVerb(i int) bool {
	e, n := w.signed.at(w.tokens, i)
	return n > 0 && e.label != "event" && !w.tokens[i].cap
}

// monthAt tells whether a word is a month: a short one only beside a number, for
// "Jun" is a name as well.
func (w *page) monthAt(i int) bool {
	t := w.tokens
	return w.lang.Months[t[i].low] > 0 && (len([]rune(t[i].low)) > 3 || i > 0 && (t[i-1].number || t[i-1].text == ".") ||
		i+1 < len(t) && (t[i+1].number || t[i+1].text == "."))
}

// smallWord tells whether a word has a part of its own in a sentence, and is no
// name.
func (w *page) smallWord(low string) bool {
	for _, list := range []map[string]bool{w.articles, w.honours, w.governments, w.side, w.counterpart, w.qualifiers,
		w.years, w.between, w.with, w.by, w.and} {
		if list[low] {
			return true
		}
	}
	return w.lang.Weekdays[low] > 0 || slices.Contains(w.lang.Stop, low)
}

// noun tells whether a token can be a noun, where those have capitals.
func (w *page) noun(i int) bool { return !w.lang.Nouns || w.tokens[i].cap }

// says tells whether a sentence has a phrase.
func (w *page) says(l *lexicon, s sentence) bool {
	for i := s.i; i < s.j; i++ {
		if _, n := l.at(w.tokens, i); n > 0 {
			return true
		}
	}
	return false
}

// promised tells of a headline's verb in the present that it is only announced: "to
// sign", "wollen … unterzeichnen".
func (w *page) promised(i, verb int) bool {
	first, last := max(i, verb-3), verb
	if w.lang.VerbLast { // "wollen … unterzeichnen", "unterzeichnen wollen"
		first, last = i, min(verb+3, len(w.tokens))
	}
	for k := first; k < last; k++ {
		if slices.Contains(w.lang.Announced, w.tokens[k].low) {
			return true
		}
	}
	return false
}

// verbBetween tells whether a verb of signing stands among some tokens.
func (w *page) verbBetween(i, j int) bool {
	for ; i < j; i++ {
		if e, n := w.signed.at(w.tokens, i); n > 0 && e.label != "event" {
			return true
		}
	}
	return false
}

// townWord: "the city of Minsk", "в городе Минске".
func (w *page) townWord(i int) bool {
	_, n := w.town.at(w.tokens, i)
	return n == 1
}

// endOfSides is where "between A and B" ends.
func (w *page) endOfSides(k int, s sentence) int {
	for m := k; m < s.j; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return m
		}
		if w.tokens[m].text == ";" {
			return m
		}
	}
	return s.j
}

// betweenAfter is the first "between" of some tokens, or -1.
func (w *page) betweenAfter(i, j int) int {
	for ; i < j; i++ {
		if w.between[w.tokens[i].low] {
			return i
		}
	}
	return -1
}

// topicWord begins what an agreement is about.
func (w *page) topicWord(i int) bool {
	return w.about[w.tokens[i].low] || w.in[w.tokens[i].low]
}

// bareYear tells whether a year alone says when something was signed: "in 2010".
func (w *page) bareYear(d dateMention) bool {
	if d.i == 0 {
		return false
	}
	return w.in[w.tokens[d.i-1].low] || w.years[w.tokens[d.i-1].low]
}

// isPast tells of a word of presence that it is a verb, after whose subject it
// stands.
func (w *page) isPast(e entry) bool {
	return ending(strings.TrimSuffix(e.name, "*"), "nessed", "oversaw", "ten", "te", "присутствовал")
}

// dangling tells whether a token cannot end a title; whether a closing quotation
// mark can depends on an opening one.
func (w *page) dangling(k int, quoted bool) bool {
	t := w.tokens[k]
	switch t.low {
	case ",", "(", "am", "on", "in", "в":
		return true
	case "»":
		return !quoted
	}
	return w.and[t.low] || w.articles[t.low] || w.qualifiers[t.low]
}
