package models_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"chancery/models"
	"chancery/testdb"
)

// A token holds until its day, its revocation or the end of its account, and for
// nobody else; its secret is kept nowhere.
func TestATokenHoldsAsLongAsItShould(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		accounts, change := store.Accounts(), models.Change{Actor: "test"}
		now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
		store.Now = func() time.Time { return now }
		holds := func(secret string) bool {
			t.Helper()
			_, _, err := accounts.TokenOf(ctx, secret)
			if err != nil && !errors.Is(err, models.ErrSignIn) {
				t.Fatal(err)
			}
			return err == nil
		}
		var ids []int64
		for _, name := range []string{"Anna", "Boris"} {
			a, err := accounts.CreateAccount(ctx, models.AccountDraft{Name: name, Role: "editor", Language: "en"}, change)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, a.ID)
		}
		issue := func(days int) string {
			t.Helper()
			secret, err := accounts.NewToken(ctx, ids[0], models.TokenDraft{Name: "program", Scope: "draft", Days: days}, change)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		short, long := issue(1), issue(366)
		if !strings.HasPrefix(short, "chy_") || short == long || len(short) < 40 {
			t.Errorf("the secrets are %q and %q", short, long)
		}
		for _, other := range []string{"", "chy_", strings.ToLower(short), short + "x", strings.TrimPrefix(short, "chy_"),
			"chy_%"} {
			if holds(other) {
				t.Errorf("%q holds", other)
			}
		}
		token, a, err := accounts.TokenOf(ctx, short)
		if err != nil || a.ID != ids[0] || token.Scope != "draft" || strings.Contains(token.Hash, short) {
			t.Errorf("the token is %+v of %+v: %v", token, a, err)
		}
		now = now.AddDate(0, 0, 1).Add(-time.Second)
		if !holds(short) || !holds(long) {
			t.Error("a token ends before its day")
		}
		now = now.Add(time.Second)
		if holds(short) || !holds(long) {
			t.Error("a token holds after its day, or another ends with it")
		}
		list, err := accounts.TokensOf(ctx, ids[0])
		if err != nil || len(list) != 2 || list[0].ID < list[1].ID {
			t.Fatalf("listed %+v: %v", list, err)
		}
		if err := accounts.RevokeToken(ctx, ids[1], list[0].ID, change); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("another account revokes it: %v", err)
		}
		if !holds(long) {
			t.Error("it was revoked by another account")
		}
		if err := accounts.DisableAccount(ctx, ids[0], true, change); err != nil {
			t.Fatal(err)
		}
		if holds(long) {
			t.Error("it holds for an account that is closed")
		}
		if err := accounts.DisableAccount(ctx, ids[0], false, change); err != nil {
			t.Fatal(err)
		}
		fresh := issue(10)
		if err := accounts.RevokeToken(ctx, ids[0], list[0].ID+1, change); err != nil {
			t.Fatal(err)
		}
		if holds(fresh) {
			t.Error("it holds after it was revoked")
		}
		if err := accounts.RevokeToken(ctx, ids[0], list[0].ID+1, change); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("it is revoked twice: %v", err)
		}
	})
}

func TestATokenThatCannotBeIsRefusedByField(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	a, err := store.Accounts().CreateAccount(ctx, models.AccountDraft{Name: "Anna", Role: "editor", Language: "en"},
		models.Change{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for field, d := range map[string]models.TokenDraft{
		"name":  {Name: "  ", Scope: "read", Days: 1},
		"scope": {Name: "program", Scope: "administer", Days: 1},
		"days":  {Name: "program", Scope: "read", Days: 367},
	} {
		_, err := store.Accounts().NewToken(ctx, a.ID, d, models.Change{Actor: "test"})
		var problems models.Invalid
		if !errors.As(err, &problems) || len(problems) != 1 || problems[field].Code == "" {
			t.Errorf("%+v is refused as %v, want %s", d, err, field)
		}
	}
	for _, days := range []int{0, -1} {
		if _, err := store.Accounts().NewToken(ctx, a.ID, models.TokenDraft{Name: "p", Scope: "read", Days: days},
			models.Change{}); err == nil {
			t.Errorf("a token of %d days is made", days)
		}
	}
}
