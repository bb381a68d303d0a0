package exchange

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"chancery/exchange/sheet"
	"chancery/models"
	"chancery/models/edtf"
)

// A Source is a file to be read: its name and content.
type Source struct {
	Name    string
	Content io.ReaderAt
	Size    int64
}

// An Intake reads files as agreements by a mapping. It holds a few at a time,
// however many there are: what belongs together but stands apart is sorted in a
// file of its own.
type Intake struct {
	Mapping models.Mapping
	Files   []*sheet.File

	fields  [][]field      // by file and column
	nothing [][][]string   // by file and column, what stands for nothing there
	dates   [][]dateReader // by file and column
	finder  *models.PartyFinder
}

// A field is what a column means.
type field struct{ name, word string }

// A cellsAt is a row with where it stands.
type cellsAt struct {
	file, line int
	cells      []string
}

// A unit is what is read as one agreement, or a row that cannot be.
type unit struct {
	id      string    // by which it is known again
	key     string    // that its rows bear
	further bool      // another row bore the key before
	rows    []cellsAt // of its own table, the first says most
	parts   []cellsAt // of further tables
	others  []string  // the dates of other rows with the same identifier
	earlier []string  // those of them above it
	problem *models.Problem
	orphan  bool // a row of a further table that belongs to no agreement
}

// ownScheme marks the mapping of the tables that Chancery itself gives out.
const ownScheme = "chancery"

// NewIntake opens files by a mapping. The error is Invalid, by file or field of the
// mapping, when one cannot be read so.
func NewIntake(ctx context.Context, store *models.Store, m models.Mapping, sources []Source) (*Intake, error) {
	if len(sources) > len(m.Tables) {
		sources = sources[:len(m.Tables)]
	}
	in := &Intake{Mapping: m}
	for i, source := range sources {
		f, err := sheet.Open(source.Content, source.Size, m.Tables[i].Format)
		if err != nil {
			return nil, err
		}
		n := len(f.Columns)
		fields, nothing, dates := make([]field, n), make([][]string, n), make([]dateReader, n)
		for at := range dates {
			dates[at] = dateReader{m.Order, f.Format.Kind == "xlsx", f.Date1904}
		}
		for _, c := range m.Tables[i].Columns {
			at := slices.Index(f.Columns, c.Column)
			if at < 0 && c.Field != "" {
				return nil, models.Invalid{"file": {Code: "file_column",
					Args: map[string]string{"value": c.Column, "file": source.Name}}}
			}
			if at >= 0 {
				fields[at], nothing[at], dates[at].order = parseField(c.Field), c.Nothing, cmp.Or(c.Order, m.Order)
			}
		}
		if i == 0 && m.Scheme == ownScheme { // a table of a register that has more fields than the mapping names
			for at, name := range f.Columns {
				if models.FieldNamed(name) != nil && !slices.ContainsFunc(m.Tables[i].Columns,
					func(c models.ColumnMapping) bool { return c.Column == name }) {
					fields[at] = field{name: name}
				}
			}
		}
		in.Files, in.fields = append(in.Files, f), append(in.fields, fields)
		in.nothing, in.dates = append(in.nothing, nothing), append(in.dates, dates)
	}
	if len(sources) < len(m.Tables) {
		return nil, models.Invalid{"file": {Code: "file_count", Args: map[string]string{"value": fmt.Sprint(len(sources)),
			"want": fmt.Sprint(len(m.Tables))}}}
	}
	var err error
	in.finder, err = store.Bulk().PartyFinder(ctx, m.Codes, m.Parties)
	return in, err
}

func parseField(text string) field {
	name, word, ok := strings.Cut(text, ":")
	if ok {
		name += ":"
	}
	return field{name, word}
}

// column is the place of a field in a table, -1 when it has none.
func (in *Intake) column(file int, name string) int {
	return slices.IndexFunc(in.fields[file], func(f field) bool { return f.name == name })
}

// identifier is what a row says in the column of identifiers.
func (in *Intake) identifier(r cellsAt) string {
	for _, name := range []string{"id", "address"} {
		if at := in.column(r.file, name); at >= 0 {
			return in.value(r.cells[at])
		}
	}
	if r.file == 0 && in.Mapping.Tables[0].Rows == "party" {
		return in.group(r)
	}
	return ""
}

// group is what the rows of one agreement have in common where they bear no
// identifier: its title and date; nothing but the file, of a table of one treaty.
func (in *Intake) group(r cellsAt) string {
	key := "1"
	for _, name := range []string{"title", "signed"} {
		if at := in.column(0, name); at >= 0 {
			key += "\x00" + in.cell(r, at)
		}
	}
	return key
}

