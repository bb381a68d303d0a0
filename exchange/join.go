package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"chancery/models"
)

// A join is a pair of columns, of the table of agreements and of a further one, with
// how many rows of the further table it brings together.
type join struct {
	first, further int
	rows           int
	score          float64
}

// joinTables finds by their values the columns that bring two tables together, the
// best of them, and tells of the others.
func joinTables(m *models.Mapping, first, further *surveyed) {
	joins := joinsOf(first, further)
	if len(joins) == 0 {
		ask(m, "", "join_none", "file", further.name)
		return
	}
	best := joins[0]
	first.identify(best.first)
	further.identify(best.further)
	if !slices.Contains(first.fields, "title") {
		if i := first.longest(); i >= 0 {
			first.fields[i] = "title"
		}
	}
	if len(joins) < 2 || joins[1].rows*20 < best.rows {
		return
	}
	var others []string
	for _, j := range joins[1:min(len(joins), 4)] {
		others = append(others, fmt.Sprintf("%s: %d", first.columns[j.first].name, j.rows))
	}
	ask(m, "", "join", "column", first.columns[best.first].name, "rows", fmt.Sprint(best.rows),
		"of", fmt.Sprint(further.rows), "others", strings.Join(others, "; "))
}

// joinsOf are the pairs of columns that have values in common, the best first: of
// which most rows are joined to one agreement each.
func joinsOf(first, further *surveyed) (joins []join) {
	for i, a := range first.columns {
		if a.unique() < .5 || slices.Contains(dateFields, first.fields[i]) {
			continue
		}
		for k, b := range further.columns {
			if slices.Contains(dateFields, further.fields[k]) {
				continue
			}
			n := 0
			for print, count := range b.prints {
				if a.prints[print] > 0 {
					n += count
				}
			}
			if n > 0 {
				joins = append(joins, join{i, k, n, float64(n) * a.unique()})
			}
		}
	}
	slices.SortStableFunc(joins, func(a, b join) int { return cmp.Compare(b.score, a.score) })
	return joins
}

// identify makes a column that of the identifiers.
func (t *surveyed) identify(key int) {
	for i, field := range t.fields {
		if field == "id" || field == "number" || field == "address" {
			t.fields[i] = ""
		}
	}
	t.fields[key] = "id"
}

// partyActs are the acts of a party that dates in a row of its own mean.
var partyActs = map[string]string{"signed": "act:signature", "in_force": "act:entry-into-force", "valid_from": "act:entry-into-force",
	"ended": "act:withdrawal", "valid_until": "act:withdrawal"}

// ofParty are the fields that a row of a party says of it, beside its acts.
var ofParty = []string{"id", "party", "role", "side", "institution", "person", "office"}

// ofParties takes what stands in the rows of parties as theirs: their acts, never
// periods of the agreement.
func (t *surveyed) ofParties() {
	if !slices.Contains(t.fields, "party") {
		return
	}
	for i, field := range t.fields {
		switch act := partyActs[field]; {
		case act != "":
			t.fields[i] = act
		case !slices.Contains(ofParty, field) && !strings.HasPrefix(field, "act"):
			t.fields[i] = "" // of the agreement, which other rows say otherwise
		}
	}
}

// onePartyColumn leaves, where several columns name the party of a row, that of
// which most names are known.
func (g *guesser) onePartyColumn(t *surveyed) {
	best, most := -1, -1.0
	for i, c := range t.columns {
		if t.fields[i] != "party" {
			continue
		}
		known := c.share(func(v string) bool { return g.known(v) || g.coded(v) })
		if known > most {
			best, most = i, known
		}
	}
	for i := range t.fields {
		if t.fields[i] == "party" && i != best && t.parted == "" {
			t.fields[i] = ""
		}
	}
}
