package models

import (
	"slices"

	"chancery/models/status"
)

// facet numbers the conditions of a filter that a reader can widen again; each has
// a bit in what match returns.
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
	byWork
	elsewhere // a condition that is not a facet: parties, meeting
)

// An evaluation is a card as a query sees it on its day.
type evaluation struct {
	card
	state uint8
	ends  int32 // when in force: the first day on which it no longer is
	own   uint8 // the role, of a side's party, that takes part most
}

// read unpacks a card, of the register now or then, with the parties that only
// marks, or all, and with its lists where they are asked for.
func (s *query) read(id uint32, r *evaluation, only []bool, lists bool) {
	if s.asRecorded != nil {
		if c := s.asRecorded.cards[id]; c != nil {
			r.card = c.clone() // what is unpacked next is written into the same slices
			return
		}
	}
	r.unpack(id, s.packed(id), only, lists || s.byLists)
}

// match reads a card's state on the day and tells which of the filter's conditions
// it does not meet.
func (s *query) match(r *evaluation) (fails facet) {
	c := &r.card
	if s.hideRestricted && (c.Restricted || s.asRecorded != nil && s.restricted.Contains(c.ID)) { // now or then
		return elsewhere
	}
	if fails = s.readState(r); fails == elsewhere {
		return elsewhere
	}
	fails |= s.failsByState(r) | s.failsByValue(c)
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

// readState reads the state on the day, and until when it lasts, of the whole or of
// the sides asked for. It fails by their role, or elsewhere when one takes no part.
func (s *query) readState(r *evaluation) (fails facet) {
	c := &r.card
	if len(s.sideWords) == 0 {
		r.state, r.ends, r.own = stateOn(c.Spans, s.on), endOf(c.Spans, s.on), noRole
		if len(s.Roles) > 0 && !slices.ContainsFunc(c.Parties, func(p cardParty) bool { return s.roles[p.Role] }) {
			fails = byRole
		}
		return fails
	}
	r.state, r.ends, r.own = 0, noEnd, noRole
	for _, side := range s.sideWords {
		state, ends, role, there := s.sideOf(c, side)
		if !there {
			return elsewhere
		}
		r.state, r.ends, r.own = max(r.state, state), min(r.ends, ends), min(r.own, role)
		if role == noRole {
			fails = byRole
		}
	}
	if len(c.Cuts) > 0 && len(s.sideWords) == 2 {
		spans := s.spans(r)
		r.state, r.ends = stateOn(spans, s.on), endOf(spans, s.on)
	}
	return fails
}

// spans are the states of an agreement over all days as the query reads it: of the
// whole, or of all parties asked for together, where the worst counts.
func (s *query) spans(r *evaluation) []cardSpan {
	if len(s.sideWords) == 0 {
		return r.Spans
	}
	var lists [][]cardSpan
	own := false
	for i := range r.Parties {
		p := &r.Parties[i]
		if slices.ContainsFunc(s.sideWords, func(side []uint32) bool { return slices.Contains(side, p.Party) }) {
			own = own || p.Spans != nil || len(r.Cuts) > 0
			lists = append(lists, r.spansOf(p))
		}
	}
	if !own {
		return r.Spans
	}
	return together(lists, r.Cuts, func(day int32) uint8 {
		state := uint8(0)
		if len(s.sideWords) == 2 && len(r.Cuts) > 0 {
			state = r.cutOn(s.sideWords[0], s.sideWords[1], day)
		}
		for _, side := range s.sideWords {
			best := noState
			for i := range r.Parties {
				if p := &r.Parties[i]; slices.Contains(side, p.Party) && (p.Role != continuedRole || len(side) > 1) {
					best = min(best, stateOn(r.spansOf(p), day))
				}
			}
			state = max(state, best)
		}
		return state
	})
}

// failsByState tells which conditions on the state of the day are not met.
func (s *query) failsByState(r *evaluation) (fails facet) {
	st := status.Status(r.state / 2)
	if len(s.Statuses) > 0 && !s.statuses[st] ||
		len(s.Statuses) == 0 && s.concludedOnly && stateOn(r.Spans, s.on) == proposedCode {
		fails |= byStatus
	}
	if s.Ending > 0 && (st != status.InForce || r.ends > s.endsBy) {
		fails |= byEnding
	}
	return fails
}

// failsByValue tells which conditions on a card's single values are not met.
func (s *query) failsByValue(c *card) (fails facet) {
	if len(s.Kinds) > 0 && !s.kinds[c.Kind] {
		fails |= byKind
	}
	if len(s.Levels) > 0 && !s.levels[c.Level] {
		fails |= byLevel
	}
	if s.Scope != "" && !c.within(s.Scope) {
		fails |= byScope
	}
	if c.Latest < s.from || c.Earliest > s.until || c.undated() && (s.From != "" || s.Until != "") {
		fails |= byYears
	}
	if s.Sourced != "" && c.Sourced != (s.Sourced == "yes") {
		fails |= bySource
	}
	if len(s.Precisions) > 0 && !s.precisions[c.Precision] {
		fails |= byPrecision
	}
	if s.work != 0 && c.Work&s.work == 0 {
		fails |= byWork
	}
	if !anyOf(s.places, c.Places) {
		fails |= byPlace
	}
	return fails
}

// sideOf reads the state of a party asked for: of it and its predecessors the
// better counts. The role is the first of the roles asked for, or that takes part;
// noRole where it has another.
func (s *query) sideOf(c *card, side []uint32) (state uint8, ends int32, role uint8, there bool) {
	state, ends, role = noState, noEnd, noRole
	for i := range c.Parties {
		p := &c.Parties[i]
		if !slices.Contains(side, p.Party) {
			continue
		}
		if p.Role == continuedRole { // beside the one that took part, where predecessors are taken in
			spans := c.spansOf(p)
			if own := stateOn(spans, s.on); len(side) > 1 && own < state {
				state, ends = own, endOf(spans, s.on)
			}
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

// endOf is the first day after one on which an agreement is no longer in force;
// never when it is not, or has no end.
func endOf(spans []cardSpan, on int32) int32 {
	inForce := false
	for _, s := range spans {
		if s.From <= on {
			inForce = status.Status(s.State/2) == status.InForce
		} else if inForce && status.Status(s.State/2) != status.InForce {
			return s.From
		}
	}
	return noEnd
}

// anyOf tells whether something wanted is there; anything will do where nothing is
// asked for.
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
func (s *query) walk(visit func(r *evaluation)) {
	var r evaluation
	for id := range s.candidates().All() {
		s.read(id, &r, nil, true)
		if s.match(&r) == 0 {
			visit(&r)
		}
	}
}

// partyMask marks the parties asked for, by their words: all that a card's state
// under the filter follows from. It is empty when none are, and nil, which is all,
// where roles of any party are asked for.
func (s *query) partyMask() []bool {
	if len(s.sideWords) == 0 && len(s.Roles) > 0 {
		return nil
	}
	if len(s.sideWords) == 0 {
		return []bool{}
	}
	return s.marked(slices.Concat(s.sideWords...))
}

// marked tells by number whether a word is one of some.
func (s *query) marked(words []uint32) []bool {
	marks := make([]bool, len(s.codes))
	for _, word := range words {
		marks[word] = true
	}
	return marks
}
