package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/search"
	"chancery/models/status"
)

// A said is what one row says, before it is known of which party.
type said struct {
	texts                                  map[string]string
	columns                                map[string]int
	parties, institutions, people, offices []string
	partyColumn                            int
	titles                                 []models.TitleDraft
	acts                                   []saidAct
	urls, named                            []string // sources
}

type saidAct struct {
	models.ActDraft
	column int
	date   edtf.Date
}

// read reads one cell.
func (c *composer) read(r cellsAt, i int, f field, value string, s *said) {
	d := &c.Draft
	switch f.name {
	case "number":
		c.number(r, i, value)
	case "title", "title:":
		s.titles = append(s.titles, models.TitleDraft{Language: f.word, Text: value})
	case "party":
		s.parties = append(s.parties, c.splitParties(value)...)
		s.partyColumn = i
	case "further":
		c.further(c.columnName(r, i), value)
	case "party:":
		c.member(r, i, f.word, value, s)
	case "institution":
		s.institutions = append(s.institutions, c.split(value)...)
	case "person":
		s.people = append(s.people, c.split(value)...)
	case "office":
		s.offices = append(s.offices, c.split(value)...)
	case "subject":
		d.Subjects = append(d.Subjects, c.split(value)...)
	case "act:":
		c.act(r, i, f, value, s)
	case "external_id:":
		d.ExternalIDs = append(d.ExternalIDs, models.ExternalIDDraft{Scheme: f.word, Value: value})
	case "relation:":
		for _, id := range c.split(value) {
			c.Relations = append(c.Relations, models.IncomingRelation{Type: f.word, Scheme: c.Mapping.Scheme, Value: id})
		}
	case "source_url":
		s.address(value)
	case "validity", "in_force", "valid_from", "valid_until", "ended", "act_date", "act_effective", "act_until", "counted_from",
		"source_published",
		"source_accessed":
		if date, ok := c.date(r, i, value, f.name == "validity"); ok {
			s.texts[f.name] = date.Written
		}
	case "role", "basis", "renewal", "act_type":
		c.choose(r, i, f.name, value, s)
	default:
		c.scalar(r, i, f.name, value, s)
	}
	s.columns[f.name] = i
}

// act reads the day of a party's act; the mark behind it tells another kind of act.
func (c *composer) act(r cellsAt, i int, f field, value string, s *said) {
	written, mark := marked(value)
	date, ok := c.date(r, i, written, false)
	if !ok {
		return
	}
	act := models.ActDraft{Type: cmp.Or(mark, f.word), Date: date.Written}
	if leaves := status.ActType(act.Type).Effect() == status.Leaves; leaves && endsOn(c.columnName(r, i)) {
		act.Effective = act.Date
	}
	s.acts = append(s.acts, saidAct{act, i, date})
}

// titles adds the titles of a row, each once.
func (c *composer) titles(s *said) {
	d := &c.Draft
	for _, t := range s.titles {
		t.Language = cmp.Or(t.Language, s.texts["title_language"], c.Mapping.Language, "und")
		t.Authentic = s.texts["title_authentic"] == "true"
		i := slices.IndexFunc(d.Titles, func(o models.TitleDraft) bool { return o.Text == t.Text })
		if i < 0 {
			d.Titles = append(d.Titles, t)
		} else if t.Authentic {
			d.Titles[i].Authentic = true
		}
	}
}

// further keeps what a column says that means no field, under the column's name.
func (c *composer) further(name, value string) {
	d := &c.Draft
	f := models.FurtherValue{Name: name, Value: value}
	if len(d.Further) < 100 && name != "" && value != "" && !slices.Contains(d.Further, f) {
		d.Further = append(d.Further, f)
	}
}

