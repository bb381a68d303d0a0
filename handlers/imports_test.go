package handlers

import (
	"bytes"
	"context"
	htmlpkg "html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
)

// sendFiles sends files as the form of /imports does.
func (s *site) sendFiles(path string, fields map[string]string, files map[string]string) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := form.CreateFormFile(name, name+".csv")
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.send("POST", path, body.String(), "Content-Type", form.FormDataContentType())
}

// settle does what an importer would do in the background.
func (s *site) settle() {
	s.t.Helper()
	if err := exchange.NewImporter(s.store, slog.New(slog.NewTextHandler(io.Discard,
		nil))).Settle(models.WithRestricted(context.Background())); err != nil {
		s.t.Fatal(err)
	}
}

// A researcher brings a spreadsheet in by the pages alone: guess, unknown party,
// words, check, write, undo.
func TestASpreadsheetComesInByTheForm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		table := "Titel;Vertragsparteien;Unterzeichnet;Art\nVertrag über Freundschaft;Belarus, Russland;5. November " +
			"2021;Vertrag\nAbkommen über Handel;Belarus, Atlantis;2020;Pakt\n"
		s.sendFiles("/imports", nil, map[string]string{"file": table}).want(t, 422, "Enter ")
		s.sendFiles("/imports", map[string]string{"actor": "A"}, nil).want(t, 422, "Enter ")
		s.sendFiles("/imports", map[string]string{"actor": "A"}, map[string]string{"file": "\x00\x01\x02"}).want(t, 422)
		if at := s.sendFiles("/imports", map[string]string{"actor": "A"}, map[string]string{"file": table}).want(t,
			303).Header.Get("Location"); at != "/imports/1" {
			t.Fatal(at)
		}
		page := s.get("/imports/1").want(t, 200, "Vertrag über Freundschaft", "5 November 2021", "Atlantis")
		form := formOf(t, page.body)
		form.Set("do", "check")
		s.post("/imports/1", form).want(t, 303)
		s.settle()
		page = s.get("/imports/1").want(t, 200, "What it would do", "Parties that nobody is known by", "Atlantis",
			"Words that are not understood", "Pakt", "Write 2 agreements")
		form = formOf(t, page.body)
		form.Set("unknown.0.do", "+organisation")
		form.Set("word.0.meant", "treaty")
		form.Set("do", "check")
		s.post("/imports/1", form).want(t, 303)
		s.settle()
		s.get("/imports/1").want(t, 200, "Write 2 agreements")
		s.get("/parties/ATLANTIS").want(t, 200, "Atlantis")
		s.post("/imports/1/start", url.Values{}).want(t, 303)
		s.post("/imports/1/start", url.Values{}).want(t, 409)
		s.settle()
		s.get("/imports/1").want(t, 200, "What it did", "Undo all of it")
		s.get("/agreements/2").want(t, 200, "Abkommen über Handel", "Treaty")
		s.get("/operations").want(t, 200, "Import: file.csv")
		s.get("/operations/1").want(t, 200, "Vertrag über Freundschaft")
		s.post("/operations/1/undo", url.Values{}).want(t, 303)
		s.settle()
		s.get("/operations/1").want(t, 200, "Undone on")
		s.get("/agreements/2").want(t, 410)
		form.Set("name", "mine")
		form.Set("do", "save")
		if at := s.sendFiles("/imports", map[string]string{"actor": "A"}, map[string]string{"file": table}).want(t,
			303).Header.Get("Location"); at != "/imports/2" {
			t.Fatal(at)
		}
		s.post("/imports/2", form).want(t, 303)
		s.get("/imports").want(t, 200, `<option value="mine">`)
		s.get("/imports/2/mapping.json", "Accept", "application/json").want(t, 200, `"Atlantis": "ATLANTIS"`)
		s.post("/imports/2/remove", url.Values{}).want(t, 303)
		s.get("/imports/2").want(t, 404)
		s.get("/imports/1/refused.csv", "Accept", "text/csv").want(t, 200, "file,line,column,value,rule,reason,row")
		s.get("/imports/1.json").want(t, 200, `"state":"done"`)
	})
}

var (
	inputs   = regexp.MustCompile(`<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"`)
	selects  = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// formOf reads the fields of the page's form as a browser would send them.
func formOf(t *testing.T, body string) url.Values {
	t.Helper()
	form := url.Values{}
	at := strings.Index(body, `<form id="form"`)
	if at < 0 {
		t.Fatal("the page has no form")
	}
	body = body[at:]
	body = body[:strings.Index(body, "</form>")]
	for _, m := range inputs.FindAllStringSubmatch(body, -1) {
		form.Set(htmlpkg.UnescapeString(m[1]), htmlpkg.UnescapeString(m[2]))
	}
	for _, m := range selects.FindAllStringSubmatch(body, -1) {
		value := ""
		if chosen := selected.FindStringSubmatch(m[2]); chosen != nil {
			value = chosen[1]
		}
		form.Set(htmlpkg.UnescapeString(m[1]), htmlpkg.UnescapeString(value))
	}
	return form
}
