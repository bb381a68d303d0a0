package press

import (
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A reading is one text being read.
type reading struct {
	*tools
	text      string
	body      int // where the text itself begins
	head      map[string]Span
	published published

	tokens       []token
	sentences    []sentence
	dated        []dateMention
	mentions     []mention
	instruments  []kindMention
	institutions []body
	people       []person
	occurred     []occasion
	periods      []period
	known        []bool
	dateLine     string // the day of a line of its own, and where that is
	dateSpan     Span

	signing       [][]act // by sentence
	told          bool    // whether a sentence before tells of a signing
	onlookers     []bool  // tokens that tell of who looked on
	sentenceStart int     // while the text is being parted
}

// A sentence is some tokens; the headline is one.
type sentence struct {
	i, j     int
	headline bool
}

func (w *reading) read(on string) Draft {
	draft := Draft{Language: w.lang.Code, Instruments: []Instrument{}}
	if on == "" {
		if s, ok := w.head["date"]; ok {
			on = w.text[s.Start:s.End]
		}
	}
	w.split()
	if on == "" {
		on = w.dateLine
	}
	w.published = publishedOn(on)
	if !w.published.full {
		w.fromDateline()
	}
	w.mark()
	w.ofReport(&draft)
	draft.Instruments = append(draft.Instruments, w.signedOnes()...)
	return draft
}

// split makes tokens and sentences of the headline and the text.
func (w *reading) split() {
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

// headline finds the last short line before the first whole sentence, and where the
// text goes on. What stands before it is left out: a page that was copied whole
// begins with its menus. A line with a date tells when the report was published.
func (w *reading) headline(body int) (line Span, end int) {
	at := body
	for range mostBefore {
		next := at + strings.IndexByte(w.text[at:]+"\n", '\n') + 1
		if next > len(w.text) {
			break
		}
		text := strings.TrimSpace(strings.Trim(w.text[at:next], "\ufeff"))
		words := len(strings.Fields(text))
		if len([]rune(text)) > longestHeadline || words > 6 && strings.ContainsAny(text[len(text)-1:], ".;:") {
			return line, max(end, body)
		}
		start := at + max(0, strings.Index(w.text[at:next], text))
		if day := dayIn(text); day != "" {
			w.dateLine, w.dateSpan = day, Span{start, start + len(text)}
		} else if words > 2 && !strings.HasSuffix(text, ":") {
			line = Span{start, start + len(text)}
		}
		if text != "" {
			end = next
		}
		at = next
	}
	return Span{}, body
}

// mostBefore is how many lines may stand before the text, longestHeadline how long
// a headline is, in letters.
const (
	mostBefore      = 30
	longestHeadline = 200
)

// dayIn is the day that a line consists of: "05 November 2025, 14:24"; empty for
// other lines.
func dayIn(line string) string {
	if len(strings.Fields(line)) > 6 {
		return ""
	}
	for _, l := range Languages {
		w := &reading{tools: &tools{lang: l}, tokens: tokenise(line)}
		for i := range w.tokens {
			if d, ok := w.dateAt(i); ok && d.year && len(d.value) == 10 {
				return d.value
			}
		}
	}
	return ""
}

// most is how many instruments, or verbs of signing, are looked at in one sentence
// and in one text: no report has as many, and a text that is made to takes no time.
const most = 80

// longestSentence is how many words and marks one can have; a list of instruments
// is one sentence.
const longestSentence = 2500

// ends tells whether a token ends a sentence.
func (w *reading) ends(j int) bool {
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
func (w *reading) fullStopEnds(j int) bool {
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

func (w *reading) abbreviation(low, text string) bool {
	return slices.Contains(w.lang.Abbreviations, low) || len([]rune(text)) == 1 && strings.ToUpper(text) == text &&
		strings.ToLower(text) != text ||
		roman.MatchString(text)
}

// listed tells whether what ends at a token is an item of a list, by the mark it
// begins with.
func (w *reading) listed(j int) bool {
	for k := j; k >= 0; k-- {
		if w.tokens[k].line {
			return w.item(k)
		}
	}
	return false
}

func (w *reading) item(k int) bool {
	t := w.tokens[k]
	if t.number && k+1 < len(w.tokens) && (w.tokens[k+1].text == "." || w.tokens[k+1].text == ")") && t.line {
		return true
	}
	return t.text == "-" || t.text == "–" || t.text == "—" || t.text == "•" || t.text == "*" || t.text == "·"
}

func (w *reading) sentenceOf(i int) int {
	return sort.Search(len(w.sentences), func(k int) bool { return w.sentences[k].j > i })
}

// value is what tokens say.
func (w *reading) value(i, j int, text string, sure bool) *Value {
	s := w.sentences[w.sentenceOf(i)]
	return &Value{Value: text, Span: Span{w.tokens[i].start, w.tokens[j-1].end},
		Sentence: Span{w.tokens[s.i].start, w.tokens[s.j-1].end}, Sure: sure}
}

// fromDateline takes the day of the report from its first words ("MINSK, 5.
// November (BelTA)"), the year from what is known.
func (w *reading) fromDateline() {
	year := w.published
	first := -1
	for k, s := range w.sentences {
		if !s.headline {
			first = k
			break
		}
	}
	if first < 0 {
		return
	}
	if !year.known() {
		year.day = time.Now().UTC()
		year.text = year.day.Format("2006")
	}
	w.published = year
	s := w.sentences[first]
	for i := s.i; i < s.j && i < s.i+12; i++ {
		if d, ok := w.dateAt(i); ok && len(d.value) == 10 && (d.year || w.head["date"].End > 0) {
			if day, err := time.Parse(time.DateOnly, d.value); err == nil {
				w.published = published{d.value, day, true}
			}
			return
		}
	}
	if w.head["date"].End == 0 {
		w.published = published{}
	}
}

// ofReport reads what is known of the report itself.
func (w *reading) ofReport(draft *Draft) {
	at := func(s Span) *Value { return &Value{Value: w.text[s.Start:s.End], Span: s, Sentence: s, Sure: true} }
	if s, ok := w.head["url"]; ok {
		draft.URL = w.text[s.Start:s.End]
	}
	if len(w.sentences) > 0 && w.sentences[0].headline && w.sentences[0].j > 0 {
		s := w.sentences[0]
		draft.Headline = w.value(s.i, s.j, w.words(s.i, s.j), true)
	}
	if s, ok := w.head["date"]; ok {
		draft.Published = at(s)
	} else {
		draft.Published = w.publishedValue()
	}
	if s, ok := w.head["publisher"]; ok {
		draft.Publisher = at(s)
		return
	}
	draft.Publisher = w.agency()
}

// publishedValue is the day of the report, where the text names it.
func (w *reading) publishedValue() *Value {
	if w.dateLine != "" && w.dateLine == w.published.text {
		return &Value{Value: w.dateLine, Span: w.dateSpan, Sentence: w.dateSpan, Sure: true}
	}
	if w.published.full {
		for _, d := range w.dated {
			if d.value == w.published.text {
				return w.value(d.i, d.j, d.value, false)
			}
		}
	}
	return nil
}

// agencyEnds are what ends the name of an agency, by what it begins with.
var agencyEnds = map[string]string{"(": ")", "/": "/", "—": ".", "–": "."}

// agency is that of the dateline: "(BelTA)", "— Sputnik."
func (w *reading) agency() *Value {
	k := slices.IndexFunc(w.sentences, func(s sentence) bool { return !s.headline })
	if k < 0 {
		return nil
	}
	for i := w.sentences[k].i; i+1 < len(w.tokens) && i < w.sentences[k].i+14; i++ {
		end, begins := agencyEnds[w.tokens[i].text]
		if !begins || !w.tokens[i+1].cap {
			continue
		}
		j := i + 1
		for j < len(w.tokens) && j < i+5 && (w.tokens[j].cap || w.tokens[j].text == "-") {
			j++
		}
		if j < len(w.tokens) && slices.Contains([]string{end, ".", ","}, w.tokens[j].text) {
			return w.value(i+1, j, w.words(i+1, j), true)
		}
		return nil
	}
	return nil
}

// A period is a validity in the text.
type period struct {
	i, j  int
	value string
	years int // where only a length is said
}

type validPhrase []string

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

// findPeriods finds validities.
func (w *reading) findPeriods() {
	for i := 0; i < len(w.tokens); i++ {
		for _, phrase := range w.valid {
			if p, ok := w.periodAt(i, phrase); ok {
				w.periods = append(w.periods, p)
				i = p.j - 1
				break
			}
		}
	}
}

// periodAt reads a validity by a phrase whose words begin at a token.
func (w *reading) periodAt(i int, phrase validPhrase) (period, bool) {
	said := saidPeriod{reading: w}
	k := i
	for _, word := range phrase {
		if k >= len(w.tokens) {
			return period{}, false
		}
		next := said.take(k, word)
		if next == 0 {
			return period{}, false
		}
		k = next
	}
	value, ok := said.value()
	return period{i: i, j: k, years: said.years, value: value}, ok
}

// A saidPeriod is what was read of a validity so far.
type saidPeriod struct {
	*reading
	first, second, last string
	years               int
}

// take reads what a word of a phrase stands for, and tells where it ends; 0 if it
// is not there.
func (p *saidPeriod) take(k int, word string) int {
	t := p.tokens[k]
	switch word {
	case "yeara":
		if p.first = fullYear(t, ""); p.first == "" {
			return 0
		}
	case "yearb":
		if p.second = fullYear(t, p.first); p.second == "" {
			return 0
		}
	case "lasta":
		d, ok := p.dateAt(k)
		if !ok || !d.year {
			return 0
		}
		p.last = d.value
		return d.j
	case "numn":
		if p.years = p.count(t); p.years == 0 {
			return 0
		}
	default:
		if t.low != word {
			return 0
		}
	}
	return k + 1
}

// fullYear is a year in four figures, or in two after another year; empty when it is
// none.
func fullYear(t token, after string) string {
	year := t.text
	if len(year) == 2 && after != "" {
		year = after[:2] + year
	}
	if n, _ := strconv.Atoi(year); !t.number || len(year) != 4 || n < 1800 || n > 2200 {
		return ""
	}
	return year
}

// count is a number of years, in words or below a hundred in figures; 0 when it is
// none.
func (p *saidPeriod) count(t token) int {
	if n := p.lang.Numbers[t.low]; n > 0 {
		return n
	}
	if n, _ := strconv.Atoi(t.text); n > 0 && n < 100 {
		return n
	}
	return 0
}

// value is the validity as EDTF; empty where only a length is said.
func (p *saidPeriod) value() (string, bool) {
	switch {
	case p.second != "":
		return p.first + "/" + p.second, p.first < p.second
	case p.first != "":
		return p.first, true
	case p.last != "":
		return "../" + p.last, true
	}
	return "", p.years > 0
}
