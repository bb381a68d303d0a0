package models_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/testdb"

	"pgregory.net/rapid"
)

// A model is the register as a test remembers it: the drafts that stand, by number.
type model struct {
	drafts   map[int64]models.AgreementDraft
	versions map[int64]int
}

var (
	someParties  = []string{"BY", "RU", "FR", "DE", "KZ"}
	someKinds    = []string{"plan", "treaty", "protocol"}
	someSubjects = []string{"trade", "security", "fisheries"}
	somePlaces   = []string{"Minsk", "Paris", ""}
	someTitles   = []string{"Grain and wheat", "Fishing rights", "Border posts"}
)

func randomDraft(t *rapid.T, targets []int64) models.AgreementDraft {
	d := models.AgreementDraft{Titles: []models.TitleDraft{{Language: rapid.SampledFrom([]string{"en", "de"}).Draw(t,
		"language"), Text: rapid.SampledFrom(someTitles).Draw(t, "title")}},
		Kind: rapid.SampledFrom(someKinds).Draw(t, "kind"), Level: rapid.SampledFrom(models.Levels).Draw(t, "level"),
		Place:  rapid.SampledFrom(somePlaces).Draw(t, "place"),
		Signed: rapid.SampledFrom([]string{"1990", "1995-06", "2001-02-03", "2010-11-12?"}).Draw(t, "signed")}
	n := rapid.IntRange(2, 4).Draw(t, "parties")
	for i, code := range rapid.Permutation(someParties).Draw(t, "order")[:n] {
		p := models.ParticipationDraft{Party: code}
		if i == 2 {
			p.Role = rapid.SampledFrom(models.Roles).Draw(t, "role")
		}
		if rapid.Bool().Draw(t, "signs") {
			p.Signatories = []models.SignatoryDraft{{Person: rapid.SampledFrom([]string{"Anna Berg", "Wolfowitsch"}).Draw(t,
				"person")}}
		}
		d.Participations = append(d.Participations, p)
	}
	if rapid.Bool().Draw(t, "subject") {
		d.Subjects = []string{rapid.SampledFrom(someSubjects).Draw(t, "which")}
	}
	if rapid.Bool().Draw(t, "sourced") {
		d.Sources = []models.SourceDraft{{Publisher: "Gazette"}}
	}
	if rapid.Bool().Draw(t, "valid") {
		p := models.PeriodDraft{ValidFrom: string(randomDay(t, "from"))}
		if rapid.Bool().Draw(t, "ends") {
			p.ValidUntil = string(max(edtf.Day(p.ValidFrom), randomDay(t, "until")))
		}
		d.ValidityPeriods = []models.PeriodDraft{p}
	}
	for range rapid.IntRange(0, 2).Draw(t, "acts") {
		d.Acts = append(d.Acts, models.ActDraft{Type: rapid.SampledFrom(status.ActTypes).Draw(t, "act"),
			Date: string(randomDay(t, "date")), Party: d.Participations[0].Party})
	}
	if len(targets) > 0 && rapid.IntRange(0, 3).Draw(t, "replaces") == 0 {
		d.Relations = []models.RelationDraft{{Type: "replaces",
			Target: models.Number(fmt.Sprint(rapid.SampledFrom(targets).Draw(t, "target")))}}
	}
	return d
}

