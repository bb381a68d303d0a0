package handlers

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/models"

	"github.com/getkin/kin-openapi/openapi3"
)

const goodPassword = "correct horse battery staple"

var console = models.Change{Actor: "console"}

// account makes an account with a password.
func (s *site) account(name, role string) *models.Account {
	s.t.Helper()
	a, err := s.store.Accounts().CreateAccount(s.t.Context(), models.AccountDraft{Name: name,
		Email: strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@example.org", Role: role, Language: "en"}, console)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.Accounts().SetPassword(s.t.Context(), a.ID, goodPassword, "", console); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// token makes a token of an account.
func (s *site) token(a *models.Account, scope string) string {
	s.t.Helper()
	secret, err := s.store.Accounts().NewToken(s.t.Context(), a.ID, models.TokenDraft{Name: scope, Scope: scope, Days: 9},
		console)
	if err != nil {
		s.t.Fatal(err)
	}
	return secret
}

// A visitor is a browser with its cookies.
type visitor struct {
	s      *site
	client *http.Client
}

func (s *site) visitor() *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request,
		[]*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

func (v *visitor) send(method, path string, form url.Values, headers ...string) answer {
	v.s.t.Helper()
	return v.s.sendBy(v.client, method, path, form.Encode(), headers...)
}

func (v *visitor) get(path string) answer                   { return v.send("GET", path, nil) }
func (v *visitor) post(path string, form url.Values) answer { return v.send("POST", path, form) }

// signedIn is a browser in which an account has signed in.
func (s *site) signedIn(a *models.Account) *visitor {
	s.t.Helper()
	v := s.visitor()
	v.post("/sign-in", url.Values{"name": {a.Name}, "password": {goodPassword}}).want(s.t, 303)
	return v
}

// confirmed shows once more that it is them.
func (v *visitor) confirmed() *visitor {
	v.s.t.Helper()
	v.post("/account/confirm", url.Values{"password": {goodPassword}}).want(v.s.t, 303)
	return v
}

func (v *visitor) cookie() string {
	u, _ := url.Parse(v.s.URL)
	for _, c := range v.client.Jar.Cookies(u) {
		if c.Name == "chancery" {
			return c.Value
		}
	}
	return ""
}

var parameterOf = regexp.MustCompile(`[:*](\w+)`)

// expected is the published table, written out once more by hand: which of the
// callers each permission lets through.
var expected = map[permission][]string{
	always: {"nobody", "reader", "contributor", "editor", "administrator", "editor read", "editor draft",
		"editor publish", "contributor publish", "reader publish", "administrator publish"},
	read: {"nobody", "reader", "contributor", "editor", "administrator", "editor read", "editor draft",
		"editor publish", "contributor publish", "reader publish", "administrator publish"},
	draft: {"contributor", "editor", "administrator", "editor draft", "editor publish", "contributor publish",
		"administrator publish"},
	publish:    {"editor", "administrator", "editor publish", "administrator publish"},
	own:        {"reader", "contributor", "editor", "administrator"},
	administer: {"administrator"},
}

// Every route of the router is tried by every role and token scope, against the
// table; one that the table does not know is refused to all and fails here (S13).
// Reading is tried once more with the register closed to the public.
func TestEveryRouteIsOpenToWhomTheTableSays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		accounts := map[string]*models.Account{}
		for _, role := range models.AccountRoles {
			accounts[role] = s.account("The "+role, role)
		}
		browsers := map[string]*visitor{"nobody": s.visitor()}
		for role, a := range accounts {
			browsers[role] = s.signedIn(a).confirmed()
		}
		tokens := map[string]string{}
		for _, caller := range expected[always] {
			if role, scope, ok := strings.Cut(caller, " "); ok {
				tokens[caller] = s.token(accounts[role], scope)
			}
		}
		known := maps.Clone(permissions)
		for _, public := range []bool{true, false} {
			if err := s.store.Accounts().ChangeSettings(t.Context(), models.Settings{Public: public}, console); err != nil {
				t.Fatal(err)
			}
			s.router.forgetSettings()
			for _, r := range s.router.router.Routes() {
				route := r.Method + " " + r.Path
				need, ok := permissions[route]
				if !ok || need == deny {
					t.Errorf("%s is not in the table of permissions", route)
					continue
				}
				delete(known, route)
				if r.Method == http.MethodHead { // says nothing, to whom GET says something
					if need != permissions["GET "+r.Path] {
						t.Errorf("%s needs %d", route, need)
					}
					continue
				}
				// these end what is tried with
				if r.Path == "/sign-out" || r.Path == "/account/sessions" || r.Path == "/account/password" {
					if need != own && need != always {
						t.Errorf("%s needs %d", route, need)
					}
					continue
				}
				path := parameterOf.ReplaceAllString(r.Path, "0") // nothing is there: who is let through is told 404 or 400
				for _, caller := range expected[always] {
					allowed := slices.Contains(expected[need], caller) && (public || need != read || caller != "nobody")
					var a answer
					if token := tokens[caller]; token != "" {
						a = s.send(r.Method, path, "{", "Authorization", "Bearer "+token, "Accept", "application/json", "Content-Type",
							"application/json", "If-Match", `"v1"`)
					} else {
						a = browsers[caller].send(r.Method, path, nil, "Accept", "application/json", "Content-Type", "application/json",
							"If-Match", `"v1"`)
					}
					refused := a.StatusCode == http.StatusUnauthorized && strings.Contains(a.body, "#sign-in") ||
						a.StatusCode == http.StatusForbidden
					if refused == allowed {
						t.Errorf("%s by %s (public: %v): %d %.120s", route, caller, public, a.StatusCode, a.body)
					}
					if refused && (caller == "nobody") != (a.StatusCode == http.StatusUnauthorized) {
						t.Errorf("%s by %s: refused with %d", route, caller, a.StatusCode)
					}
				}
			}
		}
		for route := range known {
			t.Errorf("%s is in the table of permissions and not in the router", route)
		}
	})
}

