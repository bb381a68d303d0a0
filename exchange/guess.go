package exchange

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"chancery/exchange/sheet"
	"chancery/models"
	"chancery/models/search"
)

// sampleRows is how many rows are looked at to find out what columns mean.
const guessed = 200

// Guess proposes how a file's columns are to be read, by their names and by what
// stands in them.
func Guess(ctx context.Context, store *models.Store, file *sheet.File, also bool) (models.TableMapping, models.Mapping,
	error) {
	t := models.TableMapping{Format: file.Format, Rows: "agreement"}
	m := models.Mapping{Match: "id"}
	var rows [][]string
	for row, err := range file.Rows() {
		if err != nil {
			if len(rows) == 0 {
				return t, m, err
			}
			break
		}
		if row.Problem == nil {
			rows = append(rows, row.Cells)
		}
		if len(rows) == guessed {
			break
		}
	}
	finder, err := store.Bulk().PartyFinder(ctx, "", nil)
	if err != nil {
		return t, m, err
	}
	g := &guesser{rows: rows, finder: finder, taken: map[string]bool{}, workbook: file.Format.Kind == "xlsx"}
	for i, name := range file.Columns {
		field, err := g.column(i, name)
		if err != nil {
			return t, m, err
		}
		t.Columns = append(t.Columns, models.ColumnMapping{Column: name, Field: field})
	}
	if !g.taken["title"] { // the longest texts are titles
		if i := g.longest(t); i >= 0 {
			t.Columns[i].Field = "title"
		}
	}
	g.adjust(&t, &m, also)
	if i := t.FieldOf("title"); i >= 0 {
		m.Language = languageOf(strings.Join(g.values(i), " "))
	}
	return t, m, nil
}

type guesser struct {
	rows      [][]string
	finder    *models.PartyFinder
	taken     map[string]bool
	workbook  bool
	separator string
	mdy       bool
}

// repeatable are the fields that several columns can mean.
var repeatable = []string{"party", "subject", "source_url", "source_title", "institution", "person", "office"}

// column guesses one column: by its name if what stands in it does not speak
// against it, else by what stands in it.
func (g *guesser) column(i int, name string) (string, error) {
	values := g.values(i)
	isDate, isParty, err := g.looks(values)
	if err != nil {
		return "", err
	}
	field := g.byName(foldName(name), values, isParty)
	if field == "" && len(values) > 0 {
		field = g.byValues(values, isDate, isParty)
	}
	g.taken[field] = field != ""
	return field, nil
}

// dateFields are those that a date stands in.
var dateFields = []string{"signed", "in_force", "valid_from", "valid_until", "validity", "ended", "act:ratification",
	"act:accession", "source_published"}

// byName is the field that a column's name means; empty when none does, or what
// stands in it speaks against it.
func (g *guesser) byName(folded string, values []string, isParty bool) string {
	for _, known := range columnNames {
		if !slices.Contains(known.names, folded) || g.taken[known.field] && !slices.Contains(repeatable, known.field) {
			continue
		}
		noDates := slices.Contains(dateFields, known.field) && len(values) > 0 && g.dated(values) < .3
		noParties := known.field == "party" && len(values) > 0 && !isParty
		if !noDates && !noParties {
			return known.field
		}
	}
	return ""
}

// byValues is the field that values look like; empty when they look like none.
func (g *guesser) byValues(values []string, isDate, isParty bool) string {
	switch {
	case isParty:
		return "party"
	case share(values, isAddress) > 0.8:
		return "source_url"
	case !g.taken["kind"] && share(values, isKind) > 0.8:
		return "kind"
	case isDate && !g.taken["signed"] && !g.numbers(values):
		return "signed"
	}
	return ""
}

func isAddress(v string) bool {
	return strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://")
}

func isKind(v string) bool { return meaning("kind", v) != "" || slices.Contains(models.Kinds, v) }

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

func (g *guesser) values(i int) (list []string) {
	for _, row := range g.rows {
		if v := strings.TrimSpace(row[i]); v != "" && v != "NA" {
			list = append(list, v)
		}
	}
	return list
}

func share(values []string, is func(string) bool) float64 {
	if len(values) == 0 {
		return 0
	}
	n := 0
	for _, v := range values {
		if is(v) {
			n++
		}
	}
	return float64(n) / float64(len(values))
}

func (g *guesser) numbers(values []string) bool {
	return share(values, func(v string) bool {
		return strings.IndexFunc(v,
			func(r rune) bool { return !unicode.IsDigit(r) }) < 0
	}) > 0.9
}

// separators are what may stand between several parties in one cell.
var separators = []string{";", "|", "/", "\n", " – ", " - ", ","}

// dated is the share of values that are dates.
func (g *guesser) dated(values []string) float64 {
	reader := dateReader{workbook: g.workbook}
	return share(values, func(v string) bool { _, err := reader.edtf(v); return err == nil })
}

// monthDay is a date of numbers whose middle may be a day.
var monthDay = regexp.MustCompile(`^\d{1,2}[/-](\d{2})[/-]\d{4}$`)

