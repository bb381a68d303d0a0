package press

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A dateMention is a date in the text.
type dateMention struct {
	i, j  int // tokens
	value string
	year  bool // the text says the year
	sure  bool
}

// published is the day a report is from, as far as it is known.
type published struct {
	text string // EDTF
	day  time.Time
	full bool // to the day
}

// publishedOn reads the day of a report, as far as it is given.
func publishedOn(text string) (p published) {
	text = strings.TrimSpace(text)
	p.text = text
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02 15:04", "02.01.2006", "2.1.2006",
		"2 January 2006", "January 2, 2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return published{day.Format(time.DateOnly), day, true}
		}
	}
	if day, err := time.Parse("2006-01", text); err == nil {
		p.day = day
	} else if day, err := time.Parse("2006", text); err == nil {
		p.day = day
	} else {
		p.text = ""
	}
	return p
}

func (p published) known() bool { return p.text != "" }

// dates finds dates: with the name of a month, by figures, and counted from the day
// of the report.
func (w *page) dates() {
	t := w.tokens
	for i := 0; i < len(t); i++ {
		if d, ok := w.dateAt(i); ok {
			w.dated = append(w.dated, d)
			i = d.j - 1
		}
	}
}

// dateAt reads the date that begins at a token.
func (w *page) dateAt(i int) (dateMention, bool) {
	for _, read := range []func(i int) (d dateMention, ok, decided bool){w.dayFirst, w.monthFirst, w.yearFirst,
		w.relativeDay} {
		if d, ok, decided := read(i); decided {
			return d, ok
		}
	}
	return dateMention{}, false
}

// isMark tells whether a token is a mark of punctuation.
func (w *page) isMark(k int, mark string) bool {
	return k < len(w.tokens) && w.tokens[k].text == mark
}

// monthNamed is the month that a token names, or 0. "mai" and "may" are words as
// well: where months have capitals, theirs counts.
func (w *page) monthNamed(k int) int {
	if k >= len(w.tokens) || !w.tokens[k].word {
		return 0
	}
	m := w.lang.Months[w.tokens[k].low]
	if m == 5 && !w.lang.Small && !w.tokens[k].cap {
		return 0
	}
	return m
}

// yearNamed is the year at a token, after a comma or a full stop as well, and where
// it ends; 0 when there is none.
func (w *page) yearNamed(k int) (year, end int) {
	t := w.tokens
	for w.isMark(k, ",") || w.isMark(k, ".") {
		k++
	}
	if k < len(t) && t[k].number && len(t[k].text) == 4 {
		if y, _ := strconv.Atoi(t[k].text); y > 1400 && y < 2200 {
			return y, k + 1
		}
	}
	return 0, k
}

// shortNumber is a number of one or two figures, or 0.
func (w *page) shortNumber(k int) int {
	if k < len(w.tokens) && w.tokens[k].number && len(w.tokens[k].text) <= 2 {
		n, _ := strconv.Atoi(w.tokens[k].text)
		return n
	}
	return 0
}

// afterOrdinal skips what English writes after the number of a day.
func (w *page) afterOrdinal(k int) int {
	if k < len(w.tokens) && !w.tokens[k].space && slices.Contains([]string{"th", "st", "nd", "rd"}, w.tokens[k].low) {
		return k + 1
	}
	return k
}

// wholeDay is a day of a month; without a year, of the last one before the report.
func (w *page) wholeDay(i, j, y, m, d int) (dateMention, bool) {
	if d < 1 || d > 31 || m < 1 || m > 12 {
		return dateMention{}, false
	}
	stated := y > 0
	if y == 0 {
		if !w.published.known() {
			return dateMention{}, false
		}
		y = w.published.day.Year()
		if w.published.full && time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).After(w.published.day.AddDate(0, 0, 3)) {
			y-- // what was signed was signed before the report
		}
	}
	day := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if day.Day() != d {
		return dateMention{}, false
	}
	return dateMention{i: i, j: j, value: day.Format(time.DateOnly), year: stated, sure: true}, true
}

