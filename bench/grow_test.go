package bench

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// grown are the tables of agreements; of each the columns that number its own rows
// or those of another of them.
var grown = []string{"agreements", "titles", "participations", "signatories", "acts", "validity_periods", "subjects",
	"sources", "revisions", "events", "cards", "search_agreements"}

var numberedBy = map[string]string{"agreement_id": "agreements", "participation_id": "participations",
	"signatory_id": "signatories"}

// grow repeats a register's agreements on PostgreSQL until there are at least so
// many, row by row in SQL, which is some fifty times as fast as to record them.
// Titles repeat; all that an agreement has is copied with it.
func grow(t *testing.T, db *sql.DB, size int) {
	highest := map[string]int{}
	for _, table := range grown {
		if table == "subjects" || table == "cards" { // without numbers of their own
			continue
		}
		var n int
		if err := db.QueryRow("SELECT coalesce(max(id), 0) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		highest[table] = n
	}
	had := highest["agreements"]
	times := (size + had - 1) / had
	rows, err := db.Query(`SELECT x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid) FROM pg_index x
		WHERE x.indrelid::regclass::text = ANY (string_to_array($1, ',')) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)`, strings.Join(grown, ","))
	if err != nil {
		t.Fatal(err)
	}
	var drop, create []string
	for rows.Next() {
		var name, definition string
		if err := rows.Scan(&name, &definition); err != nil {
			t.Fatal(err)
		}
		drop, create = append(drop, "DROP INDEX "+name), append(create, definition)
	}
	statements := append(drop, "SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'")
	for _, table := range grown {
		statements = append(statements, copies(t, db, table, highest, times-1))
	}
	db.SetMaxOpenConns(1) // settings are those of a connection
	defer db.SetMaxOpenConns(16)
	for _, statement := range append(append(statements, create...), "RESET ALL") {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if _, err := db.Exec("UPDATE register SET length = $1", highest["revisions"]*times); err != nil {
		t.Fatal(err)
	}
	for table, n := range highest {
		if table != "search_agreements" {
			if _, err := db.Exec("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", table, n*times+1); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// copies is the statement that repeats a table's rows, with the numbers after those
// that are there.
func copies(t *testing.T, db *sql.DB, table string, highest map[string]int, times int) string {
	rows, err := db.Query(
		"SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position", table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var into, from []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		into = append(into, column)
		value := "o." + column
		switch {
		case column == "id" && table == "search_agreements":
			value = fmt.Sprintf("o.id + k * %d", highest["agreements"])
		case column == "id":
			value = fmt.Sprintf("o.id + k * %d", highest[table])
		case column == "place" && table == "revisions": // the chain is not one any more, but goes on from its end
			value = fmt.Sprintf("o.place + k * %d", highest[table])
		case column == "subject_key":
			value = fmt.Sprintf("(o.subject_key::bigint + k * %d)::text", highest["agreements"])
		case numberedBy[column] != "":
			value = fmt.Sprintf("o.%s + k * %d", column, highest[numberedBy[column]])
		}
		from = append(from, value)
	}
	where := ""
	if table == "revisions" {
		where = " WHERE o.subject = 'agreement'"
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s o CROSS JOIN generate_series(1, %d) k%s", table,
		strings.Join(into, ", "), strings.Join(from, ", "), table, times, where)
}
