package handlers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/frontend"
	"chancery/models"
)

// Every method on every kind of address is answered in order: what is not there,
// or not allowed, is told so, and nothing panics.
func TestEveryMethodIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		for _, path := range []string{"/static/theme.css", "/static/", "/static/none", "/static/../go.mod", "/agreements",
			"/agreements/1", "/agreements.csv", "/register.sqlite", "/network.png", "/none", "/%2e%2e/%2e%2e/etc/passwd"} {
			for _, method := range []string{"HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "FOO"} {
				a := s.visitor().send(method, path, nil)
				if a.StatusCode >= 500 {
					t.Errorf("%s %s: %s", method, path, a.Status)
				}
				if method == "HEAD" {
					if get := s.visitor().get(path); get.StatusCode != a.StatusCode || a.body != "" ||
						get.Header.Get("Content-Type") != a.Header.Get("Content-Type") {
						t.Errorf("HEAD %s: %s %s, GET %s %s", path, a.Status, a.Header.Get("Content-Type"), get.Status,
							get.Header.Get("Content-Type"))
					}
				}
			}
		}
		if _, err := frontend.Static().Open("theme.css"); err != nil {
			t.Fatal(err)
		}
	})
}

// An ending that a route has no form for is told so, and is no page.
func TestEndingsThatAreNotThere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		for _, path := range []string{"/timeline.ics", "/meetings.svg", "/parties.jsonld", "/people/1.jsonld", "/agreements.sqlite",
			"/feed.csv", "/search.png", "/.xlsx", "/account.json", "/dates.csv"} {
			if a := s.visitor().get(path); a.StatusCode != http.StatusNotAcceptable && a.StatusCode != http.StatusUnauthorized &&
				a.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %s", path, a.Status)
			}
		}
	})
}

// Under a number instead of a name, passkeys say that they need one.
func TestPasskeysNeedAName(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	s.visitor().send("POST", "/sign-in/passkey/begin", nil, "Content-Type", "application/json", "Accept", "application/json").
		want(t, 409, "Passkeys need a name")
}

// A document that was added is told with its number.
func TestAnAddedDocumentIsTold(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		s.record(seedForm())
		root := s.signedIn(s.account("Root", "administrator"))
		var d models.Document
		a := root.attach("/agreements/1/documents.json", "plan.txt", "The plan.")
		if err := json.Unmarshal([]byte(a.want(t, 201).body), &d); err != nil || d.ID == 0 || d.Name != "plan.txt" {
			t.Errorf("told %s (%v)", a.body, err)
		}
		root.get(a.Header.Get("Location")).want(t, 200, "The plan.")
	})
}

// What a program sends is bound to the fields that it may set and to nothing else;
// a method is what the request line says; a slash in disguise leads nowhere.
func TestNothingElseIsBound(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		administrator := s.account("Root", "administrator")
		root, token := s.signedIn(administrator), s.token(administrator, "publish")
		anna := s.account("Anna", "contributor")
		v := s.signedIn(anna)
		for _, more := range []string{`"id":7`, `"version":9`, `"account_id":1`, `"recorded_at":"2001-01-01T00:00:00Z"`,
			`"withdrawn_at":"2001-01-01T00:00:00Z"`, `"outcome":{}`} {
			body := `{"titles":[{"text":"Bound","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}],` + more + `}`
			a := s.json("POST", "/agreements", body, "Authorization", "Bearer "+token, "Idempotency-Key", more)
			if a.StatusCode == 422 {
				continue
			}
			made := s.get(a.want(t, 201).Header.Get("Location")+".json").want(t, 200, `"version":1`)
			if strings.HasSuffix(made.Request.URL.Path, "/7.json") || strings.Contains(made.body, `"recorded_at":"2001`) {
				t.Errorf("%s: %s", more, made.body)
			}
		}
		v.post("/account", url.Values{"email": {"a@example.org"}, "language": {"en"}, "role": {"administrator"}, "id": {"1"},
			"name": {"Root"}, "password": {"x"}}).want(t, 422)
		v.post("/account", url.Values{"email": {anna.Email}, "language": {"en"}, "role": {"administrator"}, "id": {"1"},
			"name": {"Root 2"}, "disabled_at": {"now"}})
		if a, err := s.store.Accounts().Account(t.Context(), anna.ID); err != nil || a.Role != "contributor" || a.Name != "Anna" {
			t.Errorf("she is %+v (%v)", a, err)
		}
		for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
			if a := v.sendWith("POST", "/agreements/1", url.Values{"_method": {"DELETE"}}, header, "DELETE"); a.StatusCode != 405 &&
				a.StatusCode != 404 {
				t.Errorf("%s: %s", header, a.Status)
			}
		}
		for _, path := range []string{"/admin%2Faccounts", "/%61dmin/accounts", "/admin//accounts", "/./admin/accounts",
			"/static/..%2f..%2fgo.mod", "/agreements/..%2fadmin", "/admin/accounts/", "/ADMIN/accounts", "/admin/accounts.json",
			"/admin/accounts;x"} {
			if a := v.get(path); a.StatusCode == 200 {
				t.Errorf("%s is open to a contributor", path)
			}
		}
		root.get("/admin/accounts").want(t, 200)
	})
}

// sendWith is send with headers.
func (v *visitor) sendWith(method, path string, form url.Values, headers ...string) answer {
	return v.send(method, path, form, headers...)
}

