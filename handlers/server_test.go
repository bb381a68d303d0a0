package handlers

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"chancery/frontend"
	"chancery/frontend/atlas"
	"chancery/models"
	"chancery/testdb"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	testdb.Main(m, func() { endChromium() })
}

// A site is a register served for a test; its clock stands on 23 November 2026.
type site struct {
	*httptest.Server
	t      testing.TB
	store  *models.Store
	router *Server
	first  string // the cookie of a browser that has opened the link of the first start
}

const setupSecret = "FIRSTSTARTFIRSTSTARTFIRSTS"

func open(t testing.TB, engine string) *site {
	t.Helper()
	store := testdb.Open(t, testdb.Address(t, engine))
	store.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	s := newServer(store, Config{Zone: time.UTC, Flags: true, Map: atlas.World(), AtOnce: 1000,
		Setup: setupSecret, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	x := &site{Server: server, t: t, store: store, router: s}
	for _, cookie := range x.send("GET", "/setup/"+setupSecret, "").want(t, 303).Cookies() {
		if cookie.Name == "chancery" {
			x.first = cookie.Name + "=" + cookie.Value
		}
	}
	return x
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) { test(t, open(t, engine)) })
	}
}

type answer struct {
	*http.Response
	body string
}

// send sends a request as a browser of our own pages does that has opened the link
// of the first start; headers come as name, value.
func (s *site) send(method, path, body string, headers ...string) answer {
	s.t.Helper()
	return s.sendBy(&http.Client{CheckRedirect: func(*http.Request,
		[]*http.Request) error {
		return http.ErrUseLastResponse
	}}, method, path, body, append([]string{"Cookie", s.first}, headers...)...)
}

func (s *site) sendBy(client *http.Client, method, path, body string, headers ...string) answer {
	s.t.Helper()
	request, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	if method != http.MethodGet {
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
		}
	}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response, string(text)}
}

func (s *site) get(path string, headers ...string) answer {
	s.t.Helper()
	return s.send(http.MethodGet, path, "", headers...)
}

func (s *site) post(path string, form url.Values, headers ...string) answer {
	s.t.Helper()
	return s.send(http.MethodPost, path, form.Encode(), headers...)
}

func (s *site) json(method, path, body string, headers ...string) answer {
	s.t.Helper()
	return s.send(method, path, body, append([]string{"Content-Type", "application/json", "Accept", "application/json"},
		headers...)...)
}

func (a answer) want(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %.600s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.body)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s %s lacks %q", a.Request.Method, a.Request.URL, text)
		}
	}
	return a
}

// seedForm is the seed as its form sends it.
func seedForm() url.Values {
	return url.Values{
		"titles[0].text":     {"Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027"},
		"titles[0].language": {"de"},
		"kind":               {"plan"}, "level": {"interagency"}, "binding": {"unknown"}, "signed": {"2025-11-05"},
		"place":                   {"Moskau"},
		"participations[0].party": {"Weißrussland"}, "participations[0].institution": {
			"Staatssekretariat des Sicherheitsrates"}, "participations[0].role": {"party"},
		"participations[0].signatories[0].person": {"Alexander Wolfowitsch"},
		"participations[0].signatories[0].office": {"Staatssekretär"},
		"participations[1].party":                 {"RUS"}, "participations[1].institution": {"Sicherheitsrat"},
		"participations[1].role":                  {"party"},
		"participations[1].signatories[0].person": {"Sergej Schoigu"},
		"participations[1].signatories[0].office": {"Sekretär"},
		"validity_periods[0].valid_from":          {"2026"}, "validity_periods[0].valid_until": {"2027"},
		"validity_periods[0].basis": {"term"}, "validity_periods[0].renewal": {"none"},
		"meetings[0].title": {"Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten"},
		"meetings[0].held":  {"2025-11-05"}, "meetings[0].place": {"Moskau"}, "meetings[0].relation": {"in-the-margins-of"},
		"meetings[0].kind":     {"session"},
		"sources[0].publisher": {"BelTA"}, "sources[0].published": {"2025-11-05"}, "sources[0].language": {"de"},
		"sources[0].url":       {"https://deu.belta.by/politics/view/1"},
		"sources[0].quotation": {"Der Kooperationsplan wurde am 5. November in Moskau unterzeichnet."},
		"sources[0].supports":  {"signed", "place"},
		"actor":                {"Anna"}, "comment": {"from BelTA"}, "do": {"save"}, "key": {"one-time"},
	}
}

func (s *site) record(form url.Values) string {
	s.t.Helper()
	return s.post("/agreements/new", form).want(s.t, http.StatusSeeOther).Header.Get("Location")
}

// seedTimeline is the seed's timeline, the public contract of the CSV to the byte.
const seedTimeline = "date,date_earliest,date_latest,event,agreement,title,kind,parties,party,institution,person,office,place,meeting,note,source,url\r\n" +
	"2025-11-05,2025-11-05,2025-11-05,signature,1,Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027,plan,BY;RU,BY,Staatssekretariat des Sicherheitsrates,Alexander Wolfowitsch,Staatssekretär,Moskau,,,\"BelTA, 2025-11-05\",https://deu.belta.by/politics/view/1\r\n" +
	"2025-11-05,2025-11-05,2025-11-05,signature,1,Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027,plan,BY;RU,RU,Sicherheitsrat,Sergej Schoigu,Sekretär,Moskau,,,\"BelTA, 2025-11-05\",https://deu.belta.by/politics/view/1\r\n" +
	"2025-11-05,2025-11-05,2025-11-05,meeting,1,Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027,plan,BY;RU,,,,,Moskau,Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten,in-the-margins-of,\"BelTA, 2025-11-05\",https://deu.belta.by/politics/view/1\r\n" +
	"2026,2026-01-01,2026-01-01,validity-begins,1,Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027,plan,BY;RU,,,,,,,term,\"BelTA, 2025-11-05\",https://deu.belta.by/politics/view/1\r\n" +
	"2027,2027-12-31,2027-12-31,validity-ends,1,Kooperationsplan der Sicherheitsräte von Belarus und Russland für die Jahre 2026–2027,plan,BY;RU,,,,,,,term,\"BelTA, 2025-11-05\",https://deu.belta.by/politics/view/1\r\n"

