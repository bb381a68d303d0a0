package exchange

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
)

// A Table is one CSV that we give out, column by column: its header, and its
// description for machines and people.
type Table struct {
	Name    string // of its file, without the ending
	Title   string
	Columns []Column
	Key     []string // the columns that tell its rows apart; none where rows may repeat
}

// A Column of a table. Its type is one of CSV on the Web's: string, integer,
// boolean, date.
type Column struct {
	Name, Type, Description string
}

// Header is the first row.
func (t Table) Header() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Tables are all tables that we give out; a test holds their headers against what
// is written.
var Tables = []Table{TimelineTable, AgreementsTable, PairYearsTable, PartyYearsTable, CalendarTable, YearsTable,
	PairsTable, PartiesTable}

// TimelineTable is the timeline, a public contract: its columns stay, in this
// order.
var TimelineTable = Table{"timeline", "Events of agreements", []Column{
	{"date", "string", "As written, EDTF (ISO 8601-2)"},
	{"date_earliest", "date", "The first day it can mean; of a bound of validity the day itself"},
	{"date_latest", "date", "The last day it can mean"},
	{"event", "string",
		"An act, such as signature or ratification, or what follows from facts: validity-begins, validity-ends, renewal-due, notice-deadline, meeting"},
	{"agreement", "integer", "Register number; empty for a meeting that no agreement names"},
	{"title", "string", "The main title"},
	{"kind", "string",
		"treaty, convention, agreement, protocol, notes, memorandum, plan, programme, declaration, communique, amendment, other"},
	{"parties", "string", "The codes of all parties, joined with ;"},
	{"party", "string", "The code of the one whose deed it is; empty for all"},
	{"institution", "string", "The body that acted, as its source names it"},
	{"person", "string", "The person who acted, as the source spells the name"},
	{"office", "string", "The office the person held"},
	{"place", "string", "Where"},
	{"meeting", "string", "Title of the meeting"},
	{"note", "string", "The act's note; of a bound of validity its basis; of a meeting how the agreement relates to it"},
	{"source", "string", "The record's first source"},
	{"url", "string", "The source's address"},
}, nil}

// AgreementsTable is a list of agreements.
var AgreementsTable = Table{"agreements", "Agreements", []Column{
	{"agreement", "integer", "Register number"},
	{"title", "string", "Title, in the language asked for where it is recorded"},
	{"kind", "string", "Kind of agreement"},
	{"level", "string", "Who concluded it: interstate, intergovernmental, interagency, unknown"},
	{"signed", "string", "Date of signature as written, EDTF"},
	{"date_earliest", "date", "The first day on which it can have been signed, or the first thing known of it"},
	{"date_latest", "date", "The last such day"},
	{"place", "string", "Place of signature"},
	{"scope", "string", "bilateral or multilateral"},
	{"parties", "string", "The codes of all parties, joined with ;"},
	{"status", "string", "Status on the day asked about, for the parties asked about"},
	{"uncertain", "boolean", "Whether a partial date leaves the status open"},
	{"address", "string", "Where the agreement's page is"},
	{"between_from", "date", "Of a pair: the first day of the spell in force between both that covers the day, or of the last"},
	{"between_until", "date", "Its last day; empty while there is none. Each spell is a row of ?table=spells"},
}, []string{"agreement"}}

// yearColumns are what a panel counts in a year.
func yearColumns() []Column {
	columns := []Column{
		{"year", "integer", "Year of the Gregorian calendar"},
		{"concluded", "integer", "Agreements dated in the year; a date that spans years counts in its first"},
	}
	for _, st := range models.PanelStatuses {
		columns = append(columns, Column{strings.ReplaceAll(st.String(), "-", "_"), "integer",
			"Agreements that stood so on 31 December; of a pair: between both"})
	}
	columns = append(columns, Column{"ended", "integer", "Agreements that ceased to be in force in the year"})
	for _, kind := range models.Kinds {
		columns = append(columns, Column{"concluded_" + kind, "integer", "concluded, of this kind"})
	}
	for _, kind := range models.Kinds {
		columns = append(columns, Column{"in_force_" + kind, "integer", "in_force, of this kind"})
	}
	return columns
}

