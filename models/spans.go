package models

import (
	"math"
	"slices"

	"chancery/models/status"
)

// noEnd is a day after all days.
const noEnd = math.MaxInt32

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
