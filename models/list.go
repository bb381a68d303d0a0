package models

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// An Entry is a line of a list of agreements.
type Entry struct {
	ID            int64    `json:"id"`
	Title         string   `json:"title"`
	TitleLanguage string   `json:"title_language"`
	Kind          string   `json:"kind"`
	Level         string   `json:"level"`
	Signed        string   `json:"signed"`
	DatedEarliest edtf.Day `json:"dated_earliest"`
	DatedLatest   edtf.Day `json:"dated_latest"`
	Place         string   `json:"place"`
	Bilateral     bool     `json:"bilateral"`
	Parties       []string `json:"parties"`
	status.State
}

// Date is when the agreement is dated, as written where it was signed.
func (e *Entry) Date() edtf.Date {
	if e.Signed != "" {
		d, err := edtf.ParseDate(e.Signed)
		if err == nil {
			return d
		}
	}
	return edtf.Date{Written: string(e.DatedEarliest), Earliest: e.DatedEarliest, Latest: e.DatedLatest}
}

// A Page is part of a list. Next is the cursor of the page after it, empty on the last.
type Page[T any] struct {
	Total int64
	Items []T
	Next  string
}

// Agreements lists one page of the agreements that a filter means, newest first, in the reader's language where a
// title is recorded in it. It takes the same number of statements whatever the size of the register.
func (s *Store) Agreements(ctx context.Context, f Filter, lang string) (page Page[Entry], err error) {
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
	sel, err := s.choose(ctx, f)
	if err != nil {
		return page, err
	}
	ids, states := func() (ids []uint32, states map[uint32]status.State) {
		defer sel.release()
		set := sel.matched()
		page.Total = int64(set.GetCardinality())
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

// states reads the states of some agreements on the filter's day.
func (s *selection) states(ids []uint32) map[uint32]status.State {
	states := make(map[uint32]status.State, len(ids))
	var r reading
	own := s.own()
	for _, id := range ids {
		s.read(id, &r, own, false)
		s.match(&r)
		states[id] = status.StateOf(int(r.state))
	}
	return states
}

// entries reads the lines of a list in the order of their numbers. An agreement that was withdrawn since the index was
// asked is left out.
func (s *Store) entries(ctx context.Context, sel *selection, ids []uint32, states map[uint32]status.State, lang string) ([]Entry, error) {
	list := make([]Entry, 0, len(ids))
	if len(ids) == 0 {
		return list, nil
	}
	found := make(map[uint32]Entry, len(ids))
	var wanted []uint32
	for _, id := range ids {
		if a := sel.past.agreement(id); a != nil {
			found[id] = a.entry(lang)
		} else {
			wanted = append(wanted, id)
		}
	}
	if len(wanted) > 0 {
		rows, err := s.reader(ctx).Raw(`SELECT a.id, coalesce(t.text, a.title), CASE WHEN t.text IS NULL THEN a.title_language ELSE t.language END,
				a.kind, a.level, a.signed, a.dated_earliest, a.dated_latest, a.place, a.bilateral, a.parties
			FROM agreements a LEFT JOIN titles t ON t.agreement_id = a.id AND t.language = ?
				AND t.position = (SELECT min(o.position) FROM titles o WHERE o.agreement_id = a.id AND o.language = t.language)
			WHERE a.id IN ? AND (a.withdrawn_at IS NULL OR ?)`, lang, wanted, sel.past != nil).Rows()
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var e Entry
			var parties string
			if err := rows.Scan(&e.ID, &e.Title, &e.TitleLanguage, &e.Kind, &e.Level, &e.Signed, &e.DatedEarliest, &e.DatedLatest,
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
			e.State = states[id]
			list = append(list, e)
		}
	}
	return list, nil
}

// entry is the agreement as a line of a list.
func (a *Agreement) entry(lang string) Entry {
	title, in := a.TitleIn(lang)
	return Entry{ID: a.ID, Title: title, TitleLanguage: in, Kind: a.Kind, Level: a.Level, Signed: a.Signed, DatedEarliest: a.DatedEarliest,
		DatedLatest: a.DatedLatest, Place: a.Place, Bilateral: a.Bilateral, Parties: a.PartyCodes()}
}

// Size is how much the register holds.
type Size struct {
	Agreements int64 `json:"agreements"`
	Parties    int64 `json:"parties"`
	Meetings   int64 `json:"meetings"`
	People     int64 `json:"people"`
}

// Size counts what the register holds.
func (s *Store) Size(ctx context.Context) (size Size, err error) {
	only, err := s.knownPeople(ctx, "people.id")
	if err != nil {
		return size, err
	}
	x, release, err := s.view(ctx)
	if err != nil {
		return size, err
	}
	agreements := x.live.GetCardinality()
	if !insider(ctx) {
		agreements -= x.restricted.GetCardinality()
	}
	release()
	err = s.reader(ctx).Raw("SELECT (SELECT count(*) FROM parties) AS parties, (SELECT count(*) FROM meetings) AS meetings, (SELECT count(*) FROM people WHERE TRUE" + only + ") AS people").Scan(&size).Error
	size.Agreements = int64(agreements)
	return size, err
}

// AllAgreements streams every agreement of a filter, newest first, page by page.
func (s *Store) AllAgreements(ctx context.Context, f Filter, lang string) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
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

// States computes the status of an agreement on a day, of the whole and for each party, and notes on each participation
// the first and last day of its being in force.
func (s *Store) States(ctx context.Context, a *Agreement, on edtf.Day) (whole status.State, byParty map[string]status.State, err error) {
	replaced, err := s.replacedOn(s.reader(ctx), []int64{a.ID})
	if err != nil {
		return whole, nil, fmt.Errorf("reading what replaces agreement %d: %w", a.ID, err)
	}
	if a.then {
		replaced = map[int64]edtf.Day{a.ID: a.replacedOn}
	}
	facts := a.Facts(replaced[a.ID])
	whole = facts.Status(on)
	byParty = make(map[string]status.State, len(a.Participations))
	var ofWhole []status.Span
	if facts.Bilateral() {
		ofWhole = facts.Spans("")
	}
	for i := range a.Participations {
		p := &a.Participations[i]
		spans := ofWhole
		if !facts.Bilateral() {
			spans = facts.Spans(p.Party)
		}
		byParty[p.Party] = status.State{Status: status.Proposed}
		for _, span := range spans {
			if span.From <= on && on <= span.Until {
				byParty[p.Party] = span.State
			}
			if span.Status != status.InForce {
				continue
			}
			if p.InForceFrom == "" {
				p.InForceFrom = span.From
			}
			if p.InForceUntil = span.Until; span.Until == edtf.LastDay {
				p.InForceUntil = ""
			}
		}
	}
	return whole, byParty, nil
}

// recordsAtOnce is how many whole records are read at a time.
const recordsAtOnce = 200

// AllRecords streams every agreement of a filter whole, newest first, a few hundred at a time.
func (s *Store) AllRecords(ctx context.Context, f Filter) iter.Seq2[*Agreement, error] {
	return func(yield func(*Agreement, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		f.Limit = recordsAtOnce
		for {
			page, err := s.Agreements(ctx, f, "")
			if err != nil {
				yield(nil, err)
				return
			}
			list, err := s.records(ctx, f, page.Items)
			if err != nil {
				yield(nil, fmt.Errorf("reading records: %w", err))
				return
			}
			states := make(map[int64]status.State, len(page.Items))
			for _, e := range page.Items {
				states[e.ID] = e.State
			}
			for _, a := range list {
				a.State = states[a.ID]
				if !yield(a, nil) {
					return
				}
			}
			if f.After = page.Next; f.After == "" {
				return
			}
		}
	}
}

// records reads the agreements of a list whole, as recorded when the filter says, in the order of the list.
func (s *Store) records(ctx context.Context, f Filter, items []Entry) (list []*Agreement, err error) {
	var then *past
	if !f.Recorded.IsZero() {
		if then, err = s.past(ctx, f.Recorded); err != nil {
			return nil, err
		}
	}
	byID := make(map[int64]*Agreement, len(items))
	var standing []int64
	for _, e := range items {
		if a := then.agreement(uint32(e.ID)); a != nil {
			byID[e.ID] = a
		} else {
			standing = append(standing, e.ID)
		}
	}
	found, err := s.load(s.reader(ctx), standing)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if a.WithdrawnAt == nil || then != nil { // withdrawn since the list was read
			byID[a.ID] = a
		}
	}
	for _, e := range items {
		if a := byID[e.ID]; a != nil {
			list = append(list, a)
		}
	}
	return list, nil
}
