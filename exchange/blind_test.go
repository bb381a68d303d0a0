package exchange_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chancery/exchange"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/testdb"
)

// published reads a table of a published data set by nothing of ours, by its columns.
func published(t *testing.T, path string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, row)
	}
	return rows
}

var (
	wholeDay = regexp.MustCompile(`^\d{4}(-\d{2}-\d{2})?$`)
	nth      = regexp.MustCompile(` \(\d+\)$`)
)

// The two published data sets go in by what stands in them alone, without a known
// mapping: nearly all of them, with at most two questions, and nothing wrong in a
// title, a date, a party, the kind of an act or the row that was joined, as another
// reading of the files says.
func TestKnownDataGoInAsUnderstood(t *testing.T) {
	for _, set := range []struct {
		folder, engine, key string
		acts                map[string]string // of a party, the columns of their days
	}{
		{"../sample/ggo/ggo", "sqlite", "treatyID", map[string]string{"signature": "StateSignature", "ratification": "StateRatification",
			"entry-into-force": "StateForce", "withdrawal": "StateEnd"}},
		{"../sample/desta/desta", "postgres", "destaID", map[string]string{"signature": "Signature", "entry-into-force": "Force"}},
	} {
		t.Run(set.key, func(t *testing.T) {
			store := testdb.Open(t, testdb.Address(t, set.engine))
			var sources []exchange.Source
			for _, name := range []string{"-agreements.csv.gz", "-parties.csv.gz"} {
				content, err := os.ReadFile(set.folder + name)
				if err != nil {
					t.Fatal(err)
				}
				sources = append(sources, exchange.Source{Name: name, Content: bytes.NewReader(content), Size: int64(len(content))})
			}
			m, err := exchange.Understand(ctx, store, sources)
			if err != nil {
				t.Fatal(err)
			}
			if open := m.Open(); len(open) > 2 {
				t.Errorf("%d questions: %v", len(open), open)
			}
			imp, err := importer(store).BringIn(ctx, m, exchange.Named(sources), models.Change{Actor: "test"}, false)
			if err != nil {
				t.Fatal(err)
			}
			agreements, parties := published(t, set.folder+"-agreements.csv.gz"), published(t, set.folder+"-parties.csv.gz")
			titled, members := map[string][]map[string]string{}, map[string][]map[string]string{}
			for _, row := range agreements {
				titled[row[set.key]] = append(titled[row[set.key]], row)
			}
			joined := 0
			for _, row := range parties {
				if members[row[set.key]] = append(members[row[set.key]], row); titled[row[set.key]] != nil {
					joined++
				}
			}
			n := adds(t, store, imp)
			if n.New*100 < int64(len(agreements))*97 || n.RowsTaken*100 < int64(joined)*97 {
				t.Errorf("of %d agreements and %d participations: %+v", len(agreements), joined, n)
			}
			codes, err := store.Parties().CodesOf(ctx, "ggo")
			if err != nil {
				t.Fatal(err)
			}
			for id := int64(1); id <= n.New; id++ {
				a, err := store.Agreement(ctx, id)
				if err != nil {
					t.Fatal(err)
				}
				key := nth.ReplaceAllString(a.ExternalIDs[0].Value, "")
				row := slices.IndexFunc(titled[key], func(row map[string]string) bool {
					return strings.Join(strings.Fields(row["Title"]), " ") == a.Title &&
						(!wholeDay.MatchString(row["Signature"]) || row["Signature"] == a.Signed || row["Signature"] == "")
				})
				if row < 0 {
					t.Fatalf("No. %d, %q of %s, signed %s, stands in no row", id, a.Title, key, a.Signed)
				}
				for _, act := range a.Acts {
					column := set.acts[string(act.Type)]
					if act.Party == "" || column == "" || !wholeDay.MatchString(act.Date) {
						continue
					}
					if !slices.ContainsFunc(members[key], func(row map[string]string) bool {
						code, _ := codes.On(row["stateID"], edtf.Day(act.DateEarliest))
						return row[column] == act.Date && code == act.Party
					}) {
						t.Fatalf("No. %d: %s of %s on %s stands in no row of %s", id, act.Type, act.Party, act.Date, key)
					}
				}
			}
		})
	}
}
