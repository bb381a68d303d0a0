package models

import (
	"slices"

	"chancery/models/bitmap"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A tally counts the agreements under every value of every facet: a card that meets
// all conditions counts everywhere, one that fails a single facet's counts under
// that facet alone.
type tally struct {
	total, uncertain, later           int
	status                            [status.Terminated + 1]int
	kind                              [len(kinds)]int
	level                             [len(levels)]int
	role                              [roleCount]int
	precision                         [len(precisions)]int
	scope                             [len(scopes)]int
	sourced                           [len(yesNo)]int
	work                              [len(works)]int
	ending                            []int
	subjects, places, series, tongues tallied
	parties, people, years, decades   tallied
	matched                           membership // while it is made: the list beside the counts is not made out again

	horizons    []int32
	year        int // of the card before, and between which days it is
	first, next int32
}

// newTally begins to count.
func (s *query) newTally() *tally {
	t := &tally{ending: make([]int, len(endings)), matched: membership{bitmap.New()}, first: 1}
	for _, months := range endings {
		t.horizons = append(t.horizons, s.On.AddMonths(months).Number())
	}
	return t
}

// add counts an agreement that meets all conditions; one that fails a single
// condition counts under that facet alone, which shows what choosing it would
// give.
func (t *tally) add(s *query, r *evaluation, fails facet, times int) {
	if fails&(fails-1) != 0 || fails == elsewhere {
		return
	}
	c := &r.card
	if c.Earliest < t.first || c.Earliest >= t.next {
		t.year = edtf.YearOf(c.Earliest)
		t.first, t.next = edtf.FirstOf(t.year), edtf.FirstOf(t.year+1)
	}
	if fails == 0 {
		if t.matched.Set != nil {
			t.matched.Add(c.ID)
		}
		t.total += times
		t.uncertain += times * int(r.state&1)
		if !c.undated() {
			t.years.add(uint32(t.year), times)
		}
		for _, p := range c.Parties {
			if p.takesPart() {
				t.parties.add(p.Party, times)
			}
		}
	}
	if fails == byStatus && len(s.Statuses) == 0 {
		t.later += times
	}
	t.addValues(s, r, fails, times)
	under := func(f facet) bool { return fails == 0 || fails == f }
	countEach(under(bySubject), c.Subjects, &t.subjects, times)
	countEach(under(bySeries), c.Series, &t.series, times)
	countEach(under(byLanguage), c.Languages, &t.tongues, times)
	countEach(under(byPerson), c.People, &t.people, times)
}

// addValues counts what a card has one value of, each under the filter without its
// own condition.
func (t *tally) addValues(s *query, r *evaluation, fails facet, times int) {
	c := &r.card
	under := func(f facet) bool { return fails == 0 || fails == f }
	if under(byStatus) {
		t.status[r.state/2] += times
	}
	if under(byKind) {
		t.kind[c.Kind] += times
	}
	if under(byLevel) {
		t.level[c.Level] += times
	}
	if under(byScope) && !c.alone() {
		t.scope[bit(!c.Bilateral)] += times
	}
	if under(byRole) {
		s.countRoles(c, &t.role, times)
	}
	if under(byWork) {
		for i := range t.work {
			t.work[i] += times * int(c.Work>>i&1)
		}
	}
	if under(byYears) && !c.undated() {
		t.decades.add(uint32(t.year/10*10), times)
	}
	if under(bySource) {
		t.sourced[bit(!c.Sourced)] += times
	}
	if under(byPrecision) {
		t.precision[c.Precision] += times
	}
	if under(byEnding) && status.Status(r.state/2) == status.InForce {
		for i, day := range t.horizons {
			if r.ends <= day {
				t.ending[i] += times
			}
		}
	}
	countEach(under(byPlace), c.Places, &t.places, times)
}

// merge adds what another walk has counted.
func (t *tally) merge(other *tally) {
	t.matched.merge(other.matched)
	t.total += other.total
	t.uncertain += other.uncertain
	t.later += other.later
	for _, pair := range [][2][]int{{t.status[:], other.status[:]}, {t.kind[:], other.kind[:]},
		{t.level[:], other.level[:]}, {t.role[:], other.role[:]},
		{t.precision[:], other.precision[:]}, {t.scope[:], other.scope[:]}, {t.sourced[:], other.sourced[:]},
		{t.ending, other.ending}, {t.work[:], other.work[:]}} {
		for i, n := range pair[1] {
			pair[0][i] += n
		}
	}
	t.subjects.merge(other.subjects)
	t.places.merge(other.places)
	t.series.merge(other.series)
	t.tongues.merge(other.tongues)
	t.parties.merge(other.parties)
	t.people.merge(other.people)
	t.years.merge(other.years)
	t.decades.merge(other.decades)
}

// countEach counts every number of a list.
func countEach(count bool, numbers []uint32, counts *tallied, times int) {
	if count {
		for _, n := range numbers {
			counts.add(n, times)
		}
	}
}

// countRoles counts an agreement once under each role that the parties asked for,
// or any, have in it.
func (s *query) countRoles(c *card, counts *[roleCount]int, times int) {
	var has [roleCount]bool
	for _, p := range c.Parties {
		if p.Role == continuedRole {
			continue
		}
		if len(s.sideWords) == 0 || slices.ContainsFunc(s.sideWords,
			func(side []uint32) bool { return slices.Contains(side, p.Party) }) {
			has[p.Role] = true
		}
	}
	for role, there := range has {
		counts[role] += times * bit(there)
	}
}
