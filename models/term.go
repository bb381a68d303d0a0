package models

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chancery/models/edtf"
)

// term is a length of time as people write it: 5 years, 6 Monate, 5 лет.
var term = regexp.MustCompile(`^(\d{1,3}) ?(\p{L}+)\.?$`)

var (
	yearWords  = []string{"y", "yr", "yrs", "year", "years", "jahr", "jahre", "jahren", "г", "год", "года", "лет"}
	monthWords = []string{"m", "mo", "month", "months", "monat", "monate", "monaten", "мес", "месяц", "месяца", "месяцев"}
)

// termMonths is a length of time in months; 0 for what is none.
func termMonths(written string) int {
	m := term.FindStringSubmatch(strings.ToLower(strings.TrimSpace(written)))
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	switch {
	case slices.Contains(yearWords, m[2]):
		return 12 * n
	case slices.Contains(monthWords, m[2]):
		return n
	}
	return 0
}

// monthsIn is a number of months as typed, or as a length of time: 5 years are 60.
func monthsIn(typed Number) Number {
	if n := termMonths(string(typed)); n > 0 {
		return Number(strconv.Itoa(n))
	}
	return Number(strings.TrimSpace(string(typed)))
}

// termEnd is the last day of a term that was typed as the end of a period, such as 5
// years, counted from the period's beginning: the day before the same day of the
// last year. What cannot be counted stays as it is.
func termEnd(until, from string) string {
	months := termMonths(until)
	begins, err := edtf.ParsePoint(from)
	switch {
	case months == 0 || err != nil:
		return until
	case begins.Exact():
		return string(begins.Earliest.AddMonths(months).Add(-1))
	case len(from) == 4 && months%12 == 0:
		return fmt.Sprintf("%04d", begins.Earliest.Year()+months/12-1)
	}
	return until
}
