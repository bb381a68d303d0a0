package models

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// ComingEvents are what a calendar shows of what is to come.
var ComingEvents = []string{"validity-ends", "renewal-due", "notice-deadline", "validity-begins", "meeting"}

// A Coming is something that will be, with what a calendar needs to know it again when it changes.
type Coming struct {
	Event
	Version   int       `json:"version"` // of the record that it follows from
	RevisedAt time.Time `json:"revised_at"`
}

// A DueMeeting is the next meeting of a series, reckoned from how far apart its meetings were: half of them at least as
// close. Nobody has announced it.
type DueMeeting struct {
	Series   string `json:"series"`
	Last     Day    `json:"last"`     // when it last met
	Expected string `json:"expected"` // EDTF, a month, approximate
	Earliest Day    `json:"earliest"`
	Latest   Day    `json:"latest"`
	Meetings int    `json:"meetings"` // how many it was reckoned from
	MeetingN int64  `json:"meeting"`  // the last one's number
}

// MaxComing is the most that a calendar holds.
const MaxComing = 1000

// Calendar lists what is to come within so many months of a filter's day: beginnings and ends of validity, tacit
// renewals, last days for notice, meetings, at most limit of them. Of agreements that have ended by that day nothing is to come.
func (s *Store) Calendar(ctx context.Context, f Filter, months, limit int) ([]Coming, error) {
	f.From, f.Until, f.After, f.Limit = string(f.On), string(f.On.AddMonths(months)), "", 0
	if len(f.Events) == 0 {
		f.Events = ComingEvents
	}
	if len(f.Statuses) == 0 {
		f.Statuses = []Status{InForce, Provisional, Suspended, Signed}
	}
	whenever := f // the span is that of the events, not of the agreements
	whenever.From, whenever.Until = "", ""
	meant, err := s.choose(ctx, whenever)
	if err != nil {
		return nil, err
	}
	matched := meant.matched()
	meant.release()
	wide := matched.GetCardinality() > gathered && whenever.only(Filter{Statuses: f.Statuses})
	asked := f
	if wide { // so many are meant that what is to come is read for all, and each event looked at
		asked.Statuses = nil
	}
	where, err := s.eventsOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	numbers, err := s.firstEvents(ctx, where, limit, func(agreement int64) bool {
		return !wide || agreement == 0 || matched.Contains(uint32(agreement))
	})
	if err != nil {
		return nil, fmt.Errorf("reading the calendar: %w", err)
	}
	list := []Coming{}
	var ids []int64
	for chunk := range slices.Chunk(numbers, 500) {
		these := &condition{}
		these.and("e.id IN ?", chunk)
		for e, err := range s.events(ctx, these, 0) {
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
		if err := s.read.WithContext(ctx).Raw("SELECT id, version, revised_at FROM agreements WHERE id IN ?", chunk).Scan(&rows).Error; err != nil {
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

// firstEvents numbers the first of the events under some conditions, of agreements that are kept, at most limit of them.
func (s *Store) firstEvents(ctx context.Context, where *condition, limit int, keep func(agreement int64) bool) (ids []int64, err error) {
	rows, err := s.read.WithContext(ctx).Raw("SELECT e.id, coalesce(e.agreement_id, 0) FROM events e WHERE "+where.String()+eventOrder, where.args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(ids) < limit && rows.Next() {
		var id, agreement int64
		if err := rows.Scan(&id, &agreement); err != nil {
			return nil, err
		}
		if keep(agreement) {
			ids = append(ids, id)
		}
	}
	return ids, rows.Err()
}

// DueMeetings lists the series of meetings whose next one is due within so many months of a filter's day, or overdue
// by less than the time between two.
func (s *Store) DueMeetings(ctx context.Context, f Filter, months int) ([]DueMeeting, error) {
	sides, err := s.sides(ctx, f)
	if err != nil {
		return nil, err
	}
	sel := selection{Filter: f, sides: sides}
	where, ok := sel.meetings()
	if !ok {
		return nil, nil
	}
	where.and("series <> ''")
	where.and("held_earliest <= ?", string(f.On))
	var rows []Meeting
	err = s.read.WithContext(ctx).Raw("SELECT id, series, held_earliest FROM meetings WHERE series IN (SELECT series FROM meetings WHERE "+where.String()+") AND held_earliest IS NOT NULL ORDER BY series, held_earliest, id",
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
func dueMeeting(series []Meeting, on Day, months int) (DueMeeting, bool) {
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
	date, err := ParsePoint(month)
	if err != nil {
		return DueMeeting{}, false
	}
	return DueMeeting{Series: series[0].Series, Last: last.HeldEarliest, Expected: month + "~", Earliest: date.Earliest, Latest: date.Latest, Meetings: len(series), MeetingN: last.ID}, true
}

// A News is one thing that happened to the register or to an agreement: recorded, imported, revised, restored,
// withdrawn, begun, ended.
type News struct {
	What      string    `json:"what"`
	Agreement int64     `json:"agreement"`
	Title     string    `json:"title"`
	Parties   []string  `json:"parties"`
	Revision  int       `json:"revision,omitempty"`
	At        time.Time `json:"at"` // of a beginning or end: the day's first moment, in UTC
	Day       Day       `json:"day,omitempty"`
	Actor     string    `json:"actor,omitempty"`
	Comment   string    `json:"comment,omitempty"`
}

// News lists what happened to the agreements of a filter, the latest first, before a moment (the zero time is now).
func (s *Store) News(ctx context.Context, f Filter, before time.Time, limit int) ([]News, error) {
	if before.IsZero() {
		before = s.Now().UTC().Add(time.Second)
	}
	if !f.Recorded.IsZero() && f.Recorded.Before(before) {
		before = f.Recorded
	}
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, err
	}
	set, all := sel.matched(), sel.everything()
	turns := cached(sel, fmt.Sprint("turns ", before.Format(time.DateOnly), limit), func() []News { return sel.turns(before, limit) })
	sel.release()
	sql := "SELECT subject_key, number, action, actor, at, comment FROM revisions WHERE subject = 'agreement' AND at < ?"
	args := []any{before}
	switch {
	case all && !insider(ctx):
		sql += " AND NOT EXISTS (SELECT 1 FROM agreements a WHERE a.restricted AND CAST(a.id AS text) = subject_key)"
	case all:
	case set.GetCardinality() <= 5000:
		keys := []string{""}
		for it := set.Iterator(); it.HasNext(); {
			keys = append(keys, strconv.FormatUint(uint64(it.Next()), 10))
		}
		sql += " AND subject_key IN ?"
		args = append(args, keys)
	default:
		within, arg := s.engine.within("CAST(subject_key AS bigint)", set)
		sql, args = sql+" AND "+within, append(args, arg)
	}
	var revisions []Revision
	if err := s.read.WithContext(ctx).Raw(sql+" ORDER BY at DESC, id DESC LIMIT ?", append(args, limit)...).Scan(&revisions).Error; err != nil {
		return nil, fmt.Errorf("reading what is new: %w", err)
	}
	list := slices.DeleteFunc(slices.Clone(turns), func(n News) bool { return !n.At.Before(before) })
	for _, r := range revisions {
		id, _ := strconv.ParseInt(r.SubjectKey, 10, 64)
		list = append(list, News{What: r.Action, Agreement: id, Revision: r.Number, At: r.At.UTC(), Actor: r.Actor, Comment: r.Comment})
	}
	slices.SortStableFunc(list, func(a, b News) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Agreement, b.Agreement)) })
	list = list[:min(limit, len(list))]
	return list, s.nameNews(ctx, list)
}

// turns are the latest beginnings and ends of being in force up to the day of a moment.
func (s *selection) turns(before time.Time, limit int) (list []News) {
	last := min(s.on, Day(before.Format(time.DateOnly)).number())
	var parts []*[]News
	s.divide(s.candidates(), s.own(), false, func() func(*reading, facet) {
		list, floor := new([]News), int32(math.MinInt32) // of the latest so far, the earliest: what is before it is not looked at
		parts = append(parts, list)
		add := func(what string, id uint32, day int32) {
			if day < floor {
				return
			}
			d := dayNumbered(day)
			at, _ := time.Parse(time.DateOnly, string(d))
			*list = append(*list, News{What: what, Agreement: int64(id), At: at, Day: d})
			if len(*list) >= 8*limit+64 {
				*list = latest(*list, limit)
				floor = (*list)[len(*list)-1].Day.number()
			}
		}
		return func(r *reading, fails facet) {
			if fails != 0 {
				return
			}
			stretches(s.spans(r), func(from, until int32) {
				if from <= last {
					add("begun", r.ID, from)
				}
				if until <= last {
					add("ended", r.ID, until)
				}
			})
		}
	})
	for _, part := range parts {
		list = append(list, *part...)
	}
	return latest(list, limit)
}

func latest(list []News, limit int) []News {
	slices.SortFunc(list, func(a, b News) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.Agreement, b.Agreement), cmp.Compare(a.What, b.What))
	})
	return list[:min(limit, len(list))]
}

