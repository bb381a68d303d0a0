package exchange_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/exchange/bucket"
	"chancery/exchange/sheet"
	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/sample"
	"chancery/testdb"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var ctx = models.WithRestricted(context.Background())

func importer(store *models.Store) *exchange.Importer {
	return exchange.NewImporter(store, slog.New(slog.NewTextHandler(io.Discard, nil)))
}

// bring brings texts in, each the content of a file.
func bring(t testing.TB, store *models.Store, m models.Mapping, try bool, contents ...string) *models.Import {
	t.Helper()
	var files []models.NamedReader
	for _, c := range contents {
		files = append(files, models.NamedReader{Name: "test.csv", Content: strings.NewReader(c)})
	}
	imp, err := importer(store).BringIn(ctx, m, files, models.Change{Actor: "test"}, try)
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

func guess(t testing.TB, store *models.Store, contents ...string) models.Mapping {
	t.Helper()
	m, err := propose(store, contents...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func propose(store *models.Store, contents ...string) (models.Mapping, error) {
	var sources []exchange.Source
	for _, c := range contents {
		sources = append(sources, exchange.Source{Name: "test.csv", Content: strings.NewReader(c), Size: int64(len(c))})
	}
	return exchange.Propose(ctx, store, sources)
}

func known(t testing.TB, name string) models.Mapping {
	t.Helper()
	for _, m := range exchange.KnownMappings() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("there is no mapping %q", name)
	return models.Mapping{}
}

// refused lists what an import refused as rows of CSV.
func refused(t testing.TB, store *models.Store, imp *models.Import) [][]string {
	t.Helper()
	_, files, err := store.Bulk().Import(ctx, imp.ID)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := exchange.WriteRefusals(ctx, &text, store, imp.ID, files, locales.Of("en").Problem,
		exchange.CSVOptions{Exact: true}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// adds checks that what was read is what became of it, and that every refusal is
// told.
func adds(t testing.TB, store *models.Store, imp *models.Import) models.ImportCounts {
	t.Helper()
	n := imp.Counted()
	if n.Read != n.New+n.Changed+n.Same+n.Refused || n.RowsRead != n.RowsTaken+n.RowsRefused {
		t.Errorf("counts do not add up: %+v", n)
	}
	rows, values := int64(0), int64(0)
	for _, r := range refused(t, store, imp) {
		if r[6] == "row" {
			rows++
		} else {
			values++
		}
		if strings.HasPrefix(r[5], "problem.") {
			t.Errorf("%q has no words", r[5])
		}
	}
	if rows != n.Refused+n.RowsRefused || values != n.ValuesRefused {
		t.Errorf("%d rows and %d values are told of: %+v", rows, values, n)
	}
	return n
}

// The real data set goes in whole: what is read is recorded or refused with a
// reason, the counts of its authors' files come out again, and a second run changes
// nothing.
func TestTheRealDataIsImported(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		t.Parallel()
		imp, err := sample.Load(ctx, store, importer(store), "test")
		if err != nil {
			t.Fatal(err)
		}
		n := adds(t, store, imp)
		if n.Read != 4532 || n.RowsRead != 98320 {
			t.Errorf("read %d agreements and %d rows of parties", n.Read, n.RowsRead)
		}
		broken := false
		for _, r := range refused(t, store, imp) {
			broken = broken || r[3] == "0014-022005"
		}
		if !broken {
			t.Error("the broken date 0014-022005 is not reported")
		}
		// and VNM_2015O, whose rows are dated as a later row of that id
		checkPair(t, store, models.PairOf("BY", "RU"), 387, 19+1)
		checkPair(t, store, models.PairOf("CA", "US"), 570, 23)
		again, err := sample.Load(ctx, store, importer(store), "test")
		if err != nil {
			t.Fatal(err)
		}
		if m := adds(t, store, again); m.New != 0 || m.Changed != 0 || m.Same != n.New {
			changed, _ := store.Bulk().ChangedBy(ctx, *again.OperationID, 0, 5)
			t.Errorf("the second run: %+v %+v", m, changed)
		}
	})
}

// The real data go from the laptop's engine to the server's and back, with numbers,
// revisions and documents, byte for byte (R11).
func TestTheRealRegisterMoves(t *testing.T) {
	t.Parallel()
	first := testdb.Open(t, testdb.Address(t, "sqlite"))
	if _, err := sample.Load(ctx, first, importer(first), "test"); err != nil {
		t.Fatal(err)
	}
	content := []byte("a document")
	sum := fmt.Sprintf("%x", sha256.Sum256(content))
	if _, err := first.Documents().AddDocument(ctx, 1, models.Document{Name: "text.txt", MediaType: "text/plain",
		Size: int64(len(content)), SHA256: sum}, models.Change{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	write := func(store *models.Store, files bucket.Bucket) []byte {
		var out bytes.Buffer
		if err := exchange.WriteRegister(ctx, &out, store, files, true); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	dump := func(archive []byte) string {
		z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("register.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	archive := write(first, keepsFile(t, string(content)))
	want := dump(archive)
	for _, engine := range []string{"postgres", "sqlite"} {
		files := emptyBucket(t)
		other := testdb.Open(t, testdb.Address(t, engine))
		if err := exchange.ReadRegister(ctx, bytes.NewReader(archive), int64(len(archive)), other, files); err != nil {
			t.Fatal(err)
		}
		if kept, err := files.Open(ctx, exchange.FileKey(sum)); err != nil {
			t.Error(err)
		} else if text, err := io.ReadAll(kept); err != nil || !bytes.Equal(text, content) {
			t.Errorf("the document: %q, %v", text, err)
		}
		archive = write(other, files) // the next one goes on from here
		if got := dump(archive); got != want {
			t.Errorf("%s says something else: %d bytes, want %d", engine, len(got), len(want))
		}
		if broken, _, err := other.Upkeep().VerifyChain(ctx, nil); err != nil || broken != nil {
			t.Errorf("the chain: %v, %v", broken, err)
		}
	}
}

// A register whose archive is damaged is not taken up, and nothing of it stays.
func TestADamagedRegisterIsNotTakenUp(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		if err := exchange.Generate(ctx, store, 20); err != nil {
			t.Fatal(err)
		}
		content := "a document"
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
		if _, err := store.Documents().AddDocument(ctx, 1, models.Document{Name: "text.txt", MediaType: "text/plain",
			Size: int64(len(content)), SHA256: sum}, models.Change{Actor: "test"}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := exchange.WriteRegister(ctx, &out, store, keepsFile(t, content), true); err != nil {
			t.Fatal(err)
		}
		archive := out.Bytes()
		archive[bytes.Index(archive, []byte(content))] ^= 1
		other := testdb.Open(t, testdb.Address(t, "sqlite"))
		if err := exchange.ReadRegister(ctx, bytes.NewReader(archive), int64(len(archive)), other,
			emptyBucket(t)); !errors.Is(err, models.ErrDump) {
			t.Errorf("a damaged archive: %v", err)
		}
		if _, err := other.Agreement(ctx, 1); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("an agreement of it stays (%v)", err)
		}
	})
}

// Our own tables come in again: in the register that gave them out they change
// nothing, in another they make the same records (S3: what could be run as a
// formula comes back as it was).
func TestOurOwnTablesComeInAgain(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		drafts := []models.AgreementDraft{
			{Titles: []models.TitleDraft{{Language: "de", Text: "=Plan; \"2026\",\nzweite Zeile"}}, Kind: "agreement",
				Signed: "2025-11-05", Place: "-Minsk", Subjects: []string{"security", "@trade"},
				Participations: []models.ParticipationDraft{{Party: "BY", Institution: "+Secretariat",
					Signatories: []models.SignatoryDraft{{Person: "Alexander Wolfowitsch", Office: "State Secretary"}}},
					{Party: "RU"}},
				ValidityPeriods: []models.PeriodDraft{{ValidFrom: "2026", ValidUntil: "2027", Basis: "term"}},
				Sources:         []models.SourceDraft{{URL: "https://example.org/1", Publisher: "BelTA", Quotation: "\ttabbed"}}},
			{Titles: []models.TitleDraft{{Language: "en", Text: "Treaty of many"}, {Language: "fr", Text: "Traité", Authentic: true}},
				Kind: "treaty", Signed: "1999", ExternalIDs: []models.ExternalIDDraft{{Scheme: "unts", Value: "I-7"}},
				Further:        models.FurtherList{{Name: "Grounds", Value: "=why"}, {Name: "Grounds", Value: "why not"}},
				Relations:      []models.RelationDraft{{Type: "implements", Target: "1"}},
				Participations: []models.ParticipationDraft{{Party: "BY"}, {Party: "RU"}, {Party: "KZ", Role: "observer"}},
				Acts: []models.ActDraft{{Party: "BY", Type: "ratification", Date: "2000-01-02", Note: "n"},
					{Type: "entry-into-force", Date: "2001"}}},
		}
		for _, d := range drafts {
			if _, err := store.Record(ctx, d, models.Change{Actor: "test"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := exchange.Generate(ctx, store, 25); err != nil { // and as many as chance makes
			t.Fatal(err)
		}
		tables := func(store *models.Store, site string) (list []string) {
			for _, name := range []string{"records", "participations", "signatories", "acts", "periods", "sources", "titles", "relations",
				"identifiers", "further"} {
				table, _ := exchange.RecordTableOf(name)
				var text bytes.Buffer
				if err := table.Write(&text, exchange.CSVOptions{}, table.Rows(store.Lists().AllRecords(ctx,
					models.Filter{On: "2026-11-23"}), site)); err != nil {
					t.Fatal(err)
				}
				list = append(list, text.String())
			}
			return list
		}
		given := tables(store, "https://a.example")
		m := known(t, "chancery")
		m.Site = "https://a.example"
		if n := adds(t, store, bring(t, store, m, false, given...)); n.Same != 27 || n.RowsRefused != 0 {
			t.Errorf("in the register itself: %+v", n)
		}
		other := testdb.Open(t, testdb.Address(t, "sqlite"))
		m.Site = "https://b.example"
		imp := bring(t, other, m, false, given...)
		if n := adds(t, other, imp); n.New != 27 || n.RowsRefused != 0 {
			t.Fatalf("in another: %+v %v", n, refused(t, other, imp))
		}
		number := regexp.MustCompile(`(?m)^[0-9]+,`) // numbers are given in the order of the file, newest first
		for i, text := range tables(other, "https://a.example") {
			text, want := number.ReplaceAllString(text, ""), number.ReplaceAllString(given[i], "")
			address := regexp.MustCompile(`agreements/[0-9]+`)
			text = regexp.MustCompile(`(?m)^chancery,.*\r\n`).ReplaceAllString(text, "") // where they came from
			if text, want = address.ReplaceAllString(text, ""), address.ReplaceAllString(want,
				""); sorted(text) != sorted(want) {
				t.Errorf("came as\n%s\nwas\n%s", text, want)
			}
		}
		if n := adds(t, other, bring(t, other, m, false, given...)); n.Same != 27 {
			t.Errorf("a second time: %+v", n)
		}
	})
}

func sorted(text string) string {
	lines := strings.Split(text, "\r\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// checkPair compares with the number of treaty ids in which both take part, less
// those that no agreement's row bears.
func checkPair(t *testing.T, store *models.Store, pair [2]string, ids, without int) {
	t.Helper()
	page, err := store.Lists().Agreements(ctx, models.Filter{Pair: pair, Predecessors: true, On: "2026-11-23", Limit: 50},
		"en")
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(ids - without); page.Total != want {
		t.Errorf("%v: %d agreements, want %d less %d refused = %d", pair, page.Total, ids, without, want)
	}
}

// A code means whoever bore it on that date (trap 6).
func TestACodeIsReadWithItsDate(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		codes, err := store.Parties().CodesOf(ctx, "ggo")
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			code string
			day  edtf.Day
			want string
		}{
			{"RUS", "1954-05-01", "SUHH"}, {"RUS", "2005-01-01", "RU"}, {"RUS", "1900-01-01", "RU"}, {"RUS", "", "RU"},
			{"GBR", "1351-08-01", "ENGLAND"}, {"GBR", "1950-01-01", "GB"}, {"DEU", "1960-01-01", "DE"},
			{"DDR", "1965-03-11", "DDDE"},
			{"YUG", "1960-01-01", "YUCS"}, {"YUG", "1999-01-01", "CSXX"}, {"SRB", "2000-01-01", "CSXX"},
			{"SRB", "2010-01-01", "RS"},
			{"CZE", "1921-03-10", "CSHH"}, {"CZE", "2004-01-01", "CZ"}, {"YEM", "1970-01-01", "YAR"},
			{"YMD", "1970-01-01", "YDYE"},
			{"YEM", "2000-01-01", "YE"}, {"KOS", "2010-01-01", "XK"}, {"Kosovo", "2006-07-01", "XK"},
			{"EUE", "1976-01-01", "EEC"}, {"EUE", "2012-01-01", "EU"},
			{"EURATOM European Atomic Energy Community", "1990-01-01", "EURATOM"},
			{"Baden-Württemberg", "1960-10-27", "BADENWUERTTEMBERG"},
			{"COD", "1980-01-01", "CD"}, {"MMR", "1950-01-01", "MM"}, {"BLR", "1950-01-01", "BY"}, {"UNK", "2010-03-11", ""},
		}
		for _, test := range tests {
			if got, _ := codes.On(test.code, test.day); got != test.want {
				t.Errorf("%s on %s: got %q, want %q", test.code, test.day, got, test.want)
			}
		}
	})
}

func FuzzFormulaEscape(f *testing.F) {
	for _, s := range []string{"=1+1", "'=1", "+", "-x", "@SUM", "\t=", "\r", "plain", "", "'plain", "''", "＝x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped := exchange.EscapeFormula(s)
		if exchange.UnescapeFormula(escaped) != s {
			t.Fatalf("%q became %q, which does not come back", s, escaped)
		}
		if escaped != "" && strings.ContainsAny(escaped[:1], "=+-@\t\r") {
			t.Fatalf("%q still begins as a formula: %q", s, escaped)
		}
	})
}

// One row of each kind of table, as people write them, is read as it is meant.
func TestTablesAreReadAsTheyAreMeant(t *testing.T) {
	encode := func(e encoding.Encoding, s string) string {
		text, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	russian := "Название;Стороны;Подписан;Вступил в силу;Действует до;Вид\nДоговор о дружбе;Беларусь, Россия;5 ноября " +
		"2021 г.;01.02.2022;31.12.2030;Договор\nСоглашение о науке;Беларусь, Китай;15.03.2020;2021;;Соглашение\n"
	german := "Titel;Partei A;Partei B;Unterzeichnet am;In Kraft\nVertrag über Freundschaft;Weißrussland;Russland;5. " +
		"März 2021;1.2.2022\nAbkommen über Straßen;Österreich;Deutschland;Mai 1999;\n"
	english := "Title\tParties\tDate signed\tURL\nTreaty of friendship\tBelarus; Russian " +
		"Federation\t11/25/2021\thttps://example.org/1\nAgreement on trade\tBelarus; China\t03/04/2020\thttps://example.org/2\n"
	tests := []struct {
		name, text, title, parties, signed, from, kind string
	}{
		{"Russian, Windows-1251", encode(charmap.Windows1251, russian), "Договор о дружбе", "BY;RU", "2021-11-05",
			"2022-02-01", "treaty"},
		{"Russian, UTF-16 with mark", "\xff\xfe" + encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), russian),
			"Договор о дружбе", "BY;RU", "2021-11-05", "2022-02-01", "treaty"},
		{"German, Windows-1252", encode(charmap.Windows1252, german), "Vertrag über Freundschaft", "BY;RU", "2021-03-05",
			"2022-02-01", "treaty"},
		{"German, UTF-8 with mark", "\ufeff" + german, "Vertrag über Freundschaft", "BY;RU", "2021-03-05", "2022-02-01",
			"treaty"},
		{"English, tabs, month first", english, "Treaty of friendship", "BY;RU", "2021-11-25", "", "treaty"},
		{"JSON",
			`[{"title":"Treaty of friendship","parties":["Belarus","Russian Federation"],"signed":"2021-11-25"},{"title":"x","parties":["Belarus","China"],"signed":"2020"}]`, "Treaty of friendship", "BY;RU", "2021-11-25", "", "treaty"},
		{"JSON Lines",
			"{\"title\":\"Treaty of friendship\",\"parties\":\"Belarus; Russia\",\"signed\":\"2021\"}\n{\"title\":\"Plan\",\"parties\":\"Belarus; China\",\"signed\":\"2022\"}\n", "Treaty of friendship", "BY;RU", "2021", "", "treaty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, "sqlite"))
			imp := bring(t, store, guess(t, store, test.text), false, test.text)
			if n := adds(t, store, imp); n.New != 2 {
				t.Fatalf("%+v %v", n, refused(t, store, imp))
			}
			a, err := store.Agreement(ctx, 1)
			if err != nil {
				t.Fatal(err)
			}
			from := ""
			if len(a.ValidityPeriods) > 0 {
				from = a.ValidityPeriods[0].ValidFrom
			}
			if a.Title != test.title || a.Parties != test.parties || a.Signed != test.signed || from != test.from ||
				a.Kind != test.kind {
				t.Errorf("read as %q, %s, signed %s, from %q, %s", a.Title, a.Parties, a.Signed, from, a.Kind)
			}
		})
	}
}

// The mappings of known sources read rows as those sources write them, and are
// found by their columns.
func TestKnownSourcesAreRead(t *testing.T) {
	tests := []struct{ name, text, title, parties, signed string }{
		{"atop",
			"atopid,member,yrent,moent,dayent\n1005,200,1815,3,25\n1005,365,1815,3,25\n1010,200,1999,0,0\n1010,220,1999,0,0\n",
			"Alliance 1005 of 1815", "GB;RU", "1815-03-25"},
		{"pax", "Con,PP,PPName,AgtId,Agt,Dat\nArmenia/Azerbaijan,1,Karabakh process,7,Protocol of Bishkek,05/05/1994\n",
			"Protocol of Bishkek", "AM;AZ", "1994-05-05"},
		{"unctad-iia",
			"No.,Full title,Short title,Parties,Date of signature,Date of entry into force,Termination date\n3,\"Agreement between Belarus and Finland for the promotion of investments\",Belarus - Finland BIT (1992),\"Belarus, Finland\",28/10/1992,11/12/1994,\n",
			"Agreement between Belarus and Finland for the promotion of investments", "BY;FI", "1992-10-28"},
		{"desta", "", "", "", ""}, {"ggo", "", "", "", ""}, {"chancery", "", "", "", ""},
	}
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for _, test := range tests {
		m := known(t, test.name)
		if test.text == "" {
			continue // read whole elsewhere
		}
		if found := guess(t, store, test.text); found.Name != test.name {
			t.Errorf("%s is taken for %q", test.name, found.Name)
		}
		imp := bring(t, store, m, false, test.text)
		if n := adds(t, store, imp); n.New == 0 || n.Refused > 0 {
			t.Errorf("%s: %+v %v", test.name, n, refused(t, store, imp))
			continue
		}
		list, err := store.Bulk().ChangedBy(ctx, *imp.OperationID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		a, err := store.Agreement(ctx, list[0].AgreementID)
		if err != nil || a.Title != test.title || a.Parties != test.parties || a.Signed != test.signed {
			t.Errorf("%s: %q, %s, %s, %v", test.name, a.Title, a.Parties, a.Signed, err)
		}
	}
	if len(exchange.KnownMappings()) != len(tests) {
		t.Errorf("%d mappings come with the program, %d are tried", len(exchange.KnownMappings()), len(tests))
	}
}

// DESTA goes in whole: its members are joined by destaID, and what cannot be taken
// says why.
func TestDESTAIsImported(t *testing.T) {
	folder := "../sample/desta/"
	var files []models.NamedReader
	for _, name := range []string{"desta-agreements.csv.gz", "desta-parties.csv.gz"} {
		f, err := os.Open(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, models.NamedReader{Name: name, Content: f})
	}
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	imp, err := importer(store).BringIn(ctx, known(t, "desta"), files, models.Change{Actor: "test"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if n := adds(t, store, imp); n.Read != 987 || n.RowsRead != 7466 || n.New != 927 || n.RowsTaken != 7372 {
		t.Errorf("%+v", n)
	}
	reasons := map[string]int{}
	for _, r := range refused(t, store, imp) {
		reasons[r[4]]++
	}
	// 987 rows bear 927 identifiers; 81 agreements are not signed, so that nothing
	// dates them, and of 5 one party alone is named: recorded as incomplete.
	incomplete, err := store.Lists().Agreements(ctx, models.Filter{On: "2026-11-30", Works: []string{"date"}, Limit: 1}, "en")
	if err != nil || incomplete.Total != 81 {
		t.Errorf("%d are without a date (%v)", incomplete.Total, err)
	}
	if reasons["import_same_id"] != 60 || reasons["two_parties"] != 5 {
		t.Errorf("%v", reasons)
	}
}

// A workbook's days are numbers; merged cells and formulas do no harm.
func TestWorkbooksAreRead(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	book := excelize.NewFile()
	rows := [][]any{{"List of agreements"}, {"Title", "Party 1", "Party 2", "Signed", "In force"},
		{"Treaty of friendship", "Belarus", "Russia", time.Date(2021, 11, 5, 0, 0, 0, 0, time.UTC), 2022},
		{"Treaty of trade", "Belarus", "China", time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), "2020-05"}}
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(book.MergeCell("Sheet1", "A1", "E1"), book.SetCellFormula("Sheet1", "F3", "=1+1")); err != nil {
		t.Fatal(err)
	}
	text, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	imp := bring(t, store, guess(t, store, text.String()), false, text.String())
	if n := adds(t, store, imp); n.New != 2 {
		t.Fatalf("%+v %v", n, refused(t, store, imp))
	}
	a, err := store.Agreement(ctx, 1)
	if err != nil || a.Signed != "2021-11-05" || a.ValidityPeriods[0].ValidFrom != "2022" {
		t.Errorf("%+v, %v", a, err)
	}
}

// What comes again changes what it says otherwise, and nothing else; undoing it
// brings the register back to what it said.
func TestAnImportUpdatesAndIsUndone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		first := "id,title,parties,signed,in force,summary\nA1,Treaty one,BY; RU,2001-02-03,2002,first\nA2,Treaty two,BY; " +
			"CN,2003,,\n"
		m := guess(t, store, first)
		m.Scheme = "test"
		if n := adds(t, store, bring(t, store, m, false, first)); n.New != 2 {
			t.Fatalf("%+v", n)
		}
		before := said(t, store)
		second := "id,title,parties,signed,in force,summary\nA1,Treaty one,BY; RU,2001-02-03,2004,\nA2,Treaty two,BY; " +
			"CN,2003,,\nA3,Treaty three,BY; KZ,2005,,\n"
		tried := bring(t, store, m, true, second).Counted()
		if said(t, store) != before {
			t.Error("a trial wrote")
		}
		imp := bring(t, store, m, false, second)
		n := adds(t, store, imp)
		if n.New != 1 || n.Changed != 1 || n.Fields != 1 || n.Same != 1 || n != tried {
			t.Fatalf("%+v, tried %+v", n, tried)
		}
		a, err := store.Agreement(ctx, 1)
		if err != nil || a.ValidityPeriods[0].ValidFrom != "2004" || a.Summary != "first" || a.Version != 2 {
			t.Fatalf("%+v, %v", a, err)
		}
		undo(t, store, *imp.OperationID)
		if now := said(t, store); now != before {
			t.Errorf("undone, the register says\n%s\nand said\n%s", now, before)
		}
		again := bring(t, store, m, false, second)
		if n := adds(t, store, again); n.New != 1 || n.Changed != 1 {
			t.Errorf("brought in again: %+v %v", n, refused(t, store, again))
		}
		if a, err := store.Agreement(ctx, 3); err != nil || a.Title != "Treaty three" {
			t.Errorf("its number is not taken up again: %v", err)
		}
		if broken, _, err := store.Upkeep().VerifyChain(ctx, nil); err != nil || broken != nil {
			t.Errorf("the chain: %v, %v", broken, err)
		}
		if _, err := store.Upkeep().VerifyRecords(ctx, func(b models.Break) { t.Error(b) }); err != nil {
			t.Error(err)
		}
		if _, err := store.Upkeep().Verify(ctx, func(m models.Mismatch) { t.Error(m) }); err != nil {
			t.Error(err)
		}
	})
}

func undo(t testing.TB, store *models.Store, operation int64) {
	t.Helper()
	if err := store.Bulk().AskUndo(ctx, operation, models.Change{Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := importer(store).Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// said is all that the register says of agreements, as CSV.
func said(t testing.TB, store *models.Store) string {
	t.Helper()
	var text bytes.Buffer
	if err := exchange.WriteTimelineCSV(&text, store.Timelines().Timeline(ctx, models.Filter{On: "2026-11-23"}),
		exchange.CSVOptions{Exact: true}); err != nil {
		t.Fatal(err)
	}
	if err := exchange.WriteAgreementsCSV(&text, store.Lists().AllAgreements(ctx, models.Filter{On: "2026-11-23"}, "en"),
		"",
		exchange.CSVOptions{Exact: true}); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// A file that cannot be read as a table is refused with a word that says why; a row
// that cannot be is told of, and the others are read (S8).
func TestHostileFilesAreRefusedInWords(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	var zipped bytes.Buffer
	packed := gzip.NewWriter(&zipped)
	packed.Write([]byte("title,parties,signed\nTreaty,BY;RU,2001\n"))
	packed.Close()
	bomb := zipOf(t, "xl/workbook.xml", 2<<30)
	tests := []struct{ name, text, code string }{
		{"nothing", "", "file_empty"}, {"blank", "\n\n \n", "file_empty"},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "file_xls"},
		{"a zip that is no workbook", zipOf(t, "readme.txt", 10), "file_not_xlsx"}, {"a zip bomb", bomb, "file_unpacked"},
		{"an OpenDocument bomb", zipOf(t, "content.xml", 300<<20), "file_not_ods"}, {"half a zip", zipOf(t, "xl/workbook.xml", 100)[:60], "file_not_xlsx"},
		{"half a gzip", zipped.String()[:30], "file_gzip"}, {"broken JSON", `[{"title": "x"}, {"title": `, "file_json"},
		{"deep JSON", `[{"a":` + strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 41) + "]", "file_deep"},
		{"a long line", "title,parties,signed\n" + strings.Repeat("x", 9<<20), "file_long_row"},
		{"many columns", strings.Repeat("a,", 5000) + "\n" + strings.Repeat("1,", 5000) + "\n", "file_columns"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := propose(store, test.text)
			if err == nil {
				m.Fixed = map[string]string{"title": "x"}
				var imp *models.Import
				imp, err = importer(store).BringIn(ctx, m, []models.NamedReader{
					{Name: "x", Content: strings.NewReader(test.text)}}, models.Change{Actor: "test"}, true)
				_ = imp
			}
			var invalid models.Invalid
			if !errors.As(err, &invalid) || invalid["file"].Code != test.code {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if said := locales.Of("en").Problem(invalid["file"]); strings.Contains(said, "problem.") ||
				strings.Contains(said, "no value") {
				t.Errorf("said as %q", said)
			}
		})
	}
	rows := "title,parties,signed\nTreaty one,BY; RU,2001\nragged,BY; RU,2001,more,cells\nnul \x00,BY; " +
		"RU,2001\nquo\"te,BY; RU,2001\n\"=1+1\",BY; CN,2002\nTreaty two,BY; KZ,32 May 2001\nTreaty three,Atlantis; RU,2001\nTreaty four,BY; RU,0004\nTreaty five,\"BY; RU\",\"2001\nnever closed"
	imp := bring(t, store, guess(t, store, rows), false, rows)
	n := adds(t, store, imp)
	if n.Read != 9 || n.New != 5 {
		t.Errorf("%+v %v", n, refused(t, store, imp))
	}
	for _, want := range []string{"row_ragged", "row_nul", "row_quote", "date_day", "unknown_party", "date_year",
		"row_unclosed"} {
		found := false
		for _, r := range refused(t, store, imp) {
			found = found || r[4] == want
		}
		if !found {
			t.Errorf("%s is not told of: %v", want, refused(t, store, imp))
		}
	}
}

func zipOf(t *testing.T, name string, size int64) string {
	t.Helper()
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	w, err := archive.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// An import that was interrupted goes on where it was: nothing is there twice,
// nothing is missing (R8).
func TestAnInterruptedImportGoesOn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		var text strings.Builder
		text.WriteString("id,title,parties,signed\n")
		for n := range 5000 {
			fmt.Fprintf(&text, "N%d,Treaty number %d,BY; RU,%d\n", n, n, 1900+n%100)
		}
		m := guess(t, store, text.String())
		m.Scheme = "test"
		id, err := store.Bulk().NewImport(ctx, m, []models.NamedReader{
			{Name: "t.csv", Content: strings.NewReader(text.String())}}, models.Change{Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		dies := func(state string, batches int) {
			stopping, stop := context.WithCancel(ctx)
			i := importer(store)
			i.Progress = func(int64, int64) {
				if batches--; batches == 0 {
					stop()
				}
			}
			if err := i.Settle(stopping); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v", err)
			}
			imp, _, err := store.Bulk().Import(ctx, id)
			if err != nil || imp.State != state || imp.Done == 0 || imp.Done == 5000 {
				t.Fatalf("%+v, %v", imp, err)
			}
			later := store.Now().Add(time.Hour) // the dead process has it no longer
			store.Now = func() time.Time { return later }
		}
		if err := store.Bulk().CheckImport(ctx, id); err != nil {
			t.Fatal(err)
		}
		dies("checking", 2) // of which one is noted
		if err := errors.Join(importer(store).Settle(ctx), store.Bulk().StartImport(ctx, id,
			models.Change{Actor: "test"})); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			dies("running", 1)
		}
		if err := importer(store).Settle(ctx); err != nil {
			t.Fatal(err)
		}
		imp, _, err := store.Bulk().Import(ctx, id)
		if err != nil || imp.State != "done" {
			t.Fatalf("%+v, %v", imp, err)
		}
		if n := adds(t, store, imp); n.New != 5000 || n.Read != 5000 {
			t.Errorf("%+v", n)
		}
		if size, err := store.Lists().Totals(ctx); err != nil || size.Agreements != 5000 {
			t.Errorf("%+v, %v", size, err)
		}
	})
}

// An import that is cancelled stops between two batches; what it wrote can be
// undone, and counts add up (R8).
func TestACancelledImportStops(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		var text strings.Builder
		text.WriteString("id,title,parties,signed\n")
		for n := range 3000 {
			fmt.Fprintf(&text, "N%d,Treaty number %d,BY; RU,%d\n", n, n, 1900+n%100)
		}
		m := guess(t, store, text.String())
		m.Scheme = "test"
		id, err := store.Bulk().NewImport(ctx, m, []models.NamedReader{
			{Name: "t.csv", Content: strings.NewReader(text.String())}}, models.Change{Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(store.Bulk().CheckImport(ctx, id), importer(store).Settle(ctx),
			store.Bulk().StartImport(ctx, id, models.Change{Actor: "test"})); err != nil {
			t.Fatal(err)
		}
		i := importer(store)
		i.Progress = func(done, total int64) {
			if err := store.Bulk().CancelImport(ctx, id); err != nil && !errors.Is(err, models.ErrTaken) {
				t.Error(err)
			}
		}
		if err := i.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		imp, _, err := store.Bulk().Import(ctx, id)
		if err != nil || imp.State != "cancelled" {
			t.Fatalf("%+v, %v", imp, err)
		}
		size, err := store.Lists().Totals(ctx)
		if n := adds(t, store, imp); err != nil || n.New != 1000 || size.Agreements != n.New {
			t.Errorf("%+v, %+v, %v", n, size, err)
		}
		undo(t, store, *imp.OperationID)
		if size, err := store.Lists().Totals(ctx); err != nil || size.Agreements != 0 {
			t.Errorf("undone: %+v, %v", size, err)
		}
	})
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{"title,parties\nx,BY\n", "a;b;c\n1;2;3", "\xff\xfea\x00,\x00b\x00",
		"{\"a\":1}\n{\"b\":[1,2]}", "[{\"a\":{\"b\":[{\"c\":1}]}}]", "\"a\nb", "a\tb\n\"\"\"", "PK\x03\x04", "\x1f\x8b\x08"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := sheet.Open(bytes.NewReader(content), int64(len(content)), models.FileFormat{})
		var invalid models.Invalid
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("not said in words: %v", err)
			}
			return
		}
		n := 0
		for row, err := range file.Rows() {
			if err != nil {
				if !errors.As(err, &invalid) {
					t.Fatalf("not said in words: %v", err)
				}
				return
			}
			if row.Problem == nil && len(row.Cells) != len(file.Columns) {
				t.Fatalf("row %d has %d cells, the header %d", row.Line, len(row.Cells), len(file.Columns))
			}
			if n++; n > 10000 {
				return
			}
		}
	})
}

func FuzzWrittenDate(f *testing.F) {
	for _, s := range []string{"5 November 2025", "November 5, 2025", "5. März 2025", "5 ноября 2025 г.", "11/25/2021",
		"44505", "2021-11-05T00:00:00Z", "May 1999", "1890-12-20?", "2010-XX-XX-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, written string) {
		d, err := exchange.ReadDate(written, "", true)
		if err != nil {
			return
		}
		again, err := edtf.ParseDate(d.Written)
		if err != nil || again != d {
			t.Fatalf("%q became %+v, which is read as %+v, %v", written, d, again, err)
		}
	})
}

func FuzzMapping(f *testing.F) {
	for _, m := range exchange.KnownMappings() {
		text, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := exchange.ReadMapping(bytes.NewReader(text))
		var invalid models.Invalid
		if err != nil && !errors.As(err, &invalid) {
			t.Fatalf("not said in words: %v", err)
		}
		if err != nil {
			return
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := exchange.ReadMapping(bytes.NewReader(again)); err != nil {
			t.Fatalf("%s does not come back: %v", again, err)
		}
	})
}
