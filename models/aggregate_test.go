package models_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"

	"pgregory.net/rapid"
)

// What was counted before a change is after it what is counted anew, for those who
// have signed in and those who have not.
func TestWhatWasCountedFollowsTheRegister(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, engine))
			clock := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			store.Now = func() time.Time { return clock }
			store.Gather(1)
			versions := map[int64]int{}
			standing := []models.Filter{{On: "2026-11-26", Limit: 100},
				{On: "2000-06-01", Pair: models.PairOf("BY", "RU"), Query: "grain", Limit: 100},
				{On: "2026-11-26", Pair: models.PairOf("BY", "RU"), Limit: 100},
				{On: "2026-11-26", Parties: []string{"BY"}, Limit: 100}}
			rapid.Check(t, func(rt *rapid.T) {
				ctx := rapid.SampledFrom([]context.Context{ctx, models.WithRestricted(ctx)}).Draw(rt, "who")
				f := randomFilter(rt)
				again := rapid.SampledFrom(standing).Draw(rt, "asked again and again")
				for _, asked := range []models.Filter{f, f, again, again} {
					got := counted(t, store, ctx, asked)
					if want := counted(t, store.Afresh(), ctx, asked); got != want {
						rt.Fatalf("under %s:\n%s\nanew\n%s", asked.Values("").Encode(), got, want)
					}
					clock = clock.Add(time.Hour)
					change(rt, store, versions)
				}
			})
		})
	}
}

// change records, revises or withdraws an agreement, of which some are restricted,
// or records a meeting.
func change(t *rapid.T, store *models.Store, versions map[int64]int) {
	ids := slices.Sorted(maps.Keys(versions))
	what := rapid.IntRange(0, 6).Draw(t, "operation")
	d := randomDraft(t, nil)
	d.Restricted = rapid.IntRange(0, 5).Draw(t, "restricted") == 0
	d.Place = rapid.StringMatching("[AB][a-e]").Draw(t, "a place") // also one that no agreement has yet
	if what == 6 {
		held := rapid.SampledFrom([]string{"1994-02-03", "2001", "2026-12-01"}).Draw(t, "held")
		if _, err := store.Meetings().RecordMeeting(ctx, models.MeetingDraft{Title: "Talks", Held: held,
			Participants: "BY\nRU"}, by); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(ids) == 0 || what < 2 {
		id, err := store.Record(ctx, d, by)
		if err != nil {
			t.Fatal(err)
		}
		versions[id] = 1
		return
	}
	id := rapid.SampledFrom(ids).Draw(t, "which record")
	var err error
	if what == 2 {
		err = store.Withdraw(ctx, id, versions[id], "test", by)
		delete(versions, id)
	} else {
		versions[id], err = store.Revise(ctx, id, versions[id], d, by)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// counted is all that the register counts under a filter.
func counted(t *testing.T, store *models.Store, ctx context.Context, f models.Filter) (text string) {
	must := func(value any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf("%+v\n", value)
	}
	page, err := store.Lists().Agreements(ctx, f, "en")
	must(page.Total, err)
	counts, err := store.Statistics().Counts(ctx, f)
	must(*counts, err)
	years, err := store.Statistics().Years(ctx, f)
	must(years, err)
	for _, measure := range models.Measures {
		matrix, err := store.Statistics().Matrix(ctx, f, someParties, measure)
		must(*matrix, err)
	}
	weights, err := store.Statistics().Weights(ctx, f)
	must(weights, err)
	pairs, err := store.Statistics().Pairs(ctx, f, 3)
	must(pairs, err)
	news, err := store.Statistics().News(ctx, f, time.Time{}, 3)
	must(news, err)
	events, err := store.Timelines().TimelinePage(ctx, f)
	must(events.Total, err)
	size, err := store.Lists().Totals(ctx)
	must(size, err)
	if f.Parties != nil && f.Pair[0] == "" {
		partners, err := store.Statistics().Partners(ctx, f, 0)
		must(partners, err)
	}
	return text
}

// Only the latest beginnings and ends are kept in mind: when they are withdrawn,
// those before them are found again.
func TestNewsGoesBackBeyondWhatWasWithdrawn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		store.Now = func() time.Time { return time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC) } // recording is no news then
		var ids []int64
		for year := range 50 {
			d := agreement("Fishing rights", "1950", "BY", "RU")
			d.ValidityPeriods = []models.PeriodDraft{{ValidFrom: fmt.Sprint(1950 + year), ValidUntil: fmt.Sprint(1960 + year)}}
			ids = append(ids, record(t, store, d))
		}
		for len(ids) > 30 {
			last := ids[len(ids)-1]
			news, err := store.Statistics().News(ctx, models.Filter{On: "2026-11-26"},
				time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), 1)
			if err != nil || len(news) != 1 || news[0].Agreement != last {
				t.Fatalf("%+v (%v), want agreement %d", news, err, last)
			}
			if err := store.Withdraw(ctx, last, 1, "test", by); err != nil {
				t.Fatal(err)
			}
			ids = ids[:len(ids)-1]
		}
	})
}
