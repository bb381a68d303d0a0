package models

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"chancery/models/edtf"
)

// eventColumns are read in the order of Event's fields.
const eventColumns = `e.date, e.date_earliest, e.date_latest, e.event, coalesce(e.agreement_id, 0), coalesce(a.title, ''), coalesce(a.kind, ''),
	coalesce(a.parties, ''), e.party, coalesce(p.institution, ''), coalesce(s.person, ''), coalesce(s.office, ''), e.place,
	coalesce(m.title, ''), e.note,
	CASE WHEN src.publisher <> '' AND src.published <> '' THEN src.publisher || ', ' || src.published
		WHEN src.publisher <> '' THEN src.publisher ELSE coalesce(src.title, '') END,
	coalesce(src.url, ''), e.id, coalesce(e.meeting_id, 0), e.ordinal`

const eventTables = ` e LEFT JOIN agreements a ON a.id = e.agreement_id
	LEFT JOIN participations p ON p.id = e.participation_id LEFT JOIN signatories s ON s.id = e.signatory_id
	LEFT JOIN meetings m ON m.id = e.meeting_id
	LEFT JOIN sources src ON src.agreement_id = e.agreement_id AND src.position = 0`

// Orders of the timeline; newest first is the other read backwards.
const (
	eventOrder  = " ORDER BY e.date_earliest, e.date_latest, e.agreement_id NULLS FIRST, e.id"
	newestOrder = " ORDER BY e.date_earliest DESC, e.date_latest DESC, e.agreement_id DESC NULLS LAST, e.id DESC"
)

func (f Filter) eventOrder() string {
	if f.Newest {
		return newestOrder
	}
	return eventOrder
}

// An eventCondition is one on events e. Where it is either of two, one is met by
// events of agreements, the other by meetings alone.
type eventCondition struct {
	condition
	snapshot *snapshot // of which they were made
	either   []*condition
	key      string      // under which a count of them is kept
	count    *cacheEntry // which changes concern it, but for its value
}

// whole is the condition as one, for a statement that has no room for
// alternatives.
func (e *eventCondition) whole() *condition {
	c := &condition{slices.Clone(e.sql), slices.Clone(e.args)}
	if len(e.either) > 0 {
		c.and("("+e.either[0].String()+" OR "+e.either[1].String()+")", slices.Concat(e.either[0].args, e.either[1].args)...)
	}
	return c
}

// apart are conditions that no event meets two of: each is counted by an index of
// its own.
func (e *eventCondition) apart() (parts []*condition) {
	for _, one := range e.either {
		parts = append(parts, &condition{slices.Concat(e.sql, one.sql), slices.Concat(e.args, one.args)})
	}
	if parts == nil {
		parts = []*condition{&e.condition}
	}
	return parts
}

// eventsOf are the conditions on events e, of the agreements that the filter means
// whenever they are dated. A meeting stands once for each agreement that names it,
// or once alone; of renewals to come only the next is shown.
func (s Timelines) eventsOf(ctx context.Context, f Filter) (*eventCondition, error) {
	c := &eventCondition{count: &cacheEntry{}}
	c.and("e.known_from <= ?", string(f.On))
	c.and("(e.agreement_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM agreement_meetings am WHERE am.meeting_id = " +
		"e.meeting_id) AND " + readableMeeting(ctx, "e.meeting_id") + ")")
	inner := f
	inner.From, inner.Until = "", ""
	sel, err := s.query(ctx, inner)
	if err != nil {
		return nil, err
	}
	switch {
	case f.Agreement > 0 && inner.only(Filter{Agreement: f.Agreement}) &&
		!(sel.hideRestricted && sel.restricted.Contains(uint32(f.Agreement))):
		c.and("e.agreement_id = ?", f.Agreement)
	case sel.everything():
		if sel.hideRestricted && !sel.restricted.IsEmpty() {
			within, set := s.engine.within("e.agreement_id", sel.restricted)
			c.and("(e.agreement_id IS NULL OR NOT "+within+")", set)
		}
	default:
		s.ofMatched(c, sel)
	}
	c.snapshot = sel.snapshot
	c.key = sel.key(fmt.Sprintf("events %q %s %s", f.Events, f.From, f.Until))
	sel.release()
	if len(sel.sides) > 0 { // of the acts of single parties, those of the parties asked for
		c.and("e.party IN ?", sel.owners())
	}
	if len(f.Events) > 0 {
		c.and("e.event IN ?", f.Events)
	}
	from, until := f.span()
	if from != "" {
		if err := s.reachInto(ctx, c, from); err != nil {
			return nil, err
		}
	}
	if until != "" {
		c.and("e.date_earliest <= ?", until)
	}
	return c, nil
}

