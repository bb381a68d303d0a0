package models

import (
	"fmt"
	"strings"
	"testing"

	"chancery/models/edtf"
	"chancery/models/status"
)

// told writes events as lines: event, date, whose, place, note.
func told(rows []eventRow) string {
	var lines []string
	for _, e := range rows {
		line := strings.Join(strings.Fields(strings.Join([]string{e.Event, e.Date, e.Party, e.Place, e.Note}, " ")), " ")
		lines = append(lines, fmt.Sprintf("%s #%d", line, e.Ordinal))
	}
	return strings.Join(lines, "; ")
}

// act is an act of a participation, or of all.
func anAct(kind status.ActType, date string, participation int64) Act {
	d, err := edtf.ParseDate(date)
	if err != nil {
		panic(err)
	}
	a := Act{Type: kind, Date: date, DateEarliest: d.Earliest, DateLatest: d.Latest}
	if participation != 0 {
		a.ParticipationID = &participation
	}
	return a
}

// The timeline of a record is made of its facts alone.
func TestEventsAreMadeOfFacts(t *testing.T) {
	base := func() *Agreement {
		return &Agreement{ID: 7, Bilateral: true, Place: "Minsk", Participations: []Participation{
			{ID: 1, Party: "BY", Role: "party"}, {ID: 2, Party: "RU", Role: "party"}}}
	}
	tests := map[string]struct {
		change func(a *Agreement)
		want   string
	}{
		"nothing is known": {func(*Agreement) {}, ""},
		"a date of signature alone": {func(a *Agreement) {
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001-02-03", "2001-02-03", "2001-02-03"
		},
			"signature 2001-02-03 Minsk #1"},
		"somebody signed for one side": {func(a *Agreement) {
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001-02-03", "2001-02-03", "2001-02-03"
			a.Participations[0].Signatories = []Signatory{{ID: 9, Person: "A"}}
		}, "signature 2001-02-03 BY Minsk #1; signature 2001-02-03 RU Minsk #2"},
		"each side on its own day": {func(a *Agreement) {
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001-02-03/2001-03-04", "2001-02-03", "2001-03-04"
			a.Participations[0].Signatories = []Signatory{{ID: 9, Signed: "2001-02-03", SignedEarliest: "2001-02-03",
				SignedLatest: "2001-02-03"}}
			a.Participations[1].Signatories = []Signatory{{ID: 10, Signed: "2001-03-04", SignedEarliest: "2001-03-04",
				SignedLatest: "2001-03-04", Place: "Moscow"}}
		}, "signature 2001-02-03 BY Minsk #1; signature 2001-03-04 RU Moscow #2"},
		"a signature as an act": {func(a *Agreement) {
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001-02-03", "2001-02-03", "2001-02-03"
			a.Acts = []Act{anAct(status.SignatureAct, "2001-02-03", 1)}
		}, "signature 2001-02-03 BY Minsk #1; signature 2001-02-03 RU Minsk #2"},
		"of several parties only those who are said to have signed": {func(a *Agreement) {
			a.Bilateral = false
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001", "2001-01-01", "2001-12-31"
			a.Acts = []Act{anAct(status.SignatureAct, "2001-02-03", 1)}
		}, "signature 2001-02-03 BY Minsk #1"},
		"other acts": {func(a *Agreement) {
			a.Acts = []Act{anAct(status.Ratification, "2001-05", 2), anAct(status.Termination, "2010-01-01", 0)}
			a.Acts[0].Note, a.Acts[0].Effective = "by law", "2001-06"
		}, "ratification 2001-05 RU by law (effective 2001-06) #1; termination 2010-01-01 #1"},
		"a meeting": {func(a *Agreement) {
			a.Meetings = []AgreementMeeting{{Relation: "signed-at", Meeting: &Meeting{ID: 3, Held: "2001-02",
				HeldEarliest: "2001-02-01",
				HeldLatest:   "2001-02-28", Place: "Brest"}}, {Relation: "reviewed-at", Meeting: &Meeting{ID: 4}}}
		}, "meeting 2001-02 Brest signed-at #1"},
		"a depositary signs nothing": {func(a *Agreement) {
			a.Signed, a.SignedEarliest, a.SignedLatest = "2001-02-03", "2001-02-03", "2001-02-03"
			a.Participations = append(a.Participations, Participation{ID: 3, Party: "UN", Role: "depositary"})
			a.Participations[0].Signatories = []Signatory{{ID: 9}}
		}, "signature 2001-02-03 BY Minsk #1; signature 2001-02-03 RU Minsk #2"},
		"an open date": {func(a *Agreement) { a.Signed, a.SignedLatest = "../2001", "2001-12-31" },
			"signature ../2001 Minsk #1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := base()
			test.change(a)
			rows := a.deriveEvents(a.Facts(surroundings{}).Outcome())
			if got := told(rows); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			for _, e := range rows {
				if e.AgreementID == nil || *e.AgreementID != 7 || e.DateEarliest == "" || e.DateLatest == "" || e.KnownFrom == "" ||
					e.DateEarliest > e.DateLatest {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

func TestPeriodsHaveTheirEvents(t *testing.T) {
	for name, test := range map[string]struct {
		p    ValidityPeriod
		want []string // that are among them
	}{
		"a term": {ValidityPeriod{ValidFrom: "2026", FromDay: "2026-01-01", ValidUntil: "2027", UntilDay: "2027-12-31",
			Basis:   "term",
			Renewal: "none"}, []string{"validity-begins 2026", "validity-ends 2027"}},
		"open at the end": {ValidityPeriod{ValidFrom: "2026-05-01", FromDay: "2026-05-01", Basis: "entry-into-force",
			Renewal: "none"},
			[]string{"validity-begins 2026-05-01"}},
		"open at the beginning": {ValidityPeriod{ValidUntil: "2027", UntilDay: "2027-12-31", Basis: "term", Renewal: "none"},
			[]string{"validity-ends 2027"}},
		"with notice": {ValidityPeriod{ValidFrom: "2026", FromDay: "2026-01-01", ValidUntil: "2027", UntilDay: "2027-12-31",
			Basis:   "term",
			Renewal: "tacit", RenewalMonths: 12, NoticeMonths: 6}, []string{"validity-begins 2026", "notice-deadline",
			"renewal-due"}},
	} {
		var rows []eventRow
		test.p.events(func(e eventRow) { rows = append(rows, e) })
		got := told(rows)
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s lacks %s", name, got, want)
			}
		}
		if !strings.Contains(strings.Join(test.want, " "), "begins") && strings.Contains(got, "begins") ||
			!strings.Contains(strings.Join(test.want, " "), "renewal") && strings.Contains(got, "renewal-due") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
