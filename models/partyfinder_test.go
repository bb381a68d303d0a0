package models_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/testdb"
)

// A name means the party that bore it on the day; a code means its bearer; what an
// import has chosen comes first.
func TestNamesInFilesMeanParties(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		finder, err := store.Bulk().PartyFinder(ctx, "", map[string]string{"Our friends": "RU", "Nobody": models.LeftOut})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			named string
			on    edtf.Day
			want  string
		}{
			{"Belarus", "2020-01-01", "BY"}, {"BY", "", "BY"}, {"BLR", "", "BY"}, {"by", "", "BY"}, {"Weißrussland", "", "BY"},
			{"Беларусь", "", "BY"}, {"  belarus ", "", "BY"}, {"Belarus (BY)", "", "BY"}, {"Republic of Belarus", "", "BY"},
			{"Soviet Union", "1950-01-01", "SUHH"}, {"USSR", "1950-01-01", "SUHH"}, {"Россия", "2000-01-01", "RU"},
			{"Our friends", "", "RU"}, {"Nobody", "", models.LeftOut}, {"Atlantis", "", ""}, {"", "", ""}, {"%", "", ""},
			{strings.Repeat("x", 10_000), "", ""},
		} {
			code, candidates, err := finder.Find(test.named, test.on)
			if err != nil {
				t.Fatal(err)
			}
			if code != test.want {
				t.Errorf("%.40q on %q is %q (can be %q), want %q", test.named, test.on, code, candidates, test.want)
			}
			if again, _, _ := finder.Find(test.named, test.on); again != code {
				t.Errorf("%.40q is %q, and then %q", test.named, code, again)
			}
		}
		code, candidates, err := finder.Find("Korea", "")
		if err != nil || code != "" && len(candidates) > 0 {
			t.Errorf("a name of two is %q, can be %q: %v", code, candidates, err)
		}
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if finder, err = store.Bulk().PartyFinder(stopped, "", nil); err == nil {
			if _, _, err = finder.Find("Belarus", ""); err == nil {
				t.Error("a finder answers who has gone")
			}
		}
	})
}

// Codes of a list of statistics are read with their dates: the bearer of a code may
// change.
func TestCodesInFilesMeanTheirBearers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		for list, cases := range map[string][][3]string{
			"cow": {{"2", "2000-01-01", "US"}, {"365", "2000-01-01", "RU"}, {"370", "2000-01-01", "BY"},
				{"9999", "2000-01-01", ""}},
			"alpha3": {{"BLR", "2000-01-01", "BY"}, {"RUS", "2000-01-01", "RU"}, {"XXX", "2000-01-01", ""}},
		} {
			finder, err := store.Bulk().PartyFinder(ctx, list, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range cases {
				code, _, err := finder.Find(test[0], edtf.Day(test[1]))
				if err != nil || code != test[2] {
					t.Errorf("%s %s on %s is %q, want %q: %v", list, test[0], test[1], code, test[2], err)
				}
			}
		}
	})
}

// Names that are much alike are proposed, the most alike first.
func TestParticipantsThatAreMisspeltAreProposed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, store *models.Store) {
		names := map[string]string{"Belaruss": "BY", "Kasachstann": "KZ", "Frankreichh": "FR", "Untied Kingdom": "GB"}
		asked := []string{"zzzzzz"}
		for name := range names {
			asked = append(asked, name)
		}
		slices.Sort(asked)
		found, err := store.Parties().SimilarParties(ctx, "en", asked, 3)
		if err != nil {
			t.Fatal(err)
		}
		for name, code := range names {
			if list := found[name]; len(list) == 0 || list[0].Code != code || len(list) > 3 {
				t.Errorf("%s is proposed as %+v", name, list)
			}
		}
		if len(found["zzzzzz"]) > 0 {
			t.Errorf("nothing is proposed as %+v", found["zzzzzz"])
		}
	})
}
