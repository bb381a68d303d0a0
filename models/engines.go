package models

import "gorm.io/gorm"

// engines are both, by the name of GORM's dialect.
var engines = map[string]engine{"sqlite": sqliteEngine{}, "postgres": postgresEngine{}}

// insertAll writes rows in few statements.
func insertAll[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return engines[tx.Name()].insert(tx, &rows)
}
