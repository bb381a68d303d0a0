package models

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A PanelRow is a year of a pair of parties, or of one party, for statistics.
type PanelRow struct {
	A, B PanelParty // B is empty in a row of one party
	Year int
	PanelCounts
}

// PanelCounts are the agreements of a year.
type PanelCounts struct {
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
	lives  map[string]years
	spells map[string][]numbered // of the state systems, by party
	last   map[string][]numbered // by scheme and number
	system string
}

// years are a first and a last one.
type years struct{ first, last int }

// A numbered is a stretch of years in which a party bore a number.
type numbered struct {
	*PartyCode
	years
}

// cover tells whether a year is one of them.
func (y years) cover(year int) bool { return y.first <= year && year <= y.last }

// yearsOf are those of two days, of which either may be open.
func yearsOf(from, until edtf.Day) years {
	y := years{math.MinInt, math.MaxInt}
	if from != "" {
		y.first = from.Year()
	}
	if until != "" {
		y.last = until.Year()
	}
	return y
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
	p := &panelParties{map[string]PanelParty{}, map[string]years{}, map[string][]numbered{}, map[string][]numbered{}, system}
	for _, r := range rows {
		p.byCode[r.Code] = PanelParty{Code: r.Code, Kind: r.Kind, ISO3: r.Alpha3, ExistedFrom: r.ExistedFrom,
			ExistedUntil: r.ExistedUntil}
		p.lives[r.Code] = yearsOf(within(r.ExistedFrom).Earliest, within(r.ExistedUntil).Latest)
	}
	for i := range spells {
		c := numbered{&spells[i], yearsOf(edtf.Day(spells[i].UsedFrom), edtf.Day(spells[i].UsedUntil))}
		p.spells[c.Party] = append(p.spells[c.Party], c)
		p.last[c.Scheme+c.Code] = append(p.last[c.Scheme+c.Code], c)
	}
	return p, nil
}

// in gives a party with its numbers in a year; not where it does not belong to the
// panel then. A number that passed from one party to another within a year is that
// of the later one, so that a number and a year name one row.
func (p *panelParties) in(code string, year int) (PanelParty, bool) {
	party := p.byCode[code]
	if life, known := p.lives[code]; known && !life.cover(year) {
		return party, false
	}
	for _, c := range p.spells[code] {
		if !c.cover(year) || slices.ContainsFunc(p.last[c.Scheme+c.Code], func(o numbered) bool {
			return o.Party != code && o.cover(year) && o.UsedFrom > c.UsedFrom
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
		counts := yearCounter{first: first, years: max(0, last-first+1)}
		for _, code := range codes {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			byParty, err := s.panelOf(ctx, f, code, &counts, alone)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, other := range slices.Sorted(maps.Keys(byParty)) {
				if !parties.rows(code, other, first, byParty[other], yield) {
					return
				}
			}
			counts.free = slices.AppendSeq(counts.free, maps.Values(byParty))
		}
	}
}

// rows gives the years of a pair, or of one party, as far as they belong to the
// panel.
func (p *panelParties) rows(code, other string, first int, counts []PanelCounts,
	yield func(*PanelRow, error) bool) bool {
	var r PanelRow
	for i := range counts {
		there := false
		r.Year, r.PanelCounts = first+i, counts[i]
		if r.A, there = p.in(code, r.Year); !there {
			continue
		}
		if other != "" {
			if r.B, there = p.in(other, r.Year); !there {
				continue
			}
		}
		if !yield(&r, nil) {
			return false
		}
	}
	return true
}

// A yearCounter makes counts of all years of a panel, out of those that are not
// needed any more where there are any.
type yearCounter struct {
	first, years int
	free         [][]PanelCounts
}

func (y *yearCounter) next() []PanelCounts {
	if n := len(y.free); n > 0 {
		counts := y.free[n-1]
		y.free = y.free[:n-1]
		for i := range counts {
			clear(counts[i].ByKind)
			counts[i] = PanelCounts{ByKind: counts[i].ByKind}
		}
		return counts
	}
	counts := make([]PanelCounts, y.years)
	kinds := make([]KindCount, y.years*len(Kinds))
	for i := range counts {
		counts[i].ByKind = kinds[i*len(Kinds) : (i+1)*len(Kinds)]
	}
	return counts
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
func (s Statistics) panelOf(ctx context.Context, f Filter, code string, counts *yearCounter,
	alone bool) (map[string][]PanelCounts, error) {
	if !slices.Contains(f.Parties, code) && !slices.Contains(f.Pair[:], code) {
		f.Parties = append(slices.Clone(f.Parties), code)
	}
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, err
	}
	defer sel.release()
	byParty := map[string][]PanelCounts{}
	countsOf := func(other string) []PanelCounts {
		if byParty[other] == nil {
			byParty[other] = counts.next()
		}
		return byParty[other]
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
			countYears(countsOf(""), counts.first, r, r.spansOf(mine))
			return
		}
		for i := range r.Parties {
			p := &r.Parties[i]
			other := sel.codes[p.Party]
			if !p.takesPart() || other <= code || f.Pair[1] != "" && other != f.Pair[1] {
				continue
			}
			countYears(countsOf(other), counts.first, r, r.spansOfBoth(mine, p))
		}
	})
	return byParty, nil
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
func countYears(rows []PanelCounts, first int, r *evaluation, spans []cardSpan) {
	at := func(year int) *PanelCounts {
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
