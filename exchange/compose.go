package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
)

// A composed is an agreement as its rows say it, with what of them could not be
// taken.
type composed struct {
	models.Incoming
	unit     *unit
	problem  *models.Problem // why the whole is refused
	at       models.Refusal  // where
	refusals []models.Refusal
	taken    []cellsAt // rows of parties and of further tables
	unknown  map[string][]string
}

// A composer makes one agreement of its rows.
type composer struct {
	*Intake
	composed
	until, ended edtf.Date
	dated        edtf.Date
	others       []other
	exactly      bool // the kind is said in the register's own word
}

// compose reads a unit. What cannot be read is told row by row, value by value.
func (in *Intake) compose(u *unit) (*composed, error) {
	c := &composer{Intake: in, composed: composed{unit: u, unknown: map[string][]string{}}}
	first := u.rows[0]
	if u.problem != nil {
		c.problem, c.at = u.problem, models.NewRefusal(first.file, first.line, "", u.id, *u.problem, true)
		return &c.composed, nil
	}
	d := &c.Draft
	c.ByURL = in.Mapping.Match == "url"
	if at := in.column(0, "signed"); at >= 0 {
		c.dated, _ = in.date(first, at, in.cell(first, at))
	}
	c.identify(u.id)
	if err := c.row(first, true); err != nil {
		return nil, err
	}
	more := u.parts
	if in.Mapping.Tables[0].Rows == "party" {
		more = append(slices.Clone(u.rows[1:]), more...)
		c.taken = append(c.taken, first)
	}
	for _, r := range more {
		if err := c.row(r, false); err != nil {
			return nil, err
		}
	}
	if err := c.settleOthers(); err != nil {
		return nil, err
	}
	c.settle()
	if d.Signed == "" && c.dated.Known() {
		d.Signed = c.dated.Written
	}
	return &c.composed, nil
}

// identify reads the identifier: by it the record is known again, and it may name
// the agreement that this one is part of.
func (c *composer) identify(id string) {
	if id == "" || c.Mapping.Scheme == "" || !c.identified() {
		return
	}
	if c.column(0, "id") < 0 { // the address of a page: of this register, or of another
		if number, own := c.own(id); own {
			c.Number = number
			return
		}
	}
	c.Draft.ExternalIDs = []models.ExternalIDDraft{{Scheme: c.Mapping.Scheme, Value: id}}
	if c.Mapping.Parent != "" {
		if _, parent, ok := strings.Cut(id, c.Mapping.Parent); ok && parent != "" {
			c.Relations = append(c.Relations, models.IncomingRelation{Scheme: c.Mapping.Scheme, Value: parent})
		}
	}
}

// own tells whether an address is that of a page of this register, and of which
// agreement.
func (c *composer) own(address string) (number int64, own bool) {
	site := cmp.Or(strings.TrimRight(c.Mapping.Site, "/"), "http://localhost:8080")
	text, ok := strings.CutPrefix(address, site+"/agreements/")
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseInt(text, 10, 64)
	return number, err == nil
}

// refuseValue notes a value that is not taken, refuseRow a row because of one. A
// fixed text has no column.
func (c *composer) refuseValue(r cellsAt, column int, value string, p models.Problem) {
	c.refusals = append(c.refusals, models.NewRefusal(r.file, r.line, c.columnName(r, column), value, p, false))
}

func (c *composer) refuseRow(r cellsAt, column int, value string, p models.Problem) {
	c.refusals = append(c.refusals, models.NewRefusal(r.file, r.line, c.columnName(r, column), value, p, true))
}

func (c *composer) columnName(r cellsAt, column int) string {
	if column < 0 {
		return ""
	}
	return c.Files[r.file].Columns[column]
}

