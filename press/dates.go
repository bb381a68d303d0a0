package press

import (
	"fmt"
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
func (w *reading) dates() {
	t := w.tokens
	for i := 0; i < len(t); i++ {
		if d, ok := w.dateAt(i); ok {
			w.dated = append(w.dated, d)
			i = d.j - 1
		}
	}
}

func (w *reading) dateAt(i int) (dateMention, bool) {
	t := w.tokens
	l := w.lang
	is := func(k int, mark string) bool { return k < len(t) && t[k].text == mark }
	month := func(k int) int {
		if k >= len(t) || !t[k].word {
			return 0
		}
		m := l.Months[t[k].low]
		if m == 5 && !l.Small && !t[k].cap {
			return 0
		}
		return m
	}
	year := func(k int) (int, int) { // and where it ends
		for k < len(t) && (is(k, ",") || is(k, ".")) {
			k++
		}
		if k < len(t) && t[k].number && len(t[k].text) == 4 {
			if y, _ := strconv.Atoi(t[k].text); y > 1400 && y < 2200 {
				return y, k + 1
			}
		}
		return 0, k
	}
	number := func(k int) int {
		if k < len(t) && t[k].number && len(t[k].text) <= 2 {
			n, _ := strconv.Atoi(t[k].text)
			return n
		}
		return 0
	}
	full := func(j, y, m, d int) (dateMention, bool) {
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
	if d := number(i); d > 0 {
		k := i + 1
		if k < len(t) && (t[k].low == "th" || t[k].low == "st" || t[k].low == "nd" || t[k].low == "rd") && !t[k].space {
			k++
		}
		if is(k, ".") {
			k++
		}
		if k < len(t) && t[k].low == "of" {
			k++
		}
		if k+2 < len(t) && is(k, "-") && number(k+1) > 0 { // 5-6 November: the last day
			if m := month(k + 2); m > 0 {
				y, j := year(k + 3)
				if y == 0 {
					j = k + 3
				}
				return full(j, y, m, number(k+1))
			}
		}
		if m := month(k); m > 0 {
			y, j := year(k + 1)
			if y == 0 {
				j = k + 1
			}
			return full(j, y, m, d)
		}
		if is(i+1, ".") && !t[i+1].space && number(i+2) > 0 && is(i+3, ".") && !t[i+3].space { // 5.11.2025
			if y, j := year(i + 4); y > 0 {
				return full(j, y, number(i+2), d)
			}
		}
	}
	if m := month(i); m > 0 {
		k := i + 1
		if is(k, ".") {
			k++
		}
		if d := number(k); d > 0 && l.MonthFirst {
			k++
			if k < len(t) && (t[k].low == "th" || t[k].low == "st" || t[k].low == "nd" || t[k].low == "rd") && !t[k].space {
				k++
			}
			y, j := year(k)
			if y == 0 {
				j = k
			}
			return full(j, y, m, d)
		}
		if y, j := year(i + 1); y > 0 {
			return dateMention{i: i, j: j, value: fmt.Sprintf("%04d-%02d", y, m), year: true, sure: true}, true
		}
		if w.published.known() && (t[i].cap || l.Small) && len(t[i].low) > 3 {
			y := w.published.day.Year()
			if w.published.full && time.Month(m) > w.published.day.Month() {
				y--
			}
			return dateMention{i: i, j: i + 1, value: fmt.Sprintf("%04d-%02d", y, m)}, true
		}
	}
	// 2025-11-05
	if y, j := year(i); y > 0 && t[i].number && is(i+1, "-") && number(i+2) > 0 && is(i+3, "-") && number(i+4) > 0 &&
		!t[i+1].space {
		return full(i+5, y, number(i+2), number(i+4))
	} else if y > 0 && t[i].number && j == i+1 {
		return dateMention{i: i, j: j, value: t[i].text, year: true}, true
	}
	if !w.published.full {
		return dateMention{}, false
	}
	if ago, ok := l.Relative[t[i].low]; ok {
		return dateMention{i: i, j: i + 1, value: w.published.day.AddDate(0, 0, ago).Format(time.DateOnly), sure: true}, true
	}
	if d, ok := l.Weekdays[t[i].low]; ok && (t[i].cap || l.Small) {
		back := (int(w.published.day.Weekday()) - (d - 1) + 7) % 7
		return dateMention{i: i, j: i + 1, value: w.published.day.AddDate(0, 0, -back).Format(time.DateOnly), sure: true},
			true
	}
	return dateMention{}, false
}