// withYear is a day of a month whose year may stand at a token.
func (w *page) withYear(i, k, m, d int) (date dateMention, ok, decided bool) {
	y, j := w.yearNamed(k)
	if y == 0 {
		j = k
	}
	date, ok = w.wholeDay(i, j, y, m, d)
	return date, ok, true
}

// dayFirst reads "5 November 2025", "the 5th of November", "5-6 November" (the last
// day counts) and "5.11.2025".
func (w *page) dayFirst(i int) (date dateMention, ok, decided bool) {
	t := w.tokens
	d := w.shortNumber(i)
	if d == 0 {
		return date, false, false
	}
	k := w.afterOrdinal(i + 1)
	if w.isMark(k, ".") {
		k++
	}
	if k < len(t) && t[k].low == "of" {
		k++
	}
	if w.isMark(k, "-") && w.shortNumber(k+1) > 0 {
		named := k + 2
		if w.isMark(named, ".") {
			named++
		}
		if m := w.monthNamed(named); m > 0 {
			return w.withYear(i, named+1, m, w.shortNumber(k+1))
		}
	}
	if m := w.monthNamed(k); m > 0 {
		return w.withYear(i, k+1, m, d)
	}
	if w.isMark(i+1, ".") && !t[i+1].space && w.shortNumber(i+2) > 0 && w.isMark(i+3, ".") && !t[i+3].space {
		if y, j := w.yearNamed(i + 4); y > 0 {
			date, ok = w.wholeDay(i, j, y, w.shortNumber(i+2), d)
			return date, ok, true
		}
	}
	return date, false, false
}

// monthFirst reads "November 5, 2025", "November 2025", and a month alone, which is
// the last one before the report.
func (w *page) monthFirst(i int) (date dateMention, ok, decided bool) {
	t := w.tokens
	m := w.monthNamed(i)
	if m == 0 {
		return date, false, false
	}
	k := i + 1
	if w.isMark(k, ".") {
		k++
	}
	if d := w.shortNumber(k); d > 0 && w.lang.MonthFirst {
		return w.withYear(i, w.afterOrdinal(k+1), m, d)
	}
	if y, j := w.yearNamed(i + 1); y > 0 {
		return dateMention{i: i, j: j, value: fmt.Sprintf("%04d-%02d", y, m), year: true, sure: true}, true, true
	}
	if w.published.known() && (t[i].cap || w.lang.Small) && len(t[i].low) > 3 {
		y := w.published.day.Year()
		if w.published.full && time.Month(m) > w.published.day.Month() {
			y--
		}
		return dateMention{i: i, j: i + 1, value: fmt.Sprintf("%04d-%02d", y, m)}, true, true
	}
	return date, false, false
}

// yearFirst reads "2025-11-05", and a year alone.
func (w *page) yearFirst(i int) (date dateMention, ok, decided bool) {
	t := w.tokens
	y, j := w.yearNamed(i)
	if y == 0 || !t[i].number {
		return date, false, false
	}
	if w.isMark(i+1, "-") && w.shortNumber(i+2) > 0 && w.isMark(i+3, "-") && w.shortNumber(i+4) > 0 && !t[i+1].space {
		date, ok = w.wholeDay(i, i+5, y, w.shortNumber(i+2), w.shortNumber(i+4))
		return date, ok, true
	}
	if j == i+1 {
		return dateMention{i: i, j: j, value: t[i].text, year: true}, true, true
	}
	return date, false, false
}

// relativeDay reads "yesterday" and the last weekday of a name, from the day of the
// report.
func (w *page) relativeDay(i int) (date dateMention, ok, decided bool) {
	if !w.published.full {
		return date, false, false
	}
	t := w.tokens[i]
	ago, ok := w.lang.Relative[t.low]
	if !ok {
		d, named := w.lang.Weekdays[t.low]
		if !named || !t.cap && !w.lang.Small {
			return date, false, false
		}
		ago = -((int(w.published.day.Weekday()) - (d - 1) + 7) % 7)
	}
	value := w.published.day.AddDate(0, 0, ago).Format(time.DateOnly)
	return dateMention{i: i, j: i + 1, value: value, sure: true}, true, true
}