// What the article says is in the record, and in all that is given out of it: who
// signed for which body in which office, where, at which meeting in whose margins,
// for which years, and where and when that was published.
func TestTheSeedKeepsWhatTheArticleSays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		session := url.Values{"title": {"Jährliche Sitzung der Sekretäre der Sicherheitsräte der GUS-Staaten"}, "kind": {"session"},
			"held": {"2025-11-05"}, "place": {"Moskau"}, "series": {"Sekretäre der Sicherheitsräte der GUS"}, "actor": {"Anna"}}
		s.post("/meetings/new", session).want(t, http.StatusSeeOther)
		bilateral := url.Values{"title": {"Treffen Wolfowitsch – Schoigu"}, "kind": {"meeting"}, "held": {"2025-11-05"},
			"place": {"Moskau"}, "related": {"1"}, "relation": {"in-the-margins-of"}, "actor": {"Anna"}}
		s.post("/meetings/new", bilateral).want(t, http.StatusSeeOther)
		s.get("/meetings/2", "Accept-Language", "de").want(t, 200, "am Rande von", "Jährliche Sitzung")
		form := seedForm()
		for name := range form {
			if strings.HasPrefix(name, "meetings[0].") {
				form.Del(name)
			}
		}
		form.Set("meetings[0].meeting", "2")
		form.Set("meetings[0].relation", "signed-at")
		form.Set("sources[0].published_time", "14:24")
		form["sources[0].supports"] = append(form["sources[0].supports"], "participations[0]", "validity_periods[0]")
		if at := s.record(form); at != "/agreements/1#recorded-now" {
			t.Fatalf("recorded at %s", at)
		}
		everywhere := []string{"Wolfowitsch", "Schoigu", "Staatssekretär", "Sekretär", "Staatssekretariat des Sicherheitsrates",
			"Moskau", "Treffen Wolfowitsch – Schoigu", "Jährliche Sitzung", "BelTA", "14:24", "Der Kooperationsplan wurde am 5. November",
			"2026", "2027", "interagency"}
		tables := ""
		for _, table := range []string{"records", "participations", "signatories", "periods", "meetings", "sources"} {
			tables += s.get("/agreements/1.csv?table="+table).want(t, 200).body
		}
		for name, text := range map[string]string{"the tables": tables, "JSON-LD": s.get("/agreements/1.jsonld").want(t, 200).body,
			"Turtle": s.get("/agreements/1.ttl").want(t, 200).body,
			"JSON":   s.get("/agreements/1.json").want(t, 200).body + s.get("/meetings/2.json").want(t, 200).body + s.get("/meetings/1.json").body} {
			for _, word := range everywhere {
				if !strings.Contains(text, word) {
					t.Errorf("%s do not say %q:\n%s", name, word, text)
				}
			}
		}
		s.get("/agreements/1.json").want(t, 200, `"supports":"signed place participations[0] validity_periods[0]"`)
		s.get("/agreements/1/edit").want(t, 200, "14:24", `value="participations[0]" checked`)
	})
}

func TestTheSeedGoesThroughTheHouse(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		if at := s.record(seedForm()); at != "/agreements/1#recorded-now" {
			t.Fatalf("recorded at %s", at)
		}
		s.get("/agreements/1", "Accept-Language", "en").want(t, 200, "In force until 31 December 2027",
			"Staatssekretariat des Sicherheitsrates", "Alexander Wolfowitsch", "5 November 2025", "Der Kooperationsplan wurde",
			`id="timeline-title"`)
		s.get("/agreements/1?on=2025-12-01", "Accept-Language", "en").want(t, 200, "Signed, not in force")
		s.get("/agreements/1?on=2028-06-01", "Accept-Language", "ru").want(t, 200, "Истекло", "План сотрудничества")
		s.get("/pairs/BY-RU", "Accept-Language", "de").want(t, 200, "Kooperationsplan der Sicherheitsräte",
			"<strong>1</strong> in Kraft", `href="/pairs/BY-RU?scope=all"`, "Stand 23. November 2026: 1")
		for address, shown := range map[string]bool{"/pairs/BY-RU": true, "/pairs/BY-RU?scope=bilateral": true, "/pairs/BY-RU?scope=all": true,
			"/pairs/BY-RU?scope=multilateral": false} {
			if a := s.get(address).want(t, 200); strings.Contains(a.body, "Kooperationsplan der") != shown {
				t.Errorf("%s shows it: %v", address, !shown)
			}
		}
		if at := s.get("/pairs/BY-RU").Header.Get("Content-Location"); at != "/pairs/BY-RU?scope=bilateral" {
			t.Errorf("the pair says that it shows %q", at)
		}
		s.get("/meetings/1").want(t, 200, "Sitzung der Sekretäre", "Kooperationsplan der Sicherheitsräte")
		s.get("/people/1").want(t, 200, "Alexander Wolfowitsch", "Kooperationsplan der Sicherheitsräte")
		s.get("/timeline").want(t, 200, "Kooperationsplan der Sicherheitsräte", "/meetings/1")
		for _, path := range []string{"/timeline.csv?pair=BY-RU", "/timeline.csv?pair=RU-BY",
			"/timeline.csv?party=BY&on=2026-11-23", "/agreements/1.csv", "/timeline.csv"} {
			got := s.get(path).want(t, 200)
			want := seedTimeline
			if strings.Contains(path, "party=BY") { // Russia's own signature is not an event of Belarus
				lines := strings.SplitAfter(seedTimeline, "\r\n")
				want = strings.Join(append(lines[:2:2], lines[3:]...), "")
			}
			if got.body != want {
				t.Errorf("%s:\n%s\nwant\n%s", path, got.body, want)
			}
			if ct := got.Header.Get("Content-Type"); ct != "text/csv; charset=utf-8; header=present" {
				t.Errorf("%s: %s", path, ct)
			}
		}
	})
}

