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
	{"acts", "form.act.n"}, {"relations", "form.relation.n"}, {"external_ids", "form.external.n"}, {"", ""}, {"comment", ""}, {"actor", ""}}

// labels are the names of fields that are not called field.… or form.… and their own
// name.
var labels = map[string]string{"text": "form.title", "valid_from": "form.validfrom", "valid_until": "form.validuntil",
	"renewal_months": "form.renewalmonths", "notice_months": "form.noticemonths", "counted_from": "form.countedfrom",
	"until": "form.act.until", "territory": "form.act.territory", "published_time": "form.publishedtime", "type": "form.acttype"}

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

// fieldLabel is what a field is called, with the row in which it stands: Party 2 ·
// Office. It is empty for a field without a name of its own.
func fieldLabel(s *locales.Localizer, path string) string {
	var parts []string
	for {
		m := row.FindStringSubmatch(path)
		if m == nil {
			break
		}
		name := "form.person.n"
		if at := groupOf(m[1]); groups[at].name == m[1] {
			name = groups[at].row
		}
		n, _ := strconv.Atoi(m[2])
		parts = append(parts, s.T(name, "N", n+1))
		path = path[len(m[0]):]
	}
	for _, key := range []string{labels[path], "form." + path, "field." + path} {
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
