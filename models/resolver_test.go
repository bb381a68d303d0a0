package models

import (
	"strings"
	"testing"

	"chancery/models/edtf"
)

func TestAPartyIsLookedUpByWhatWasTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"Belarus":                "belarus",
		"Belarus (BY)":           "by",
		"  BELARUS  ":            "belarus",
		"Korea (Republic of)":    "korea republic of",
		"Korea (South)":          "korea south",
		"Korea (X)":              "korea x",
		"(BY)":                   "by",
		"Congo (COG)":            "cog",
		"Großbritannien":         "großbritannien",
		"Côte d’Ivoire":          "cote d ivoire",
		"":                       "",
		"Palestine (OCCUPIED T)": "palestine occupied t",
	} {
		if got := partyKey(typed); got != want {
			t.Errorf("%q is looked up by %q, want %q", typed, got, want)
		}
	}
}

// A name that several parties have borne means the one that bore it on the day of
// the agreement; a code means its bearer; what can mean two is asked back.
func TestAPartyIsToldByItsNameAndTheDay(t *testing.T) {
	r := &resolver{parties: map[string][]candidate{
		"belarus": {{Code: "BY", From: "1991-08-25"}, {Code: "BYSSR", From: "1919-01-01", Until: "1991-08-24"}},
		"by":      {{Code: "BY", From: "1991-08-25"}, {Code: "XX"}},
		"germany": {{Code: "DE", From: "1949-05-23"}},
		"congo":   {{Code: "CD"}, {Code: "CG"}},
		"england": {{Code: "ENGLAND"}, {Code: "GB"}},
		"nobody":  {},
	}}
	for _, test := range []struct {
		typed       string
		on          edtf.Day
		want        string
		code, codes string
	}{
		{"Belarus", "2020-01-01", "BY", "", ""},
		{"Belarus", "1950-01-01", "BYSSR", "", ""},
		{"Belarus", "1991-08-24", "BYSSR", "", ""},
		{"Belarus", "1991-08-25", "BY", "", ""},
		{"Belarus", "", "BY", "", ""},
		{"Belarus", "1900-01-01", "", "ambiguous_party", "BY, BYSSR"},
		{"BY", "1900-01-01", "BY", "", ""},
		{"by", "", "BY", "", ""},
		{"Germany", "1900-01-01", "DE", "", ""},
		{"Congo", "2020-01-01", "", "ambiguous_party", "CD, CG"},
		{"ENGLAND", "2020-01-01", "ENGLAND", "", ""},
		{"England", "2020-01-01", "", "ambiguous_party", "ENGLAND, GB"},
		{"Nobody", "", "", "unknown_party", ""},
		{"Atlantis", "2020-01-01", "", "unknown_party", ""},
	} {
		problems := Invalid{}
		r.on = test.on
		got := r.party(test.typed, "participations[0].party", problems)
		p := problems["participations[0].party"]
		if got != test.want || p.Code != test.code || p.Args["codes"] != test.codes {
			t.Errorf("%s on %q is %q (%s %s), want %q (%s %s)", test.typed, test.on, got, p.Code, p.Args["codes"], test.want,
				test.code, test.codes)
		}
	}
}

func TestTheLesserOfTwoDays(t *testing.T) {
	for _, test := range [][3]string{
		{"", "", ""}, {"1990", "", "1990"}, {"", "1990", "1990"}, {"1990", "1991", "1990"}, {"1991", "1990", "1990"},
		{"1990", "1990", "1990"},
	} {
		if got := earlier(test[0], test[1]); got != test[2] {
			t.Errorf("the lesser of %q and %q is %q", test[0], test[1], got)
		}
	}
}

// What can be a mistyped word is one of letters, of four at least, that is neither
// quoted nor excluded.
func TestWhatCanBeMistyped(t *testing.T) {
	for typed, want := range map[string]bool{
		"fihs": true, "fis": false, "рыба": true, "рыб": false, "fish7": false, "-fihs": false, `"fihs"`: false,
		"1972": false,
	} {
		if got := ParseSearch(typed).Terms[0].correctable(); got != want {
			t.Errorf("%s can be mistyped: %v", typed, got)
		}
	}
}

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