func TestAddressesOfAPairLeadToTheCanonicalOne(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for from, to := range map[string]string{
			"/pairs/RU-BY": "/pairs/BY-RU", "/pairs/blr-rus": "/pairs/BY-RU",
			"/pairs/RUS-BLR.json?limit=5":                                       "/pairs/BY-RU.json?limit=5",
			"/pairs?a=Wei%C3%9Frussland&b=%D0%A0%D0%BE%D1%81%D1%81%D0%B8%D1%8F": "/pairs/BY-RU",
			"/pairs?a=Belarus+(BY)&b=usa":                                       "/pairs/BY-US",
			"/parties/BLR":                                                      "/parties/BY", "/parties/deu": "/parties/DE",
		} {
			if got := s.get(from).Header.Get("Location"); got != to {
				t.Errorf("%s leads to %q, want %s", from, got, to)
			}
		}
		s.get("/pairs/XX-YY").want(t, 404)
		s.get("/pairs/BY-BY").want(t, 404)
		s.get("/pairs?a=Atlantis&b=BY").want(t, 400, "Atlantis", `id="a-problem"`)
		s.get("/pairs?a=BY&b=Belarus").want(t, 400, "Choose two different parties")
	})
}

func TestAMistakeKeepsEverythingTyped(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		form := seedForm()
		form.Set("signed", "32 May")
		form.Set("participations[1].party", "Atlantis")
		form.Set("validity_periods[0].valid_until", "2025-02-30")
		form.Set("sources[0].url", "javascript:alert(1)")
		a := s.post("/agreements/new", form, "Accept-Language", "en").want(t, http.StatusUnprocessableEntity,
			`href="#signed"`, `href="#participations-1-party"`, `href="#validity_periods-0-valid_until"`,
			`href="#sources-0-url"`,
			`value="32 May"`, `value="Atlantis"`, `value="2025-02-30"`, `value="Weißrussland"`, `value="Alexander Wolfowitsch"`,
			"Der Kooperationsplan wurde am 5. November",
			"has a day that does not exist in that month", "Nothing you typed is lost", `value="one-time"`)
		if strings.Count(a.body, `class="problem"`) != 4 {
			t.Errorf("%d messages stand beside fields, want 4", strings.Count(a.body, `class="problem"`))
		}
		s.post("/agreements/new", url.Values{"do": {"save"}, "actor": {"Anna"}}, "Accept-Language", "de").want(t, 422,
			`href="#titles-0-text"`, "Nennen Sie mindestens zwei Parteien", "Geben Sie ein Datum an")
		form = seedForm()
		form.Del("actor")
		s.post("/agreements/new", form).want(t, 422, `href="#actor"`)
		if page, _ := s.store.Lists().Agreements(t.Context(), models.Filter{On: "2026-11-23", Limit: 5},
			"en"); page.Total != 0 {
			t.Errorf("%d agreements were written", page.Total)
		}
	})
}

func TestRowsAreAddedAndRemovedWithoutScript(t *testing.T) {
	s := open(t, "sqlite")
	form := seedForm()
	for list, field := range map[string]string{"titles": "titles-1-text", "participations": "participations-2-party",
		"signatories 1":    "participations-1-signatories-1-person",
		"validity_periods": "validity_periods-1-valid_from", "acts": "acts-0-date", "relations": "relations-0-target",
		"sources": "sources-1-publisher", "meetings": "meetings-1-title", "external_ids": "external_ids-0-value",
		"further": "further-0-name"} {
		form.Set("do", "add "+list)
		s.post("/agreements/new", form).want(t, 200, `id="`+field+`"`, `value="Alexander Wolfowitsch"`)
	}
	form.Set("do", "remove participations 0")
	a := s.post("/agreements/new", form).want(t, 200, `value="RUS"`)
	if strings.Contains(a.body, "Weißrussland\"") {
		t.Error("the removed party is still there")
	}
	for _, odd := range []string{"remove titles 99", "remove titles -1", "add nonsense", "remove signatories 7 7",
		"add signatories x"} {
		form.Set("do", odd)
		s.post("/agreements/new", form).want(t, 200, "Alexander Wolfowitsch")
	}
	form.Set("do", "check")
	s.post("/agreements/new", form, "Accept-Language", "en").want(t, 200, "nothing has been saved yet")
}

func TestAPossibleDuplicateIsShownAndMayBeOverridden(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		again := seedForm()
		again.Set("key", "another")
		s.post("/agreements/new", again, "Accept-Language", "en").want(t, http.StatusConflict,
			"This may be recorded already", "/agreements/1", `value="record"`)
		again.Set("do", "record")
		if at := s.record(again); at != "/agreements/2#recorded-now" {
			t.Errorf("overridden at %s", at)
		}
		s.get("/pairs/BY-RU.json").want(t, 200, `"total":2`)
	})
}

