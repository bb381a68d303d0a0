package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"chancery/models/bitmap"
	"chancery/models/status"
)

// A FacetValue is one choice of a facet with the number of agreements that it
// leaves.
type FacetValue struct {
	Value  string `json:"value"`
	Label  string `json:"label,omitempty"` // where the value is a number: what it stands for
	Count  int    `json:"count"`
	Chosen bool   `json:"chosen"`
}

// A Facet is one way to narrow a list. Its counts are right under all other
// filters: what each value would show.
type Facet struct {
	Name   string       `json:"name"` // the parameter of the address
	Values []FacetValue `json:"values"`
	Others int          `json:"others,omitempty"` // values that are not listed
}

// Counts are the numbers beside a list, all under its filter.
type Counts struct {
	Total     int                   `json:"total"`
	Uncertain int                   `json:"uncertain"`
	Later     int                   `json:"later"` // left out, for they were not concluded by the day
	ByStatus  map[status.Status]int `json:"by_status"`
	ByScope   map[string]int        `json:"by_scope"`
	ByYear    map[int]int           `json:"by_year"`
	Facets    []Facet               `json:"facets"`
}

// Facet finds a facet by its parameter.
func (c *Counts) Facet(name string) Facet {
	for _, f := range c.Facets {
		if f.Name == name {
			return f
		}
	}
	return Facet{Name: name}
}

// endings are the months within which an agreement in force may end.
var endings = []int{1, 3, 6, 12, 24}

// listed is how many values of an open list are counted out, the most frequent
// first.
const listed = 12

// tally counts the agreements of a query under every facet in one walk.
func (s *query) tally() *tally {
	own := s.partyMask()
	// roles are those of all parties; cards of the past are in no set of a party's
	if s.asRecorded != nil || len(s.sideWords) == 0 {
		own = nil
	}
	t := sumUp(s, s.candidates(), own, true, s.newTally)
	if own != nil {
		t.parties = nil
		for word, set := range s.byParticipant {
			t.parties.add(word, bitmap.LenAnd(set, t.matched.Set))
		}
	}
	s.cache.put(s.snapshot, s.key("matched"), s.cacheEntry(t.matched.Set, membership{t.matched.Clone()}))
	t.matched.Set = nil
	return t
}

// Counts numbers the agreements of a filter by every facet. It walks the card index
// once; the only statement, beside the one for the register's change, names the
// people it lists.
func (s Statistics) Counts(ctx context.Context, f Filter) (*Counts, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	sel, err := s.query(ctx, f)
	if err != nil {
		return nil, err
	}
	sel.concludedOnly = true
	counts := func() *Counts {
		defer sel.release()
		return cached(sel, "counts", sel.tally, sel.facets)
	}()
	named := *counts // what is cached is not written to again
	named.Facets = slices.Clone(counts.Facets)
	for i, facet := range named.Facets {
		if facet.Name != "person" || len(facet.Values) == 0 {
			continue
		}
		if named.Facets[i].Values, err = s.namePeople(ctx, facet.Values); err != nil {
			return nil, fmt.Errorf("naming people: %w", err)
		}
	}
	return &named, nil
}

// namePeople gives people of a facet the names that they are shown under.
func (s Statistics) namePeople(ctx context.Context, values []FacetValue) ([]FacetValue, error) {
	ids := make([]string, len(values))
	for i, v := range values {
		ids[i] = v.Value
	}
	var rows []struct {
		PersonID int64
		Text     string
	}
	if err := s.reader(ctx).Raw("SELECT n.person_id, n.text FROM person_names n WHERE n.position = 0 AND n.person_id IN ? AND "+
		readablePerson(ctx, "n.person_id"), ids).Scan(&rows).Error; err != nil {
		return nil, err
	}
	values = slices.Clone(values)
	for i := range values {
		for _, r := range rows {
			if values[i].Value == fmt.Sprint(r.PersonID) {
				values[i].Label = r.Text
			}
		}
	}
	return values, nil
}

