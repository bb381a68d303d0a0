package models

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// A mapping is checked before anything is read by it; what is wrong is named by its
// place in the form.
func TestAMappingIsChecked(t *testing.T) {
	good := func() Mapping {
		return Mapping{Name: "mine", Scheme: "unts", Match: "id", Order: "dmy", Language: "en", Tables: []TableMapping{{
			Rows: "agreement", Columns: []ColumnMapping{{Column: "No", Field: "id"}, {Column: "Title", Field: "title"}, {Column: "Titel", Field: "title:de"}, {Column: "X", Field: ""},
				{Column: "Ratified", Field: "act:ratification"}, {Column: "Amends", Field: "relation:amends"}, {Column: "Other", Field: "external_id:ctc"}}}}}
	}
	if m := good(); m.Check() != nil {
		t.Fatal(m.Check())
	}
	tests := map[string]struct {
		change func(m *Mapping)
		want   string // field: code
	}{
		"a name with a space":       {func(m *Mapping) { m.Name = "my mapping" }, "name: mapping_name"},
		"a name in capitals":        {func(m *Mapping) { m.Name = "Mine" }, "name: mapping_name"},
		"a name without end":        {func(m *Mapping) { m.Name = strings.Repeat("a", 41) }, "name: mapping_name"},
		"no name":                   {func(m *Mapping) { m.Name = "" }, ""},
		"a scheme with a space":     {func(m *Mapping) { m.Scheme = "U N T S" }, "scheme: scheme"},
		"no scheme for identifiers": {func(m *Mapping) { m.Scheme = "" }, "scheme: mapping_scheme"},
		"another order":             {func(m *Mapping) { m.Order = "ymd" }, "order: choice"},
		"another match":             {func(m *Mapping) { m.Match = "title" }, "match: choice"},
		"a language that is none":   {func(m *Mapping) { m.Language = "english language" }, "language: language"},
		"no tables":                 {func(m *Mapping) { m.Tables = nil }, "tables: required"},
		"a field that is none": {func(m *Mapping) { m.Tables[0].Columns[1].Field = "heading" },
			"tables[0].columns[1].field: mapping_field"},
		"a title in no language": {func(m *Mapping) { m.Tables[0].Columns[2].Field = "title:" },
			"tables[0].columns[2].field: language"},
		"an act that is none": {func(m *Mapping) { m.Tables[0].Columns[4].Field = "act:dancing" },
			"tables[0].columns[4].field: choice"},
		"a relation that is none": {func(m *Mapping) { m.Tables[0].Columns[5].Field = "relation:likes" },
			"tables[0].columns[5].field: choice"},
		"a list without a name": {func(m *Mapping) { m.Tables[0].Columns[6].Field = "external_id:" },
			"tables[0].columns[6].field: scheme"},
		"no title": {func(m *Mapping) {
			m.Tables[0].Columns = []ColumnMapping{{Column: "No", Field: "id"}}
		}, "tables[0].columns: mapping_title"},
		"a fixed title": {func(m *Mapping) {
			m.Tables[0].Columns, m.Fixed = []ColumnMapping{{Column: "No", Field: "id"}}, map[string]string{"title": "Treaty"}
		}, ""},
		"a fixed field that is none": {func(m *Mapping) { m.Fixed = map[string]string{"colour": "red"} },
			"fixed.colour: mapping_field"},
		"rows of something else": {func(m *Mapping) { m.Tables[0].Rows = "treaty" }, "tables[0].rows: choice"},
		"rows of parties without an identifier, by their titles": {func(m *Mapping) {
			m.Tables[0].Rows, m.Tables[0].Columns = "party", []ColumnMapping{{Column: "Title", Field: "title"}}
		}, ""},
		"rows of parties by nothing": {func(m *Mapping) {
			m.Tables[0].Rows, m.Tables[0].Columns = "party", []ColumnMapping{{Column: "Titel", Field: "title:de"}}
		}, "tables[0].columns: mapping_id"},
		"a second table without an identifier": {func(m *Mapping) {
			m.Tables = append(m.Tables, TableMapping{Columns: []ColumnMapping{{Column: "Party", Field: "party"}}})
		}, "tables[1].columns: mapping_id"},
		"a second table with one": {func(m *Mapping) {
			m.Tables = append(m.Tables, TableMapping{Columns: []ColumnMapping{{Column: "No", Field: "id"}, {Column: "Party", Field: "party"}}})
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := good()
			test.change(&m)
			err := m.Check()
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var invalid Invalid
			field, code, _ := strings.Cut(test.want, ": ")
			if !errors.As(err, &invalid) || invalid[field].Code != code {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func TestAFieldsPartsAreReadFromAMapping(t *testing.T) {
	for field, want := range map[string][2]string{"title": {"title", ""}, "title:de": {"title:", "de"},
		"act:":            {"act:", ""},
		"external_id:a:b": {"external_id:", "a:b"}, "": {"", ""}} {
		if name, word := fieldParts(field); name != want[0] || word != want[1] {
			t.Errorf("%q: %q and %q", field, name, word)
		}
	}
	table := TableMapping{Columns: []ColumnMapping{{Column: "A", Field: "title"}, {Column: "B", Field: "party"}, {Column: "C", Field: "party"}}}
	if table.FieldOf("party") != 1 || table.FieldOf("id") != -1 {
		t.Error("the first column of a field is not found")
	}
}

// Every scalar field can be imported, each once; closed lists are those of the
// table of fields.
func TestImportFieldsAndClosedListsFollowTheFields(t *testing.T) {
	for _, f := range Fields {
		if !slices.Contains(ImportFields, f.Name) {
			t.Errorf("%s cannot be imported", f.Name)
		}
		if got := ClosedLists[f.Name]; !slices.Equal(got, f.Choices) {
			t.Errorf("%s can say %q, want %q", f.Name, got, f.Choices)
		}
		if (f.Kind == ChoiceField) != (len(f.Choices) > 0) {
			t.Errorf("%s: kind %d, choices %q", f.Name, f.Kind, f.Choices)
		}
		if f.Edited != slices.Contains(EditFields, f.Name) {
			t.Errorf("%s can be changed of many records: %v", f.Name, !f.Edited)
		}
		if f.Means == "" || len(f.Words) == 0 {
			t.Errorf("%s is not explained", f.Name)
		}
	}
	if sorted := slices.Sorted(slices.Values(ImportFields)); len(slices.Compact(sorted)) != len(ImportFields) {
		t.Error("a field stands twice")
	}
	if FieldNamed("nothing") != nil {
		t.Error("a field that is none is found")
	}
	for place, want := range map[FieldPlace]string{PlaceValidity: "entry_condition takes_effect",
		PlaceMore: "depositary authentic_languages summary notification_number chart"} {
		var names []string
		for _, f := range FieldsAt(place) {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("at place %d stand %s, want %s", place, got, want)
		}
	}
}

// An edit of many says one thing of each draft, and nothing of others.
func TestAnEditChangesItsFieldAlone(t *testing.T) {
	base := func() AgreementDraft {
		return AgreementDraft{Kind: "treaty", Place: "Minsk", Subjects: []string{"fish", "grain"}}
	}
	tests := map[string]struct {
		edit Edit
		want func(d *AgreementDraft)
		code string
	}{
		"a kind":              {Edit{"kind", "plan"}, func(d *AgreementDraft) { d.Kind = "plan" }, ""},
		"a kind that is none": {Edit{"kind", "song"}, nil, "choice"},
		"a place":             {Edit{"place", "Brest"}, func(d *AgreementDraft) { d.Place = "Brest" }, ""},
		"a place taken away":  {Edit{"place", ""}, func(d *AgreementDraft) { d.Place = "" }, ""},
		"a subject more": {Edit{"subject_add", "trade"}, func(d *AgreementDraft) {
			d.Subjects = append(d.Subjects, "trade")
		}, ""},
		"a subject that is there": {Edit{"subject_add", "fish"}, func(*AgreementDraft) {}, ""},
		"a subject less": {Edit{"subject_remove", "fish"},
			func(d *AgreementDraft) { d.Subjects = []string{"grain"} }, ""},
		"no subject":            {Edit{"subject_add", ""}, nil, "required"},
		"restricted":            {Edit{"restricted", "yes"}, func(d *AgreementDraft) { d.Restricted = true }, ""},
		"perhaps restricted":    {Edit{"restricted", "maybe"}, nil, "choice"},
		"a field that is none":  {Edit{"colour", "red"}, nil, "choice"},
		"a date, one at a time": {Edit{"signed", "2001"}, nil, "choice"},
		"a notification's number": {Edit{"notification_number", "C.N.1"},
			func(d *AgreementDraft) { d.NotificationNumber = "C.N.1" }, ""},
	}
	for name, test := range tests {
		err := test.edit.check()
		var invalid Invalid
		if test.code != "" {
			if !errors.As(err, &invalid) || invalid["field"].Code != test.code && invalid["value"].Code != test.code {
				t.Errorf("%s: %v, want %s", name, err, test.code)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, want := base(), base()
		test.edit.apply(&got)
		test.want(&want)
		if jsonOf(t, got) != jsonOf(t, want) {
			t.Errorf("%s: %s, want %s", name, jsonOf(t, got), jsonOf(t, want))
		}
	}
}