// A form sent twice, or a hundred times at once, records once; its key with another
// body is refused (R7).
func TestASubmissionIsRecordedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var wait sync.WaitGroup
		places := make([]string, 100)
		for i := range places {
			wait.Add(1)
			go func() {
				defer wait.Done()
				places[i] = s.post("/agreements/new", seedForm()).Header.Get("Location")
			}()
		}
		wait.Wait()
		for i, at := range places {
			if at != "/agreements/1#recorded-now" {
				t.Fatalf("submission %d led to %q", i, at)
			}
		}
		s.get("/agreements.json").want(t, 200, `"total":1`)
		other := seedForm()
		other.Set("place", "Minsk")
		s.post("/agreements/new", other).want(t, http.StatusUnprocessableEntity,
			"This form was sent before with other content")
		body := `{"titles":[{"text":"A","language":"en"}],"signed":"2001","participations":[{"party":"FR"},{"party":"DE"}]}`
		first := s.json("POST", "/agreements", body, "Idempotency-Key", "k").want(t, 201).Header.Get("Location")
		if second := s.json("POST", "/agreements", body, "Idempotency-Key", "k").want(t,
			201).Header.Get("Location"); first != second {
			t.Errorf("%s, then %s", first, second)
		}
	})
}

func TestTwoWhoEditAtOnceSeeEachOther(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.get("/agreements/1/edit").want(t, 200, `name="version" value="1"`, `value="Belarus (BY)"`,
			`value="Alexander Wolfowitsch"`)
		mine, theirs := seedForm(), seedForm()
		mine.Set("version", "1")
		theirs.Set("version", "1")
		theirs.Set("place", "Minsk")
		theirs.Set("actor", "Boris")
		mine.Set("signed", "2025-11-06")
		theirs.Set("meetings[0].meeting", "1")
		mine.Set("meetings[0].meeting", "1")
		s.post("/agreements/1/edit", theirs).want(t, 303)
		s.post("/agreements/1/edit", mine, "Accept-Language", "en").want(t, http.StatusConflict,
			"Somebody else saved this record first", "Boris", "<code>place</code>", "Minsk", "<code>signed</code>",
			"2025-11-06", `name="version" value="2"`)
		mine.Set("version", "2")
		s.post("/agreements/1/edit", mine).want(t, 303)
		s.get("/agreements/1/history?from=1&to=3", "Accept-Language", "en").want(t, 200, "<code>signed</code>", "Boris",
			"Anna")
		s.get("/agreements/1/revisions/2.json").want(t, 200, `"place":"Minsk"`, `"actor":"Boris"`)
		s.post("/agreements/1/restore", url.Values{"number": {"2"}, "version": {"3"}, "actor": {"Clara"}}).want(t, 303)
		s.get("/agreements/1.json").want(t, 200, `"place":"Minsk"`, `"version":4`)
	})
}

func TestJSONNeedsTheVersionThatWasRead(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		read := s.get("/agreements/1.json").want(t, 200)
		tag := read.Header.Get("ETag")
		var a map[string]any
		if err := json.Unmarshal([]byte(read.body), &a); err != nil {
			t.Fatal(err)
		}
		a["place"] = "Minsk"
		a["id"], a["version"], a["recorded_at"] = 99, 7, "2001-01-01T00:00:00Z" // not a draft's: left aside
		body, _ := json.Marshal(a)
		s.json("PUT", "/agreements/1", string(body)).want(t, http.StatusPreconditionRequired)
		written := s.json("PUT", "/agreements/1", string(body), "If-Match", tag).want(t, 200, `"place":"Minsk"`,
			`"version":2`, `"id":1`).Header.Get("ETag")
		s.json("PUT", "/agreements/1", string(body), "If-Match", tag).want(t, http.StatusPreconditionFailed)
		s.json("DELETE", "/agreements/1?reason=test", "", "If-Match", `"v1"`).want(t, http.StatusPreconditionFailed)
		s.json("DELETE", "/agreements/1", "", "If-Match", `"v2"`).want(t, 422)
		// the answer was compressed, and its tag says so
		s.json("DELETE", "/agreements/1?reason=test", "", "If-Match", written).want(t, http.StatusNoContent)
		s.json("GET", "/agreements/1", "").want(t, http.StatusGone)
	})
}

func TestAWithdrawnAgreementLeavesATombstone(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.get("/agreements/1/withdraw").want(t, 200, "Withdraw agreement No. 1")
		s.post("/agreements/1/withdraw", url.Values{"version": {"1"}, "actor": {"Anna"}}).want(t, 422, `href="#reason"`)
		s.post("/agreements/1/withdraw", url.Values{"version": {"1"}, "actor": {"Anna"},
			"reason": {"recorded twice"}}).want(t, 303)
		s.get("/agreements/1").want(t, http.StatusGone, "recorded twice", "/agreements/1/history")
		s.get("/pairs/BY-RU.json").want(t, 200, `"total":0`)
		if got := s.get("/timeline.csv").body; strings.Count(got, "\r\n") != 1 {
			t.Errorf("events of a withdrawn agreement: %s", got)
		}
		s.get("/agreements/1/history").want(t, 200, "recorded twice")
		s.post("/agreements/1/restore", url.Values{"number": {"1"}, "version": {"2"}, "actor": {"Anna"}}).want(t, 303)
		s.get("/agreements/1").want(t, 200)
		second := seedForm()
		second.Set("key", "2")
		second.Set("do", "record")
		if at := s.record(second); at != "/agreements/2#recorded-now" {
			t.Errorf("a number was used again: %s", at)
		}
	})
}

