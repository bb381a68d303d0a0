package models

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"chancery/models/bitmap"

	"chancery/models/search"
)

// joined puts texts into one column, with a word between that no phrase has.
func joined(texts [][]string) string {
	parts := make([]string, len(texts))
	for i, words := range texts {
		parts[i] = strings.Join(words, " ")
	}
	return strings.Join(parts, " = ")
}

// worthKnowing tells whether a word can be what a mistyped one was meant to be.
func worthKnowing(w string) bool {
	n := len([]rune(w))
	return n >= 4 && n <= 40 && !strings.ContainsAny(w, "0123456789") &&
		(!strings.Contains(w, "=") || strings.HasPrefix(w, "n="))
}

// chain notes the places of revisions, a few at a time: the driver binds a
// statement's parameters in quadratic time.
func (sqliteEngine) chain(tx *gorm.DB, rows []Revision) error {
	for chunk := range slices.Chunk(rows, 80) {
		var values []string
		var args []any
		for _, r := range chunk {
			values = append(values,
				"SELECT CAST(? AS bigint) AS id, CAST(? AS bigint) AS place, CAST(? AS text) AS previous, CAST(? AS text) AS digest")
			args = append(args, r.ID, r.Place, r.Previous, r.Digest)
		}
		err := tx.Exec("UPDATE revisions SET place = v.place, previous = v.previous, digest = v.digest FROM ("+
			strings.Join(values, " UNION ALL ")+") v WHERE revisions.id = v.id", args...).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// insert writes small batches: the driver binds a statement's parameters in
// quadratic time.
func (sqliteEngine) insert(tx *gorm.DB, rows any) error {
	return tx.Omit("Signatories", "Meeting").CreateInBatches(rows, 80).Error
}

// countOn has nothing to do: AUTOINCREMENT counts on behind every number that was
// ever there.
func (sqliteEngine) countOn(*gorm.DB, string) error { return nil }

func (sqliteEngine) key() string { return "rowid" }

// write keeps what things are found by, in place of what was kept of them.
func (e sqliteEngine) write(tx *gorm.DB, table searchTable, docs []document) error {
	var words []string
	for _, d := range docs {
		if err := tx.Exec("DELETE FROM "+string(table)+" WHERE rowid = ?", d.id).Error; err != nil {
			return err
		}
		words = append(words, slices.Concat(slices.Concat(d.title...), d.names)...)
		of := columnsOf(d)
		err := tx.Exec("INSERT INTO "+string(table)+" (rowid, title, names, body) VALUES (?, ?, ?, ?)",
			d.id, of[0], of[1], of[2]).Error
		if err != nil {
			return err
		}
	}
	return e.learnWords(tx, words)
}

// columnsOf are the columns of a search table: title, names, body.
func columnsOf(d document) [3]string {
	var stems []string
	for _, t := range d.titles {
		for _, w := range search.Tokens(t.Text) {
			stems = append(stems, "s="+search.Stem(t.Language, w))
		}
	}
	slices.Sort(stems)
	return [3]string{joined(d.title), strings.Join(append(slices.Clone(d.names), slices.Compact(stems)...), " "),
		joined(d.body)}
}

const (
	phraseLength = 50 // words of a phrase that is asked for
	phrasesAsked = 60 // of one column, at once
)

// differing asks whether each document is found by all of its words, as they stand
// beside each other: the table itself keeps no texts.
func (e sqliteEngine) differing(tx *gorm.DB, table searchTable, docs []document) (all []int64, err error) {
	for _, d := range docs {
		has, err := e.has(tx, table, d)
		if err != nil {
			return nil, err
		}
		if !has {
			all = append(all, d.id)
		}
	}
	return all, nil
}

func (sqliteEngine) has(tx *gorm.DB, table searchTable, d document) (bool, error) {
	for i, text := range columnsOf(d) {
		column := []string{"title", "names", "body"}[i]
		phrases := slices.Collect(slices.Chunk(strings.Fields(text), phraseLength))
		for some := range slices.Chunk(phrases, phrasesAsked) {
			quoted := make([]string, len(some))
			for j, words := range some {
				quoted[j] = `"` + strings.ReplaceAll(strings.Join(words, " "), `"`, `""`) + `"`
			}
			var n int
			if err := tx.Raw("SELECT count(*) FROM "+string(table)+" WHERE "+string(table)+" MATCH ? AND rowid = ?",
				column+" : ("+strings.Join(quoted, " AND ")+")", d.id).Scan(&n).Error; err != nil || n == 0 {
				return false, err
			}
		}
	}
	return true, nil
}

// remove lets go of what things are found by.
func (sqliteEngine) remove(tx *gorm.DB, table searchTable, ids []int64) error {
	return tx.Exec("DELETE FROM "+string(table)+" WHERE rowid IN ?", ids).Error
}

func (sqliteEngine) learn(*gorm.DB) error { return nil } // write has learnt them

// learnWords keeps words for the correction of mistyped ones.
func (sqliteEngine) learnWords(tx *gorm.DB, words []string) error {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !worthKnowing(w) })
	slices.Sort(words)
	for chunk := range slices.Chunk(slices.Compact(words), 80) {
		var fresh []string
		marks := strings.TrimSuffix(strings.Repeat("(?),", len(chunk)), ",")
		args := make([]any, len(chunk))
		for i, w := range chunk {
			args[i] = w
		}
		if err := tx.Raw("INSERT INTO search_words (word) VALUES "+marks+" ON CONFLICT DO NOTHING RETURNING word",
			args...).Scan(&fresh).Error; err != nil {
			return err
		}
		for _, w := range fresh {
			if err := tx.Exec("INSERT INTO search_trigrams (word) VALUES (?)", w).Error; err != nil {
				return err
			}
		}
	}
	return nil
}

