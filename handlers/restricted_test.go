package handlers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"chancery/models"
)

// secretWord is a word that stands in every field of a restricted record and nowhere else.
const secretWord = "zzyzxquark"

// markedForm is a restricted record with the secretWord word wherever a text can stand, of a party that
// no other record has.
func markedForm() url.Values {
	form := seedForm()
	for name, values := range form {
		for i := range values {
			switch {
			case strings.Contains(name, "text"), strings.Contains(name, "place"), strings.Contains(name, "person"), strings.Contains(name, "office"),
				strings.Contains(name, "institution"), strings.HasSuffix(name, "publisher"), strings.HasSuffix(name, "quotation"), name == "comment",
				strings.HasPrefix(name, "meetings") && strings.HasSuffix(name, "title"):
				values[i] = secretWord + " " + name[:4] + strings.Trim(regexp.MustCompile(`\D+`).ReplaceAllString(name, ""), "0")
			}
		}
	}
	for name, value := range map[string]string{"participations[0].party": "AM", "signed": "2001-07-07", "summary": secretWord + " summary", "subjects": secretWord + " subject",
		"external_ids[0].scheme": secretWord, "external_ids[0].value": secretWord + "-1", "sources[0].title": secretWord + " source",
		"sources[0].url": "https://example.org/" + secretWord, "titles[1].text": secretWord + " второй", "titles[1].language": "ru",
		"meetings[0].series": secretWord + " series", "meetings[0].participants": "AM; " + secretWord + " ministry; " + secretWord + " attendant\n" + secretWord + " alone",
		"acts[0].type": "ratification", "acts[0].party": "AM", "acts[0].date": "2002", "acts[0].note": secretWord + " act",
		"entry_condition": secretWord + " condition", "relations[0].type": "supplements", "relations[0].target": "1",
		"restricted": "true", "key": "marked", "do": "save", "actor": secretWord + " actor"} {
		form.Set(name, value)
	}
	return form
}

// everyAddress are the addresses of the register's data, of records that are there, that are hidden
// and that there never was, in every form, with every parameter.
func (s *site) everyAddress() (list []string) {
	samples := map[string][]string{"q": {"Plan", secretWord, "zzyzxquarc", "zzy", "2"}, "text": {"Plan", secretWord}, "recorded": {"2026-11-23T12:30:00Z", "2026-12-31"},
		"on": {"1980-01-01"}, "person": {"1", "3"}, "meeting": {"1", "2"}, "agreement": {"1", "2"}, "subject": {secretWord + " subject"}, "place": {"Moskau", secretWord + " plac"},
		"series": {secretWord + " series"}, "party": {"BY", "AM"}, "pair": {"BY-RU", "AM-RU"}, "from": {"1970", "1"}, "until": {"1990", "9"}, "to": {"2"}, "a": {"BY", "AM"}, "b": {"RU"},
		"status": {"in-force"}, "kind": {"plan"}, "role": {"party"}, "level": {"interagency"}, "scope": {"bilateral"}, "ending": {"100"}, "language": {"de", "ru"},
		"sourced": {"yes"}, "precision": {"day"}, "work": {"source", "unread"}, "event": {"meeting", "signature"}, "limit": {"1"}, "counts": {"1"}, "table": {"records", "meetings", "signatories"},
		"predecessors": {"1"}, "code": {"AM"}, "months": {"600"}, "group": {"active"}, "parties": {"AM RU"}, "measure": {"agreements"}, "before": {"2030-01-01"}, "lang": {"ru"}}
	for _, r := range s.router.table() {
		if r.method != http.MethodGet || r.permission != read && r.permission != always || !inAPI(r.method+" "+r.path) {
			continue
		}
		for _, filled := range []*strings.Replacer{strings.NewReplacer(":id", "1", ":number", "1", ":document", "1", ":pair", "BY-RU", ":code", "BY"),
			strings.NewReplacer(":id", "2", ":number", "1", ":document", "1", ":pair", "AM-RU", ":code", "AM"),
			strings.NewReplacer(":id", "3", ":number", "2", ":document", "2", ":pair", "AM-BY", ":code", "GUS"),
			strings.NewReplacer(":id", "4", ":number", "3", ":pair", "AM-BY", ":code", "GUS")} {
			path := filled.Replace(r.path)
			queries := []string{""}
			for _, parameter := range r.operation.query {
				name, _, _ := strings.Cut(parameter, ":")
				name, _, _ = strings.Cut(name, " ")
				for _, value := range samples[name] {
					queries = append(queries, "?"+name+"="+url.QueryEscape(value))
				}
			}
			for _, q := range queries {
				list = append(list, path+q)
				if path == "/" {
					continue
				}
				for _, ending := range append([]string{"json"}, r.operation.media...) {
					if q == "" || slices.Contains([]string{"json", "csv", "ics", "atom"}, ending) { // the others are made of the same
						list = append(list, path+"."+ending+q)
					}
				}
			}
		}
	}
	list = slices.DeleteFunc(list, func(a string) bool { return strings.Contains(a, "application/") || strings.Contains(a, "image/") })
	slices.Sort(list)
	return slices.Compact(list)
}