// paths gives an address of every GET route, filled in from the seed.
func (s *site) paths() (paths []string) {
	for _, r := range s.router.router.Routes() {
		if r.Method == http.MethodGet && inAPI(r.Method+" "+r.Path) {
			paths = append(paths, strings.NewReplacer(":id", "1", ":number", "1", ":pair", "BY-RU", ":code",
				"BY").Replace(r.Path))
		}
	}
	return paths
}

// inAPI tells whether a route is one of the register's data, not a file or a page
// for people about their accounts.
func inAPI(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	for _, prefix := range []string{"/static/", "/setup", "/sample", "/sign-", "/links/"} {
		if strings.HasPrefix(path, prefix) {
			return false
		}
	}
	return permissions[route] != own && permissions[route] != administer
}

// Every route answers in HTML, JSON and CSV, or says that it cannot, and its
// answers are as the OpenAPI file says.
func TestEveryRouteIsAsDescribed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		loader := openapi3.NewLoader()
		doc, err := loader.LoadFromData(openAPI)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(t.Context()); err != nil {
			t.Fatalf("the OpenAPI file: %v", err)
		}
		described := map[string]bool{}
		for path, item := range doc.Paths.Map() {
			for method := range item.Operations() {
				described[method+" "+path] = true
			}
		}
		parameter := regexp.MustCompile(`:(\w+)`)
		for _, r := range s.router.router.Routes() {
			if r.Method == "HEAD" || !inAPI(r.Method+" "+r.Path) {
				continue
			}
			key := r.Method + " " + parameter.ReplaceAllString(r.Path, "{$1}")
			if !described[key] {
				t.Errorf("%s is not described", key)
			}
			delete(described, key)
		}
		for key := range described {
			t.Errorf("%s is described and not there", key)
		}
		// What is not described is not sent.
		none := false
		for _, schema := range doc.Components.Schemas {
			if schema.Value.Properties != nil {
				schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &none}
			}
		}
		doc.Servers = openapi3.Servers{{URL: s.URL}}
		finder, err := gorillamux.NewRouter(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range s.paths() {
			for _, accept := range []string{"text/html", "application/json", "text/csv"} {
				a := s.get(path, "Accept", accept)
				if a.StatusCode != 200 && a.StatusCode != 404 {
					t.Errorf("%s as %s: %d", path, accept, a.StatusCode)
				}
				request, _ := http.NewRequest("GET", s.URL+path, nil)
				route, params, err := finder.FindRoute(request)
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				if !strings.Contains(a.Header.Get("Content-Type"), "json") {
					continue
				}
				input := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{
					Request: request, PathParams: params, Route: route}, Status: a.StatusCode, Header: a.Header}
				input.SetBodyBytes([]byte(a.body))
				if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
					t.Errorf("%s: %.400v", path, err)
				}
			}
		}
	})
}

// Every answer, errors and files included, carries the headers that keep a browser
// safe (S6, S7).
func TestEveryAnswerIsGuarded(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	for _, path := range append(s.paths(), "/static/theme.css", "/nowhere", "/agreements?foo=1", "/timeline.csv") {
		a := s.get(path)
		for name, want := range map[string]string{"Content-Security-Policy": contentPolicy,
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		kind := a.Header.Get("Content-Type")
		if a.body != "" && (kind == "" || strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8")) {
			t.Errorf("%s is sent as %q", path, kind)
		}
		if origin := a.Header.Get("Access-Control-Allow-Origin"); origin != "" {
			t.Errorf("%s is opened to %s", path, origin)
		}
		if strings.Contains(kind, "html") {
			for _, bad := range []string{"<script>", " style=\"", " onclick", "javascript:", "<style", "hx-on"} {
				if strings.Contains(a.body, bad) {
					t.Errorf("%s holds %s", path, bad)
				}
			}
			if i := strings.Index(a.body, "http"); strings.Contains(a.body, "src=\"http") {
				t.Errorf("%s loads from elsewhere: %s", path, a.body[i:i+60])
			}
		}
	}
}

// A change that another site's page asks for is refused and writes nothing (S5).
func TestOtherSitesCannotPost(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	parameter := regexp.MustCompile(`:\w+`)
	for _, r := range s.router.router.Routes() {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			continue
		}
		path := parameter.ReplaceAllString(r.Path, "1")
		for name, headers := range map[string][]string{
			"foreign site": {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"sibling":      {"Sec-Fetch-Site", "same-site", "Origin", "http://sub." + s.Listener.Addr().String()},
			"old browser":  {"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
			"null origin":  {"Sec-Fetch-Site", "", "Origin", "null"},
		} {
			a := s.send(r.Method, path, seedForm().Encode(), headers...)
			if a.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s from a %s: %d", r.Method, path, name, a.StatusCode)
			}
		}
		if r.Method == http.MethodPost {
			if a := s.send(r.Method, path, seedForm().Encode(), "Sec-Fetch-Site", "", "Origin",
				""); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s without any header: %d", path, a.StatusCode)
			}
		}
	}
	s.get("/agreements.json").want(t, 200, `"total":1`)
}