// PairYearsTable is a panel of pairs and years, for statistics.
var PairYearsTable = Table{"pairs", "Agreements by pair of parties and year", append([]Column{
	{"party_a", "string", "Code of the first party, by alphabet"},
	{"party_b", "string", "Code of the second"},
	{"iso3_a", "string", "ISO 3166-1 alpha-3 of the first"},
	{"iso3_b", "string", "of the second"},
	{"cow_a", "integer", "Correlates of War number of the first in that year"},
	{"cow_b", "integer", "of the second"},
	{"gw_a", "integer", "Gleditsch–Ward number of the first in that year"},
	{"gw_b", "integer", "of the second"},
	{"kind_a", "string", "state, former-state, organisation, territory, region"},
	{"kind_b", "string", "of the second"},
	{"existed_from_a", "string", "First day of the first, EDTF; empty where it is not known"},
	{"existed_from_b", "string", "of the second"},
	{"existed_until_a", "string", "Last day of the first, EDTF; empty while it exists"},
	{"existed_until_b", "string", "of the second"},
}, yearColumns()...), []string{"party_a", "party_b", "year"}}

// PartyYearsTable is a panel of parties and years.
var PartyYearsTable = Table{"parties", "Agreements by party and year", append([]Column{
	{"party", "string", "Code of the party"},
	{"iso3", "string", "ISO 3166-1 alpha-3"},
	{"cow", "integer", "Correlates of War number in that year"},
	{"gw", "integer", "Gleditsch–Ward number in that year"},
	{"kind", "string", "state, former-state, organisation, territory, region"},
	{"existed_from", "string", "First day of the party, EDTF; empty where it is not known"},
	{"existed_until", "string", "Last day, EDTF; empty while it exists"},
}, yearColumns()...), []string{"party", "year"}}

// CalendarTable is what is to come.
var CalendarTable = Table{"calendar", "What is to come", []Column{
	{"date", "string", "As written, EDTF"},
	{"date_earliest", "date", "The first day it can mean"},
	{"date_latest", "date", "The last day it can mean"},
	{"event", "string",
		"validity-begins, validity-ends, renewal-due, notice-deadline, meeting, or meeting-due for one that is reckoned"},
	{"agreement", "integer", "Register number"},
	{"title", "string", "The main title, or the series of a meeting that is due"},
	{"parties", "string", "The codes of all parties, joined with ;"},
	{"place", "string", "Where"},
	{"note", "string", "The basis of validity"},
}, nil}

// YearsTable is what happened by year.
var YearsTable = Table{"years", "Agreements by year", []Column{
	{"year", "integer", "Year of the Gregorian calendar"},
	{"signed", "integer", "Agreements dated in the year"},
	{"entered", "integer", "that came into force"},
	{"ended", "integer", "that ceased to be in force"},
	{"in_force", "integer", "in force on 31 December, in the last year on the day asked about"},
}, []string{"year"}}

// PairsTable counts agreements by pair: of a matrix or a network.
var PairsTable = Table{"matrix", "Agreements by pair", []Column{
	{"party_a", "string", "Code of the first party, by alphabet"},
	{"party_b", "string", "Code of the second"},
	{"agreements", "integer", "Agreements in force for both on the day, or dated within the span, as was asked"},
}, []string{"party_a", "party_b"}}

// PartiesTable counts agreements by party: of a map.
var PartiesTable = Table{"map", "Agreements in force by party", []Column{
	{"party", "string", "Code of the party"},
	{"name", "string", "Its name in the language asked for"},
	{"in_force", "integer", "Agreements in force on the day: of the party, or with the party asked about"},
}, []string{"party"}}

// Write streams rows under a table's header.
func (t Table) Write(w io.Writer, options CSVOptions, rows iter.Seq2[[]string, error]) error {
	out, err := newTable(w, t.Header(), options)
	if err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := out.write(row); err != nil {
			return err
		}
	}
	return out.flush()
}

