package models_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// A chore is done by one instance at a time, when it is due; of one that dies
// another takes it over.
func TestAChoreIsDoneOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		store.Now = func() time.Time { return now }
		var done atomic.Int32
		work := func(context.Context) error { done.Add(1); return nil }
		var wait sync.WaitGroup
		for range 10 {
			wait.Go(func() {
				if _, err := store.Upkeep().DoChore(t.Context(), "backup", time.Hour, work); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if done.Load() != 1 {
			t.Errorf("done %d times", done.Load())
		}
		now = now.Add(time.Hour)
		if ran, err := store.Upkeep().DoChore(t.Context(), "backup", time.Hour, work); !ran || err != nil {
			t.Errorf("not done when due: %v", err)
		}
		now = now.Add(time.Hour)
		failing := errors.New("no space")
		if ran, err := store.Upkeep().DoChore(t.Context(), "backup", time.Hour,
			func(context.Context) error { return failing }); !ran || !errors.Is(err, failing) {
			t.Error(err)
		}
		chores, err := store.Upkeep().Chores(t.Context())
		if err != nil || len(chores) != 1 || chores[0].Problem != "no space" || chores[0].DoneAt == nil {
			t.Errorf("%+v, %v", chores, err)
		}
		if ran, _ := store.Upkeep().DoChore(t.Context(), "backup", time.Hour, work); ran {
			t.Error("tried again at once")
		}
		now = now.Add(6 * time.Minute)
		// An instance that dies in the midst: it has the chore for half a minute, then
		// another may.
		dying, die := context.WithCancel(t.Context())
		started, dead := make(chan bool), make(chan bool)
		go func() {
			store.Upkeep().DoChore(dying, "backup", time.Hour, func(ctx context.Context) error {
				close(started)
				<-dead
				return nil
			})
		}()
		<-started
		if ran, _ := store.Upkeep().DoChore(t.Context(), "backup", time.Hour, work); ran {
			t.Error("two at once")
		}
		now = now.Add(31 * time.Second)
		if ran, err := store.Upkeep().DoChore(t.Context(), "backup", time.Hour, work); !ran || err != nil {
			t.Errorf("not taken over: %v", err)
		}
		die()
		close(dead)
	})
}

// What an instance does first, it does at once: none of it may wait for another's
// statement while that one waits for the connection it has.
func TestInstancesStartWritingAtOnce(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			address := testdb.Address(t, engine)
			for range 100 {
				store, err := models.Open(t.Context(), address)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				var wait sync.WaitGroup
				for _, name := range []string{"backup", "sweep", "relay", "tidy"} {
					wait.Go(func() {
						if _, err := store.Upkeep().DoChore(ctx, name, 0, func(context.Context) error { return nil }); err != nil {
							t.Error(err)
						}
					})
					wait.Go(func() {
						if _, err := store.Bulk().TakeImport(ctx, name); err != nil {
							t.Error(err)
						}
					})
				}
				wrote := make(chan bool)
				go func() { wait.Wait(); close(wrote) }()
				select {
				case <-wrote:
				case <-ctx.Done():
					t.Fatal("they wait for each other")
				}
				cancel()
				store.Close()
			}
		})
	}
}

// A clock that is set back, by hours, stops no chore: neither one that was done
// "later" nor one whose holder died.
func TestAClockSetBackStopsNoChore(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		store.Now = func() time.Time { return now }
		does := func(name string) bool {
			t.Helper()
			ran, err := store.Upkeep().DoChore(t.Context(), name, time.Hour, func(context.Context) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			return ran
		}
		if !does("done") || does("done") {
			t.Error("a chore is done once an hour")
		}
		dying, die := context.WithCancel(t.Context())
		store.Upkeep().DoChore(dying, "held", time.Hour, func(context.Context) error { die(); return context.Canceled })
		now = now.Add(-6 * time.Hour)
		if !does("done") {
			t.Error("what was done by the clock of before waits six hours")
		}
		if !does("held") {
			t.Error("what was held by the clock of before waits six hours")
		}
		now = now.Add(30 * time.Minute)
		if does("done") {
			t.Error("done again after half an hour")
		}
		now = now.Add(12 * time.Hour) // and forward
		if !does("done") {
			t.Error("not done when the clock went forward")
		}
	})
}
