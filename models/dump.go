package models

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// A dumped table is written whole, in the order of its key.
type dumped struct {
	name, order string
	numbered    bool // its id is given by the database
}

// registerTables are what a register says and said: facts, numbers, history. What
// is derived from them is not among them. A table stands behind those that it leads
// to.
var registerTables = []dumped{
	{"parties", "code", false}, {"party_names", "id", true}, {"party_codes", "scheme, code, party, used_from", false},
	{"successions", "predecessor, successor", false},
	{"memberships", "organisation, member, member_from", false}, {"institutions", "id", true},
	{"institution_names", "id", true}, {"people", "id", true}, {"person_names", "id", true},
	{"meetings", "id", true}, {"meeting_participants", "id", true}, {"agreements", "id", true}, {"titles", "id", true},
	{"participations", "id", true}, {"signatories", "id", true},
	{"acts", "id", true}, {"validity_periods", "id", true}, {"agreement_meetings", "agreement_id, meeting_id", false},
	{"relations", "agreement_id, type, target_id", false},
	{"subjects", "agreement_id, text", false}, {"external_ids", "scheme, value", false}, {"sources", "id", true},
	{"documents", "id", true}, {"revisions", "id", true},
	{"distinctions", "first_id, second_id", false}, {"submissions", "key", false}, {"operations", "id", true},
	{"operation_changes", "operation_id, agreement_id", false}, {"mappings", "name", false}, {"register", "change", false},
}

// accountTables are who may do what, and what waits of them. They hold hashes of
// passwords and tokens.
var accountTables = []dumped{{"accounts", "id", true}, {"recovery_codes", "hash", false}, {"passkeys", "id", false},
	{"identities", "issuer, subject", false}, {"tokens", "id", true},
	{"proposals", "id", true}, {"settings", "name", false}, {"audit", "id", true}}

// dumpFormat is the version of the file that Dump writes.
const dumpFormat = 1

// A dumpHead is the first line of a dump, a dumpEnd the last: without it a dump is
// not whole.
type dumpHead struct {
	Chancery string `json:"chancery"`
	Format   int    `json:"format"`
	Schema   int64  `json:"schema"`
	Accounts bool   `json:"accounts"`
}
type dumpEnd struct {
	End  bool             `json:"end"`
	Rows map[string]int64 `json:"rows"`
}
type dumpRow struct {
	Table string         `json:"table"`
	Row   map[string]any `json:"row"`
}

// Dump writes the whole register as JSON Lines, the same bytes from either engine:
// a head, a line for each row, and an end that counts them. It reads one moment's
// state. Accounts are written only if asked for.
func (s Upkeep) Dump(ctx context.Context, w io.Writer, accounts bool) error {
	return s.dump(ctx, w, accounts, func(string, map[string]any) bool { return true })
}

// dump writes the register row by row, with a line that says what it is before and
// one that says how many rows there were after.
func (s Upkeep) dump(ctx context.Context, w io.Writer, accounts bool,
	keep func(table string, row map[string]any) bool) error {
	out := bufio.NewWriterSize(w, 1<<16)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	schema, err := s.schema(ctx)
	if err != nil {
		return err
	}
	if err := encoder.Encode(dumpHead{"register", dumpFormat, schema, accounts}); err != nil {
		return err
	}
	tables := registerTables
	if accounts {
		tables = slices.Concat(accountTables, registerTables)
	}
	counts := map[string]int64{}
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		for _, t := range tables {
			err := eachRow(ctx, tx, t, func(row map[string]any) error {
				if !keep(t.name, row) {
					return nil
				}
				counts[t.name]++
				return encoder.Encode(dumpRow{t.name, row})
			})
			if err != nil {
				return fmt.Errorf("writing %s: %w", t.name, err)
			}
		}
		return nil
	}, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("writing the register: %w", err)
	}
	if err := encoder.Encode(dumpEnd{true, counts}); err != nil {
		return err
	}
	return out.Flush()
}

