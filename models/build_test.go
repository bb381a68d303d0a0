package models_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// sound is a draft in which nothing is wrong.
func sound() models.AgreementDraft {
	return models.AgreementDraft{
		Titles: []models.TitleDraft{{Language: "en", Text: "Treaty on fish"}},
		Kind:   "treaty", Level: "interstate", Binding: "yes", Signed: "2001-02-03", Place: "Minsk",
		Participations: []models.ParticipationDraft{
			{Party: "Belarus", Role: "party", Institution: "Ministry",
				Signatories: []models.SignatoryDraft{{Person: "A. Person"}}},
			{Party: "RUS", Role: "party"},
		},
		ValidityPeriods: []models.PeriodDraft{{ValidFrom: "2002", ValidUntil: "2007", Basis: "term", Renewal: "tacit",
			RenewalMonths: "12",
			NoticeMonths:  "6"}},
		Acts: []models.ActDraft{{Party: "Russia", Type: "ratification", Date: "2001-05"}},
		Meetings: []models.MeetingLinkDraft{{Title: "Session", Held: "2001-02-03", Kind: "session",
			Relation: "signed-at"}},
		ExternalIDs: []models.ExternalIDDraft{{Scheme: "unts", Value: "1"}},
		Sources: []models.SourceDraft{{URL: "https://example.org", Published: "2001-02-04",
			Supports: models.FactList{"signed"}}},
	}
}