// elsewhereNamed notes by what a row says that the agreement is known elsewhere, and to
// which other it leads.
func (c *composer) elsewhereNamed(s *said) {
	d := &c.Draft
	id := models.ExternalIDDraft{Scheme: s.texts["identifier_scheme"], Value: s.texts["identifier_value"]}
	if id.Scheme != "" && id.Value != "" && !slices.Contains(d.ExternalIDs, id) {
		d.ExternalIDs = append(d.ExternalIDs, id)
	}
	c.further(s.texts["further_name"], s.texts["further_value"])
	kind, target := s.texts["relation_type"], s.texts["relation_target"]
	if kind == "" || target == "" {
		return
	}
	if c.Number > 0 { // of this register itself
		d.Relations = append(d.Relations, models.RelationDraft{Type: kind, Target: models.Number(target)})
		return
	}
	at := strings.LastIndex(c.unit.id, "/")
	c.Relations = append(c.Relations, models.IncomingRelation{Type: kind, Scheme: c.Mapping.Scheme, Value: c.unit.id[:at+1] + target})
}

// number reads a register number.
func (c *composer) number(r cellsAt, i int, value string) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 1 {
		c.refuseValue(r, i, value, models.Problem{Code: "number", Args: map[string]string{"value": value}})
		return
	}
	c.Number = n
}

// address reads where a source is; a source without an address is one all the same.
func (s *said) address(value string) {
	address, _, _ := strings.Cut(value, " ")
	if u, err := url.Parse(address); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		s.urls = append(s.urls, address)
	} else {
		s.named = append(s.named, value)
	}
}

// scalar reads a cell of a field that holds one value.
func (c *composer) scalar(r cellsAt, i int, name, value string, s *said) {
	kind := models.TextField
	if f := models.FieldNamed(name); f != nil {
		kind = f.Kind
	}
	switch kind {
	case models.ChoiceField:
		c.choose(r, i, name, value, s)
	case models.DateField:
		if date, ok := c.date(r, i, value, true); ok {
			s.texts[name] = date.Written
		}
	case models.ListField:
		s.texts[name] = strings.Join(c.split(value), ", ")
	default:
		s.texts[name] = value
	}
}

// choose reads a cell of a closed list.
func (c *composer) choose(r cellsAt, i int, name, value string, s *said) {
	meant := c.choice(name, value)
	if meant == "" {
		if name == "kind" {
			c.mark("kind", value)
		}
		c.refuseValue(r, i, value, models.Problem{Code: "choice", Args: map[string]string{"value": value,
			"choices": strings.Join(models.ClosedLists[name], ", ")}})
		return
	}
	s.texts[name] = meant
	c.exactly = c.exactly || name == "kind" && value == meant // as the register writes it
}

// choice is what a word means in a closed list: as the mapping says, as the
// register writes it, or as people do.
func (c *composer) choice(name, value string) string {
	if meant := c.Mapping.Values[name][value]; meant != "" {
		return meant
	}
	if slices.Contains(models.ClosedLists[name], strings.ToLower(value)) {
		return strings.ToLower(value)
	}
	return meaning(name, value)
}

