package edtf

import (
	"errors"
	"testing"
	"time"
)

func TestParseDateReadsWhatTheDomainWrites(t *testing.T) {
	tests := []struct {
		written          string
		earliest, latest Day
	}{
		{"2025-11-05", "2025-11-05", "2025-11-05"},
		{"2025-11", "2025-11-01", "2025-11-30"},
		{"2026", "2026-01-01", "2026-12-31"},
		{"2026/2027", "2026-01-01", "2027-12-31"},
		{"1890-12-20?", "1890-12-20", "1890-12-20"},
		{"1961-01-26~", "1961-01-26", "1961-01-26"},
		{"1961%", "1961-01-01", "1961-12-31"},
		{"196X", "1960-01-01", "1969-12-31"},
		{"19XX", "1900-01-01", "1999-12-31"},
		{"2010-XX-XX", "2010-01-01", "2010-12-31"},
		{"1964-XX-16", "1964-01-16", "1964-12-16"},
		{"1964-XX-31", "1964-01-31", "1964-12-31"},
		{"2025-1X", "2025-10-01", "2025-12-31"},
		{"2024-02-XX", "2024-02-01", "2024-02-29"},
		{"2025-02-3X", "", ""},
		{"1981-09..1981-10", "1981-09-01", "1981-10-31"},
		{"[1981-09..1981-10]", "1981-09-01", "1981-10-31"},
		{"2026/..", "2026-01-01", ""},
		{"../2027", "", "2027-12-31"},
		{"1986-01-10/1986-02-22", "1986-01-10", "1986-02-22"},
		{"1351-08-01", "1351-08-01", "1351-08-01"},
		{"2035", "2035-01-01", "2035-12-31"},
		{"2024-02-29", "2024-02-29", "2024-02-29"},
		{" 2025 ", "2025-01-01", "2025-12-31"},
		{"5.11.2025", "2025-11-05", "2025-11-05"},
	}
	for _, test := range tests {
		d, err := ParseDate(test.written)
		if test.earliest == "" && test.latest == "" {
			if err == nil {
				t.Errorf("%s: want it refused, got %+v", test.written, d)
			}
			continue
		}
		if err != nil || d.Earliest != test.earliest || d.Latest != test.latest {
			t.Errorf("%s: got %s to %s (%v), want %s to %s", test.written, d.Earliest, d.Latest, err, test.earliest, test.latest)
		}
	}
}

func TestParseDateRefusesWithTheReason(t *testing.T) {
	tests := map[string]string{
		"0014-022005": "form", "0004": "year", "32 May": "form", "2025-02-30": "day", "2025-13-01": "month",
		"2025-00": "month", "2023-02-29": "day", "": "form", "..": "form", "../..": "form", "2027/2026": "order",
		"1981-10..1981-09": "order", "2025-11-05T00:00": "form", "XXXX": "form", "2026/2027/2028": "form",
		"1981..1982..1983": "form", "2025-2-3": "form", "2010-XX-XX-": "form", "2001-21": "month", "31.02.2025": "day",
	}
	for written, code := range tests {
		_, err := ParseDate(written)
		var refused *DateError
		if !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("%q: got %v, want code %s", written, err, code)
		}
	}
	if _, err := ParsePoint("2026/2027"); err == nil {
		t.Error("a span was taken for one day")
	}
}

// FuzzParseDate holds that reading what was read gives the same, and that the
// bounds are days in order.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2025-11-05", "196X", "1964-XX-16", "2026/..", "1981-09..1981-10", "0014-022005",
		"1.2.2003", "[1~..2?]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			return
		}
		again, err := ParseDate(d.Written)
		if err != nil || again != d {
			t.Fatalf("%q read as %+v, and again as %+v (%v)", s, d, again, err)
		}
		for _, day := range []Day{d.Earliest, d.Latest} {
			if _, err := ParseDay(string(day)); day != "" && err != nil {
				t.Fatalf("%q: bound %s: %v", s, day, err)
			}
		}
		if d.Earliest != "" && d.Latest != "" && d.Earliest > d.Latest {
			t.Fatalf("%q: %s after %s", s, d.Earliest, d.Latest)
		}
	})
}

func TestAddMonthsKeepsToTheMonth(t *testing.T) {
	tests := []struct {
		from   Day
		months int
		want   Day
	}{
		{"2024-01-31", 1, "2024-02-29"}, {"2023-01-31", 1, "2023-02-28"}, {"2024-02-29", 12, "2025-02-28"},
		{"2026-12-31", 6, "2027-06-30"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -13, "2024-12-15"},
		{"9999-06-01", 12, "9999-12-31"},
	}
	for _, test := range tests {
		if got := test.from.AddMonths(test.months); got != test.want {
			t.Errorf("%s %+d months: got %s, want %s", test.from, test.months, got, test.want)
		}
	}
}

// The day in Kiribati and the day in Newfoundland differ at one instant; a stored
// day never does (R17).
func TestTodayIsTheDayOfTheClocksZone(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	zones := map[string]Day{"Pacific/Kiritimati": "2026-11-24", "America/St_Johns": "2026-11-23", "UTC": "2026-11-23"}
	for name, want := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Today(now.In(zone)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
