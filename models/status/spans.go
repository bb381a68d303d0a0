package status

import (
	"slices"

	"chancery/models/edtf"
)

// A Span is a stretch of days over which a state does not change.
type Span struct {
	From, Until edtf.Day
	State
}

// Spans lays out the state of the agreement (party "") or of one party over all
// days from the first on which anything is known; before it the agreement is
// proposed.
func (f Facts) Spans(party string) []Span {
	f = f.settle(party)
	var spans []Span
	for _, day := range f.turningDays() {
		state := f.state(day, party)
		if n := len(spans); n > 0 {
			if spans[n-1].State == state {
				continue
			}
			spans[n-1].Until = day.Add(-1)
		} else if state == (State{Status: Proposed}) {
			continue
		}
		spans = append(spans, Span{day, edtf.LastDay, state})
	}
	return spans
}

// turningDays are the days on which the status can change, in order.
func (f Facts) turningDays() []edtf.Day {
	var days []edtf.Day
	add := func(ds ...edtf.Day) {
		for _, d := range ds {
			if d != "" {
				days = append(days, d)
			}
		}
	}
	add(f.SignedEarliest, f.SignedLatest, f.ReplacedOn)
	for _, d := range f.Acts {
		add(d.Earliest, d.Latest)
	}
	for _, p := range f.Periods {
		if p.From == "" {
			add(edtf.FirstDay)
		}
		add(p.From)
		if end := p.end(); end < edtf.LastDay {
			add(end.Add(1))
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// FirstInForce is the first day on which the agreement was in force for certain, or
// empty.
func (f Facts) FirstInForce() edtf.Day {
	for _, s := range f.Spans("") {
		if s.Status == InForce && !s.Uncertain {
			return s.From
		}
	}
	return ""
}
