package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
)

// A RecordTable is one of the tidy tables that records part into: a row for each of
// what an agreement has.
type RecordTable struct {
	Table
	rows func(a *models.Agreement) [][]string
}

// Address is where an agreement's page is, under a site.
func Address(site string, id int64) string { return site + "/agreements/" + strconv.FormatInt(id, 10) }

// own are the first column of a record's table, address the last.
func recordTable(name, title string, columns []Column, rows func(a *models.Agreement) [][]string) RecordTable {
	columns = append([]Column{{"agreement", "integer", "Register number"}}, columns...)
	columns = append(columns, Column{"address", "string", "Where the agreement's page is"})
	return RecordTable{Table{name, title, columns, nil}, rows}
}

// dated are the columns of a date: as written, and the first and last day it can
// mean.
func dated(name, what string) []Column {
	return []Column{{name, "string", what + ", as written, EDTF"},
		{name + "_earliest", "date", "The first day it can mean"}, {name + "_latest", "date", "The last day it can mean"}}
}

func bounds(written string) []string {
	d, _ := edtf.ParseDate(written)
	return []string{written, string(d.Earliest), string(d.Latest)}
}

func columns(lists ...[]Column) (all []Column) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func row(parts ...any) (cells []string) {
	for _, p := range parts {
		switch v := p.(type) {
		case []string:
			cells = append(cells, v...)
		case int:
			cells = append(cells, strconv.Itoa(v))
		case bool:
			cells = append(cells, strconv.FormatBool(v))
		default:
			cells = append(cells, fmt.Sprint(v))
		}
	}
	return cells
}

// agreementTable has a row an agreement: its scalar fields, with what is written in
// a cell of more. Columns keep their places: a new field comes last.
func agreementTable() RecordTable {
	text := func(name, means string, of func(a *models.Agreement) any) tableColumn {
		return tableColumn{[]Column{{name, "string", means}}, of}
	}
	list := []tableColumn{
		text("title", "The main title", func(a *models.Agreement) any { return a.Title }),
		text("title_language", "Its language (BCP 47)", func(a *models.Agreement) any { return a.TitleLanguage }),
	}
	for _, f := range models.Fields {
		switch f.Name {
		case "entry_condition":
			list = append(list, text("parties", "The codes of all parties, joined with ;",
				func(a *models.Agreement) any { return a.Parties }),
				tableColumn{[]Column{{"bilateral", "boolean", "Whether two parties alone take part"}},
					func(a *models.Agreement) any { return a.Bilateral }})
		case "summary":
			list = append(list, text("subjects", "What it is about, joined with ;",
				func(a *models.Agreement) any { return joinSubjects(a) }))
		}
		if f.Kind == models.DateField {
			list = append(list, tableColumn{dated(f.Name, f.Means), func(a *models.Agreement) any {
				return bounds(*f.Record(a))
			}})
			continue
		}
		list = append(list, text(f.Name, f.Means, func(a *models.Agreement) any { return *f.Record(a) }))
	}
	var all []Column
	for _, c := range list {
		all = append(all, c.columns...)
	}
	return recordTable("records", "Agreements", all, func(a *models.Agreement) [][]string {
		cells := make([]any, len(list))
		for i, c := range list {
			cells[i] = c.of(a)
		}
		return [][]string{row(cells...)}
	})
}

// A tableColumn is a column, or those of a date, with what stands in it.
type tableColumn struct {
	columns []Column
	of      func(a *models.Agreement) any
}

func joinSubjects(a *models.Agreement) string {
	texts := make([]string, len(a.Subjects))
	for i, s := range a.Subjects {
		texts[i] = s.Text
	}
	return strings.Join(texts, ";")
}

// iso3 stands beside the code of a party: NA, Namibia, is read as a missing value by
// every statistics program.
var iso3 = Column{"iso3", "string", "ISO 3166-1 alpha-3 of the party; its code NA (Namibia) is read as missing by many programs"}

