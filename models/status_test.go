package models_test

import (
	"fmt"
	"testing"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/testdb"

	"pgregory.net/rapid"
)

func facts(signed edtf.Day, parties ...string) models.Facts {
	return models.Facts{SignedEarliest: signed, SignedLatest: signed, Parties: parties}
}

func deed(kind models.ActType, party string, day edtf.Day) models.Deed {
	return models.Deed{Type: kind, Party: party, Earliest: day, Latest: day}
}

func TestStatusFollowsTheTableOfTheDomain(t *testing.T) {
	bilateral := facts("2025-11-05", "BY", "RU")
	term := bilateral
	term.Periods = []models.Period{{From: "2026-01-01", Until: "2027-12-31"}}
	with := func(f models.Facts, deeds ...models.Deed) models.Facts { f.Deeds = deeds; return f }
	provisional := bilateral
	provisional.Periods = []models.Period{{From: "2025-12-01", Until: "2025-12-31", Provisional: true}, {From: "2026-01-01"}}
	tacit := bilateral
	tacit.Periods = []models.Period{{From: "2026-01-01", Until: "2026-12-31", Tacit: true, RenewalMonths: 12, NoticeMonths: 6}}
	replaced := term
	replaced.ReplacedOn = "2026-07-01"
	partial := facts("", "BY", "RU")
	partial.SignedEarliest, partial.SignedLatest = "2025-01-01", "2025-12-31"
	entered := with(bilateral, deed(models.EntryIntoForce, "BY", "2026-02-01"), deed(models.EntryIntoForce, "RU", "2026-03-01"))
	open := term
	open.Deeds = []models.Deed{{Type: models.Termination, Earliest: "2026-01-01", Latest: "2026-12-31"}}
	tests := []struct {
		name  string
		facts models.Facts
		on    edtf.Day
		want  models.Status
		open  bool
	}{
		{"before signature", term, "2025-11-04", models.Proposed, false},
		{"signed", term, "2025-12-31", models.Signed, false},
		{"in force on the first day", term, "2026-01-01", models.InForce, false},
		{"in force on the last day", term, "2027-12-31", models.InForce, false},
		{"expired", term, "2028-01-01", models.Expired, false},
		{"provisionally applied", provisional, "2025-12-15", models.Provisional, false},
		{"in force after provisional application", provisional, "2026-01-01", models.InForce, false},
		{"suspended", with(term, deed(models.Suspension, "", "2026-05-01")), "2026-06-01", models.Suspended, false},
		{"resumed", with(term, deed(models.Suspension, "", "2026-05-01"), deed(models.Resumption, "", "2026-06-01")), "2026-06-01", models.InForce, false},
		{"terminated", with(term, deed(models.Termination, "", "2026-05-01")), "2026-05-01", models.Terminated, false},
		{"ended by one party's denunciation", with(term, deed(models.Denunciation, "RU", "2026-05-01")), "2026-06-01", models.Terminated, false},
		{"replaced", replaced, "2026-07-01", models.Replaced, false},
		{"not yet replaced", replaced, "2026-06-30", models.InForce, false},
		{"renewed for years", tacit, "2040-06-01", models.InForce, false},
		{"denounced in a renewal", with(tacit, deed(models.Denunciation, "BY", "2030-12-31")), "2031-01-01", models.Terminated, false},
		{"some day in 2025", partial, "2025-06-01", models.Proposed, true},
		{"after that year", partial, "2025-12-31", models.Signed, false},
		{"in force with the second entry", entered, "2026-02-15", models.Signed, false},
		{"in force by acts", entered, "2026-03-01", models.InForce, false},
		{"perhaps terminated", open, "2026-06-01", models.InForce, true},
		{"nothing known", facts("", "BY", "RU"), "2026-01-01", models.Proposed, false},
	}
	for _, test := range tests {
		if got := test.facts.Status(test.on); got != (models.State{Status: test.want, Uncertain: test.open}) {
			t.Errorf("%s: got %v, want %v uncertain %v", test.name, got, test.want, test.open)
		}
	}
}