func randomFilter(t *rapid.T) models.Filter {
	f := models.Filter{On: randomDay(t, "on"), Limit: 1000}
	some := func(name string, list []string) []string {
		if rapid.IntRange(0, 4).Draw(t, name) > 0 {
			return nil
		}
		return []string{rapid.SampledFrom(list).Draw(t, "a "+name)}
	}
	if rapid.Bool().Draw(t, "pair") {
		two := rapid.Permutation(someParties).Draw(t, "of")
		f.Pair = models.PairOf(two[0], two[1])
	}
	f.Parties, f.Kinds, f.Levels, f.Subjects = some("party", someParties), some("kinds", someKinds),
		some("levels", models.Levels), some("subjects", someSubjects)
	f.Places, f.Languages, f.Precisions, f.Roles = some("places", somePlaces[:2]), some("tongues", []string{"en", "de"}),
		some("precisions", models.Precisions), some("roles", models.Roles)
	if sourced := some("with a source", models.YesNo); sourced != nil {
		f.Sourced = sourced[0]
	}
	if scope := some("scope", models.Scopes); scope != nil {
		f.Scope = scope[0]
	}
	if rapid.IntRange(0, 3).Draw(t, "by status") == 0 {
		f.Statuses = []status.Status{rapid.SampledFrom(status.Statuses).Draw(t, "status")}
	}
	if rapid.IntRange(0, 4).Draw(t, "by years") == 0 {
		f.From, f.Until = "1990", rapid.SampledFrom([]string{"1995", "2005"}).Draw(t, "last")
	}
	if rapid.IntRange(0, 4).Draw(t, "by end") == 0 {
		f.Ending = 24
	}
	return f
}

// meets tells by the pure functions alone whether an agreement is meant by a
// filter, and how it stands.
func meets(a *models.Agreement, o *status.Outcome, f models.Filter) (bool, status.State) {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	state, ends := status.At(o.Whole, f.On).State, lastInForce(o.Whole, f.On)
	codes := slices.DeleteFunc(slices.Concat(f.Pair[:], f.Parties), func(c string) bool { return c == "" })
	if len(codes) > 0 {
		state, ends = status.State{Status: status.InForce}, edtf.LastDay
		for _, code := range codes {
			i := slices.IndexFunc(a.Participations, func(p models.Participation) bool { return p.Party == code })
			if i < 0 {
				return false, state
			}
			if role := a.Participations[i].Role; len(f.Roles) == 0 && !slices.Contains(models.PartRoles, role) ||
				!in(f.Roles, role) {
				return false, state
			}
			spells := o.Parties[code]
			if spells == nil { // a depositary has no status of its own
				spells = o.Whole
			}
			if own := status.At(spells, f.On).State; own.Code() > state.Code() {
				state = own
			}
			ends = min(ends, lastInForce(spells, f.On))
		}
		slices.Sort(codes)
		codes = slices.Compact(codes)
		if len(codes) == 2 && codes[0] != codes[1] && o.Pair(codes[0], codes[1]) != nil {
			state = status.At(o.Pair(codes[0], codes[1]), f.On).State
			ends = lastInForce(o.Pair(codes[0], codes[1]), f.On)
		}
	} else if len(f.Roles) > 0 && !slices.ContainsFunc(a.Participations,
		func(p models.Participation) bool { return slices.Contains(f.Roles, p.Role) }) {
		return false, state
	}
	d := a.SignedDate()
	precision := map[string]string{"1990": "year", "1995-06": "month", "2001-02-03": "day",
		"2010-11-12?": "other"}[d.Written]
	scope := map[bool]string{true: "bilateral", false: "multilateral"}[a.Bilateral]
	sourced := map[bool]string{true: "yes", false: "no"}[len(a.Sources) > 0]
	subject := len(f.Subjects) == 0 || slices.ContainsFunc(a.Subjects,
		func(s models.Subject) bool { return slices.Contains(f.Subjects, s.Text) })
	years := f.From == "" || a.DatedLatest >= edtf.Day(f.From+"-01-01") && a.DatedEarliest <= edtf.Day(f.Until+"-12-31")
	concluded := status.At(o.Whole, f.On).State != status.State{Status: status.Proposed}
	st := len(f.Statuses) == 0 && concluded || slices.Contains(f.Statuses, state.Status)
	ending := f.Ending == 0 || state.Status == status.InForce && ends < f.On.AddMonths(f.Ending)
	return in(f.Kinds, a.Kind) && in(f.Levels, a.Level) && in(f.Places, a.Place) && in(f.Languages, a.TitleLanguage) &&
			in(f.Precisions, precision) &&
			(f.Scope == "" || f.Scope == scope) && (f.Sourced == "" || f.Sourced == sourced) && subject && years && st && ending,
		state
}

