package models

import (
	"slices"

	"chancery/models/status"
)

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

// together lays out a state that follows from several lists of spans.
func together(lists [][]cardSpan, cuts []cardCut, state func(day int32) uint8) (spans []cardSpan) {
	var days []int32
	for _, list := range lists {
		for _, span := range list {
			days = append(days, span.From)
		}
	}
	for _, cut := range cuts {
		days = append(days, cut.From)
	}
	slices.Sort(days)
	last := proposedCode
	for _, day := range slices.Compact(days) {
		if now := state(day); now != last {
			spans, last = append(spans, cardSpan{day, now}), now
		}
	}
	return spans
}

// stretches are the runs of days in force: from, and the first day on which it no
// longer is.
func stretches(spans []cardSpan, visit func(from, until int32)) {
	from, inForce := int32(0), false
	for _, span := range spans {
		now := status.Status(span.State/2) == status.InForce
		switch {
		case now && !inForce:
			from = span.From
		case !now && inForce:
			visit(from, span.From)
		}
		inForce = now
	}
	if inForce {
		visit(from, noEnd)
	}
}
