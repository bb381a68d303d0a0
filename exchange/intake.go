package exchange

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"chancery/exchange/sheet"
	"chancery/models"
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

	fields [][]field // by file and column
	finder *models.PartyFinder
	dates  []dateReader
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
	id      string
	rows    []cellsAt // of its own table, the first says most
	parts   []cellsAt // of further tables
	others  []string  // the dates of further rows with the same identifier
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
		fields := make([]field, len(f.Columns))
		for _, c := range m.Tables[i].Columns {
			at := slices.Index(f.Columns, c.Column)
			if at < 0 && c.Field != "" {
				return nil, models.Invalid{"file": {Code: "file_column",
					Args: map[string]string{"value": c.Column, "file": source.Name}}}
			}
			if at >= 0 {
				fields[at] = parseField(c.Field)
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
		in.dates = append(in.dates, dateReader{m.Order, f.Format.Kind == "xlsx", f.Date1904})
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
	return ""
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
			if f.name == "relation:" && in.value(r.cells[i]) != "" {
				return true
			}
		}
	}
	return false
}

func (in *Intake) relates() bool {
	return in.Mapping.Parent != "" || slices.ContainsFunc(in.fields, func(fields []field) bool {
		return slices.ContainsFunc(fields, func(f field) bool { return f.name == "relation:" })
	})
}

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

