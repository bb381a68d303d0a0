package models

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"chancery/models/status"

	"gorm.io/gorm"
)

// A FileFormat says how a table is written in its file. What is empty is found out
// when the file is opened.
type FileFormat struct {
	Kind      string `json:"kind,omitempty" form:"kind"`           // csv, xlsx, json
	Encoding  string `json:"encoding,omitempty" form:"encoding"`   // utf-8, utf-16le, utf-16be, windows-1251, windows-1252
	Delimiter string `json:"delimiter,omitempty" form:"delimiter"` // , ; | or tab
	Header    int    `json:"header,omitempty" form:"header"`       // the line of the header, -1 when there is none
	Sheet     string `json:"sheet,omitempty" form:"sheet"`         // of a workbook
}

// A Mapping says how the tables of an import are read as agreements. It is data: it
// can be saved, given to others as a file, and used from the command line; known
// sources are mappings that come with the program.
type Mapping struct {
	Name  string `json:"name,omitempty" form:"name"`   // by which it is called
	Title string `json:"title,omitempty" form:"title"` // for people
	// where the data come from, under which licence
	Note string `json:"note,omitempty" form:"note"`
	// the external list whose identifiers stand in the field id
	Scheme string `json:"scheme,omitempty" form:"scheme"`
	// in an identifier: what follows this mark is the agreement that it amends or
	// supplements
	Parent string `json:"parent,omitempty" form:"parent"`
	// what finds a record that is there: id, or also url, its source's address
	Match string `json:"match,omitempty" form:"match"`
	// what a further row with the same identifier is: each an agreement of its own;
	// empty, left out
	Repeats string `json:"repeats,omitempty" form:"repeats"`
	// the list whose codes stand for parties, such as ggo, cow, gw
	Codes     string `json:"codes,omitempty" form:"codes"`
	Separator string `json:"separator,omitempty" form:"separator"` // of several values in one cell
	// of numbers in a date such as 5/11/2025: dmy, mdy
	Order string `json:"order,omitempty" form:"order"`
	// what stands where nothing is known, such as NA
	Nothing  []string `json:"nothing,omitempty" form:"nothing"`
	Language string   `json:"language,omitempty" form:"language"` // of titles (BCP 47)
	// by field: the same for every agreement
	Fixed map[string]string `json:"fixed,omitempty" form:"fixed"`
	// what was checked is written without being asked, as a known data set may be
	AtOnce bool `json:"at_once,omitempty" form:"at_once"`
	// by field: how words of the file are meant
	Values map[string]map[string]string `json:"values,omitempty" form:"-"`
	// as the file names them: a code, or - to leave out
	Parties map[string]string `json:"parties,omitempty" form:"-"`
	// what could not be known of the files, to be asked
	Questions []Question `json:"questions,omitempty" form:"-"`
	// of this register: what is under it is a record here
	Site string `json:"site,omitempty" form:"site"`
	// the first holds agreements, others what belongs to them
	Tables []TableMapping `json:"tables" form:"tables"`
}

// A Question is what cannot be known of files and is asked, or was decided and can be
// decided otherwise.
type Question struct {
	Field string            `json:"field,omitempty"` // of the mapping, that answers it; empty where it is only told
	Code  string            `json:"code"`
	Args  map[string]string `json:"args,omitempty"`
}

// Answer answers the question of a field of a mapping; a minus says that a further row
// is left out. The error is Invalid where the field has no such question.
func (m *Mapping) Answer(field, value string) error {
	switch name, fixed := strings.CutPrefix(field, "fixed["); {
	case fixed:
		if m.Fixed == nil {
			m.Fixed = map[string]string{}
		}
		m.Fixed[strings.TrimSuffix(name, "]")] = value
	case field == "order":
		m.Order = value
	case field == "codes":
		m.Codes = value
	case field == "repeats":
		m.Repeats = strings.TrimPrefix(value, "-")
	default:
		return Invalid{"answer": {Code: "choice", Args: map[string]string{"value": field,
			"choices": "order, codes, repeats, party, title"}}}
	}
	return m.Check()
}

// KeepUnused keeps what stands in columns of the table of agreements that mean
// nothing as further data. Of a row of a party it would not say whose.
func (m *Mapping) KeepUnused() {
	if len(m.Tables) == 0 || m.Tables[0].Rows == "party" {
		return
	}
	for k := range m.Tables[0].Columns {
		if c := &m.Tables[0].Columns[k]; c.Field == "" {
			c.Field = "further"
		}
	}
}