// A foreign host name never gets into what we print (S15).
func TestOnlyOurHostsAreServed(t *testing.T) {
	s := open(t, "sqlite")
	for host, want := range map[string]int{"evil.example": 421, "localhost:8080": 200, "127.0.0.1": 200,
		"[::1]:8080": 200, "localhost.evil.example": 421} {
		request, _ := http.NewRequest("GET", s.URL+"/", nil)
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", host, response.StatusCode, want)
		}
	}
	for _, path := range []string{"/pairs?a=//evil.example&b=BY", "/pairs/..%2f..%2fevil-BY"} {
		if at := s.get(path).Header.Get("Location"); strings.Contains(at, "evil") {
			t.Errorf("%s leads to %s", path, at)
		}
	}
}

// hostile texts come out harmless and unchanged wherever they can be shown (S2, S3,
// trap 11).
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `<svg/onload=alert(1)>`,
	`</title><script>alert(1)</script>`,
	`{{constructor.constructor('alert(1)')()}}`, `javascript:alert(1)`, `<a href="javascript:alert(1)">x</a>`,
	`&lt;script&gt;`, `]]><x>`,
	`=HYPERLINK("http://evil.example")`, `+1+1`, `-2+3`, `@SUM(A1)`, `=cmd|' /C calc'!A0`, "tab\tinside",
	`quote " and , comma`, "line\nbreak",
	"\u202Eright to left\u202C", "\u05D0\u05D1 עברית and العربية", `%00%0d%0aSet-Cookie: a=b`, `../../etc/passwd`,
	`' OR 1=1 --`, `"; DROP TABLE agreements; --`,
	`<iframe srcdoc="<script>alert(1)</script>">`, `<math><mi//xlink:href="data:x,<script>alert(1)</script>">`,
	`<body onload=alert(1)>`, `<input autofocus onfocus=alert(1)>`,
	`${7*7}`, `<!--#exec cmd="ls"-->`, `＝1+1`, strings.Repeat("Ä", 900),
}

// hostileAgreement is an agreement with a text in every field that takes one.
func hostileAgreement(i int, text string) string {
	body, err := json.Marshal(map[string]any{
		"titles": []any{map[string]any{"text": text, "language": "en"}}, "signed": "2001-02-03", "place": text,
		"summary": text, "entry_condition": text, "depositary": text,
		"participations": []any{
			map[string]any{"party": "FR", "institution": text, "signatories": []any{
				map[string]any{"person": text, "office": text}}},
			map[string]any{"party": "DE"}},
		"acts": []any{map[string]any{"type": "declaration", "party": "FR", "date": "2002", "note": text}},
		"meetings": []any{map[string]any{"title": text, "held": "2001", "place": text,
			"participants": strings.ReplaceAll(text, ";", ",")}},
		"subjects": []any{text}, "external_ids": []any{map[string]any{"scheme": "x", "value": fmt.Sprint(i, text)}},
		"sources": []any{map[string]any{"publisher": text, "title": text, "quotation": text}}, "actor": text,
		"comment": text})
	if err != nil {
		panic(err) // texts
	}
	return string(body)
}

func TestHostileTextsComeOutHarmless(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for i, text := range hostile {
			at := s.json("POST", "/agreements", hostileAgreement(i, text)).want(t, 201).Header.Get("Location")
			trimmed := strings.TrimSpace(text)
			for _, path := range []string{at, at + "/history", at + "/edit", at + ".svg",
				"/timeline?agreement=" + at[len("/agreements/"):], fmt.Sprintf("/meetings/%d", i+1), "/meetings", "/people",
				"/agreements?text=" + url.QueryEscape(text), "/agreements/suggest?q=" + url.QueryEscape(text),
				"/meetings/suggest?q=" + url.QueryEscape(text)} {
				page := s.get(path)
				if page.StatusCode >= 500 {
					t.Errorf("%q on %s: %d", text, path, page.StatusCode)
				}
				for _, bad := range []string{"<script>alert", "<img src=x", "<svg/onload", "<iframe", "<body onload",
					"<input autofocus", "onmouseover='", "href=\"javascript:"} {
					if strings.Contains(page.body, bad) {
						t.Errorf("%q stands as markup on %s", text, path)
					}
				}
			}
			var read struct{ Title string }
			if err := json.Unmarshal([]byte(s.get(at+".json").body), &read); err != nil || read.Title != trimmed {
				t.Errorf("JSON says %q (%v), want %q", read.Title, err, trimmed)
			}
			s.checkCells(t, at, trimmed)
		}
	})
}

// checkCells reads the timeline as a spreadsheet does: no cell begins a formula,
// and the exact flavour is exact.
func (s *site) checkCells(t *testing.T, at, title string) {
	t.Helper()
	for _, exact := range []bool{false, true} {
		path := "/timeline.csv?agreement=" + strings.TrimPrefix(at, "/agreements/")
		if exact {
			path += "&exact=1"
		}
		rows, err := csv.NewReader(strings.NewReader(s.get(path).body)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%s: %d rows, %v", at, len(rows), err)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if !exact && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%s: the cell %q runs as a formula", at, cell)
				}
			}
			if exact && row[5] != title {
				t.Errorf("%s: exactly %q, want %q", at, row[5], title)
			}
		}
	}
}

// FuzzForm sends forms with arbitrary rows and values: they are taken or refused,
// never a failure.
func FuzzForm(f *testing.F) {
	f.Add("titles[0].text=A&participations[0].party=FR&do=add titles")
	f.Add("titles[999999].text=A&do=remove participations 0")
	f.Add("validity_periods[0].valid_from=2026/2027&participations[0].signatories[0].person=x&do=check")
	s := open(f, "sqlite")
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/agreements/new", "/meetings/new", "/parties/new"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Host = "localhost"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			w := httptest.NewRecorder()
			s.Config.Handler.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}

