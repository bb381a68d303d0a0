package models

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"chancery/models/edtf"
	"chancery/models/status"

	"golang.org/x/text/language"
)

// spans are the states of an agreement over all days as the selection reads it: of the whole, or of all parties asked
// for together, where the worst counts.
func (s *selection) spans(r *reading) []cardSpan {
	if len(s.sideWords) == 0 {
		return r.Spans
	}
	var lists [][]cardSpan
	own := false
	for i := range r.Parties {
		p := &r.Parties[i]
		if slices.ContainsFunc(s.sideWords, func(side []uint32) bool { return slices.Contains(side, p.Party) }) {
			own = own || p.Spans != nil
			lists = append(lists, r.spansOf(p))
		}
	}
	if !own {
		return r.Spans
	}
	return together(lists, func(day int32) uint8 {
		state := uint8(0)
		for _, side := range s.sideWords {
			best := noState
			for i := range r.Parties {
				if p := &r.Parties[i]; slices.Contains(side, p.Party) {
					best = min(best, stateOn(r.spansOf(p), day))
				}
			}
			state = max(state, best)
		}
		return state
	})
}

// together lays out a state that follows from several lists of spans.
func together(lists [][]cardSpan, state func(day int32) uint8) (spans []cardSpan) {
	var days []int32
	for _, list := range lists {
		for _, span := range list {
			days = append(days, span.From)
		}
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

// stretches are the runs of days in force: from, and the first day on which it no longer is.
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
		visit(from, never)
	}
}

// A YearCount is what happened in a year to the agreements of a filter.
type YearCount struct {
	Year    int `json:"year"`
	Signed  int `json:"signed"`   // dated in it; a date that spans years counts in its first
	Entered int `json:"entered"`  // came into force, again after a suspension as well
	Ended   int `json:"ended"`    // ceased to be in force
	InForce int `json:"in_force"` // on its last day, or on the day asked about in that day's year
}

// Years counts the agreements of a filter by year, up to the year of its day: what was signed, came into force and
// ended, and what was in force. The filter's span of dates bounds the years.
func (s *Store) Years(ctx context.Context, f Filter) ([]YearCount, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	from, until := f.span()
	f.From, f.Until = "", ""
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("counting by year: %w", err)
	}
	defer sel.release()
	all := cached(sel, "years", func() yearCounts {
		return sumUp(sel, sel.candidates(), sel.own(), false, func() yearCounts { return yearCounts{} })
	}, func(counts yearCounts) []YearCount { return counts.list(sel.On.Year()) })
	return slices.DeleteFunc(slices.Clone(all), func(y YearCount) bool {
		return from != "" && y.Year < from.Year() || until != "" && y.Year > until.Year()
	}), nil
}

// yearCounts sum up by year; in force is what it gains or loses.
type yearCounts map[int]*YearCount

func (counts yearCounts) at(year int) *YearCount {
	if counts[year] == nil {
		counts[year] = &YearCount{Year: year}
	}
	return counts[year]
}

func (counts yearCounts) add(s *selection, r *reading, fails facet, times int) {
	if fails != 0 {
		return
	}
	if year := edtf.YearOf(r.Earliest); year <= s.On.Year() {
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
			// in force on the last day of a year: no longer so in the year in which it ends, unless it ends with it
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
	maps.DeleteFunc(counts, func(_ int, c *YearCount) bool { return *c == YearCount{Year: c.Year} }) // what a change has left empty
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

// Measures are what a matrix can count: agreements in force on the day, or those dated within the filter's span.
var Measures = []string{"in-force", "signed"}

// A Matrix counts the agreements of every two of some parties.
type Matrix struct {
	Codes []string `json:"codes"`
	Cells [][]int  `json:"cells"` // by the places of two codes; the diagonal is empty
	Most  int      `json:"most"`
}

// Matrix counts the agreements of a filter between every two of some parties: those in force for both on its day, or
// all that it means.
func (s *Store) Matrix(ctx context.Context, f Filter, codes []string, measure string) (*Matrix, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("counting pairs: %w", err)
	}
	defer sel.release()
	return cached(sel, fmt.Sprint("matrix ", measure, codes), func() *cells { return sel.cells(codes, measure) }, (*cells).matrix), nil
}

// cells sum up a matrix.
type cells struct {
	codes  []string
	signed bool
	counts [][]int
	places []int // of parties by their words, -1 where the matrix does not have them
	in     []int
}

func (s *selection) cells(codes []string, measure string) *cells {
	var words []uint32
	for _, code := range codes {
		if word, ok := s.snapshot.parties.find(code); ok {
			words = append(words, word)
		}
	}
	only := s.own()
	if only != nil {
		only = s.marked(slices.Concat(append(s.sideWords, words)...))
	}
	return sumUp(s, s.shared(words), only, false, func() *cells {
		c := &cells{codes: codes, signed: measure == "signed", counts: make([][]int, len(codes))}
		for i := range c.counts {
			c.counts[i] = make([]int, len(codes))
		}
		return c
	})
}

func (c *cells) add(s *selection, r *reading, fails facet, times int) {
	if fails != 0 {
		return
	}
	for n := len(c.places); n < len(s.codes); n++ {
		c.places = append(c.places, slices.Index(c.codes, s.codes[n]))
	}
	c.in = c.in[:0]
	for i := range r.Parties {
		p := &r.Parties[i]
		if c.places[p.Party] >= 0 && p.takesPart() && (c.signed || status.Status(stateOn(r.spansOf(p), s.on)/2) == status.InForce) {
			c.in = append(c.in, c.places[p.Party])
		}
	}
	for i, a := range c.in {
		for _, b := range c.in[:i] {
			c.counts[a][b] += times
			c.counts[b][a] += times
		}
	}
}

func (c *cells) merge(other *cells) {
	for i, row := range other.counts {
		for j, n := range row {
			c.counts[i][j] += n
		}
	}
}

func (c *cells) matrix() *Matrix {
	m := &Matrix{Codes: c.codes}
	for _, row := range c.counts {
		m.Cells = append(m.Cells, slices.Clone(row))
		m.Most = max(m.Most, slices.Max(row))
	}
	return m
}

// Parties are the codes of all parties that take part in an agreement of the filter, the most active first.
func (s *Store) ActiveParties(ctx context.Context, f Filter, limit int) ([]string, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("finding the most active parties: %w", err)
	}
	defer sel.release()
	type active struct {
		code string
		n    uint64
	}
	var list []active
	for word, set := range sel.byParticipant {
		if n := set.GetCardinality(); n > 0 {
			list = append(list, active{sel.codes[word], n})
		}
	}
	slices.SortFunc(list, func(a, b active) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.code, b.code)) })
	codes := make([]string, 0, limit)
	for _, a := range list[:min(limit, len(list))] {
		codes = append(codes, a.code)
	}
	return codes, nil
}

