package models

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// arrayRows is how many rows one statement inserts on PostgreSQL.
const arrayRows = 5000

// insert inserts rows as one array a column, by a statement that is prepared once
// for a table. A number that the database gives is noted on its row.
func (postgresEngine) insert(tx *gorm.DB, rows any) error {
	statement := &gorm.Statement{DB: tx}
	if err := statement.Parse(rows); err != nil {
		return err
	}
	var fields []*schema.Field
	given := statement.Schema.PrioritizedPrimaryField
	if given != nil && (!given.AutoIncrement || given.DataType == schema.String) {
		given = nil
	}
	for _, f := range statement.Schema.Fields {
		if f.DBName != "" && f.Creatable && f != given {
			fields = append(fields, f)
		}
	}
	list := reflect.Indirect(reflect.ValueOf(rows))
	for from := 0; from < list.Len(); from += arrayRows {
		if err := insertChunk(tx, statement.Schema.Table, fields, given,
			list.Slice(from, min(from+arrayRows, list.Len()))); err != nil {
			return err
		}
	}
	return nil
}

// countOn has a table's numbers go on after the highest that was copied in.
func (postgresEngine) countOn(tx *gorm.DB, table string) error {
	return tx.Exec("SELECT setval(pg_get_serial_sequence('" + table +
		"', 'id'), greatest((SELECT coalesce(max(id), 0) FROM " + table + "), 1), (SELECT count(*) > 0 FROM " + table +
		"))").Error
}

// insertChunk inserts rows as one array a column, so that the statement is as long
// for a thousand rows as for one.
func insertChunk(tx *gorm.DB, table string, fields []*schema.Field, given *schema.Field, rows reflect.Value) error {
	ctx := tx.Statement.Context
	names, casts, args := make([]string, len(fields)), make([]string, len(fields)), make([]any, len(fields))
	for i, f := range fields {
		values := make([]any, rows.Len())
		for j := range values {
			v, _ := f.ValueOf(ctx, reflect.Indirect(rows.Index(j)))
			if valuer, ok := v.(driver.Valuer); ok {
				var err error
				if v, err = valuer.Value(); err != nil {
					return err
				}
			}
			values[j] = v
		}
		cast, array := arrayOf(f, values)
		names[i], casts[i], args[i] = `"`+f.DBName+`"`, fmt.Sprintf("$%d::%s[]", i+1, cast), array
	}
	sql := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") SELECT * FROM unnest(" +
		strings.Join(casts, ", ") + ")"
	if given == nil {
		_, err := tx.Statement.ConnPool.ExecContext(ctx, sql, args...)
		return translate(tx, err)
	}
	found, err := tx.Statement.ConnPool.QueryContext(ctx, sql+" RETURNING "+given.DBName, args...)
	if err != nil {
		return translate(tx, err)
	}
	defer found.Close()
	for j := 0; found.Next(); j++ {
		var id int64
		if err := found.Scan(&id); err != nil {
			return err
		}
		if row := reflect.Indirect(rows.Index(j)); row.CanAddr() {
			if err := given.Set(ctx, row, id); err != nil {
				return err
			}
		}
	}
	return translate(tx, found.Err())
}

// translate makes GORM's error of PostgreSQL's, as GORM's own inserts do.
func translate(tx *gorm.DB, err error) error {
	if translator, ok := tx.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return translator.Translate(err)
	}
	return err
}

// arrayOf makes the array of a column, of pointers so that nothing stays nothing.
func arrayOf(f *schema.Field, values []any) (cast string, array any) {
	kind := f.FieldType
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return "timestamptz", pointers(values, func(v reflect.Value) time.Time { return v.Interface().(time.Time) })
	case kind.Kind() == reflect.Bool:
		return "boolean", pointers(values, reflect.Value.Bool)
	case kind.Kind() == reflect.Slice:
		return "bytea", pointers(values, reflect.Value.Bytes)
	case kind.Kind() >= reflect.Int && kind.Kind() <= reflect.Int64:
		return "bigint", pointers(values, reflect.Value.Int)
	}
	return "text", pointers(values, reflect.Value.String)
}

// pointers are a column's values, nil where there is none.
func pointers[T any](values []any, read func(reflect.Value) T) []*T {
	list := make([]*T, len(values))
	for i, v := range values {
		value := reflect.ValueOf(v)
		for value.IsValid() && value.Kind() == reflect.Pointer {
			if value.IsNil() {
				value = reflect.Value{}
				break
			}
			value = value.Elem()
		}
		if value.IsValid() {
			read := read(value)
			list[i] = &read
		}
	}
	return list
}
