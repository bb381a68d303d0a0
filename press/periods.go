package press

import (
	"strconv"
)

// A period is a validity in the text.
type period struct {
	i, j  int
	value string
	years int // where only a length is said
}

// findPeriods finds validities.
func (w *marks) findPeriods() {
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
func (w *marks) periodAt(i int, phrase validPhrase) (period, bool) {
	said := saidPeriod{page: &w.page}
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
	*page
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

// fullYear is a year in four figures, or in two after another year; empty when it
// is none.
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
