package models_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// between runs readers beside a writer that records and revises until the readers
// are done.
func between(t *testing.T, write func(n int), readers ...func()) {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			write(n)
		}
	})
	for _, read := range readers {
		reading.Go(read)
	}
	reading.Wait()
	stop()
	writing.Wait()
}

// A reading at a change has all that was recorded by then, also where one of it was
// revised since: another instance asks for the last change, and reads it when there
// is a later one.
func TestAReadingAtAChangeHasAllThatWasRecordedByThen(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			address := testdb.Address(t, engine)
			a, b := testdb.Open(t, address), testdb.Open(t, address)
			total := func(ctx context.Context) int64 {
				page, err := b.Lists().Agreements(ctx, models.Filter{On: "2026-11-26", Limit: 10}, "en")
				if err != nil {
					t.Fatal(err)
				}
				return page.Total
			}
			record(t, a, seed())
			if n := total(ctx); n != 1 {
				t.Fatalf("%d agreements, not 1", n)
			}
			second := record(t, a, seed())
			change, err := b.LastChange(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.Revise(ctx, second, 1, seedIn("Minsk"), by); err != nil {
				t.Fatal(err)
			}
			if n := total(models.ReadAt(ctx, change)); n != 2 {
				t.Errorf("at the change of the second recording %d agreements, not 2", n)
			}
		})
	}
}

func seedIn(place string) models.AgreementDraft {
	d := seed()
	d.Place = place
	return d
}

// What was recorded at a moment is the same whatever is recorded meanwhile, and
// whoever else reads: lists, counts, whole records and what words find.
func TestAsRecordedBesideAWriter(t *testing.T) {
	const agreements, readings = 20, 40
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		moment := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		store.Now = func() time.Time { return moment.Add(-time.Hour) }
		versions := map[int64]int{}
		var ids []int64
		for range agreements {
			id := record(t, store, seed())
			ids, versions[id] = append(ids, id), 1
		}
		now := models.Filter{On: "2026-11-26", Limit: 1000}
		then, words := now, now
		then.Recorded, words.Recorded, words.Query = moment, moment, "Moskau"
		read := func() string {
			list, err := store.Lists().Agreements(ctx, then, "de")
			if err != nil {
				t.Fatal(err)
			}
			counts, err := store.Statistics().Counts(ctx, then)
			if err != nil {
				t.Fatal(err)
			}
			found, err := store.Lists().Agreements(ctx, words, "de")
			if err != nil {
				t.Fatal(err)
			}
			var records []string
			for a, err := range store.Lists().AllRecords(ctx, then) {
				if err != nil {
					t.Fatal(err)
				}
				records = append(records, fmt.Sprint(a.ID, a.Place, a.Version, len(a.Sources)))
			}
			return mustJSON([]any{list, counts.Total, counts.Facet("place"), found.Total, records})
		}
		want := read()
		store.Now = func() time.Time { return moment.Add(time.Hour) }
		between(t, func(n int) {
			d := seedIn([]string{"Minsk", "Brest", "Gomel"}[n%3])
			d.Titles[0].Text = fmt.Sprint("Plan ", n)
			id := ids[n%agreements]
			version, err := store.Revise(ctx, id, versions[id], d, by)
			if err != nil {
				t.Error(err)
				return
			}
			versions[id] = version
			if n%5 == 0 {
				record(t, store, seed())
			}
		}, func() {
			for range readings {
				if got := read(); got != want {
					t.Errorf("as recorded at %s\n%s\nnow\n%s", moment, want, got)
					return
				}
			}
		}, func() {
			for range 4 * readings {
				if _, err := store.Statistics().Counts(ctx, now); err != nil {
					t.Error(err)
					return
				}
			}
		})
	})
}

