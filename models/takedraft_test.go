package models

import "testing"

// What another draft says takes the place of what was said of the same; what it
// says nothing of stays.
func TestTakePutsWhatIsSaidInPlaceOfWhatWasSaid(t *testing.T) {
	was := func() AgreementDraft {
		return AgreementDraft{
			Titles:         []TitleDraft{{Language: "en", Text: "Treaty"}, {Language: "de", Text: "Vertrag", Authentic: true}},
			Kind:           "treaty",
			Place:          "Minsk",
			Participations: []ParticipationDraft{{Party: "BY", Role: "party", Institution: "Ministry"}},
			Acts: []ActDraft{{Party: "BY", Type: "ratification", Date: "2001"},
				{Party: "RU", Type: "ratification", Date: "2002"}},
			ValidityPeriods: []PeriodDraft{{ValidFrom: "2001", ValidUntil: "2005", Basis: "term", RenewalMonths: "12"}},
			Relations:       []RelationDraft{{Type: "amends", Target: "7"}},
			Subjects:        []string{"fish"},
			ExternalIDs:     []ExternalIDDraft{{Scheme: "unts", Value: "1"}},
			Sources:         []SourceDraft{{URL: "https://a.example", Title: "A", Quotation: "q"}, {Publisher: "B", Title: "B"}},
		}
	}
	tests := map[string]struct {
		from AgreementDraft
		want func(d *AgreementDraft)
	}{
		"nothing":  {AgreementDraft{}, func(*AgreementDraft) {}},
		"a scalar": {AgreementDraft{Place: "Moscow"}, func(d *AgreementDraft) { d.Place = "Moscow" }},
		"a title in a language": {AgreementDraft{Titles: []TitleDraft{{Language: "en", Text: "Treaty on fish"}}},
			func(d *AgreementDraft) { d.Titles[0].Text = "Treaty on fish" }},
		"a title stays authentic": {AgreementDraft{Titles: []TitleDraft{{Language: "de", Text: "Fischvertrag"}}},
			func(d *AgreementDraft) { d.Titles[1].Text = "Fischvertrag" }},
		"another language": {AgreementDraft{Titles: []TitleDraft{{Language: "ru", Text: "Договор"}}},
			func(d *AgreementDraft) {
				d.Titles = append(d.Titles, TitleDraft{Language: "ru", Text: "Договор"})
			}},
		"a party's role": {AgreementDraft{Participations: []ParticipationDraft{{Party: "BY", Role: "depositary"}}},
			func(d *AgreementDraft) { d.Participations[0].Role = "depositary" }},
		"another party": {AgreementDraft{Participations: []ParticipationDraft{{Party: "KZ", Role: "party"}}},
			func(d *AgreementDraft) {
				d.Participations = append(d.Participations, ParticipationDraft{Party: "KZ", Role: "party"})
			}},
		"an act of one party": {AgreementDraft{Acts: []ActDraft{{Party: "BY", Type: "ratification", Date: "2003"}}},
			func(d *AgreementDraft) {
				d.Acts = []ActDraft{{Party: "RU", Type: "ratification", Date: "2002"},
					{Party: "BY", Type: "ratification", Date: "2003"}}
			}},
		"the same acts again": {AgreementDraft{Acts: []ActDraft{{Party: "BY", Type: "ratification", Date: "2001"}}},
			func(*AgreementDraft) {}},
		"an end": {AgreementDraft{ValidityPeriods: []PeriodDraft{{ValidUntil: "2007"}}},
			func(d *AgreementDraft) { d.ValidityPeriods[0].ValidUntil = "2007" }},
		"a second period": {AgreementDraft{ValidityPeriods: []PeriodDraft{{}, {ValidFrom: "2008"}}},
			func(d *AgreementDraft) {
				d.ValidityPeriods = append(d.ValidityPeriods, PeriodDraft{ValidFrom: "2008"})
			}},
		"a relation that is there": {AgreementDraft{Relations: []RelationDraft{{Type: "amends", Target: "7"}}},
			func(*AgreementDraft) {}},
		"another relation": {AgreementDraft{Relations: []RelationDraft{{Type: "amends", Target: "8"}}},
			func(d *AgreementDraft) { d.Relations = append(d.Relations, RelationDraft{Type: "amends", Target: "8"}) }},
		"subjects": {AgreementDraft{Subjects: []string{"grain"}}, func(d *AgreementDraft) { d.Subjects = []string{"grain"} }},
		"an identifier of a list": {AgreementDraft{ExternalIDs: []ExternalIDDraft{{Scheme: "unts", Value: "2"}}},
			func(d *AgreementDraft) { d.ExternalIDs[0].Value = "2" }},
		"an identifier of another list": {AgreementDraft{ExternalIDs: []ExternalIDDraft{{Scheme: "ctc", Value: "2"}}},
			func(d *AgreementDraft) {
				d.ExternalIDs = append(d.ExternalIDs, ExternalIDDraft{Scheme: "ctc", Value: "2"})
			}},
		"a source of an address": {AgreementDraft{Sources: []SourceDraft{{URL: "https://a.example", Publisher: "P"}}},
			func(d *AgreementDraft) { d.Sources[0].Publisher = "P" }},
		"a source of a name": {AgreementDraft{Sources: []SourceDraft{{Publisher: "B", Title: "B", Accessed: "2026-01-01"}}},
			func(d *AgreementDraft) { d.Sources[1].Accessed = "2026-01-01" }},
		"another source": {AgreementDraft{Sources: []SourceDraft{{URL: "https://c.example"}}},
			func(d *AgreementDraft) { d.Sources = append(d.Sources, SourceDraft{URL: "https://c.example"}) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, want := was(), was()
			got.Take(test.from)
			test.want(&want)
			if one, other := jsonOf(t, got), jsonOf(t, want); one != other {
				t.Errorf("got  %s\nwant %s", one, other)
			}
			again := got
			again.Take(test.from)
			if one, other := jsonOf(t, again), jsonOf(t, got); one != other {
				t.Errorf("taken twice: %s\nonce: %s", one, other)
			}
		})
	}
}

func TestTakeKeepsWhoSigned(t *testing.T) {
	d := AgreementDraft{Participations: []ParticipationDraft{{Party: "BY", Signatories: []SignatoryDraft{
		{Person: "A. Person", Office: "Minister"}, {Person: "B. Person"}}}}}
	d.Take(AgreementDraft{Participations: []ParticipationDraft{{Party: "BY", Signatories: []SignatoryDraft{
		{Person: "A. Person", Signed: "2001-02-03", FullPowers: true}, {Person: "C. Person"}}}}})
	want := []SignatoryDraft{{Person: "A. Person", Office: "Minister", Signed: "2001-02-03", FullPowers: true},
		{Person: "B. Person"}, {Person: "C. Person"}}
	if got := jsonOf(t, d.Participations[0].Signatories); got != jsonOf(t, want) {
		t.Errorf("got  %s\nwant %s", got, jsonOf(t, want))
	}
}
