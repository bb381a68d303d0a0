package exchange

import (
	"context"
	"slices"
	"strings"

	"chancery/exchange/sheet"
	"chancery/models"
)

// A surveyed is a table of a file with what stands in its columns.
type surveyed struct {
	name    string
	file    *sheet.File
	columns []*column
	rows    int
	fields  []string   // what each column means, as far as it is found out
	parted  string     // what parts several parties in a cell
	nothing [][]string // by column, words that stand for nothing, as they are written
	reader  dateReader
}

// survey reads all rows of a file.
func survey(name string, file *sheet.File) (*surveyed, error) {
	t := &surveyed{name: name, file: file, fields: make([]string, len(file.Columns)),
		nothing: make([][]string, len(file.Columns)),
		reader:  dateReader{workbook: file.Format.Kind == "xlsx", from1904: file.Date1904}}
	for _, name := range file.Columns {
		t.columns = append(t.columns, &column{name: name, counts: map[string]int{}, prints: map[uint64]int{}})
	}
	for row, err := range file.Rows() {
		if err != nil {
			if t.rows == 0 {
				return nil, err
			}
			break // checking says where it ends
		}
		if row.Problem != nil {
			continue
		}
		t.rows++
		for i, cell := range row.Cells {
			if cell = strings.TrimSpace(UnescapeFormula(strings.TrimSpace(cell))); !isNothing(cell) {
				t.columns[i].add(cell)
			} else if len(t.nothing[i]) < 5 && !slices.Contains(t.nothing[i], cell) {
				t.nothing[i] = append(t.nothing[i], cell)
			}
		}
	}
	return t, nil
}

// repeatable are the fields that several columns can mean.
var repeatable = []string{"party", "subject", "source_url", "source_title", "institution", "person", "office"}

// dateFields are those that a date stands in.
var dateFields = []string{"signed", "in_force", "valid_from", "valid_until", "validity", "ended", "act:ratification",
	"act:accession", "source_published"}

// A guesser finds out what columns mean.
type guesser struct {
	finder *models.PartyFinder
	lists  map[string]*models.Codes // of codes of states
}

func newGuesser(ctx context.Context, store *models.Store) (*guesser, error) {
	g := &guesser{lists: map[string]*models.Codes{}}
	var err error
	if g.finder, err = store.Bulk().PartyFinder(ctx, "", nil); err != nil {
		return nil, err
	}
	for _, list := range codeLists {
		if g.lists[list], err = store.Parties().CodesOf(ctx, list); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// columnsOf finds out what the columns of a table mean: by their names, where what
// stands in them does not speak against it, else by what stands in them.
func (g *guesser) columnsOf(t *surveyed) {
	taken := map[string]bool{}
	take := func(i int, field string) {
		t.fields[i] = field
		taken[field] = field != ""
	}
	free := func(field string) bool { return !taken[field] || slices.Contains(repeatable, field) }
	looks := make([]likeness, len(t.columns))
	members := 0
	for i, c := range t.columns {
		looks[i] = g.look(t, c)
		members += btoi(looks[i].member != "")
	}
	for i := range t.columns { // a column of a state bears its party as its name
		if looks[i].member != "" && members >= fewestMembers {
			take(i, "party:"+looks[i].member)
		}
	}
	for _, named := range namings(t) {
		i, field := named.column, named.field
		if t.fields[i] == "" && free(field) && fitsField(field, named.exact, t.columns[i], looks[i]) {
			take(i, field)
		}
	}
	for i, c := range t.columns {
		if t.fields[i] == "" && c.filled > 0 {
			take(i, looks[i].field(free))
		}
	}
	if !taken["title"] { // the longest texts that differ are titles
		if i := t.longest(); i >= 0 {
			take(i, "title")
		}
	}
	t.datesOfParts()
}

// fewestMembers is how many columns have to be called like states to be theirs.
const fewestMembers = 3

// A likeness is what the values of a column look like.
type likeness struct {
	dating
	party, address, kind, years, whole bool
	parted                             string // what parts several parties
	member                             string // the party whose column it is
}

func (g *guesser) look(t *surveyed, c *column) (l likeness) {
	l.dating = c.dating(t.reader)
	l.years = c.share(isYear) > .9
	l.whole = c.share(isWhole) > .9
	l.address = c.share(isAddress) > .8
	l.kind = c.share(isKind) > .8
	if l.dating.share > .7 && !l.whole {
		if code, _, err := g.finder.Find(c.name, ""); err == nil {
			l.member = code
		}
		return l
	}
	l.party, l.parted = g.parties(c)
	if l.parted != "" && t.parted == "" {
		t.parted = l.parted
	}
	if code, _, err := g.finder.Find(c.name, ""); err == nil && code != "" && c.filled > 0 && c.share(isTick) > .8 {
		l.member = code
	}
	return l
}

// field is the field that values look like; empty when they look like none.
func (l likeness) field(free func(string) bool) string {
	switch {
	case l.party || l.parted != "":
		return "party"
	case l.address:
		return "source_url"
	case l.kind && free("kind"):
		return "kind"
	case l.dating.share > .7 && !l.whole && free("signed"):
		return "signed"
	}
	return ""
}

func isAddress(v string) bool {
	return strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://")
}

func isKind(v string) bool { return meaning("kind", v) != "" || slices.Contains(models.Kinds, v) }

// longest is the column of the longest texts that mostly differ, -1 where none is.
func (t *surveyed) longest() int {
	best, length := -1, 12
	for i, c := range t.columns {
		if t.fields[i] == "" && c.length() > length && c.unique() > .3 {
			best, length = i, c.length()
		}
	}
	return best
}

// datesOfParts takes year, month and day from columns of their own where no column
// has the date.
func (t *surveyed) datesOfParts() {
	has := slices.Contains(t.fields, "signed")
	for i, field := range t.fields {
		if has && (field == "year" || field == "month" || field == "day") {
			t.fields[i] = ""
		}
	}
}
