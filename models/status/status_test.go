package status_test

import (
	"testing"

	"chancery/models/edtf"
	"chancery/models/status"

	"pgregory.net/rapid"
)

func facts(signed edtf.Day, parties ...string) status.Facts {
	return status.Facts{SignedEarliest: signed, SignedLatest: signed, Parties: parties}
}

func act(kind status.ActType, party string, day edtf.Day) status.Act {
	return status.Act{Type: kind, Party: party, Earliest: day, Latest: day}
}

func TestStatusFollowsTheTableOfTheDomain(t *testing.T) {
	bilateral := facts("2025-11-05", "BY", "RU")
	term := bilateral
	term.Periods = []status.Period{{From: "2026-01-01", Until: "2027-12-31"}}
	with := func(f status.Facts, acts ...status.Act) status.Facts { f.Acts = acts; return f }
	provisional := bilateral
	provisional.Periods = []status.Period{{From: "2025-12-01", Until: "2025-12-31", Provisional: true},
		{From: "2026-01-01"}}
	tacit := bilateral
	tacit.Periods = []status.Period{{From: "2026-01-01", Until: "2026-12-31", Tacit: true, RenewalMonths: 12,
		NoticeMonths: 6}}
	replaced := term
	replaced.ReplacedOn = "2026-07-01"
	partial := facts("", "BY", "RU")
	partial.SignedEarliest, partial.SignedLatest = "2025-01-01", "2025-12-31"
	entered := with(bilateral, act(status.EntryIntoForce, "BY", "2026-02-01"),
		act(status.EntryIntoForce, "RU", "2026-03-01"))
	open := term
	open.Acts = []status.Act{{Type: status.Termination, Earliest: "2026-01-01", Latest: "2026-12-31"}}
	tests := []struct {
		name  string
		facts status.Facts
		on    edtf.Day
		want  status.Status
		open  bool
	}{
		{"before signature", term, "2025-11-04", status.Proposed, false},
		{"signed", term, "2025-12-31", status.Signed, false},
		{"in force on the first day", term, "2026-01-01", status.InForce, false},
		{"in force on the last day", term, "2027-12-31", status.InForce, false},
		{"expired", term, "2028-01-01", status.Expired, false},
		{"provisionally applied", provisional, "2025-12-15", status.Provisional, false},
		{"in force after provisional application", provisional, "2026-01-01", status.InForce, false},
		{"suspended", with(term, act(status.Suspension, "", "2026-05-01")), "2026-06-01", status.Suspended, false},
		{"resumed", with(term, act(status.Suspension, "", "2026-05-01"), act(status.Resumption, "", "2026-06-01")),
			"2026-06-01", status.InForce, false},
		{"terminated", with(term, act(status.Termination, "", "2026-05-01")), "2026-05-01", status.Terminated, false},
		{"ended by one party's denunciation", with(term, act(status.Denunciation, "RU", "2026-05-01")), "2026-06-01",
			status.Terminated, false},
		{"replaced", replaced, "2026-07-01", status.Replaced, false},
		{"not yet replaced", replaced, "2026-06-30", status.InForce, false},
		{"renewed for years", tacit, "2040-06-01", status.InForce, false},
		{"denounced in a renewal", with(tacit, act(status.Denunciation, "BY", "2030-12-31")), "2031-01-01",
			status.Terminated, false},
		{"some day in 2025", partial, "2025-06-01", status.Proposed, true},
		{"after that year", partial, "2025-12-31", status.Signed, false},
		{"in force with the second entry", entered, "2026-02-15", status.Signed, false},
		{"in force by acts", entered, "2026-03-01", status.InForce, false},
		{"perhaps terminated", open, "2026-06-01", status.InForce, true},
		{"nothing known", facts("", "BY", "RU"), "2026-01-01", status.Proposed, false},
	}
	for _, test := range tests {
		if got := test.facts.Status(test.on); got != (status.State{Status: test.want, Uncertain: test.open}) {
			t.Errorf("%s: got %v, want %v uncertain %v", test.name, got, test.want, test.open)
		}
	}
}

