package exchange

import (
	"regexp"
	"slices"
	"strings"
)

// codeLists are the lists by whose codes a column of states can be written, beside
// those of two letters: ISO 3166 of three letters alone and with those of
// organisations and former states, Correlates of War, Gleditsch and Ward, UN M49.
var codeLists = []string{"alpha3", "ggo", "cow", "gw", "m49"}

// known tells whether a party has a name, or several have. Two small letters are a
// language, not a state.
func (g *guesser) known(name string) bool {
	if len(name) == 2 && strings.ToLower(name) == name {
		return false
	}
	code, candidates, err := g.finder.Find(name, "")
	return err == nil && (code != "" || len(candidates) > 0)
}

// isTick tells a mark in the column of a state.
func isTick(value string) bool {
	return slices.Contains([]string{"x", "1", "0", "yes", "no", "y", "n", "ja", "nein", "да", "нет", "oui", "non", "si", "sí", "✓", "✔", "+", "●",
		"true", "false", "*"}, strings.ToLower(value))
}

// isNo tells the mark of a state that takes no part.
func isNo(value string) bool {
	return slices.Contains([]string{"0", "no", "n", "nein", "нет", "non", "false"}, strings.ToLower(value))
}

// separators are what may stand between several parties in one cell.
var separators = []string{";", "|", "/", "\n", " – ", " - ", ",", " and ", " und ", " et ", " y ", " e ", " и ", " i ", " & ", "–", "-"}

// From how many of its values on a column is one of parties: by what stands in it
// alone, and if its name says so.
const (
	sureParties  = .6
	namedParties = .2
)

// mostLookedUp is how many different values are looked up as parties.
const mostLookedUp = 300

// parties tells how many of the values of a column are parties, from 0 to 1, one in a
// cell or, then, what parts several.
func (g *guesser) parties(c *column) (share float64, parted string) {
	values := c.order[:min(len(c.order), mostLookedUp)]
	if len(values) == 0 || c.length() > 400 {
		return 0, ""
	}
	hits := 0
	for _, value := range values {
		if g.known(value) || g.known(unnoted(value)) || g.coded(value) {
			hits++
		}
	}
	if share = float64(hits) / float64(len(values)); share > sureParties {
		return share, ""
	}
	for _, separator := range separators {
		n, items, found := 0, 0, 0
		for _, value := range values {
			if !strings.Contains(value, separator) {
				continue
			}
			n++
			for _, item := range strings.Split(value, separator) {
				for _, one := range ands.Split(unnoted(strings.TrimSpace(item)), -1) {
					if items++; g.known(articles.ReplaceAllString(one, "")) {
						found++
					}
				}
			}
		}
		if found > 0 && items >= 2 && (n+hits)*10 >= len(values)*6 && float64(found)/float64(items) > share {
			share, parted = float64(found)/float64(items), separator
		}
		if share >= sureParties {
			break
		}
	}
	return share, parted
}

// coded tells a code of a state in one of the lists.
func (g *guesser) coded(value string) bool {
	if len(value) > 4 {
		return false
	}
	for _, codes := range g.lists {
		if _, there := codes.On(value, ""); there {
			return true
		}
	}
	return false
}

// code is the form of a state's code in the lists.
var code = regexp.MustCompile(`^(?:[A-Z]{3}|[A-Z]{2,4}|\d{1,3}|[A-Z]{2,4}[- ].*)$`)

// listOf is the list by whose codes the parties of a table are written, empty for
// names and codes of two letters; also names another that says as much.
func (g *guesser) listOf(t *surveyed) (list, also string) {
	var values []string
	for i, c := range t.columns {
		if t.fields[i] != "party" {
			continue
		}
		for _, value := range c.order[:min(len(c.order), mostLookedUp)] {
			if t.parted != "" {
				for _, item := range strings.Split(value, t.parted) {
					values = append(values, strings.TrimSpace(item))
				}
				continue
			}
			values = append(values, value)
		}
	}
	coded, best := 0, 0
	for _, value := range values {
		if code.MatchString(value) {
			coded++
			if found, _, err := g.finder.Find(value, ""); err == nil && found != "" {
				best++
			}
		}
	}
	if coded*10 < len(values)*8 {
		return "", ""
	}
	for _, name := range codeLists {
		hits := 0
		for _, value := range values {
			if _, there := g.lists[name].On(value, ""); there {
				hits++
			}
		}
		switch {
		case hits > best, hits == best && name == "ggo" && list == "alpha3": // which knows as well who bore a code when
			list, also, best = name, "", hits
		case hits == best && (list == "cow" || list == "gw"):
			also = name
		}
	}
	return list, also
}