// split parts a cell that holds several values.
func (c *composer) split(value string) (list []string) {
	separator := c.Mapping.Separator
	if separator == "" {
		return []string{value}
	}
	for _, item := range strings.Split(value, separator) {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// splitParties parts a cell that holds several parties; what is a party as a whole
// stays whole, such as Korea, Republic of.
func (c *composer) splitParties(value string) (list []string) {
	items := c.split(value)
	for i := 0; i < len(items); i++ {
		name := unnoted(items[i])
		if i+1 < len(items) {
			if whole := items[i] + c.Mapping.Separator + " " + items[i+1]; c.known(unnoted(whole)) {
				name = unnoted(whole)
				i++
			}
		}
		list = append(list, c.joined(name)...)
	}
	return list
}

// ands are what stands between the last two of a list of parties, or between two.
var ands = regexp.MustCompile(`\s+(?:and|und|et|y|e|и|i|&|-|–)\s+|\s*/\s*`)

// articles are what stands before a party that is not part of its name.
var articles = regexp.MustCompile(`^(?:and|und|et|y|e|и|i|&|the|die|der|das|la|le|les|l’|l'|el|los|il|the)\s+`)

// joined parts the last two of a list: Luxembourg and the Netherlands. What is a
// party as a whole stays whole.
func (c *composer) joined(name string) []string {
	if c.known(name) {
		return []string{name}
	}
	if bare := articles.ReplaceAllString(articles.ReplaceAllString(name, ""), ""); bare != name && c.known(bare) {
		return []string{bare}
	}
	items := ands.Split(name, -1)
	for i, item := range items {
		if items[i] = strings.TrimSpace(articles.ReplaceAllString(item, "")); !c.known(items[i]) {
			return []string{name}
		}
	}
	return items
}

func (c *composer) known(name string) bool {
	code, candidates, err := c.finder.Find(name, c.dated.Earliest)
	return err == nil && (code != "" || len(candidates) > 0)
}

// member reads the cell of a state that has a column of its own: a mark, or the day
// of an instrument, of which the mark behind it tells what it was.
func (c *composer) member(r cellsAt, i int, code, value string, s *said) {
	if isNo(value) {
		return
	}
	c.join(code)
	if isTick(value) {
		return
	}
	written, mark := marked(value)
	date, ok := c.date(r, i, written, false)
	switch {
	case ok && mark != "":
		c.add(models.ActDraft{Party: code, Type: mark, Date: date.Written})
	case ok: // what was done then is not said
		c.mark("acts", c.columnName(r, i)+": "+value)
		c.refuseValue(r, i, value, models.Problem{Code: "import_which_act", Args: map[string]string{"value": value}})
	}
}

// datesOfParts puts a date together that stands in columns of its year, month and
// day.
func (s *said) datesOfParts() {
	if s.texts["signed"] != "" || s.texts["year"] == "" {
		return
	}
	written := s.texts["year"]
	for _, name := range []string{"month", "day"} {
		n := number(s.texts[name])
		if n == 0 {
			break
		}
		written += fmt.Sprintf("-%02d", n)
	}
	if d, err := edtf.ParseDate(written); err == nil {
		s.texts["signed"] = d.Written
	}
}

// endsOn tells a column that says when something ended from one that says when its
// end was declared.
func endsOn(column string) bool {
	folded := search.Fold(column)
	for _, word := range []string{"end", "until", "ende", "bis", "termin", "оконч", "до"} {
		if strings.Contains(folded, word) {
			return true
		}
	}
	return false
}

// unreadPlaces are where the values of dates that cannot be read are marked.
var unreadPlaces = map[string]string{"signed": "signed", "in_force": "validity_periods[0].valid_from",
	"valid_from": "validity_periods[0].valid_from", "validity": "validity_periods[0].valid_until",
	"valid_until": "validity_periods[0].valid_until", "ended": "validity_periods[0].valid_until", "act:": "acts"}

// mark keeps a value that was not taken with the record, under the place that it is
// for; there is none for what a record does not hold.
func (c *composer) mark(place, value string) {
	mark := models.UnreadValue{Field: place, Value: value}
	if place != "" && len(c.Draft.Unread) < 20 && !slices.Contains(c.Draft.Unread, mark) {
		c.Draft.Unread = append(c.Draft.Unread, mark)
	}
}

// date reads a date, or notes why it is none.
func (c *composer) date(r cellsAt, column int, value string, interval bool) (edtf.Date, bool) {
	d, err := c.Intake.date(r, column, unnoted(value))
	if err == nil && d.Interval && !interval {
		err = &edtf.DateError{Written: value, Code: "interval"}
	}
	var refused *edtf.DateError
	if errors.As(err, &refused) {
		problem := models.Problem{Code: "date_" + refused.Code, Args: map[string]string{"value": value}}
		if refused.Code == "ambiguous" {
			problem.Code = "import_order"
		}
		c.refuseValue(r, column, value, problem)
		if column >= 0 {
			c.mark(unreadPlaces[c.fields[r.file][column].name], value)
		}
		return d, false
	}
	return d, err == nil
}