// identified tells whether the agreements bear identifiers.
func (in *Intake) identified() bool { return in.column(0, "id") >= 0 || in.column(0, "address") >= 0 }

// cell is what a cell of a row says, empty where it says nothing.
func (in *Intake) cell(r cellsAt, column int) string {
	value := in.value(r.cells[column])
	if slices.Contains(in.nothing[r.file][column], value) {
		return ""
	}
	return value
}

// date reads a date as those of a column are written.
func (in *Intake) date(r cellsAt, column int, value string) (edtf.Date, error) {
	f := in.Files[r.file]
	reader := dateReader{order: in.Mapping.Order, workbook: f.Format.Kind == "xlsx", from1904: f.Date1904}
	if column >= 0 {
		reader = in.dates[r.file][column]
	}
	return reader.edtf(value)
}

// value is what a cell says: without the apostrophe that keeps a formula from
// running, empty where it says nothing.
func (in *Intake) value(cell string) string {
	cell = strings.TrimSpace(UnescapeFormula(strings.TrimSpace(cell)))
	if slices.Contains(in.Mapping.Nothing, cell) {
		return ""
	}
	return cell
}

// related tells whether a unit leads to another agreement, which must be there
// first.
func (in *Intake) related(u *unit) bool {
	if in.Mapping.Parent != "" && strings.Contains(u.id, in.Mapping.Parent) {
		return true
	}
	for _, r := range append(slices.Clone(u.rows), u.parts...) {
		for i, f := range in.fields[r.file] {
			if relating(f) && in.value(r.cells[i]) != "" {
				return true
			}
		}
	}
	return false
}

func (in *Intake) relates() bool {
	return in.Mapping.Parent != "" || slices.ContainsFunc(in.fields, func(fields []field) bool {
		return slices.ContainsFunc(fields, relating)
	})
}

// relating tells whether a field leads to another agreement.
func relating(f field) bool { return f.name == "relation:" || f.name == "relation_target" }

// units reads everything: first the agreements that stand alone, then those that
// lead to others, then rows that belong to none. The order is the same each time.
func (in *Intake) units(ctx context.Context) iter.Seq2[*unit, error] {
	return func(yield func(*unit, error) bool) {
		read, orphans, done, err := in.gather(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer done()
		passes := []bool{false}
		if in.relates() {
			passes = []bool{false, true}
		}
		for _, second := range passes {
			for u, err := range read {
				if err != nil {
					yield(nil, err)
					return
				}
				if len(passes) > 1 && (u.problem == nil && in.related(u)) != second {
					continue
				}
				if !yield(u, nil) {
					return
				}
			}
		}
		for u, err := range orphans {
			if !yield(u, err) || err != nil {
				return
			}
		}
	}
}

// gather brings together what belongs to one agreement.
func (in *Intake) gather(ctx context.Context) (read, orphans iter.Seq2[*unit, error], done func(), err error) {
	if len(in.Files) == 1 && in.Mapping.Tables[0].Rows != "party" {
		return in.single(ctx), func(func(*unit, error) bool) {}, func() {}, nil
	}
	s, err := newScratch(ctx, in)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := s.fill(); err != nil {
		s.close()
		return nil, nil, nil, err
	}
	return s.read, s.orphans, s.close, nil
}

// repeated is the identifier of the n-th agreement that bears one.
func repeated(id string, n int) string { return fmt.Sprintf("%s (%d)", id, n) }

// single reads a table of which each row is an agreement. Identifiers are kept on
// the disk, to tell those that come twice.
func (in *Intake) single(ctx context.Context) iter.Seq2[*unit, error] {
	return func(yield func(*unit, error) bool) {
		firstOf := func(string, int) (int, error) { return 0, nil }
		if in.identified() {
			s, err := newScratch(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			defer s.close()
			done, err := s.identifying(&firstOf)
			if err != nil {
				yield(nil, err)
				return
			}
			defer done()
		}
		times := map[string]int{}
		for row, err := range in.Files[0].Rows() {
			if err != nil {
				yield(nil, err)
				return
			}
			u := &unit{rows: []cellsAt{{0, row.Line, row.Cells}}, problem: row.Problem}
			if row.Problem == nil {
				if u.id = in.identifier(u.rows[0]); u.id != "" {
					first, err := firstOf(u.id, row.Line)
					if err != nil {
						yield(nil, err)
						return
					}
					if first > 0 && in.Mapping.Repeats == "each" {
						times[u.id]++
						u.id = repeated(u.id, times[u.id]+1)
					} else if first > 0 {
						u.problem = &models.Problem{Code: "import_same_id", Args: map[string]string{"line": fmt.Sprint(first)}}
					}
				}
			}
			if !yield(u, nil) {
				return
			}
		}
	}
}
