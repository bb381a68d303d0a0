package exchange

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/status"
)

// A scratch sorts rows by identifier in a database of its own, which is gone when
// it is closed.
type scratch struct {
	ctx    context.Context
	in     *Intake
	folder string
	db     *sql.DB
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
		u, err := s.unitOf(r, grouped)
		if err != nil {
			yield(nil, err)
			return
		}
		if u == nil {
			continue
		}
		if waiting = append(waiting, u); len(waiting) == joined && !flush() {
			return
		}
	}
	flush()
}

// unitOf is the agreement that a row begins; nil for one that is taken with an
// earlier row.
func (s *scratch) unitOf(r scratchRow, grouped bool) (*unit, error) {
	u := &unit{id: r.key, key: r.key, rows: []cellsAt{r.cellsAt}, problem: r.problem}
	if u.problem != nil {
		return u, nil
	}
	if r.key == "" {
		if grouped {
			u.problem = &models.Problem{Code: "import_no_id"}
		}
		return u, nil
	}
	first, err := s.first(r.key)
	switch {
	case err != nil || first != r.line && grouped:
		return nil, err
	case first != r.line && s.in.Mapping.Repeats == "each":
		var before int
		err := s.db.QueryRowContext(s.ctx, "SELECT count(*) FROM rows WHERE key = ? AND file = 0 AND line < ?",
			r.key, r.line).Scan(&before)
		if err != nil {
			return nil, fmt.Errorf("sorting rows: %w", err)
		}
		u.id, u.further = repeated(r.key, before+1), true
	case first != r.line:
		u.problem = &models.Problem{Code: "import_same_id", Args: map[string]string{"line": fmt.Sprint(first)}}
	}
	return u, nil
}

func (s *scratch) first(key string) (line int, err error) {
	if err = s.db.QueryRowContext(s.ctx, "SELECT line FROM keys WHERE key = ?", key).Scan(&line); err != nil {
		err = fmt.Errorf("sorting rows: %w", err)
	}
	return line, err
}

// join brings the rows that belong to agreements to them.
func (s *scratch) join(units []*unit, grouped bool) error {
	byKey := map[string][]*unit{}
	var keys []any
	for _, u := range units {
		if u.problem == nil && u.key != "" {
			if byKey[u.key] == nil {
				keys = append(keys, u.key)
			}
			byKey[u.key] = append(byKey[u.key], u)
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
		for _, u := range byKey[r.key] {
			switch {
			case r.problem != nil: // told as an orphan
			case r.file > 0:
				if s.in.Mapping.Repeats != "each" || s.in.belongs(u, r.cellsAt) {
					u.parts = append(u.parts, r.cellsAt)
				}
			case r.line == u.rows[0].line:
			case grouped:
				u.rows = append(u.rows, r.cellsAt)
			case signed >= 0:
				u.others = append(u.others, s.in.cell(r.cellsAt, signed))
				if r.line < u.rows[0].line {
					u.earlier = u.others
				}
			}
		}
	}
	return nil
}

// belongs tells to which of several agreements with one identifier a row of a further
// table belongs: the one of its date of signature, else the first.
func (in *Intake) belongs(u *unit, r cellsAt) bool {
	own := in.column(0, "signed")
	at := slices.Index(in.fields[r.file], field{"act:", string(status.SignatureAct)})
	if own < 0 || at < 0 {
		return !u.further
	}
	date, err := in.date(r, at, in.cell(r, at))
	if err != nil || date.Written == "" {
		return !u.further
	}
	dated := func(texts []string) bool {
		return slices.ContainsFunc(texts, func(text string) bool {
			d, err := in.date(u.rows[0], own, text)
			return err == nil && d.Written == date.Written
		})
	}
	if dated([]string{in.cell(u.rows[0], own)}) {
		return !dated(u.earlier)
	}
	return !u.further && !dated(u.others)
}

// orphans gives the rows of further tables that belong to no agreement.
func (s *scratch) orphans(yield func(*unit, error) bool) {
	for r, err := range s.scratchRows(`SELECT r.key, r.file, r.line, r.cells, r.problem FROM rows r WHERE r.file > 0
		AND (r.problem <> '' OR NOT EXISTS (SELECT 1 FROM keys k WHERE k.key = r.key)) ORDER BY r.file, r.line`) {
		if err != nil {
			yield(nil, err)
			return
		}
		u := &unit{id: r.key, key: r.key, rows: []cellsAt{r.cellsAt}, problem: r.problem, orphan: true}
		if u.problem == nil {
			u.problem = &models.Problem{Code: "import_no_agreement"}
		}
		if !yield(u, nil) {
			return
		}
	}
}