// Every fault of a draft is named at once, each at its field; nothing is written.
func TestEveryFaultOfADraftIsNamed(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	if err := store.Drafts().Check(ctx, 0, sound()); err != nil {
		t.Fatalf("a sound draft: %v", err)
	}
	other := sound()
	other.ExternalIDs = []models.ExternalIDDraft{{Scheme: "unts", Value: "2"}}
	if _, err := store.Record(ctx, other, by); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 4001)
	tests := map[string]struct {
		change func(d *models.AgreementDraft)
		want   string // field code, field code …
	}{
		"nothing": {func(d *models.AgreementDraft) { *d = models.AgreementDraft{} },
			"participations[0].party two_parties, signed one_date, titles[0].text required"},
		"no title": {func(d *models.AgreementDraft) { d.Titles = nil }, "titles[0].text required"},
		"a language that is none": {func(d *models.AgreementDraft) { d.Titles[0].Language = "english language" },
			"titles[0].language language"},
		"a title too long":     {func(d *models.AgreementDraft) { d.Titles[0].Text = long }, "titles[0].text too_long"},
		"a kind that is none":  {func(d *models.AgreementDraft) { d.Kind = "song" }, "kind choice"},
		"a level that is none": {func(d *models.AgreementDraft) { d.Level = "high" }, "level choice"},
		"perhaps binding":      {func(d *models.AgreementDraft) { d.Binding = "perhaps" }, "binding choice"},
		"three of them": {func(d *models.AgreementDraft) { d.Kind, d.Level, d.Binding = "a", "b", "c" },
			"binding choice, kind choice, level choice"},
		"a date that is none":   {func(d *models.AgreementDraft) { d.Signed = "soon" }, "signed date_form"},
		"a day that never was":  {func(d *models.AgreementDraft) { d.Signed = "2001-02-30" }, "signed date_day"},
		"a date that goes back": {func(d *models.AgreementDraft) { d.Signed = "2002/2001" }, "signed date_order"},
		"one party": {func(d *models.AgreementDraft) { d.Participations = d.Participations[:1]; d.Acts = nil },
			"participations[1].party two_parties"},
		"a party without a name": {func(d *models.AgreementDraft) { d.Participations[0].Party = "" },
			"participations[0].party required"},
		"a party that nobody knows": {func(d *models.AgreementDraft) { d.Participations[0].Party = "Atlantis" },
			"participations[0].party unknown_party"},
		"a party twice": {func(d *models.AgreementDraft) { d.Participations[0].Party = "Russia" },
			"participations[1].party party_twice"},
		"a role that is none": {func(d *models.AgreementDraft) { d.Participations[1].Role = "dancer" },
			"participations[1].role choice"},
		"somebody without a name": {func(d *models.AgreementDraft) {
			d.Participations[0].Signatories[0] = models.SignatoryDraft{Office: "Minister"}
		}, "participations[0].signatories[0].person required"},
		"a bad day of a signature": {func(d *models.AgreementDraft) { d.Participations[0].Signatories[0].Signed = "32 May" },
			"participations[0].signatories[0].signed date_form"},
		"an interval of a signature": {func(d *models.AgreementDraft) {
			d.Participations[0].Signatories[0].Signed = "2001/2002"
		},
			"participations[0].signatories[0].signed date_interval"},
		"an act of none who takes part": {func(d *models.AgreementDraft) { d.Acts[0].Party = "KZ" },
			"acts[0].party not_a_party"},
		"an act that is none": {func(d *models.AgreementDraft) { d.Acts[0].Type = "dancing" },
			"acts[0].type choice"},
		"a bad effective date": {func(d *models.AgreementDraft) { d.Acts[0].Effective = "2001-13" },
			"acts[0].effective date_month"},
		"a period that goes back": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].ValidUntil = "2001" },
			"validity_periods[0].valid_until date_order"},
		"a basis that is none": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].Basis = "luck" },
			"validity_periods[0].basis choice"},
		"a renewal that is none": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].Renewal = "luck" },
			"validity_periods[0].renewal choice"},
		"a tacit renewal without length": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].RenewalMonths = "" },
			"validity_periods[0].renewal_months renewal_length"},
		"a renewal of words": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].RenewalMonths = "twelve" },
			"validity_periods[0].renewal_months months"},
		"a notice of two centuries": {func(d *models.AgreementDraft) { d.ValidityPeriods[0].NoticeMonths = "2400" },
			"validity_periods[0].notice_months months"},
		"a meeting that is not there": {func(d *models.AgreementDraft) {
			d.Meetings = []models.MeetingLinkDraft{{Meeting: "999", Relation: "signed-at"}}
		}, "meetings[0].meeting unknown_meeting"},
		"a meeting by words": {func(d *models.AgreementDraft) {
			d.Meetings = []models.MeetingLinkDraft{{Meeting: "the last one", Relation: "signed-at"}}
		}, "meetings[0].meeting unknown_meeting"},
		"a meeting's relation": {func(d *models.AgreementDraft) { d.Meetings[0].Relation = "near" },
			"meetings[0].relation choice"},
		"a meeting without a title": {func(d *models.AgreementDraft) {
			d.Meetings[0].Title = ""
			d.Meetings[0].Place = "Minsk"
		},
			"meetings[0].title required"},
		"a relation to nothing": {func(d *models.AgreementDraft) {
			d.Relations = []models.RelationDraft{{Type: "amends", Target: "999"}}
		}, "relations[0].target unknown_agreement"},
		"a relation twice": {func(d *models.AgreementDraft) {
			d.Relations = []models.RelationDraft{{Type: "amends", Target: "1"}, {Type: "amends", Target: "1"}}
		}, "relations[1].target stated_twice"},
		"a relation that is none": {func(d *models.AgreementDraft) {
			d.Relations = []models.RelationDraft{{Type: "likes", Target: "1"}}
		}, "relations[0].type choice"},
		"an identifier of another": {func(d *models.AgreementDraft) { d.ExternalIDs[0].Value = "2" },
			"external_ids[0].value taken"},
		"an identifier twice": {func(d *models.AgreementDraft) { d.ExternalIDs = append(d.ExternalIDs, d.ExternalIDs[0]) },
			"external_ids[1].value taken"},
		"an identifier without a list": {func(d *models.AgreementDraft) { d.ExternalIDs[0].Scheme = "" },
			"external_ids[0].scheme required"},
		"a list without an identifier": {func(d *models.AgreementDraft) { d.ExternalIDs[0].Value = "" },
			"external_ids[0].value required"},
		"a source's address": {func(d *models.AgreementDraft) { d.Sources[0].URL = "ftp://example.org" },
			"sources[0].url url"},
		"a script as an address": {func(d *models.AgreementDraft) { d.Sources[0].URL = "javascript:alert(1)" },
			"sources[0].url url"},
		"a source's day": {func(d *models.AgreementDraft) { d.Sources[0].Published = "soon" },
			"sources[0].published date_form"},
		"a fact that is none": {func(d *models.AgreementDraft) {
			d.Sources[0].Supports = models.FactList{"weather"}
		}, "sources[0].supports choice"},
		"no date at all": {func(d *models.AgreementDraft) {
			d.Signed, d.ValidityPeriods, d.Acts, d.Meetings = "", nil, nil, nil
		}, "signed one_date"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := sound()
			test.change(&d)
			err := store.Drafts().Check(models.AskAll(ctx), 0, d)
			var invalid models.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("%v, want %s", err, test.want)
			}
			var got []string
			for _, field := range invalid.Fields() {
				got = append(got, fmt.Sprintf("%s %s", field, invalid[field].Code))
			}
			if joined := strings.Join(got, ", "); joined != test.want {
				t.Errorf("%s, want %s", joined, test.want)
			}
			if _, err := store.Record(models.AskAll(ctx), d, by); !errors.As(err, &invalid) {
				t.Errorf("it is recorded: %v", err)
			}
		})
	}
	for name, change := range map[string]func(d *models.AgreementDraft){
		"one party": func(d *models.AgreementDraft) { d.Participations, d.Acts = d.Participations[:1], nil },
		"none":      func(d *models.AgreementDraft) { d.Participations, d.Acts = nil, nil },
		"no date": func(d *models.AgreementDraft) {
			d.Signed, d.ValidityPeriods, d.Acts, d.Meetings = "", nil, nil, nil
		},
		"an act without a date": func(d *models.AgreementDraft) { d.Acts[0].Date, d.Acts[0].Note = "", "x" },
	} {
		d := sound()
		change(&d)
		if err := store.Drafts().Check(ctx, 0, d); err != nil {
			t.Errorf("a program may not record what has %s: %v", name, err)
		}
	}
	if size, err := store.Lists().Totals(ctx); err != nil || size.Agreements != 1 {
		t.Errorf("%d agreements (%v)", size.Agreements, err)
	}
}

