package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
)

// understand finds the parties that words of the query name, and the nearest words
// to those that nothing has.
func (s Searches) understand(ctx context.Context, q SearchQuery) (SearchQuery, error) {
	tx := s.reader(ctx)
	vocabulary, err := lookUp(tx, q)
	if err == nil {
		err = s.forgetUnreadable(ctx, q, vocabulary)
	}
	if err != nil {
		return q, fmt.Errorf("looking up words: %w", err)
	}
	read := vocabulary.name(q)
	corrected := false
	for i := range read.Terms {
		t := &read.Terms[i]
		if !t.correctable() || len(t.Parties) > 0 || vocabulary.knows(*t) {
			continue
		}
		near, err := s.engine.nearest(tx, t.Words[0])
		if err != nil {
			return q, fmt.Errorf("looking up words: %w", err)
		}
		if t.Corrected, err = s.readableWords(ctx, nearestWords(t.Words[0], near), corrections); err != nil {
			return q, fmt.Errorf("looking up words: %w", err)
		}
		corrected = corrected || len(t.Corrected) > 0
	}
	if !corrected {
		return read, nil
	}
	if vocabulary, err = lookUp(tx, read); err != nil {
		return q, fmt.Errorf("looking up words: %w", err)
	}
	return vocabulary.name(read), nil
}

// forgetUnreadable leaves out of a vocabulary the words that only records have which who
// asks may not read: they are corrected as words that are not there.
func (s Searches) forgetUnreadable(ctx context.Context, q SearchQuery, v *vocabulary) error {
	if withRestricted(ctx) {
		return nil
	}
	for _, t := range q.Terms {
		if !t.correctable() || !v.knows(t) {
			continue
		}
		read, err := s.readableTerm(ctx, t)
		if err != nil {
			return err
		}
		if !read {
			for _, w := range t.heard() {
				delete(v.known, w)
			}
		}
	}
	return nil
}

// corrections is how many words a mistyped one is read as.
const corrections = 3

// readableWords are the first of some known words that something has which may be read.
func (s Searches) readableWords(ctx context.Context, words []string, limit int) (list []string, err error) {
	if withRestricted(ctx) {
		return words[:min(limit, len(words))], nil
	}
	for _, w := range words {
		if len(list) == limit {
			break
		}
		read, err := s.readableTerm(ctx, Term{Words: []string{w}})
		if err != nil {
			return nil, err
		}
		if read {
			list = append(list, w)
		}
	}
	return list, nil
}

// readableTerm tells whether anything that may be read is found by a term.
func (s Searches) readableTerm(ctx context.Context, t Term) (bool, error) {
	q := SearchQuery{Terms: []Term{t}}
	for _, kind := range []struct {
		table searchTable
		from  string
	}{{searchAgreements, "agreements r WHERE " + readableNow(ctx, "r")}, {searchPeople, "people r WHERE " + readablePerson(ctx, "r.id")},
		{searchMeetings, "meetings r WHERE " + readableMeeting(ctx, "r.id")}} {
		sql, args := s.engine.matching(kind.table, q)
		var there []int64
		if err := s.reader(ctx).Raw("SELECT 1 FROM "+kind.from+" AND r.id IN ("+sql+") LIMIT 1", args...).Scan(&there).Error; err != nil {
			return false, err
		}
		if len(there) > 0 {
			return true, nil
		}
	}
	return false, nil
}

// correctable tells whether a term can be a mistyped word.
func (t Term) correctable() bool {
	return len(t.Words) == 1 && !t.Exclude && !t.Phrase && utf8.RuneCountInString(t.Words[0]) >= 4 &&
		!strings.ContainsAny(t.Words[0], "0123456789")
}

// A vocabulary is what the register knows of the words of a query.
type vocabulary struct {
	named map[string][]string // by a whole name: the parties that bear it
	begun map[string][]string // by a word: the parties whose names it begins
	known map[string]bool     // words, and sounds of names (n=), that something has or begins with
}

// longestName is how many words of a query in a row can name one party.
const longestName = 5

