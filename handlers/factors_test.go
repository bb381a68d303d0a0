package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/pquerna/otp/totp"
)

var linkMark = regexp.MustCompile(`/sign-in/oidc\?link=([A-Z0-9]+)`)

// A second factor is asked for after the password; each code is taken once, a
// recovery code as well; guessing is slowed down; the clock may be a little off
// (R17).
func TestTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		v := s.signedIn(anna).confirmed()
		page := v.post("/account/totp", nil).want(t, 200, "data:image/png")
		secret := regexp.MustCompile(`<code>([A-Z2-7]{32})</code>`).FindStringSubmatch(page.body)[1]
		code := func(at time.Time) string {
			text, err := totp.GenerateCode(secret, at)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		v.post("/account/totp/confirm", url.Values{"code": {"000000"}}).want(t, 422, "does not hold")
		shown := v.post("/account/totp/confirm", url.Values{"code": {code(now)}}).want(t, 200, "Recovery codes")
		recovery := regexp.MustCompile(`<li><code>([a-z0-9-]+)</code>`).FindAllStringSubmatch(shown.body, -1)
		if len(recovery) != 10 {
			t.Fatalf("%d recovery codes", len(recovery))
		}
		if bits := 5 * len(strings.ReplaceAll(recovery[0][1], "-", "")); bits < 112 {
			t.Errorf("a recovery code of %d bits", bits)
		}
		password := func() *visitor {
			v := s.visitor()
			if to := v.post("/sign-in", url.Values{"name": {"Anna"}, "password": {goodPassword}, "next": {"/account"}}).want(t,
				303).Header.Get("Location"); !strings.HasPrefix(to, "/sign-in/code") {
				t.Fatalf("the password alone leads to %s", to)
			}
			v.get("/account").want(t, 303) // not signed in yet
			return v
		}
		v = password()
		v.post("/sign-in/code", url.Values{"code": {code(now)}}).want(t, 401) // it was taken to turn the factor on
		now = now.Add(31 * time.Second)
		half := v.cookie()
		if to := v.post("/sign-in/code", url.Values{"code": {code(now.Add(-time.Second))}, "next": {"/account"}}).want(t,
			303).Header.Get("Location"); to != "/account" {
			t.Errorf("leads to %s", to)
		}
		if v.cookie() == half {
			t.Error("the session's token is not renewed by the second factor")
		}
		v.get("/account").want(t, 200)
		again := password()
		again.post("/sign-in/code", url.Values{"code": {code(now)}}).want(t, 401) // once
		again.post("/sign-in/code", url.Values{"code": {recovery[3][1]}}).want(t, 303)
		once := password()
		once.post("/sign-in/code", url.Values{"code": {recovery[3][1]}}).want(t, 401)
		late := password()
		now = now.Add(pendingHolds + time.Second)
		if to := late.post("/sign-in/code", url.Values{"code": {code(now)}}).want(t,
			303).Header.Get("Location"); to != "/sign-in" {
			t.Errorf("a password from long ago leads to %s", to)
		}
		guesser := password()
		codes := map[int]int{}
		for i := range 60 {
			codes[guesser.post("/sign-in/code", url.Values{"code": {fmt.Sprintf("%06d", i)}}).StatusCode]++
		}
		if codes[401] > 10 || codes[429] < 50 {
			t.Errorf("guessing codes: %v", codes)
		}
		v.post("/account/totp/off", url.Values{"off": {"wrong"}}).want(t, 422)
		v.post("/account/totp/off", url.Values{"off": {goodPassword}}).want(t, 303)
		s.signedIn(anna).get("/account").want(t, 200)
	})
}