// attach sends a document.
func (v *visitor) attach(path, name, content string) answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		v.s.t.Fatal(err)
	}
	io.WriteString(part, content)
	form.Close()
	return v.s.sendBy(v.client, "POST", path, body.String(), "Content-Type", form.FormDataContentType())
}

// plainBody is what an answer says, archives unpacked.
func (a answer) plainBody(t *testing.T) string {
	if !strings.HasPrefix(a.body, "PK") {
		return a.body
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(&all, r)
	}
	return all.String()
}

// walk asks for every address as a stranger, and gives what each said.
func (s *site) walk(t *testing.T, addresses []string) map[string]string {
	said := map[string]string{}
	stranger := s.visitor()
	for _, address := range addresses {
		a := stranger.send("GET", address, nil)
		body := a.plainBody(t)
		if strings.Contains(address, ".sqlite") {
			if strings.Contains(body, secretWord) {
				t.Errorf("%s shows it", address)
			}
			body = ""
		}
		said[address] = fmt.Sprintln(a.StatusCode, a.Header.Get("ETag"), a.Header.Get("Last-Modified"), a.Header.Get("Location"), body)
	}
	return said
}

// Whoever has not signed in gets the same answers, to the byte and with the same validators, of a register with a
// restricted record as of one without: under every address, in every form, with every parameter, now and as
// recorded. When the record has been cleaned and opened, nothing of what it said before shows.
func TestNothingRestrictedShows(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		var minutes atomic.Int64
		s.store.Now = func() time.Time {
			return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes.Load()) * time.Minute)
		}
		s.record(seedForm())
		s.account("Root", "administrator")
		editor := s.signedIn(s.account("Editor", "editor"))
		reader := s.signedIn(s.account("Reader", "reader"))
		addresses := s.everyAddress()
		minutes.Store(40)
		before := s.walk(t, addresses)
		editor.post("/agreements/new", markedForm()).want(t, 303)
		editor.attach("/agreements/2/documents", secretWord+".txt", secretWord+" says the document").want(t, 303)
		minutes.Store(41)
		editor.post("/meetings/2/edit", url.Values{"version": {"1"}, "title": {secretWord + " meeting"}, "kind": {"meeting"}, "held": {"2001-07-07"}, "series": {secretWord + " series"},
			"participants": {secretWord + " alone"}}).want(t, 303)
		editor.post("/people/3/edit", url.Values{"version": {"1"}, "names[0].text": {secretWord + " person"}, "names[1].text": {secretWord + " other"}}).want(t, 303)
		after := s.walk(t, addresses)
		told := 0
		for _, address := range addresses {
			if told > 20 {
				break
			}
			if after[address] != before[address] {
				at := 0
				for at < min(len(after[address]), len(before[address])) && after[address][at] == before[address][at] {
					at++
				}
				told++
				t.Errorf("%s tells of it: …%.200s\nbefore …%.200s", address, after[address][max(0, at-60):], before[address][max(0, at-60):])
			}
		}
		for path, text := range map[string]string{"/agreements": secretWord, "/agreements/2": secretWord + " says", "/search?q=" + secretWord: "/agreements/2", "/people": secretWord,
			"/timeline?party=AM": secretWord, "/feed.atom": secretWord, "/pairs/AM-RU": secretWord, "/agreements/1": secretWord, "/meetings": secretWord + " meeting", "/meetings/2.json": secretWord + " alone",
			"/agreements/2/history": secretWord, "/agreements/2/documents/1": secretWord} {
			if a := reader.get(path); path != "/agreements/2" && (a.StatusCode != 200 || !strings.Contains(a.body, text)) {
				t.Errorf("who has signed in misses %q at %s: %d", text, path, a.StatusCode)
			}
		}
		// The editor takes out what must not show, and opens it: what it said, and the document, stay closed, and the page asks.
		clean := seedForm()
		for name := range clean {
			if strings.HasPrefix(name, "meetings") {
				clean.Del(name)
			}
		}
		for name, value := range map[string]string{"version": "3", "titles[0].text": "Clean", "key": "clean", "comment": "cleaned"} {
			clean.Set(name, value)
		}
		clean.Set("restricted", "true")
		version := regexp.MustCompile(`name="version" value="(\d+)"`)
		at := func() string { return version.FindStringSubmatch(editor.get("/agreements/2/edit").body)[1] }
		clean.Set("version", at())
		editor.post("/agreements/2/edit", clean).want(t, 303)
		minutes.Store(43)
		clean.Del("restricted")
		clean.Set("version", at())
		opened := editor.post("/agreements/2/edit", clean).want(t, 303)
		if to := opened.Header.Get("Location"); to != "/agreements/2/history" {
			t.Errorf("opening leads to %s", to)
		}
		minutes.Store(44)
		stranger := s.visitor()
		stranger.get("/agreements/2").want(t, 200, "Clean")
		for address, said := range s.walk(t, addresses) {
			if strings.Contains(strings.ReplaceAll(said, address, ""), secretWord) && !strings.Contains(address, secretWord) {
				at := strings.Index(said, secretWord)
				t.Errorf("%s shows what was taken out: …%s…", address, said[max(0, at-80):min(len(said), at+80)])
			}
		}
		editor.get("/agreements/2/history").want(t, 200, "What stays closed", secretWord+".txt")
		editor.post("/agreements/2/revisions/1/open", url.Values{}).want(t, 303)
		stranger.get("/agreements/2/revisions/1").want(t, 200, secretWord)
		stranger.get("/agreements/2/revisions/2").want(t, 404)
		stranger.get("/agreements/2/documents/1").want(t, 404)
		editor.post("/agreements/2/documents/1/open", url.Values{}).want(t, 303)
		stranger.get("/agreements/2/documents/1").want(t, 200, secretWord)
		stranger.get("/search?q=says").want(t, 200, "/agreements/2")
		reader.post("/agreements/2/revisions/2/open", url.Values{}).want(t, 403)
		if checked, err := s.store.Upkeep().Verify(t.Context(), func(m models.Mismatch) {
			t.Errorf("%+v", m)
		}); err != nil || checked != 2 {
			t.Errorf("%d checked (%v)", checked, err)
		}
	})
}

// A restricted record costs as many statements as one that is not there.
func TestARestrictedRecordAnswersAsAMissingOne(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var statements []string
		s.store.Upkeep().Observe(func(_ context.Context, sent models.SentStatement) { statements = append(statements, sent.SQL) })
		s.record(seedForm())
		s.post("/agreements/new", markedForm()).want(t, 303)
		s.account("Root", "administrator")
		stranger := s.visitor()
		for _, path := range []string{"/agreements/%d", "/agreements/%d.json", "/agreements/%d.csv", "/agreements/%d.ttl", "/agreements/%d/history", "/agreements/%d/revisions/1",
			"/agreements/%d/documents/1", "/meetings/%d", "/agreements/%d?recorded=2026-12-01", "/agreements/%d.svg"} {
			asked := func(id int) []string {
				statements = nil
				stranger.get(fmt.Sprintf(path, id)).want(t, 404)
				return statements
			}
			asked(99)
			if hidden, missing := asked(2), asked(99); !slices.Equal(hidden, missing) {
				t.Errorf("%s: %q, of a missing one %q", path, hidden, missing)
			}
		}
	})
}
