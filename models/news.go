package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"chancery/models/edtf"
)

// A News is one thing that happened to the register or to an agreement: recorded,
// imported, revised, restored, withdrawn, begun, ended.
type News struct {
	What      string    `json:"what"`
	Agreement int64     `json:"agreement"`
	Title     string    `json:"title"`
	Parties   []string  `json:"parties"`
	Revision  int       `json:"revision,omitempty"`
	At        time.Time `json:"at"` // of a beginning or end: the day's first moment, in UTC
	Day       edtf.Day  `json:"day,omitempty"`
	Actor     string    `json:"actor,omitempty"`
	Comment   string    `json:"comment,omitempty"`
}

// News lists what happened to the agreements of a filter, the latest first, before
// a moment (the zero time is now).
func (s Statistics) News(ctx context.Context, f Filter, before time.Time, limit int) ([]News, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	if before.IsZero() {
		before = s.Now().UTC().Add(time.Second)
	}
	if !f.Recorded.IsZero() && f.Recorded.Before(before) {
		before = f.Recorded
	}
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, err
	}
	set, all := sel.matched(), sel.everything()
	turns := cached(sel, fmt.Sprint("turns ", before.Format(time.DateOnly), limit),
		func() *newsQueue { return sel.newsQueue(before, limit) }, (*newsQueue).news)
	sel.release()
	sql := "SELECT subject_key, number, action, actor, at, comment FROM revisions WHERE subject = 'agreement' AND at < ? AND " +
		readablePast(ctx)
	args := []any{before}
	switch {
	case all:
		sql += " AND EXISTS (SELECT 1 FROM agreements a WHERE " + readable(ctx, "a") + " AND a.id = CAST(subject_key AS bigint))"
	case set.Len() <= 5000:
		keys := []string{""}
		for id := range set.All() {
			keys = append(keys, strconv.FormatUint(uint64(id), 10))
		}
		sql += " AND subject_key IN ?"
		args = append(args, keys)
	default:
		within, arg := s.engine.within("CAST(subject_key AS bigint)", set)
		sql, args = sql+" AND "+within, append(args, arg)
	}
	var revisions []Revision
	if err := s.reader(ctx).Raw(sql+" ORDER BY at DESC, id DESC LIMIT ?",
		append(args, limit)...).Scan(&revisions).Error; err != nil {
		return nil, fmt.Errorf("reading what is new: %w", err)
	}
	list := slices.DeleteFunc(slices.Clone(turns), func(n News) bool { return !n.At.Before(before) })
	for _, r := range revisions {
		id, _ := strconv.ParseInt(r.SubjectKey, 10, 64)
		list = append(list, News{What: r.Action, Agreement: id, Revision: r.Number, At: r.At.UTC(), Actor: r.Actor,
			Comment: r.Comment})
	}
	slices.SortStableFunc(list, func(a, b News) int {
		return cmp.Or(b.At.Compare(a.At),
			cmp.Compare(a.Agreement, b.Agreement))
	})
	list = list[:min(limit, len(list))]
	return list, s.nameNews(ctx, list)
}

// A newsCursor is the day on which an agreement came into force or no longer was.
type newsCursor struct {
	day       int32
	agreement uint32
	ended     bool
}

func (t newsCursor) compare(other newsCursor) int {
	return cmp.Or(cmp.Compare(other.day, t.day), cmp.Compare(t.agreement, other.agreement), bit(t.ended)-bit(other.ended))
}

// newsQueue sum up the latest turns of the agreements of a query up to a day.
type newsQueue struct {
	last  int32
	limit int // how many are asked for
	list  []newsCursor
	cut   *newsCursor // those after this one were let go of
}

// newsQueue begins to gather the latest turns before a moment.
func (s *query) newsQueue(before time.Time, limit int) *newsQueue {
	last := min(s.on, edtf.Day(before.Format(time.DateOnly)).Number())
	return sumUp(s, s.candidates(), s.partyMask(), false, func() *newsQueue {
		return &newsQueue{last: last, limit: limit}
	})
}

// add gathers the turns of an agreement: recorded, revised, begun, ended.
func (t *newsQueue) add(s *query, r *evaluation, fails facet, times int) {
	if fails != 0 {
		return
	}
	if times < 0 {
		t.list = slices.DeleteFunc(t.list, func(turn newsCursor) bool { return turn.agreement == r.ID })
		return
	}
	stretches(s.spans(r), func(from, until int32) {
		t.take(newsCursor{from, r.ID, false})
		t.take(newsCursor{until, r.ID, true})
	})
}

func (t *newsQueue) take(one newsCursor) {
	if one.day > t.last || t.cut != nil && one.compare(*t.cut) > 0 {
		return
	}
	t.list = append(t.list, one)
	if len(t.list) >= 16*t.limit+64 {
		t.shorten(8 * t.limit)
	}
}

// shorten keeps the latest turns, and notes that there were others.
func (t *newsQueue) shorten(length int) {
	slices.SortFunc(t.list, newsCursor.compare)
	if len(t.list) > length {
		t.list = t.list[:length]
		t.cut = new(t.list[length-1])
	}
}

func (t *newsQueue) merge(other *newsQueue) {
	if other.cut != nil && (t.cut == nil || other.cut.compare(*t.cut) < 0) {
		t.cut = other.cut
	}
	t.list = slices.DeleteFunc(append(t.list, other.list...), func(one newsCursor) bool {
		return t.cut != nil &&
			one.compare(*t.cut) > 0
	})
}

// lacking tells that some may be needed of those let go of.
func (t *newsQueue) lacking() bool { return t.cut != nil && len(t.list) < t.limit }

// news are the latest of them.
func (t *newsQueue) news() (list []News) {
	slices.SortFunc(t.list, newsCursor.compare)
	for _, one := range t.list[:min(t.limit, len(t.list))] {
		n := News{What: "begun", Agreement: int64(one.agreement), Day: edtf.DayOf(one.day)}
		if one.ended {
			n.What = "ended"
		}
		n.At, _ = time.Parse(time.DateOnly, string(n.Day))
		list = append(list, n)
	}
	return list
}

// nameNews adds what a feed says of agreements and revisions.
func (s Statistics) nameNews(ctx context.Context, list []News) error {
	ids := make([]int64, 0, len(list))
	for _, n := range list {
		ids = append(ids, n.Agreement)
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []Agreement
	if err := s.reader(ctx).Raw("SELECT id, title, parties FROM agreements WHERE id IN ?",
		unique(ids)).Scan(&rows).Error; err != nil {
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