// lastInForce is the last day of being in force without a break from a day on.
func lastInForce(spells []status.Spell, on edtf.Day) edtf.Day {
	last := edtf.Day("")
	for _, s := range spells {
		if s.Status == status.InForce && (s.From <= on && on <= s.Until || last != "" && s.From == last.Add(1)) {
			last = s.Until
		}
	}
	if last == "" {
		return edtf.LastDay
	}
	return last
}

// Random operations on the register, and after them random filters, by the pure
// functions and by the register: lists, totals, states, the counts of every facet,
// what is drawn from them; then all again as the register stood after each
// operation. A new register is begun after so many sequences (R19).
func TestTheRegisterIsAsItsModel(t *testing.T) {
	const sequences = 50
	type moment struct {
		at     time.Time
		filter models.Filter
		want   string
	}
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			clock := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			var store *models.Store
			var m model
			var moments []moment
			past := func() {
				for i := 0; i < len(moments); i += max(1, len(moments)/60) {
					f := moments[i].filter
					f.Recorded = moments[i].at
					if got := said(t, store, f); got != moments[i].want {
						t.Fatalf("as recorded at %s under %s:\n%s\nwas\n%s", f.Recorded, f.Values("").Encode(), got, moments[i].want)
					}
				}
			}
			done := 0
			rapid.Check(t, func(rt *rapid.T) {
				if done%sequences == 0 {
					if past(); store != nil {
						store.Close()
					}
					store, moments = testdb.Open(t, testdb.Address(t, engine)), nil
					store.Now = func() time.Time { return clock }
					m = model{map[int64]models.AgreementDraft{}, map[int64]int{}}
				}
				done++
				for range rapid.IntRange(1, 3).Draw(rt, "operations") {
					clock = clock.Add(time.Hour)
					m.operate(rt, store)
				}
				agreements := m.read(rt, store)
				for range min(2, len(moments)) { // what was asked before the change is not answered from before it
					m.compare(rt, store, agreements, rapid.SampledFrom(moments).Draw(rt, "asked before").filter)
				}
				for range 4 {
					f := randomFilter(rt)
					m.compare(rt, store, agreements, f)
					moments = append(moments, moment{clock, f, said(rt, store, f)})
				}
			})
			past()
			t.Logf("%d sequences", done)
		})
	}
}

func (m *model) operate(t *rapid.T, store *models.Store) {
	ids := slices.Sorted(maps.Keys(m.drafts))
	what := rapid.IntRange(0, 5).Draw(t, "operation")
	if len(ids) == 0 || what < 3 {
		d := randomDraft(t, ids)
		id, err := store.Record(ctx, d, by)
		if err != nil {
			t.Fatal(err)
		}
		m.drafts[id], m.versions[id] = d, 1
		return
	}
	id := rapid.SampledFrom(ids).Draw(t, "which record")
	others := slices.DeleteFunc(ids, func(other int64) bool { return other == id })
	if what == 5 && len(others) > 0 {
		if err := store.Withdraw(ctx, id, m.versions[id], "test", by); err != nil {
			t.Fatal(err)
		}
		delete(m.drafts, id)
		return
	}
	d := randomDraft(t, others)
	version, err := store.Revise(ctx, id, m.versions[id], d, by)
	if err != nil {
		t.Fatal(err)
	}
	m.drafts[id], m.versions[id] = d, version
}

