package models

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// Agreements lists one page of the agreements that a filter means, newest first, in
// the reader's language where a title is recorded in it. It takes the same number
// of statements whatever the size of the register.
func (s Lists) Agreements(ctx context.Context, f Filter, lang string) (page Page[AgreementSummary], err error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return page, err
	}
	defer done()
	var after *cursor
	if f.After != "" {
		c, err := parseCursor(f.After)
		if err != nil {
			return page, Invalid{"after": {Code: "cursor"}}
		}
		after = &c
	}
	sel, err := s.query(ctx, f)
	if err != nil {
		return page, err
	}
	sel.concludedOnly = true
	ids, states := func() (ids []uint32, states map[uint32]lineState) {
		defer sel.release()
		set := sel.matched()
		page.Total = int64(set.Len())
		ids = sel.newest(set, after, f.Limit+1)
		return ids, sel.states(ids)
	}()
	if page.Items, err = s.entries(ctx, sel, ids, states, lang); err != nil {
		return page, fmt.Errorf("listing agreements: %w", err)
	}
	if len(ids) > f.Limit {
		page.Items = page.Items[:min(len(page.Items), f.Limit)]
		last := page.Items[len(page.Items)-1]
		page.Next = cursor{last.DatedEarliest, last.DatedLatest, last.ID, 0}.String()
	}
	return page, nil
}

// A lineState is what a line of a list says of the filter's day, and of a pair.
type lineState struct {
	status.State
	between []Interval
}

// states reads how some agreements stand on the filter's day, and of a pair when
// they are in force between both.
func (s *query) states(ids []uint32) map[uint32]lineState {
	states := make(map[uint32]lineState, len(ids))
	var r evaluation
	own := s.partyMask()
	for _, id := range ids {
		s.read(id, &r, own, false)
		s.match(&r)
		line := lineState{State: status.StateOf(int(r.state))}
		if s.Pair[0] != "" {
			stretches(s.spans(&r), func(from, until int32) {
				held := Interval{From: edtf.DayOf(from)}
				if until < noEnd {
					held.Until = edtf.DayOf(until - 1)
				}
				line.between = append(line.between, held)
			})
		}
		states[id] = line
	}
	return states
}

// entries reads the lines of a list in the order of their numbers. An agreement
// that was withdrawn since the index was asked is left out.
func (s Lists) entries(ctx context.Context, sel *query, ids []uint32, states map[uint32]lineState,
	lang string) ([]AgreementSummary, error) {
	list := make([]AgreementSummary, 0, len(ids))
	if len(ids) == 0 {
		return list, nil
	}
	found := make(map[uint32]AgreementSummary, len(ids))
	var wanted []uint32
	for _, id := range ids {
		if a := sel.asRecorded.agreement(id); a != nil {
			found[id] = a.entry(lang)
		} else {
			wanted = append(wanted, id)
		}
	}
	if len(wanted) > 0 {
		rows, err := s.reader(ctx).Raw(
			`SELECT a.id, coalesce(t.text, a.title), CASE WHEN t.text IS NULL THEN a.title_language ELSE t.language END,
				a.kind, a.level, a.signed, a.dated_earliest, a.dated_latest, a.place, a.bilateral, a.parties
			FROM agreements a LEFT JOIN titles t ON t.agreement_id = a.id AND t.language = ?
				AND t.position = (SELECT min(o.position) FROM titles o WHERE o.agreement_id = a.id AND o.language = t.language)
			WHERE a.id IN ? AND (a.withdrawn_at IS NULL OR ?)`, lang, wanted, sel.asRecorded != nil).Rows()
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var e AgreementSummary
			var parties string
			if err := rows.Scan(&e.ID, &e.Title, &e.TitleLanguage, &e.Kind, &e.Level, &e.Signed, &e.DatedEarliest,
				&e.DatedLatest,
				&e.Place, &e.Bilateral, &parties); err != nil {
				return nil, err
			}
			e.Parties = strings.Split(parties, ";")
			found[uint32(e.ID)] = e
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		if e, ok := found[id]; ok {
			e.State, e.Between, e.on = states[id].State, states[id].between, sel.On
			list = append(list, e)
		}
	}
	return list, nil
}

// Totals is how much the register holds.
type Totals struct {
	Agreements int64 `json:"agreements"`
	Parties    int64 `json:"parties"`
	Meetings   int64 `json:"meetings"`
	People     int64 `json:"people"`
}

// Totals counts what the register holds.
func (s Lists) Totals(ctx context.Context) (size Totals, err error) {
	x, release, err := s.view(ctx)
	if err != nil {
		return size, err
	}
	agreements := x.live.Len()
	if !withRestricted(ctx) {
		agreements -= x.restricted.Len()
	}
	release()
	err = s.reader(ctx).Raw(
		"SELECT (SELECT count(*) FROM parties) AS parties, (SELECT count(*) FROM meetings WHERE " + readableMeeting(ctx, "meetings.id") +
			") AS meetings, (SELECT count(*) FROM people WHERE " + readablePerson(ctx, "people.id") + ") AS people").Scan(&size).Error
	size.Agreements = int64(agreements)
	return size, err
}

// AllAgreements streams every agreement of a filter, newest first, page by page.
func (s Lists) AllAgreements(ctx context.Context, f Filter, lang string) iter.Seq2[*AgreementSummary, error] {
	return func(yield func(*AgreementSummary, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		f.Limit = MaxPageSize
		for {
			page, err := s.Agreements(ctx, f, lang)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Items {
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			if f.After = page.Next; f.After == "" {
				return
			}
		}
	}
}

// Continued counts the agreements of a pair that are in force on the filter's day by
// the bonds of predecessors whose legal persons the parties continue; lineage are
// the predecessors of each.
func (s Lists) Continued(ctx context.Context, f Filter, lineage [2][]string) (int64, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return 0, err
	}
	defer done()
	f.Statuses, f.After, f.Limit = []status.Status{status.InForce}, "", 1
	sel, err := s.query(ctx, f)
	if err != nil {
		return 0, err
	}
	defer sel.release()
	continues := sel.asRecorded != nil
	for _, side := range sel.sideWords {
		for _, word := range side {
			continues = continues || sel.byContinuator[word] != nil
		}
	}
	if !continues || len(sel.sides) != len(lineage) {
		return 0, nil
	}
	own := sel.matched().Len()
	sel.Predecessors, sel.sides = true, slices.Clone(sel.sides)
	for i, codes := range lineage {
		sel.sides[i] = slices.Concat(sel.sides[i], codes)
	}
	sel.compileSides()
	return int64(max(own, sel.matched().Len()) - own), nil
}
