package models

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"chancery/models/edtf"
	"chancery/models/status"

	"github.com/RoaringBitmap/roaring/v2"
)

// A selection is a filter with its parties made out, against the register as it stands or stood: what lists, counts,
// pictures and panels are read from, all of them of one snapshot. Others may walk over the cards when it is released.
type selection struct {
	Filter
	*snapshot
	cache   *cache
	sides   [][]string // for each party asked for the codes that count as it
	found   *roaring.Bitmap
	outside bool  // restricted agreements are not there
	past    *past // the register as it stood at Recorded; nil is now
	release func()

	codes, texts     []string // of parties and of all other words, by their numbers in the index
	on               int32
	from, until      int32
	endsBy           int32
	sideWords        [][]uint32
	subjects, places map[uint32]bool
	series, tongues  map[uint32]bool
	people           map[uint32]bool
	byLists          bool // the filter asks for something that is in a card's lists
	statuses         [status.Terminated + 1]bool
	kinds            [len(kinds)]bool
	levels           [len(levels)]bool
	precisions       [len(precisions)]bool
	roles            [roleCount]bool
}

// choose makes out the parties of a filter and what its words find. Release the selection when it is no longer read.
func (s *Store) choose(ctx context.Context, f Filter) (*selection, error) {
	sel := &selection{Filter: f, cache: s.index.cache, release: func() {}, outside: !insider(ctx)}
	var err error
	if sel.sides, err = s.sides(ctx, f); err != nil {
		return nil, err
	}
	if !f.Recorded.IsZero() {
		if sel.past, err = s.past(ctx, f.Recorded); err != nil {
			return nil, err
		}
	}
	if f.Query != "" || f.Text != "" {
		if sel.found, err = s.find(ctx, f, sel.past); err != nil {
			return nil, err
		}
	}
	if sel.snapshot, sel.release, err = s.view(ctx); err != nil {
		return nil, err
	}
	sel.compile()
	return sel, nil
}

