package models

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A PanelRow is a year of a pair of parties, or of one party, for statistics.
type PanelRow struct {
	A, B      PanelParty // B is empty in a row of one party
	Year      int
	Concluded int                    // dated in it
	Ended     int                    // ceased to be in force in it
	Standing  [status.Signed + 1]int // by status, on the last day of the year; of a pair: between both
	ByKind    []KindCount            // in the order of Kinds
}

// KindCount is the concluded and in-force part of a panel's row for one kind.
type KindCount struct{ Concluded, InForce int }

// PanelStatuses are those that a panel counts, each in a column.
var PanelStatuses = []status.Status{status.InForce, status.Provisional, status.Suspended, status.Unknown, status.Signed}

// A PanelParty is a party with its numbers in other lists in the row's year.
type PanelParty struct{ Code, Kind, ISO3, COW, GW, ExistedFrom, ExistedUntil string }

// Systems are those by which a panel chooses its parties and years; without one
// they are the parties as the register knows them, in the years in which they
// existed.
var Systems = []string{"cow", "gw", "iso"}

// panelParties are the parties of a panel with what chooses their years.
type panelParties struct {
	byCode map[string]PanelParty
	lives  map[string]life
	spells map[string][]PartyCode // of the state systems, by party
	last   map[string][]PartyCode // by scheme and number
	system string
}

// panelParties reads all parties, and their spells in the state systems.
func (s Statistics) panelParties(ctx context.Context, system string) (*panelParties, error) {
	var rows []Party
	var spells []PartyCode
	err := s.reader(ctx).Find(&rows).Error
	if err == nil {
		err = s.reader(ctx).Where("scheme IN ?", []string{"cow", "gw"}).Find(&spells).Error
	}
	if err != nil {
		return nil, fmt.Errorf("reading the parties: %w", err)
	}
	p := &panelParties{map[string]PanelParty{}, map[string]life{}, map[string][]PartyCode{}, map[string][]PartyCode{}, system}
	for _, r := range rows {
		p.byCode[r.Code] = PanelParty{Code: r.Code, Kind: r.Kind, ISO3: r.Alpha3, ExistedFrom: r.ExistedFrom,
			ExistedUntil: r.ExistedUntil}
		p.lives[r.Code] = life{from: within(r.ExistedFrom).Earliest, until: within(r.ExistedUntil).Latest}
	}
	for _, c := range spells {
		p.spells[c.Party] = append(p.spells[c.Party], c)
		p.last[c.Scheme+c.Code] = append(p.last[c.Scheme+c.Code], c)
	}
	return p, nil
}

// in gives a party with its numbers in a year; not where it does not belong to the
// panel then. A number that passed from one party to another within a year is that
// of the later one, so that a number and a year name one row.
func (p *panelParties) in(code string, year int) (PanelParty, bool) {
	party, life := p.byCode[code], p.lives[code]
	if life.from != "" && life.from.Year() > year || life.until != "" && life.until.Year() < year {
		return party, false
	}
	for _, c := range p.spells[code] {
		if !c.covers(year) || slices.ContainsFunc(p.last[c.Scheme+c.Code], func(o PartyCode) bool {
			return o.Party != code && o.covers(year) && o.UsedFrom > c.UsedFrom
		}) {
			continue
		}
		if c.Scheme == "cow" {
			party.COW = c.Code
		} else {
			party.GW = c.Code
		}
	}
	switch p.system {
	case "cow":
		return party, party.COW != ""
	case "gw":
		return party, party.GW != ""
	case "iso":
		return party, party.ISO3 != ""
	}
	return party, true
}

// covers tells whether a code was borne on any day of a year.
func (c PartyCode) covers(year int) bool {
	return (c.UsedFrom == "" || edtf.Day(c.UsedFrom).Year() <= year) &&
		(c.UsedUntil == "" || edtf.Day(c.UsedUntil).Year() >= year)
}

// Panel streams a year of every pair that has an agreement of the filter, or with
// alone of every party, for all years of the filter's span; without one from the
// first year that anything is dated in to the year of the filter's day, as far as
// both (or the one) belong to the system then. It holds the numbers of one party at
// a time.
func (s Statistics) Panel(ctx context.Context, f Filter, system string, alone bool) iter.Seq2[*PanelRow, error] {
	return func(yield func(*PanelRow, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		parties, err := s.panelParties(ctx, system)
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
				r, there := &rows[i], false
				if r.A, there = parties.in(code, r.Year); !there {
					continue
				}
				if !alone {
					if r.B, there = parties.in(r.B.Code, r.Year); !there {
						continue
					}
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
	for word := range s.participants() {
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
	if mine.Spans == nil && other.Spans == nil && len(r.Cuts) == 0 {
		return r.Spans
	}
	a, b := r.spansOf(mine), r.spansOf(other)
	return together([][]cardSpan{a, b}, r.Cuts, func(day int32) uint8 {
		state := max(stateOn(a, day), stateOn(b, day))
		if len(r.Cuts) > 0 {
			state = max(state, r.cutOn([]uint32{mine.Party}, []uint32{other.Party}, day))
		}
		return state
	})
}

// countYears adds one agreement to the years of a panel.
func countYears(rows []PanelRow, first int, r *evaluation, spans []cardSpan) {
	at := func(year int) *PanelRow {
		if year < first || year >= first+len(rows) {
			return nil
		}
		return &rows[year-first]
	}
	if row := at(edtf.YearOf(r.Earliest)); row != nil && !r.undated() {
		row.Concluded++
		row.ByKind[r.Kind].Concluded++
	}
	stretches(spans, func(_, until int32) {
		if until == noEnd {
			return
		}
		if row := at(edtf.YearOf(until - 1)); row != nil {
			row.Ended++
		}
	})
	for i, span := range spans {
		st := status.Status(span.State / 2)
		if st > status.Signed {
			continue
		}
		lastYear := first + len(rows) - 1
		if i+1 < len(spans) { // it still stands so on the last day of the year before the next begins
			lastYear = min(lastYear, edtf.YearOf(spans[i+1].From)-1)
		}
		for year := max(first, edtf.YearOf(span.From)); year <= lastYear; year++ {
			row := at(year)
			row.Standing[st]++
			row.ByKind[r.Kind].InForce += bit(st == status.InForce)
		}
	}
}
