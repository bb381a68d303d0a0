package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"chancery/frontend/locales"
	"chancery/models"
)

// A marked field holds a value that nothing else holds.
func mark(f models.Field, what string) string {
	switch f.Kind {
	case models.ChoiceField:
		return f.Choices[len(what)%len(f.Choices)]
	case models.DateField:
		return map[string]string{"first": "2001-02-03", "second": "2002-03-04", "imported": "2003-04-05"}[what]
	case models.TextField, models.LinesField, models.ListField:
	}
	return "Zq" + strings.ReplaceAll(f.Name, "_", "") + what
}

// marked is a draft in which every scalar field is marked.
func marked(what string) models.AgreementDraft {
	d := models.AgreementDraft{Titles: []models.TitleDraft{{Language: "en", Text: "Treaty on fish"}},
		Participations: []models.ParticipationDraft{{Party: "BY"}, {Party: "RU"}}}
	for _, f := range models.Fields {
		*f.Draft(&d) = mark(f, what)
	}
	return d
}

// Every scalar field comes in by every way and is there at every end: whoever
// forgets one of its places reads here which.
func TestEveryFieldIsInItsPlaces(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		first, err := json.Marshal(marked("first"))
		if err != nil {
			t.Fatal(err)
		}
		s.json("POST", "/agreements", string(first)).want(t, 201)
		s.fieldsShow(t, "first")
		s.fieldsComeByForm(t)
		s.fieldsComeByImport(t)
		s.fieldsAreEdited(t)
		s.fieldsAreMerged(t)
		for _, f := range models.Fields {
			if f.Kind == models.ChoiceField || f.Kind == models.DateField {
				continue
			}
			d := marked("first")
			*f.Draft(&d) = strings.Repeat("x", 50000)
			text, _ := json.Marshal(d)
			s.json("POST", "/agreements", string(text)).want(t, 422, `"too_long"`, f.Name)
		}
	})
}

// recorded is a field of a record as JSON has it.
func (s *site) recorded(t *testing.T, id int, name string) string {
	t.Helper()
	var a map[string]any
	if err := json.Unmarshal([]byte(s.get(fmt.Sprintf("/agreements/%d.json", id)).want(t, 200).body), &a); err != nil {
		t.Fatal(err)
	}
	value, there := a[name]
	if !there {
		t.Errorf("the field %s is not in the JSON of a record", name)
	}
	return fmt.Sprint(value)
}