// ofMatched keeps the events of the agreements that a query means, and of the
// meetings that stand alone. So many agreements are walked by date.
func (s Timelines) ofMatched(c *eventCondition, sel *query) {
	matched := sel.matched()
	ids, set := s.engine.within("e.agreement_id", matched)
	meetings, lone := sel.meetings()
	switch {
	case !lone:
		c.and(ids, set)
	case matched.Len() > s.gathered: // so many are walked by date
		alone := "e.agreement_id IS NULL AND e.meeting_id IN (SELECT id FROM meetings WHERE " + meetings.String() + ")"
		c.count = sel.cacheEntry(nil, nil)
		c.either = []*condition{{[]string{ids}, []any{set}}, {[]string{alone}, meetings.args}}
	default:
		ids, set = s.engine.within("agreement_id", matched)
		own, args := "SELECT id FROM events WHERE "+ids, []any{set}
		if len(sel.sides) > 0 {
			own, args = own+" AND party IN ?", append(args, sel.owners())
		}
		c.and("e.id IN ("+own+
			" UNION ALL SELECT id FROM events WHERE agreement_id IS NULL AND meeting_id IN (SELECT id FROM meetings WHERE "+
			meetings.String()+"))",
			append(args, meetings.args...)...)
	}
}

// reachInto keeps events that are dated within a span that begins on a day. A date
// longer than a day can begin before the span and reach into it.
func (s Timelines) reachInto(ctx context.Context, c *eventCondition, from edtf.Day) error {
	var first edtf.Day // the least of an expression, so that neither engine walks the index of all dates for it
	err := s.reader(ctx).Raw(
		"SELECT coalesce(min(substr(date_earliest, 1)), '') FROM events WHERE date_earliest <> date_latest AND date_latest >= ?", from).Scan(&first).Error
	if err != nil {
		return fmt.Errorf("reading the timeline: %w", err)
	}
	c.and("e.date_earliest >= ?", min(orElse(first, from), from))
	c.and("e.date_latest >= ?", from)
	return nil
}

// owners are the parties whose acts are asked for, and the whole of an agreement,
// which is no party.
func (s *query) owners() []string { return append([]string{""}, slices.Concat(s.sides...)...) }

// meetings are the conditions under which a meeting without agreements belongs to
// the filter: by its number, or with the parties of all sides among its
// participants. A filter by what only agreements have, their status aside, takes in
// none.
func (s *query) meetings() (*condition, bool) {
	c := &condition{}
	asked := s.Filter
	asked.Statuses = nil
	if !asked.only(Filter{Pair: s.Pair, Parties: s.Parties, Meeting: s.Meeting}) {
		return nil, false
	}
	if s.Meeting > 0 {
		c.and("id = ?", s.Meeting)
	}
	for _, side := range s.sides {
		c.and("id IN (SELECT meeting_id FROM meeting_participants WHERE party IN ?)", side)
	}
	return c, true
}