// What belongs to somebody else is not there, by whatever number it is asked for.
func TestNumbersOfOthersOpenNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.signedIn(s.account("Root", "administrator"))
		anna, boris := s.signedIn(s.account("Anna", "contributor")), s.signedIn(s.account("Boris", "contributor"))
		form := seedForm()
		form.Set("key", "anna")
		form.Set("confirmed", "1")
		form.Set("titles[0].text", "Her draft")
		form.Set("signed", "2001")
		to := anna.post("/agreements/new", form).want(t, 303).Header.Get("Location")
		if !strings.HasPrefix(to, "/proposals/") {
			t.Fatalf("a contributor's record leads to %s", to)
		}
		for _, path := range []string{to, to + "/edit", to + ".json"} {
			anna.get(path).want(t, 200, "Her draft")
			if a := boris.get(path); a.StatusCode != 404 && a.StatusCode != 403 || strings.Contains(a.body, "Her draft") {
				t.Errorf("%s is %s to another", path, a.Status)
			}
		}
		for _, path := range []string{to + "/withdraw", to + "/accept", to + "/return", "/account/tokens/1/revoke", "/imports/1/commit",
			"/imports/1/remove", "/operations/1/undo", "/admin/accounts/1/link", "/admin/webhooks/1"} {
			if a := boris.confirmedOnce().post(path, url.Values{"proposal": {"1"}, "note": {"x"}, "version": {"1"}}); a.StatusCode != 404 &&
				a.StatusCode != 403 {
				t.Errorf("POST %s: %s", path, a.Status)
			}
		}
	})
}

// confirmedOnce is confirmed, each time it is wanted.
func (v *visitor) confirmedOnce() *visitor { return v.confirmed() }

// Requests that are two in one, or broken, are refused before they are read; who
// sends slowly is cut off (RFC 9112, 11.2).
func TestSmuggledRequestsAreRefused(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	host := strings.TrimPrefix(s.URL, "http://")
	for name, raw := range map[string]string{
		"two lengths": "POST /sign-in HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 4\r\nContent-Length: 30\r\n\r\nabcd",
		"length and chunks": "POST /sign-in HTTP/1.1\r\nHost: " + host +
			"\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
		"an odd coding":   "POST /sign-in HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a space":         "GET / HTTP/1.1\r\nHost : " + host + "\r\n\r\n",
		"no host":         "GET / HTTP/1.1\r\n\r\n",
		"two hosts":       "GET / HTTP/1.1\r\nHost: " + host + "\r\nHost: evil.example\r\n\r\n",
		"a foreign host":  "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"a bare newline":  "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: a\rSet-Cookie: b\r\n\r\n",
		"a folded header": "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: a\r\n b\r\n: c\r\n\r\n",
	} {
		connection, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		connection.SetDeadline(time.Now().Add(5 * time.Second))
		io.WriteString(connection, raw)
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err == nil && response.StatusCode < 400 {
			t.Errorf("%s: %s", name, response.Status)
		}
		connection.Close()
	}
}

// A line break in what somebody sends makes no header, and no second line of the
// log.
func TestLineBreaksAreHarmless(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	for _, path := range []string{"/sign-in?next=%0d%0aSet-Cookie:%20x=1", "/agreements?q=a%0d%0aX-Injected:%201&lang=en%0d%0aX-Injected:1",
		"/pairs?a=BY%0d%0aX-Injected:1&b=RU", "/%0d%0aX-Injected:%201", "/parties/%0aBY%0d"} {
		a := s.visitor().get(path)
		if a.Header.Get("X-Injected") != "" || slices.ContainsFunc(a.Header.Values("Set-Cookie"), func(c string) bool {
			return strings.HasPrefix(c, "x=")
		}) {
			t.Errorf("%s sets a header", path)
		}
		if a.StatusCode >= 500 {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
	a := s.visitor().send("GET", "/", nil, requestHeader, "abc def\" level=ERROR")
	if id := a.Header.Get(requestHeader); strings.Contains(id, " ") {
		t.Errorf("a request is called %q", id)
	}
}

// A token does what its scope says on every route, and never more.
func TestATokensScopeHoldsOnEveryRoute(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		root := s.account("Root", "administrator")
		for scope, may := range map[string][]permission{"read": {always, read}, "draft": {always, read, draft},
			"publish": {always, read, draft, publish}} {
			token := s.token(root, scope)
			for _, r := range s.router.table() {
				path := parameterOf.ReplaceAllString(r.path, "0")
				if r.method != "GET" {
					path += "?x"
				}
				a := s.visitor().send(r.method, path, nil, "Authorization", "Bearer "+token, "Accept", "application/json")
				if refused := a.StatusCode == 403; refused == slices.Contains(may, r.permission) {
					t.Errorf("%s %s with a token to %s: %s", r.method, r.path, scope, a.Status)
				}
			}
		}
	})
}

// JSON with a name twice means one thing: the later, checked as ever.
func TestNamesTwiceInJSON(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.json("POST", "/agreements", `{"titles":[{"text":"A","language":"en"}],"signed":"2001","signed":"not a date","participations":[{"party":"FR"},{"party":"DE"}]}`)
		if a.StatusCode != 422 && a.StatusCode != 400 {
			t.Errorf("the first of two is taken: %s", a.Status)
		}
		deep := strings.Repeat("[", 200_000)
		s.json("POST", "/agreements", fmt.Sprintf(`{"titles":%s`, deep)).want(t, 422)
	})
}
