package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
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
	begins       bool // a column for the beginning is there
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
	for _, name := range []string{"in_force", "valid_from", "validity"} {
		c.begins = c.begins || in.column(0, name) >= 0
	}
	d := &c.Draft
	c.ByURL = in.Mapping.Match == "url"
	if at := in.column(0, "signed"); at >= 0 {
		c.dated, _ = in.dates[0].edtf(in.value(first.cells[at]))
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
	if id == "" || c.Mapping.Scheme == "" {
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

// A said is what one row says, before it is known of which party.
type said struct {
	texts                                  map[string]string
	columns                                map[string]int
	parties, institutions, people, offices []string
	partyColumn                            int
	acts                                   []saidAct
	urls, named                            []string // sources
}

type saidAct struct {
	models.ActDraft
	column int
	date   edtf.Date
}

// row reads one row: its cells, then the fixed fields that it leaves open.
func (c *composer) row(r cellsAt, main bool) error {
	s := &said{texts: map[string]string{}, columns: map[string]int{}}
	for i, f := range c.fields[r.file] {
		if f.name == "" || f.name == "id" || f.name == "address" {
			continue
		}
		if value := c.value(r.cells[i]); value != "" {
			c.cell(r, i, f, value, s)
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
				!(f.name == "title" && len(c.Draft.Titles) > 0) {
				c.cell(r, -1, f, value, s)
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

// An other is a row that is dated as another agreement with the same identifier.
type other struct {
	cellsAt
	said *said
}

// elsewhere tells whether a row is dated as another agreement that bears the same
// identifier.
func (c *composer) elsewhere(s *said) bool {
	for _, act := range s.acts {
		if act.Type != string(status.SignatureAct) || act.date.Written == c.dated.Written {
			continue
		}
		for _, date := range c.unit.others {
			if d, err := c.dates[0].edtf(date); err == nil && d.Written == act.date.Written {
				return true
			}
		}
	}
	return false
}

// settleOthers decides on the rows that are dated as another agreement: one that
// has parties of its own leaves them; one that has none takes the parties, for the
// identifier names them, but not the dates.
func (c *composer) settleOthers() error {
	needed := len(c.Draft.Participations) < 2
	for _, o := range c.others {
		p := models.Problem{Code: "import_other"}
		act := o.said.acts[0]
		if !needed {
			c.refuseRow(o.cellsAt, act.column, act.Date, p)
			continue
		}
		c.refuseValue(o.cellsAt, act.column, act.Date, p)
		o.said.acts = nil
		if err := c.place(o.cellsAt, o.said, false); err != nil {
			return err
		}
	}
	return nil
}

// cell reads one cell.
func (c *composer) cell(r cellsAt, i int, f field, value string, s *said) {
	d := &c.Draft
	switch f.name {
	case "number":
		c.number(r, i, value)
	case "title", "title:":
		c.title(cmp.Or(f.word, c.Mapping.Language, "und"), value)
	case "party":
		s.parties = append(s.parties, c.split(value)...)
		s.partyColumn = i
	case "institution":
		s.institutions = append(s.institutions, c.split(value)...)
	case "person":
		s.people = append(s.people, c.split(value)...)
	case "office":
		s.offices = append(s.offices, c.split(value)...)
	case "subject":
		d.Subjects = append(d.Subjects, c.split(value)...)
	case "external_id:":
		d.ExternalIDs = append(d.ExternalIDs, models.ExternalIDDraft{Scheme: f.word, Value: value})
	case "relation:":
		for _, id := range c.split(value) {
			c.Relations = append(c.Relations, models.IncomingRelation{Type: f.word, Scheme: c.Mapping.Scheme, Value: id})
		}
	case "source_url":
		s.address(value)
	case "act:":
		if date, ok := c.date(r, i, value, false); ok {
			s.acts = append(s.acts, saidAct{models.ActDraft{Type: f.word, Date: date.Written}, i, date})
		}
	case "validity", "in_force", "valid_from", "valid_until", "ended", "act_date", "act_effective", "source_published",
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

// title adds a title, once.
func (c *composer) title(language, text string) {
	d := &c.Draft
	if !slices.ContainsFunc(d.Titles, func(t models.TitleDraft) bool { return t.Text == text }) {
		d.Titles = append(d.Titles, models.TitleDraft{Language: language, Text: text})
	}
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

// date reads a date, or notes why it is none.
func (c *composer) date(r cellsAt, column int, value string, interval bool) (edtf.Date, bool) {
	d, err := c.dates[r.file].edtf(value)
	if err == nil && d.Interval && !interval {
		err = &edtf.DateError{Written: value, Code: "interval"}
	}
	var refused *edtf.DateError
	if errors.As(err, &refused) {
		c.refuseValue(r, column, value, models.Problem{Code: "date_" + refused.Code, Args: map[string]string{"value": value}})
		return d, false
	}
	return d, err == nil
}

// place puts what a row says where it belongs.
func (c *composer) place(r cellsAt, s *said, main bool) error {
	d := &c.Draft
	set := func(to *string, name string) {
		if *to == "" {
			*to = s.texts[name]
		}
	}
	if language := s.texts["title_language"]; main && language != "" && len(d.Titles) > 0 {
		d.Titles[0].Language = language
	}
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
	if main && c.Mapping.Tables[0].Rows != "party" {
		c.ended, _ = c.dates[r.file].edtf(s.texts["ended"])
	} else if ended := s.texts["ended"]; ended != "" {
		c.ended, _ = c.dates[r.file].edtf(ended)
	}
	c.sources(s)
	if !main {
		c.taken = append(c.taken, r)
	}
	return nil
}

// parties finds the parties of a row. One that nobody is known by refuses the row,
// or of a list the whole agreement.
func (c *composer) parties(r cellsAt, s *said, main bool) (codes []string, taken bool, err error) {
	for i, named := range s.parties {
		code, err := c.bearer(named, s)
		if err != nil {
			return nil, false, err
		}
		switch code {
		case models.LeftOut:
			if !main {
				c.refuseRow(r, s.partyColumn, named, models.Problem{Code: "import_left_out"})
				return nil, false, nil
			}
			continue
		case "":
			p := models.Problem{Code: "unknown_party", Args: map[string]string{"value": named}}
			if main && c.Mapping.Tables[0].Rows != "party" {
				c.problem, c.at = &p, models.NewRefusal(r.file, r.line, c.columnName(r, s.partyColumn), named, p, true)
				return nil, false, nil
			}
			c.refuseRow(r, s.partyColumn, named, p)
			if main {
				return nil, true, nil
			}
			return nil, false, nil
		}
		codes = append(codes, code)
		p := c.join(code)
		if main || p.Role == "" {
			p.Role = cmp.Or(s.texts["role"], p.Role)
		}
		if i < len(s.institutions) && (len(s.institutions) == len(s.parties) || len(s.parties) == 1) && p.Institution == "" {
			p.Institution = s.institutions[i]
		}
		c.signatories(p, s, i)
	}
	return codes, true, nil
}

// bearer finds the party that has a name at the time of a row's acts, or of the
// agreement: the bearer of a name may change from one act to the next.
func (c *composer) bearer(named string, s *said) (code string, err error) {
	if len(s.acts) == 0 {
		return c.party(named, c.dated.Latest)
	}
	for _, act := range s.acts {
		if code, err = c.party(named, act.date.Earliest); err != nil || code == "" {
			return code, err
		}
		if code != models.LeftOut {
			c.join(code)
		}
	}
	return code, nil
}

func (c *composer) signatories(p *models.ParticipationDraft, s *said, i int) {
	add := func(j int) {
		person := models.SignatoryDraft{Person: s.people[j]}
		if j < len(s.offices) {
			person.Office = s.offices[j]
		}
		if !slices.ContainsFunc(p.Signatories, func(o models.SignatoryDraft) bool { return o.Person == person.Person }) {
			p.Signatories = append(p.Signatories, person)
		}
	}
	switch {
	case len(s.parties) == 1:
		for j := range s.people {
			add(j)
		}
	case len(s.people) == len(s.parties):
		add(i)
	}
}

// join is the participation of a party, made when it has none.
func (c *composer) join(code string) *models.ParticipationDraft {
	d := &c.Draft
	i := slices.IndexFunc(d.Participations, func(p models.ParticipationDraft) bool { return p.Party == code })
	if i < 0 {
		i = len(d.Participations)
		d.Participations = append(d.Participations, models.ParticipationDraft{Party: code})
	}
	return &d.Participations[i]
}

func (c *composer) party(named string, on edtf.Day) (string, error) {
	code, candidates, err := c.finder.Find(named, on)
	if err == nil && code == "" {
		c.unknown[named] = candidates
	}
	return code, err
}

// actsOf notes the acts of a row, of its party or, without one, of all. The end of
// the agreement is not a party's withdrawal, and what the agreement's own date says
// of two parties is not said again.
func (c *composer) actsOf(r cellsAt, s *said, codes []string, main bool) {
	if kind := s.texts["act_type"]; kind != "" && s.texts["act_date"] != "" {
		date, _ := edtf.ParseDate(s.texts["act_date"])
		s.acts = append(s.acts, saidAct{models.ActDraft{Type: kind, Date: s.texts["act_date"],
			Effective: s.texts["act_effective"], Note: s.texts["act_note"]}, -1, date})
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
		NoticeMonths: months("notice_months")}
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
	if p.ValidFrom == "" && p.ValidUntil == "" || p.ValidFrom == "" && c.begins {
		return // when it began is not said: it is not known to hold
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

// settle decides what only all rows together tell.
func (c *composer) settle() {
	d := &c.Draft
	c.settleKind()
	c.settleEnd()
	ends := []string{c.ended.Written, c.until.Written}
	d.Acts = slices.DeleteFunc(d.Acts, func(a models.ActDraft) bool {
		if a.Party == "" {
			return false
		}
		return a.Type == string(status.Withdrawal) && slices.Contains(ends, a.Date) ||
			a.Type == string(status.SignatureAct) && len(d.Participations) == 2 && a.Date == d.Signed
	})
	if len(d.Participations) < 2 && c.problem == nil && c.Number == 0 {
		code := "two_parties"
		if len(c.unit.parts) == 0 && len(c.Files) > 1 {
			code = "import_no_parties"
		}
		p := models.Problem{Code: code}
		c.problem, c.at = &p, models.NewRefusal(0, c.unit.rows[0].line, "", c.unit.id, p, true)
	}
}

// settleKind takes the kind from the beginning of a title where no column says one,
// and the type of relations from the kind.
func (c *composer) settleKind() {
	d := &c.Draft
	if d.Kind == "" || d.Kind == "agreement" && !c.exactly {
		for _, t := range d.Titles {
			if kind := beginsAs(t.Text); kind != "" {
				d.Kind = kind
				break
			}
		}
	}
	for i := range c.Relations {
		if c.Relations[i].Type == "" {
			if c.Relations[i].Type = "supplements"; d.Kind == "amendment" {
				c.Relations[i].Type = "amends"
			}
		}
	}
}

// settleEnd makes a termination of an end that is not that of a term, and refuses
// an end before the beginning.
func (c *composer) settleEnd() {
	periods := c.Draft.ValidityPeriods
	end := c.ended
	if !end.Known() && len(periods) == 0 {
		end = c.until
	}
	termEnd := len(periods) > 0 && end.Written == periods[0].ValidUntil
	if end.Known() && !termEnd {
		c.add(models.ActDraft{Type: string(status.Termination), Date: end.Written})
	}
	if len(periods) == 0 || periods[0].ValidUntil == "" {
		return
	}
	p := &periods[0]
	from, _ := edtf.ParseDate(p.ValidFrom)
	if until, _ := edtf.ParseDate(p.ValidUntil); !from.Known() || until.Latest >= from.Earliest {
		return
	}
	if at := c.column(0, "valid_until"); at >= 0 {
		c.refuseValue(c.unit.rows[0], at, p.ValidUntil, models.Problem{Code: "date_order",
			Args: map[string]string{"value": p.ValidUntil}})
	}
	p.ValidUntil = ""
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
	if outcome.What == models.IncomingRefused && c.problem == nil {
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
	switch outcome.What {
	case models.IncomingNew:
		p.Counts.New = 1
	case models.IncomingSame:
		p.Counts.Same = 1
	case models.IncomingChanged:
		p.Counts.Changed, p.Counts.Fields = 1, int64(len(outcome.Changes))
	}
	return p
}
