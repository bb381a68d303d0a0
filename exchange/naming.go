package exchange

import (
	"regexp"
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/search"
)

// A naming is a column that is called as a field is, exactly or in part.
type naming struct {
	column int
	field  string
	exact  bool
	rank   int // of the name among those of the field
}

// namings are what the names of the columns of a table can mean, the surest first.
func namings(t *surveyed) (list []naming) {
	for i, c := range t.columns {
		folded, parted := foldName(c.name), splitCamel(c.name)
		words := strings.Fields(parted)
		for _, known := range columnNames {
			if rank := max(slices.Index(known.names, folded), slices.Index(known.names, parted)); rank >= 0 {
				list = append(list, naming{i, known.field, true, rank})
				continue
			}
			for rank, name := range known.names {
				if own := strings.Fields(name); len(name) > 2 && len(words) > len(own) && holdsAll(words, own) {
					list = append(list, naming{i, known.field, false, 1000*(9-min(len(own), 9)) + rank})
					break
				}
			}
		}
		if models.FieldNamed(c.name) != nil || slices.Contains(models.ImportFields, c.name) { // as we call it ourselves
			list = append(list, naming{i, c.name, true, -1})
		}
	}
	slices.SortStableFunc(list, func(a, b naming) int {
		if a.exact != b.exact {
			return 1 - 2*btoi(a.exact)
		}
		return a.rank - b.rank
	})
	return list
}

var camel = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)

// splitCamel folds a name with its parts parted: StateForce is state force.
func splitCamel(name string) string {
	name = brackets.ReplaceAllString(name, " ")
	return strings.Join(strings.Fields(foldName(camel.ReplaceAllString(name, "$1 $2"))), " ")
}

// brackets and what stands in them are no part of a column's name, nor are slashes.
var brackets = regexp.MustCompile(`\([^()]*\)|[/#]`)

func holdsAll(words, all []string) bool {
	for _, w := range all {
		if !slices.Contains(words, w) {
			return false
		}
	}
	return true
}

// foldName folds a column's name, camel case and underscores parted.
func foldName(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r == '_' || r == '.' || r == '-' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.Trim(search.Fold(b.String()), " :*")
}

// fitsField tells whether what stands in a column can be what its name says; of a
// name that says it in part only, it has to look like it.
func fitsField(field string, exact bool, c *column, l likeness) bool {
	if c.filled == 0 {
		return exact
	}
	dated := slices.Contains(dateFields, field) || strings.HasPrefix(field, "act:")
	switch {
	case dated && exact:
		return l.dating.share >= .3
	case dated:
		return l.dating.share > .7 && (!l.whole || l.years)
	case !exact && !slices.Contains(toldInPart, field):
		return false
	}
	fits, judged := fitting[field]
	return !judged || fits(exact, c, l)
}

// toldInPart are the fields that a longer name of a column can mean as well.
var toldInPart = []string{"party", "title", "institution", "person", "office"}

// fitting are the fields that have to look like what they are, with how.
var fitting = map[string]func(exact bool, c *column, l likeness) bool{
	"party": func(exact bool, c *column, l likeness) bool {
		return l.parties >= sureParties && !l.whole || exact && l.parties >= namedParties ||
			exact && !l.whole && l.dating.share < .3 && c.length() < 200 && surelyParties.MatchString(foldName(c.name))
	},
	"number": func(_ bool, _ *column, l likeness) bool { return l.whole },
	"title": func(exact bool, c *column, l likeness) bool {
		text := !l.whole && !l.address && !l.acts && l.dating.share < .5
		return text && (l.parties < sureParties || l.parted != "") && (exact || c.length() > 12)
	},
	"year":  func(_ bool, _ *column, l likeness) bool { return l.years },
	"month": inMonth,
	"day":   inMonth,
	"kind": func(exact bool, c *column, l likeness) bool {
		return l.kind || exact && c.length() < 40 && c.share(isKind) >= .2
	},
	"institution": noParty,
	"person":      noParty,
	"office":      noParty,
}

// surelyParties are names of columns that hold parties, whether these are known or not.
var surelyParties = regexp.MustCompile(`part(?:y|i)|countr|vertragss|pays|paes|pais|стран|сторон`)

func inMonth(_ bool, c *column, l likeness) bool {
	return l.whole && c.share(func(v string) bool { return number(v) <= 31 }) > .9
}

func noParty(_ bool, _ *column, l likeness) bool { return !l.party }