// A party's own acts count in a multilateral agreement (traps 2 and 13).
func TestEachPartyHasItsOwnStatus(t *testing.T) {
	f := facts("1992-06-13", "FR", "DE", "BY", "US")
	f.Periods = []models.Period{{From: "1994-03-21"}}
	f.Deeds = []models.Deed{
		deed(models.SignatureAct, "FR", "1992-06-13"), deed(models.Ratification, "FR", "1993-05-01"),
		deed(models.Accession, "DE", "2010-01-01"),
		deed(models.Ratification, "BY", "1995-01-01"), deed(models.Withdrawal, "BY", "2000-01-01"), deed(models.Accession, "BY", "2005-01-01"),
		deed(models.SignatureAct, "US", "1992-06-13"),
	}
	tests := []struct {
		party string
		on    edtf.Day
		want  models.Status
	}{
		{"FR", "1993-06-01", models.Signed}, {"FR", "1994-03-21", models.InForce}, {"DE", "2005-01-01", models.Proposed}, {"DE", "2010-01-01", models.InForce},
		{"BY", "1996-01-01", models.InForce}, {"BY", "2002-01-01", models.Terminated}, {"BY", "2006-01-01", models.InForce}, {"US", "2020-01-01", models.Signed},
	}
	for _, test := range tests {
		if got := f.PartyStatus(test.on, test.party); got.Status != test.want {
			t.Errorf("%s on %s: got %v, want %v", test.party, test.on, got.Status, test.want)
		}
	}
	if got := f.Status("2002-01-01").Status; got != models.InForce {
		t.Errorf("one party's withdrawal ended it for all: %v", got)
	}
}

func TestTacitRenewalIsComputed(t *testing.T) {
	p := models.Period{From: "2020-01-01", Until: "2022-12-31", Tacit: true, RenewalMonths: 24, NoticeMonths: 6}
	for on, want := range map[edtf.Day]edtf.Day{"2021-01-01": "2022-12-31", "2022-12-31": "2022-12-31", "2023-01-01": "2024-12-31", "2030-06-01": "2030-12-31"} {
		if got := p.NextEnd(on); got != want {
			t.Errorf("on %s the next end is %s, want %s", on, got, want)
		}
	}
	if got := p.NoticeBy("2022-12-31"); got != "2022-06-30" {
		t.Errorf("notice by %s, want 2022-06-30", got)
	}
	leap := models.Period{From: "2023-03-01", Until: "2024-02-29", Tacit: true, RenewalMonths: 12}
	if got := leap.NextEnd("2024-03-01"); got != "2025-02-28" {
		t.Errorf("a term ending on a leap day goes on to %s", got)
	}
}

var days = []edtf.Day{"1990-01-01", "1990-06-30", "1990-12-31", "1995-01-01", "2000-02-29", "2005-05-05", "2010-10-10", "2026-11-23"}

// The spans say on every day what the pure function says of it.
func TestSpansSayWhatTheFunctionSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomFacts(t)
		for _, party := range append([]string{""}, f.Parties...) {
			spans := f.Spans(party)
			for _, on := range probes(f) {
				want := f.PartyStatus(on, party)
				if party == "" {
					want = f.Status(on)
				}
				got := models.State{Status: models.Proposed}
				for _, s := range spans {
					if s.From <= on && on <= s.Until {
						got = s.State
					}
				}
				if got != want {
					t.Fatalf("%q on %s: spans say %v, the function %v\n%+v\n%+v", party, on, got, want, f, spans)
				}
			}
		}
	})
}

func randomDay(t *rapid.T, label string) edtf.Day {
	return days[rapid.IntRange(0, len(days)-1).Draw(t, label)].Add(rapid.IntRange(-2, 2).Draw(t, label+" shift"))
}