// permissions are what the table of routes says.
var permissions = permissionsOf((&Server{}).table())

// The OpenAPI file says of each call which scope it needs, as the table has it.
func TestTheOpenAPIFileNamesScopes(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	names := map[permission]string{read: "read", draft: "draft", publish: "publish"}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			need := permissions[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)]
			said := ""
			if operation.Security != nil {
				for _, requirement := range *operation.Security {
					said += fmt.Sprint(requirement["token"])
				}
			}
			if want := fmt.Sprint([]string{names[need]}); need == always && strings.Contains(said, "[") && said != "[]" ||
				need != always && !strings.HasSuffix(said, want) {
				t.Errorf("%s %s says %s, the table %v", method, path, said, need)
			}
		}
	}
}

// Signing in makes a new session; the old one's token is dead, at signing out as
// well, at a new password, when disabled, when idle and at the end of its life
// (S12).
func TestSessionsEndWhenTheyShould(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		v := s.visitor()
		planted := http.Cookie{Name: "chancery", Value: "planted-by-somebody-else"}
		a := v.send("POST", "/sign-in", url.Values{"name": {"Anna"}, "password": {goodPassword}}, "Cookie",
			planted.String()).want(t, 303)
		set := strings.Join(a.Header.Values("Set-Cookie"), "\n")
		for _, part := range []string{"chancery=", "HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(set, part) {
				t.Errorf("the cookie %s lacks %s", set, part)
			}
		}
		first := v.cookie()
		if first == planted.Value || len(first) < 22 {
			t.Errorf("the session's token is %q", first)
		}
		var stored []string
		list, err := s.store.Accounts().SessionsOf(t.Context(), anna.ID)
		for _, session := range list {
			stored = append(stored, session.Token, string(session.Data))
		}
		if err != nil || len(list) != 1 || strings.Contains(strings.Join(stored, " "), first) {
			t.Errorf("sessions as kept: %q (%v)", stored, err)
		}
		works := func(token string) bool {
			return s.get("/account", "Cookie", "chancery="+token).StatusCode == 200
		}
		if !works(first) {
			t.Fatal("the session does not work")
		}
		v.post("/sign-in", url.Values{"name": {"Anna"}, "password": {goodPassword}}).want(t, 303)
		second := v.cookie()
		if second == first || works(first) || !works(second) {
			t.Error("signing in again keeps the old token alive")
		}
		other := s.signedIn(anna)
		v.post("/account/password", url.Values{"current": {"wrong one wrong one"}, "password": {goodPassword + "s"}}).want(t,
			422)
		v.post("/account/password", url.Values{"current": {goodPassword}, "password": {goodPassword + " 2"}}).want(t, 303)
		if third := v.cookie(); works(second) || works(other.cookie()) || !works(third) {
			t.Error("a new password ends other sessions and renews this one")
		}
		last := v.cookie()
		if out := v.post("/sign-out", nil).want(t, 303); out.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
			t.Error("signed out, the browser keeps what it was shown")
		}
		if works(last) {
			t.Error("signed out, the token works")
		}
		if err := s.store.Accounts().SetPassword(t.Context(), anna.ID, goodPassword, "", console); err != nil {
			t.Fatal(err)
		}
		v = s.signedIn(anna)
		now = now.Add(models.IdleSession + time.Minute)
		if works(v.cookie()) {
			t.Error("an idle session works")
		}
		v = s.signedIn(anna)
		for range 20 { // in use all the time
			now = now.Add(models.IdleSession - time.Hour)
			works(v.cookie())
		}
		if works(v.cookie()) {
			t.Error("a session outlives its longest")
		}
		v = s.signedIn(anna)
		if err := s.store.Accounts().DisableAccount(t.Context(), anna.ID, true, console); err != nil {
			t.Fatal(err)
		}
		if works(v.cookie()) {
			t.Error("a disabled account's session works")
		}
		s.visitor().post("/sign-in", url.Values{"name": {"Anna"}, "password": {goodPassword}}).want(t, 401)
	})
}

