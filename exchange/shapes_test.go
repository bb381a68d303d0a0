package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"
)

// understood says in short what was recorded, with what could not be read.
func understood(a *models.Agreement) string {
	var b strings.Builder
	b.WriteString(a.Kind)
	if a.Signed != "" {
		b.WriteString(" signed " + a.Signed)
	} else {
		b.WriteString(" ")
	}
	for _, p := range a.Participations {
		b.WriteString(", " + p.Party)
	}
	for _, p := range a.ValidityPeriods {
		b.WriteString("; " + p.Basis + " " + p.ValidFrom)
		if p.ValidUntil != "" {
			b.WriteString("–" + p.ValidUntil)
		}
	}
	for _, act := range a.Acts {
		fmt.Fprintf(&b, "; %s %s %s", act.Type, act.Party, act.Date)
	}
	for _, u := range a.Unread {
		fmt.Fprintf(&b, "; unread %s %s", u.Field, u.Value)
	}
	return b.String()
}

// takeIn brings files in as they are understood by what stands in them, and tells
// what is asked and what was recorded.
func takeIn(t *testing.T, store *models.Store, names ...string) (got []string) {
	t.Helper()
	var sources []exchange.Source
	var files []models.NamedReader
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, exchange.Source{Name: filepath.Base(name), Content: bytes.NewReader(content), Size: int64(len(content))})
		files = append(files, models.NamedReader{Name: filepath.Base(name), Content: bytes.NewReader(content)})
	}
	m, err := exchange.Understand(ctx, store, sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range m.Questions {
		got = append(got, strings.TrimSpace("? "+q.Code+" "+q.Args["party"]))
	}
	imp, err := importer(store).BringIn(ctx, m, files, models.Change{Actor: "test"}, false)
	if err != nil {
		t.Fatal(err)
	}
	adds(t, store, imp)
	for id := int64(1); ; id++ {
		a, err := store.Agreement(ctx, id)
		if err != nil {
			return got
		}
		got = append(got, understood(a))
	}
}

