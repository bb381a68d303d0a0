package handlers

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"chancery/models"
)

// Who signs in is led on within the register alone.
func TestOnlyOurOwnPathsAreLedTo(t *testing.T) {
	for next, want := range map[string]string{
		"/agreements/1":               "/agreements/1",
		"/agreements?kind=plan":       "/agreements?kind=plan",
		"":                            "/",
		"agreements":                  "/",
		"//evil.example":              "/",
		"/\\evil.example":             "/",
		"https://evil.example":        "/",
		"http:/evil.example":          "/",
		"javascript:alert(1)":         "/",
		"/a\r\nSet-Cookie: x=1":       "/",
		"/a\tb":                       "/",
		"///evil.example":             "/",
		"/%2f%2fevil.example":         "/",
		"/agreements#top":             "/agreements",
		"/agreements/new?report=text": "/agreements/new?report=text",
	} {
		if got := local(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// An IPv6 subscriber has a /64: its addresses count as one.
func TestNetworksAreToldByTheirAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1":            "192.0.2.1",
		"::ffff:192.0.2.1":     "192.0.2.1",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::9":      "2001:db8:1:2::/64",
		"2001:db8:1:3::9":      "2001:db8:1:3::/64",
		"not an address":       "not an address",
		"":                     "",
	} {
		if got := network(address); got != want {
			t.Errorf("%q is of %q, want %q", address, got, want)
		}
	}
}

func TestAHostIsReadWithoutItsPort(t *testing.T) {
	for given, want := range map[string]string{"example.org": "example.org", "example.org:8080": "example.org",
		"[::1]:8080":   "::1",
		"127.0.0.1:80": "127.0.0.1", "": ""} {
		if got := hostOf(given); got != want {
			t.Errorf("%q is the host %q, want %q", given, got, want)
		}
	}
}

func TestSecretsAreNotLogged(t *testing.T) {
	for path, want := range map[string]string{"//links/SECRET": "//links/…", "/links//SECRET/": "/links//…/", "/LINKS/SECRET": "/LINKS/…", "//setup///SECRET": "//setup///…",
		"/links/abc": "/links/…", "/setup/abc": "/setup/…",
		"/agreements/1": "/agreements/1",
		"/links":        "/links"} {
		if got := withoutSecret(path); got != want {
			t.Errorf("%s is logged as %s", path, got)
		}
	}
}

func TestTextsAreCutAtWholeCharacters(t *testing.T) {
	for _, test := range []struct {
		text string
		n    int
		want string
	}{{"abc", 5, "abc"}, {"abc", 2, "ab"}, {"äöü", 3, "ä"}, {"日本", 4, "日"}, {"", 3, ""}} {
		if got := firstBytes(test.text, test.n); got != test.want {
			t.Errorf("%d bytes of %q are %q", test.n, test.text, got)
		}
	}
	if got := withoutNUL("a\x00b"); got != "a\uFFFDb" {
		t.Errorf("%q", got)
	}
}

// Tags are compared without what compression adds, and without an agreement's
// version.
func TestTagsAreCompared(t *testing.T) {
	const tag = `"v3.abc"`
	for header, want := range map[string]bool{
		`"v3.abc"`: true, `W/"v3.abc"`: true, `"v3.abc-gz"`: true, `"abc"`: true, `"v4.abc"`: true, `"x", "v3.abc"`: true,
		`"v3.abd"`: false, "": false, `"x"`: false,
	} {
		if got := matchesTag(header, tag); got != want {
			t.Errorf("%s matches %s: %v", header, tag, got)
		}
	}
}

func TestRequestsThatTakeLongerAreTold(t *testing.T) {
	for _, test := range []struct {
		method, target, accept, contentType string
		dear, uploading, longer             bool
	}{
		{"GET", "/agreements", "text/html", "", false, false, false},
		{"GET", "/agreements.csv", "", "", true, false, false},
		{"GET", "/agreements.jsonl", "", "", true, false, false},
		{"GET", "/agreements.xlsx", "", "", true, false, false},
		{"GET", "/agreements.json", "text/csv", "", false, false, false},
		{"GET", "/agreements", "text/csv", "", true, false, false},
		{"GET", "/agreements", "text/turtle", "", true, false, false},
		{"GET", "/register.sqlite", "", "", true, false, false},
		{"GET", "/network.graphml", "", "", true, false, false},
		{"GET", "/years.svg", "", "", false, false, false},
		{"GET", "/years.png", "", "", true, false, false},
		{"GET", "/years?recorded=2026-01-01", "", "", true, false, false},
		{"POST", "/imports", "", "multipart/form-data; boundary=x", false, true, true},
		{"POST", "/agreements/new", "", "multipart/form-data; boundary=x", false, true, false},
		{"POST", "/agreements/new", "", "application/x-www-form-urlencoded", false, false, false},
		{"POST", "/agreements/7/documents", "", "multipart/form-data; boundary=x", false, true, false},
		{"GET", "/agreements/7/documents", "", "", false, false, false},
		{"POST", "/agreements/bulk", "", "", false, false, true},
		{"POST", "/operations/3/undo", "", "", false, false, true},
		{"POST", "/duplicates/1-2", "", "", false, false, true},
	} {
		r := httptest.NewRequest(test.method, test.target, nil)
		r.Header.Set("Accept", test.accept)
		r.Header.Set("Content-Type", test.contentType)
		if dear(r) != test.dear || uploading(r) != test.uploading || longer(r.URL.Path) != test.longer {
			t.Errorf("%s %s as %q: dear %v, uploads %v, longer %v", test.method, test.target, test.accept, dear(r),
				uploading(r),
				longer(r.URL.Path))
		}
	}
}

func TestJSONIsToldByItsMediaType(t *testing.T) {
	for mediaType, want := range map[string]bool{"application/json": true, "application/json; charset=utf-8": true,
		"Application/JSON": true, "application/merge-patch+json": true, "text/plain": false, "": false,
		"application/x-www-form-urlencoded": false} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Content-Type", mediaType)
		if isJSON(r) != want {
			t.Errorf("%q is JSON: %v", mediaType, !want)
		}
	}
}