// A draft that is sound is recorded as it says, and its revision says it again with
// the codes of parties and the numbers of meetings in it.
func TestASoundDraftIsRecordedAsItSays(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, engine))
			id, err := store.Record(ctx, sound(), by)
			if err != nil {
				t.Fatal(err)
			}
			a, err := store.Agreement(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if a.Parties != "BY;RU" || !a.Bilateral || a.SignedEarliest != "2001-02-03" || a.Title != "Treaty on fish" {
				t.Errorf("%+v", a)
			}
			if len(a.Participations) != 2 || a.Participations[0].Institution != "Ministry" ||
				a.Participations[0].Signatories[0].Person != "A. Person" || a.Participations[0].Signatories[0].PersonID == 0 {
				t.Errorf("the parties are %+v", a.Participations)
			}
			if p := a.ValidityPeriods[0]; p.FromDay != "2002-01-01" || p.UntilDay != "2007-12-31" || p.RenewalMonths != 12 {
				t.Errorf("the period is %+v", p)
			}
			if act := a.Acts[0]; act.Party != "RU" || act.DateEarliest != "2001-05-01" || act.DateLatest != "2001-05-31" {
				t.Errorf("the act is %+v", act)
			}
			revision, err := store.History().Revision(ctx, "agreement", fmt.Sprint(id), 1)
			if err != nil {
				t.Fatal(err)
			}
			d, err := revision.Draft()
			if err != nil || d.Participations[0].Party != "BY" || d.Participations[1].Party != "RU" || d.Acts[0].Party != "RU" ||
				d.Meetings[0].Meeting == "" || d.Meetings[0].Title != "" {
				t.Errorf("the revision says %s (%v)", revision.Record, err)
			}
			if err := store.Drafts().Check(ctx, id, d); err != nil {
				t.Errorf("what was recorded is no sound draft: %v", err)
			}
		})
	}
}

// An agreement whose sides sign on days of their own is dated by them.
func TestAnAgreementIsDatedByItsSignatories(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for name, test := range map[string]struct {
		days   [2]string
		signed string
		from   string
		until  string
	}{
		"the same day":        {[2]string{"2001-02-03", "2001-02-03"}, "2001-02-03", "2001-02-03", "2001-02-03"},
		"one after the other": {[2]string{"2001-02-03", "2001-03-04"}, "2001-02-03/2001-03-04", "2001-02-03", "2001-03-04"},
		"the other first":     {[2]string{"2001-03-04", "2001-02-03"}, "2001-02-03/2001-03-04", "2001-02-03", "2001-03-04"},
		"one known alone":     {[2]string{"", "2001-02-03"}, "2001-02-03", "2001-02-03", "2001-02-03"},
		"a month and a day":   {[2]string{"2001-02", "2001-03-04"}, "2001-02/2001-03-04", "2001-02-01", "2001-03-04"},
		"uncertain ones": {[2]string{"2001-02-03?", "2001-03-04~"}, "2001-02-03?/2001-03-04~", "2001-02-03",
			"2001-03-04"},
	} {
		d := sound()
		d.Signed, d.ExternalIDs = "", nil
		for i, day := range test.days {
			d.Participations[i].Signatories = []models.SignatoryDraft{{Person: fmt.Sprint("Person ", i), Signed: day}}
		}
		id, err := store.Record(ctx, d, by)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a, err := store.Agreement(ctx, id)
		if err != nil || a.Signed != test.signed || string(a.SignedEarliest) != test.from ||
			string(a.SignedLatest) != test.until {
			t.Errorf("%s: %s, from %s until %s (%v)", name, a.Signed, a.SignedEarliest, a.SignedLatest, err)
		}
	}
}