// fieldsShow looks for what the record 1 says at every end.
func (s *site) fieldsShow(t *testing.T, what string) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.sqlite")
	if err := s.store.Upkeep().Copy(models.WithRestricted(t.Context()), copied); err != nil {
		t.Fatal(err)
	}
	other, err := models.Open(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	there, err := other.Agreement(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	ends := map[string]string{"page": "/agreements/1", "form": "/agreements/1/edit",
		"table":         "/agreements.csv?table=records",
		"lines of JSON": "/agreements.jsonl", "panel of a revision": "/agreements/1/revisions/1"}
	pages := map[string]string{}
	for end, path := range ends {
		pages[end] = s.get(path).want(t, 200).body
	}
	pages["workbook"] = unzipped(t, s.get("/agreements.xlsx").want(t, 200).body)
	header, _, _ := strings.Cut(pages["table"], "\n")
	for _, f := range models.Fields {
		value := mark(f, what)
		if got := s.recorded(t, 1, f.Name); got != value {
			t.Errorf("the field %s is %q in JSON, want %q", f.Name, got, value)
		}
		if got := *f.Record(there); got != value {
			t.Errorf("the field %s is %q in a copy of the register, want %q", f.Name, got, value)
		}
		for end, page := range pages {
			if wanted := value; f.Kind != models.ChoiceField && f.Kind != models.DateField && !strings.Contains(page, wanted) {
				t.Errorf("the field %s is not in the %s", f.Name, end)
			}
		}
		if !strings.Contains(","+header+",", ","+f.Name+",") {
			t.Errorf("the table of records has no column %s", f.Name)
		}
		if !strings.Contains(pages["form"], `name="`+f.Name+`"`) {
			t.Errorf("the form does not ask for %s", f.Name)
		}
		if f.Searched && !strings.Contains(s.get("/search?q="+value).want(t, 200).body, "/agreements/1") {
			t.Errorf("a search for what the field %s says finds nothing", f.Name)
		}
		for _, lang := range models.Languages {
			if key := "field." + f.Name; locales.T(locales.With(t.Context(), lang), key) == key {
				t.Errorf("the field %s has no label %s in %s.json", f.Name, key, lang)
			}
		}
		for _, schema := range []string{"Agreement", "AgreementBody"} {
			if !bytes.Contains(schemaOf(t, schema), []byte(`"`+f.Name+`"`)) {
				t.Errorf("the description of the API does not have %s in %s", f.Name, schema)
			}
		}
	}
}

// schemaOf is a component of the description of the API.
func schemaOf(t *testing.T, name string) []byte {
	t.Helper()
	var d struct {
		Components struct{ Schemas map[string]json.RawMessage }
	}
	if err := json.Unmarshal(openAPI, &d); err != nil || d.Components.Schemas[name] == nil {
		t.Fatalf("no schema %s (%v)", name, err)
	}
	return d.Components.Schemas[name]
}

func unzipped(t *testing.T, body string) string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil { // #nosec G110 -- made by the test
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

// fieldsComeByForm revises the record 1 by its form, compares, and restores it.
func (s *site) fieldsComeByForm(t *testing.T) {
	t.Helper()
	form := url.Values{"titles[0].text": {"Treaty on fish"}, "titles[0].language": {"en"},
		"participations[0].party": {"BY"},
		"participations[1].party": {"RU"}, "version": {"1"}, "actor": {"A"}}
	for _, f := range models.Fields {
		form.Set(f.Name, mark(f, "second"))
	}
	s.post("/agreements/1/edit", form).want(t, 303)
	compared := s.get("/agreements/1/history?from=1&to=2").want(t, 200).body
	for _, f := range models.Fields {
		if got, want := s.recorded(t, 1, f.Name), mark(f, "second"); got != want {
			t.Errorf("the field %s is %q after the form, want %q", f.Name, got, want)
		}
		if mark(f, "first") != mark(f, "second") && (!strings.Contains(compared, mark(f, "first")) ||
			!strings.Contains(compared, mark(f, "second"))) {
			t.Errorf("the field %s is not in what changed", f.Name)
		}
	}
	s.post("/agreements/1/restore", url.Values{"version": {"2"}, "number": {"1"}, "actor": {"A"}}).want(t, 303)
	for _, f := range models.Fields {
		if got, want := s.recorded(t, 1, f.Name), mark(f, "first"); got != want {
			t.Errorf("the field %s is %q when restored, want %q", f.Name, got, want)
		}
	}
}

// fieldsComeByImport brings a table of which each column has the first name that
// others call the field by, and once more with other values, which take the place
// of those of the record that is there.
func (s *site) fieldsComeByImport(t *testing.T) {
	t.Helper()
	for _, what := range []string{"imported", "second"} {
		names, cells := []string{"identifier", "title", "party 1", "party 2"}, []string{"7", "Treaty on grain", "BY", "KZ"}
		for _, f := range models.Fields {
			if len(f.Words) == 0 {
				t.Fatalf("the field %s has no name that a column of others has", f.Name)
			}
			names, cells = append(names, f.Words[0]), append(cells, mark(f, what))
		}
		table := strings.Join(names, ",") + "\n" + strings.Join(cells, ",") + "\n"
		at := s.sendFiles("/imports", map[string]string{"actor": "A"}, map[string]string{"file": table}).want(t,
			303).Header.Get("Location")
		form := formOf(t, s.get(at).want(t, 200).body)
		form.Set("do", "check")
		s.post(at, form).want(t, 303)
		s.settle()
		s.get(at).want(t, 200, "Write 1 agreements")
		s.post(at+"/start", url.Values{}).want(t, 303)
		s.settle()
		for _, f := range models.Fields {
			if got, want := s.recorded(t, 2, f.Name), mark(f, what); got != want {
				t.Errorf("the field %s is %q after an import of %s values, want %q", f.Name, got, what, want)
			}
		}
	}
}

// fieldsAreEdited sets each field that can be changed of many records at once.
func (s *site) fieldsAreEdited(t *testing.T) {
	t.Helper()
	for _, f := range models.Fields {
		if !f.Edited {
			continue
		}
		form := url.Values{"field": {f.Name}, "value": {mark(f, "edited")}, "id": {"2"}, "do": {"look"}}
		page := s.post("/agreements/bulk?party=KZ", form)
		if page.StatusCode != http.StatusOK {
			t.Errorf("the field %s cannot be changed of many: %d", f.Name, page.StatusCode)
			continue
		}
		for _, m := range inputs.FindAllStringSubmatch(page.body, -1) {
			if m[1] == "seen" {
				form.Add("seen", m[2])
			}
		}
		form.Set("do", "apply")
		form.Set("actor", "A")
		s.post("/agreements/bulk?party=KZ", form).want(t, 303)
		if got, want := s.recorded(t, 2, f.Name), mark(f, "edited"); got != want {
			t.Errorf("the field %s is %q after an edit of many, want %q", f.Name, got, want)
		}
	}
}

// fieldsAreMerged makes one record of two: the other's value of every field is
// offered, and taken.
func (s *site) fieldsAreMerged(t *testing.T) {
	t.Helper()
	second, err := json.Marshal(marked("second"))
	if err != nil {
		t.Fatal(err)
	}
	s.json("POST", "/agreements", string(second)).want(t, 201)
	form := formOf(t, s.get("/duplicates/1-3").want(t, 200).body)
	form.Set("keep", "1")
	form.Set("actor", "A")
	for _, f := range models.Fields {
		if _, offered := form["field."+f.Name]; !offered && mark(f, "first") != mark(f, "second") {
			t.Errorf("the field %s is not offered where two records become one", f.Name)
		}
		form.Set("field."+f.Name, "3")
	}
	s.post("/duplicates/1-3", form).want(t, 303)
	for _, f := range models.Fields {
		if got, want := s.recorded(t, 1, f.Name), mark(f, "second"); got != want {
			t.Errorf("the field %s is %q of two records made one, want %q", f.Name, got, want)
		}
	}
}

// Every text of a draft that is not within a list is a row of the table of fields,
// under its name.
func TestEveryScalarOfADraftIsAField(t *testing.T) {
	for _, of := range []reflect.Type{reflect.TypeFor[models.AgreementDraft](), reflect.TypeFor[models.Agreement]()} {
		for _, f := range models.Fields {
			found := false
			for _, field := range reflect.VisibleFields(of) {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				found = found || name == f.Name && field.Type.Kind() == reflect.String
			}
			if !found {
				t.Errorf("%s has no text %s", of, f.Name)
			}
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[models.AgreementDraft]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() == reflect.String && models.FieldNamed(name) == nil {
			t.Errorf("models.Fields has no row %s", name)
		}
		if field.Type.Kind() == reflect.String && field.Tag.Get("form") != name {
			t.Errorf("the field %s is called %q in the form", name, field.Tag.Get("form"))
		}
	}
}
