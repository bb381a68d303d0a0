package models_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// chained is a register with a history of every kind.
func chained(t *testing.T, store *models.Store) {
	t.Helper()
	id := record(t, store, seed())
	for i := range 12 {
		record(t, store, agreement(fmt.Sprintf("Agreement %d", i), fmt.Sprint(1990+i), "FR", "DE"))
	}
	draft := seed()
	draft.Place = "Minsk"
	if _, err := store.Revise(ctx, id, 1, draft, models.Change{Actor: "Anna", Address: "192.0.2.7",
		Comment: "the place"}); err != nil {
		t.Fatal(err)
	}
	if err := store.Withdraw(ctx, id, 2, "twice", by); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(ctx, id, 3, 2, by); err != nil {
		t.Fatal(err)
	}
	if err := store.Parties().RecordParty(ctx, 0, models.PartyDraft{Code: "OURS", Kind: "organisation",
		Names: []models.NameDraft{{Language: "en", Text: "Our organisation"}}}, by); err != nil {
		t.Fatal(err)
	}
}

func intact(t *testing.T, store *models.Store) int64 {
	t.Helper()
	broken, length, err := store.Upkeep().VerifyChain(ctx, nil)
	if err != nil || broken != nil {
		t.Fatalf("an untouched chain: %v (%v)", broken, err)
	}
	if _, err := store.Upkeep().VerifyRecords(ctx, func(b models.Break) {
		t.Errorf("an untouched record: %s", b)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Upkeep().VerifyBeside(ctx, func(b models.Break) {
		t.Errorf("untouched, beside the records: %s", b)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Upkeep().Verify(ctx, func(m models.Mismatch) {
		t.Errorf("untouched, derived: %s", m)
	}); err != nil {
		t.Fatal(err)
	}
	return length
}

// Whoever has hold of the database can change a revision, take one out, exchange
// two, add one or cut the end off; each is found, and the first break is named
// (R12). CHANCERY_TRIALS sets how many are tried on each engine.
func TestTamperingWithTheHistoryIsFound(t *testing.T) {
	trials := 250
	if n, err := strconv.Atoi(os.Getenv("CHANCERY_TRIALS")); err == nil {
		trials = n
	}
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		chained(t, store)
		length := intact(t, store)
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		stated, err := store.Upkeep().Statement(ctx, "test", key)
		if err != nil || stated.Length != length {
			t.Fatal(stated, err)
		}
		must := func(sql string, args ...any) {
			t.Helper()
			if err := store.Tamper(sql, args...); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
		}
		must("CREATE TABLE kept AS SELECT * FROM revisions")
		must("CREATE TABLE kept_register AS SELECT * FROM register")
		random := rand.New(rand.NewPCG(1, 2))
		columns := []string{"actor", "comment", "record", "subject_key", "address", "previous", "digest"}
		for trial := range trials {
			place := 1 + random.Int64N(length)
			other := 1 + (place+random.Int64N(length-1))%length
			want := place
			kind := random.IntN(6)
			switch kind {
			case 0:
				must("UPDATE revisions SET "+columns[random.IntN(len(columns))]+" = 'x' || number WHERE place = ?", place)
			case 1:
				must("UPDATE revisions SET number = number + 1000 WHERE place = ?", place)
			case 2:
				must("DELETE FROM revisions WHERE place = ?", place)
			case 3:
				must("UPDATE revisions SET place = -1 WHERE place = ?", place)
				must("UPDATE revisions SET place = ? WHERE place = ?", place, other)
				must("UPDATE revisions SET place = ? WHERE place = -1", other)
				want = min(place, other)
			case 4:
				must("UPDATE revisions SET purged = TRUE, record = '{}' WHERE place = ?", place)
			case 5: // the end, with the register's own head made to fit
				must("DELETE FROM revisions WHERE place > ?", place)
				if place == length {
					must("DELETE FROM revisions WHERE place = ?", place)
				}
				must("UPDATE register SET length = ?, head = coalesce((SELECT previous FROM kept WHERE place = ?), '')",
					min(place, length-1), min(place, length-1)+1)
			}
			broken, _, err := store.Upkeep().VerifyChain(ctx, stated)
			if err != nil || broken == nil {
				t.Fatalf("trial %d: kind %d at %d (and %d) of %d: %v (%v)", trial, kind, place, other, length, broken, err)
			}
			// what is gone, or has another previous, is seen at the next
			if kind < 5 && broken.Place != want && broken.Place != want+1 {
				t.Fatalf("trial %d: kind %d at %d (and %d): named %s", trial, kind, place, other, broken)
			}
			must("DELETE FROM revisions")
			must("INSERT INTO revisions SELECT * FROM kept")
			must("UPDATE register SET head = (SELECT head FROM kept_register), length = (SELECT length FROM kept_register)")
		}
		intact(t, store)
	})
}

// A statement bears its key's signature, and one that was changed does not.
func TestAStatementIsSigned(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	chained(t, store)
	public, key, _ := ed25519.GenerateKey(nil)
	stated, err := store.Upkeep().Statement(ctx, "https://treaties.example", key)
	if err != nil || stated.Check(nil) != nil || stated.Check(public) != nil {
		t.Fatal(stated, err)
	}
	another, _, _ := ed25519.GenerateKey(nil)
	if err := stated.Check(another); !errors.Is(err, models.ErrStatement) {
		t.Errorf("another's key: %v", err)
	}
	forged := *stated
	forged.Length++
	if err := forged.Check(nil); !errors.Is(err, models.ErrStatement) {
		t.Errorf("another length: %v", err)
	}
	record(t, store, agreement("Later", "2020", "FR", "DE"))
	if broken, _, err := store.Upkeep().VerifyChain(ctx, stated); err != nil || broken != nil {
		t.Errorf("what came later breaks nothing: %v (%v)", broken, err)
	}
}

// A record that was changed by hand does not say what its last revision says.
func TestARecordChangedByHandIsFound(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		chained(t, store)
		for _, tampering := range []string{"UPDATE titles SET text = 'Another' WHERE agreement_id = 2",
			"UPDATE agreements SET signed = '1815', signed_earliest = '1815-01-01' WHERE id = 3",
			"UPDATE validity_periods SET valid_until = '2099' WHERE agreement_id = 1",
			"DELETE FROM sources WHERE agreement_id = 1", "UPDATE signatories SET person = 'Nobody' WHERE agreement_id = 1",
			"UPDATE agreements SET withdrawn_at = recorded_at WHERE id = 4", "UPDATE agreements SET version = 7 WHERE id = 5"} {
			if err := store.Tamper(tampering); err != nil {
				t.Fatal(err)
			}
		}
		found := map[string]bool{}
		if _, err := store.Upkeep().VerifyRecords(ctx, func(b models.Break) { found[b.Key] = true }); err != nil {
			t.Fatal(err)
		}
		if len(found) != 5 {
			t.Errorf("records 1 to 5 were changed, found %v", found)
		}
	})
}