// schema is the number of the last migration.
func (s Upkeep) schema(ctx context.Context) (int64, error) {
	provider, err := s.migrations()
	if err != nil {
		return 0, err
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	}
	return version, nil
}

// eachRow visits the rows of a table, their values the same from either engine.
func eachRow(ctx context.Context, tx *gorm.DB, t dumped, visit func(row map[string]any) error) error {
	rows, err := tx.Statement.ConnPool.QueryContext(ctx, "SELECT * FROM "+t.name+" ORDER BY "+
		t.order) // #nosec G202 -- from the list above
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	values, into := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := make(map[string]any, len(types))
		for i, c := range types {
			row[c.Name()] = plainValue(values[i], kindOf(c))
		}
		if t.name == "settings" && (row["name"] == setupSetting || row["name"] == meetingsChained) {
			continue // of this register alone
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// kindOf is what a column holds, on either engine: text, number, bool, time, bytes.
func kindOf(c *sql.ColumnType) string {
	switch name := strings.ToLower(c.DatabaseTypeName()); {
	case strings.HasPrefix(name, "bool"):
		return "bool"
	case strings.HasPrefix(name, "int"), name == "bigint":
		return "number"
	case name == "datetime", name == "timestamptz":
		return "time"
	case name == "blob", name == "bytea":
		return "bytes"
	}
	return "text"
}

const dumpTime = "2006-01-02T15:04:05.000000Z"

// plainValue writes a value as JSON has it.
func plainValue(value any, kind string) any {
	if value == nil {
		return nil
	}
	switch kind {
	case "bool":
		if n, ok := value.(int64); ok {
			return n != 0
		}
	case "time":
		switch t := value.(type) {
		case time.Time:
			return t.UTC().Format(dumpTime)
		case string:
			if parsed, err := parseStored(t); err == nil {
				return parsed.UTC().Format(dumpTime)
			}
		}
	case "bytes":
		if b, ok := value.([]byte); ok {
			return base64.StdEncoding.EncodeToString(b)
		}
	}
	if b, ok := value.([]byte); ok {
		return string(b)
	}
	return value
}

// parseStored reads a time as SQLite keeps it.
func parseStored(text string) (time.Time, error) {
	for _, form := range []string{"2006-01-02 15:04:05.999999999-07:00", "2006-01-02T15:04:05.999999999-07:00",
		time.RFC3339Nano, "2006-01-02 15:04:05.999999999"} {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", text)
}

// ErrNotEmpty says that a register holds records already.
var ErrNotEmpty = errors.New("the register is not empty")

// ErrDump says that a file is not a whole dump of a register.
var ErrDump = errors.New("the file is not a whole export of a register")

// loadedRows is how many rows one statement inserts.
const loadedRows = 40

// A DumpSummary is what a dump holds.
type DumpSummary struct {
	Schema int64
	Rows   map[string]int64 // by table
	Files  []string         // SHA-256 of the documents' files
}

// CheckDump reads what Dump wrote to its end without taking any of it. The error is
// ErrDump when it is damaged or cut off.
func CheckDump(r io.Reader) (summary DumpSummary, err error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	var head dumpHead
	if err := readLine(lines, &head); err != nil || head.Chancery != "register" || head.Format != dumpFormat {
		return summary, ErrDump
	}
	summary.Schema, summary.Rows = head.Schema, map[string]int64{}
	for {
		var line struct {
			dumpRow
			dumpEnd
		}
		if err := readLine(lines, &line); err != nil {
			return summary, ErrDump
		}
		if line.End {
			if !maps.Equal(line.Rows, summary.Rows) {
				return summary, ErrDump
			}
			return summary, nil
		}
		summary.Rows[line.Table]++
		if sum, ok := line.Row["sha256"].(string); ok && line.Table == "documents" {
			summary.Files = append(summary.Files, sum)
		}
	}
}