// facets turns the tally into what a reader sees.
func (s *query) facets(t *tally) *Counts {
	c := &Counts{Total: t.total, Uncertain: t.uncertain, Later: t.later, ByStatus: map[status.Status]int{}, ByScope: map[string]int{},
		ByYear: map[int]int{}}
	for year, n := range t.years {
		if n > 0 {
			c.ByYear[year] = int(n)
		}
	}
	closed := func(name string, list, chosen []string, count func(i int) int) {
		f := Facet{Name: name}
		for i, value := range list {
			if picked := slices.Contains(chosen, value); picked || count(i) > 0 {
				f.Values = append(f.Values, FacetValue{Value: value, Count: count(i), Chosen: picked})
			}
		}
		c.Facets = append(c.Facets, f)
	}
	statuses := make([]string, len(status.Statuses))
	chosen := make([]string, len(s.Statuses))
	for i, st := range status.Statuses {
		statuses[i] = st.String()
		if t.status[st] > 0 {
			c.ByStatus[st] = t.status[st]
		}
	}
	for i, st := range s.Statuses {
		chosen[i] = st.String()
	}
	for i, scope := range Scopes {
		c.ByScope[scope] = t.scope[i]
	}
	months := make([]string, len(endings))
	for i, n := range endings {
		months[i] = strconv.Itoa(n)
	}
	closed("status", statuses, chosen, func(i int) int { return t.status[status.Statuses[i]] })
	closed("ending", months, []string{strconv.Itoa(s.Ending)}, func(i int) int { return t.ending[i] })
	closed("scope", Scopes, []string{s.Scope}, func(i int) int { return t.scope[i] })
	closed("kind", Kinds, s.Kinds, func(i int) int { return t.kind[i] })
	closed("level", Levels, s.Levels, func(i int) int { return t.level[i] })
	s.open(c, "party", s.codes, t.parties, s.Parties, s.Pair[0], s.Pair[1])
	closed("role", Roles, s.Roles, func(i int) int { return t.role[i] })
	s.open(c, "subject", s.texts, t.subjects, s.Subjects)
	s.open(c, "place", s.texts, t.places, s.Places)
	s.peopleFacet(c, t.people)
	s.open(c, "series", s.texts, t.series, s.Series)
	s.open(c, "language", s.texts, t.tongues, s.Languages)
	closed("sourced", YesNo, []string{s.Sourced}, func(i int) int { return t.sourced[i] })
	closed("precision", Precisions, s.Precisions, func(i int) int { return t.precision[i] })
	closed("work", Works, s.Works, func(i int) int { return t.work[i] })
	decades := Facet{Name: "from"}
	for decade, n := range t.decades {
		if n == 0 {
			continue
		}
		value := fmt.Sprintf("%04d", decade)
		decades.Values = append(decades.Values, FacetValue{Value: value, Count: int(n), Chosen: s.Filter.From == value})
	}
	c.Facets = append(c.Facets, decades)
	return c
}

// open adds a facet of an open list: its most frequent values, and those chosen;
// leave out is what says nothing here.
func (s *query) open(c *Counts, name string, texts []string, counts tallied, chosen []string, leaveOut ...string) {
	f := Facet{Name: name}
	for n := 1; n < len(counts); n++ {
		if counts[n] > 0 && !slices.Contains(leaveOut, texts[n]) {
			f.Values = append(f.Values, FacetValue{Value: texts[n], Count: int(counts[n]),
				Chosen: slices.Contains(chosen, texts[n])})
		}
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(f.Values, func(v FacetValue) bool { return v.Value == value }) &&
			!slices.Contains(leaveOut, value) {
			f.Values = append(f.Values, FacetValue{Value: value, Chosen: true})
		}
	}
	f.cut()
	c.Facets = append(c.Facets, f)
}

// peopleFacet is the facet of who signed, those with most agreements first.
func (s *query) peopleFacet(c *Counts, counts tallied) {
	f := Facet{Name: "person"}
	top := make(tallied, listed) // the most frequent counts, the least of them first
	for _, n := range counts {
		if n > top[0] {
			top[0] = n
			slices.Sort(top)
		}
	}
	least := max(1, top[0]) // how often at least those are named that are shown
	left := 0
	for id, n := range counts {
		switch chosen := s.people[uint32(id)]; {
		case chosen || n >= least:
			f.Values = append(f.Values, FacetValue{Value: fmt.Sprint(id), Count: int(n), Chosen: chosen})
		case n > 0:
			left++
		}
	}
	for id := range s.people {
		if int(id) >= len(counts) {
			f.Values = append(f.Values, FacetValue{Value: fmt.Sprint(id), Chosen: true})
		}
	}
	f.cut()
	f.Others += left
	c.Facets = append(c.Facets, f)
}

// cut keeps the chosen and the most frequent values, in that order.
func (f *Facet) cut() {
	slices.SortFunc(f.Values, func(a, b FacetValue) int {
		return cmp.Or(bit(b.Chosen)-bit(a.Chosen), b.Count-a.Count, cmp.Compare(a.Value, b.Value))
	})
	chosen := 0
	for chosen < len(f.Values) && f.Values[chosen].Chosen {
		chosen++
	}
	if keep := max(listed, chosen); len(f.Values) > keep {
		f.Others = len(f.Values) - keep
		f.Values = slices.Clone(f.Values[:keep])
	}
}