// Tables of every shape, in seven languages' headers, are understood by what stands
// in them, or asked about; the truth stands beside them.
func TestTablesAreUnderstood(t *testing.T) {
	text, err := os.ReadFile("testdata/tables/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	truth := map[string][]string{}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	for name, want := range truth {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names := []string{"testdata/tables/" + name}
			if second, ok := strings.CutSuffix(names[0], "-a.csv"); ok {
				names = append(names, second+"-b.csv")
			}
			if got := takeIn(t, testdb.Open(t, testdb.Address(t, "sqlite")), names...); !slices.Equal(got, want) {
				t.Errorf("understood as\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// A workbook is read where it has a table: not its cover, not its notes; what is
// merged downwards stands in every row, and what is noted at a cell is not part of it.
func TestTheSheetThatIsATableIsRead(t *testing.T) {
	want := []string{"agreement signed 1993-05-19, GE, AM", "agreement signed 1994-07-20, GE, TR"}
	folder := t.TempDir()
	book := excelize.NewFile()
	book.SetSheetRow("Sheet1", "A1", &[]any{"About these data"})
	book.NewSheet("Treaties")
	for i, row := range [][]any{{"Agreements of Georgia"}, {}, {"No", "Title", "Party A", "Party B", "Signed"},
		{1, "Agreement on visas", "Georgia", "Armenia", time.Date(1993, 5, 19, 0, 0, 0, 0, time.UTC)},
		{2, "Agreement on energy", nil, "Turkey", time.Date(1994, 7, 20, 0, 0, 0, 0, time.UTC)}} {
		book.SetSheetRow("Treaties", fmt.Sprintf("A%d", i+1), &row)
	}
	if err := book.MergeCell("Treaties", "C4", "C5"); err != nil {
		t.Fatal(err)
	}
	if err := book.SaveAs(folder + "/book.xlsx"); err != nil {
		t.Fatal(err)
	}
	cell := func(text string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + text + `</text:p></table:table-cell>`
	}
	day := func(text string) string {
		return `<table:table-cell office:value-type="date" office:date-value="` + text + `"><text:p>any</text:p></table:table-cell>`
	}
	ods := `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>` +
		`<table:table table:name="Cover"><table:table-row>` + cell("About") + `</table:table-row></table:table>` +
		`<table:table table:name="Treaties"><table:table-row>` + cell("No") + cell("Title") + cell("Party A") + cell("Party B") + cell("Signed") +
		`</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="900"/></table:table-row>` +
		`<table:table-row>` + cell("1") + cell("Agreement on visas") +
		`<table:table-cell table:number-rows-spanned="2"><office:annotation><text:p>a note</text:p></office:annotation><text:p>Georgia</text:p></table:table-cell>` +
		cell("Armenia") + day("1993-05-19") + `</table:table-row><table:table-row>` + cell("2") + cell("Agreement on energy") +
		`<table:covered-table-cell/>` + cell("Turkey") + day("1994-07-20T00:00:00") + `</table:table-row></table:table>` +
		`</office:spreadsheet></office:body></office:document-content>`
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for name, text := range map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ods} {
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	z.Close()
	if err := os.WriteFile(folder+"/book.ods", packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/book.xlsx", "/book.ods"} {
		if got := takeIn(t, testdb.Open(t, testdb.Address(t, "sqlite")), folder+name); !slices.Equal(got, want) {
			t.Errorf("%s: understood as %q", name, got)
		}
	}
}

// Tables in an archive are read as they are one by one, the one of agreements first.
func TestAnArchiveOfTablesIsUnpacked(t *testing.T) {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, name := range []string{"two-b.csv", "two-a.csv", "README.md"} {
		text, err := os.ReadFile("testdata/tables/" + name)
		if err != nil {
			text = []byte("read me")
		}
		w, _ := z.Create("folder/" + name)
		w.Write(text)
	}
	z.Close()
	sources, err := exchange.Unpack([]exchange.Source{{Name: "all.zip", Content: bytes.NewReader(packed.Bytes()), Size: int64(packed.Len())}})
	if err != nil || len(sources) != 2 {
		t.Fatalf("%d tables, %v", len(sources), err)
	}
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	m, err := exchange.Understand(ctx, store, sources)
	if err != nil {
		t.Fatal(err)
	}
	imp, err := importer(store).BringIn(ctx, m, exchange.Named(sources), models.Change{Actor: "test"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if n := adds(t, store, imp); n.New != 3 || n.RowsTaken != 4 {
		t.Errorf("%+v", n)
	}
}

// What stands in columns that mean nothing is kept with the record under the column's
// name, if that is wanted, and is found.
func TestUnusedColumnsAreKept(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		table := "id,title,party 1,party 2,signed,lineage,grounds\n1,Agreement on fish,NO,IS,1990-01-02,North Sea,\n" +
			"2,Agreement on wood,NO,SE,1991-01-02,Baltic,\"trade; duties\"\n"
		m := guess(t, store, table)
		m.KeepUnused()
		adds(t, store, bring(t, store, m, false, table))
		want := map[int64]models.FurtherList{1: {{Name: "lineage", Value: "North Sea"}},
			2: {{Name: "lineage", Value: "Baltic"}, {Name: "grounds", Value: "trade; duties"}}}
		for id, further := range want {
			if a, err := store.Agreement(ctx, id); err != nil || !slices.Equal(a.Further, further) {
				t.Errorf("No. %d keeps %v, %v", id, a.Further, err)
			}
		}
		if page, err := store.Lists().Agreements(ctx, models.Filter{Query: "duties", On: "2026-11-23", Limit: 5}, "en"); err != nil ||
			page.Total != 1 {
			t.Errorf("found %d times, %v", page.Total, err)
		}
		changed := strings.Replace(table, "Baltic", "Gulf", 1)
		if n := adds(t, store, bring(t, store, m, false, changed)); n.Changed != 1 || n.Same != 1 {
			t.Errorf("again: %+v", n)
		}
	})
}