// looks tells whether most values are dates, or parties, one or several in a cell.
func (g *guesser) looks(values []string) (isDate, isParty bool, err error) {
	isDate = g.dated(values) > .7
	if isDate {
		for _, v := range values {
			if m := monthDay.FindStringSubmatch(v); m != nil && m[1] > "12" {
				g.mdy = true
			}
		}
		return true, false, nil
	}
	find := func(v string) bool {
		code, candidates, e := g.finder.Find(v, "")
		if e != nil {
			err = e
		}
		return code != "" || len(candidates) > 0
	}
	if len(values) > 60 {
		values = values[:60]
	}
	if share(values, find) > 0.6 {
		return false, true, err
	}
	if separator := separatorOf(values, find); separator != "" {
		g.separator = separator
		return false, true, err
	}
	return false, false, err
}

// separatorOf is what parts values into items of which most are found; empty when
// nothing does.
func separatorOf(values []string, find func(string) bool) string {
	for _, separator := range separators {
		n, hits := 0, 0
		for _, v := range values {
			if !strings.Contains(v, separator) {
				continue
			}
			for _, item := range strings.Split(v, separator) {
				if n++; find(strings.TrimSpace(item)) {
					hits++
				}
			}
		}
		if n >= 2 && hits*10 >= n*6 && n >= len(values) {
			return separator
		}
	}
	return ""
}

func (g *guesser) longest(t models.TableMapping) int {
	best, length := -1, 12
	for i, c := range t.Columns {
		values := g.values(i)
		if c.Field != "" || len(values) == 0 {
			continue
		}
		total := 0
		for _, v := range values {
			total += len([]rune(v))
		}
		if total/len(values) > length {
			best, length = i, total/len(values)
		}
	}
	return best
}

// adjust decides what only all columns together tell.
func (g *guesser) adjust(t *models.TableMapping, m *models.Mapping, also bool) {
	m.Separator, m.Nothing = g.separator, nil
	if m.Separator == "" && g.splits(t) != "" {
		m.Separator = g.splits(t)
	}
	if g.mdy {
		m.Order = "mdy"
	}
	for _, row := range g.rows {
		for _, cell := range row {
			for _, nothing := range []string{"NA", "N/A", "n/a", "None", "-", "—", "9999-12-31"} {
				if cell == nothing && !slices.Contains(m.Nothing, nothing) {
					m.Nothing = append(m.Nothing, nothing)
				}
			}
		}
	}
	if id := t.FieldOf("id"); id >= 0 && !also && g.rowsAreParties(t, id) {
		t.Rows = "party"
	}
}

// rowsAreParties tells whether several rows are one agreement: identifiers repeat,
// and one column has one party a row.
func (g *guesser) rowsAreParties(t *models.TableMapping, id int) bool {
	seen := map[string]bool{}
	for _, v := range g.values(id) {
		seen[v] = true
	}
	parties := 0
	for _, c := range t.Columns {
		if c.Field == "party" {
			parties++
		}
	}
	repeated := len(g.values(id)) - len(seen)
	return parties == 1 && g.separator == "" && repeated*3 > len(g.values(id))
}

// splits is what parts lists of subjects, where parties do not tell.
func (g *guesser) splits(t *models.TableMapping) string {
	for i, c := range t.Columns {
		if c.Field != "subject" && c.Field != "authentic_languages" {
			continue
		}
		for _, separator := range []string{";", "|"} {
			if share(g.values(i), func(v string) bool { return strings.Contains(v, separator) }) > 0.1 {
				return separator
			}
		}
	}
	return ""
}

// Propose proposes a mapping for files: that of a known source when they have its
// columns, else what can be guessed.
func Propose(ctx context.Context, store *models.Store, sources []Source) (m models.Mapping, err error) {
	var files []*sheet.File
	for _, source := range sources {
		f, err := sheet.Open(source.Content, source.Size, models.FileFormat{})
		if err != nil {
			return m, err
		}
		files = append(files, f)
	}
	all, err := AllMappings(ctx, store)
	if err != nil {
		return m, err
	}
	if known := knownFor(all, files); known != nil {
		return *known, nil
	}
	for i, f := range files {
		t, one, err := Guess(ctx, store, f, i > 0)
		if err != nil {
			return m, err
		}
		if i == 0 {
			m = one
		}
		if i > 0 {
			t.Rows = ""
		}
		if len(m.Nothing) < len(one.Nothing) {
			m.Nothing = one.Nothing
		}
		t.Title = sources[i].Name
		m.Tables = append(m.Tables, t)
	}
	if m.Tables[0].FieldOf("id") >= 0 {
		m.Scheme = "file"
	}
	return m, nil
}

// knownFor is the first mapping whose columns files have, or nil.
func knownFor(all []models.Mapping, files []*sheet.File) *models.Mapping {
	for k := range all {
		known := &all[k]
		fit := len(known.Tables) == len(files)
		for i := 0; fit && i < len(files); i++ {
			fit = fits(known.Tables[i], files[i].Columns)
		}
		if fit {
			for i, f := range files {
				known.Tables[i].Format = f.Format
			}
			return known
		}
	}
	return nil
}
