package edtf

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Day is one calendar day without a time zone, as ISO 8601 (2025-11-05), in the
// proleptic Gregorian calendar. Days compare as text. The empty Day is an open
// bound; the database holds it as NULL.
type Day string

const (
	// FirstDay and LastDay bound what can be written: a year takes four digits.
	FirstDay Day = "0001-01-01"
	LastDay  Day = "9999-12-31"
)

// Today is the day on which it is now, by the clock's own zone.
func Today(now time.Time) Day { return Day(now.Format(time.DateOnly)) }

// ParseDay reads a complete day, such as 2026-06-01.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil || s < string(FirstDay) {
		return "", fmt.Errorf("%q is not a day: write it as 2026-06-01", s)
	}
	return Day(s), nil
}

func (d Day) time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// clamp keeps a computed day within the four-digit years.
func clamp(t time.Time) Day {
	switch {
	case t.Year() > 9999:
		return LastDay
	case t.Year() < 1:
		return FirstDay
	}
	return Day(t.Format(time.DateOnly))
}

// Add returns the day n days later, or earlier when n is negative.
func (d Day) Add(n int) Day { return clamp(d.time().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later; where that month is too short, its
// last day.
func (d Day) AddMonths(n int) Day {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return clamp(first.AddDate(0, 0, min(t.Day(), daysIn(first.Year(), int(first.Month())))-1))
}

// Year is the day's year, 0 for an open bound.
func (d Day) Year() int {
	if d == "" {
		return 0
	}
	return d.time().Year()
}

// DaysUntil counts the days from d to e; it is negative when e is earlier.
func (d Day) DaysUntil(e Day) int { return int(e.Number() - d.Number()) }

// Value writes an open bound as NULL.
func (d Day) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads NULL as an open bound.
func (d *Day) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = ""
	case string:
		*d = Day(v)
	case []byte:
		*d = Day(v)
	default:
		return fmt.Errorf("reading a day: %T", v)
	}
	return nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// number counts the days since 1 January of the year 1 (day 0), by the civil
// calendar reckoned back.
func (d Day) Number() int32 {
	if len(d) != len("2006-01-02") {
		return 0
	}
	digit := func(i int) int32 { return int32(d[i] - '0') }
	y := digit(0)*1000 + digit(1)*100 + digit(2)*10 + digit(3)
	m := digit(5)*10 + digit(6)
	day := digit(8)*10 + digit(9)
	if m < 3 { // the year begins in March, so that a leap day is its last
		y, m = y-1, m+12
	}
	return y*365 + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day - 307
}

// dayOf is the day of a number.
func DayOf(n int32) Day { return FirstDay.Add(int(n)) }

// yearOf is the year of a numbered day.
func YearOf(n int32) int {
	y := int(int64(n) * 400 / 146097)
	for FirstOf(y+2) <= n {
		y++
	}
	return y + 1
}

// firstOf is the number of a year's first day.
func FirstOf(year int) int32 {
	y := int32(year - 1)
	return y*365 + y/4 - y/100 + y/400
}
