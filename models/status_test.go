package models_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/testdb"

	"pgregory.net/rapid"
)

var days = []edtf.Day{"1990-01-01", "1990-06-30", "1990-12-31", "1995-01-01", "2000-02-29", "2005-05-05", "2010-10-10",
	"2026-11-23"}

func randomDay(t *rapid.T, label string) edtf.Day {
	return days[rapid.IntRange(0, len(days)-1).Draw(t, label)].Add(rapid.IntRange(-2, 2).Draw(t, label+" shift"))
}

// The list's SQL says of each agreement, and of a pair, what the pure functions
// say, on random records (rule 4).
func TestTheListSaysWhatTheFunctionSays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		rapid.Check(t, func(rt *rapid.T) {
			draft := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: "Random"}}, Signed: "1990"}
			for _, code := range []string{"BY", "RU", "FR", "DE"}[:rapid.IntRange(2, 4).Draw(rt, "parties")] {
				draft.Participations = append(draft.Participations, models.ParticipationDraft{Party: code})
			}
			for range rapid.IntRange(0, 2).Draw(rt, "periods") {
				draft.ValidityPeriods = append(draft.ValidityPeriods, models.PeriodDraft{ValidFrom: string(randomDay(rt, "from")),
					Basis: rapid.SampledFrom(models.Bases).Draw(rt, "basis")})
			}
			for range rapid.IntRange(0, 4).Draw(rt, "acts") {
				act := models.ActDraft{Type: rapid.SampledFrom(status.ActTypes).Draw(rt, "type"),
					Date: string(randomDay(rt, "date"))}
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
			on := randomDay(rt, "on")
			f, err := store.Outcome(ctx, a, on)
			if err != nil {
				rt.Fatal(err)
			}
			second, worse := status.At(f.Parties["RU"], on).State, status.At(f.Pair("BY", "RU"), on).State
			for _, check := range []struct {
				filter models.Filter
				want   status.State
			}{{models.Filter{}, status.At(f.Whole, on).State}, {models.Filter{Parties: []string{"RU"}}, second},
				{models.Filter{Pair: models.PairOf("BY", "RU")}, worse}} {
				check.filter.On, check.filter.Limit, check.filter.Agreement = on, 5, id
				if status.At(f.Whole, on).State == (status.State{Status: status.Proposed}) { // lists leave it out, unless asked
					check.filter.Statuses = status.Statuses
				}
				page, err := store.Lists().Agreements(ctx, check.filter, "en")
				if err != nil || len(page.Items) != 1 || page.Items[0].State != check.want {
					rt.Fatalf("%+v: %+v (%v), want %v of %+v", check.filter, page.Items, err, check.want, f)
				}
				check.filter.Statuses = []status.Status{check.want.Status}
				if page, err := store.Lists().Agreements(ctx, check.filter, "en"); err != nil || page.Total != 1 {
					rt.Fatalf("by status: %d, %v", page.Total, err)
				}
			}
		})
	})
}

// The cases of the law hold of records as they are recorded, listed and counted:
// of the whole, of each party and of each pair.
func TestTheCasesOfTheLawHold(t *testing.T) {
	text, err := os.ReadFile("status/testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name    string
		Draft   models.AgreementDraft
		Related []struct {
			Type  string
			Draft models.AgreementDraft
		}
		Expect []struct {
			On             edtf.Day
			Whole          string
			Parties, Pairs map[string]string
		}
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) < 40 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	told := func(s status.State) string {
		return s.Status.String() + strings.Repeat("?", map[bool]int{true: 1}[s.Uncertain])
	}
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		for _, c := range cases {
			id := record(t, store, c.Draft)
			for _, r := range c.Related {
				r.Draft.Relations = []models.RelationDraft{{Type: r.Type, Target: models.Number(fmt.Sprint(id))}}
				record(t, store, r.Draft)
			}
			a, err := store.Agreement(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			listed := func(f models.Filter) string {
				f.Limit, f.Agreement = 5, id
				page, err := store.Lists().Agreements(ctx, f, "en")
				if err == nil && len(page.Items) == 0 { // a list leaves out what was not concluded
					return "proposed"
				}
				if err != nil || len(page.Items) != 1 {
					t.Fatalf("%s: %d lines, %v", c.Name, len(page.Items), err)
				}
				return told(page.Items[0].State)
			}
			for _, e := range c.Expect {
				o, err := store.Outcome(ctx, a, e.On)
				if err != nil {
					t.Fatal(err)
				}
				check := func(who, got, want string) {
					if want != "" && got != want {
						t.Errorf("%s: %s on %s is %s, want %s", c.Name, who, e.On, got, want)
					}
				}
				check("the whole", told(status.At(o.Whole, e.On).State), e.Whole)
				check("the line of the whole", listed(models.Filter{On: e.On}), e.Whole)
				for party, want := range e.Parties {
					check(party, told(status.At(o.Parties[party], e.On).State), want)
					check("the line of "+party, listed(models.Filter{On: e.On, Parties: []string{party}}), want)
				}
				for pair, want := range e.Pairs {
					one, other, _ := strings.Cut(pair, "-")
					check(pair, told(status.At(o.Pair(one, other), e.On).State), want)
					check("the line of "+pair, listed(models.Filter{On: e.On, Pair: models.PairOf(one, other)}), want)
				}
			}
		}
	})
}

// A page takes the same number of statements at ten agreements and at a thousand;
// so does every other reading.
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
		"list":      func() error { _, err := store.Lists().Agreements(ctx, f, "en"); return err },
		"counts":    func() error { _, err := store.Statistics().Counts(ctx, f); return err },
		"timeline":  func() error { _, err := store.Timelines().TimelinePage(ctx, f); return err },
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