// Open are the questions of a mapping to which there is no answer yet.
func (m *Mapping) Open() (list []Question) {
	for _, q := range m.Questions {
		if q.Field == "order" && m.Order == "" || q.Field == "fixed[party]" && m.Fixed["party"] == "" {
			list = append(list, q)
		}
	}
	return list
}

// A TableMapping says how one table is read.
type TableMapping struct {
	Title  string     `json:"title,omitempty" form:"title"`
	Format FileFormat `json:"format" form:"format"`
	// what a row is: agreement, or party (several rows are one agreement)
	Rows    string          `json:"rows,omitempty" form:"rows"`
	Columns []ColumnMapping `json:"columns" form:"columns"`
}

// A ColumnMapping says what a column means: a field, some with a word after a
// colon, such as title:de; empty is nothing.
type ColumnMapping struct {
	Column string `json:"column" form:"column"`
	Field  string `json:"field" form:"field"`
	// of numbers in its dates, where they are in another order than elsewhere: dmy, mdy
	Order string `json:"order,omitempty" form:"order"`
	// what stands for nothing in this column, beside what does everywhere
	Nothing []string `json:"nothing,omitempty" form:"nothing"`
}

// ImportFields are what a column can mean, in the order of a form's list. Those
// that end in a colon take a word: a language, an external list, a type of act or
// relation.
var ImportFields = slices.Concat([]string{"id", "number", "address", "title", "title:", "title_language", "title_authentic"},
	fieldNames(func(Field) bool { return true }),
	[]string{"party", "role", "side", "institution", "person", "office", "in_force", "valid_from", "valid_until", "validity",
		"ended",
		"basis", "renewal", "renewal_months", "notice_months", "counted_from", "act:", "act_type", "act_date", "act_effective",
		"act_until", "act_territory", "act_note", "act_source", "act_quotation",
		"relation:", "relation_type", "relation_target", "identifier_scheme", "identifier_value", "further", "further_name", "further_value",
		"subject", "external_id:", "party:", "year", "month", "day", "source_url", "source_title", "source_publisher", "source_language", "source_published",
		"source_accessed", "source_quotation"})

// ClosedLists are what the fields of a closed list can say.
var ClosedLists = closedLists()

func closedLists() map[string][]string {
	lists := map[string][]string{"role": Roles, "basis": Bases, "renewal": Renewals, "act_type": status.ActTypes}
	for _, f := range Fields {
		if f.Kind == ChoiceField {
			lists[f.Name] = f.Choices
		}
	}
	return lists
}

// RepeatChoices say what a further row with the same identifier is.
var RepeatChoices = []string{"", "each"}

// DateOrders are those of the numbers in a date.
var DateOrders = []string{"dmy", "mdy"}

// fieldParts is a field's own name with its colon, if it has one, and the word
// after it.
func fieldParts(field string) (name, word string) {
	if before, after, ok := strings.Cut(field, ":"); ok {
		return before + ":", after
	}
	return field, ""
}

// FieldOf is the first column of a table that means a field; -1 when none does.
func (t *TableMapping) FieldOf(field string) int {
	return slices.IndexFunc(t.Columns, func(c ColumnMapping) bool { return c.Field == field })
}

var (
	mappingName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	schemeName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
)

// Check tells what is wrong with a mapping. The error is Invalid.
func (m *Mapping) Check() error {
	problems := Invalid{}
	if m.Name != "" && !mappingName.MatchString(m.Name) {
		problems.add("name", "mapping_name", "value", m.Name)
	}
	if m.Scheme != "" && !schemeName.MatchString(m.Scheme) {
		problems.add("scheme", "scheme", "value", m.Scheme)
	}
	if m.Order != "" {
		oneOf(m.Order, DateOrders, "order", problems)
	}
	if m.Language != "" && !isLanguage(m.Language) {
		problems.add("language", "language", "value", m.Language)
	}
	if m.Match != "" {
		oneOf(m.Match, []string{"id", "url"}, "match", problems)
	}
	if m.Repeats != "" {
		oneOf(m.Repeats, RepeatChoices[1:], "repeats", problems)
	}
	if len(m.Tables) == 0 {
		problems.add("tables", "required")
	}
	for field := range m.Fixed {
		checkField(field, "fixed."+field, problems)
	}
	usesID := false
	for i := range m.Tables {
		usesID = m.Tables[i].check(i, m.Fixed["title"] != "", problems) || usesID
	}
	if len(m.Tables) > 0 && !slices.ContainsFunc(m.Tables[0].Columns,
		func(c ColumnMapping) bool { return strings.HasPrefix(c.Field, "title") }) && m.Fixed["title"] == "" {
		problems.add("tables[0].columns", "mapping_title")
	}
	if usesID && m.Scheme == "" {
		problems.add("scheme", "mapping_scheme")
	}
	return problems.orNil()
}

