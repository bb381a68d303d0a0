package models

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chancery/models/bitmap"
)

// fingerprint says all that a snapshot says.
func fingerprint(x *snapshot) string {
	text := fmt.Sprint(x.change, x.live, x.restricted, x.byDate, x.lastPerson)
	for _, sets := range []map[uint32]*bitmap.Set{x.byParticipant, x.byObserver} {
		for _, word := range slices.Sorted(maps.Keys(sets)) {
			if !sets[word].IsEmpty() {
				text += fmt.Sprintf("\n%s %v", x.parties.list()[word], sets[word])
			}
		}
		text += "\n"
	}
	for _, id := range x.byDate {
		var c card
		x.get(id, &c)
		c.pool = nil
		text += fmt.Sprintf("\n%+v", c)
	}
	return text
}

func randomCard(t *rapid.T, parties *dictionary) card {
	c := card{ID: rapid.Uint32Range(1, 2500).Draw(t, "number"),
		Earliest: rapid.Int32Range(730000, 730009).Draw(t, "earliest")}
	c.There, c.Work = rapid.IntRange(0, 5).Draw(t, "gone") > 0, rapid.Uint8().Draw(t, "work")
	c.Latest = c.Earliest + rapid.Int32Range(0, 2).Draw(t, "longer by")
	c.Restricted = rapid.IntRange(0, 9).Draw(t, "restricted") == 0
	c.Kind = rapid.Uint8Range(0, 3).Draw(t, "kind")
	c.Places = rapid.SliceOfN(rapid.Uint32Range(1, 300), 0, 2).Draw(t, "places")
	c.People = rapid.SliceOfN(rapid.Uint32Range(1, 99), 0, 3).Draw(t, "people")
	c.Spans = []cardSpan{{c.Earliest, 2}, {c.Latest + 10, 8}}
	for _, code := range rapid.Permutation([]string{"BY", "RU", "DE", "FR"}).Draw(t,
		"parties")[:rapid.IntRange(0, 4).Draw(t, "how many")] {
		p := cardParty{Party: parties.add(code), Role: rapid.Uint8Range(0, uint8(len(Roles))).Draw(t, "role")}
		if rapid.Bool().Draw(t, "spans of its own") {
			p.Spans = []cardSpan{{c.Earliest, 4}}
		}
		c.Parties = append(c.Parties, p)
	}
	if len(c.Parties) > 1 && rapid.Bool().Draw(t, "cut") {
		c.Cuts = []cardCut{{c.Parties[0].Party, c.Parties[1].Party, c.Latest + 5, 14}}
	}
	return c
}

// A snapshot that follows others, change by change, says what one says that is made
// of the same cards at once; and none of those before it says anything else than
// when it was made.
func TestASnapshotIsWhatItsCardsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newSnapshot()
		cards := map[uint32]card{}
		var made []*snapshot
		var said []string
		for change := range int64(rapid.IntRange(1, 12).Draw(t, "changes")) {
			b := following(x)
			var changed []uint32
			for range rapid.IntRange(0, 100).Draw(t, "cards") {
				if c := randomCard(t, b.parties); !slices.Contains(changed, c.ID) {
					cards[c.ID] = c
					changed = append(changed, c.ID)
					b.replace(c)
				}
			}
			x = b.finish(change, chainHead{})
			all := following(&snapshot{words: x.words, parties: x.parties, live: bitmap.New(), restricted: bitmap.New(),
				byParticipant: map[uint32]*bitmap.Set{}, byObserver: map[uint32]*bitmap.Set{},
				byContinuator: map[uint32]*bitmap.Set{}})
			for _, c := range slices.SortedFunc(maps.Values(cards), func(a, b card) int { return cmp.Compare(a.ID, b.ID) }) {
				all.replace(c)
			}
			all.lastPerson = max(all.lastPerson, x.lastPerson) // the highest that ever was: it bounds, and is not counted
			if got, want := fingerprint(x), fingerprint(all.finish(change, chainHead{})); got != want {
				t.Fatalf("after change %d\n%s\nat once\n%s", change, got, want)
			}
			made, said = append(made, x), append(said, fingerprint(x))
		}
		for i, x := range made {
			if fingerprint(x) != said[i] {
				t.Fatalf("snapshot %d changed after it was made", i)
			}
		}
	})
}

// Blocks of which most is no longer used are written anew, and say the same.
func TestASnapshotIsCompacted(t *testing.T) {
	x := newSnapshot()
	people := make([]uint32, 5000) // a long card
	for i := range people {
		people[i] = uint32(i + 1)
	}
	most := 0
	for change := range int64(800) {
		b := following(x)
		for id := range uint32(2) {
			b.replace(card{ID: id + 1, There: true, Earliest: 1, Latest: int32(change), People: people,
				Parties: []cardParty{{Party: b.parties.add("BY")}}})
		}
		x = b.finish(change, chainHead{})
		most = max(most, len(x.blocks))
	}
	var c card
	if x.get(2, &c); most > 10 || c.Latest != 799 || len(c.People) != len(people) {
		t.Errorf("%d blocks; read %d, %d people", most, c.Latest, len(c.People))
	}
}
