package models

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"chancery/models/edtf"
	"chancery/models/status"
)

// ComingEvents are what a calendar shows of what is to come.
var ComingEvents = []string{"validity-ends", "termination", "renewal-due", "notice-deadline", "validity-begins", "meeting"}

// A Coming is something that will be, with what a calendar needs to know it again
// when it changes.
type Coming struct {
	Event
	Version   int       `json:"version"` // of the record that it follows from
	RevisedAt time.Time `json:"revised_at"`
}

// A DueMeeting is the next meeting of a series, reckoned from how far apart its
// meetings were: half of them at least as close. Nobody has announced it.
type DueMeeting struct {
	Series   string   `json:"series"`
	Last     edtf.Day `json:"last"`     // when it last met
	Expected string   `json:"expected"` // EDTF, a month, approximate
	Earliest edtf.Day `json:"earliest"`
	Latest   edtf.Day `json:"latest"`
	Meetings int      `json:"meetings"` // how many it was reckoned from
	MeetingN int64    `json:"meeting"`  // the last one's number
}

// MaxComing is the most that a calendar holds.
const MaxComing = 1000

// Calendar lists what is to come within so many months of a filter's day:
// beginnings and ends of validity, tacit renewals, last days for notice, meetings,
// at most limit of them. Of agreements that have ended by that day nothing is to
// come.
func (s Statistics) Calendar(ctx context.Context, f Filter, months, limit int) ([]Coming, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	f.From, f.Until, f.After, f.Limit = string(f.On), string(f.On.AddMonths(months)), "", 0
	if len(f.Events) == 0 {
		f.Events = ComingEvents
	}
	if len(f.Statuses) == 0 {
		f.Statuses = []status.Status{status.InForce, status.Provisional, status.Suspended, status.Signed}
	}
	whenever := f // the span is that of the events, not of the agreements
	whenever.From, whenever.Until = "", ""
	meant, err := s.query(ctx, whenever)
	if err != nil {
		return nil, err
	}
	matched := meant.matched()
	meant.release()
	wide := matched.Len() > s.gathered && whenever.only(Filter{Statuses: f.Statuses})
	asked := f
	if wide { // so many are meant that what is to come is read for all, and each event looked at
		asked.Statuses = nil
	}
	where, err := s.Timelines().eventsOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	numbers, err := s.firstEvents(ctx, where.whole(), limit, func(agreement int64) bool {
		return !wide || agreement == 0 || matched.Contains(uint32(agreement))
	})
	if err != nil {
		return nil, fmt.Errorf("reading the calendar: %w", err)
	}
	return s.comingOf(ctx, numbers)
}

// comingOf reads events by their numbers, with the versions of their records.
func (s Statistics) comingOf(ctx context.Context, numbers []int64) ([]Coming, error) {
	list := []Coming{}
	var ids []int64
	for chunk := range slices.Chunk(numbers, 500) {
		these := &condition{}
		these.and("e.id IN ?", chunk)
		for e, err := range s.Timelines().events(ctx, these, eventOrder, 0) {
			if err != nil {
				return nil, err
			}
			list = append(list, Coming{Event: *e})
			ids = append(ids, e.Agreement)
		}
	}
	versions := map[int64]Agreement{}
	for chunk := range slices.Chunk(unique(ids), 500) {
		var rows []Agreement
		if err := s.reader(ctx).Raw("SELECT id, version, revised_at FROM agreements WHERE id IN ?",
			chunk).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("reading the calendar: %w", err)
		}
		for _, a := range rows {
			versions[a.ID] = a
		}
	}
	for i := range list {
		a := versions[list[i].Agreement]
		list[i].Version, list[i].RevisedAt = a.Version, a.RevisedAt
	}
	return list, nil
}

