package exchange

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/search"
)

// count is how many columns mean a field.
func (t *surveyed) count(field string) (n int) {
	for _, f := range t.fields {
		if f == field {
			n++
		}
	}
	return n
}

// shape is what a row of the first table is, with what of it cannot be known: an
// agreement; a party of one of several agreements; a party of the one treaty that
// the file is of. Alone tells that no further table has the parties.
func (g *guesser) shape(t *surveyed, m *models.Mapping, alone bool) string {
	id, title := slices.Index(t.fields, "id"), slices.Index(t.fields, "title")
	one := t.count("party") == 1 && t.single
	switch {
	case one && title < 0 && id < 0 && t.rows > 1 && t.isChart():
		m.Fixed = map[string]string{"title": titleOf(t)}
		ask(m, "fixed[title]", "title", "value", titleOf(t))
		t.ofParties()
		return "party"
	case one && id >= 0 && t.columns[id].unique() < .7, one && id < 0 && title >= 0 && t.columns[title].unique() < .6:
		t.actsThatVary(max(id, title*btoi(id < 0)))
		return "party"
	case one && alone:
		ask(m, "fixed[party]", "partner", "party", g.named(t))
	}
	if id >= 0 && t.columns[id].unique() < 1 {
		return t.repeats(m, id, title)
	}
	return "agreement"
}

// isChart tells a depositary's chart of one treaty from a list of a state's partners:
// it says which instruments were deposited, or stands below its treaty's title.
func (t *surveyed) isChart() bool {
	return t.file.Above != "" || slices.ContainsFunc(t.fields, func(f string) bool { return strings.HasPrefix(f, "act") })
}

// named is the one party that the name of a file, or the line above its table, names;
// empty where it names none or several.
func (g *guesser) named(t *surveyed) string {
	found := ""
	for _, word := range strings.Fields(titleOf(t) + " " + notScheme.ReplaceAllString(t.name, " ")) {
		if len([]rune(word)) < 4 {
			continue
		}
		if code, _, err := g.finder.Find(strings.Trim(word, ".,;:()"), ""); err == nil && code != "" {
			if found != "" && found != code {
				return ""
			}
			found = code
		}
	}
	return found
}

// repeats decides what further rows with the same identifier are: rows of the same
// agreement where most say the same title, else agreements of their own.
func (t *surveyed) repeats(m *models.Mapping, id, title int) string {
	first := map[uint64]uint64{}
	same, further := 0, 0
	for cells := range t.again() {
		key := strings.TrimSpace(cells[id])
		if key == "" || isNothing(key) {
			continue
		}
		said := uint64(0)
		if title >= 0 {
			said = fingerprint(search.Fold(cells[title]))
		}
		if was, there := first[fingerprint(key)]; !there {
			first[fingerprint(key)] = said
		} else if further++; was == said {
			same++
		}
	}
	rows := "agreement"
	code := "repeats_each"
	if same*2 > further {
		rows, code = "party", "repeats_join"
	} else {
		m.Repeats = "each"
	}
	ask(m, "repeats", code, "rows", fmt.Sprint(further), "same", fmt.Sprint(same), "column", t.columns[id].name)
	return rows
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// titleOf is what a file is called: by the line above its table, else by its name.
func titleOf(t *surveyed) string {
	if t.file.Above != "" {
		return t.file.Above
	}
	name := strings.TrimSuffix(t.name, path.Ext(t.name))
	return strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(name))
}

// actsThatVary takes dates that differ within an agreement as those of its parties;
// what is the same in all its rows is the agreement's.
func (t *surveyed) actsThatVary(key int) {
	first := make([]map[uint64]uint64, len(t.fields))
	varies := make([]int, len(t.fields))
	for i := range first {
		first[i] = map[uint64]uint64{}
	}
	for cells := range t.again() {
		id := fingerprint(cells[key])
		for i, field := range t.fields {
			if partyActs[field] == "" || strings.TrimSpace(cells[i]) == "" {
				continue
			}
			print := fingerprint(cells[i])
			if was, there := first[i][id]; !there {
				first[i][id] = print
			} else if was != print {
				varies[i]++
			}
		}
	}
	for i, field := range t.fields {
		if act := partyActs[field]; act != "" && varies[i] > 0 && varies[i]*20 > len(first[i]) {
			t.fields[i] = act
		}
	}
}