// Every answer beside a writer is that of one change: who lists and counts what
// each change moves from one place to the other never finds it in both or in none.
func TestReadersBesideAWriterSeeOneChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		const agreements = 100 // more than cached sums follow in one change when readers pause
		versions := map[int64]int{}
		for n := range agreements {
			versions[record(t, store, seedIn([]string{"Minsk", "Moskau"}[n%2]))] = 1
		}
		check := func() {
			counts, err := store.Statistics().Counts(ctx, models.Filter{On: "2026-11-26", Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, v := range counts.Facet("place").Values {
				n += v.Count
			}
			if n != agreements || counts.Total != agreements {
				t.Errorf("%d of %d agreements stand in a place, by %s", n, counts.Total, mustJSON(counts.Facet("place")))
			}
		}
		between(t, func(n int) {
			id := int64(n%agreements + 1)
			version, err := store.Revise(ctx, id, versions[id], seedIn([]string{"Moskau", "Minsk", "Brest"}[n%3]), by)
			if err != nil {
				t.Error(err)
			}
			versions[id] = version
		}, func() {
			for range 100 {
				check()
			}
		}, func() {
			for range 100 {
				check()
			}
		})
	})
}

// Who reads what was taken in already does not wait for who takes in the next
// change.
func TestNoReaderWaitsForWhoTakesInAChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		record(t, store, seed())
		change, err := store.LastChange(ctx)
		if err != nil {
			t.Fatal(err)
		}
		store.Warm(ctx)
		store.WhileTakingIn(func() {
			ctx, cancel := context.WithTimeout(models.ReadAt(ctx, change), 10*time.Second)
			defer cancel()
			page, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-26", Limit: 10}, "en")
			if err != nil || page.Total != 1 {
				t.Errorf("%d agreements, %v", page.Total, err)
			}
		})
	})
}

// What was recorded at a moment is read in as many statements for sixty records as
// for six.
func TestStatementsDoNotGrowWithWhatChangedSince(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		moment := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		read := func() (n int) {
			f := models.Filter{On: "2026-11-26", Recorded: moment, Limit: 1000}
			return store.CountStatements(func() {
				for a, err := range store.Lists().AllRecords(ctx, f) {
					if err != nil {
						t.Fatal(err)
					}
					n += len(a.Titles)
				}
			})
		}
		fill := func(n int) {
			for i := range n {
				store.Now = func() time.Time { return moment.Add(-time.Hour) }
				id := record(t, store, seed())
				d := seed()
				d.Relations = []models.RelationDraft{{Type: "replaces", Target: models.Number(fmt.Sprint(id))}}
				replacing := record(t, store, d)
				store.Now = func() time.Time { return moment.Add(time.Hour) }
				if i%2 == 0 {
					if _, err := store.Revise(ctx, replacing, 1, seedIn("Minsk"), by); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		fill(3)
		before := read()
		fill(27)
		if after := read(); after != before {
			t.Errorf("%d statements for 6 records, %d for 60", before, after)
		}
	})
}

// An agreement that was replaced, and withdrawn later, was replaced then: the one
// that replaces it was not changed since, and still names it.
func TestAWithdrawnAgreementStandsThenAsItStood(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		moment := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		store.Now = func() time.Time { return moment.Add(-time.Hour) }
		replaced := record(t, store, seed())
		update := seed()
		update.Relations = []models.RelationDraft{{Type: "replaces", Target: models.Number(fmt.Sprint(replaced))}}
		record(t, store, update)
		read := func() string {
			page, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-26", Recorded: moment, Limit: 10}, "en")
			if err != nil || len(page.Items) != 2 {
				t.Fatalf("%d agreements: %v", len(page.Items), err)
			}
			return mustJSON([]any{page.Items[0].State, page.Items[1].State})
		}
		was := read()
		store.Now = func() time.Time { return moment.Add(time.Hour) }
		if err := store.Withdraw(ctx, replaced, 1, "recorded twice", by); err != nil {
			t.Fatal(err)
		}
		if got := read(); got != was {
			t.Errorf("as recorded before the withdrawal %s, was %s", got, was)
		}
	})
}