// Any query gives an answer or a clear refusal, never a failure (S1).
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"kind=plan", "on=2026-06-01", "status=in-force&limit=3", "after=x", "pair=BY-RU';--",
		"text=%25_", "from=9999&until=0001", "limit=-1", "sort=id;drop"} {
		f.Add(q)
	}
	s := open(f, "sqlite")
	s.record(seedForm())
	f.Fuzz(func(t *testing.T, q string) {
		if _, err := url.ParseQuery(q); err != nil {
			return
		}
		for _, path := range []string{"/agreements", "/pairs/BY-RU", "/timeline", "/parties", "/meetings", "/people",
			"/dates", "/agreements/1/history", "/search", "/calendar", "/feed", "/years", "/map", "/network", "/pairs/matrix",
			"/"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.URL.Path, r.URL.RawQuery, r.Host = path, q, "localhost"
			w := httptest.NewRecorder()
			s.Config.Handler.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s?%s: %d %s", path, q, w.Code, w.Body)
			}
		}
	})
}

func TestQueriesAreRefusedByName(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("/agreements?foo=1").want(t, 400, "foo")
		a := s.get("/agreements.json?foo=1&on=nonsense&status=great").want(t, 400, `"pointer":"/foo"`, `"pointer":"/on"`,
			`"pointer":"/status"`)
		if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("problem as %s", ct)
		}
		s.get("/timeline.json?pair=XX-YY").want(t, 400, "XX")
		s.get("/nowhere.json").want(t, 404, `"status":404`)
		s.json("PATCH", "/agreements", "{}").want(t, 405)
		s.json("POST", "/agreements", "{").want(t, 422, `"pointer":"/body"`)
		s.json("POST", "/agreements", `{"titles":[]}`).want(t, 422, `"/titles/0/text"`)
		s.json("POST", "/agreements", `{"titles":[{"text":"x"}],"singed":"2001"}`).want(t, 422, `"/singed"`)
		s.json("POST", "/agreements", `{"titles":[{"text":"Of whom nothing is known"}]}`).want(t, 201, `"incomplete":true`)
		s.json("POST", "/agreements", `{"summary":"`+strings.Repeat("x", maxBody)+`"}`).want(t,
			http.StatusRequestEntityTooLarge)
	})
}

func TestPagesFollowEachOtherWithoutGapsOrDoubles(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for i := range 120 {
			body := fmt.Sprintf(
				`{"titles":[{"text":"Agreement %d","language":"en"}],"signed":"%d","participations":[{"party":"FR"},{"party":"DE"}]}`, i, 1990+i%7)
			s.json("POST", "/agreements", body).want(t, 201)
		}
		seen := map[float64]bool{}
		next := "/pairs/DE-FR.json?limit=17"
		last := "9999"
		for next != "" {
			var page struct {
				Total float64
				Items []map[string]any
				Next  string
			}
			if err := json.Unmarshal([]byte(s.get(next).want(t, 200).body), &page); err != nil {
				t.Fatal(err)
			}
			if page.Total != 120 {
				t.Fatalf("total %v", page.Total)
			}
			for _, item := range page.Items {
				id := item["id"].(float64)
				if seen[id] {
					t.Errorf("agreement %v stands on two pages", id)
				}
				seen[id] = true
				if day := item["dated_earliest"].(string); day > last {
					t.Errorf("%s stands after %s", day, last)
				} else {
					last = day
				}
			}
			next = page.Next
		}
		if len(seen) != 120 {
			t.Errorf("%d agreements on all pages", len(seen))
		}
		s.get("/pairs/DE-FR?from=1991&until=1991").want(t, 200, "Agreement 1<")
		s.get("/agreements.csv?text=agreement+11").want(t, 200, "Agreement 11,")
	})
}

func TestUnchangedAnswersAreNotSentAgain(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		for _, path := range []string{"/agreements", "/pairs/BY-RU", "/agreements/1", "/agreements/1.json",
			"/timeline.json"} {
			tag := s.get(path).want(t, 200).Header.Get("ETag")
			if tag == "" {
				t.Errorf("%s has no ETag", path)
			}
			if a := s.get(path, "If-None-Match", tag); a.StatusCode != 304 {
				t.Errorf("%s with %s: %d, now %s", path, tag, a.StatusCode, a.Header.Get("ETag"))
			}
			s.get(path, "If-None-Match", tag, "Accept-Language", "ru").want(t, 200)
		}
		tag := s.get("/agreements").Header.Get("ETag")
		second := seedForm()
		second.Set("key", "2")
		second.Set("do", "record")
		s.record(second)
		s.get("/agreements", "If-None-Match", tag).want(t, 200)
	})
}

func TestTheLanguageIsChosen(t *testing.T) {
	s := open(t, "sqlite")
	s.get("/", "Accept-Language", "ru-BY,ru;q=0.9").want(t, 200, `lang="ru"`, "Внести соглашение")
	s.get("/", "Accept-Language", "fr").want(t, 200, `lang="en"`)
	a := s.get("/?lang=de", "Accept-Language", "ru").want(t, 200, "Abkommen erfassen")
	if cookies := a.Cookies(); len(cookies) != 1 || cookies[0].Value != "de" || !cookies[0].HttpOnly ||
		cookies[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("cookies %v", cookies)
	}
	s.get("/", "Cookie", "lang=de").want(t, 200, "Abkommen erfassen")
}

