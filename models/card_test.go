package models

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chancery/models/edtf"
)

func TestHowExactlyAnAgreementIsDated(t *testing.T) {
	for signed, want := range map[string]string{"": "derived", "2001-02-03": "day", "2001-02": "month", "2001": "year",
		"2001-02-03?": "other", "200X": "other", "2001/2002": "other", "../2001": "other", "1961~": "other"} {
		a := &Agreement{Signed: signed}
		if signed != "" {
			d, err := edtf.ParseDate(signed)
			if err != nil {
				t.Fatal(err)
			}
			a.SignedEarliest, a.SignedLatest = d.Earliest, d.Latest
		}
		if got := a.precision(); got != want {
			t.Errorf("%q is dated by %s, want %s", signed, got, want)
		}
	}
}

// aCard draws an agreement and the card that the table holds of it.
func aCard(t *rapid.T) (*Agreement, string) {
	word := func(label string) string { return rapid.StringMatching(`[A-Za-zß-ö ]{0,12}`).Draw(t, label) }
	year := rapid.IntRange(1000, 2100).Draw(t, "year")
	day := edtf.Day(time.Date(year, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 3, 0, 0, 0, 0,
		time.UTC).Format(time.DateOnly))
	a := &Agreement{ID: int64(rapid.IntRange(1, 1<<20).Draw(t, "number")), Kind: rapid.SampledFrom(Kinds).Draw(t, "kind"),
		Level: rapid.SampledFrom(Levels).Draw(t, "level"), Place: word("place"), Signed: string(day), SignedEarliest: day,
		SignedLatest: day, DatedEarliest: day, DatedLatest: day, RecordedAt: time.Unix(
			int64(rapid.IntRange(0, 1<<31).Draw(t, "at")), 0),
		Restricted: rapid.Bool().Draw(t, "restricted")}
	for i := range rapid.IntRange(2, 5).Draw(t, "parties") {
		a.Participations = append(a.Participations, Participation{ID: int64(i + 1), Party: string(rune('A'+i)) + "X",
			Role: rapid.SampledFrom(Roles).Draw(t, "role"), Signatories: []Signatory{{PersonID: int64(i + 10)}}})
	}
	a.Bilateral = len(a.Participations) == 2
	for range rapid.IntRange(0, 3).Draw(t, "subjects") {
		if text := strings.TrimSpace(word("subject")); text != "" {
			a.Subjects = append(a.Subjects, Subject{Text: text})
		}
	}
	if rapid.Bool().Draw(t, "sourced") {
		a.Sources = []Source{{URL: "https://example.org"}}
	}
	if rapid.Bool().Draw(t, "held to a term") {
		a.ValidityPeriods = []ValidityPeriod{{FromDay: day, UntilDay: day.AddMonths(24), Basis: "term", Renewal: "none"}}
	}
	a.Titles = []Title{{Language: "en", Text: "T"}, {Language: "de", Text: "T"}}
	return a, a.cardText(a.Facts(surroundings{}).Outcome(), surroundings{})
}

// A card says what its agreement says: as text, parsed, packed and unpacked.
func TestACardSaysWhatItsAgreementSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, text := aCard(t)
		words, parties := newDictionary(), newDictionary()
		c, err := parseCard(a.ID, text, words.add, parties.add)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if int64(c.ID) != a.ID || Kinds[c.Kind] != a.Kind || Levels[c.Level] != a.Level || c.Bilateral != a.Bilateral ||
			c.Restricted != a.Restricted || c.Sourced != (len(a.Sources) > 0) || edtf.DayOf(c.Earliest) != a.DatedEarliest ||
			Precisions[c.Precision] != "day" || int64(c.Recorded) != a.RecordedAt.Unix() {
			t.Fatalf("%+v is the card %+v", a, c)
		}
		var places []string
		for _, word := range c.Places {
			places = append(places, words.list()[word])
		}
		if !slices.Equal(places, a.places()) {
			t.Fatalf("the places %q are %q", a.Place, places)
		}
		if len(c.Parties) != len(a.Participations) || len(c.People) != len(a.Participations) || len(c.Languages) != 2 {
			t.Fatalf("%+v", c)
		}
		for i, p := range c.Parties {
			if parties.list()[p.Party] != a.Participations[i].Party || Roles[p.Role] != a.Participations[i].Role {
				t.Fatalf("party %d is %+v", i, p)
			}
		}
		var again card
		again.unpack(c.ID, c.pack(nil), nil, true)
		again.ID, again.pool, c.pool = c.ID, nil, nil
		if !reflect.DeepEqual(normal(again), normal(c)) {
			t.Fatalf("packed and unpacked\n%+v is\n%+v", c, again)
		}
	})
}

// normal makes lists alike that are empty or missing.
func normal(c card) card {
	for _, list := range []*[]uint32{&c.Subjects, &c.Series, &c.Languages, &c.People, &c.Meetings} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	if len(c.Spans) == 0 {
		c.Spans = nil
	}
	return c
}

func TestABrokenCardIsRefused(t *testing.T) {
	words, parties := newDictionary(), newDictionary()
	for _, text := range []string{"", "treaty", strings.Repeat("\t", 3), "a\tb\tc", strings.Repeat("x\t", 40)} {
		if _, err := parseCard(1, text, words.add, parties.add); err == nil {
			t.Errorf("%q is a card", text)
		}
	}
}

// A card is unpacked as it was packed, however many spans it has.
func TestACardIsUnpackedAsItWasPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spans := func(label string) (list []cardSpan) {
			from := rapid.Int32Range(1, 800_000).Draw(t, label)
			for range rapid.IntRange(0, 20).Draw(t, "n") {
				list = append(list, cardSpan{from, rapid.Uint8Range(0, uint8(stateBase-1)).Draw(t, "state")})
				from += rapid.Int32Range(1, 40_000).Draw(t, "days")
			}
			return list
		}
		c := card{ID: 7, There: true, Earliest: rapid.Int32Range(0, 800_000).Draw(t, "earliest"),
			Recorded: rapid.Uint32().Draw(t, "recorded"), Spans: spans("whole"), Bilateral: rapid.Bool().Draw(t, "bilateral")}
		c.Latest = c.Earliest + rapid.Int32Range(-10, 4000).Draw(t, "latest")
		for range rapid.IntRange(0, 4).Draw(t, "parties") {
			p := cardParty{Party: rapid.Uint32Range(0, 500).Draw(t, "party"), Role: rapid.Uint8Range(0, 3).Draw(t, "role")}
			if rapid.Bool().Draw(t, "own") {
				p.Spans = append([]cardSpan{}, spans("own spans")...)
			}
			c.Parties = append(c.Parties, p)
		}
		var got card
		packed := c.pack(nil)
		got.unpack(7, packed, nil, true)
		if string(got.pack(nil)) != string(packed) || !slices.Equal(got.Spans, c.Spans) || got.Latest != c.Latest ||
			got.Recorded != c.Recorded || len(got.Parties) != len(c.Parties) {
			t.Fatalf("%+v\n%+v", c, got)
		}
		for i, p := range got.Parties {
			if q := c.Parties[i]; p.Party != q.Party || p.Role != q.Role || (p.Spans == nil) != (q.Spans == nil) ||
				!slices.Equal(p.Spans, q.Spans) {
				t.Fatalf("party %d: %+v, want %+v", i, p, q)
			}
		}
	})
}