// lookUp asks for all that is to be known of a query's words at once.
func lookUp(tx *gorm.DB, q SearchQuery) (*vocabulary, error) {
	const beyond = "\U0010FFFF"
	var names, parts []string
	var args []any
	for i, t := range q.Terms {
		names = append(append(names, strings.Join(t.Words, " ")), t.Corrected...)
		for n := 2; n <= longestName && i+n <= len(q.Terms); n++ {
			if name, ok := rowOf(q.Terms[i : i+n]); ok {
				names = append(names, name)
			}
		}
		w := t.Words[0]
		if t.beginsName() {
			parts = append(parts, "SELECT 1, CAST(? AS text), party FROM party_names WHERE folded >= ? AND folded < ?")
			args = append(args, w, w, w+beyond)
		}
		if t.correctable() {
			for _, known := range t.heard() {
				parts = append(parts,
					"SELECT 2, CAST(? AS text), '' WHERE EXISTS (SELECT 1 FROM search_words WHERE word >= ? AND word < ?)")
				args = append(args, known, known, known+beyond)
			}
		}
	}
	v := &vocabulary{map[string][]string{}, map[string][]string{}, map[string]bool{}}
	if len(names) == 0 {
		return v, nil
	}
	var rows []struct {
		How         int
		Word, Party string
	}
	parts = append([]string{"SELECT 0 AS how, folded AS word, party FROM party_names WHERE folded IN ?"}, parts...)
	if err := tx.Raw(strings.Join(parts, " UNION ")+" ORDER BY 1, 2, 3",
		append([]any{names}, args...)...).Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch r.How {
		case 0:
			v.named[r.Word] = append(v.named[r.Word], r.Party)
		case 1:
			v.begun[r.Word] = append(v.begun[r.Word], r.Party)
		case 2:
			v.known[r.Word] = true
		}
	}
	return v, nil
}

// heard are a single word and the sounds that it has as a name.
func (t Term) heard() []string {
	list := []string{t.Words[0]}
	for _, sound := range t.sounds {
		list = append(list, "n="+sound)
	}
	return list
}

// knows tells whether anything has, or begins with, a term's word.
func (v *vocabulary) knows(t Term) bool {
	return slices.ContainsFunc(t.heard(), func(w string) bool { return v.known[w] })
}

// name puts in the parties that are named by single words and by several in a row,
// which then become one term.
func (v *vocabulary) name(q SearchQuery) SearchQuery {
	var terms []Term
	for i := 0; i < len(q.Terms); i++ {
		if t, n := v.longest(q.Terms[i:]); n > 0 {
			terms = append(terms, t)
			i += n - 1
			continue
		}
		t := q.Terms[i]
		t.Parties = slices.Clone(v.named[strings.Join(t.Words, " ")])
		for _, w := range t.Corrected {
			t.Parties = append(t.Parties, v.named[w]...)
		}
		if partyCode.MatchString(t.Typed) && len(t.Typed) <= 12 { // BY, CIS: in capitals a code
			t.Parties = append(t.Parties, t.Typed)
		}
		if begun := v.begun[t.Words[0]]; len(t.Parties) == 0 && t.beginsName() && len(begun) <= fewParties {
			t.Parties = begun
		}
		terms = append(terms, t)
	}
	return SearchQuery{terms}
}

// longest joins the most words that, at the beginning of a list, together name a
// party.
func (v *vocabulary) longest(terms []Term) (joined Term, n int) {
	for n = min(longestName, len(terms)); n >= 2; n-- {
		name, ok := rowOf(terms[:n])
		if !ok || len(v.named[name]) == 0 {
			continue
		}
		joined = Term{Words: strings.Fields(name), Phrase: true, Parties: v.named[name]}
		for _, part := range terms[:n] {
			joined.Typed = strings.TrimSpace(joined.Typed + " " + part.Typed)
		}
		return joined, n
	}
	return joined, 0
}

// beginsName tells whether a term is long enough to mean a party whose name it only
// begins.
func (t Term) beginsName() bool {
	return !t.Phrase && !t.Exclude && utf8.RuneCountInString(t.Words[0]) > shortestPrefix
}

// fewParties is how many parties a word can mean whose names it only begins.
const fewParties = 3

// rowOf joins single words that follow each other.
func rowOf(terms []Term) (string, bool) {
	var words []string
	for _, t := range terms {
		if t.Exclude || t.Phrase || len(t.Words) != 1 {
			return "", false
		}
		words = append(words, t.Words[0])
	}
	return strings.Join(words, " "), true
}

// nearestWords keeps the few words that are truly near a mistyped one: at most one
// letter in four is another.
func nearestWords(typed string, near []string) (list []string) {
	type candidate struct {
		word     string
		distance int
	}
	var found []candidate
	for _, w := range near {
		if d := distance(typed, w); d <= max(1, utf8.RuneCountInString(typed)/4) {
			found = append(found, candidate{w, d})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Or(a.distance-b.distance, cmp.Compare(a.word, b.word)) })
	for _, c := range found {
		list = append(list, c.word)
	}
	return list
}

// distance is how many letters differ between two words: put in, left out, replaced
// or exchanged with a neighbour (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := bit(x[i-1] != y[j-1])
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