// Behind TLS the cookie is bound to the host.
func TestBehindTLSTheCookieIsBound(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	s.router.config.Site = "https://treaties.example"
	s.router.sessions = s.router.newSessions()
	s.Config.Handler = s.router.Handler()
	set := s.visitor().post("/sign-in", url.Values{"name": {"Root"}, "password": {goodPassword}}).want(t,
		303).Header["Set-Cookie"]
	at := slices.IndexFunc(set, func(c string) bool { return strings.HasPrefix(c, "__Host-chancery=") })
	if at < 0 || !strings.Contains(set[at], "Secure") || strings.Contains(set[at], "Domain") {
		t.Errorf("the cookies are %q", set)
	}
	if sts := s.get("/nowhere").Header.Get("Strict-Transport-Security"); sts != "max-age=63072000; includeSubDomains" {
		t.Errorf("TLS is not demanded: %q", sts)
	}
}

// Guessing is slowed down: by account and by network, whatever a header says of
// where it comes from; an unknown name gets the same answer in the same time; the
// owner who signed in from here before is not locked out (S10).
func TestGuessingIsSlowedDown(t *testing.T) {
	s := open(t, "sqlite")
	now := s.store.Now()
	s.store.Now = func() time.Time { return now }
	s.account("Root", "administrator")
	owner := s.signedIn(s.account("Anna", "editor"))
	try := func(name, password string, headers ...string) answer {
		return s.send("POST", "/sign-in", url.Values{"name": {name}, "password": {password}}.Encode(), headers...)
	}
	wrong, unknown := try("Anna", "not the password").want(t, 401), try("Nobody at all", "not the password").want(t, 401)
	if strip := strings.NewReplacer("Nobody at all", "", "Anna",
		""); strip.Replace(wrong.body) != strip.Replace(unknown.body) {
		t.Error("an unknown name gets another page")
	}
	took := func(name string) time.Duration {
		begin := time.Now()
		for range 4 {
			if _, err := s.store.Accounts().CheckPassword(t.Context(), name, "not the password"); err == nil {
				t.Fatal("signed in")
			}
		}
		return time.Since(begin)
	}
	if known, not := took("Anna"), took("Nobody at all"); not < known/3 || not > 3*known {
		t.Errorf("a known name takes %s, an unknown one %s", known, not)
	}
	blocked, passed := 0, 0
	for i := range 100 {
		if a := try("Anna", fmt.Sprint("guess ", i), "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i)); a.StatusCode == 429 {
			blocked++
			if a.Header.Get("Retry-After") == "" {
				t.Error("how long to wait is not said")
			}
		} else {
			passed++
		}
	}
	if passed > 10 {
		t.Errorf("%d of 100 guesses went through, the header counted", passed)
	}
	if owner.get("/account").StatusCode != 200 {
		t.Error("the owner's session ended")
	}
	now = now.Add(15*time.Minute + time.Second)
	try("Anna", goodPassword).want(t, 303)
	for i := range 20 { // one /64 of IPv6 is one network; growing waits
		if err := s.store.Accounts().TryFailed(t.Context(), "sign-in "+
			network(fmt.Sprintf("2001:db8:1:2::%x", i+1))); err != nil {
			t.Fatal(err)
		}
	}
	if wait, err := s.store.Accounts().MustWait(t.Context(), "sign-in "+network("2001:db8:1:2:ffff::1")); err != nil ||
		wait < time.Minute {
		t.Errorf("the same /64 waits %s, %v", wait, err)
	}
	if wait, err := s.store.Accounts().MustWait(t.Context(), "sign-in "+network("2001:db8:1:3::1")); err != nil ||
		wait != 0 {
		t.Errorf("another /64 waits %s, %v", wait, err)
	}
}

