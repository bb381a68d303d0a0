package edtf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Date is a date as precise as the record knows it: what was written, in EDTF
// (ISO 8601-2:2019, level 1 and the few forms of level 2 that real data uses), and
// the earliest and latest day it can mean, both inclusive. The zero Date is an
// unknown one.
type Date struct {
	Written          string
	Earliest, Latest Day  // an open side of an interval is empty
	Interval         bool // written with a slash: a stretch from one date to another, not one day somewhere within
}

// Known tells whether anything was written.
func (d Date) Known() bool { return d.Written != "" }

// Exact tells whether the date is a single day.
func (d Date) Exact() bool { return d.Earliest != "" && d.Earliest == d.Latest }

// earliestYear is the first year that is taken as one: a smaller number is a slip
// far more often than a year.
const earliestYear = 100

// DateError says why a date was refused. Code is one of: form, year, month, day,
// order, interval.
type DateError struct {
	Written string
	Code    string
}

func (e *DateError) Error() string {
	reason := map[string]string{
		"form":     "is not a date: write 2025, 2025-11, 2025-11-05, 196X, 2025-11-05? or 1981-09..1981-10",
		"year":     "has a year before 0100 or after 9999",
		"month":    "has a month that does not exist",
		"day":      "has a day that does not exist in that month",
		"order":    "ends before it begins",
		"interval": "is a span of time; a single date is wanted here",
	}[e.Code]
	return fmt.Sprintf("%q %s", e.Written, reason)
}

var (
	plainDate  = regexp.MustCompile(`^([0-9]{2}[0-9X]{2})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?([?~%]?)$`)
	dottedDate = regexp.MustCompile(`^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$`)
)

// ParseDate reads a date as domain and form take it:
//
//	2025-11-05, 2025-11, 2026      a day, a month, a year
//	196X, 2010-XX-XX, 1964-XX-16   with unknown digits
//	1890-12-20?, 1961-01-26~, …%   uncertain, approximate, both
//	1981-09..1981-10               some day between
//	..1981-10, 1981-09..           some day by then, some day from then on
//	2026/2027, 2026/.., ../2027    an interval; only ParseDate accepts it, ParsePoint refuses it
//
// A day written in the German or Russian way (5.11.2025) is taken and kept as
// 2025-11-05. The error is a *DateError.
func ParseDate(written string) (Date, error) {
	written = strings.TrimSpace(written)
	if m := dottedDate.FindStringSubmatch(written); m != nil {
		written = fmt.Sprintf("%s-%02s-%02s", m[3], m[2], m[1])
	}
	if a, b, ok := strings.Cut(written, "/"); ok {
		return parseSpan(written, a, b, true)
	}
	if inner := strings.TrimSuffix(strings.TrimPrefix(written, "["), "]"); strings.Contains(inner, "..") {
		a, b, _ := strings.Cut(inner, "..")
		return parseSpan(written, a, b, false)
	}
	m := plainDate.FindStringSubmatch(written)
	if m == nil {
		return Date{}, &DateError{written, "form"}
	}
	return parsePlain(written, m[1], m[2], m[3])
}

// ParsePoint reads the date of something that happened on one day; an interval is
// refused.
func ParsePoint(written string) (Date, error) {
	d, err := ParseDate(written)
	if err == nil && d.Interval {
		return Date{}, &DateError{d.Written, "interval"}
	}
	return d, err
}

func parseSpan(written, a, b string, interval bool) (Date, error) {
	span := Date{Written: written, Interval: interval}
	if a != ".." && interval || a != "" && !interval {
		d, err := ParsePoint(a)
		if err != nil || strings.Contains(a, "..") {
			return Date{}, asPart(err, written)
		}
		span.Earliest = d.Earliest
	}
	if b != ".." && interval || b != "" && !interval {
		d, err := ParsePoint(b)
		if err != nil || strings.Contains(b, "..") {
			return Date{}, asPart(err, written)
		}
		span.Latest = d.Latest
	}
	if span.Earliest == "" && span.Latest == "" {
		return Date{}, &DateError{written, "form"}
	}
	if span.Earliest != "" && span.Latest != "" && span.Earliest > span.Latest {
		return Date{}, &DateError{written, "order"}
	}
	return span, nil
}

func asPart(err error, written string) error {
	if e, ok := err.(*DateError); ok && e.Code != "interval" {
		return &DateError{written, e.Code}
	}
	return &DateError{written, "form"}
}

// parsePlain bounds one date whose unknown digits are X, an absent month or day
// meaning any.
func parsePlain(written, year, month, day string) (Date, error) {
	firstYear, lastYear := bounds(year)
	if firstYear < earliestYear {
		return Date{}, &DateError{written, "year"}
	}
	if month == "" {
		month = "XX"
	}
	if day == "" {
		day = "XX"
	}
	firstMonth, lastMonth, ok := within(month, 1, 12)
	if !ok {
		return Date{}, &DateError{written, "month"}
	}
	if _, _, ok := within(day, 1, 31); !ok {
		return Date{}, &DateError{written, "day"}
	}
	earliest := firstMatch(firstYear, lastYear, firstMonth, lastMonth, month, day, +1)
	latest := firstMatch(firstYear, lastYear, firstMonth, lastMonth, month, day, -1)
	if earliest == "" || latest == "" {
		return Date{}, &DateError{written, "day"}
	}
	return Date{Written: written, Earliest: earliest, Latest: latest}, nil
}

// firstMatch walks the months, forwards or backwards, to the first that has a day
// of the pattern.
func firstMatch(firstYear, lastYear, firstMonth, lastMonth int, month, day string, step int) Day {
	if step < 0 {
		firstYear, lastYear = lastYear, firstYear
		firstMonth, lastMonth = lastMonth, firstMonth
	}
	for y := firstYear; y != lastYear+step; y += step {
		for m := firstMonth; m != lastMonth+step; m += step {
			if !matches(month, m) {
				continue
			}
			if first, last, ok := within(day, 1, daysIn(y, m)); ok {
				d := first
				if step < 0 {
					d = last
				}
				return Day(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
			}
		}
	}
	return ""
}

// bounds reads the smallest and largest number that a pattern of digits and X can
// mean.
func bounds(pattern string) (low, high int) {
	low, _ = strconv.Atoi(strings.ReplaceAll(pattern, "X", "0"))
	high, _ = strconv.Atoi(strings.ReplaceAll(pattern, "X", "9"))
	return low, high
}

// within finds the smallest and largest number from low to high that a two-digit
// pattern can mean.
func within(pattern string, low, high int) (first, last int, ok bool) {
	if n, err := strconv.Atoi(pattern); err == nil {
		return n, n, low <= n && n <= high
	}
	for n := low; n <= high; n++ {
		if matches(pattern, n) {
			if !ok {
				first = n
			}
			last, ok = n, true
		}
	}
	return first, last, ok
}

func matches(pattern string, n int) bool {
	digits := [2]byte{'0' + byte(n/10), '0' + byte(n%10)}
	return (pattern[0] == 'X' || pattern[0] == digits[0]) && (pattern[1] == 'X' || pattern[1] == digits[1])
}