// sides makes out the parties that a filter names, each with the codes that count as it.
func (s *Store) sides(ctx context.Context, f Filter) (sides [][]string, err error) {
	asked := slices.DeleteFunc([]string{f.Pair[0], f.Pair[1]}, func(code string) bool { return code == "" })
	for _, code := range f.Parties {
		if !slices.Contains(asked, code) {
			asked = append(asked, code)
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	codes, err := s.canonical(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, code := range codes {
		if slices.Contains(codes[:i], code) {
			continue
		}
		side := []string{code}
		if f.Predecessors {
			lineage, err := s.Lineage(ctx, code)
			if err != nil {
				return nil, err
			}
			side = append(side, lineage...)
		}
		sides = append(sides, side)
	}
	return sides, nil
}

// never is a day after all days.
const never = math.MaxInt32

// compile turns the filter's values into those of the index. A value that no card has stays without a number.
func (s *selection) compile() {
	s.on = s.On.Number()
	s.from, s.until, s.endsBy = math.MinInt32, never, never
	if from, until := s.span(); from != "" || until != "" {
		if from != "" {
			s.from = from.Number()
		}
		if until != "" {
			s.until = until.Number()
		}
	}
	if s.Ending > 0 {
		s.endsBy = s.On.AddMonths(s.Ending).Number()
	}
	s.codes, s.texts = s.snapshot.parties.list(), s.words.list()
	s.sideWords = nil
	for _, side := range s.sides {
		words := []uint32{}
		for _, code := range side {
			if n, ok := s.snapshot.parties.find(code); ok {
				words = append(words, n)
			}
		}
		s.sideWords = append(s.sideWords, words)
	}
	set := func(texts []string) map[uint32]bool {
		if len(texts) == 0 {
			return nil
		}
		numbers := map[uint32]bool{}
		for _, text := range texts {
			if n, ok := s.words.find(text); ok {
				numbers[n] = true
			}
		}
		return numbers
	}
	s.subjects, s.places, s.series, s.tongues = set(s.Subjects), set(s.Places), set(s.Series), set(s.Languages)
	if len(s.People) > 0 {
		s.people = map[uint32]bool{}
		for _, id := range s.People {
			s.people[uint32(id)] = true
		}
	}
	s.byLists = s.subjects != nil || s.series != nil || s.tongues != nil || s.people != nil || s.Meeting > 0
	for _, st := range s.Statuses {
		s.statuses[st] = true
	}
	mark := func(marks []bool, list, chosen []string) {
		for _, c := range chosen {
			marks[place(list, c)] = true
		}
	}
	mark(s.kinds[:], Kinds, s.Kinds)
	mark(s.levels[:], Levels, s.Levels)
	mark(s.precisions[:], Precisions, s.Precisions)
	mark(s.roles[:], Roles, s.Roles)
}

// facet numbers the conditions of a filter that a reader can widen again; each has a bit in what match returns.
type facet uint32

const (
	byStatus facet = 1 << iota
	byKind
	byLevel
	byScope
	byRole
	bySubject
	byPlace
	byPerson
	bySeries
	byYears
	byLanguage
	bySource
	byPrecision
	byEnding
	elsewhere // a condition that is not a facet: parties, meeting
)

// A reading is a card as a selection sees it on its day.
type reading struct {
	card
	state uint8
	ends  int32 // when in force: the first day on which it no longer is
	own   uint8 // the role, of a side's party, that takes part most
}

// candidates are the agreements that can be meant: those with the parties asked for in any place, that the words find.
func (s *selection) candidates() *roaring.Bitmap {
	var set *roaring.Bitmap
	and := func(other *roaring.Bitmap) {
		if set == nil {
			set = other.Clone()
		} else {
			set.And(other)
		}
	}
	for _, side := range s.sideWords {
		any := roaring.New()
		for _, word := range side {
			for _, sets := range []map[uint32]*roaring.Bitmap{s.byParticipant, s.byObserver} {
				if sets[word] != nil {
					any.Or(sets[word])
				}
			}
		}
		and(any)
	}
	if s.found != nil {
		and(s.found)
		set.And(s.live)
	}
	if set == nil {
		set = s.live.Clone()
	}
	if s.past != nil {
		set.AndNot(s.past.hidden)
		for id := range s.past.cards {
			if s.found == nil || s.found.Contains(id) {
				set.Add(id)
			}
		}
	}
	if s.Agreement > 0 {
		only := roaring.New()
		if s.Agreement <= math.MaxUint32 && set.Contains(uint32(s.Agreement)) {
			only.Add(uint32(s.Agreement))
		}
		return only
	}
	return set
}

// read unpacks a card, of the register now or then, with the parties that only marks, or all, and with its lists where
// they are asked for.
func (s *selection) read(id uint32, r *reading, only []bool, lists bool) {
	if s.past != nil {
		if c := s.past.cards[id]; c != nil {
			r.card = c.clone() // what is unpacked next is written into the same slices
			return
		}
	}
	r.unpack(id, s.packed(id), only, lists || s.byLists)
}

// match reads a card's state on the day and tells which of the filter's conditions it does not meet.
func (s *selection) match(r *reading) (fails facet) {
	c := &r.card
	if s.outside && (c.Restricted || s.past != nil && s.restricted.Contains(c.ID)) { // now or then
		return elsewhere
	}
	r.state, r.ends, r.own = proposedCode, never, noRole
	if len(s.sideWords) == 0 {
		r.state = stateOn(c.Spans, s.on)
		r.ends = endOf(c.Spans, s.on)
		if len(s.Roles) > 0 && !slices.ContainsFunc(c.Parties, func(p cardParty) bool { return s.roles[p.Role] }) {
			fails |= byRole
		}
	} else {
		r.state = 0
		for _, side := range s.sideWords {
			state, ends, role, there := s.sideOf(c, side)
			if !there {
				return elsewhere
			}
			r.state, r.ends, r.own = max(r.state, state), min(r.ends, ends), min(r.own, role)
			if role == noRole {
				fails |= byRole
			}
		}
	}
	st := status.Status(r.state / 2)
	if len(s.Statuses) > 0 && !s.statuses[st] {
		fails |= byStatus
	}
	if s.Ending > 0 && (st != status.InForce || r.ends > s.endsBy) {
		fails |= byEnding
	}
	if len(s.Kinds) > 0 && !s.kinds[c.Kind] {
		fails |= byKind
	}
	if len(s.Levels) > 0 && !s.levels[c.Level] {
		fails |= byLevel
	}
	if s.Scope != "" && c.Bilateral != (s.Scope == "bilateral") {
		fails |= byScope
	}
	if c.Latest < s.from || c.Earliest > s.until {
		fails |= byYears
	}
	if s.Sourced != "" && c.Sourced != (s.Sourced == "yes") {
		fails |= bySource
	}
	if len(s.Precisions) > 0 && !s.precisions[c.Precision] {
		fails |= byPrecision
	}
	if s.places != nil && !s.places[c.Place] {
		fails |= byPlace
	}
	if !anyOf(s.subjects, c.Subjects) {
		fails |= bySubject
	}
	if !anyOf(s.people, c.People) {
		fails |= byPerson
	}
	if !anyOf(s.series, c.Series) {
		fails |= bySeries
	}
	if !anyOf(s.tongues, c.Languages) {
		fails |= byLanguage
	}
	if s.Meeting > 0 && !slices.Contains(c.Meetings, uint32(s.Meeting)) {
		fails |= elsewhere
	}
	return fails
}

// sideOf reads the state of a party asked for: of it and its predecessors the better counts. The role is the first of
// the roles asked for, or that takes part; noRole where it has another.
func (s *selection) sideOf(c *card, side []uint32) (state uint8, ends int32, role uint8, there bool) {
	state, ends, role = noState, never, noRole
	for i := range c.Parties {
		p := &c.Parties[i]
		if !slices.Contains(side, p.Party) {
			continue
		}
		there = true
		if len(s.Roles) > 0 && s.roles[p.Role] || len(s.Roles) == 0 && p.takesPart() {
			role = min(role, p.Role)
		} else if role != noRole {
			continue
		}
		spans := c.spansOf(p)
		if own := stateOn(spans, s.on); own < state {
			state, ends = own, endOf(spans, s.on)
		}
	}
	return state, ends, role, there
}

// endOf is the first day after one on which an agreement is no longer in force; never when it is not, or has no end.
func endOf(spans []cardSpan, on int32) int32 {
	inForce := false
	for _, s := range spans {
		if s.From <= on {
			inForce = status.Status(s.State/2) == status.InForce
		} else if inForce && status.Status(s.State/2) != status.InForce {
			return s.From
		}
	}
	return never
}

func anyOf(wanted map[uint32]bool, has []uint32) bool {
	if wanted == nil {
		return true
	}
	for _, v := range has {
		if wanted[v] {
			return true
		}
	}
	return false
}

// walk reads every agreement of the filter, in no order.
func (s *selection) walk(visit func(r *reading)) {
	var r reading
	for it := s.candidates().Iterator(); it.HasNext(); {
		s.read(it.Next(), &r, nil, true)
		if s.match(&r) == 0 {
			visit(&r)
		}
	}
}

// own marks the parties asked for, by their words: all that a card's state under the filter follows from. It is empty when none are,
// and nil, which is all, where roles of any party are asked for.
func (s *selection) own() []bool {
	if len(s.sideWords) == 0 && len(s.Roles) > 0 {
		return nil
	}
	if len(s.sideWords) == 0 {
		return []bool{}
	}
	return s.marked(slices.Concat(s.sideWords...))
}

func (s *selection) marked(words []uint32) []bool {
	marks := make([]bool, len(s.codes))
	for _, word := range words {
		marks[word] = true
	}
	return marks
}

// key names what the selection is computed from, for the index's cache.
func (s *selection) key(what string) string {
	f := s.Filter
	f.After, f.Limit, f.Events = "", 0, nil
	if s.outside && !s.restricted.IsEmpty() {
		what = "outside " + what
	}
	return what + "?" + f.Values("").Encode() + fmt.Sprint(s.sideWords)
}

// A membership is the sum whose value is the set of agreements itself.
type membership struct{ *roaring.Bitmap }

func (m membership) add(_ *selection, r *reading, fails facet, times int) {
	switch {
	case fails != 0:
	case times > 0:
		m.Add(r.ID)
	default:
		m.Remove(r.ID)
	}
}

func (m membership) merge(other membership) { m.Or(other.Bitmap) }

// matched is the set of agreements that the filter means.
func (s *selection) matched() *roaring.Bitmap {
	return cached(s, "matched", func() membership {
		if s.everything() {
			set := s.live.Clone()
			if s.outside {
				set.AndNot(s.restricted)
			}
			return membership{set}
		}
		return sumUp(s, s.candidates(), s.own(), false, func() membership { return membership{roaring.New()} })
	}, func(m membership) *roaring.Bitmap {
		set := m.Clone()
		set.RunOptimize()
		return set
	})
}

// everything tells that the filter leaves no agreement out.
func (s *selection) everything() bool { return s.past == nil && s.only(Filter{}) }

// only tells that a filter asks for nothing but another does, its day and page aside.
func (f Filter) only(other Filter) bool {
	bare := func(f Filter) string {
		f.On, f.Recorded, f.Predecessors, f.After, f.Limit, f.Events = "", time.Time{}, false, "", 0, nil
		return f.Values("").Encode()
	}
	return bare(f) == bare(other)
}

// sortKeyOf reads what an agreement is sorted by, now or then.
func (s *selection) sortKeyOf(id uint32) (earliest, latest int32) {
	if s.past != nil {
		if c := s.past.cards[id]; c != nil {
			return c.Earliest, c.Latest
		}
	}
	return s.sortKey(id)
}

// newest gives the agreements of a set from the newest on, those that come before a cursor's place.
func (s *selection) newest(set *roaring.Bitmap, after *cursor, limit int) (ids []uint32) {
	var before func(id uint32) bool
	if after != nil {
		e, l := after.Earliest.Number(), after.Latest.Number()
		before = func(id uint32) bool {
			earliest, latest := s.sortKeyOf(id)
			if earliest != e {
				return earliest < e
			}
			if latest != l {
				return latest < l
			}
			return int64(id) < after.Agreement
		}
	}
	total := set.GetCardinality()
	if s.past == nil && total*total > uint64(limit)*uint64(len(s.byDate)) { // walking meets one in every all/total
		at := len(s.byDate)
		if before != nil {
			at, _ = slices.BinarySearchFunc(s.byDate, 0, func(id, _ uint32) int {
				if before(id) {
					return -1
				}
				return 1
			})
		}
		for at--; at >= 0 && len(ids) < limit; at-- {
			if set.Contains(s.byDate[at]) {
				ids = append(ids, s.byDate[at])
			}
		}
		return ids
	}
	all := set.ToArray()
	if before != nil {
		all = slices.DeleteFunc(all, func(id uint32) bool { return !before(id) })
	}
	slices.SortFunc(all, func(a, b uint32) int { return -s.compareThen(a, b) })
	return all[:min(limit, len(all))]
}

func (s *selection) compareThen(a, b uint32) int {
	if s.past == nil {
		return s.compare(a, b)
	}
	e, l := s.sortKeyOf(a)
	f, m := s.sortKeyOf(b)
	switch {
	case e != f:
		return int(e - f)
	case l != m:
		return int(l - m)
	}
	return int(int64(a) - int64(b))
}

// shared are the candidates in which any of some parties takes part.
func (s *selection) shared(words []uint32) *roaring.Bitmap {
	any, twice := roaring.New(), roaring.New()
	for _, word := range words {
		if set := s.byParticipant[word]; set != nil {
			twice.Or(roaring.And(any, set))
			any.Or(set)
		}
	}
	if s.past != nil {
		twice.AndNot(s.past.hidden)
		for id := range s.past.cards {
			twice.Add(id)
		}
	}
	twice.And(s.candidates())
	return twice
}

// firstYear is the year in which the oldest of a set is dated.
func (s *selection) firstYear(set *roaring.Bitmap) int {
	first := int32(never)
	for it := set.Iterator(); it.HasNext(); {
		earliest, _ := s.sortKeyOf(it.Next())
		first = min(first, earliest)
	}
	return edtf.YearOf(first)
}

// pastParties are the codes of parties in agreements that said something else then.
func (s *selection) pastParties() (codes []string) {
	if s.past == nil {
		return nil
	}
	for _, a := range s.past.agreements {
		codes = append(codes, a.PartyCodes()...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