// A passkey is made and signs in, in Chromium with its virtual authenticator; what
// it signed cannot be sent again.
func TestAPasskeySignsIn(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	anna := s.account("Anna", "editor")
	s.URL = strings.Replace(s.URL, "127.0.0.1", "localhost", 1) // passkeys are bound to a name
	w := s.window(t, command(webauthn.Enable, webauthn.EnableParams{}),
		command(webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2,
				Transport:      webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}}))
	w.open("/sign-in")
	w.do(chromedp.SendKeys(chromedp.CSS(".narrow #name"), "Anna"),
		chromedp.SendKeys(chromedp.CSS("#password"), goodPassword), chromedp.Click(chromedp.CSS(".narrow button")),
		visible(".who"))
	w.open("/account/confirm")
	w.do(chromedp.SendKeys(chromedp.CSS("#password"), goodPassword), chromedp.Click(chromedp.CSS(".narrow button")))
	w.do(visible(`[data-passkey="make"]`), chromedp.Click(chromedp.CSS(`[data-passkey="make"]`)),
		visible(`[action="/account/passkeys/remove"]`))
	keys, err := s.store.Accounts().PasskeysOf(t.Context(), anna.ID)
	if err != nil || len(keys) != 1 {
		t.Fatalf("passkeys: %+v (%v)", keys, err)
	}
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('[action="/sign-out"]').requestSubmit(); undefined`),
		gone(".who"))
	w.open("/sign-in?next=/pairs")
	w.do(visible(`[data-passkey="use"]`), chromedp.Click(chromedp.CSS(`[data-passkey="use"]`)), visible(".who"))
	if at := result(w, chromedp.Location()); !strings.HasSuffix(at, "/pairs") {
		t.Errorf("the passkey leads to %s", at)
	}
	if keys, _ = s.store.Accounts().PasskeysOf(t.Context(), anna.ID); keys[0].UsedAt == nil {
		t.Error("its use is not noted")
	}
	v := s.visitor()
	for range 3 {
		// no ceremony was begun
		v.send("POST", "/sign-in/passkey", nil, "Content-Type", "application/json", "Accept", "application/json").want(t, 401)
	}
}

// signing in at a provider: by issuer and subject alone, with state, nonce and
// PKCE, each answer once.
func TestSigningInElsewhere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		m, err := mockoidc.Run()
		if err != nil {
			t.Fatal(err)
		}
		defer m.Shutdown()
		s.store.Now = time.Now
		s.router.config.OIDC = &OIDC{Issuer: m.Issuer(), Client: m.Config().ClientID, Secret: m.Config().ClientSecret,
			Name: "Ministry", Scopes: []string{"groups"}, Claim: "groups",
			Roles: map[string]string{"treaties": "editor", "heads": "administrator"}, Role: "reader"}
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		somebody := func(subject, name, email string, verified bool, groups ...string) *mockoidc.MockUser {
			return &mockoidc.MockUser{Subject: subject, Email: email, EmailVerified: verified, PreferredUsername: name,
				Groups: groups}
		}
		// through the provider and back, as a browser goes
		through := func(v *visitor, user *mockoidc.MockUser) (back string) {
			m.QueueUser(user)
			address := "/sign-in/oidc?next=/pairs"
			if link := linkMark.FindStringSubmatch(v.get("/account").body); link != nil { // whoever has confirmed follows it
				address += "&link=" + link[1]
			}
			to := v.get(address).want(t, 303).Header.Get("Location")
			asked, _ := url.Parse(to)
			for _, name := range []string{"state", "nonce", "code_challenge"} {
				if asked.Query().Get(name) == "" {
					t.Fatalf("%s is not asked with: %s", name, to)
				}
			}
			if asked.Query().Get("code_challenge_method") != "S256" {
				t.Errorf("the challenge is by %s", asked.Query().Get("code_challenge_method"))
			}
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			response, err := client.Get(to)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			u, _ := url.Parse(response.Header.Get("Location"))
			return u.RequestURI()
		}
		v := s.visitor()
		v.get("/sign-in").want(t, 200, "Ministry")
		back := through(v, somebody("sub-1", "Anna", anna.Email, true, "treaties"))
		if to := v.get(back).want(t, 303).Header.Get("Location"); to != "/pairs" {
			t.Errorf("leads to %s", to)
		}
		list, err := s.store.Accounts().List(t.Context())
		if err != nil || len(list) != 3 {
			t.Fatalf("accounts: %+v (%v)", list, err)
		}
		made, err := s.store.Accounts().AccountOfIdentity(t.Context(), m.Issuer(), "sub-1")
		if err != nil || made.ID == anna.ID || made.Name != "Anna (2)" || made.Email != "" || made.Role != "editor" {
			t.Errorf("whoever has Anna's name and address elsewhere is %+v (%v)", made, err)
		}
		v.get(back).want(t, 401)           // the same answer again
		s.visitor().get(back).want(t, 401) // in another's browser
		other := s.visitor()
		stolen := through(other, somebody("sub-2", "Boris", "boris@example.org", true))
		s.visitor().get(stolen).want(t, 401)
		forged, _ := url.Parse(stolen)
		q := forged.Query()
		q.Set("state", "forged")
		forged.RawQuery = q.Encode()
		other.get(forged.RequestURI()).want(t, 401)

		// the claim gives the role at each sign-in
		v = s.visitor()
		v.get(through(v, somebody("sub-1", "Anna", anna.Email, true, "heads"))).want(t, 303)
		v.get("/admin/accounts").want(t, 200)
		v = s.visitor()
		v.get(through(v, somebody("sub-1", "Anna", anna.Email, true))).want(t, 303)
		v.get("/admin/accounts").want(t, 403)

		// one who has signed in links the account; then signs in as it
		v = s.signedIn(anna)
		v.get(through(v, somebody("sub-4", "bare", "b@example.org", true))).want(t, 303) // by a bare address they are whom the provider says
		if is, err := s.store.Accounts().AccountOfIdentity(t.Context(), m.Issuer(), "sub-4"); err != nil || is.ID == anna.ID {
			t.Errorf("a bare address linked %+v (%v)", is, err)
		}
		v = s.signedIn(anna).confirmed()
		v.get(through(v, somebody("sub-3", "whoever", "w@example.org", true))).want(t, 303)
		linked, err := s.store.Accounts().AccountOfIdentity(t.Context(), m.Issuer(), "sub-3")
		if err != nil || linked.ID != anna.ID {
			t.Errorf("linked with %+v (%v)", linked, err)
		}
		if err := s.store.Accounts().DisableAccount(t.Context(), anna.ID, true, console); err != nil {
			t.Fatal(err)
		}
		v = s.visitor()
		v.get(through(v, somebody("sub-3", "whoever", "w@example.org", true))).want(t, 401)
		s.router.config.OIDC.Role = ""
		v = s.visitor()
		v.get(through(v, somebody("sub-9", "Stranger", "s@example.org", true))).want(t, 401)
	})
}
