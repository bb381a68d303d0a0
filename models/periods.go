package models

import (
	"context"
	"fmt"
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"
)

// Periods are the agreements of a filter as bars over time: each on its own, or by
// kind where they are many.
type Periods struct {
	From, Until edtf.Day // of the picture
	Total       int
	Earlier     int // dated before From, where the picture begins later than what it shows
	Rows        []PeriodRow
	Groups      []PeriodGroup // instead of rows, when there are more than mostRows
}

// A PeriodRow is one agreement: when it stood how, and what was done when.
type PeriodRow struct {
	AgreementSummary
	Stretches []Stretch
	Acts      []ActMark
}

// A Stretch is a run of days with one status; its last day is LastDay where no end
// is known.
type Stretch struct {
	From, Until edtf.Day
	Status      status.Status
}

// An ActMark is something done on a date.
type ActMark struct {
	Event string
	Date  string
	Day   edtf.Day // the first that the date can mean
}

// A PeriodGroup is the agreements of one kind: how many were in force, year by
// year.
type PeriodGroup struct {
	Kind  string
	Total int
	Years []YearCount
}

// mostRows is how many agreements are drawn each on its own.
const mostRows = 40

// Periods lays out when the agreements of a filter held. Its span of dates is that
// of the picture: what neither held nor was dated within is left out.
func (s Statistics) Periods(ctx context.Context, f Filter, lang string) (*Periods, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	p := &Periods{}
	p.From, p.Until = f.span()
	from, until := p.From, p.Until
	f.From, f.Until, f.After, f.Limit = "", "", "", 0
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("laying out periods: %w", err)
	}
	var rows []uint32
	stretchesOf := map[uint32][]Stretch{}
	first, last := int32(noEnd), int32(0)
	kinds := map[uint8]int{}
	var begun []int32
	sel.walk(func(r *evaluation) {
		draw := len(rows) <= mostRows
		list, dated, end := drawn(r, sel.spans(r), draw)
		if from != "" && end < from.Number() || until != "" && dated > until.Number() {
			return
		}
		if dated == 0 {
			return // nothing is dated
		}
		p.Total++
		kinds[r.Kind]++
		begun = append(begun, dated)
		first, last = min(first, dated), max(last, min(end, max(sel.on, r.Latest)))
		if draw {
			rows, stretchesOf[r.ID] = append(rows, r.ID), list
		}
	})
	if p.Total == 0 {
		sel.release()
		return p, nil
	}
	if p.From == "" {
		// a few that are much older would leave no room for the rest
		slices.Sort(begun)
		first = max(first, edtf.FirstOf(edtf.YearOf(begun[len(begun)/100])))
		p.Earlier, _ = slices.BinarySearch(begun, first)
		p.From = edtf.DayOf(first)
	}
	if p.Until == "" {
		p.Until = edtf.DayOf(max(last, sel.on, first+365)) // what has ended has a gap until today
	}
	if p.Total > mostRows {
		sel.release()
		return p, s.periodGroups(ctx, f, p, kinds)
	}
	slices.SortFunc(rows, func(a, b uint32) int { return sel.compareThen(a, b) })
	states := sel.states(rows)
	sel.release()
	entries, err := s.Lists().entries(ctx, sel, rows, states, lang)
	if err != nil {
		return nil, fmt.Errorf("laying out periods: %w", err)
	}
	acts, err := s.actMarks(ctx, sel, rows)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		p.Rows = append(p.Rows, PeriodRow{e, stretchesOf[uint32(e.ID)], acts[e.ID]})
	}
	return p, nil
}

// drawn are when an agreement held or may have, if they are to be drawn, and the first and last
// day that is known of it.
func drawn(r *evaluation, spans []cardSpan, draw bool) (list []Stretch, dated, end int32) {
	dated, end = r.Earliest, r.Latest
	for i, span := range spans {
		next := int32(noEnd)
		if i+1 < len(spans) {
			next = spans[i+1].From
		}
		switch st := status.Status(span.State / 2); st {
		case status.Unknown:
			if draw {
				list = append(list, Stretch{edtf.DayOf(span.From), edtf.DayOf(next - 1), st})
			}
		case status.InForce, status.Provisional, status.Suspended:
			if draw {
				list = append(list, Stretch{edtf.DayOf(span.From), edtf.DayOf(next - 1), st})
			}
			if next == noEnd {
				end = noEnd
			}
			end, dated = max(end, next-1), min(dated, span.From)
		}
	}
	return list, dated, end
}

// periodGroups sums up what is too much to draw a line each: by kind.
func (s Statistics) periodGroups(ctx context.Context, f Filter, p *Periods, kinds map[uint8]int) error {
	for i, kind := range Kinds {
		if kinds[uint8(i)] == 0 {
			continue
		}
		f.Kinds = []string{kind}
		years, err := s.Years(ctx, f)
		if err != nil {
			return err
		}
		years = slices.DeleteFunc(years, func(y YearCount) bool { return y.Year < p.From.Year() || y.Year > p.Until.Year() })
		p.Groups = append(p.Groups, PeriodGroup{kind, kinds[uint8(i)], years})
	}
	slices.SortStableFunc(p.Groups, func(a, b PeriodGroup) int { return b.Total - a.Total })
	return nil
}

// actMarks reads what was done to some agreements, each kind of act on a day once.
func (s Statistics) actMarks(ctx context.Context, sel *query, ids []uint32) (map[int64][]ActMark, error) {
	marks := map[int64][]ActMark{}
	var now []uint32
	for _, id := range ids {
		a := sel.asRecorded.agreement(id)
		if a == nil {
			now = append(now, id)
			continue
		}
		for _, e := range a.deriveEvents(a.Facts(a.elsewhere).Outcome()) {
			mark := ActMark{e.Event, e.Date, e.DateEarliest}
			if slices.Contains(status.ActTypes, e.Event) && !slices.Contains(marks[a.ID], mark) {
				marks[a.ID] = append(marks[a.ID], mark)
			}
		}
	}
	if len(now) == 0 {
		return marks, nil
	}
	var rows []struct {
		AgreementID  int64
		Event, Date  string
		DateEarliest edtf.Day
	}
	sql := "SELECT DISTINCT e.agreement_id, e.event, e.date, e.date_earliest FROM events e WHERE e.agreement_id IN ? " +
		"AND e.event IN ?"
	args := []any{now, status.ActTypes}
	if len(sel.sides) > 0 { // of the acts of single parties, those of the parties asked for
		sql += " AND e.party IN ?"
		args = append(args, sel.owners())
	}
	err := s.reader(ctx).Raw(sql+" ORDER BY e.agreement_id, e.date_earliest LIMIT 2000", args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading acts: %w", err)
	}
	for _, r := range rows {
		marks[r.AgreementID] = append(marks[r.AgreementID], ActMark{r.Event, r.Date, r.DateEarliest})
	}
	return marks, nil
}