// row reads one row: its cells, then the fixed fields that it leaves open.
func (c *composer) row(r cellsAt, main bool) error {
	s := &said{texts: map[string]string{}, columns: map[string]int{}}
	for i, f := range c.fields[r.file] {
		if f.name == "" || f.name == "id" || f.name == "address" {
			continue
		}
		if value := c.Intake.cell(r, i); value != "" {
			c.read(r, i, f, value, s)
		}
	}
	if !main && c.elsewhere(s) {
		c.others = append(c.others, other{r, s})
		return nil
	}
	if main {
		for _, name := range slices.Sorted(maps.Keys(c.Mapping.Fixed)) {
			f := parseField(name)
			if value := c.filled(r, c.Mapping.Fixed[name]); value != "" && s.texts[f.name] == "" &&
				!(f.name == "title" && len(s.titles) > 0) {
				c.read(r, -1, f, value, s)
			}
		}
	}
	return c.place(r, s, main)
}

// filled is a fixed text with what a row says in the columns that it names in
// braces.
func (c *composer) filled(r cellsAt, text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	for i, name := range c.Files[r.file].Columns {
		text = strings.ReplaceAll(text, "{"+name+"}", c.value(r.cells[i]))
	}
	return text
}

// place puts what a row says where it belongs.
func (c *composer) place(r cellsAt, s *said, main bool) error {
	d := &c.Draft
	s.datesOfParts()
	set := func(to *string, name string) {
		if *to == "" {
			*to = s.texts[name]
		}
	}
	c.titles(s)
	c.elsewhereNamed(s)
	for _, f := range models.Fields {
		set(f.Draft(d), f.Name)
	}
	codes, taken, err := c.parties(r, s, main)
	if err != nil {
		return err
	}
	if !taken {
		return nil
	}
	c.actsOf(r, s, codes, main)
	c.period(s)
	if ended := s.texts["ended"]; ended != "" || main && c.Mapping.Tables[0].Rows != "party" {
		c.ended, _ = edtf.ParseDate(ended)
	}
	c.sources(s)
	if !main {
		c.taken = append(c.taken, r)
	}
	return nil
}

// actsOf notes the acts of a row, of its party or, without one, of all. The end of
// the agreement is not a party's withdrawal, and what the agreement's own date says
// of two parties is not said again.
func (c *composer) actsOf(r cellsAt, s *said, codes []string, main bool) {
	if kind := s.texts["act_type"]; kind != "" {
		date, _ := edtf.ParseDate(s.texts["act_date"])
		s.acts = append(s.acts, saidAct{models.ActDraft{Type: kind, Date: s.texts["act_date"],
			Effective: s.texts["act_effective"], Until: s.texts["act_until"], Territory: s.texts["act_territory"],
			Note: s.texts["act_note"], Source: s.texts["act_source"], Quotation: s.texts["act_quotation"]}, -1, date})
	}
	for _, act := range s.acts {
		if len(s.parties) == 0 {
			c.add(act.ActDraft)
			continue
		}
		for i, named := range s.parties {
			code, err := c.party(named, act.date.Earliest)
			if err != nil || code == "" || code == models.LeftOut {
				code = ""
				if i < len(codes) {
					code = codes[i]
				}
			}
			if code != "" {
				a := act.ActDraft
				a.Party = code
				c.add(a)
			}
		}
	}
}

func (c *composer) add(act models.ActDraft) {
	if !slices.Contains(c.Draft.Acts, act) {
		c.Draft.Acts = append(c.Draft.Acts, act)
	}
}

// period reads from when until when a row says that the agreement holds.
func (c *composer) period(s *said) {
	months := func(name string) models.Number {
		if s.texts[name] == "0" { // none is said
			return ""
		}
		return models.Number(s.texts[name])
	}
	p := models.PeriodDraft{Basis: s.texts["basis"], Renewal: s.texts["renewal"], RenewalMonths: months("renewal_months"),
		NoticeMonths: months("notice_months"), CountedFrom: s.texts["counted_from"]}
	p.ValidFrom, p.ValidUntil = s.texts["valid_from"], s.texts["valid_until"]
	if span := s.texts["validity"]; span != "" && p.ValidFrom == "" {
		p.ValidFrom = span
		if from, until, ok := strings.Cut(span, "/"); ok {
			p.ValidFrom, p.ValidUntil = strings.TrimSuffix(from, ".."), strings.TrimSuffix(until, "..")
		}
	}
	if force := s.texts["in_force"]; force != "" {
		p.ValidFrom, p.Basis = force, cmp.Or(p.Basis, "entry-into-force")
	}
	until, _ := edtf.ParseDate(p.ValidUntil)
	c.until = until
	if p.ValidFrom == "" && p.ValidUntil == "" {
		return
	}
	if !slices.Contains(c.Draft.ValidityPeriods, p) {
		c.Draft.ValidityPeriods = append(c.Draft.ValidityPeriods, p)
	}
}