func (s *Store) nameNews(ctx context.Context, list []News) error {
	ids := make([]int64, 0, len(list))
	for _, n := range list {
		ids = append(ids, n.Agreement)
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []Agreement
	if err := s.read.WithContext(ctx).Raw("SELECT id, title, parties FROM agreements WHERE id IN ?", unique(ids)).Scan(&rows).Error; err != nil {
		return fmt.Errorf("reading what is new: %w", err)
	}
	for i := range list {
		for _, a := range rows {
			if a.ID == list[i].Agreement {
				list[i].Title, list[i].Parties = a.Title, a.PartyCodes()
			}
		}
	}
	return nil
}

// Weights are how many agreements of a filter each party takes part in that are in force for it.
func (s *Store) Weights(ctx context.Context, f Filter) (map[string]int, error) {
	sel, err := s.choose(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("weighing parties: %w", err)
	}
	defer sel.release()
	return cached(sel, "weights", func() map[string]int {
		var parts [][]int
		sel.divide(sel.candidates(), nil, false, func() func(*reading, facet) {
			counts := make([]int, len(sel.cardIndex.parties.texts))
			parts = append(parts, counts)
			return func(r *reading, fails facet) {
				if fails != 0 {
					return
				}
				whole := Status(stateOn(r.Spans, sel.on)/2) == InForce
				for i := range r.Parties {
					p := &r.Parties[i]
					if p.takesPart() && (p.Spans == nil && whole || p.Spans != nil && Status(stateOn(p.Spans, sel.on)/2) == InForce) {
						counts[p.Party]++
					}
				}
			}
		})
		weights := map[string]int{}
		for _, counts := range parts {
			for word, n := range counts {
				if n > 0 {
					weights[sel.cardIndex.parties.texts[word]] += n
				}
			}
		}
		return weights
	}), nil
}
