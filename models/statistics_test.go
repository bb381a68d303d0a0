package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/testdb"
)

// holding is an agreement that is in force from a day until another, or open.
func holding(title, signed, from, until string, codes ...string) models.AgreementDraft {
	d := agreement(title, signed, codes...)
	d.ValidityPeriods = []models.PeriodDraft{{ValidFrom: from, ValidUntil: until, Basis: "term"}}
	return d
}

// shelf records agreements whose figures are reckoned by hand below.
func shelf(t *testing.T, store *models.Store) {
	t.Helper()
	store.Now = func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
	rivers := holding("Convention on rivers", "2020-08-01", "2020-08-01", "", "BY", "RU", "KZ")
	rivers.Kind = "convention"
	for _, d := range []models.AgreementDraft{
		holding("Treaty on fish", "2018-05-01", "2019-01-01", "2021-12-31", "BY", "RU"), // to the end of a year
		holding("Treaty on grain", "2019-06-01", "2019-07-01", "2022-03-15", "BY", "RU"),
		holding("Treaty on air", "2020-02-29", "2021-01-01", "", "BY", "KZ"),
		rivers,
		agreement("Declaration on friendship", "2021-09-09", "RU", "KZ"), // nobody says that it entered into force
	} {
		record(t, store, d)
	}
}

const asAt = edtf.Day("2023-06-30")

// What was signed, came into force, ended and was in force on the last day of each
// year.
func TestYearsAreCounted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		shelf(t, store)
		say := func(f models.Filter) string {
			f.On = asAt
			years, err := store.Statistics().Years(ctx, f)
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, y := range years {
				list = append(list, fmt.Sprintf("%d:%d+%d-%d=%d", y.Year, y.Signed, y.Entered, y.Ended, y.InForce))
			}
			return strings.Join(list, " ")
		}
		for name, test := range map[string]struct {
			filter models.Filter
			want   string
		}{
			"all": {models.Filter{}, "2018:1+0-0=0 2019:1+2-0=2 2020:2+1-0=3 2021:1+1-1=4 2022:0+0-1=2 2023:0+0-0=2"},
			"a pair": {models.Filter{Pair: [2]string{"BY", "RU"}},
				"2018:1+0-0=0 2019:1+2-0=2 2020:1+1-0=3 2021:0+0-1=3 2022:0+0-1=1 2023:0+0-0=1"},
			"a party":  {models.Filter{Parties: []string{"KZ"}}, "2020:2+1-0=1 2021:1+1-0=2 2022:0+0-0=2 2023:0+0-0=2"},
			"a span":   {models.Filter{From: "2020", Until: "2021"}, "2020:2+1-0=3 2021:1+1-1=4"},
			"a kind":   {models.Filter{Kinds: []string{"convention"}}, "2020:1+1-0=1 2021:0+0-0=1 2022:0+0-0=1 2023:0+0-0=1"},
			"no one":   {models.Filter{Parties: []string{"FR"}}, ""},
			"a search": {models.Filter{Query: "grain"}, "2019:1+1-0=1 2020:0+0-0=1 2021:0+0-0=1 2022:0+0-1=0 2023:0+0-0=0"},
		} {
			if got := say(test.filter); got != test.want {
				t.Errorf("%s:\n%s, want\n%s", name, got, test.want)
			}
		}
	})
}

// A matrix counts both ways, and nobody with themselves.
func TestAMatrixCountsPairs(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		shelf(t, store)
		for _, test := range []struct {
			on      edtf.Day
			measure string
			want    string
			most    int
		}{
			{"2020-12-31", "in-force", "[[0 3 1] [3 0 1] [1 1 0]]", 3},
			{"2021-12-31", "in-force", "[[0 3 2] [3 0 1] [2 1 0]]", 3},
			{"2022-01-01", "in-force", "[[0 2 2] [2 0 1] [2 1 0]]", 2},
			{asAt, "in-force", "[[0 1 2] [1 0 1] [2 1 0]]", 2},
			{asAt, "signed", "[[0 3 2] [3 0 2] [2 2 0]]", 3},
			{"2018-01-01", "in-force", "[[0 0 0] [0 0 0] [0 0 0]]", 0},
		} {
			m, err := store.Statistics().Matrix(ctx, models.Filter{On: test.on}, []string{"BY", "RU", "KZ"}, test.measure)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(m.Cells); got != test.want || m.Most != test.most {
				t.Errorf("%s on %s: %s, most %d; want %s, %d", test.measure, test.on, got, m.Most, test.want, test.most)
			}
			other, err := store.Statistics().Matrix(ctx, models.Filter{On: test.on}, []string{"KZ", "FR", "BY"}, test.measure)
			if err != nil {
				t.Fatal(err)
			}
			if other.Cells[0][2] != m.Cells[2][0] || other.Cells[1][0] != 0 || other.Cells[1][1] != 0 {
				t.Errorf("in another order: %v", other.Cells)
			}
		}
	})
}