// What is derived, and what stands beside agreements, is held against the records
// and the history by what it says.
func TestWhateverIsTouchedIsFound(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			fresh := func() *models.Store {
				store := testdb.Open(t, testdb.Address(t, engine))
				chained(t, store)
				if _, err := store.Meetings().RecordMeeting(ctx, models.MeetingDraft{Title: "Talks", Kind: "summit",
					Held: "2001-02-03", Place: "Minsk", Participants: "BY; Foreign Ministry; Anna Berg\nRU"}, by); err != nil {
					t.Fatal(err)
				}
				return store
			}
			intact(t, fresh())
			search := map[string]string{"sqlite": "UPDATE search_agreements SET title = '', names = '', body = '' WHERE rowid = 2",
				"postgres": "UPDATE search_agreements SET words = '' WHERE id = 2"}
			for _, test := range []struct{ tampering, subject string }{
				{"UPDATE events SET date = '1815-01-01', date_earliest = '1815-01-01', date_latest = '1815-01-01' WHERE id = (SELECT min(id) FROM events WHERE agreement_id = 2)", "agreement 2: timeline"},
				{"UPDATE events SET place = 'Elsewhere' WHERE agreement_id = 3", "agreement 3: timeline"},
				{"DELETE FROM events WHERE agreement_id = 4", "agreement 4: timeline"},
				{"UPDATE events SET date = '1815', date_earliest = '1815-01-01' WHERE agreement_id IS NULL", "meeting"},
				{"UPDATE cards SET card = (SELECT card FROM cards WHERE agreement_id = 3) WHERE agreement_id = 2", "agreement 2: card"},
				{search[engine], "agreement 2: search"},
				{"DELETE FROM search_people", "person"},
				{"UPDATE meetings SET title = 'Other talks' WHERE title = 'Talks'", "meeting 3: record"},
				{"UPDATE meetings SET title = 'Other' WHERE title <> 'Talks'", "meeting 1: record"}, // made along with an agreement
				{"UPDATE meetings SET place = 'Paris', held = '1999' WHERE id = 1", "meeting 1: record"},
				{"DELETE FROM meeting_participants", "meeting"},
				{"UPDATE person_names SET text = 'Nobody', folded = 'nobody' WHERE person_id = 1", "person 1: record"},
				{"UPDATE person_names SET person_id = 2 WHERE person_id = 1", "person 1: record"},
				{"UPDATE institution_names SET text = 'Ministry', folded = 'ministry' WHERE institution_id = 1", "institution 1: record"},
				{"UPDATE party_names SET text = 'Ruritania', folded = 'ruritania' WHERE party = 'FR' AND language = 'en' AND main", "party FR: record"},
				{"UPDATE party_names SET text = 'Theirs' WHERE party = 'OURS'", "party OURS: record"},
				{"UPDATE parties SET existed_until = '1990' WHERE code = 'FR'", "party FR: record"},
				{"UPDATE parties SET kind = 'state' WHERE code = 'OURS'", "party OURS: record"},
				{"DELETE FROM successions WHERE successor = 'RU'", "party RU: record"},
				{"UPDATE successions SET date = '1999-01-01' WHERE successor = 'RU'", "party RU: record"},
				{"INSERT INTO successions (predecessor, successor, kind, date) VALUES ('BY', 'FR', 'continues', '1999-01-01')", "party FR: record"},
			} {
				store := fresh()
				if err := store.Tamper(test.tampering); err != nil {
					t.Fatalf("%s: %v", test.tampering, err)
				}
				var found []string
				_, err := store.Upkeep().VerifyBeside(ctx, func(b models.Break) { found = append(found, b.String()) })
				if err == nil {
					_, err = store.Upkeep().Verify(ctx, func(m models.Mismatch) { found = append(found, m.String()) })
				}
				if err != nil || !strings.Contains(strings.Join(found, "\n"), test.subject) {
					t.Errorf("%s: found %q (%v), want %s", test.tampering, found, err, test.subject)
				}
				store.Close()
			}
		})
	}
}

