package handlers

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"chancery/models"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What is typed into the pages about accounts, tokens, proposals, documents and
// settings runs nowhere, and the browser reports no breach of the policy (S2).
func TestHostileTextsAboutAccountsRunNothing(t *testing.T) {
	s := open(t, "sqlite")
	s.keeping(1 << 20)
	root := s.account("Root", "administrator")
	admin := s.signedIn(root)
	for i, text := range hostile {
		short := []rune(text)
		if len(short) > 90 {
			short = short[:90]
		}
		admin.post("/admin/accounts", url.Values{"name": {string(short)}, "role": {"contributor"}, "language": {"en"},
			"email": {text}})
		if a, err := s.store.Accounts().CreateAccount(t.Context(),
			models.AccountDraft{Name: fmt.Sprint(i, " ", string(short)), Role: "contributor", Language: "en"},
			models.Change{Actor: text, Address: text}); err == nil && i < 12 {
			if err := s.store.Accounts().SetPassword(t.Context(), a.ID, goodPassword, "",
				models.Change{Actor: text}); err != nil {
				t.Fatal(err)
			}
			author := s.signedIn(a)
			form := seedForm()
			form.Set("key", fmt.Sprint(i))
			form.Set("comment", text)
			form.Set("place", text)
			to := author.post("/agreements/new", form).want(t, 303).Header.Get("Location")
			admin.post(to+"/return", url.Values{"proposal": {"1"}, "note": {text}}).want(t, 303)
		}
		admin.confirmed()
		admin.post("/account/tokens", url.Values{"name": {string(short)}, "scope": {text}, "days": {"9"}})
		admin.post("/account/tokens", url.Values{"name": {string(short)}, "scope": {"read"}, "days": {"9"}}).want(t, 200)
		admin.send("POST", "/sign-in", url.Values{"name": {text}, "password": {text}, "next": {text}}, "User-Agent",
			strings.ToValidUTF8(strings.NewReplacer("\n", "", "\t", "").Replace(text), ""))
		later := s.store.Now
		s.store.Now = func() time.Time { return later().Add(2 * time.Hour) } // failed tries are forgiven
		if err := s.store.Accounts().Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.store.Now = later
	}
	watch := `window.ran = 0; window.alert = () => ran++; window.violations = []; document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective + ' ' + e.blockedURI))`
	w := s.window(t, command(page.AddScriptToEvaluateOnNewDocument,
		page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}))
	look := func(path string) {
		t.Helper()
		w.open(path)
		if ran := result(w, chromedp.Evaluate[int](`ran`)); ran > 0 {
			t.Errorf("%s ran a text as script", path)
		}
		if violations := result(w, chromedp.Evaluate[[]string](`violations`)); len(violations) > 0 {
			t.Errorf("%s breaks the policy: %v", path, violations)
		}
	}
	look("/sign-in?next=" + url.QueryEscape(`"><script>alert(1)</script>`))
	w.do(chromedp.SendKeys(chromedp.CSS(".narrow #name"), "Root"),
		chromedp.SendKeys(chromedp.CSS("#password"), goodPassword), chromedp.Click(chromedp.CSS(".narrow button")),
		visible(".who"))
	for _, path := range []string{"/account", "/admin/accounts", "/admin/audit", "/admin/status", "/admin/settings",
		"/proposals?state=returned"} {
		look(path)
	}
	for i := range 12 {
		look(fmt.Sprintf("/proposals/%d", i+1))
		look(fmt.Sprintf("/admin/accounts/%d", i+2))
	}
}

