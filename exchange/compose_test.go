package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// told is what a record says, in one line.
func told(a *models.Agreement) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", a.Kind)
	if a.Signed != "" {
		fmt.Fprintf(&b, " signed %s", a.Signed)
	}
	for _, p := range a.Participations {
		fmt.Fprintf(&b, ", %s", p.Party)
		if p.Role != "party" {
			fmt.Fprintf(&b, " as %s", p.Role)
		}
		if p.Institution != "" {
			fmt.Fprintf(&b, " by %s", p.Institution)
		}
		for _, s := range p.Signatories {
			fmt.Fprintf(&b, " (%s", s.Person)
			if s.Office != "" {
				fmt.Fprintf(&b, ", %s", s.Office)
			}
			b.WriteString(")")
		}
	}
	for _, p := range a.ValidityPeriods {
		fmt.Fprintf(&b, "; %s %s–%s", p.Basis, p.ValidFrom, p.ValidUntil)
		if p.Renewal != "none" && p.Renewal != "" {
			fmt.Fprintf(&b, " %s", p.Renewal)
		}
	}
	for _, act := range a.Acts {
		fmt.Fprintf(&b, "; %s %s %s", act.Type, act.Party, act.Date)
	}
	for _, r := range a.Relations {
		fmt.Fprintf(&b, "; %s %d", r.Type, r.TargetID)
	}
	for _, s := range a.Sources {
		fmt.Fprintf(&b, "; source %s%s", s.URL, s.Title)
	}
	return b.String()
}

// A row becomes what it says, each column in its place; what is not understood is
// told, and the rest is taken.
func TestARowBecomesAnAgreement(t *testing.T) {
	mapping := models.Mapping{Separator: ";", Language: "en", Tables: []models.TableMapping{{}}}
	column := func(fields ...string) models.Mapping {
		m := mapping
		m.Tables = []models.TableMapping{{}}
		for i, f := range fields {
			m.Tables[0].Columns = append(m.Tables[0].Columns, models.ColumnMapping{Column: fmt.Sprintf("c%d", i), Field: f})
		}
		return m
	}
	for _, test := range []struct {
		name    string
		fields  string
		row     string
		want    string
		refused string // column and value of each
	}{
		{"two parties in one cell", "title|party|signed", "Treaty of peace|Belarus; Russia|2020-01-02",
			"treaty signed 2020-01-02, BY, RU", ""},
		{"a party a column", "title|party|party|signed", "Treaty of peace|BY|RU|2020", "treaty signed 2020, BY, RU", ""},
		{"the kind from the title", "title|party|signed", "Protocol on fish|BY;RU|2020", "protocol signed 2020, BY, RU", ""},
		{"the kind from its column", "title|party|kind|signed", "Protocol on fish|BY;RU|plan|2020",
			"plan signed 2020, BY, RU", ""},
		{"a kind that is none", "title|party|kind|signed", "On fish|BY;RU|fishy|2020", "agreement signed 2020, BY, RU",
			"c2 fishy"},
		{"institutions, one a party", "title|party|institution|signed", "Plan on fish|BY;RU|Council;Security Council|2020",
			"plan signed 2020, BY by Council, RU by Security Council", ""},
		{"people, one a party", "title|party|person|office|signed", "Plan on fish|BY;RU|A. Aa;B. Bb|Minister;Secretary|2020",
			"plan signed 2020, BY (A. Aa, Minister), RU (B. Bb, Secretary)", ""},
		{"more people than parties", "title|party|person|signed", "Plan on fish|BY;RU|A. Aa;B. Bb;C. Cc|2020",
			"plan signed 2020, BY, RU", ""},
		{"an entry into force", "title|party|signed|in_force", "Treaty|BY;RU|2020|2021-03-01",
			"treaty signed 2020, BY, RU; entry-into-force 2021-03-01–", ""},
		{"a term", "title|party|signed|valid_from|valid_until", "Treaty|BY;RU|2020|2021|2025",
			"treaty signed 2020, BY, RU; term 2021–2025", ""},
		{"a term in one cell", "title|party|signed|validity", "Plan|BY;RU|2020|2026/2027",
			"plan signed 2020, BY, RU; term 2026–2027", ""},
		{"an end before the beginning", "title|party|signed|valid_from|valid_until", "Treaty|BY;RU|2020|2025|2021",
			"treaty signed 2020, BY, RU; term 2025–", "c4 2021"},
		{"an end that ends", "title|party|signed|ended", "Treaty|BY;RU|2020|2022-05-06",
			"treaty signed 2020, BY, RU; termination  2022-05-06", ""},
		{"an act of both", "title|party|signed|act:ratification", "Treaty|BY;RU|2020|2021-01-01",
			"treaty signed 2020, BY, RU; ratification BY 2021-01-01; ratification RU 2021-01-01", ""},
		{"a date that is none", "title|party|signed", "Treaty|BY;RU|2020-02-31", "treaty, BY, RU", "c2 2020-02-31"},
		{"a date that is none, beside one that is", "title|party|signed|in_force", "Treaty|BY;RU|2020|soon",
			"treaty signed 2020, BY, RU", "c3 soon"},
		{"a source with an address", "title|party|signed|source_url", "Treaty|BY;RU|2020|https://example.org/1 (seen)",
			"treaty signed 2020, BY, RU; source https://example.org/1", ""},
		{"a source without one", "title|party|signed|source_url", "Treaty|BY;RU|2020|Gazette 7",
			"treaty signed 2020, BY, RU; source Gazette 7", ""},
		{"a party that nobody knows", "title|party|signed", "Treaty|BY;Atlantis|2020", "treaty signed 2020, BY", "c1 Atlantis;  "},
		{"one party", "title|party|signed", "Treaty|BY|2020", "treaty signed 2020, BY", " "},
		{"a former name", "title|party|signed", "Treaty|Soviet Union;Finland|1948-04-06",
			"treaty signed 1948-04-06, SUHH, FI", ""},
		{"blanks around everything", "title|party|signed", "  Treaty  | BY ;  RU |  2020 ", "treaty signed 2020, BY, RU", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, "sqlite"))
			fields, cells := strings.Split(test.fields, "|"), strings.Split(test.row, "|")
			var names []string
			for i := range fields {
				names = append(names, fmt.Sprintf("c%d", i))
				cells[i] = `"` + cells[i] + `"`
			}
			text := strings.Join(names, ",") + "\n" + strings.Join(cells, ",") + "\n"
			imp := bring(t, store, column(fields...), false, text)
			adds(t, store, imp)
			var told1, problems string
			if a, err := store.Agreement(ctx, 1); err == nil {
				told1 = told(a)
			}
			for i, r := range refused(t, store, imp) {
				if i > 0 {
					problems += "; "
				}
				problems += r[2] + " " + r[3]
			}
			if told1 != test.want {
				t.Errorf("recorded %q, want %q (refused %q)", told1, test.want, problems)
			}
			if problems != test.refused {
				t.Errorf("refused %q, want %q", problems, test.refused)
			}
		})
	}
}