// A token is shown once, kept as a hash, ends when it is revoked or has expired,
// and is guessed slowly; it opens neither account nor administration.
func TestTokensAreKeptSafe(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		s.account("Root", "administrator")
		anna := s.account("Anna", "editor")
		v := s.signedIn(anna).confirmed()
		a := v.post("/account/tokens", url.Values{"name": {"table"}, "scope": {"publish"}, "days": {"30"}}).want(t, 200,
			"not shown again")
		secret := regexp.MustCompile(`chy_\w+`).FindString(a.body)
		if secret == "" || strings.Contains(v.get("/account").body, secret) {
			t.Fatalf("the token %q is shown twice", secret)
		}
		by := func(token string) int {
			return s.json("POST", "/agreements",
				`{"titles":[{"text":"By token","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}],"actor":"Somebody else"}`, "Authorization", "Bearer "+token).StatusCode
		}
		if got := by(secret); got != 201 {
			t.Fatalf("recording by token: %d", got)
		}
		history := s.get("/agreements/1/history.json").body
		if !strings.Contains(history, `"actor":"Anna"`) || strings.Contains(history, "Somebody else") {
			t.Errorf("the history names another: %s", history)
		}
		list, err := s.store.Accounts().TokensOf(t.Context(), anna.ID)
		if err != nil || len(list) != 1 || list[0].UsedAt == nil || strings.Contains(list[0].Hash, secret) {
			t.Errorf("as kept: %+v (%v)", list, err)
		}
		s.get("/account", "Authorization", "Bearer "+secret, "Accept", "application/json").want(t, 403)
		v.post("/account/tokens/1/revoke", nil).want(t, 303)
		if got := by(secret); got != 401 {
			t.Errorf("a revoked token: %d", got)
		}
		v.post("/account/tokens", url.Values{"name": {"x"}, "scope": {"all"}, "days": {"4000"}}).want(t, 422,
			"is not one of", "up to")
		late := s.token(anna, "publish")
		now = now.AddDate(0, 0, 10)
		if got := by(late); got != 401 {
			t.Errorf("an expired token: %d", got)
		}
		codes := map[int]int{}
		for i := range 40 {
			codes[by(fmt.Sprintf("chy_guess%d", i))]++
		}
		if codes[401] > 10 || codes[429] < 30 {
			t.Errorf("guessing tokens: %v", codes)
		}
	})
}

