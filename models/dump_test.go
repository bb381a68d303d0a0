package models_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// A register goes from either engine to the other and back, byte for byte (R11);
// what is cut off or damaged is refused before anything is written.
func TestARegisterMovesBetweenEngines(t *testing.T) {
	for _, way := range [][2]string{{"sqlite", "postgres"}, {"postgres", "sqlite"}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, way[0]))
			first := record(t, store, agreement("Treaty on fish", "2001-02-03", "BY", "RU"))
			d := agreement("Plan „Ключ“", "2025-11", "BY", "CN")
			d.Participations[0].Signatories = []models.SignatoryDraft{
				{Person: "Alexander Wolfowitsch", Office: "State Secretary"}}
			d.Meetings = []models.MeetingLinkDraft{{Title: "Meeting", Held: "2025"}}
			d.ExternalIDs = []models.ExternalIDDraft{{Scheme: "unts", Value: "1"}}
			second := record(t, store, d)
			if _, err := store.Revise(ctx, first, 1, agreement("Treaty on fishes", "2001-02-03", "BY", "RU"), by); err != nil {
				t.Fatal(err)
			}
			if err := store.Withdraw(ctx, second, 1, "twice", by); err != nil {
				t.Fatal(err)
			}
			var dump bytes.Buffer
			if err := store.Upkeep().Dump(ctx, &dump, true); err != nil {
				t.Fatal(err)
			}
			other := testdb.Open(t, testdb.Address(t, way[1]))
			for _, bad := range []string{"", "{}\n", dump.String()[:dump.Len()/2],
				strings.Replace(dump.String(), `"table":"titles"`, `"table":"sqlite_master"`, 1),
				dump.String()[:strings.LastIndex(strings.TrimSpace(dump.String()), "\n")+1]} {
				if err := other.Upkeep().LoadDump(ctx, strings.NewReader(bad), nil); !errors.Is(err, models.ErrDump) {
					t.Errorf("a damaged dump: %v", err)
				}
			}
			if size, err := other.Lists().Totals(ctx); err != nil || size.Agreements != 0 {
				t.Fatalf("%+v, %v", size, err)
			}
			if err := other.Upkeep().LoadDump(ctx, bytes.NewReader(dump.Bytes()), nil); err != nil {
				t.Fatal(err)
			}
			if err := other.Upkeep().LoadDump(ctx, bytes.NewReader(dump.Bytes()), nil); !errors.Is(err, models.ErrNotEmpty) {
				t.Errorf("loaded twice: %v", err)
			}
			var again bytes.Buffer
			if err := other.Upkeep().Dump(ctx, &again, true); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(dump.Bytes(), again.Bytes()) {
				a, b := strings.Split(dump.String(), "\n"), strings.Split(again.String(), "\n")
				for i := range a {
					if i >= len(b) || a[i] != b[i] {
						t.Fatalf("line %d: %s\nbecame %s", i+1, a[i], b[min(i, len(b)-1)])
					}
				}
			}
			if broken, _, err := other.Upkeep().VerifyChain(ctx, nil); err != nil || broken != nil {
				t.Errorf("the chain: %v, %v", broken, err)
			}
			if _, err := other.Upkeep().VerifyRecords(ctx, func(b models.Break) { t.Error(b) }); err != nil {
				t.Error(err)
			}
			if _, err := other.Upkeep().Verify(ctx, func(m models.Mismatch) { t.Error(m) }); err != nil {
				t.Error(err)
			}
			if next := record(t, other, agreement("Next", "2026", "BY", "KZ")); next != 3 {
				t.Errorf("the next number is %d", next)
			}
			found, err := other.Lists().Agreements(ctx, models.Filter{Query: "fishes", On: "2026-11-23", Limit: 10}, "en")
			if err != nil || found.Total != 1 {
				t.Errorf("a search finds %d, %v", found.Total, err)
			}
		})
	}
}

// A copy for everybody opens as a register, and says nothing of what is restricted.
func TestACopyOpensAsARegister(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		record(t, store, agreement("Treaty on fish", "2001-02-03", "BY", "RU"))
		secret := agreement("Canary treaty", "2002", "BY", "CN")
		secret.Restricted = true
		secret.Participations[0].Institution = "Canary Institute"
		secret.Participations[0].Signatories = []models.SignatoryDraft{{Person: "Canary Person"}}
		record(t, store, secret)
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := store.Upkeep().Copy(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		copied := testdb.Open(t, path)
		var text bytes.Buffer
		if err := copied.Upkeep().Dump(ctx, &text, true); err != nil {
			t.Fatal(err)
		}
		if s := text.String(); strings.Contains(s, "Canary") || !strings.Contains(s, "Treaty on fish") {
			t.Errorf("the copy says %s", s)
		}
		if broken, n, err := copied.Upkeep().VerifyChain(ctx, nil); err != nil || broken != nil || n != 1 {
			t.Errorf("the chain of %d: %v, %v", n, broken, err)
		}
		inside := filepath.Join(t.TempDir(), "inside.db")
		if err := store.Upkeep().Copy(models.WithRestricted(t.Context()), inside); err != nil {
			t.Fatal(err)
		}
		if size, err := testdb.Open(t, inside).Lists().Totals(models.WithRestricted(ctx)); err != nil ||
			size.Agreements != 2 {
			t.Errorf("%+v, %v", size, err)
		}
	})
}
