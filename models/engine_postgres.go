package models

import (
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"chancery/models/bitmap"

	"chancery/models/search"
)

// vectorOf writes a document as a tsvector. Texts stand apart, so that no phrase
// runs over their ends; what comes after the last place that a tsvector has is
// found, but in no phrase.
func vectorOf(d document) string {
	const lastPlace, apart = 16383, 5
	var b strings.Builder
	at := 0
	add := func(words []string, weight byte) {
		for _, w := range words {
			at = min(at+1, lastPlace)
			b.WriteString(lexeme(w) + ":" + strconv.Itoa(at) + string(weight) + " ")
		}
		at += apart
	}
	for _, words := range d.title {
		add(words, 'A')
	}
	add(d.names, 'B')
	for _, words := range d.body {
		add(words, 'C')
	}
	return b.String()
}

// lexeme quotes a word for a tsvector or tsquery.
func lexeme(w string) string {
	if len(w) > longestWord {
		w = strings.ToValidUTF8(w[:longestWord], "")
	}
	return "'" + quoting.Replace(w) + "'"
}

// postgresEngine searches a tsvector: the words made by us, by weight (A title, B
// names, C texts), and beside them (D) what the dictionary of each title's language
// makes of it.
type postgresEngine struct{}

// dictionaries are the text search configurations of languages; other languages
// have none.
var dictionaries = map[string]string{"en": "english", "de": "german", "ru": "russian", "fr": "french", "es": "spanish",
	"it": "italian", "pt": "portuguese",
	"nl": "dutch", "sv": "swedish", "da": "danish", "nb": "norwegian", "no": "norwegian", "fi": "finnish",
	"hu": "hungarian", "ro": "romanian", "tr": "turkish"}

// longestWord is what a tsvector takes, in bytes; a longer one is no word.
const longestWord = 500