// A party's own acts count in a multilateral agreement (traps 2 and 13).
func TestEachPartyHasItsOwnStatus(t *testing.T) {
	f := facts("1992-06-13", "FR", "DE", "BY", "US")
	f.Periods = []status.Period{{From: "1994-03-21"}}
	f.Acts = []status.Act{
		act(status.SignatureAct, "FR", "1992-06-13"), act(status.Ratification, "FR", "1993-05-01"),
		act(status.Accession, "DE", "2010-01-01"),
		act(status.Ratification, "BY", "1995-01-01"), act(status.Withdrawal, "BY", "2000-01-01"),
		act(status.Accession, "BY", "2005-01-01"),
		act(status.SignatureAct, "US", "1992-06-13"),
	}
	tests := []struct {
		party string
		on    edtf.Day
		want  status.Status
	}{
		{"FR", "1993-06-01", status.Signed}, {"FR", "1994-03-21", status.InForce}, {"DE", "2005-01-01", status.Proposed},
		{"DE", "2010-01-01", status.InForce},
		{"BY", "1996-01-01", status.InForce}, {"BY", "2002-01-01", status.Terminated}, {"BY", "2006-01-01", status.InForce},
		{"US", "2020-01-01", status.Signed},
	}
	for _, test := range tests {
		if got := f.PartyStatus(test.on, test.party); got.Status != test.want {
			t.Errorf("%s on %s: got %v, want %v", test.party, test.on, got.Status, test.want)
		}
	}
	if got := f.Status("2002-01-01").Status; got != status.InForce {
		t.Errorf("one party's withdrawal ended it for all: %v", got)
	}
}

func TestTacitRenewalIsComputed(t *testing.T) {
	p := status.Period{From: "2020-01-01", Until: "2022-12-31", Tacit: true, RenewalMonths: 24, NoticeMonths: 6}
	for on, want := range map[edtf.Day]edtf.Day{"2021-01-01": "2022-12-31", "2022-12-31": "2022-12-31",
		"2023-01-01": "2024-12-31", "2030-06-01": "2030-12-31"} {
		if got := p.NextEnd(on); got != want {
			t.Errorf("on %s the next end is %s, want %s", on, got, want)
		}
	}
	if got := p.NoticeBy("2022-12-31"); got != "2022-06-30" {
		t.Errorf("notice by %s, want 2022-06-30", got)
	}
	leap := status.Period{From: "2023-03-01", Until: "2024-02-29", Tacit: true, RenewalMonths: 12}
	if got := leap.NextEnd("2024-03-01"); got != "2025-02-28" {
		t.Errorf("a term ending on a leap day goes on to %s", got)
	}
}

var days = []edtf.Day{"1990-01-01", "1990-06-30", "1990-12-31", "1995-01-01", "2000-02-29", "2005-05-05", "2010-10-10",
	"2026-11-23"}

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
				got := status.State{Status: status.Proposed}
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

func randomFacts(t *rapid.T) status.Facts {
	f := status.Facts{Parties: []string{"BY", "RU", "FR", "DE"}[:rapid.IntRange(2, 4).Draw(t, "parties")]}
	if rapid.Bool().Draw(t, "signed") {
		f.SignedEarliest = randomDay(t, "signed")
		f.SignedLatest = max(f.SignedEarliest, randomDay(t, "signed latest"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "periods") {
		p := status.Period{From: randomDay(t, "from"), Provisional: rapid.Bool().Draw(t, "provisional")}
		if rapid.Bool().Draw(t, "ends") {
			p.Until = max(p.From, randomDay(t, "until"))
			p.Tacit, p.RenewalMonths = rapid.Bool().Draw(t, "tacit"), 12
		}
		f.Periods = append(f.Periods, p)
	}
	for range rapid.IntRange(0, 5).Draw(t, "acts") {
		d := status.Act{Type: status.ActType(rapid.SampledFrom(status.ActTypes).Draw(t, "type")),
			Earliest: randomDay(t, "act")}
		d.Latest = max(d.Earliest, randomDay(t, "act latest"))
		if rapid.Bool().Draw(t, "of a party") {
			d.Party = rapid.SampledFrom(f.Parties).Draw(t, "party")
		}
		f.Acts = append(f.Acts, d)
	}
	if rapid.IntRange(0, 4).Draw(t, "replaced") == 0 {
		f.ReplacedOn = randomDay(t, "replaced on")
	}
	return f
}

// probes are the days on which something can change, and their neighbours.
func probes(f status.Facts) (list []edtf.Day) {
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
	for _, d := range f.Acts {
		add(d.Earliest, d.Latest)
	}
	add(days...)
	return list
}
