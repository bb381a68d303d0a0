package exchange_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"
)

// A mapping that is written to a file comes back from it as it was.
func TestAMappingComesBackFromItsFile(t *testing.T) {
	for _, m := range exchange.KnownMappings() {
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := exchange.ReadMapping(strings.NewReader(string(text)))
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		if !reflect.DeepEqual(again, m) {
			t.Errorf("%s became\n%+v, it was\n%+v", m.Name, again, m)
		}
	}
}

// What is no mapping is refused by what is wrong with it.
func TestAFileThatIsNoMappingIsRefused(t *testing.T) {
	for text, field := range map[string]string{
		"":                "mapping",
		"[]":              "mapping",
		`{"tables":`:      "mapping",
		`{"tabels":[]}`:   "mapping",
		`{"tables":"x"}`:  "mapping",
		`{}`:              "tables",
		`{"tables":[{}]}`: "tables[0].columns",
		`{"tables":[{"columns":[{"column":"a","field":"title"},{"column":"b","field":"nothing"}]}]}`:        "tables[0].columns[1].field",
		`{"tables":[{"columns":[{"column":"a","field":"title"},{"column":"b","field":"act:dance"}]}]}`:      "tables[0].columns[1].field",
		`{"tables":[{"columns":[{"column":"a","field":"title"}]}],"order":"ymd?"}`:                          "order",
		`{"tables":[{"columns":[{"column":"a","field":"title"},{"column":"b","field":"id"}]}]}`:             "scheme",
		`{"tables":[{"columns":[{"column":"a","field":"title"}]},{"columns":[{"column":"b"}]}]}`:            "tables[1].columns",
		`{"tables":[{"columns":[{"column":"a","field":"title"}]}],"fixed":{"relation:loves":"1"}}`:          "fixed.relation:loves",
		`{"tables":[{"columns":[{"column":"a","field":"title"}]}],"name":"Not A Name"}`:                     "name",
		`{"tables":[{"columns":[{"column":"a","field":"title:klingonisch?"}]}]}`:                            "tables[0].columns[0].field",
		`{"tables":[{"columns":[{"column":"a","field":"title"}]}],"match":"luck"}` + strings.Repeat(" ", 9): "match",
	} {
		_, err := exchange.ReadMapping(strings.NewReader(text))
		var problems models.Invalid
		if !errors.As(err, &problems) || problems[field].Code == "" {
			t.Errorf("%s is refused as %v, want %s", text, err, field)
		}
	}
}

// A mapping that was saved is found beside those that come with the program, and
// comes before them.
func TestSavedMappingsAreOffered(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		own := exchange.KnownMappings()[0]
		own.Name, own.Title = "our-own", "Our own list"
		for range 2 { // the second takes the place of the first
			if err := store.Bulk().SaveMapping(ctx, own, models.Change{Actor: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		all, err := exchange.AllMappings(ctx, store)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range all {
			if m.Name == "our-own" {
				n++
			}
		}
		if n != 1 || len(all) != len(exchange.KnownMappings())+1 {
			t.Errorf("%d of %d mappings are our own", n, len(all))
		}
	})
}

// Every mapping that comes with the program is one, and is known again by its
// columns however they are ordered.
func TestKnownMappingsAreFoundByTheirColumns(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for _, m := range exchange.KnownMappings() {
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		var files []string
		for _, table := range m.Tables {
			var names []string
			for _, c := range table.Columns {
				names = append([]string{`"` + c.Column + `"`}, names...)
			}
			files = append(files, strings.Join(names, ",")+"\n"+strings.Repeat("x,", len(names)-1)+"x\n")
		}
		if found := guess(t, store, files...); found.Name != m.Name {
			t.Errorf("the columns of %s are those of %q", m.Name, found.Name)
		}
	}
}
