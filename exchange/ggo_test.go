package exchange_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

var ctx = context.Background()

func ggo(rejected *bytes.Buffer) exchange.GGO {
	return exchange.GGO{Agreements: "../sample/ggo/ggo-agreements.csv.gz", Parties: "../sample/ggo/ggo-parties.csv.gz", Rejected: rejected, Actor: "test"}
}

// The real data set goes in whole: what is read is recorded or refused with a reason, the counts of its authors' files
// come out again, and a second run changes nothing.
func TestTheRealDataIsImported(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		var rejected bytes.Buffer
		report, err := exchange.ImportGGO(ctx, store, ggo(&rejected))
		if err != nil {
			t.Fatal(err)
		}
		if report.AgreementsRead != 4532 || report.PartiesRead != 98320 {
			t.Errorf("read %d agreements and %d rows of parties", report.AgreementsRead, report.PartiesRead)
		}
		if report.AgreementsRead != report.AgreementsRecorded+report.AgreementsRefused || report.PartiesRead != report.PartiesRecorded+report.PartiesRefused {
			t.Errorf("counts do not add up: %s", report)
		}
		rows, err := csv.NewReader(&rejected).ReadAll()
		if err != nil || len(rows)-1 != report.Rejected() {
			t.Errorf("%d rejected rows written (%v), want %d", len(rows)-1, err, report.Rejected())
		}
		if !contains(rows, "0014-022005") {
			t.Error("the broken date 0014-022005 is not reported")
		}
		checkPair(t, store, models.PairOf("BY", "RU"), 387, 19+1) // and VNM_2015O, whose rows are dated as a later row of that id
		checkPair(t, store, models.PairOf("CA", "US"), 570, 23)
		before, err := store.LastChange(ctx)
		if err != nil {
			t.Fatal(err)
		}
		again, err := exchange.ImportGGO(ctx, store, ggo(&bytes.Buffer{}))
		if err != nil || again.AgreementsRecorded != 0 || again.AgreementsKnown != report.AgreementsRecorded {
			t.Errorf("the second run: %v, %v", again, err)
		}
		if after, _ := store.LastChange(ctx); after != before {
			t.Error("the second run changed the register")
		}
	})
}

// checkPair compares with the number of treaty ids in which both take part, less those that no agreement's row bears.
func checkPair(t *testing.T, store *models.Store, pair [2]string, ids, without int) {
	t.Helper()
	page, err := store.Agreements(ctx, models.Filter{Pair: pair, Predecessors: true, On: "2026-11-23", Limit: 50}, "en")
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(ids - without); page.Total != want {
		t.Errorf("%v: %d agreements, want %d less %d refused = %d", pair, page.Total, ids, without, want)
	}
}

func contains(rows [][]string, value string) bool {
	for _, row := range rows {
		if row[3] == value {
			return true
		}
	}
	return false
}

// A code means whoever bore it on that date (trap 6).
func TestACodeIsReadWithItsDate(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		codes, err := store.CodesOf(ctx, "ggo")
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			code string
			day  models.Day
			want string
		}{
			{"RUS", "1954-05-01", "SUHH"}, {"RUS", "2005-01-01", "RU"}, {"RUS", "1900-01-01", "RU"}, {"RUS", "", "RU"},
			{"GBR", "1351-08-01", "ENGLAND"}, {"GBR", "1950-01-01", "GB"}, {"DEU", "1960-01-01", "DE"}, {"DDR", "1965-03-11", "DDDE"},
			{"YUG", "1960-01-01", "YUCS"}, {"YUG", "1999-01-01", "CSXX"}, {"SRB", "2000-01-01", "CSXX"}, {"SRB", "2010-01-01", "RS"},
			{"CZE", "1921-03-10", "CSHH"}, {"CZE", "2004-01-01", "CZ"}, {"YEM", "1970-01-01", "YAR"}, {"YMD", "1970-01-01", "YDYE"},
			{"YEM", "2000-01-01", "YE"}, {"KOS", "2010-01-01", "XK"}, {"Kosovo", "2006-07-01", "XK"}, {"EUE", "1976-01-01", "EEC"}, {"EUE", "2012-01-01", "EU"},
			{"EURATOM European Atomic Energy Community", "1990-01-01", "EURATOM"}, {"Baden-Württemberg", "1960-10-27", "BADENWUERTTEMBERG"},
			{"COD", "1980-01-01", "CD"}, {"MMR", "1950-01-01", "MM"}, {"BLR", "1950-01-01", "BY"}, {"UNK", "2010-03-11", ""},
		}
		for _, test := range tests {
			if got, _ := codes.On(test.code, test.day); got != test.want {
				t.Errorf("%s on %s: got %q, want %q", test.code, test.day, got, test.want)
			}
		}
	})
}

// An import that is interrupted leaves nothing half (R16).
func TestAnInterruptedImportLeavesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		stopping, stop := context.WithCancel(ctx)
		source := ggo(&bytes.Buffer{})
		source.Progress = func(done, total int) {
			if done > 0 {
				stop()
			}
		}
		if _, err := exchange.ImportGGO(stopping, store, source); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		size, err := store.Size(ctx)
		if err != nil || size.Agreements != 0 || size.People != 0 {
			t.Errorf("left behind: %+v, %v", size, err)
		}
	})
}

func TestADryRunWritesNothing(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	source := ggo(&bytes.Buffer{})
	source.DryRun = true
	report, err := exchange.ImportGGO(ctx, store, source)
	if err != nil || report.AgreementsRecorded == 0 {
		t.Fatalf("%v, %v", report, err)
	}
	if size, _ := store.Size(ctx); size.Agreements != 0 {
		t.Errorf("%d agreements were written", size.Agreements)
	}
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