// What an account is made of is not taken from the fields of a form that should not
// have them.
func TestAccountsTakeOnlyTheirOwnFields(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	anna := s.account("Anna", "reader")
	v := s.signedIn(anna)
	v.post("/account", url.Values{"email": {"new@example.org"}, "language": {"en"},
		"confirm": {"somebody else's session"}}).want(t, 422, "not your present password")
	v.post("/account", url.Values{"confirm": {goodPassword}, "email": {"new@example.org"}, "language": {"de"},
		"role": {"administrator"}, "name": {"Root2"}, "id": {"1"}, "version": {"99"}, "password": {"x"}}).want(t, 303)
	a, err := s.store.Accounts().Account(t.Context(), anna.ID)
	if err != nil || a.Role != "reader" || a.Name != "Anna" || a.Email != "new@example.org" || a.Language != "de" {
		t.Errorf("the account is %+v (%v)", a, err)
	}
}

// No address that a form or link brings leads away from the register.
func TestRedirectsStayHere(t *testing.T) {
	s := open(t, "sqlite")
	root := s.account("Root", "administrator")
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`,
		"javascript:alert(1)", "/%0d%0aLocation:x", "///evil.example", "/\t/evil.example", "http:evil.example",
		" https://evil.example"} {
		a := s.visitor().post("/sign-in", url.Values{"name": {root.Name}, "password": {goodPassword},
			"next": {next}}).want(t, 303)
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") ||
			strings.HasPrefix(to, `/\`) || strings.ContainsAny(to, "\r\n\t") {
			t.Errorf("%q leads to %q", next, to)
		}
	}
	a := s.visitor().post("/sign-in", url.Values{"name": {root.Name}, "password": {goodPassword},
		"next": {"/pairs/BY-RU?on=2026-01-01"}})
	if to := a.Header.Get("Location"); to != "/pairs/BY-RU?on=2026-01-01" {
		t.Errorf("a page of ours: %q", to)
	}
}

// An administrator makes accounts, gives them links, changes roles and disables;
// the last administrator stays.
func TestAnAdministratorKeepsAccounts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		root := s.account("Root", "administrator")
		v := s.signedIn(root)
		v.post("/admin/accounts", url.Values{"name": {"ROOT"}, "role": {"editor"}, "language": {"en"}}).want(t, 422,
			"is called")
		a := v.post("/admin/accounts", url.Values{"name": {"Boris"}, "email": {"Boris@Example.org"}, "role": {"contributor"},
			"language": {"ru"}}).want(t, 200, "48 hours")
		link := regexp.MustCompile(`/links/\w+`).FindString(a.body)
		b := s.visitor()
		b.get(link).want(t, 200, "Boris")
		b.post(link, url.Values{"password": {"Boris@Example.org"}}).want(t, 422)
		b.post(link, url.Values{"password": {goodPassword}}).want(t, 303)
		b.post(link, url.Values{"password": {goodPassword + "!"}}).want(t, 404)
		b.post("/sign-in", url.Values{"name": {"boris@example.org"}, "password": {goodPassword}}).want(t, 303)
		b.get("/admin/accounts").want(t, 403)
		v.post("/admin/accounts/2", url.Values{"name": {"Boris"}, "role": {"administrator"}, "language": {"ru"}}).want(t, 303)
		b.get("/admin/accounts").want(t, 200)
		b.post("/admin/accounts/1/disabled", url.Values{"disabled": {"yes"}}).want(t, 303)
		v.get("/admin/accounts").want(t, 303)
		b.post("/admin/accounts/2/disabled", url.Values{"disabled": {"yes"}}).want(t, 422, "последний администратор")
		b.post("/admin/accounts/2", url.Values{"name": {"Boris"}, "role": {"reader"}, "language": {"ru"}}).want(t, 422)
		b.get("/admin/status").want(t, 200, "соглашений 0", "не более", "Импортов: 0.")
		b.get("/admin/audit").want(t, 200, "Boris", "Root", "→")
		b.get("/admin/audit?event=role").want(t, 200, "contributor → administrator")
		b.get("/admin/audit?event=nothing").want(t, 400)
	})
}

// Who asks too often is told to wait, by token and by network, with the headers
// that say how much is left.
func TestRequestsAreCounted(t *testing.T) {
	s := open(t, "sqlite")
	now := s.store.Now()
	s.store.Now = func() time.Time { return now }
	s.router.config.Rate = 20
	s.account("Root", "administrator")
	anna := s.account("Anna", "editor")
	one, two := s.token(anna, "read"), s.token(anna, "read")
	get := func(token string) answer { return s.get("/agreements.json", "Authorization", "Bearer "+token) }
	codes := map[int]int{}
	for range 30 {
		codes[get(one).StatusCode]++
	}
	if codes[200] != 20 || codes[429] != 10 {
		t.Errorf("30 requests where 20 may come: %v", codes)
	}
	a := get(one).want(t, 429)
	for name, want := range map[string]string{"RateLimit-Policy": `"default";q=20;w=60`,
		"RateLimit": `"default";r=0;t=60`, "Retry-After": "3"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	get(two).want(t, 200)
	now = now.Add(4 * time.Second)
	get(one).want(t, 200)
	for range 25 {
		a = s.get("/agreements.json", "Via", "1.1 proxy")
	}
	a.want(t, 429)
	s.get("/agreements.json").want(t, 200) // the register's own machine
}

// Where mail is set up, a forgotten password's link and a decision on a proposal
// are sent, in the account's language; the answer is the same for a name that is
// not there.
func TestLettersAreSent(t *testing.T) {
	s := open(t, "sqlite")
	type letter struct{ to, subject, text string }
	letters := make(chan letter, 10)
	s.router.config.Mail = func(_ context.Context, to, subject, text string) error {
		letters <- letter{to, subject, text}
		return nil
	}
	s.router.config.Site = s.URL
	s.account("Root", "administrator")
	anna, boris := s.account("Anna", "editor"), s.account("Boris", "contributor")
	if err := s.store.Accounts().ReviseAccount(t.Context(), boris.ID,
		models.AccountDraft{Name: "Boris", Email: "boris@example.org", Role: "contributor", Language: "de"},
		console); err != nil {
		t.Fatal(err)
	}
	v := s.visitor()
	known, unknown := v.post("/sign-in/reset", url.Values{"name": {"Boris"}}).want(t, 200, "on its way"),
		v.post("/sign-in/reset", url.Values{"name": {"Nobody"}}).want(t, 200)
	if known.body != unknown.body {
		t.Error("a name that is not there gets another page")
	}
	var got letter
	select {
	case got = <-letters:
	case <-time.After(5 * time.Second):
		t.Fatal("no letter came")
	}
	link := regexp.MustCompile(`/links/\w+`).FindString(got.text)
	if got.to != "boris@example.org" || !strings.Contains(got.subject, "neues Passwort") ||
		!strings.Contains(got.text, "Guten Tag Boris") || link == "" {
		t.Errorf("the letter is %+v", got)
	}
	v.post(link, url.Values{"password": {"another horse battery staple"}}).want(t, 303)
	v.post("/sign-in", url.Values{"name": {"Boris"}, "password": {"another horse battery staple"}}).want(t, 303)
	v.post("/agreements/new", seedForm()).want(t, 303)
	s.signedIn(anna).post("/proposals/1/return", url.Values{"proposal": {"1"}, "note": {"Place?"}}).want(t, 303)
	if got = <-letters; got.to != "boris@example.org" || !strings.Contains(got.text, s.URL+"/proposals/1") {
		t.Errorf("the letter is %+v", got)
	}
	if len(letters) > 0 {
		t.Errorf("one more: %+v", <-letters)
	}
}

// Who has signed in is told by a page of ours that the database cannot be reached,
// and a form comes back as it was typed; health is answered all the same.
func TestASessionThatCannotBeReadLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		v := s.signedIn(s.account("Anna", "editor"))
		late := newServer(s.store, Config{Zone: time.UTC, AtOnce: 1000, Deadline: time.Nanosecond,
			Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		server := httptest.NewServer(late.Handler())
		defer server.Close()
		v.s = &site{Server: server, t: t, store: s.store, router: late}
		v.get("/agreements").want(t, http.StatusServiceUnavailable, "The register cannot be reached just now",
			`href="/static/theme.css`)
		a := v.post("/agreements/new", seedForm()).want(t, http.StatusServiceUnavailable, "Kooperationsplan der Sicherheitsr")
		if a.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to come again")
		}
		v.get("/healthz").want(t, http.StatusOK)
		if v.cookie() == "" {
			t.Error("the session is gone")
		}
	})
}
