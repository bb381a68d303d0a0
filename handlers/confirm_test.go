package handlers

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"chancery/models"
)

// What signs somebody in is added or removed only after the present password or a
// code, however new the session is; the owner is told by mail.
func TestWhatSignsInIsChangedByItsOwnerAlone(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var mu sync.Mutex
		var letters []string
		s.router.config.Mail = func(_ context.Context, to, subject, text string) error {
			mu.Lock()
			defer mu.Unlock()
			letters = append(letters, to+" "+text)
			return nil
		}
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		v := s.signedIn(anna)
		sensitive := func(want int) {
			t.Helper()
			for _, path := range []string{"/account/totp", "/account/passkeys/remove", "/account/tokens"} {
				if a := v.post(path, url.Values{"name": {"x"}, "scope": {"read"}, "days": {"3"}}).want(t, want); want == 303 &&
					a.Header.Get("Location") != "/account/confirm" {
					t.Errorf("%s leads to %s", path, a.Header.Get("Location"))
				}
			}
			if want == 303 {
				v.post("/account/totp/confirm", url.Values{"code": {"000000"}}).want(t, 303)
				v.post("/account/tokens/1/revoke", nil).want(t, 303)
				for _, path := range []string{"/account/passkeys/begin", "/account/passkeys"} {
					v.send("POST", path, nil, "Content-Type", "application/json", "Accept", "application/json").
						want(t, 403, "Confirm that it is you")
				}
			}
		}
		sensitive(303)
		if tokens, err := s.store.Accounts().TokensOf(t.Context(), anna.ID); err != nil || len(tokens) > 0 {
			t.Fatalf("%d tokens (%v)", len(tokens), err)
		}
		v.post("/account/confirm", url.Values{"password": {"wrong"}}).want(t, 422)
		sensitive(303)
		v.confirmed()
		v.post("/account/tokens", url.Values{"name": {"x"}, "scope": {"read"}, "days": {"3"}}).want(t, 200)
		v.post("/account/totp", nil).want(t, 200)
		v.post("/account/password", url.Values{"current": {goodPassword}, "password": {goodPassword + " 2"}}).want(t, 303)
		now = now.Add(confirmationHolds)
		sensitive(303)
		deadline := time.Now().Add(5 * time.Second)
		for told := 0; told < 2 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			mu.Lock()
			told = len(letters)
			mu.Unlock()
		}
		mu.Lock()
		defer mu.Unlock()
		if text := strings.Join(letters, "\n"); len(letters) != 2 || !strings.Contains(text, "a token was made") ||
			!strings.Contains(text, "a new password was set") || !strings.Contains(text, anna.Email) {
			t.Errorf("the owner was told %q", letters)
		}
	})
}

// Many guesses at once are answered as many as one after the other (8).
func TestGuessesAtOnceAreCountedBeforeTheyAreTried(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.account("Root", "administrator")
		s.account("Anna", "editor")
		var mu sync.Mutex
		answers := map[int]int{}
		var wait sync.WaitGroup
		for i := range 60 {
			wait.Go(func() {
				a := s.visitor().post("/sign-in", url.Values{"name": {"Anna"}, "password": {fmt.Sprint("guess ", i)}})
				mu.Lock()
				defer mu.Unlock()
				answers[a.StatusCode]++
			})
		}
		wait.Wait()
		if answers[401] != 8 || answers[429] != 52 {
			t.Errorf("the answers are %v", answers)
		}
	})
}

