package press

import (
	"slices"
	"strings"
	"time"
)

// headline finds the last short line before the first whole sentence, and where the
// text goes on. What stands before it is left out: a page that was copied whole
// begins with its menus. A line with a date tells when the report was published.
func (w *page) headline(body int) (line Span, end int) {
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
		if day := dayIn(text, w.languages); day != "" {
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

// dayIn is the day that a line consists of: "05 November 2025, 14:24"; empty for
// other lines.
func dayIn(line string, languages []*Language) string {
	if len(strings.Fields(line)) > 6 {
		return ""
	}
	for _, l := range languages {
		w := &page{tools: &tools{lang: l}, tokens: tokenise(line)}
		for i := range w.tokens {
			if d, ok := w.dateAt(i); ok && d.year && len(d.value) == 10 {
				return d.value
			}
		}
	}
	return ""
}

// fromDateline takes the day of the report from its first words ("MINSK, 5.
// November (BelTA)"), the year from what is known.
func (w *page) fromDateline() {
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

// agencyEnds are what ends the name of an agency, by what it begins with.
var agencyEnds = map[string]string{"(": ")", "/": "/", "—": ".", "–": "."}

// agency is that of the dateline: "(BelTA)", "— Sputnik."
func (w *page) agency() *Value {
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

// publishedValue is the day of the report, where the text names it.
func (w *page) publishedValue() *Value {
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

// mostBefore is how many lines may stand before the text, longestHeadline how long
// a headline is, in letters.
const (
	mostBefore      = 30
	longestHeadline = 200
)