// sources notes where a row says its facts come from.
func (c *composer) sources(s *said) {
	source := models.SourceDraft{Publisher: s.texts["source_publisher"], Title: s.texts["source_title"],
		Language:  s.texts["source_language"],
		Published: s.texts["source_published"], Accessed: s.texts["source_accessed"], Quotation: s.texts["source_quotation"]}
	if fixed := c.Mapping.Fixed["source_publisher"]; fixed != "" && source.Publisher == fixed {
		own := models.SourceDraft{Publisher: fixed, Title: c.unit.id, Language: c.Mapping.Fixed["source_language"]}
		source.Publisher, source.Language = "", ""
		c.Draft.Sources = append(c.Draft.Sources, own)
	}
	for _, address := range s.urls {
		source.URL = address
		if !slices.ContainsFunc(c.Draft.Sources, func(o models.SourceDraft) bool { return o.URL == address }) {
			c.Draft.Sources = append(c.Draft.Sources, source)
		}
		source = models.SourceDraft{}
	}
	if source.Publisher+source.Title != "" {
		c.Draft.Sources = append(c.Draft.Sources, source)
	}
	for _, title := range s.named {
		c.Draft.Sources = append(c.Draft.Sources, models.SourceDraft{Title: title})
	}
}

// refuse is the whole unit's refusal, with all rows that belong to it.
func (c *composed) refuse(p models.Problem, column, value string) {
	first := c.unit.rows[0]
	c.problem, c.at = &p, models.NewRefusal(first.file, first.line, column, value, p, true)
}

// counted is what the unit came to: its own line, and the rows that belong to it.
func (c *composed) counted(outcome models.Outcome) (p models.Progress) {
	p.Steps = 1
	rows := int64(len(c.unit.parts))
	if c.unit.orphan {
		p.Counts.RowsRead, p.Counts.RowsRefused = 1, 1
		p.Refusals = []models.Refusal{c.at}
		return p
	}
	p.Counts.Read, p.Counts.RowsRead = 1, rows
	if outcome.Action == models.IncomingRefused && c.problem == nil {
		field := outcome.Problems.Fields()[0]
		problem := outcome.Problems[field]
		c.refuse(problem, field, problem.Args["value"])
	}
	for _, missing := range outcome.Missing {
		c.refusals = append(c.refusals, models.NewRefusal(0, c.unit.rows[0].line, "", missing.Value,
			models.Problem{Code: "import_relation", Args: map[string]string{"value": missing.Value}}, false))
	}
	refusedParts := map[string]bool{}
	for _, r := range c.refusals {
		if r.Whole && r.File > 0 {
			refusedParts[fmt.Sprint(r.File, " ", r.Line)] = true
		} else if !r.Whole {
			p.Counts.ValuesRefused++
		}
	}
	p.Refusals = c.refusals
	if c.problem != nil {
		p.Counts.Refused = 1
		p.Refusals = append([]models.Refusal{c.at}, c.refusals...)
		for _, r := range c.unit.parts {
			if key := fmt.Sprint(r.file, " ", r.line); !refusedParts[key] {
				p.Refusals = append(p.Refusals, models.NewRefusal(r.file, r.line, "", c.unit.id,
					models.Problem{Code: "import_its_agreement"}, true))
			}
		}
		p.Counts.RowsRefused = rows
		return p
	}
	p.Counts.RowsRefused = int64(len(refusedParts))
	p.Counts.RowsTaken = rows - p.Counts.RowsRefused
	switch outcome.Action {
	case models.IncomingNew:
		p.Counts.New = 1
	case models.IncomingSame:
		p.Counts.Same = 1
	case models.IncomingChanged:
		p.Counts.Changed, p.Counts.Fields = 1, int64(len(outcome.Changes))
	}
	return p
}