// Guesses elsewhere keep nobody out where they have signed in before: neither from
// their network nor in their browser, neither at the password nor at the second
// factor; a mailed link works all the while. A network from which others are
// guessed at is slowed down for names that were not used there.
func TestGuessingKeepsNoOwnerOut(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.router.router.SetTrustedProxies([]string{"127.0.0.1"})
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		from := func(v *visitor, address, name, password string) answer {
			return v.send("POST", "/sign-in", url.Values{"name": {name}, "password": {password}}, "X-Forwarded-For", address)
		}
		browser := s.visitor()
		from(browser, "198.51.100.1", "Anna", goodPassword).want(t, 303)
		for i := range 300 { // from many networks
			from(s.visitor(), fmt.Sprintf("203.0.113.%d", i%250), "Anna", "wrong")
		}
		from(s.visitor(), "192.0.2.77", "Anna", goodPassword).want(t, 429)
		from(s.visitor(), "198.51.100.1", "Anna", goodPassword).want(t, 303) // another browser, the network of before
		browser.post("/sign-out", nil)
		from(browser, "192.0.2.1", "Anna", goodPassword).want(t, 303) // the browser of before, on the way
		for i := range 100 {                                          // in her own network, other names and hers
			from(s.visitor(), "198.51.100.1", fmt.Sprint("Nobody ", i), "wrong")
			from(s.visitor(), "198.51.100.1", "Anna", "wrong")
		}
		browser.post("/sign-out", nil)
		from(browser, "198.51.100.1", "Anna", goodPassword).want(t, 303)
		from(s.visitor(), "198.51.100.1", "Root", goodPassword).want(t, 429) // was never used there
		now = now.Add(longestKnown + time.Second)
		from(s.visitor(), "198.51.100.1", "Anna", goodPassword).want(t, 303)
		link, err := s.store.Accounts().NewLink(t.Context(), anna.ID, models.Change{})
		if err != nil {
			t.Fatal(err)
		}
		s.visitor().post("/links/"+link, url.Values{"password": {goodPassword + " 2"}}).want(t, 303)
	})
}

// Tokens end with a new password, a reset and a disabling, and do not come back; a
// reset ends what a thief may have added.
func TestAResetShutsAThiefOut(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		root := s.signedIn(s.account("Root", "administrator"))
		anna := s.account("Anna", "editor")
		works := func(token string) bool {
			return s.visitor().send("GET", "/proposals.json", nil, "Authorization", "Bearer "+token).StatusCode == 200
		}
		ends := func(what string, do func()) {
			t.Helper()
			token := s.token(anna, "publish")
			if !works(token) {
				t.Fatalf("before %s it does not work", what)
			}
			if do(); works(token) {
				t.Errorf("a token works after %s", what)
			}
		}
		ends("a new password", func() {
			if err := s.store.Accounts().SetPassword(t.Context(), anna.ID, goodPassword, "", console); err != nil {
				t.Fatal(err)
			}
		})
		ends("disabling and enabling", func() {
			for _, disabled := range []bool{true, false} {
				if err := s.store.Accounts().DisableAccount(t.Context(), anna.ID, disabled, console); err != nil {
					t.Fatal(err)
				}
			}
		})
		thief := s.signedIn(anna)
		if err := s.store.Accounts().AddPasskey(t.Context(), anna.ID, "id", "the thief's", &webauthn.Credential{}, console); err != nil {
			t.Fatal(err)
		}
		if err := s.store.Accounts().LinkIdentity(t.Context(), anna.ID, "https://elsewhere", "thief", console); err != nil {
			t.Fatal(err)
		}
		ends("a reset", func() {
			link, err := s.store.Accounts().NewLink(t.Context(), anna.ID, console)
			if err != nil {
				t.Fatal(err)
			}
			s.visitor().post("/links/"+link, url.Values{"password": {goodPassword + " 2"}}).want(t, 303)
		})
		thief.get("/account").want(t, 303)
		if keys, err := s.store.Accounts().PasskeysOf(t.Context(), anna.ID); err != nil || len(keys) > 0 {
			t.Errorf("%d passkeys after a reset (%v)", len(keys), err)
		}
		if a, err := s.store.Accounts().AccountOfIdentity(t.Context(), "https://elsewhere", "thief"); err == nil {
			t.Errorf("the thief signs in as %s", a.Name)
		}
		ends("an administrator’s link that takes all away", func() {
			root.post(fmt.Sprintf("/admin/accounts/%d/link", anna.ID), url.Values{"factors": {"1"}}).want(t, 200)
		})
	})
}