// firstEvents numbers the first of the events under some conditions, of agreements
// that are kept, at most limit of them. A database that is asked for a few reads
// them in the order of their dates, else it sorts all: it is asked for all only
// when a few do not do.
func (s Statistics) firstEvents(ctx context.Context, where *condition, limit int,
	keep func(agreement int64) bool) (ids []int64, err error) {
	for _, most := range []int{4 * limit, math.MaxInt32} {
		ids = nil
		rows, err := s.reader(ctx).Raw("SELECT e.id, coalesce(e.agreement_id, 0) FROM events e WHERE "+
			where.String()+eventOrder+" LIMIT ?", append(where.args, most)...).Rows()
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		read := 0
		for ; len(ids) < limit && rows.Next(); read++ {
			var id, agreement int64
			if err := rows.Scan(&id, &agreement); err != nil {
				return nil, err
			}
			if keep(agreement) {
				ids = append(ids, id)
			}
		}
		if err := rows.Err(); err != nil || len(ids) == limit || read < most {
			return ids, err
		}
	}
	return ids, nil
}

// DueMeetings lists the series of meetings whose next one is due within so many
// months of a filter's day, or overdue by less than the time between two.
func (s Statistics) DueMeetings(ctx context.Context, f Filter, months int) ([]DueMeeting, error) {
	sides, err := s.sides(ctx, f)
	if err != nil {
		return nil, err
	}
	sel := query{Filter: f, sides: sides}
	where, ok := sel.meetings()
	if !ok {
		return nil, nil
	}
	where.and("series <> '' AND " + readableMeeting(ctx, "meetings.id"))
	where.and("held_earliest <= ?", string(f.On))
	var rows []Meeting
	err = s.reader(ctx).Raw(
		"SELECT id, series, held_earliest FROM meetings WHERE series IN (SELECT series FROM meetings WHERE "+where.String()+
			") AND held_earliest IS NOT NULL AND "+readableMeeting(ctx, "meetings.id")+" ORDER BY series, held_earliest, id",
		where.args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading series of meetings: %w", err)
	}
	due := []DueMeeting{}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Series == rows[0].Series {
			n++
		}
		if d, ok := dueMeeting(rows[:n], f.On, months); ok {
			due = append(due, d)
		}
		rows = rows[n:]
	}
	slices.SortFunc(due, func(a, b DueMeeting) int {
		return cmp.Or(cmp.Compare(a.Expected, b.Expected), cmp.Compare(a.Series, b.Series))
	})
	return due, nil
}

// dueMeeting reckons the next meeting of a series, whose meetings come in order.
func dueMeeting(series []Meeting, on edtf.Day, months int) (DueMeeting, bool) {
	var gaps []int
	for i := 1; i < len(series); i++ {
		if gap := series[i-1].HeldEarliest.DaysUntil(series[i].HeldEarliest); gap > 0 {
			gaps = append(gaps, gap)
		}
	}
	last := series[len(series)-1]
	if len(gaps) == 0 || last.HeldEarliest > on { // one meeting makes no series; the next is announced
		return DueMeeting{}, false
	}
	slices.Sort(gaps)
	gap := gaps[len(gaps)/2]
	next := last.HeldEarliest.Add(gap)
	if next > on.AddMonths(months) || next.Add(gap) < on {
		return DueMeeting{}, false
	}
	month := string(next)[:7]
	date, err := edtf.ParsePoint(month)
	if err != nil {
		return DueMeeting{}, false
	}
	return DueMeeting{Series: series[0].Series, Last: last.HeldEarliest, Expected: month + "~", Earliest: date.Earliest,
		Latest: date.Latest, Meetings: len(series), MeetingN: last.ID}, true
}

// Weights are how many agreements of a filter each party takes part in that are in
// force for it.
func (s Statistics) Weights(ctx context.Context, f Filter) (map[string]int, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("weighing parties: %w", err)
	}
	defer sel.release()
	return cached(sel, "weights", func() *weights {
		return sumUp(sel, sel.candidates(), nil, false, func() *weights { return new(weights) })
	}, func(w *weights) map[string]int {
		counts := map[string]int{}
		for word, n := range w.tallied {
			if n > 0 {
				counts[sel.codes[word]] = int(n)
			}
		}
		return counts
	}), nil
}

// weights sum up for each party the agreements that are in force for it.
type weights struct{ tallied }

// add counts the agreements of each party.
func (w *weights) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	for i := range r.Parties {
		if p := &r.Parties[i]; p.takesPart() && status.Status(stateOn(r.spansOf(p), s.on)/2) == status.InForce {
			w.tallied.add(p.Party, times)
		}
	}
}

func (w *weights) merge(other *weights) { w.tallied.merge(other.tallied) }