// Continents are groups of states by the United Nations' M49, and the numbers by which it calls them.
var Continents = map[string]string{"africa": "002", "americas": "019", "asia": "142", "europe": "150", "oceania": "009"}

// ContinentOf names the continent of a state or territory of today, "" for any other party.
func ContinentOf(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 {
		return ""
	}
	for name, number := range Continents {
		if whole, err := language.ParseRegion(number); err == nil && whole.Contains(region) {
			return name
		}
	}
	return ""
}

// Members are the codes of an organisation's members on a day, a membership without dates counting always.
func (s *Store) Members(ctx context.Context, organisation string, on edtf.Day) (codes []string, err error) {
	err = s.reader(ctx).Raw(`SELECT DISTINCT member FROM memberships WHERE organisation = ? AND status = 'member'
		AND (member_from = '' OR member_from <= ?) AND (member_until = '' OR member_until >= ?) ORDER BY member`, organisation, on, on).Scan(&codes).Error
	if err != nil {
		return nil, fmt.Errorf("reading the members of %s: %w", organisation, err)
	}
	return codes, nil
}

// Organisations lists the codes of organisations whose members are recorded.
func (s *Store) Organisations(ctx context.Context) (codes []string, err error) {
	err = s.reader(ctx).Raw("SELECT organisation FROM memberships WHERE status = 'member' GROUP BY organisation HAVING count(*) > 2 ORDER BY organisation").Scan(&codes).Error
	if err != nil {
		return nil, fmt.Errorf("listing organisations: %w", err)
	}
	return codes, nil
}

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
func (s *Store) panelParties(ctx context.Context) (map[string]PanelParty, error) {
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

// Panel streams a year of every pair that has an agreement of the filter, or with alone of every party, for all years
// of the filter's span; without one from the first year that anything is dated in to the year of the filter's day. It
// holds the numbers of one party at a time.
func (s *Store) Panel(ctx context.Context, f Filter, alone bool) iter.Seq2[*PanelRow, error] {
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
		sel, err := s.choose(ctx, f)
		if err != nil {
			yield(nil, err)
			return
		}
		matched := sel.matched()
		first, last := f.On.Year(), f.On.Year()
		if ids := sel.newest(matched, nil, 1); until == "" && len(ids) == 1 {
			earliest, _ := sel.sortKeyOf(ids[0])
			last = max(last, edtf.YearOf(earliest))
		}
		if matched.IsEmpty() {
			sel.release()
			return
		}
		first = min(first, sel.firstYear(matched))
		if from != "" {
			first = from.Year()
		}
		if until != "" {
			last = until.Year()
		}
		var codes []string
		for word := range sel.byParticipant {
			codes = append(codes, sel.codes[word])
		}
		for _, a := range sel.pastParties() {
			if !slices.Contains(codes, a) {
				codes = append(codes, a)
			}
		}
		sel.release()
		slices.Sort(codes)
		if f.Pair[0] != "" {
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

// panelOf counts the years of one party with all whose code comes after its own, or of it alone.
func (s *Store) panelOf(ctx context.Context, f Filter, code string, first, last int, alone bool) ([]PanelRow, error) {
	if !slices.Contains(f.Parties, code) && !slices.Contains(f.Pair[:], code) {
		f.Parties = append(slices.Clone(f.Parties), code)
	}
	sel, err := s.choose(ctx, f)
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
	own, ok := sel.snapshot.parties.find(code)
	if !ok {
		return nil, nil
	}
	sel.walk(func(r *reading) {
		var mine *cardParty
		for i := range r.Parties {
			if r.Parties[i].Party == own && r.Parties[i].takesPart() {
				mine = &r.Parties[i]
			}
		}
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
			spans := r.Spans
			if mine.Spans != nil || p.Spans != nil {
				a, b := r.spansOf(mine), r.spansOf(p)
				spans = together([][]cardSpan{a, b}, func(day int32) uint8 { return max(stateOn(a, day), stateOn(b, day)) })
			}
			countYears(rowsOf(other), first, r, spans)
		}
	})
	var list []PanelRow
	for _, other := range slices.Sorted(maps.Keys(byParty)) {
		list = append(list, byParty[other]...)
	}
	return list, nil
}

// countYears adds one agreement to the years of a panel.
func countYears(rows []PanelRow, first int, r *reading, spans []cardSpan) {
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
		if until < never {
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