// check tells what is wrong with the table of a number, and whether its agreements
// are known by an identifier. Rows of parties
// can be told by the title as well, those of one treaty by nothing.
func (t *TableMapping) check(i int, oneTreaty bool, problems Invalid) (usesID bool) {
	for j, c := range t.Columns {
		if c.Field != "" {
			checkField(c.Field, fmt.Sprintf("tables[%d].columns[%d].field", i, j), problems)
		}
		usesID = usesID || (c.Field == "id" || c.Field == "address") && i == 0
	}
	if t.Rows != "" {
		oneOf(t.Rows, []string{"agreement", "party"}, fmt.Sprintf("tables[%d].rows", i), problems)
	}
	told := t.FieldOf("id") >= 0 || t.FieldOf("address") >= 0
	if !told && (i > 0 || t.Rows == "party" && !oneTreaty && t.FieldOf("title") < 0) {
		problems.add(fmt.Sprintf("tables[%d].columns", i), "mapping_id")
	}
	return usesID
}

// checkField tells whether a column can mean a field, and its word what it must
// be.
func checkField(field, path string, problems Invalid) {
	name, word := fieldParts(field)
	if !slices.Contains(ImportFields, name) {
		problems.add(path, "mapping_field", "value", field)
		return
	}
	switch name {
	case "title:":
		if !isLanguage(word) {
			problems.add(path, "language", "value", word)
		}
	case "act:":
		oneOf(word, status.ActTypes, path, problems)
	case "relation:":
		oneOf(word, RelationTypes, path, problems)
	case "party:":
		if !partyCode.MatchString(word) {
			problems.add(path, "unknown_party", "value", word)
		}
	case "external_id:":
		if !schemeName.MatchString(word) {
			problems.add(path, "scheme", "value", word)
		}
	}
}

// SaveMapping keeps a mapping under its name, in place of one that was there.
func (s Bulk) SaveMapping(ctx context.Context, m Mapping, change Change) error {
	if err := m.Check(); err != nil {
		return err
	}
	if m.Name == "" {
		return Invalid{"name": {Code: "required"}}
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		if err := s.Accounts().note(tx, change, AuditImport, "mapping "+m.Name); err != nil {
			return err
		}
		return tx.Exec(
			"INSERT INTO mappings (name, mapping, actor, at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET mapping = excluded.mapping, actor = excluded.actor, at = excluded.at",
			m.Name, string(text), change.Actor, s.Now().UTC()).Error
	})
	if err != nil {
		return fmt.Errorf("saving mapping %s: %w", m.Name, err)
	}
	return nil
}

// Mappings are all that were saved, by name, at most 500.
func (s Bulk) Mappings(ctx context.Context) (list []Mapping, err error) {
	var texts []string
	if err = s.reader(ctx).Raw("SELECT mapping FROM mappings ORDER BY name LIMIT 500").Scan(&texts).Error; err != nil {
		return nil, fmt.Errorf("reading the mappings: %w", err)
	}
	for _, text := range texts {
		var m Mapping
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return nil, fmt.Errorf("reading the mappings: %w", err)
		}
		list = append(list, m)
	}
	return list, nil
}

// ForgetMapping takes a saved mapping out.
func (s Bulk) ForgetMapping(ctx context.Context, name string) error {
	done := s.write.WithContext(ctx).Exec("DELETE FROM mappings WHERE name = ?", name)
	if done.Error == nil && done.RowsAffected == 0 {
		return fmt.Errorf("mapping %s: %w", name, ErrNotFound)
	}
	return done.Error
}
