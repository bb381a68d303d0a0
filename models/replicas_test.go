package models_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it does not come to that", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Readings that may go to a replica are answered there while it keeps up; one that
// stands still is left out, and nobody is shown an older state than before.
func TestReplicasAreReadWhileTheyKeepUp(t *testing.T) {
	primary := testdb.NewNode(t)
	primary.Start(t, "fsync=off", "wal_keep_size=64MB")
	primary.Query(t, "postgres", "CREATE DATABASE register")
	testdb.Open(t, primary.Address("register"))
	replica := primary.Copy(t, "one")
	replica.Start(t)
	const limit = 1500 * time.Millisecond
	store, err := models.OpenWith(t.Context(), primary.Address("register"),
		models.Replicas{Addresses: []string{replica.Address("register")}, MostLag: limit})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx := models.WithRestricted(t.Context())
	read := func() int64 {
		size, err := store.Lists().Totals(models.AtReplica(ctx))
		if err != nil {
			t.Fatal(err)
		}
		return size.Agreements
	}
	record := func() {
		t.Helper()
		if _, err := store.Record(ctx, seed(), models.Change{Actor: "Tester"}); err != nil {
			t.Fatal(err)
		}
	}
	record()
	eventually(t, "the replica has the record", func() bool { return read() == 1 })

	replica.Query(t, "postgres", "SELECT pg_wal_replay_pause()")
	eventually(t, "replaying is paused", func() bool {
		return replica.Query(t, "postgres",
			"SELECT pg_get_wal_replay_pause_state()") == "paused"
	})
	record()
	if n := read(); n != 1 {
		t.Errorf("%d records right after writing: the replica that has one was not asked", n)
	}
	if size, err := store.Lists().Totals(ctx); err != nil || size.Agreements != 2 {
		t.Errorf("who writes reads %d records, %v", size.Agreements, err)
	}
	// A list is read at the primary, and what it shows is what everybody is shown from
	// then on.
	list := func(ctx context.Context) int {
		t.Helper()
		found, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-24", Limit: 20}, "en")
		if err != nil {
			t.Fatal(err)
		}
		return len(found.Items)
	}
	if n := list(ctx); n != 2 {
		t.Errorf("the primary lists %d", n)
	}
	if n := list(models.AtReplica(ctx)); n != 2 {
		t.Errorf("after two were shown %d are", n)
	}
	eventually(t, "the replica is left out", func() bool { return !store.Upkeep().Servers()[1].Used })
	if n := read(); n != 2 {
		t.Errorf("%d records, read at a replica that lags", n)
	}
	if lag := store.Upkeep().Servers()[1].Lag; lag < limit {
		t.Errorf("it lags %s", lag)
	}
	replica.Query(t, "postgres", "SELECT pg_wal_replay_resume()")
	eventually(t, "the replica is read from again", func() bool {
		return store.Upkeep().Servers()[1].Used &&
			store.Upkeep().Servers()[1].Lag == 0
	})

	replica.Kill()
	for range 20 { // it is gone: the primary answers, from the first reading on
		if n := read(); n != 2 {
			t.Errorf("%d records without the replica", n)
		}
	}
	eventually(t, "it is known to be away", func() bool { return store.Upkeep().Servers()[1].Away })
	if err := store.Upkeep().Ready(ctx); err != nil {
		t.Error(err)
	}
}

// A replica that became the primary without the last changes of the old one: what
// was shown of those is let go of.
func TestWhatAFailoverLostIsForgotten(t *testing.T) {
	primary := testdb.NewNode(t)
	primary.Start(t, "fsync=off", "wal_keep_size=64MB")
	primary.Query(t, "postgres", "CREATE DATABASE register")
	testdb.Open(t, primary.Address("register"))
	replica := primary.Copy(t, "one")
	replica.Start(t)
	address := "postgres://chancery@127.0.0.1:" + strconv.Itoa(primary.Port) + ",127.0.0.1:" +
		strconv.Itoa(replica.Port) + "/register?sslmode=disable"
	store, err := models.OpenWith(t.Context(), address, models.Replicas{Addresses: []string{replica.Address("register")}})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ctx := models.WithRestricted(t.Context())
	titles := func() (titles []string) {
		found, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-24", Limit: 20}, "en")
		if err != nil {
			return []string{err.Error()}
		}
		for _, e := range found.Items {
			titles = append(titles, e.Title)
		}
		return titles
	}
	record := func(title string) error {
		d := seed()
		d.Titles[1].Text = title
		_, err := store.Record(ctx, d, models.Change{Actor: "Tester"})
		return err
	}
	if err := record("Kept"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the replica follows", func() bool {
		return replica.Query(t, "register", "SELECT count(*) FROM agreements") == "1"
	})
	replica.Stop() // what comes now it never gets
	if err := record("Lost"); err != nil {
		t.Fatal(err)
	}
	if got := titles(); len(got) != 2 {
		t.Fatalf("%v", got)
	}
	primary.Kill()
	eventually(t, "nobody is primary", store.Upkeep().Away)
	if err := record("Never"); !models.Unreachable(err) {
		t.Errorf("recording without a primary: %v", err)
	}
	replica.Start(t)
	replica.Promote(t)
	eventually(t, "there is a primary", func() bool { return !store.Upkeep().Away() })
	eventually(t, "it is written to", func() bool { return record("New") == nil })
	eventually(t, "what was lost is not shown", func() bool {
		got := titles()
		return len(got) == 2 && got[0] != "Lost" && got[1] != "Lost"
	})
}