// read reads all agreements that there should be.
func (m *model) read(t *rapid.T, store *models.Store) map[int64]*models.Agreement {
	agreements := map[int64]*models.Agreement{}
	for id := range m.drafts {
		a, err := store.Agreement(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Outcome(ctx, a, "2000-01-01"); err != nil {
			t.Fatal(err)
		}
		agreements[id] = a
	}
	return agreements
}

// compare holds the register's answers under a filter against the functions'.
func (m *model) compare(t *rapid.T, store *models.Store, agreements map[int64]*models.Agreement, f models.Filter) {
	outcomes := map[int64]*status.Outcome{}
	for id, a := range agreements {
		outcomes[id] = a.Outcome
	}
	number := func(f models.Filter) (n int) {
		for id, a := range agreements {
			if meant, _ := meets(a, outcomes[id], f); meant {
				n++
			}
		}
		return n
	}
	page, err := store.Lists().Agreements(ctx, f, "en")
	if err != nil || int(page.Total) != number(f) || len(page.Items) != number(f) {
		for _, e := range page.Items {
			meant, state := meets(agreements[e.ID], outcomes[e.ID], f)
			t.Logf("%d is %v, meant %v %v: signed %q, %+v, %+v, %+v", e.ID, e.State, meant, state, agreements[e.ID].Signed, agreements[e.ID].Acts, agreements[e.ID].ValidityPeriods, outcomes[e.ID].Pair(f.Pair[0], f.Pair[1]))
		}
		t.Fatalf("%s: %d of %d listed (%v), want %d", f.Values("").Encode(), len(page.Items), page.Total, err, number(f))
	}
	for i, e := range page.Items {
		if _, state := meets(agreements[e.ID], outcomes[e.ID], f); state != e.State {
			t.Fatalf("%s: agreement %d is %v, want %v", f.Values("").Encode(), e.ID, e.State, state)
		}
		if i > 0 && (page.Items[i-1].DatedEarliest < e.DatedEarliest) {
			t.Fatalf("%s: not the newest first", f.Values("").Encode())
		}
	}
	counts, err := store.Statistics().Counts(ctx, f)
	if err != nil || counts.Total != number(f) {
		t.Fatalf("%s: counted %+v (%v), want %d", f.Values("").Encode(), counts, err, number(f))
	}
	m.comparePanel(t, store, outcomes, agreements, f)
	for _, facet := range counts.Facets {
		for _, v := range facet.Values {
			only := f
			switch facet.Name {
			case "status":
				s, _ := status.ParseStatus(v.Value)
				only.Statuses = []status.Status{s}
			case "kind":
				only.Kinds = []string{v.Value}
			case "level":
				only.Levels = []string{v.Value}
			case "scope":
				only.Scope = v.Value
			case "party":
				if slices.Contains(f.Parties, v.Value) {
					continue
				}
				n := 0
				for id, a := range agreements {
					if meant, _ := meets(a, outcomes[id], f); meant && slices.ContainsFunc(a.Participations,
						func(p models.Participation) bool {
							return p.Party == v.Value && slices.Contains(models.PartRoles, p.Role)
						}) {
						n++
					}
				}
				if n != v.Count {
					t.Fatalf("%s: party %s is counted %d, want %d", f.Values("").Encode(), v.Value, v.Count, n)
				}
				continue
			case "role":
				if f.Pair[0] != "" || len(f.Parties) > 0 {
					continue
				}
				only.Roles = []string{v.Value}
			case "subject":
				only.Subjects = []string{v.Value}
			case "place":
				only.Places = []string{v.Value}
			case "language":
				only.Languages = []string{v.Value}
			case "sourced":
				only.Sourced = v.Value
			case "precision":
				only.Precisions = []string{v.Value}
			case "ending":
				fmt.Sscan(v.Value, &only.Ending)
			default:
				continue
			}
			if want := number(only); v.Count != want {
				t.Fatalf("%s: %s %s is counted %d, want %d", f.Values("").Encode(), facet.Name, v.Value, v.Count, want)
			}
		}
	}
}

// said is what the register answers under a filter, in words that can be compared.
func said(t interface{ Fatal(...any) }, store *models.Store, f models.Filter) string {
	page, err := store.Lists().Agreements(ctx, f, "en")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(page.Total)
	for _, e := range page.Items {
		text += fmt.Sprintf("\n%d %s %s %s %v %v", e.ID, e.Title, e.Signed, e.Place, e.Parties, e.State)
	}
	counts, err := store.Statistics().Counts(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	years, err := store.Statistics().Years(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := store.Statistics().Matrix(ctx, f, someParties, "in-force")
	if err != nil {
		t.Fatal(err)
	}
	text += fmt.Sprintf("\n%v %v %v", counts.Facets, years, matrix.Cells)
	for row, err := range store.Statistics().Panel(ctx, f, "", false) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Standing != [status.Signed + 1]int{} || row.Concluded+row.Ended > 0 {
			text += fmt.Sprintf("\n%s-%s %d %d %v %d", row.A.Code, row.B.Code, row.Year, row.Concluded, row.Standing, row.Ended)
		}
	}
	return text
}

// A register of the schema before cards and search is brought up to date at its
// next start, and says the same (R9).
func TestAnOlderRegisterIsFilledIn(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			address := testdb.Address(t, engine)
			store := testdb.Open(t, address)
			record(t, store, seed())
			whales := record(t, store, agreement("Convention for the Regulation of Whaling", "1946-12-02", "US", "GB", "NO"))
			if err := store.Withdraw(ctx, record(t, store, agreement("Withdrawn", "2001", "BY", "RU")), 1, "test",
				by); err != nil {
				t.Fatal(err)
			}
			f := models.Filter{On: "2026-11-23", Limit: 100}
			want := said(t, store, f)
			if err := store.Downgrade(ctx, 1); err != nil {
				t.Fatal(err)
			}
			if err := store.Tamper("DELETE FROM party_codes WHERE scheme = 'gw'"); err != nil { // which it did not have
				t.Fatal(err)
			}
			store.Close()
			again := testdb.Open(t, address)
			if got := said(t, again, f); got != want {
				t.Errorf("after the upgrade\n%s\nbefore\n%s", got, want)
			}
			for query, id := range map[string]int64{"Вольфович": 1, "whale": whales, "whalling": whales} {
				page, err := again.Lists().Agreements(ctx, models.Filter{Query: query, On: "2026-11-23", Limit: 5}, "en")
				if err != nil || page.Total != 1 || page.Items[0].ID != id {
					t.Errorf("%s finds %+v (%v)", query, page.Items, err)
				}
			}
			intact(t, again)
			differing := 0
			if checked, err := again.Upkeep().Verify(ctx, func(models.Mismatch) { differing++ }); err != nil || differing > 0 ||
				checked != 3 {
				t.Errorf("%d of %d differ (%v)", differing, checked, err)
			}
		})
	}
}

