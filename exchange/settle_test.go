package exchange_test

import (
	"strings"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// tables is a mapping of several files, each by its fields in the order of its
// columns; rows of the first are parties if parties is set.
func tables(parties bool, files ...string) models.Mapping {
	m := models.Mapping{Scheme: "file", Separator: ";", Language: "en"}
	for i, fields := range files {
		var t models.TableMapping
		for field := range strings.SplitSeq(fields, ",") {
			t.Columns = append(t.Columns, models.ColumnMapping{Column: field, Field: field})
		}
		if i == 0 && parties {
			t.Rows = "party"
		}
		m.Tables = append(m.Tables, t)
	}
	return m
}

// What stands in several rows or files comes together as one agreement, and what
// belongs to none is told.
func TestRowsComeTogetherAsAgreements(t *testing.T) {
	for _, test := range []struct {
		name    string
		mapping models.Mapping
		files   []string
		want    []string
		refused string
	}{
		{"a party a row", tables(true, "id,title,party,signed"),
			[]string{"7,Treaty on fish,BY,2020\n7,Treaty on fish,RU,2020\n8,Plan on grain,BY,2021\n8,Plan on grain,KZ,2021\n"},
			[]string{"treaty signed 2020, BY, RU", "plan signed 2021, BY, KZ"}, ""},
		{"rows in disorder", tables(true, "id,title,party,signed"),
			[]string{"7,Treaty on fish,BY,2020\n8,Plan on grain,KZ,2021\n8,Plan on grain,BY,2021\n7,Treaty on fish,RU,2020\n"},
			[]string{"treaty signed 2020, BY, RU", "plan signed 2021, KZ, BY"}, ""},
		{"one party alone", tables(true, "id,title,party,signed"), []string{"7,Treaty on fish,BY,2020\n"},
			[]string{"treaty signed 2020, BY"}, " 7"},
		{"a second row of the same party", tables(true, "id,title,party,signed"),
			[]string{"7,Treaty on fish,BY,2020\n7,Treaty on fish,RU,2020\n7,Treaty on fish,BY,2020\n"},
			[]string{"treaty signed 2020, BY, RU"}, ""},
		{"acts of each party", tables(true, "id,title,party,signed,act:ratification"),
			[]string{"7,Treaty on fish,BY,2020,2021-01-01\n7,Treaty on fish,RU,2020,2021-02-02\n"},
			[]string{"treaty signed 2020, BY, RU; ratification BY 2021-01-01; ratification RU 2021-02-02"}, ""},
		{"parties in a file of their own", tables(false, "id,title,signed", "id,party,role"),
			[]string{"7,Treaty on fish,2020\n8,Plan on grain,2021\n", "8,KZ,\n7,BY,\n7,RU,\n7,UN,depositary\n8,BY,\n"},
			[]string{"treaty signed 2020, BY, RU, UN as depositary", "plan signed 2021, KZ, BY"}, ""},
		{"a row of no agreement", tables(false, "id,title,party,signed", "id,party,act:accession"),
			[]string{"7,Treaty on fish,BY;RU,2020\n", "7,KZ,2021\n9,CN,2022\n"},
			[]string{"treaty signed 2020, BY, RU, KZ; accession KZ 2021"}, " 9"},
		{"a party that nobody knows, in a file of parties", tables(false, "id,title,party,signed", "id,party,act:accession"),
			[]string{"7,Treaty on fish,BY;RU,2020\n", "7,Atlantis,2021\n7,KZ,2022\n"},
			[]string{"treaty signed 2020, BY, RU, KZ; accession KZ 2022"}, "party Atlantis"},
		{"an end that is the term's", tables(false, "id,title,party,signed,valid_from,valid_until,ended"),
			[]string{"7,Treaty on fish,BY;RU,2020,2020-02-01,2022-05-06,2022-05-06\n"},
			[]string{"treaty signed 2020, BY, RU; term 2020-02-01–2022-05-06"}, ""},
		{"an end before the term's", tables(false, "id,title,party,signed,valid_from,valid_until,ended"),
			[]string{"7,Treaty on fish,BY;RU,2020,2020-02-01,2025-05-06,2022-05-06\n"},
			[]string{"treaty signed 2020, BY, RU; term 2020-02-01–2025-05-06; termination  2022-05-06"}, ""},
		{"a withdrawal on the day of the end", tables(true, "id,title,party,signed,ended,act:withdrawal"),
			[]string{"7,Treaty on fish,BY,2020,2022-05-06,2022-05-06\n7,Treaty on fish,RU,2020,2022-05-06,\n"},
			[]string{"treaty signed 2020, BY, RU; termination  2022-05-06"}, ""},
		{"what two signed on the day of the agreement", tables(true, "id,title,party,signed,act:signature"),
			[]string{"7,Treaty on fish,BY,2020-01-02,2020-01-02\n7,Treaty on fish,RU,2020-01-02,2020-01-02\n"},
			[]string{"treaty signed 2020-01-02, BY, RU"}, ""},
		{"an amendment of another", tables(false, "id,title,party,signed,relation:amends"),
			[]string{"8,Amendment of the treaty,BY;RU,2021,7\n7,Treaty on fish,BY;RU,2020,\n"},
			[]string{"treaty signed 2020, BY, RU", "amendment signed 2021, BY, RU; amends 1"}, ""},
		{"an amendment of what is not there", tables(false, "id,title,party,signed,relation:amends"),
			[]string{"8,Amendment of the treaty,BY;RU,2021,99\n"}, []string{"amendment signed 2021, BY, RU"}, " 99"},
		{"the same identifier twice", tables(false, "id,title,party,signed"),
			[]string{"7,Treaty on fish,BY;RU,2020\n7,Treaty on grain,BY;KZ,2021\n"}, []string{"treaty signed 2020, BY, RU"},
			" 7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, "sqlite"))
			var files []string
			for i, rows := range test.files {
				var names []string
				for _, c := range test.mapping.Tables[i].Columns {
					names = append(names, c.Column)
				}
				files = append(files, strings.Join(names, ",")+"\n"+rows)
			}
			imp := bring(t, store, test.mapping, false, files...)
			adds(t, store, imp)
			var got []string
			for id := int64(1); ; id++ {
				a, err := store.Agreement(ctx, id)
				if err != nil {
					break
				}
				got = append(got, told(a))
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("recorded\n%q, want\n%q", got, test.want)
			}
			var problems []string
			for _, r := range refused(t, store, imp) {
				problems = append(problems, r[2]+" "+r[3])
			}
			if text := strings.Join(problems, "; "); text != test.refused {
				t.Errorf("refused %q, want %q", text, test.refused)
			}
		})
	}
}