// Settings are those that were last set through the register.
func TestSettingsChangedByHandAreFound(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		same := func(want bool, when string) {
			t.Helper()
			if same, err := store.Upkeep().VerifySettings(ctx); err != nil || same != want {
				t.Errorf("%s: %v (%v)", when, same, err)
			}
		}
		same(true, "at the beginning")
		if err := store.Accounts().Note(ctx, by, models.AuditSignIn, ""); err != nil {
			t.Fatal(err)
		}
		same(true, "never set")
		for _, tampering := range []string{"INSERT INTO settings (name, value) VALUES ('public', 'no')",
			"DELETE FROM settings WHERE name = 'public'"} {
			if err := store.Tamper(tampering); err != nil {
				t.Fatal(err)
			}
			same(strings.HasPrefix(tampering, "DELETE"), tampering)
		}
		if err := store.Accounts().ChangeSettings(ctx, models.Settings{Public: false, Reviews: models.ReviewKinds[:1]}, by); err != nil {
			t.Fatal(err)
		}
		same(true, "set")
		if err := store.Tamper("UPDATE settings SET value = 'yes' WHERE name = 'public'"); err != nil {
			t.Fatal(err)
		}
		same(false, "opened by hand")
	})
}

// What was in the audit when it was stated is in it still, or that it is not is told.
func TestTheAuditIsStated(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range testdb.Engines {
		for _, tampering := range []string{"", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
			"UPDATE audit SET address = '192.0.2.9' WHERE id = 2", "UPDATE audit SET at = '2001-01-01 00:00:00' WHERE id = 1"} {
			t.Run(engine+" "+tampering, func(t *testing.T) {
				store := testdb.Open(t, testdb.Address(t, engine))
				for _, event := range []string{models.AuditSignIn, models.AuditFailure, models.AuditSetting} {
					if err := store.Accounts().Note(ctx, by, event, "x"); err != nil {
						t.Fatal(err)
					}
				}
				stated, err := store.Upkeep().Statement(ctx, "here", key)
				if err != nil || stated.Audit.Entries != 3 || stated.Check(nil) != nil {
					t.Fatalf("stated %+v (%v)", stated, err)
				}
				if err := store.Accounts().Note(ctx, by, models.AuditSignOut, "later"); err != nil {
					t.Fatal(err)
				}
				if tampering != "" {
					if err := store.Tamper(tampering); err != nil {
						t.Fatal(err)
					}
				}
				if same, _, err := store.Upkeep().VerifyAudit(ctx, stated); err != nil || same != (tampering == "") {
					t.Errorf("the same: %v (%v)", same, err)
				}
			})
		}
	}
}