// unlearn lets go of words that nothing has any more.
func (sqliteEngine) unlearn(tx *gorm.DB, words []string) error {
	if err := tx.Exec("DELETE FROM search_trigrams WHERE word IN ?", words).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM search_words WHERE word IN ?", words).Error
}

// matching is a condition that holds for what a search finds, with its values.
func (e sqliteEngine) matching(table searchTable, q SearchQuery) (string, []any) {
	return "SELECT rowid FROM " + string(table) + " WHERE " + string(table) + " MATCH ?", []any{e.match(q)}
}

// best is a statement for the numbers of what a search finds, the best first, with
// its values.
func (e sqliteEngine) best(table searchTable, q SearchQuery, limit int) (string, []any) {
	return "SELECT rowid FROM " + string(table) + " WHERE " + string(table) + " MATCH ? ORDER BY rowid DESC LIMIT ?",
		[]any{e.match(q), limit}
}

// match writes a query as FTS5 reads it; every word stands in quotation marks.
func (sqliteEngine) match(q SearchQuery) string {
	var wanted, not []string
	for _, t := range q.Terms {
		var ways []string
		for _, a := range t.alternatives() {
			way := `"` + strings.Join(a.words, " ") + `"`
			if a.prefix {
				way += " *"
			}
			ways = append(ways, way)
		}
		for _, s := range t.stems() {
			ways = append(ways, `"s=`+s+`"`)
		}
		if t.Exclude {
			not = append(not, strings.Join(ways, " OR "))
		} else {
			wanted = append(wanted, "("+strings.Join(ways, " OR ")+")")
		}
	}
	match := strings.Join(wanted, " AND ")
	if len(not) > 0 {
		match = "(" + match + ") NOT (" + strings.Join(not, " OR ") + ")"
	}
	return match
}

// nearest are the words nearest to a mistyped one, by trigrams.
func (sqliteEngine) nearest(tx *gorm.DB, word string) (near []string, err error) {
	runes := []rune(word)
	var grams []string
	for i := 0; i+3 <= len(runes); i++ {
		grams = append(grams, `"`+string(runes[i:i+3])+`"`)
	}
	if len(grams) == 0 {
		return nil, nil
	}
	err = tx.Raw(
		"SELECT word FROM search_trigrams WHERE search_trigrams MATCH ? AND word NOT LIKE 'n=%' AND length(word) BETWEEN ? AND ? ORDER BY rank LIMIT 60",
		strings.Join(grams, " OR "), len(runes)-2, len(runes)+2).Scan(&near).Error
	return near, err
}

// within is a condition that holds for the numbers of a set, with its value.
func (sqliteEngine) within(column string, set *bitmap.Set) (string, any) {
	return column + " IN (SELECT value FROM json_each(?))", "[" + numbers(set) + "]"
}

// sqliteEngine searches with FTS5: a document is its words, made by us, with their
// stems (s=).
type sqliteEngine struct{}