// Timeline streams the events that a filter means, in order of date, from one
// query; it holds one row at a time.
func (s Timelines) Timeline(ctx context.Context, f Filter) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		ctx, done, err := s.asRecorded(ctx, f.Recorded)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		where, err := s.eventsOf(ctx, f)
		if err != nil {
			yield(nil, err)
			return
		}
		for e, err := range s.events(ctx, where.whole(), f.eventOrder(), 0) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// events streams the events under some conditions in one of the orders; a limit is
// applied before anything is read beside them.
func (s Timelines) events(ctx context.Context, where *condition, order string, limit int) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		sql, args := "SELECT "+eventColumns+" FROM events"+eventTables+" WHERE "+where.String()+order, where.args
		if limit > 0 {
			sql = "SELECT " + eventColumns + " FROM (SELECT * FROM events e WHERE " + where.String() + order +
				" LIMIT ?)" + eventTables + order
			args = append(slices.Clone(args), limit)
		}
		rows, err := s.reader(ctx).Raw(sql, args...).Rows()
		if err != nil {
			yield(nil, fmt.Errorf("reading the timeline: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			e := new(Event)
			err := rows.Scan(&e.Date, &e.DateEarliest, &e.DateLatest, &e.Event, &e.Agreement, &e.Title, &e.Kind, &e.Parties,
				&e.Party,
				&e.Institution, &e.Person, &e.Office, &e.Place, &e.Meeting, &e.Note, &e.Source, &e.URL, &e.id, &e.MeetingID,
				&e.Ordinal)
			if err != nil {
				yield(nil, fmt.Errorf("reading the timeline: %w", err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("reading the timeline: %w", err))
		}
	}
}

// TimelinePage reads one page of the timeline, earliest first unless the filter wants
// the newest.
func (s Timelines) TimelinePage(ctx context.Context, f Filter) (page Page[Event], err error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return page, err
	}
	defer done()
	of, err := s.eventsOf(ctx, f)
	if err != nil {
		return page, err
	}
	where := of.whole()
	if page.Total, err = s.countEvents(ctx, of); err != nil {
		return page, fmt.Errorf("counting events: %w", err)
	}
	beyond := ">"
	if f.Newest {
		beyond = "<"
	}
	if f.After != "" {
		c, err := parseCursor(f.After)
		if err != nil {
			return page, Invalid{"after": {Code: "cursor"}}
		}
		where.and(
			"e.date_earliest "+beyond+"= ? AND (e.date_earliest, e.date_latest, coalesce(e.agreement_id, 0), e.id) "+beyond+" (?, ?, ?, ?)",
			c.Earliest, c.Earliest, c.Latest, c.Agreement, c.ID)
	}
	page.Items = []Event{}
	for e, err := range s.events(ctx, where, f.eventOrder(), f.Limit+1) {
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, *e)
	}
	if len(page.Items) > f.Limit {
		page.Items = page.Items[:f.Limit]
		page.Next = page.Items[f.Limit-1].cursor()
	}
	return page, nil
}

// countEvents counts the events under conditions made of a snapshot, once for all
// pages until something changes that can concern them.
func (s Timelines) countEvents(ctx context.Context, of *eventCondition) (total int64, err error) {
	count := func(where *condition) (n int64, err error) {
		err = s.reader(ctx).Raw("SELECT count(*) FROM events e WHERE "+where.String(), where.args...).Scan(&n).Error
		return n, err
	}
	parts := of.apart()
	total, there := s.index.cache.get(of.snapshot, of.key).(int64)
	if !there {
		if total, err = count(parts[0]); err != nil {
			return 0, err
		}
		now, err := s.LastChange(ctx)
		if err != nil {
			return 0, err
		}
		if of.snapshot.change == now { // else something changed meanwhile: it may be counted or not
			of.count.value = total
			s.index.cache.put(of.snapshot, of.key, of.count)
		}
	}
	for _, part := range parts[1:] { // a meeting can come to stand alone without a change of these agreements
		n, err := count(part)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}
