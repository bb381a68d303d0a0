package pages

import (
	"slices"
	"strings"

	"chancery/models"
)

// moreOf are the scalar fields that stand with the notes; how far the acts are recorded
// is asked beside them.
func moreOf() []models.Field {
	return slices.DeleteFunc(models.FieldsAt(models.PlaceMore), func(f models.Field) bool { return f.Name == "chart" })
}

// inNotes tells whether a field stands with the notes.
func inNotes(name string) bool {
	return slices.Contains([]string{"level", "binding", "subjects", "comment", "restricted"}, name) ||
		slices.ContainsFunc(moreOf(), func(f models.Field) bool { return f.Name == name })
}

// held is how many rows a fold of the form holds that say something.
func (f FormView) held(list string) int {
	d := f.Draft
	n := 0
	count := func(says bool) {
		if says {
			n++
		}
	}
	switch list {
	case "meetings":
		for _, m := range d.Meetings {
			count(m.Meeting != "" || m.Title+m.Series+m.Held+m.Place+m.Host+m.Participants != "")
		}
	case "acts":
		for _, a := range d.Acts {
			count(a.Party+a.Date+a.Effective+a.Note+a.Until != "")
		}
	case "relations":
		for _, r := range d.Relations {
			count(r.Target != "")
		}
	case "titles":
		n = max(0, len(d.Titles)-1)
		count(len(d.Titles) > 0 && d.Titles[0].Authentic)
	case "external_ids":
		for _, e := range d.ExternalIDs {
			count(e.Scheme+e.Value != "")
		}
		n += len(d.Further)
	case "notes":
		for _, text := range []string{strings.TrimPrefix(d.Level, "unknown"), strings.TrimPrefix(d.Binding, "unknown"), f.Comment,
			strings.Join(d.Subjects, "")} {
			count(text != "")
		}
		for _, field := range moreOf() {
			count(*field.Draft(&d) != "")
		}
		count(d.Restricted)
	}
	return n
}

// opens tells whether a fold of the form stands open: something stands in it, is
// wrong with it, or was added to it.
func (f FormView) opens(list string) bool {
	if f.held(list) > 0 || f.Open == list || list == "external_ids" && f.Open == "further" {
		return true
	}
	for field := range f.Problems {
		name, _, _ := strings.Cut(field, "[")
		if name == "further" {
			name = "external_ids" // which it stands with
		}
		if name == list && (list != "titles" || !strings.HasPrefix(field, "titles[0]")) {
			return true
		}
		if list == "notes" && inNotes(name) {
			return true
		}
	}
	return false
}