func TestPartiesMeetingsAndPeopleHaveForms(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.record(seedForm())
		s.post("/parties/new", url.Values{"code": {"testorg"}, "kind": {"organisation"},
			"names[0].text": {"Test Organisation"}, "names[0].language": {"en"}, "members": {"Belarus, RU"},
			"actor": {"Anna"}}).want(t, 303)
		s.get("/parties/TESTORG", "Accept-Language", "en").want(t, 200, "Test Organisation", "Belarus", "Russia")
		s.post("/parties/new", url.Values{"code": {"BY"}, "kind": {"x"}, "actor": {"Anna"}}).want(t, 422, `href="#code"`,
			`href="#kind"`, `href="#names-0-text"`)
		s.get("/parties/BY/edit").want(t, 200, "Рэспубліка Беларусь")
		s.post("/meetings/new", url.Values{"title": {"Gipfel"}, "held": {"2026-12-01/2026-12-02"}, "place": {"Minsk"},
			"host": {"Belarus"}, "participants": {"Russland\nBelarus; Präsidialamt; Jemand Anders"}, "actor": {"Anna"}}).want(t,
			303)
		s.get("/meetings/2", "Accept-Language", "de").want(t, 200, "Gipfel", "1. Dezember 2026 – 2. Dezember 2026",
			"Jemand Anders", "Präsidialamt")
		s.get("/timeline", "Accept-Language", "de").want(t, 200, "Gipfel")
		s.get("/timeline.json?pair=BY-RU&event=meeting").want(t, 200, `"total":2`)
		s.post("/meetings/2/edit", url.Values{"version": {"1"}, "title": {"Gipfeltreffen"}, "kind": {"summit"},
			"held": {"2026-12"}, "actor": {"Anna"}}).want(t, 303)
		s.post("/meetings/2/edit", url.Values{"version": {"1"}, "title": {"X"}, "kind": {"summit"},
			"actor": {"Anna"}}).want(t, 409)
		s.post("/meetings/1/edit", url.Values{"version": {"1"}, "title": {"Jahressitzung"}, "kind": {"session"},
			"held": {"2025-11-06"}, "actor": {"Anna"}}).want(t, 303)
		s.get("/timeline.csv").want(t, 200, "2025-11-06,2025-11-06,2025-11-06,meeting,1,", "Jahressitzung")
		s.post("/people/1/edit", url.Values{"version": {"1"}, "names[0].text": {"Alexander Wolfowitsch"},
			"names[0].language": {"de"}, "names[1].text": {"Вольфович"}, "names[2].text": {"Alexander Volfovich"},
			"actor": {"Anna"}}).want(t, 303)
		s.get("/people?text=volfovich").want(t, 200, "Alexander Wolfowitsch")
		s.get("/people?text=вольф").want(t, 200, "Alexander Wolfowitsch")
	})
}

func TestSuggestionsFindAnyName(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for typed, want := range map[string]string{"weißr": "Belarus (BY)", "weissruss": "Belarus (BY)",
			"Белар": "Belarus (BY)", "BLR": "Belarus (BY)", "gus": "Commonwealth of Independent States (CIS)",
			"ОДКБ": "Collective Security Treaty Organization (CSTO)", "udssr": "Soviet Union (SUHH)", "白俄": "Belarus (BY)",
			"Vereinigtes K": "United Kingdom (GB)", "Великобр": "United Kingdom (GB)", "burma": "Myanmar (MM)",
			"Türkei": "Türkiye (TR)"} {
			a := s.get("/parties/suggest?q="+url.QueryEscape(typed), "Accept-Language", "en").want(t, 200)
			first, _, _ := strings.Cut(a.body, "</li>")
			if !strings.Contains(first, `data-autocomplete-value="`+want+`"`) {
				t.Errorf("%s suggests %s, want %s", typed, first, want)
			}
		}
		if a := s.get("/parties/suggest?q=%25"); strings.Contains(a.body, "<li") {
			t.Error("a wildcard finds everything")
		}
	})
}

func TestCompressedAnswersAndFiles(t *testing.T) {
	s := open(t, "sqlite")
	request, _ := http.NewRequest("GET", s.URL+"/parties", nil)
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.Header.Get("Content-Encoding") != "gzip" {
		t.Error("a large page is not compressed")
	}
	css := regexp.MustCompile(`/static/theme\.css\?v=\w+`).FindString(s.get("/").body)
	if a := s.get(css); !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s is not kept: %v", css, a.Header)
	}
	s.get("/static/").want(t, 404)
	s.get("/static/vendor/").want(t, 404)
}

// The vendored files are those whose hashes are recorded (S18).
func TestVendoredFilesAreTheOnesRecorded(t *testing.T) {
	sums, err := os.ReadFile("../frontend/static/vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(sums)) {
		want, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			continue
		}
		n++
		content, err := fs.ReadFile(frontend.Static(), "vendor/"+name)
		if err != nil || !bytes.Equal([]byte(hexSum(content)), []byte(want)) {
			t.Errorf("%s is not the recorded file (%v)", name, err)
		}
	}
	if n < 250 {
		t.Errorf("only %d files are recorded", n)
	}
}

func TestUnreachableDatabaseIsSaidWithoutSecrets(t *testing.T) {
	s := open(t, "sqlite")
	s.record(seedForm())
	s.store.Close()
	s.get("/healthz").want(t, 200)
	s.get("/readyz").want(t, 503)
	a := s.get("/agreements")
	if a.StatusCode < 500 || strings.Contains(a.body, "sql:") || strings.Contains(a.body, "register.db") {
		t.Errorf("%d: %s", a.StatusCode, a.body)
	}
}

func hexSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