func randomFacts(t *rapid.T) models.Facts {
	f := models.Facts{Parties: []string{"BY", "RU", "FR", "DE"}[:rapid.IntRange(2, 4).Draw(t, "parties")]}
	if rapid.Bool().Draw(t, "signed") {
		f.SignedEarliest = randomDay(t, "signed")
		f.SignedLatest = max(f.SignedEarliest, randomDay(t, "signed latest"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "periods") {
		p := models.Period{From: randomDay(t, "from"), Provisional: rapid.Bool().Draw(t, "provisional")}
		if rapid.Bool().Draw(t, "ends") {
			p.Until = max(p.From, randomDay(t, "until"))
			p.Tacit, p.RenewalMonths = rapid.Bool().Draw(t, "tacit"), 12
		}
		f.Periods = append(f.Periods, p)
	}
	for range rapid.IntRange(0, 5).Draw(t, "deeds") {
		d := models.Deed{Type: models.ActType(rapid.SampledFrom(models.ActTypes).Draw(t, "type")), Earliest: randomDay(t, "deed")}
		d.Latest = max(d.Earliest, randomDay(t, "deed latest"))
		if rapid.Bool().Draw(t, "of a party") {
			d.Party = rapid.SampledFrom(f.Parties).Draw(t, "party")
		}
		f.Deeds = append(f.Deeds, d)
	}
	if rapid.IntRange(0, 4).Draw(t, "replaced") == 0 {
		f.ReplacedOn = randomDay(t, "replaced on")
	}
	return f
}

// probes are the days on which something can change, and their neighbours.
func probes(f models.Facts) (list []edtf.Day) {
	add := func(ds ...edtf.Day) {
		for _, d := range ds {
			if d != "" {
				list = append(list, d.Add(-1), d, d.Add(1))
			}
		}
	}
	add(f.SignedEarliest, f.SignedLatest, f.ReplacedOn)
	for _, p := range f.Periods {
		add(p.From, p.Until)
	}
	for _, d := range f.Deeds {
		add(d.Earliest, d.Latest)
	}
	add(days...)
	return list
}

// The list's SQL says of each agreement, and of a pair, what the pure functions say, on random records (rule 4).
func TestTheListSaysWhatTheFunctionSays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		rapid.Check(t, func(rt *rapid.T) {
			draft := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: "Random"}}, Signed: "1990"}
			for _, code := range []string{"BY", "RU", "FR", "DE"}[:rapid.IntRange(2, 4).Draw(rt, "parties")] {
				draft.Participations = append(draft.Participations, models.ParticipationDraft{Party: code})
			}
			for range rapid.IntRange(0, 2).Draw(rt, "periods") {
				draft.ValidityPeriods = append(draft.ValidityPeriods, models.PeriodDraft{ValidFrom: string(randomDay(rt, "from")), Basis: rapid.SampledFrom(models.Bases).Draw(rt, "basis")})
			}
			for range rapid.IntRange(0, 4).Draw(rt, "acts") {
				act := models.ActDraft{Type: rapid.SampledFrom(models.ActTypes).Draw(rt, "type"), Date: string(randomDay(rt, "date"))}
				if rapid.Bool().Draw(rt, "partial") {
					act.Date = act.Date[:4]
				}
				if rapid.Bool().Draw(rt, "of a party") {
					act.Party = rapid.SampledFrom(draft.Participations).Draw(rt, "party").Party
				}
				draft.Acts = append(draft.Acts, act)
			}
			id, err := store.Record(ctx, draft, by)
			if err != nil {
				rt.Fatal(err)
			}
			a, err := store.Agreement(ctx, id)
			if err != nil {
				rt.Fatal(err)
			}
			f := a.Facts("")
			on := randomDay(rt, "on")
			first, second := f.PartyStatus(on, "BY"), f.PartyStatus(on, "RU")
			worse := first
			if second.Status > first.Status || second.Status == first.Status && second.Uncertain {
				worse = second
			}
			for _, check := range []struct {
				filter models.Filter
				want   models.State
			}{{models.Filter{}, f.Status(on)}, {models.Filter{Parties: []string{"RU"}}, second}, {models.Filter{Pair: models.PairOf("BY", "RU")}, worse}} {
				check.filter.On, check.filter.Limit, check.filter.Agreement = on, 5, id
				page, err := store.Agreements(ctx, check.filter, "en")
				if err != nil || len(page.Items) != 1 || page.Items[0].State != check.want {
					rt.Fatalf("%+v: %+v (%v), want %v of %+v", check.filter, page.Items, err, check.want, f)
				}
				check.filter.Statuses = []models.Status{check.want.Status}
				if page, err := store.Agreements(ctx, check.filter, "en"); err != nil || page.Total != 1 {
					rt.Fatalf("by status: %d, %v", page.Total, err)
				}
			}
		})
	})
}

// A page takes the same number of statements at ten agreements and at a thousand; so does every other reading.
func TestStatementsDoNotGrowWithTheRegister(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		fill := func(n int) {
			for range n {
				d := seed()
				d.Meetings = nil
				record(t, store, d)
			}
		}
		fill(5)
		statements(t, store) // the codes of parties are looked up once in the life of the program
		before := statements(t, store)
		fill(95)
		statements(t, store) // what changed is read once
		if after := statements(t, store); fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("at 5 agreements %v, at 100 %v", before, after)
		}
	})
}

func statements(t *testing.T, store *models.Store) map[string]int {
	f := models.Filter{Pair: models.PairOf("BY", "RU"), Predecessors: true, On: "2026-11-23", Limit: 50}
	counted := map[string]int{}
	for name, read := range map[string]func() error{
		"list":      func() error { _, err := store.Agreements(ctx, f, "en"); return err },
		"counts":    func() error { _, err := store.Counts(ctx, f); return err },
		"timeline":  func() error { _, err := store.TimelinePage(ctx, f); return err },
		"agreement": func() error { _, err := store.Agreement(ctx, 1); return err },
	} {
		counted[name] = store.CountStatements(func() {
			if err := read(); err != nil {
				t.Fatal(err)
			}
		})
		if counted[name] == 0 {
			t.Errorf("no statement of %s was counted", name)
		}
	}
	return counted
}
