package models_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"chancery/models"
	"chancery/testdb"

	"github.com/alexedwards/argon2id"
)

// A password is kept by Argon2id with at least what OWASP asks for; one kept with
// less is kept anew when it is used; what is easily guessed is refused; names and
// addresses are one account's (S11).
func TestPasswordsAreKeptWell(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		a, err := store.Accounts().CreateAccount(ctx, models.AccountDraft{Name: "Anna Belaya", Email: "Anna@Example.org",
			Role: "editor"}, by)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "short", "password1234", "qwertyuiop[]", "annabelaya2026", "letmeinletmein",
			"chancery2026!", "aaaaaaaaaaaaaaaa", "Anna@Example.org", "1234567890123", strings.Repeat("x", 300)} {
			if err := store.Accounts().SetPassword(ctx, a.ID, bad, "", by); err == nil {
				t.Errorf("%q is taken", bad)
			}
		}
		for _, good := range []string{"correct horse battery staple", "Волга впадает куда-то ночью",
			"ein Löwe trägt grüne Socken", strings.Repeat("treaty of the ", 14) + "x"} {
			if err := store.Accounts().SetPassword(ctx, a.ID, good, "", by); err != nil {
				t.Errorf("%q is refused: %v", good, err)
			}
			if _, err := store.Accounts().CheckPassword(ctx, "anna belaya", good); err != nil {
				t.Errorf("%q does not sign in: %v", good, err)
			}
			if _, err := store.Accounts().CheckPassword(ctx, "ANNA@example.ORG", good+" "); !errors.Is(err, models.ErrSignIn) {
				t.Errorf("%q with a space signs in", good)
			}
		}
		weak, err := argon2id.CreateHash("correct horse battery staple",
			&argon2id.Params{Memory: 8 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Tamper("UPDATE accounts SET password = ?", weak); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Accounts().CheckPassword(ctx, "Anna Belaya", "correct horse battery staple"); err != nil {
			t.Fatal(err)
		}
		var kept string
		if err := store.Ask(&kept, "SELECT password FROM accounts"); err != nil {
			t.Fatal(err)
		}
		params, _, _, err := argon2id.DecodeHash(kept)
		if err != nil || !strings.HasPrefix(kept, "$argon2id$v=19$") || params.Memory < 19*1024 || params.Iterations < 2 {
			t.Errorf("kept as %.40s (%v)", kept, err)
		}
		for name, d := range map[string]models.AccountDraft{"name": {Name: "ANNA belaya", Role: "reader"},
			"email": {Name: "Other", Email: "anna@example.org", Role: "reader"}, "role": {Name: "Third", Role: "king"}} {
			_, err := store.Accounts().CreateAccount(ctx, d, by)
			var problems models.Invalid
			if !errors.As(err, &problems) || problems[name].Code == "" {
				t.Errorf("%+v: %v", d, err)
			}
		}
	})
}

// Of many who would be the first administrator at once, one is.
func TestThereIsOneFirstAdministrator(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		var wait sync.WaitGroup
		var made sync.Map
		for i := range 8 {
			wait.Go(func() {
				name := string(rune('A'+i)) + " administrator"
				if _, err := store.Accounts().FirstAdministrator(ctx, models.AccountDraft{Name: name},
					"correct horse battery staple", by); err == nil {
					made.Store(name, true)
				} else if !errors.Is(err, models.ErrNotFound) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		n := 0
		made.Range(func(any, any) bool { n++; return true })
		if list, err := store.Accounts().List(ctx); n != 1 || err != nil || len(list) != 1 {
			t.Errorf("%d first administrators, %d accounts (%v)", n, len(list), err)
		}
	})
}
