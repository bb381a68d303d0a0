package exchange

import (
	"context"
	"iter"
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
	partly  bool       // there are more rows
	single  bool       // a cell of the column of parties has one party
	fields  []string   // what each column means, as far as it is found out
	parted  string     // what parts several parties in a cell
	nothing [][]string // by column, words that stand for nothing, as they are written
	reader  dateReader
}

// How much of a table is looked at, cells and bytes: all of any that people have, and
// no more of one that has no end.
const (
	mostSurveyed = 6_000_000
	mostRead     = 256 << 20
)

// survey reads all rows of a file, or as many as are looked at.
func survey(name string, file *sheet.File) (*surveyed, error) {
	t := &surveyed{name: name, file: file, fields: make([]string, len(file.Columns)),
		nothing: make([][]string, len(file.Columns)),
		reader:  dateReader{workbook: file.Format.Kind == "xlsx", from1904: file.Date1904}}
	for _, name := range file.Columns {
		t.columns = append(t.columns, &column{name: name, counts: map[string]int{}, prints: map[uint64]int{}})
	}
	cells, read := 0, 0
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
		if cells += len(row.Cells); cells > mostSurveyed || read > mostRead {
			t.partly = true
			break
		}
		t.rows++
		for i, cell := range row.Cells {
			read += len(cell)
			if cell = strings.TrimSpace(UnescapeFormula(strings.TrimSpace(cell))); !isNothing(cell) {
				t.columns[i].add(cell)
			} else if len(t.nothing[i]) < 5 && !slices.Contains(t.nothing[i], cell) {
				t.nothing[i] = append(t.nothing[i], cell)
			}
		}
	}
	return t, nil
}

// again reads the rows that were surveyed once more.
func (t *surveyed) again() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		n := 0
		for row, err := range t.file.Rows() {
			if err != nil || n == t.rows { // checking says where it ends
				return
			}
			if row.Problem != nil {
				continue
			}
			if n++; !yield(row.Cells) {
				return
			}
		}
	}
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
	looks := make([]likeness, len(t.columns))
	members := 0
	for i, c := range t.columns {
		looks[i] = g.look(t, c)
		members += btoi(looks[i].member != "")
	}
	for i := range t.columns { // a column of a state bears its party as its name
		if looks[i].member != "" && members >= fewestMembers {
			t.fields[i] = "party:" + looks[i].member
		}
	}
	for _, named := range namings(t) {
		i, field := named.column, named.field
		if t.fields[i] == "" && t.free(field) && fitsField(field, named.exact, t.columns[i], looks[i]) {
			t.fields[i] = field
		}
	}
	t.byValues(looks)
	t.datesOfParts()
	t.datesOfActs()
}

// datesOfActs takes the date beside a column of types of acts as that of the act.
func (t *surveyed) datesOfActs() {
	if !slices.Contains(t.fields, "act_type") || slices.Contains(t.fields, "act_date") {
		return
	}
	for _, field := range []string{"act:ratification", "act:accession", "signed"} {
		if i := slices.Index(t.fields, field); i >= 0 {
			t.fields[i] = "act_date"
			return
		}
	}
}

// free tells whether a column can mean a field that others mean already.
func (t *surveyed) free(field string) bool {
	return slices.Contains(repeatable, field) || !slices.Contains(t.fields, field)
}

// byValues finds out what the columns mean whose names tell nothing. Where parties
// are named by the name of a column, no other is taken for them.
func (t *surveyed) byValues(looks []likeness) {
	named := slices.Contains(t.fields, "party")
	for i, c := range t.columns {
		if t.fields[i] != "" || c.filled == 0 {
			continue
		}
		if field := looks[i].field(t.free); field != "party" || !named && !looks[i].whole {
			t.fields[i] = field
		}
	}
	if i := slices.Index(t.fields, "party"); i >= 0 {
		t.parted, t.single = looks[i].parted, looks[i].parted == "" && looks[i].parties >= namedParties
	}
	if i := t.numbering(); i >= 0 && t.free("id") {
		t.fields[i] = "id"
	}
	if i := t.longest(); i >= 0 && t.free("title") { // the longest texts that differ are titles
		t.fields[i] = "title"
	}
}

// fewestMembers is how many columns have to be called like states to be theirs.
const fewestMembers = 3

// A likeness is what the values of a column look like.
type likeness struct {
	dating
	party, address, kind, years, whole bool
	acts                               bool    // types of acts
	parties                            float64 // how many of the values are, from 0 to 1
	parted                             string  // what parts several parties
	member                             string  // the party whose column it is
}

func (g *guesser) look(t *surveyed, c *column) (l likeness) {
	l.dating = c.dating(t.reader)
	l.years = c.share(isYear) > .9
	l.whole = c.share(isWhole) > .9
	l.address = c.share(isAddress) > .8
	l.kind = c.share(isKind) > .8
	l.acts = c.share(func(v string) bool { return chosen("act_type", v) }) > .8
	if l.dating.share > .7 && (!l.whole || l.years) {
		if code, _, err := g.finder.Find(c.name, ""); err == nil {
			l.member = code
		}
		return l
	}
	l.parties, l.parted = g.parties(c)
	l.party = l.parties >= sureParties && l.parted == ""
	if code, _, err := g.finder.Find(c.name, ""); err == nil && code != "" && c.filled > 0 && c.share(isTick) > .8 {
		l.member = code
	}
	return l
}

// field is the field that values look like; empty when they look like none.
func (l likeness) field(free func(string) bool) string {
	switch {
	case l.acts && free("act_type"):
		return "act_type"
	case l.parties >= sureParties:
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

// numberings are what the names of columns of identifiers end in.
var numberings = []string{"id", "no", "nr", "number", "nummer", "code", "номер", "numero", "key"}

// numbering is a column that is called like one of identifiers and whose values
// differ, or else stand together; -1 where there is none.
func (t *surveyed) numbering() int {
	for i, c := range t.columns {
		name := splitCamel(c.name)
		called := slices.ContainsFunc(numberings, func(end string) bool {
			return strings.HasSuffix(name, " "+end) || strings.HasPrefix(name, end+" ")
		}) ||
			strings.HasSuffix(name, "id") && !strings.Contains(name, " ")
		if t.fields[i] == "" && called && c.filled == t.rows && (c.unique() == 1 || i == 0) && c.length() <= 40 {
			return i
		}
	}
	return -1
}

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