func TestALanguageIsChosen(t *testing.T) {
	for _, test := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "en"}, {"?lang=de", "ru", "en", "de"}, {"", "ru", "de", "ru"}, {"", "", "de-AT,de;q=0.9", "de"},
		{"?lang=xx", "", "ru", "ru"}, {"", "xx", "de", "de"}, {"", "", "fr,ru;q=0.5", "ru"}, {"", "", "fr", "en"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/"+test.query, nil)
		r.Header.Set("Accept-Language", test.accept)
		if test.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "lang", Value: test.cookie})
		}
		if got := language(r); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestANumberOfAPathIsReadOrNotFound(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "12345678901": 12345678901, "0": 0, "-1": 0, "x": 0, "1.5": 0, "": 0,
		"99999999999999999999": 0} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Params = gin.Params{{Key: "id", Value: text}}
		if got, err := number(c, "id"); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d (%v)", text, got, err)
		}
	}
}

func TestAQueryIsReadWithoutWhatIsEmpty(t *testing.T) {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodGet, "/?kind=&party=BY&party=&q=+&from=1990", nil)
	if got := query(c).Encode(); got != "from=1990&party=BY" {
		t.Error(got)
	}
}

// A bucket empties with what is sent, fills with time, and says for how long to
// wait.
func TestRatesAreBuckets(t *testing.T) {
	var r rates
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 60 {
		if left, wait := r.allow("a", 60, now); wait != 0 || left != 59-i {
			t.Fatalf("request %d: %d left, wait %s", i, left, wait)
		}
	}
	if _, wait := r.allow("a", 60, now); wait <= 0 || wait > time.Second {
		t.Errorf("wait %s", wait)
	}
	if _, wait := r.allow("b", 60, now); wait != 0 {
		t.Error("another waits as well")
	}
	if _, wait := r.allow("a", 60, now.Add(2*time.Second)); wait != 0 {
		t.Error("after two seconds one still waits")
	}
}

// A key is random, and no two are the same.
func TestKeysAreRandom(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		key := newKey()
		if len(key) < 20 || seen[key] || strings.TrimSpace(key) != key {
			t.Fatalf("the key %q", key)
		}
		seen[key] = true
	}
}

// A field that the register does not have is named, so that nothing is lost without
// a word; what it gave out may be sent back.
func TestAFieldThatIsNoneIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		`{"titles":[{"text":"x"}],"signed":"2001"}`:                                   "",
		`{"titels":[{"text":"x"}]}`:                                                   "titels",
		`{"titles":[{"text":"x"},{"txet":"y"}]}`:                                      "titles[1].txet",
		`{"acts":[{"type":"accession","effectiv":"2001"}]}`:                           "acts[0].effectiv",
		`{"participations":[{"party":"BY","signatories":[{"person":"A","rank":1}]}]}`: "participations[0].signatories[0].rank",
		`{"status":"in-force","spells":[],"because":[],"id":7,"parties":["BY"]}`:      "",
		`not json`: "",
	} {
		err := refuseUnknownFields([]byte(text), agreementBody{}, agreementJSON{})
		var invalid models.Invalid
		if errors.As(err, &invalid); (want == "") != (err == nil) || want != "" && invalid[want].Code != "unknown_field" {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
