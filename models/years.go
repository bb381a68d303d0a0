package models

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"chancery/models/edtf"
)

// A YearCount is what happened in a year to the agreements of a filter.
type YearCount struct {
	Year    int `json:"year"`
	Signed  int `json:"signed"`   // dated in it; a date that spans years counts in its first
	Entered int `json:"entered"`  // came into force, again after a suspension as well
	Ended   int `json:"ended"`    // ceased to be in force
	InForce int `json:"in_force"` // on its last day, or on the day asked about in that day's year
}

// Years counts the agreements of a filter by year, up to the year of its day: what
// was signed, came into force and ended, and what was in force. The filter's span
// of dates bounds the years.
func (s Statistics) Years(ctx context.Context, f Filter) ([]YearCount, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	from, until := f.span()
	f.From, f.Until = "", ""
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("counting by year: %w", err)
	}
	defer sel.release()
	all := cached(sel, "years", func() yearCounts {
		return sumUp(sel, sel.candidates(), sel.partyMask(), false, func() yearCounts { return yearCounts{} })
	}, func(counts yearCounts) []YearCount { return counts.list(sel.On.Year()) })
	return slices.DeleteFunc(slices.Clone(all), func(y YearCount) bool {
		return from != "" && y.Year < from.Year() || until != "" && y.Year > until.Year()
	}), nil
}

// yearCounts sum up by year; in force is what it gains or loses.
type yearCounts map[int]*YearCount

// at is what is counted in a year.
func (counts yearCounts) at(year int) *YearCount {
	if counts[year] == nil {
		counts[year] = &YearCount{Year: year}
	}
	return counts[year]
}

// add counts the years in which an agreement was dated, came into force, was in
// force and ended.
func (counts yearCounts) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	if year := edtf.YearOf(r.Earliest); year <= s.On.Year() && !r.undated() {
		counts.at(year).Signed += times
	}
	stretches(s.spans(r), func(from, until int32) {
		if from > s.on {
			return
		}
		counts.at(edtf.YearOf(from)).Entered += times
		counts.at(edtf.YearOf(from)).InForce += times
		if until <= s.on {
			counts.at(edtf.YearOf(until - 1)).Ended += times
			// in force on the last day of a year: no longer so in the year in which it ends,
			// unless it ends with it
			counts.at(edtf.YearOf(until)).InForce -= times
		}
	})
}

func (counts yearCounts) merge(other yearCounts) {
	for year, c := range other {
		own := counts.at(year)
		own.Signed += c.Signed
		own.Entered += c.Entered
		own.Ended += c.Ended
		own.InForce += c.InForce
	}
}

// list gives every year from the first that anything is in to the last.
func (counts yearCounts) list(last int) (list []YearCount) {
	// what a change has left empty
	maps.DeleteFunc(counts, func(_ int, c *YearCount) bool { return *c == YearCount{Year: c.Year} })
	if len(counts) == 0 {
		return nil
	}
	years := slices.Sorted(maps.Keys(counts))
	inForce := 0
	for year := years[0]; year <= last; year++ {
		y := YearCount{Year: year}
		if c := counts[year]; c != nil {
			y = *c
		}
		inForce += y.InForce
		y.InForce = inForce
		list = append(list, y)
	}
	return list
}
