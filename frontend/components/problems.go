package components

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/locales"
	"chancery/models"
)

// groups are the lists of a form and its fields of their own, in the order in which
// the page has them, with what a row of a list is called.
var groups = []struct{ name, row string }{{"titles", "form.title.n"}, {"kind", ""}, {"participations", "form.party.n"}, {"signed", ""},
	{"place", ""}, {"validity_periods", "form.period.n"}, {"entry_condition", ""}, {"sources", "form.source.n"}, {"meetings", "form.meeting.n"},
	{"acts", "form.act.n"}, {"relations", "form.relation.n"}, {"external_ids", "form.external.n"}, {"further", "form.further.n"}, {"", ""}, {"comment", ""}, {"actor", ""},
	{"signatories", "form.person.n"}, {"names", "party.form.name.n"}}

// labels are the names of fields, of one list or of any, that are not called field.…
// or form.… and their own name.
var labels = map[string]string{"text": "form.title", "names.text": "col.name", "sources.title": "form.sourcetitle",
	"meetings.title": "form.meeting.title", "relations.type": "form.relationtype", "meetings.relation": "form.meetingrelation", "valid_from": "form.validfrom", "valid_until": "form.validuntil",
	"renewal_months": "form.renewalmonths", "notice_months": "form.noticemonths", "counted_from": "form.countedfrom",
	"until": "form.act.until", "territory": "form.act.territory", "published_time": "form.publishedtime", "type": "form.acttype",
	"unread.value": "form.unread", "further.name": "field.further_name", "further.value": "field.further_value"}

var row = regexp.MustCompile(`^([a-z_]+)\[(\d+)]\.?`)

func groupOf(path string) int {
	name, _, _ := strings.Cut(path, "[")
	if at := slices.IndexFunc(groups, func(g struct{ name, row string }) bool { return g.name == name }); at >= 0 {
		return at
	}
	return groupOf("")
}

// inPageOrder are the fields with problems as they stand on the page.
func inPageOrder(problems models.Invalid) []string {
	fields := problems.Fields()
	slices.SortStableFunc(fields, func(a, b string) int { return groupOf(a) - groupOf(b) })
	return fields
}

// RowName is what a row of a list is called, counted from 0: Party 2. It is empty for
// a list whose rows have no names.
func RowName(s *locales.Localizer, list string, n int) string {
	name := groups[groupOf(list)].row
	if name == "" {
		return ""
	}
	return s.T(name, "N", n+1)
}

// fieldLabel is what a field is called, with the row in which it stands: Party 2 ·
// Office. It is empty for a field without a name of its own.
func fieldLabel(s *locales.Localizer, path string) string {
	var parts []string
	list := ""
	for m := row.FindStringSubmatch(path); m != nil; m = row.FindStringSubmatch(path) {
		n, _ := strconv.Atoi(m[2])
		if name := RowName(s, m[1], n); name != "" {
			parts = append(parts, name)
		}
		list, path = m[1]+".", path[len(m[0]):]
	}
	for _, key := range []string{labels[list+path], labels[path], "form." + path, "field." + path} {
		if text := s.T(key); key != "" && text != key {
			parts = append(parts, text)
			break
		}
	}
	return strings.Join(parts, " · ")
}

// problemText says what is wrong with a field, by its name where nothing stands
// there.
func problemText(s *locales.Localizer, path string, p models.Problem) string {
	label := fieldLabel(s, path)
	switch {
	case p.Code != "required" || label == "":
		return s.Problem(p)
	case path == "actor":
		return s.T("problem.required.actor")
	}
	at := strings.LastIndex(label, "· ")
	return s.T("problem.required.field", "Field", strings.TrimPrefix(label[max(at, 0):], "· "))
}
