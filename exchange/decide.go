package exchange

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/search"
)

// ask adds a question to a mapping, with its arguments: name, value, name, value.
func ask(m *models.Mapping, field, code string, args ...string) {
	q := models.Question{Field: field, Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		q.Args[args[i]] = args[i+1]
	}
	m.Questions = append(m.Questions, q)
}

// settle decides what only all columns together tell.
func (g *guesser) settle(m *models.Mapping, tables []*surveyed) {
	first := tables[0]
	for _, t := range tables {
		if m.Separator == "" {
			m.Separator = t.parted
		}
	}
	if m.Separator == "" {
		m.Separator = first.splits()
	}
	var also string
	for _, t := range tables {
		if list, other := g.listOf(t); list != "" && m.Codes == "" {
			m.Codes, also = list, other
		}
	}
	if also != "" {
		ask(m, "codes", "codes", "list", m.Codes, "other", also)
	}
	settleOrder(m, tables)
	settleNothing(m, tables)
	if slices.Contains(first.fields, "id") {
		m.Scheme = schemeOf(first.name)
	}
	if i := slices.Index(first.fields, "title"); i >= 0 {
		m.Language = languageOf(strings.Join(first.columns[i].order[:min(len(first.columns[i].order), 500)], " "))
	} else if m.Fixed["title"] == "" {
		m.Fixed = map[string]string{"title": namesOf(first)}
	}
}

// namesOf is a title of the names of the parties of a row, where nothing has one.
func namesOf(t *surveyed) string {
	var names []string
	for i, field := range t.fields {
		if field == "party" {
			names = append(names, "{"+t.columns[i].name+"}")
		}
	}
	return strings.Join(names, " – ")
}

// schemeOf names the list of identifiers that a file is.
func schemeOf(name string) string {
	for ext := path.Ext(name); ext != ""; ext = path.Ext(name) {
		name = strings.TrimSuffix(name, ext)
	}
	name = strings.Trim(notScheme.ReplaceAllString(strings.ToLower(search.Fold(name)), "-"), "-0123456789")
	if name = strings.Trim(name[:min(len(name), 40)], "-"); name == "" {
		return "file"
	}
	return name
}

var notScheme = regexp.MustCompile(`[^a-z0-9]+`)

// settleOrder decides the order of day and month by all dates of all tables: what
// one column does not tell another may; what none does is asked.
func settleOrder(m *models.Mapping, tables []*surveyed) {
	example, undecided := "", false
	votes := map[string]int{}
	for i, t := range tables {
		for k, c := range t.columns {
			if t.fields[k] == "" {
				continue
			}
			if short := slices.IndexFunc(c.order, isShort); short >= 0 && c.share(isShort) > .5 {
				ask(m, "", "short_years", "column", c.name, "value", c.order[short], "read", fullYear(c.order[short]))
			}
			d := c.dating(t.reader)
			order := ""
			switch {
			case d.dayFirst > 0 && d.monthFirst > 0:
				ask(m, "", "order_mixed", "column", c.name)
				continue
			case d.dayFirst > 0:
				order = "dmy"
			case d.monthFirst > 0:
				order = "mdy"
			case d.neither > 0:
				example, undecided = d.example, true
			}
			if order != "" {
				votes[order] += d.dayFirst + d.monthFirst
				m.Tables[i].Columns[k].Order = order
			}
		}
	}
	switch {
	case votes["dmy"] > 0 && votes["mdy"] == 0:
		m.Order = "dmy"
	case votes["mdy"] > 0 && votes["dmy"] == 0:
		m.Order = "mdy"
	case undecided:
		ask(m, "order", "order", "value", example)
	}
	if m.Order != "" { // one for all
		for i := range m.Tables {
			for k := range m.Tables[i].Columns {
				m.Tables[i].Columns[k].Order = ""
			}
		}
	}
}

// settleNothing names the words that stand where nothing is known. NA is Namibia in
// a column of codes of two letters.
func settleNothing(m *models.Mapping, tables []*surveyed) {
	namibia := false
	for _, t := range tables {
		for k, c := range t.columns {
			namibia = namibia || t.fields[k] == "party" && c.length() == 2
		}
	}
	for i, t := range tables {
		for k, words := range t.nothing {
			for _, word := range words {
				switch to := &m.Tables[i].Columns[k].Nothing; {
				case chosen(t.fields[k], word): // there it says something: the legal force is unknown
				case slices.ContainsFunc(t.fields, func(f string) bool { return chosen(f, word) }):
					*to = append(*to, word)
				case !namibia || word != "NA":
					if !slices.Contains(m.Nothing, word) {
						m.Nothing = append(m.Nothing, word)
					}
				case t.fields[k] != "party":
					*to = append(*to, word)
				}
			}
		}
	}
}

// chosen tells whether a word is one of a field's closed list.
func chosen(field, word string) bool {
	return slices.Contains(models.ClosedLists[field], strings.ToLower(word)) || meaning(field, word) != ""
}

// splits is what parts lists of subjects, where parties do not tell.
func (t *surveyed) splits() string {
	for i, field := range t.fields {
		if field != "subject" && field != "authentic_languages" {
			continue
		}
		for _, separator := range []string{";", "|"} {
			if t.columns[i].share(func(v string) bool { return strings.Contains(v, separator) }) > .1 {
				return separator
			}
		}
	}
	return ""
}