// Pairs are those of two alone; partners are all that a party has agreements with.
func TestPairsAndPartnersAreListedBusiestFirst(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		shelf(t, store)
		say := func(list []models.PairCount, err error) string {
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, p := range list {
				texts = append(texts, fmt.Sprintf("%s %d/%d", p.Pair, p.InForce, p.Agreements))
			}
			return strings.Join(texts, ", ")
		}
		pairs := func(on edtf.Day, limit int) string {
			return say(store.Statistics().Pairs(ctx, models.Filter{On: on}, limit))
		}
		partners := func(party string, limit int) string {
			return say(store.Statistics().Partners(ctx, models.Filter{On: asAt, Parties: []string{party}}, limit))
		}
		for _, test := range [][2]string{
			{pairs(asAt, 10), "BY-RU 0/2, BY-KZ 1/1, KZ-RU 0/1"},
			{pairs("2020-12-31", 10), "BY-RU 2/2, BY-KZ 0/1, KZ-RU 0/1"},
			{pairs(asAt, 1), "BY-RU 0/2"},
			{partners("BY", 0), "RU 1/3, KZ 2/2"},
			{partners("KZ", 0), "BY 2/2, RU 1/2"},
			{partners("KZ", 1), "BY 2/2"},
			{partners("FR", 0), ""},
		} {
			if test[0] != test[1] {
				t.Errorf("listed %q, want %q", test[0], test[1])
			}
		}
	})
}

// A panel has a row for every year of every pair, so that a zero is told from what
// is missing.
func TestAPanelHasARowForEveryYear(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		shelf(t, store)
		say := func(f models.Filter, alone bool) (rows []string) {
			f.On = asAt
			for r, err := range store.Statistics().Panel(ctx, f, "", alone) {
				if err != nil {
					t.Fatal(err)
				}
				name := r.A.Code
				if !alone {
					name += "-" + r.B.Code
				}
				signed, inForce := 0, 0
				for _, k := range r.ByKind {
					signed, inForce = signed+k.Concluded, inForce+k.InForce
				}
				if signed != r.Concluded || inForce != r.Standing[status.InForce] {
					t.Errorf("%s in %d: the kinds come to %d and %d, the whole to %d and %d", name, r.Year, signed, inForce,
						r.Concluded, r.Standing[status.InForce])
				}
				rows = append(rows, fmt.Sprintf("%s %d %d-%d=%d", name, r.Year, r.Concluded, r.Ended, r.Standing[status.InForce]))
			}
			return rows
		}
		all := say(models.Filter{}, false)
		if len(all) != 3*6 || !slices.IsSorted(all) {
			t.Errorf("the panel has %d rows: %q", len(all), all)
		}
		for _, test := range []struct {
			filter models.Filter
			alone  bool
			want   string
		}{
			{models.Filter{Pair: [2]string{"BY", "RU"}}, false,
				"BY-RU 2018 1-0=0, BY-RU 2019 1-0=2, BY-RU 2020 1-0=3, BY-RU 2021 0-1=3, BY-RU 2022 0-1=1, BY-RU 2023 0-0=1"},
			{models.Filter{Pair: [2]string{"BY", "KZ"}, From: "2019", Until: "2021"}, false,
				"BY-KZ 2019 0-0=0, BY-KZ 2020 2-0=1, BY-KZ 2021 0-0=2"},
			{models.Filter{Parties: []string{"KZ"}, From: "2020", Until: "2020"}, true,
				"BY 2020 2-0=1, KZ 2020 2-0=1, RU 2020 1-0=1"},
			{models.Filter{Parties: []string{"FR"}}, true, ""},
		} {
			if got := strings.Join(say(test.filter, test.alone), ", "); got != test.want {
				t.Errorf("the panel is\n%s, want\n%s", got, test.want)
			}
		}
	})
}

// What is to come is listed in the order of its days, and no more of it than is
// asked for; of what has ended nothing is to come.
func TestTheCalendarHasWhatIsToCome(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		shelf(t, store)
		say := func(on edtf.Day, months, limit int) string {
			list, err := store.Statistics().Calendar(ctx, models.Filter{On: on}, months, limit)
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, c := range list {
				texts = append(texts, fmt.Sprintf("%s %s %d", c.Date, c.Event.Event, c.Agreement))
			}
			return strings.Join(texts, ", ")
		}
		for _, test := range []struct {
			on            edtf.Day
			months, limit int
			want          string
		}{
			{"2021-06-01", 12, 100, "2021-12-31 validity-ends 1, 2022-03-15 validity-ends 2"},
			{"2021-06-01", 12, 1, "2021-12-31 validity-ends 1"},
			{"2021-06-01", 7, 100, "2021-12-31 validity-ends 1"},
			{"2022-01-01", 12, 100, "2022-03-15 validity-ends 2"},
			{"2022-03-16", 12, 100, ""},
			{"2018-12-01", 8, 100, "2019-01-01 validity-begins 1"}, // the second was not signed then
			{"2019-06-01", 8, 100, "2019-07-01 validity-begins 2"},
		} {
			if got := say(test.on, test.months, test.limit); got != test.want {
				t.Errorf("on %s, %d months: %q, want %q", test.on, test.months, got, test.want)
			}
		}
	})
}
