package models

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"chancery/models/edtf"
)

// A PanelRow is a year of a pair of parties, or of one party, for statistics.
type PanelRow struct {
	A, B    PanelParty // B is empty in a row of one party
	Year    int
	Signed  int
	InForce int // for both on the last day of the year
	Ended   int
	ByKind  []KindCount // in the order of Kinds
}

// KindCount is the signed and in-force part of a panel's row for one kind.
type KindCount struct{ Signed, InForce int }

// A PanelParty is a party with its numbers in other lists.
type PanelParty struct{ Code, ISO3, COW, GW string }

// panelParties reads the other numbers of all parties.
func (s Statistics) panelParties(ctx context.Context) (map[string]PanelParty, error) {
	var rows []Party
	if err := s.reader(ctx).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("reading the parties: %w", err)
	}
	text := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	all := map[string]PanelParty{}
	for _, p := range rows {
		all[p.Code] = PanelParty{p.Code, p.Alpha3, text(p.COW), text(p.GW)}
	}
	return all, nil
}

// Panel streams a year of every pair that has an agreement of the filter, or with
// alone of every party, for all years of the filter's span; without one from the
// first year that anything is dated in to the year of the filter's day. It holds
// the numbers of one party at a time.
func (s Statistics) Panel(ctx context.Context, f Filter, alone bool) iter.Seq2[*PanelRow, error] {
	return func(yield func(*PanelRow, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		parties, err := s.panelParties(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		from, until := f.span()
		f.From, f.Until = "", ""
		sel, err := s.query(ctx, f)
		if err != nil {
			yield(nil, err)
			return
		}
		first, last, codes := sel.panelSpan(from, until)
		sel.release()
		if f.Pair[0] != "" && len(codes) > 0 {
			codes = f.Pair[:1]
		}
		for _, code := range codes {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			rows, err := s.panelOf(ctx, f, code, first, last, alone)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range rows {
				rows[i].A = parties[code]
				if !alone {
					rows[i].B = parties[rows[i].B.Code]
				}
				if !yield(&rows[i], nil) {
					return
				}
			}
		}
	}
}

// panelSpan are the first and last year of a panel, by the days of the filter or of
// what it means, and the codes of the parties that have any of it; none when
// nothing is meant.
func (s *query) panelSpan(from, until edtf.Day) (first, last int, codes []string) {
	matched := s.matched()
	if matched.IsEmpty() {
		return 0, 0, nil
	}
	first, last = min(s.On.Year(), s.firstYear(matched)), s.On.Year()
	if ids := s.newest(matched, nil, 1); until == "" && len(ids) == 1 {
		earliest, _ := s.sortKeyOf(ids[0])
		last = max(last, edtf.YearOf(earliest))
	}
	if from != "" {
		first = from.Year()
	}
	if until != "" {
		last = until.Year()
	}
	for word := range s.byParticipant {
		codes = append(codes, s.codes[word])
	}
	codes = append(codes, s.pastParties()...)
	slices.Sort(codes)
	return first, last, slices.Compact(codes)
}

// panelOf counts the years of one party with all whose code comes after its own, or
// of it alone.
func (s Statistics) panelOf(ctx context.Context, f Filter, code string, first, last int, alone bool) ([]PanelRow,
	error) {
	if !slices.Contains(f.Parties, code) && !slices.Contains(f.Pair[:], code) {
		f.Parties = append(slices.Clone(f.Parties), code)
	}
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, err
	}
	defer sel.release()
	years := max(0, last-first+1)
	byParty := map[string][]PanelRow{}
	rowsOf := func(other string) []PanelRow {
		rows := byParty[other]
		if rows == nil {
			rows = make([]PanelRow, years)
			kinds := make([]KindCount, years*len(Kinds))
			for i := range rows {
				rows[i] = PanelRow{B: PanelParty{Code: other}, Year: first + i, ByKind: kinds[i*len(Kinds) : (i+1)*len(Kinds)]}
			}
			byParty[other] = rows
		}
		return rows
	}
	own, ok := sel.snapshot.parties.lookup(code)
	if !ok {
		return nil, nil
	}
	sel.walk(func(r *evaluation) {
		mine := r.partyOf(own)
		if mine == nil {
			return
		}
		if alone {
			countYears(rowsOf(""), first, r, r.spansOf(mine))
			return
		}
		for i := range r.Parties {
			p := &r.Parties[i]
			other := sel.codes[p.Party]
			if !p.takesPart() || other <= code || f.Pair[1] != "" && other != f.Pair[1] {
				continue
			}
			countYears(rowsOf(other), first, r, r.spansOfBoth(mine, p))
		}
	})
	var list []PanelRow
	for _, other := range slices.Sorted(maps.Keys(byParty)) {
		list = append(list, byParty[other]...)
	}
	return list, nil
}

// partyOf is a card's party of a number that takes part, or nil.
func (r *evaluation) partyOf(number uint32) (found *cardParty) {
	for i := range r.Parties {
		if r.Parties[i].Party == number && r.Parties[i].takesPart() {
			found = &r.Parties[i]
		}
	}
	return found
}

// spansOfBoth are the states of an agreement between two of its parties: it holds
// while it holds for both.
func (r *evaluation) spansOfBoth(mine, other *cardParty) []cardSpan {
	if mine.Spans == nil && other.Spans == nil {
		return r.Spans
	}
	a, b := r.spansOf(mine), r.spansOf(other)
	return together([][]cardSpan{a, b}, func(day int32) uint8 { return max(stateOn(a, day), stateOn(b, day)) })
}

// countYears adds one agreement to the years of a panel.
func countYears(rows []PanelRow, first int, r *evaluation, spans []cardSpan) {
	at := func(year int) *PanelRow {
		if year < first || year >= first+len(rows) {
			return nil
		}
		return &rows[year-first]
	}
	if row := at(edtf.YearOf(r.Earliest)); row != nil {
		row.Signed++
		row.ByKind[r.Kind].Signed++
	}
	stretches(spans, func(from, until int32) {
		lastYear := first + len(rows) - 1
		if until < noEnd {
			if row := at(edtf.YearOf(until - 1)); row != nil {
				row.Ended++
			}
			lastYear = min(lastYear, edtf.YearOf(until)-1) // still in force on the last day of the year before it ends
		}
		for year := max(first, edtf.YearOf(from)); year <= lastYear; year++ {
			row := at(year)
			row.InForce++
			row.ByKind[r.Kind].InForce++
		}
	})
}
