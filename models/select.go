package models

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"chancery/models/status"

	"chancery/models/bitmap"
)

// A query is a filter with its parties made out, against the register as it stands
// or stood: what lists, counts, pictures and panels are read from, all of them of
// one snapshot. Others may walk over the cards when it is released.
type query struct {
	Filter
	*snapshot
	cache          *cache
	sides          [][]string // for each party asked for the codes that count as it
	found          *bitmap.Set
	hideRestricted bool        // restricted agreements are not there
	asRecorded     *asRecorded // the register as it stood at Recorded; nil is now
	release        func()

	codes, texts     []string // of parties and of all other words, by their numbers in the index
	on               int32
	from, until      int32
	endsBy           int32
	sideWords        [][]uint32
	subjects, places map[uint32]bool
	series, tongues  map[uint32]bool
	people           map[uint32]bool
	concludedOnly    bool // leave out what was not concluded by the day, unless statuses are asked for
	byLists          bool // the filter asks for something that is in a card's lists
	statuses         [status.Terminated + 1]bool
	kinds            [len(kinds)]bool
	levels           [len(levels)]bool
	precisions       [len(precisions)]bool
	work             uint8
	roles            [roleCount + 1]bool // no filter asks for the last, of who continues another
}

// compile turns the filter's values into those of the index. A value that no card
// has stays without a number.
func (s *query) compile() {
	s.on = s.On.Number()
	s.from, s.until, s.endsBy = math.MinInt32, noEnd, noEnd
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
	s.compileSides()
	s.subjects, s.places, s.series, s.tongues = s.wordSet(s.Subjects), s.wordSet(s.Places),
		s.wordSet(s.Series), s.wordSet(s.Languages)
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
	s.work = 0
	for _, w := range s.Works {
		s.work |= 1 << place(Works, w)
	}
	mark(s.roles[:], Roles, s.Roles)
}

// wordSet are the numbers of texts; nil when there are none.
func (s *query) wordSet(texts []string) map[uint32]bool {
	if len(texts) == 0 {
		return nil
	}
	numbers := map[uint32]bool{}
	for _, text := range texts {
		if n, ok := s.words.lookup(text); ok {
			numbers[n] = true
		}
	}
	return numbers
}

// compileSides numbers the parties of each side.
func (s *query) compileSides() {
	s.sideWords = nil
	for _, side := range s.sides {
		words := []uint32{}
		for _, code := range side {
			if n, ok := s.snapshot.parties.lookup(code); ok {
				words = append(words, n)
			}
		}
		s.sideWords = append(s.sideWords, words)
	}
}

// candidates are the agreements that can be meant: those with the parties asked for
// in any place, that the words find.
func (s *query) candidates() *bitmap.Set {
	var set *bitmap.Set
	and := func(other *bitmap.Set) {
		if set == nil {
			set = other.Clone()
		} else {
			set.And(other)
		}
	}
	for _, side := range s.sideWords {
		any := bitmap.New()
		for _, word := range side {
			for _, sets := range []map[uint32]*bitmap.Set{s.byParticipant, s.byObserver} {
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
	if s.asRecorded != nil {
		set.AndNot(s.asRecorded.hidden)
		for id := range s.asRecorded.cards {
			if s.found == nil || s.found.Contains(id) {
				set.Add(id)
			}
		}
	}
	if s.Agreement > 0 {
		only := bitmap.New()
		if s.Agreement <= math.MaxUint32 && set.Contains(uint32(s.Agreement)) {
			only.Add(uint32(s.Agreement))
		}
		return only
	}
	return set
}

// key names what the query is computed from, for the index's cache.
func (s *query) key(what string) string {
	f := s.Filter
	f.After, f.Limit, f.Events = "", 0, nil
	if s.concludedOnly {
		what = "concluded " + what
	}
	if s.hideRestricted && !s.restricted.IsEmpty() {
		what = "outside " + what
	}
	return what + "?" + f.Values("").Encode() + fmt.Sprint(s.sideWords)
}

// A membership is the sum whose value is the set of agreements itself.
type membership struct{ *bitmap.Set }

// add marks an agreement that meets all conditions.
func (m membership) add(_ *query, r *evaluation, fails facet, times int) {
	switch {
	case fails != 0:
	case times > 0:
		m.Add(r.ID)
	default:
		m.Remove(r.ID)
	}
}

func (m membership) merge(other membership) { m.Or(other.Set) }

// matched is the set of agreements that the filter means.
func (s *query) matched() *bitmap.Set {
	return cached(s, "matched", func() membership {
		if s.everything() {
			set := s.live.Clone()
			if s.hideRestricted {
				set.AndNot(s.restricted)
			}
			return membership{set}
		}
		return sumUp(s, s.candidates(), s.partyMask(), false, func() membership { return membership{bitmap.New()} })
	}, func(m membership) *bitmap.Set {
		return m.Clone()
	})
}

// participants are the parties that take part in an agreement that may be read, whatever the
// filter, each with how many there are.
func (s *query) participants() iter.Seq2[uint32, int] {
	return func(yield func(uint32, int) bool) {
		for word, set := range s.byParticipant {
			n := set.Len()
			if s.hideRestricted {
				n -= bitmap.LenAnd(set, s.restricted)
			}
			if n > 0 && !yield(word, n) {
				return
			}
		}
	}
}

// everything tells that the filter leaves no agreement out.
func (s *query) everything() bool {
	return s.asRecorded == nil && !s.concludedOnly && s.only(Filter{})
}

// only tells that a filter asks for nothing but another does, its day and page
// aside.
func (f Filter) only(other Filter) bool {
	bare := func(f Filter) string {
		f.On, f.Recorded, f.Predecessors, f.After, f.Limit, f.Events = "", time.Time{}, false, "", 0, nil
		return f.Values("").Encode()
	}
	return bare(f) == bare(other)
}

// shared are the candidates in which any of some parties takes part.
func (s *query) shared(words []uint32) *bitmap.Set {
	any, twice := bitmap.New(), bitmap.New()
	for _, word := range words {
		if set := s.byParticipant[word]; set != nil {
			twice.Or(bitmap.And(any, set))
			any.Or(set)
		}
	}
	if s.asRecorded != nil {
		twice.AndNot(s.asRecorded.hidden)
		for id := range s.asRecorded.cards {
			twice.Add(id)
		}
	}
	twice.And(s.candidates())
	return twice
}

// pastParties are the codes of parties in agreements that said something else then.
func (s *query) pastParties() (codes []string) {
	if s.asRecorded == nil {
		return nil
	}
	for _, a := range s.asRecorded.agreements {
		codes = append(codes, a.PartyCodes()...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