// A page of another site, open in the browser of somebody who has signed in, sends
// forms and requests: nothing comes of it (S5).
func TestAnotherSitesPageChangesNothing(t *testing.T) {
	s := open(t, "sqlite")
	s.account("Root", "administrator")
	s.account("Anna", "editor")
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<title>evil</title><iframe name="into"></iframe>
			<form id="f" method="post" target="into" action="%[1]s/agreements/new"><input name="titles[0].text" value="Forged"><input name="titles[0].language" value="en"><input name="signed" value="2001"><input name="participations[0].party" value="FR"><input name="participations[1].party" value="DE"><input name="do" value="record"></form>
			<form id="t" method="post" target="into" enctype="text/plain" action="%[1]s/agreements"><input name='{"titles":[{"text":"Forged","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}],"x":"' value='"}'></form>
			<form id="o" method="post" target="into" action="%[1]s/sign-out"></form>
			<script>
				window.done = 0
				for (const id of ["f", "t", "o"]) document.getElementById(id).submit()
				const tries = [
					fetch("%[1]s/agreements", {method: "POST", mode: "no-cors", credentials: "include", body: '{"titles":[{"text":"Forged","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}'}),
					fetch("%[1]s/agreements/1?reason=x", {method: "DELETE", credentials: "include", headers: {"If-Match": "\"v1\""}}),
					fetch("%[1]s/account", {credentials: "include"}).then(a => a.text()).then(t => window.read = t),
				]
				Promise.allSettled(tries).then(() => window.done = 1)
			</script>`, s.URL)
	}))
	defer evil.Close()
	w := s.window(t)
	w.open("/sign-in")
	w.do(chromedp.SendKeys(chromedp.CSS(".narrow #name"), "Anna"),
		chromedp.SendKeys(chromedp.CSS("#password"), goodPassword), chromedp.Click(chromedp.CSS(".narrow button")),
		visible(".who"))
	w.do(chromedp.Navigate(strings.Replace(evil.URL, "127.0.0.1", "localhost", 1))) // another site, not only another port
	for range 50 {
		if result(w, chromedp.Evaluate[int](`window.done`)) == 1 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(500 * time.Millisecond) // the forms
	if read := result(w, chromedp.Evaluate[string](`window.read || ""`)); read != "" {
		t.Errorf("another site reads: %.200s", read)
	}
	s.get("/agreements.json").want(t, 200, `"total":0`)
	w.open("/account") // still signed in
	w.do(visible("#sessions"))
}

// Whatever stands in a query is data: the answer is a page or a refusal, on both
// engines, and nothing is changed (S1). CHANCERY_QUERIES sets how many are tried.
func TestNoQueryReachesTheDatabaseAsSQL(t *testing.T) {
	queries := 400
	if n, err := strconv.Atoi(os.Getenv("CHANCERY_QUERIES")); err == nil {
		queries = n
	}
	pieces := []string{"'", "\"", ";", "--", "/*", "*/", "\\", "%", "_", "\x00", "') OR 1=1 --",
		"; DROP TABLE agreements; --", "1 UNION SELECT password FROM accounts", "pg_sleep(10)", "$1", "?", ":name", "@ids",
		"(SELECT 1)", "BY-RU", "in-force", "2026-01-01", "9999999999999999999", "-1", "NaN", "ı", "\u202e", "{}", "[]", "\n",
		"null", "true", "plan"}
	names := []string{"q", "text", "pair", "party", "role", "on", "recorded", "status", "kind", "level", "scope", "from",
		"until", "ending", "subject", "place", "series", "language", "person", "sourced", "precision", "event", "meeting",
		"agreement", "after", "limit", "sort", "order", "group", "measure", "months", "alarm", "counts", "exact",
		"predecessors", "state", "before", "field"}
	paths := []string{"/agreements", "/pairs/BY-RU", "/timeline", "/search", "/search/suggest", "/parties", "/people",
		"/meetings", "/calendar", "/feed", "/years", "/map", "/network", "/pairs/matrix", "/pairs", "/agreements/suggest",
		"/parties/suggest", "/proposals", "/agreements/1/history", "/"}
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		random := rand.New(rand.NewPCG(7, 11))
		before := s.get("/agreements.json").body
		for range queries {
			q := url.Values{}
			for range 1 + random.IntN(3) {
				value := ""
				for range 1 + random.IntN(3) {
					value += pieces[random.IntN(len(pieces))]
				}
				q.Add(names[random.IntN(len(names))], value)
			}
			path := paths[random.IntN(len(paths))] + []string{"", ".json", ".csv"}[random.IntN(3)]
			begin := time.Now()
			if a := s.get(strings.Replace(path, "/.", "/?.", 1) + "?" + q.Encode()); a.StatusCode >= 500 {
				t.Fatalf("%s?%s: %d %.300s", path, q.Encode(), a.StatusCode, a.body)
			}
			if took := time.Since(begin); took > 8*time.Second {
				t.Errorf("%s?%s took %s", path, q.Encode(), took)
			}
		}
		if after := s.get("/agreements.json").body; after != before {
			t.Errorf("the register is %s, was %s", after, before)
		}
	})
}

// A NUL, which PostgreSQL takes in no text, makes no page fail, wherever it comes.
func TestANULIsHarmless(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		s.record(seedForm())
		root := s.signedIn(s.account("Root", "administrator")).confirmed()
		answers := []answer{s.get("/parties/B%00Y"), s.get("/parties/suggest?q=%00a"), s.get("/people?text=%00"),
			s.get("/agreements/suggest?q=%00"), s.get("/meetings?text=%00"), s.get("/search?q=%00"), s.get("/pairs?a=%00&b=BY"),
			s.get("/links/%00"),
			s.visitor().post("/sign-in", url.Values{"name": {"Ro\x00ot"}, "password": {"x\x00"}}),
			s.visitor().post("/sign-in/reset", url.Values{"name": {"\x00"}}),
			root.post("/admin/accounts", url.Values{"name": {"An\x00na"}, "role": {"reader"}, "language": {"en"}}),
			root.post("/account/tokens", url.Values{"name": {"t\x00"}, "scope": {"read"}, "days": {"3"}}),
			root.post("/meetings/new", url.Values{"title": {"M\x00"}, "kind": {"summit"}, "held": {"2001"}}),
			root.post("/parties/new", url.Values{"code": {"OURS"}, "kind": {"organisation"}, "names[0].text": {"O\x00"}}),
			root.send("POST", "/agreements", nil, "Content-Type", "application/json", "Accept", "application/json")}
		form := seedForm()
		for name, values := range form {
			if name != "key" && name != "do" {
				form.Set(name, values[0]+"\x00")
			}
		}
		answers = append(answers, root.post("/agreements/new", form))
		for _, a := range answers {
			if a.StatusCode >= 500 {
				t.Errorf("%s %s: %d", a.Request.Method, a.Request.URL, a.StatusCode)
			}
		}
		s.json("POST", "/agreements",
			`{"titles":[{"text":"A\u0000B","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}`,
			"Cookie", "chancery="+root.cookie()).want(t, 422)
	})
}

