package models

import (
	"encoding/json"
	"reflect"
	"testing"
)

// A form that was sent with empty rows is as one without them; no word is changed.
func TestTidyDropsEmptyRowsAndFillsInDefaults(t *testing.T) {
	tests := map[string]struct{ typed, want AgreementDraft }{
		"a form left alone": {
			AgreementDraft{
				Titles:          []TitleDraft{{}},
				Participations:  []ParticipationDraft{{}, {Signatories: []SignatoryDraft{{}}}},
				ValidityPeriods: []PeriodDraft{{Basis: "term", Renewal: "none"}},
				Acts:            []ActDraft{{Type: "signature"}, {}},
				Meetings:        []MeetingLinkDraft{{Relation: "signed-at"}},
				Relations:       []RelationDraft{{Type: "amends"}},
				ExternalIDs:     []ExternalIDDraft{{}},
				Sources:         []SourceDraft{{Language: "en", Supports: FactList{"signed"}}},
			},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown"},
		},
		"white space and line ends": {
			AgreementDraft{Kind: " plan ", Place: "\tMinsk\n", Summary: "one\r\ntwo\r\n",
				Titles: []TitleDraft{{Text: "  Treaty on fish "}}},
			AgreementDraft{Kind: "plan", Level: "unknown", Binding: "unknown", Place: "Minsk", Summary: "one\ntwo",
				Titles: []TitleDraft{{Language: "und", Text: "Treaty on fish"}}},
		},
		"an interval in one field": {
			AgreementDraft{ValidityPeriods: []PeriodDraft{{ValidFrom: "2026/2027"}, {ValidFrom: "2030/.."},
				{ValidFrom: "../2027"}}},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown", ValidityPeriods: []PeriodDraft{
				{ValidFrom: "2026", ValidUntil: "2027", Basis: "term", Renewal: "none"},
				{ValidFrom: "2030", Basis: "term", Renewal: "none"},
				{ValidUntil: "2027", Basis: "term", Renewal: "none"},
			}},
		},
		"an interval beside an end is left as it is": {
			AgreementDraft{ValidityPeriods: []PeriodDraft{{ValidFrom: "2026/2027", ValidUntil: "2028"}}},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown", ValidityPeriods: []PeriodDraft{
				{ValidFrom: "2026/2027", ValidUntil: "2028", Basis: "term", Renewal: "none"},
			}},
		},
		"subjects in one text": {
			AgreementDraft{Subjects: []string{"fish, grain;trade\nfish", "trade"}},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown",
				Subjects: []string{"fish", "grain", "trade"}},
		},
		"what a suggestion puts into a field": {
			AgreementDraft{
				Relations: []RelationDraft{{Target: "1042 · Treaty on fish"}, {Target: " 7 "}},
				Meetings:  []MeetingLinkDraft{{Meeting: "3 · Session, 2025"}},
			},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown",
				Relations: []RelationDraft{{Target: "1042"}, {Target: "7"}},
				Meetings:  []MeetingLinkDraft{{Meeting: "3", Relation: "signed-at"}},
			},
		},
		"a participation without a party, but with somebody who signed": {
			AgreementDraft{Participations: []ParticipationDraft{{Signatories: []SignatoryDraft{{Person: "A. Person"},
				{Place: " "}}}}},
			AgreementDraft{Kind: "agreement", Level: "unknown", Binding: "unknown", Participations: []ParticipationDraft{
				{Role: "party", Signatories: []SignatoryDraft{{Person: "A. Person"}}},
			}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := test.typed
			got.Tidy()
			if one, other := jsonOf(t, got), jsonOf(t, test.want); one != other {
				t.Errorf("got  %s\nwant %s", one, other)
			}
			again := got
			again.Tidy()
			if !reflect.DeepEqual(jsonOf(t, again), jsonOf(t, got)) {
				t.Errorf("tidied twice: %s", jsonOf(t, again))
			}
		})
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A number is read from a number and from a text, and written as a number where it
// is one; what is none is kept as it was typed.
func TestNumbersAreReadAsTheyAreTyped(t *testing.T) {
	tests := []struct {
		read    string
		kept    Number
		value   int64
		bad     bool
		written string
	}{
		{`12`, "12", 12, false, `12`},
		{`"12"`, "12", 12, false, `12`},
		{`null`, "", 0, false, `""`},
		{`""`, "", 0, false, `""`},
		{`"twelve"`, "twelve", 0, true, `"twelve"`},
		{`-3`, "-3", -3, true, `-3`},
		{`12.5`, "12.5", 0, true, `"12.5"`},
		{`2147483648`, "2147483648", 2147483648, true, `2147483648`},
		{`2147483647`, "2147483647", 2147483647, false, `2147483647`},
	}
	for _, test := range tests {
		var n Number
		if err := json.Unmarshal([]byte(test.read), &n); err != nil {
			t.Errorf("%s: %v", test.read, err)
			continue
		}
		if n != test.kept || n.Int() != test.value || n.bad() != test.bad {
			t.Errorf("%s: kept as %q, %d, bad %v", test.read, n, n.Int(), n.bad())
		}
		if written := jsonOf(t, n); written != test.written {
			t.Errorf("%s: written as %s, want %s", test.read, written, test.written)
		}
	}
}

func TestFactListsAreReadFromTextsAndLists(t *testing.T) {
	for read, want := range map[string][]string{
		`"signed place"`:      {"signed", "place"},
		`["signed","place"]`:  {"signed", "place"},
		`[ "signed" ]`:        {"signed"},
		`"signed,place"`:      {"signed", "place"},
		`""`:                  {},
		`[]`:                  {},
		`"signed   validity"`: {"signed", "validity"},
	} {
		var f FactList
		if err := json.Unmarshal([]byte(read), &f); err != nil || len(f) != len(want) {
			t.Errorf("%s: %v (%v)", read, f, err)
			continue
		}
		for i := range want {
			if f[i] != want[i] {
				t.Errorf("%s: %v, want %v", read, f, want)
			}
		}
	}
}