// Purging an account takes its name out of what it did; the chain holds.
func TestPurgingAnAccount(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		a, err := store.Accounts().CreateAccount(ctx, models.AccountDraft{Name: "Anna Belaya", Email: "anna@example.org",
			Role: "editor"}, by)
		if err != nil {
			t.Fatal(err)
		}
		change := models.Change{Actor: a.Name, AccountID: &a.ID, Address: "192.0.2.7"}
		if _, err := store.Record(ctx, seed(), change); err != nil {
			t.Fatal(err)
		}
		if err := store.Accounts().SetPassword(ctx, a.ID, "correct horse battery staple", "", change); err != nil {
			t.Fatal(err)
		}
		if n, err := store.Upkeep().PurgeAccount(ctx, a.ID, models.Change{Actor: "Admin",
			Comment: "left, and asked for it"}); err != nil || n != 2 { // of the agreement, and of its meeting
			t.Fatal(n, err)
		}
		intact(t, store)
		for _, column := range []string{"revisions.actor", "revisions.address", "accounts.name", "accounts.email",
			"audit.actor", "audit.detail", "audit.address"} {
			var n int
			table, column, _ := strings.Cut(column, ".")
			if err := store.Ask(&n, "SELECT count(*) FROM "+table+" WHERE "+column+" LIKE '%Anna%' OR "+column+
				" LIKE '%anna@%' OR "+column+" = '192.0.2.7'"); err != nil || n > 0 {
				t.Errorf("%s.%s still names the account %d times (%v)", table, column, n, err)
			}
		}
		if _, err := store.Accounts().CheckPassword(ctx, "Anna Belaya", "correct horse battery staple"); !errors.Is(err,
			models.ErrSignIn) {
			t.Errorf("it still signs in: %v", err)
		}
	})
}

// Purging takes a person's names out of records and history; the chain holds, and
// says why.
func TestPurgingLeavesTheChainWhole(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		draft := seed()
		draft.Sources[0].Quotation = "Alexander Wolfowitsch: 100 % <satisfied> & \"glad\""
		id := record(t, store, draft)
		people, _, err := store.People().List(ctx, "Wolfowitsch", "", 5)
		if err != nil || len(people) != 1 {
			t.Fatal(people, err)
		}
		if _, err := store.Upkeep().PurgePerson(ctx, people[0].ID, models.Change{Actor: "Admin"}); err == nil {
			t.Error("purged without a reason")
		}
		if n, err := store.Upkeep().PurgePerson(ctx, people[0].ID,
			models.Change{Actor: "Admin", Comment: "asked for, GDPR article 17"}); err != nil || n == 0 {
			t.Fatal(n, err)
		}
		intact(t, store)
		for _, table := range []string{"revisions.record", "signatories.person", "person_names.text", "sources.quotation",
			"meeting_participants.person", "search_words.word"} {
			var n int
			name, column, _ := strings.Cut(table, ".")
			if err := store.Ask(&n, "SELECT count(*) FROM "+name+" WHERE "+column+" LIKE '%olfowitsch%'"); err != nil || n > 0 {
				t.Errorf("%s still has the name %d times (%v)", table, n, err)
			}
		}
		a, err := store.Agreement(ctx, id)
		if err != nil || a.Participations[0].Signatories[0].Office != "Staatssekretär" {
			t.Errorf("read %+v (%v)", a, err)
		}
		if page, err := store.Lists().Agreements(ctx, models.Filter{Query: "Wolfowitsch", On: "2026-11-23", Limit: 5},
			"en"); err != nil || page.Total != 0 {
			t.Errorf("still found: %+v (%v)", page, err)
		}
		if err := store.Tamper("UPDATE revisions SET record = '{\"places\":[]}' WHERE action = 'purged'"); err != nil {
			t.Fatal(err)
		}
		if broken, _, err := store.Upkeep().VerifyChain(ctx, nil); err != nil || broken == nil {
			t.Error("a purge that says nothing proves nothing")
		}
	})
}