// single reads a table of which each row is an agreement. Identifiers are kept on
// the disk, to tell those that come twice.
func (in *Intake) single(ctx context.Context) iter.Seq2[*unit, error] {
	return func(yield func(*unit, error) bool) {
		firstOf := func(string, int) (int, error) { return 0, nil }
		if in.column(0, "id") >= 0 || in.column(0, "address") >= 0 {
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
					if first > 0 {
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

// identifying makes a function that notes identifiers with their lines, and tells
// the line of one that was noted before.
func (s *scratch) identifying(firstOf *func(key string, line int) (int, error)) (done func(), err error) {
	tx, err := s.db.BeginTx(s.ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("sorting rows: %w", err)
	}
	note, err := tx.PrepareContext(s.ctx, "INSERT INTO keys (key, line) VALUES (?, ?) ON CONFLICT DO NOTHING")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sorting rows: %w", err), tx.Rollback())
	}
	*firstOf = func(key string, line int) (first int, err error) {
		noted, err := note.ExecContext(s.ctx, key, line)
		if err != nil {
			return 0, fmt.Errorf("sorting rows: %w", err)
		}
		if n, err := noted.RowsAffected(); err != nil || n > 0 {
			return 0, err
		}
		err = tx.QueryRowContext(s.ctx, "SELECT line FROM keys WHERE key = ?", key).Scan(&first)
		return first, err
	}
	return func() { note.Close(); tx.Rollback() }, nil
}

// A scratch sorts rows by identifier in a database of its own, which is gone when
// it is closed.
type scratch struct {
	ctx    context.Context
	in     *Intake
	folder string
	db     *sql.DB
}

func newScratch(ctx context.Context, in *Intake) (*scratch, error) {
	folder, err := os.MkdirTemp("", "chancery-import-")
	if err != nil {
		return nil, fmt.Errorf("sorting rows: %w", err)
	}
	s := &scratch{ctx: ctx, in: in, folder: folder}
	name := (&url.URL{Path: filepath.Join(folder, "rows.db")}).EscapedPath()
	s.db, err = sql.Open("sqlite", "file:"+name+
		"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-16000)&_pragma=temp_store(FILE)")
	if err == nil {
		s.db.SetMaxOpenConns(4)
		_, err = s.db.ExecContext(ctx,
			`CREATE TABLE rows (key text NOT NULL, file integer NOT NULL, line integer NOT NULL, cells text NOT NULL, problem text NOT NULL DEFAULT '');
			CREATE TABLE keys (key text PRIMARY KEY, line integer NOT NULL) WITHOUT ROWID;`)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("sorting rows: %w", err)
	}
	return s, nil
}

func (s *scratch) close() {
	if s.db != nil {
		s.db.Close()
	}
	os.RemoveAll(s.folder)
}

// fill takes all rows in.
func (s *scratch) fill() error {
	tx, err := s.db.BeginTx(s.ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(s.ctx, "INSERT INTO rows (key, file, line, cells, problem) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i, f := range s.in.Files {
		for row, err := range f.Rows() {
			if err != nil {
				return err
			}
			problem := ""
			if row.Problem != nil {
				text, err := json.Marshal(map[string]any{"code": row.Problem.Code, "args": row.Problem.Args})
				if err != nil {
					return err
				}
				problem = string(text)
			}
			key := ""
			if problem == "" {
				key = s.in.identifier(cellsAt{i, row.Line, row.Cells})
			}
			cells, err := json.Marshal(row.Cells)
			if err != nil {
				return err
			}
			if _, err := insert.ExecContext(s.ctx, key, i, row.Line, string(cells), problem); err != nil {
				return fmt.Errorf("sorting rows: %w", err)
			}
		}
	}
	for _, statement := range []string{"CREATE INDEX rows_by_key ON rows (key, file, line)",
		"CREATE INDEX rows_by_line ON rows (file, line)",
		"INSERT INTO keys (key, line) SELECT key, min(line) FROM rows WHERE file = 0 AND key <> '' AND problem = '' GROUP BY key"} {
		if _, err := tx.ExecContext(s.ctx, statement); err != nil {
			return fmt.Errorf("sorting rows: %w", err)
		}
	}
	return tx.Commit()
}

// scratchRows reads rows of a query.
func (s *scratch) scratchRows(query string, args ...any) iter.Seq2[scratchRow, error] {
	return func(yield func(scratchRow, error) bool) {
		rows, err := s.db.QueryContext(s.ctx, query, args...)
		if err != nil {
			yield(scratchRow{}, fmt.Errorf("sorting rows: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var r scratchRow
			var cells, problem string
			err := rows.Scan(&r.key, &r.file, &r.line, &cells, &problem)
			if err == nil {
				err = json.Unmarshal([]byte(cells), &r.cells)
			}
			if err == nil && problem != "" {
				var p struct {
					Code string
					Args map[string]string
				}
				err = json.Unmarshal([]byte(problem), &p)
				r.problem = &models.Problem{Code: p.Code, Args: p.Args}
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(scratchRow{}, fmt.Errorf("sorting rows: %w", err))
		}
	}
}

type scratchRow struct {
	cellsAt
	key     string
	problem *models.Problem
}

// joined is how many agreements' rows are brought together at once.
const joined = 200

// read gives the agreements in the order of their first rows.
func (s *scratch) read(yield func(*unit, error) bool) {
	grouped := s.in.Mapping.Tables[0].Rows == "party"
	var waiting []*unit
	flush := func() bool {
		if err := s.join(waiting, grouped); err != nil {
			yield(nil, err)
			return false
		}
		for _, u := range waiting {
			if !yield(u, nil) {
				return false
			}
		}
		waiting = waiting[:0]
		return true
	}
	for r, err := range s.scratchRows(
		"SELECT r.key, r.file, r.line, r.cells, r.problem FROM rows r WHERE r.file = 0 ORDER BY r.line") {
		if err != nil {
			yield(nil, err)
			return
		}
		u := &unit{id: r.key, rows: []cellsAt{r.cellsAt}, problem: r.problem}
		if u.problem == nil && r.key == "" && grouped {
			u.problem = &models.Problem{Code: "import_no_id"}
		}
		if u.problem == nil && r.key != "" {
			first, err := s.first(r.key)
			if err != nil {
				yield(nil, err)
				return
			}
			if first != r.line && grouped {
				continue // it is taken with the first
			}
			if first != r.line {
				u.problem = &models.Problem{Code: "import_same_id", Args: map[string]string{"line": fmt.Sprint(first)}}
			}
		}
		if waiting = append(waiting, u); len(waiting) == joined && !flush() {
			return
		}
	}
	flush()
}

func (s *scratch) first(key string) (line int, err error) {
	if err = s.db.QueryRowContext(s.ctx, "SELECT line FROM keys WHERE key = ?", key).Scan(&line); err != nil {
		err = fmt.Errorf("sorting rows: %w", err)
	}
	return line, err
}

// join brings the rows that belong to agreements to them.
func (s *scratch) join(units []*unit, grouped bool) error {
	byKey := map[string]*unit{}
	var keys []any
	for _, u := range units {
		if u.problem == nil && u.id != "" {
			byKey[u.id] = u
			keys = append(keys, u.id)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	query := "SELECT key, file, line, cells, problem FROM rows WHERE key IN (?" + strings.Repeat(", ?", len(keys)-1) +
		") ORDER BY key, file, line" // #nosec G202 -- placeholders
	signed := s.in.column(0, "signed")
	for r, err := range s.scratchRows(query, keys...) {
		if err != nil {
			return err
		}
		u := byKey[r.key]
		switch {
		case r.problem != nil: // told as an orphan
		case r.file > 0:
			u.parts = append(u.parts, r.cellsAt)
		case r.line == u.rows[0].line:
		case grouped:
			u.rows = append(u.rows, r.cellsAt)
		case signed >= 0:
			u.others = append(u.others, s.in.value(r.cells[signed]))
		}
	}
	return nil
}

// orphans gives the rows of further tables that belong to no agreement.
func (s *scratch) orphans(yield func(*unit, error) bool) {
	for r, err := range s.scratchRows(`SELECT r.key, r.file, r.line, r.cells, r.problem FROM rows r WHERE r.file > 0
		AND (r.problem <> '' OR NOT EXISTS (SELECT 1 FROM keys k WHERE k.key = r.key)) ORDER BY r.file, r.line`) {
		if err != nil {
			yield(nil, err)
			return
		}
		u := &unit{id: r.key, rows: []cellsAt{r.cellsAt}, problem: r.problem, orphan: true}
		if u.problem == nil {
			u.problem = &models.Problem{Code: "import_no_agreement"}
		}
		if !yield(u, nil) {
			return
		}
	}
}
