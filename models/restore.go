package models

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// LoadDump fills an empty register from what Dump wrote: facts, numbers, history,
// with the gazetteer as it stood there. It is one transaction, whose last part is
// files, if given: it keeps what the rows refer to. What is derived is made anew.
// The error is ErrNotEmpty, or ErrDump when the file is damaged or cut off.
func (s Upkeep) LoadDump(ctx context.Context, r io.Reader, files func() error) error {
	schema, err := s.schema(ctx)
	if err != nil {
		return err
	}
	err = s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var has int64
		if err := tx.Raw(
			"SELECT (SELECT count(*) FROM agreements) + (SELECT count(*) FROM meetings) + (SELECT count(*) FROM revisions)").Scan(&has).Error; err != nil {
			return err
		}
		if has > 0 {
			return ErrNotEmpty
		}
		if err := s.loadRows(ctx, tx, r, schema); err != nil {
			return err
		}
		if err := s.rebuild(tx, func(int64, int64) {}); err != nil {
			return err
		}
		if err := s.engine.learn(tx); err != nil {
			return err
		}
		// Nothing is changed of what the register says: its changes go on being numbered
		// as they were there.
		if err := tx.Exec("UPDATE cards SET change = (SELECT change FROM register) WHERE change = 0").Error; err != nil {
			return err
		}
		if files == nil {
			return nil
		}
		return files()
	})
	if err != nil {
		return fmt.Errorf("reading a register: %w", err)
	}
	return s.fillChain(ctx)
}

// loadRows reads a dump into a database of the same schema that has no accounts of
// its own, where the dump brings some.
func (s Upkeep) loadRows(ctx context.Context, tx *gorm.DB, r io.Reader, schema int64) error {
	lines := bufio.NewReaderSize(r, 1<<16)
	var head dumpHead
	if err := readLine(lines, &head); err != nil || head.Chancery != "register" || head.Format != dumpFormat {
		return ErrDump
	}
	if head.Schema != schema {
		return fmt.Errorf("it was written by schema %d, this program has %d: use the same version on both sides: %w",
			head.Schema, schema, ErrDump)
	}
	tables := registerTables
	if head.Accounts {
		tables = slices.Concat(accountTables, registerTables)
		var has int64
		if err := tx.Raw("SELECT count(*) FROM accounts").Scan(&has).Error; err != nil || has > 0 {
			return cmp.Or(err, ErrNotEmpty)
		}
	}
	for _, t := range slices.Backward(registerTables) { // the gazetteer as it stood there takes the place of ours
		if err := tx.Exec("DELETE FROM " + t.name).Error; err != nil {
			return err
		}
	}
	l := &loader{ctx: ctx, tx: tx, counts: map[string]int64{}}
	for _, t := range tables {
		l.known = append(l.known, t.name)
	}
	if err := l.takeAll(lines); err != nil {
		return err
	}
	if err := l.flush(); err != nil {
		return err
	}
	for _, t := range tables {
		if t.numbered {
			if err := engines[tx.Name()].countOn(tx, t.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeAll takes rows up to the end of a dump, which says how many there were.
func (l *loader) takeAll(lines *bufio.Reader) error {
	for {
		var line struct {
			dumpRow
			dumpEnd
		}
		if err := readLine(lines, &line); err != nil {
			return ErrDump
		}
		if line.End {
			if !maps.Equal(line.Rows, l.counts) {
				return ErrDump
			}
			return nil
		}
		if err := l.add(line.Table, line.Row); err != nil {
			return err
		}
	}
}

// readLine reads one line of JSON; numbers keep all their figures.
func readLine(lines *bufio.Reader, into any) error {
	text, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// A loader inserts rows of one table at a time.
type loader struct {
	ctx     context.Context
	tx      *gorm.DB
	known   []string
	table   string
	columns []string
	kinds   map[string]string
	rows    []map[string]any
	counts  map[string]int64
}

// add takes a row in, and writes those that wait when they are many or of another
// table.
func (l *loader) add(table string, row map[string]any) error {
	if table != l.table {
		if err := l.flush(); err != nil {
			return err
		}
		if !slices.Contains(l.known, table) {
			return ErrDump
		}
		if err := l.describe(table); err != nil {
			return err
		}
	}
	l.counts[table]++
	if l.rows = append(l.rows, row); len(l.rows) == loadedRows {
		return l.flush()
	}
	return nil
}

// describe looks up a table's columns, so that nothing is written to one that is
// none.
func (l *loader) describe(table string) error {
	rows, err := l.tx.Statement.ConnPool.QueryContext(l.ctx, "SELECT * FROM "+table+
		" LIMIT 0") // #nosec G202 -- a known table
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	l.table, l.columns, l.kinds = table, nil, map[string]string{}
	for _, c := range types {
		l.columns = append(l.columns, c.Name())
		l.kinds[c.Name()] = kindOf(c)
	}
	return rows.Err()
}

// flush writes the rows that wait.
func (l *loader) flush() error {
	if len(l.rows) == 0 {
		return nil
	}
	var b strings.Builder
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = `"` + c + `"`
	}
	b.WriteString("INSERT INTO " + l.table + " (" + strings.Join(names, ", ") + ") VALUES ")
	var args []any
	for i, row := range l.rows {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(?" + strings.Repeat(", ?", len(l.columns)-1) + ")")
		for _, c := range l.columns {
			value, err := storedValue(row[c], l.kinds[c])
			if err != nil {
				return fmt.Errorf("%s.%s: %w", l.table, c, ErrDump)
			}
			args = append(args, value)
		}
	}
	l.rows = l.rows[:0]
	return l.tx.Exec(b.String(), args...).Error
}

// storedValue is what a column is given for a value of JSON.
func storedValue(value any, kind string) (any, error) {
	if value == nil {
		return nil, nil
	}
	switch kind {
	case "number":
		n, ok := value.(json.Number)
		if !ok {
			return nil, ErrDump
		}
		return n.Int64()
	case "time":
		text, _ := value.(string)
		return time.Parse(dumpTime, text)
	case "bytes":
		text, _ := value.(string)
		return base64.StdEncoding.DecodeString(text)
	}
	return value, nil
}
