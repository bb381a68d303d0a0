package models

import (
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
		if got := earlierText(test[0], test[1]); got != test[2] {
			t.Errorf("the lesser of %q and %q is %q", test[0], test[1], got)
		}
	}
}