// RecordTables are all of them, in the order in which a workbook has them.
var RecordTables = []RecordTable{
	agreementTable(),
	recordTable("titles", "Titles", []Column{{"position", "integer", "Place among the agreement's titles, from 1"},
		{"language", "string", "BCP 47"}, {"title", "string", "Title"},
		{"authentic", "boolean", "Whether it is an authentic title"}},
		func(a *models.Agreement) (rows [][]string) {
			for i, t := range a.Titles {
				rows = append(rows, row(i+1, t.Language, t.Text, t.Authentic))
			}
			return rows
		}),
	recordTable("participations", "Participations", []Column{{"party", "string", "Code of the party"},
		{"role", "string", "party, signatory, guarantor, depositary, observer"},
		{"institution", "string", "Body that acts for it"},
		{"side", "integer", "1 or 2 of an agreement of two sides, else empty"},
		{"in_force_from", "date", "The first day of the spell in force that covers the day, or of the last"},
		{"in_force_until", "date", "Its last day; empty while there is none"}, iso3},
		func(a *models.Agreement) (rows [][]string) {
			for _, p := range a.Participations {
				side := ""
				if p.Side > 0 {
					side = strconv.Itoa(p.Side)
				}
				rows = append(rows, row(p.Party, p.Role, p.Institution, side, p.InForceFrom, p.InForceUntil, p.ISO3))
			}
			return rows
		}),
	recordTable("signatories", "Signatories", columns([]Column{{"party", "string", "Code of the party"},
		{"person", "string", "As the source spells the name"}, {"office", "string", "Office held then"}},
		dated("signed", "Day of signature, where it is another than the agreement's"),
		[]Column{{"place", "string", "Where"}, {"full_powers", "boolean", "Whether full powers were shown"}, iso3}),
		func(a *models.Agreement) (rows [][]string) {
			for _, p := range a.Participations {
				for _, s := range p.Signatories {
					rows = append(rows, row(p.Party, s.Person, s.Office, bounds(s.Signed), s.Place, s.FullPowers, p.ISO3))
				}
			}
			return rows
		}),
	recordTable("acts", "Acts", columns([]Column{{"party", "string", "Code of the party, empty for all"},
		{"act_type", "string", "Type of act"}}, dated("date", "Date"), dated("effective", "Date from which it takes effect"),
		[]Column{{"note", "string", "Note"}, {"act_until", "string", "Until when, of an extension; EDTF"},
			{"act_territory", "string", "To which territory it applies"}, {"act_source", "string", "Source of its own"},
			{"act_quotation", "string", "Quotation of its own"}, iso3}),
		func(a *models.Agreement) (rows [][]string) {
			iso3 := map[string]string{}
			for _, p := range a.Participations {
				iso3[p.Party] = p.ISO3
			}
			for _, act := range a.Acts {
				rows = append(rows, row(act.Party, act.Type, bounds(act.Date), bounds(act.Effective), act.Note, act.Until,
					act.Territory, act.Source, act.Quotation, iso3[act.Party]))
			}
			return rows
		}),
	recordTable("periods", "Periods of validity", []Column{{"valid_from", "string", "As written, EDTF; empty is open"},
		{"from_day", "date", "The first day"}, {"valid_until", "string", "As written, EDTF; empty is open"},
		{"until_day", "date", "The last day"},
		{"basis", "string", strings.Join(models.Bases, ", ")},
		{"renewal", "string", "none, tacit, by-agreement"}, {"renewal_months", "integer", "Length of a renewal"},
		{"notice_months", "integer", "Notice before the end"},
		{"counted_from", "string", "From when terms are counted, where not from the beginning"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, p := range a.ValidityPeriods {
				rows = append(rows, row(p.ValidFrom, p.FromDay, p.ValidUntil, p.UntilDay, p.Basis, p.Renewal, p.RenewalMonths,
					p.NoticeMonths, p.CountedFrom))
			}
			return rows
		}),
	recordTable("meetings", "Meetings", columns([]Column{{"relation", "string",
		"signed-at, in-the-margins-of, reviewed-at"}, {"meeting", "integer", "Number of the meeting"},
		{"title", "string", "Its title"}, {"kind", "string", "Its kind"}, {"series", "string", "Its series"}},
		dated("held", "When it was held"), []Column{{"place", "string", "Where"},
			{"tie", "string", "How the meeting relates to another: in-the-margins-of, session-of"},
			{"related", "integer", "Number of that meeting"}, {"related_title", "string", "Its title"}}),
		func(a *models.Agreement) (rows [][]string) {
			for _, m := range a.Meetings {
				meeting := m.Meeting
				if meeting == nil {
					meeting = &models.Meeting{}
				}
				related, relatedTitle := "", ""
				if meeting.RelatedID != nil {
					related = strconv.FormatInt(*meeting.RelatedID, 10)
				}
				if meeting.RelatedTo != nil {
					relatedTitle = meeting.RelatedTo.Title
				}
				rows = append(rows, row(m.Relation, m.MeetingID, meeting.Title, meeting.Kind, meeting.Series, meeting.Held,
					meeting.HeldEarliest, meeting.HeldLatest, meeting.Place, meeting.Relation, related, relatedTitle))
			}
			return rows
		}),
	recordTable("relations", "Relations", []Column{{"relation", "string",
		strings.Join(models.RelationTypes, ", ")},
		{"target", "integer", "Register number of the other"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, r := range a.Relations {
				rows = append(rows, row(r.Type, r.TargetID))
			}
			return rows
		}),
	recordTable("identifiers", "Identifiers elsewhere", []Column{{"scheme", "string", "The list"},
		{"identifier", "string", "The identifier in it"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, e := range a.ExternalIDs {
				rows = append(rows, row(e.Scheme, e.Value))
			}
			return rows
		}),
	recordTable("further", "Further data", []Column{{"name", "string", "As the source calls it"}, {"value", "string", "What it says"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, f := range a.Further {
				rows = append(rows, row(f.Name, f.Value))
			}
			return rows
		}),
	recordTable("sources", "Sources", []Column{{"url", "string", "Address"}, {"publisher", "string", "Publisher"},
		{"title", "string", "Title"}, {"language", "string", "Language"},
		{"published", "string", "Date of publication, EDTF"},
		{"accessed", "string", "When it was looked at, EDTF"}, {"quotation", "string", "Quotation"},
		{"supports", "string", "The facts that it supports, joined with a space"},
		{"published_time", "string", "Time of publication, as 14:24"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, s := range a.Sources {
				rows = append(rows, row(s.URL, s.Publisher, s.Title, s.Language, s.Published, s.Accessed, s.Quotation, s.Supports,
					s.Time))
			}
			return rows
		}),
	recordTable("dyads", "Agreements by pair of parties", columns([]Column{
		{"party_a", "string", "Code of the first party, by alphabet"}, {"party_b", "string", "Code of the second"},
		{"title", "string", "The main title"}, {"kind", "string", "Kind of agreement"}},
		dated("signed", "Date of signature"), []Column{{"bilateral", "boolean", "Whether the two alone take part"},
			{"iso3_a", "string", "ISO 3166-1 alpha-3 of the first"}, {"iso3_b", "string", "of the second"}}),
		func(a *models.Agreement) (rows [][]string) {
			var parts []models.Participation
			for _, p := range a.Participations {
				if slices.Contains(models.PartRoles, p.Role) {
					parts = append(parts, p)
				}
			}
			for _, first := range parts {
				for _, second := range parts {
					if first.Party < second.Party {
						rows = append(rows, row(first.Party, second.Party, a.Title, a.Kind, a.Signed, a.SignedEarliest, a.SignedLatest, a.Bilateral,
							first.ISO3, second.ISO3))
					}
				}
			}
			return rows
		}),
	recordTable("spells", "In force between two parties", []Column{
		{"party_a", "string", "Code of the first party, by alphabet"}, {"party_b", "string", "Code of the second"},
		{"between_from", "date", "The first day on which it is in force between both"},
		{"between_until", "date", "The last; empty while there is none"},
		{"iso3_a", "string", "ISO 3166-1 alpha-3 of the first"}, {"iso3_b", "string", "of the second"}},
		func(a *models.Agreement) (rows [][]string) {
			for _, p := range a.Participations {
				for _, q := range a.Participations {
					if a.Outcome == nil || p.Party >= q.Party {
						continue
					}
					for _, held := range models.Intervals(a.Outcome.Pair(p.Party, q.Party)) {
						rows = append(rows, row(p.Party, q.Party, held.From, held.Until, p.ISO3, q.ISO3))
					}
				}
			}
			return rows
		}),
}

// ofPairs tells that the table's rows are of pairs of parties.
func (t RecordTable) ofPairs() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == "party_a" })
}

// Between leaves only the rows of a pair, in a table of pairs.
func (t RecordTable) Between(pair [2]string) RecordTable {
	if pair[0] == "" || !t.ofPairs() {
		return t
	}
	all := t.rows
	t.rows = func(a *models.Agreement) [][]string {
		two := *a
		two.Participations = slices.DeleteFunc(slices.Clone(a.Participations), func(p models.Participation) bool {
			return p.Party != pair[0] && p.Party != pair[1]
		})
		return all(&two)
	}
	return t
}

// RecordTableNames are their names, in their order.
func RecordTableNames() (names []string) {
	for _, t := range RecordTables {
		names = append(names, t.Name)
	}
	return names
}

// RecordTableOf is the table of a name.
func RecordTableOf(name string) (RecordTable, bool) {
	for _, t := range RecordTables {
		if t.Name == name {
			return t, true
		}
	}
	return RecordTable{}, false
}

// of are the table's rows of one record, with the address of its page.
func (t RecordTable) of(a *models.Agreement, site string) iter.Seq[[]string] {
	number, address := strconv.FormatInt(a.ID, 10), Address(site, a.ID)
	return func(yield func([]string) bool) {
		for _, cells := range t.rows(a) {
			if !yield(append(append([]string{number}, cells...), address)) {
				return
			}
		}
	}
}

// Rows are the table's rows of records, with the addresses of their pages.
func (t RecordTable) Rows(records iter.Seq2[*models.Agreement, error], site string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for a, err := range records {
			if err != nil {
				yield(nil, err)
				return
			}
			for cells := range t.of(a, site) {
				if !yield(cells, nil) {
					return
				}
			}
		}
	}
}

// WriteJSONLines streams records as JSON, a line each.
func WriteJSONLines(w io.Writer, records iter.Seq2[*models.Agreement, error], site string) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for a, err := range records {
		if err != nil {
			return err
		}
		err := encoder.Encode(struct {
			*models.Agreement
			Parties []string `json:"parties"`
			Address string   `json:"address"`
		}{a, a.PartyCodes(), Address(site, a.ID)})
		if err != nil {
			return fmt.Errorf("writing JSON: %w", err)
		}
	}
	return nil
}
