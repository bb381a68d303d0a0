package models

import (
	"gorm.io/gorm"

	"chancery/models/bitmap"
)

// An engine is what SQLite and PostgreSQL do each in their own way: search,
// inserting many rows, and taking a set of numbers as a parameter. All other SQL is
// the same for both.
type engine interface {
	// insert writes the rows of a pointer to a slice.
	insert(tx *gorm.DB, rows any) error
	// chain notes the places of revisions in the chain.
	chain(tx *gorm.DB, rows []Revision) error
	// countOn makes the numbers that a table gives go on behind the last it has.
	countOn(tx *gorm.DB, table string) error
	// write puts documents into a search table, in place of those with the same
	// numbers.
	write(tx *gorm.DB, table searchTable, docs []document) error
	// differing tells which documents a search table does not have, or has in other
	// words.
	differing(tx *gorm.DB, table searchTable, docs []document) ([]int64, error)
	// remove takes documents out of a search table.
	remove(tx *gorm.DB, table searchTable, ids []int64) error
	// key is the column of a search table that holds the number of what it finds.
	key() string
	// learn takes the words of what a transaction wrote into the list of known words,
	// at its end.
	learn(tx *gorm.DB) error
	// learnWords takes words into that list.
	learnWords(tx *gorm.DB, words []string) error
	// unlearn takes words out of it.
	unlearn(tx *gorm.DB, words []string) error
	// matching is the SQL of the numbers of all documents that a query finds.
	matching(table searchTable, q SearchQuery) (sql string, args []any)
	// best is the SQL of the numbers of the newest that it finds.
	best(table searchTable, q SearchQuery, limit int) (sql string, args []any)
	// nearest are known words that share most trigrams with a word.
	nearest(tx *gorm.DB, word string) ([]string, error)
	// within is the SQL by which a column holds a number of a set, with the set as its
	// one parameter.
	within(column string, set *bitmap.Set) (sql string, arg any)
}