var quoting = strings.NewReplacer("'", "''", `\`, `\\`)

func (postgresEngine) key() string { return "id" }

// write keeps what things are found by, in place of what was kept of them.
func (postgresEngine) write(tx *gorm.DB, table searchTable, docs []document) error {
	for chunk := range slices.Chunk(docs, 50) {
		values, args := vectorsOf(chunk)
		err := tx.Exec("INSERT INTO "+string(table)+" (id, dated, words) VALUES "+values+
			" ON CONFLICT (id) DO UPDATE SET dated = excluded.dated, words = excluded.words", args...).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// vectorsOf are rows of a search table as SQL, with their values.
func vectorsOf(docs []document) (values string, args []any) {
	rows := make([]string, len(docs))
	for i, d := range docs {
		vector := "?::tsvector"
		args = append(args, d.id, string(d.dated), vectorOf(d))
		for _, t := range d.titles {
			language, _, _ := strings.Cut(t.Language, "-")
			if dictionary := dictionaries[language]; dictionary != "" {
				vector += " || to_tsvector(?::regconfig, ?)"
				args = append(args, dictionary, search.Fold(t.Text))
			}
		}
		rows[i] = "(?::bigint, ?, " + vector + ")"
	}
	return strings.Join(rows, ", "), args
}

func (postgresEngine) differing(tx *gorm.DB, table searchTable, docs []document) (all []int64, err error) {
	for chunk := range slices.Chunk(docs, 50) {
		var some []int64
		values, args := vectorsOf(chunk)
		err := tx.Raw("SELECT v.id FROM (VALUES "+values+") v (id, dated, words) LEFT JOIN "+string(table)+
			" t ON t.id = v.id WHERE t.id IS NULL OR t.words <> v.words OR t.dated <> v.dated ORDER BY 1", args...).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// remove lets go of what things are found by.
func (postgresEngine) remove(tx *gorm.DB, table searchTable, ids []int64) error {
	return tx.Exec("DELETE FROM "+string(table)+" WHERE id IN ?", ids).Error
}

// learn comes at the end of a transaction: a new word is locked until then against
// others who learn it too. The cards that the transaction wrote are not numbered
// yet.
func (postgresEngine) learn(tx *gorm.DB) error {
	return tx.Exec(`INSERT INTO search_words (word)
		SELECT DISTINCT w.lexeme FROM cards c JOIN search_agreements t ON t.id = c.agreement_id, unnest(t.words) w
		WHERE c.change = 0 AND NOT w.weights <@ '{D}' AND length(w.lexeme) BETWEEN 4 AND 40 AND w.lexeme !~ '[0-9]|^[kp]='
			AND NOT EXISTS (SELECT 1 FROM search_words s WHERE s.word = w.lexeme)
		ORDER BY 1 ON CONFLICT DO NOTHING`).Error
}

// learnWords keeps words for the correction of mistyped ones.
func (postgresEngine) learnWords(tx *gorm.DB, words []string) error {
	return tx.Exec(`INSERT INTO search_words (word) SELECT DISTINCT w FROM unnest(string_to_array(?, ' ')) w
		WHERE length(w) BETWEEN 4 AND 40 AND w !~ '[0-9]' ORDER BY 1 ON CONFLICT DO NOTHING`, strings.Join(words, " ")).Error
}

// unlearn lets go of words that nothing has any more.
func (postgresEngine) unlearn(tx *gorm.DB, words []string) error {
	return tx.Exec("DELETE FROM search_words WHERE word IN ?", words).Error
}

// matching is a condition that holds for what a search finds, with its values.
func (e postgresEngine) matching(table searchTable, q SearchQuery) (string, []any) {
	match, args := e.match(q)
	return "SELECT id FROM " + string(table) + " WHERE words @@ (" + match + ")", args
}

// best looks through the newest first, where what is frequent is found at once;
// only when they are too few it asks the index for all, and sorts as many of them
// as can be read in a moment.
func (e postgresEngine) best(table searchTable, q SearchQuery, limit int) (string, []any) {
	match, args := e.match(q)
	return "SELECT id FROM " + string(table) + " WHERE words @@ (" + match + ") ORDER BY dated DESC, id DESC LIMIT ?",
		append(args, limit)
}

// match builds a tsquery of a query's terms; each can be found in any of its ways
// or as a dictionary inflects it.
func (postgresEngine) match(q SearchQuery) (sql string, args []any) {
	for _, t := range q.Terms {
		var ways []string
		for _, a := range t.alternatives() {
			words := make([]string, len(a.words))
			for i, w := range a.words {
				words[i] = lexeme(w)
			}
			if a.prefix {
				words[len(words)-1] += ":*"
			}
			ways = append(ways, "("+strings.Join(words, " <-> ")+")")
		}
		term := "?::tsquery"
		args = append(args, strings.Join(ways, " | "))
		if !t.Phrase && len(t.Words) == 1 {
			for _, lang := range Languages {
				term += " || plainto_tsquery('" + dictionaries[lang] + "', ?)"
				args = append(args, t.Words[0])
			}
		}
		term = "(" + term + ")"
		if t.Exclude {
			term = "!!" + term
		}
		if sql != "" {
			sql += " && "
		}
		sql += term
	}
	return sql, args
}

// nearest are the words nearest to a mistyped one, by trigrams.
func (postgresEngine) nearest(tx *gorm.DB, word string) (near []string, err error) {
	err = tx.Raw(
		"SELECT word FROM search_words WHERE word % ? AND word NOT LIKE 'n=%' ORDER BY similarity(word, ?) DESC, word LIMIT 30", word, word).Scan(&near).Error
	return near, err
}

// within is a condition that holds for the numbers of a set, with its value.
func (postgresEngine) within(column string, set *bitmap.Set) (string, any) {
	return column + " = ANY (?::bigint[])", "{" + numbers(set) + "}"
}

// chain notes the places of revisions, one array a column.
func (postgresEngine) chain(tx *gorm.DB, rows []Revision) error {
	ids, places, previous, digests := make([]int64, len(rows)), make([]int64, len(rows)), make([]string, len(rows)),
		make([]string, len(rows))
	for i, r := range rows {
		ids[i], places[i], previous[i], digests[i] = r.ID, r.Place, r.Previous, r.Digest
	}
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context,
		`UPDATE revisions SET place = v.place, previous = v.previous, digest = v.digest
		FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) v (id, place, previous, digest) WHERE revisions.id = v.id`, ids, places, previous, digests)
	return translate(tx, err)
}
