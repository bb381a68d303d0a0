package models

import (
	"strings"
	"testing"

	"chancery/models/edtf"
)

// A record is dated by its signature, or else by the first thing known of it.
func TestARecordIsDatedByTheFirstThingKnown(t *testing.T) {
	act := func(earliest, latest edtf.Day) Act { return Act{DateEarliest: earliest, DateLatest: latest} }
	for name, test := range map[string]struct {
		record Agreement
		want   string
	}{
		"nothing": {Agreement{}, " "},
		"a signature": {Agreement{Signed: "2020", SignedEarliest: "2020-01-01", SignedLatest: "2020-12-31"},
			"2020-01-01 2020-12-31"},
		"before an act": {Agreement{Signed: "2020-05-01", SignedEarliest: "2020-05-01", SignedLatest: "2020-05-01",
			Acts: []Act{act("2019-01-01", "2019-01-01")}}, "2020-05-01 2020-05-01"},
		"open at its beginning": {Agreement{Signed: "../2020", SignedLatest: "2020-12-31"}, "2020-12-31 2020-12-31"},
		"open at its end":       {Agreement{Signed: "2020/..", SignedEarliest: "2020-01-01"}, "2020-01-01 2020-01-01"},
		"the first act": {Agreement{Acts: []Act{act("2021-01-01", "2021-12-31"), act("2020-02-01", "2020-02-29")}},
			"2020-02-01 2020-02-29"},
		"a period": {Agreement{ValidityPeriods: []ValidityPeriod{{FromDay: "2022-01-01", UntilDay: "2023-01-01"}}},
			"2022-01-01 2022-01-01"},
		"a period before an act": {Agreement{Acts: []Act{act("2021-01-01", "2021-01-31")},
			ValidityPeriods: []ValidityPeriod{{FromDay: "2020-06-01"}}}, "2020-06-01 2020-06-01"},
		"a period of which only the end is known": {Agreement{ValidityPeriods: []ValidityPeriod{{UntilDay: "2023-01-01"}}},
			"2023-01-01 2023-01-01"},
	} {
		earliest, latest := test.record.dated()
		if got := string(earliest + " " + latest); got != test.want {
			t.Errorf("%s: dated %q, want %q", name, got, test.want)
		}
	}
}

// The columns that are kept for an index follow from the record: the parties of two
// in the order of a pair, those of more as they were written.
func TestColumnsAreDerivedOfTheRecord(t *testing.T) {
	parties := func(list string) (ps []Participation) {
		for item := range strings.FieldsSeq(list) {
			code, role, _ := strings.Cut(item, ":")
			if role == "" {
				role = "party"
			}
			ps = append(ps, Participation{Party: code, Role: role})
		}
		return ps
	}
	for _, test := range []struct {
		parties, codes string
		bilateral      bool
	}{
		{"RU BY", "BY;RU", true},
		{"BY RU", "BY;RU", true},
		{"RU KZ BY", "RU;KZ;BY", false},
		{"RU BY UN:depositary", "BY;RU;UN", true},
		{"RU", "RU", true},
		{"", "", true},
	} {
		a := Agreement{Participations: parties(test.parties), Titles: []Title{{Text: "Über Fisch"}, {Text: "On Fish"}}}
		a.deriveColumns()
		if a.Parties != test.codes || a.Bilateral != test.bilateral || a.SearchTitle != "uber fisch\non fish" {
			t.Errorf("%s: %q, bilateral %v, title %q", test.parties, a.Parties, a.Bilateral, a.SearchTitle)
		}
	}
}
