package models_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// Failures are counted for all instances together, wait longer each time, and are
// forgotten after an hour.
func TestTriesAreCountedByAllInstances(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			address := testdb.Address(t, engine)
			instances := []*models.Store{testdb.Open(t, address), testdb.Open(t, address)}
			now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
			var last time.Duration
			for n := range 11 {
				for _, s := range instances {
					s.Now = func() time.Time { return now }
				}
				if err := instances[n%2].Accounts().TryFailed(t.Context(), "sign-in Anna", "sign-in 192.0.2.1"); err != nil {
					t.Fatal(err)
				}
				wait, err := instances[(n+1)%2].Accounts().MustWait(t.Context(), "sign-in Anna")
				if err != nil || n < 7 && wait != 0 || n >= 7 && wait <= last {
					t.Errorf("after %d failures: %s, %v", n+1, wait, err)
				}
				last = wait
			}
			if err := instances[0].Accounts().TrySucceeded(t.Context(), "sign-in Anna"); err != nil {
				t.Fatal(err)
			}
			if wait, _ := instances[1].Accounts().MustWait(t.Context(), "sign-in Anna"); wait != 0 {
				t.Errorf("waits %s after success", wait)
			}
			now = now.Add(61 * time.Minute)
			if err := instances[0].Accounts().TryFailed(t.Context(), "sign-in 192.0.2.1"); err != nil {
				t.Fatal(err)
			}
			if wait, _ := instances[1].Accounts().MustWait(t.Context(), "sign-in 192.0.2.1"); wait != 0 {
				t.Errorf("waits %s for failures of an hour ago", wait)
			}
		})
	}
}

// A bucket holds a minute's requests, whichever instance is asked, and fills again.
func TestRequestsAreCountedByAllInstances(t *testing.T) {
	address := testdb.Address(t, "postgres")
	instances := []*models.Store{testdb.Open(t, address), testdb.Open(t, address)}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, s := range instances {
		s.Now = func() time.Time { return now }
		if !s.Accounts().Shared() {
			t.Fatal("a PostgreSQL database is shared")
		}
	}
	var passed atomic.Int32
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for range 25 {
				_, refused, err := instances[n%2].Accounts().TakeToken(t.Context(), "network 192.0.2.1", 60)
				if err != nil {
					t.Error(err)
				}
				if refused == 0 {
					passed.Add(1)
				} else if refused > time.Second+time.Millisecond {
					t.Errorf("wait %s", refused)
				}
			}
		})
	}
	wait.Wait()
	if passed.Load() != 60 {
		t.Errorf("%d of 200 went through, 60 may", passed.Load())
	}
	now = now.Add(10 * time.Second)
	if left, refused, err := instances[0].Accounts().TakeToken(t.Context(), "network 192.0.2.1", 60); err != nil ||
		refused != 0 || left != 9 {
		t.Errorf("%d left, %s, %v", left, refused, err)
	}
	if err := instances[0].Accounts().Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
}