// comparePanel holds a panel of pairs against the spells of all agreements, where
// the filter asks for nothing else.
func (m *model) comparePanel(t *rapid.T, store *models.Store, outcomes map[int64]*status.Outcome,
	agreements map[int64]*models.Agreement, f models.Filter) {
	if f.Pair[0] == "" {
		return
	}
	pair := models.Filter{On: f.On, Pair: f.Pair, From: "1990", Until: "2011"}
	for row, err := range store.Statistics().Panel(ctx, pair, "", false) {
		if err != nil {
			t.Fatal(err)
		}
		last := edtf.Day(fmt.Sprintf("%04d-12-31", row.Year))
		var want [status.Signed + 1]int
		for id, a := range agreements {
			takes := 0
			for _, p := range a.Participations {
				if slices.Contains(models.PartRoles, p.Role) && slices.Contains(f.Pair[:], p.Party) {
					takes++
				}
			}
			spells := outcomes[id].Pair(f.Pair[0], f.Pair[1])
			if st := status.At(spells, last).Status; takes == 2 && st <= status.Signed {
				want[st]++
			}
		}
		if row.Standing != want {
			t.Fatalf("%s-%s in %d: %v, want %v", row.A.Code, row.B.Code, row.Year, row.Standing, want)
		}
	}
}