// WritePanel streams a panel of pairs, or with alone of parties.
func WritePanel(w io.Writer, rows iter.Seq2[*models.PanelRow, error], alone bool, options CSVOptions) error {
	table := PairYearsTable
	if alone {
		table = PartyYearsTable
	}
	n := strconv.Itoa
	return table.Write(w, options, func(yield func([]string, error) bool) {
		row := make([]string, 0, len(table.Columns))
		for r, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if row = row[:0]; alone {
				row = append(row, r.A.Code, r.A.ISO3, r.A.COW, r.A.GW, r.A.Kind, r.A.ExistedFrom, r.A.ExistedUntil)
			} else {
				row = append(row, r.A.Code, r.B.Code, r.A.ISO3, r.B.ISO3, r.A.COW, r.B.COW, r.A.GW, r.B.GW,
					r.A.Kind, r.B.Kind, r.A.ExistedFrom, r.B.ExistedFrom, r.A.ExistedUntil, r.B.ExistedUntil)
			}
			row = append(row, n(r.Year), n(r.Concluded))
			for _, st := range models.PanelStatuses {
				row = append(row, n(r.Standing[st]))
			}
			row = append(row, n(r.Ended))
			for _, k := range r.ByKind {
				row = append(row, n(k.Concluded))
			}
			for _, k := range r.ByKind {
				row = append(row, n(k.InForce))
			}
			if !yield(row, nil) {
				return
			}
		}
	})
}

// Rows makes the rows of a table of a list.
func Rows[T any](list []T, row func(T) []string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, item := range list {
			if !yield(row(item), nil) {
				return
			}
		}
	}
}

// ComingRows are the rows of a calendar, those of meetings that are due among them.
func ComingRows(list []models.Coming, due []models.DueMeeting) iter.Seq2[[]string, error] {
	rows := make([][]string, 0, len(list)+len(due))
	for _, c := range list {
		agreement := ""
		if c.Agreement > 0 {
			agreement = strconv.FormatInt(c.Agreement, 10)
		}
		title := c.Title
		if c.Event.Event == "meeting" {
			title = c.Meeting
		}
		rows = append(rows, []string{c.Date, string(c.DateEarliest), string(c.DateLatest), c.Event.Event, agreement, title,
			c.Parties, c.Place, c.Note})
	}
	for _, d := range due {
		rows = append(rows, []string{d.Expected, string(d.Earliest), string(d.Latest), "meeting-due", "", d.Series, "", "",
			""})
	}
	slices.SortStableFunc(rows, func(a, b []string) int { return strings.Compare(a[1]+a[2], b[1]+b[2]) })
	return Rows(rows, func(row []string) []string { return row })
}

// PairRows are the rows of a matrix: every two parties that have agreements, once.
func PairRows(m *models.Matrix) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for i, a := range m.Codes {
			for j, b := range m.Codes {
				if n := m.Cells[i][j]; a < b && n > 0 && !yield([]string{a, b, strconv.Itoa(n)}, nil) {
					return
				}
			}
		}
	}
}

// Metadata describes a table as CSV on the Web does (W3C Recommendation, Metadata
// Vocabulary for Tabular Data). url is where the table is.
func (t Table) Metadata(url string) map[string]any {
	columns := make([]map[string]any, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = map[string]any{"name": c.Name, "titles": c.Name, "datatype": c.Type, "dc:description": c.Description}
	}
	schema := map[string]any{"columns": columns}
	if t.Key != nil {
		schema["primaryKey"] = t.Key
	}
	return map[string]any{
		"@context": []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": "en"}},
		"url":      url,
		"dc:title": t.Title,
		"dialect": map[string]any{"encoding": "utf-8", "header": true, "delimiter": ",", "doubleQuote": true,
			"lineTerminators": []string{"\r\n"}},
		"tableSchema": schema,
	}
}