// Passwords, tokens, links and codes stand in no log, no error and no page that
// should not have them (S14).
func TestSecretsStayOutOfTheLog(t *testing.T) {
	s := open(t, "sqlite")
	var log bytes.Buffer
	s.router.config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.router.config.Setup = "canary-setup-secret"
	root := s.visitor()
	root.get("/setup/canary-setup-secret").want(t, 303)
	root.post("/setup", url.Values{"name": {"Root"}, "language": {"en"},
		"password": {"canary horse battery staple"}}).want(t, 303)
	anna := s.account("Anna", "editor")
	link, err := s.store.Accounts().NewLink(t.Context(), anna.ID, console)
	if err != nil {
		t.Fatal(err)
	}
	token := s.token(anna, "publish")
	s.get("/links/"+link).want(t, 200)
	s.visitor().post("/links/"+link, url.Values{"password": {"canary"}}).want(t, 422)
	s.visitor().post("/sign-in", url.Values{"name": {"Anna"}, "password": {"canary-wrong-password"}}).want(t, 401)
	v := s.signedIn(anna).confirmed()
	v.post("/account/totp", nil).want(t, 200)
	v.post("/account/totp/confirm", url.Values{"code": {"123456"}}).want(t, 422)
	cookie := v.cookie()
	v.get("/admin/audit").want(t, 403)
	if want := fmt.Sprintf("account=%d method=GET route=/admin/audit", anna.ID); !strings.Contains(log.String(), want) {
		t.Errorf("the log does not tell of a refusal: %s", want)
	}
	s.store.Close() // everything fails from here on
	pages := ""
	for _, path := range []string{"/account", "/agreements", "/links/" + link} {
		pages += v.get(path).body
	}
	pages += s.json("POST", "/agreements", "{}", "Authorization", "Bearer "+token).body
	pages += s.visitor().post("/sign-in", url.Values{"name": {"Anna"}, "password": {"canary-wrong-password"}}).body
	if log.Len() == 0 {
		t.Fatal("nothing was logged, though the database is away")
	}
	for _, secret := range []string{"canary", link, token, cookie, goodPassword, anna.Handle} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
		if strings.Contains(pages, secret) {
			t.Errorf("a page has %q", secret)
		}
	}
}

// Passwords are typed unseen, and managers know each field for what it is.
func TestPasswordsAreTypedUnseen(t *testing.T) {
	s := open(t, "sqlite")
	root := s.signedIn(s.account("Root", "administrator"))
	link, err := s.store.Accounts().NewLink(t.Context(), s.account("Anna", "editor").ID, console)
	if err != nil {
		t.Fatal(err)
	}
	root.get("/agreements").want(t, 200, `action="/sign-out"`)
	field := regexp.MustCompile(`<input[^>]* name="(password|current|confirm|off)"[^>]*>`)
	for path, visitor := range map[string]*visitor{"/sign-in": s.visitor(), "/links/" + link: s.visitor(), "/account": root} {
		fields := field.FindAllString(visitor.get(path).want(t, 200).body, -1)
		if len(fields) == 0 {
			t.Errorf("%s asks for no password", path)
		}
		for _, f := range fields {
			if !strings.Contains(f, `type="password"`) || !strings.Contains(f, `autocomplete="current-password"`) &&
				!strings.Contains(f, `autocomplete="new-password"`) || strings.Contains(f, "onpaste") {
				t.Errorf("%s: %s", path, f)
			}
		}
	}
}
