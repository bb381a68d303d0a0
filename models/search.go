package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	"gorm.io/gorm"
)

// A SearchQuery is what somebody looks for: words and "phrases" that must all be found, -words and -"phrases" that
// must not. A word is found as it is, in another inflection, as the beginning of a longer one, as a name in another
// spelling or script, or as the name of a party that takes part; a mistyped one is found by its nearest.
type SearchQuery struct {
	Terms []Term `json:"terms"`
}

// A Term is one word, or one phrase of several.
type Term struct {
	Words     []string `json:"words"` // folded
	Typed     string   `json:"typed"`
	Phrase    bool     `json:"phrase"`
	Exclude   bool     `json:"exclude"`
	Parties   []string `json:"parties,omitempty"`   // codes of parties that bear this name
	Corrected []string `json:"corrected,omitempty"` // the words nearest to a mistyped one
	sounds    []string // of a single word as a name
}

// maxTerms is how many terms of a query are looked at.
const maxTerms = 16

// ParseSearch reads a search as typed; it never fails: what is no word is left aside.
func ParseSearch(typed string) (q SearchQuery) {
	for _, part := range splitQuery(typed) {
		t := Term{Typed: part.text, Phrase: part.quoted, Exclude: part.exclude, Words: tokens(part.text)}
		if len(t.Words) == 0 || len(q.Terms) == maxTerms {
			continue
		}
		t.Phrase = t.Phrase || len(t.Words) > 1
		if names := nameWords(part.text); len(names) == 1 && !part.quoted && !t.Exclude {
			t.sounds = sounds(names[0])
		}
		q.Terms = append(q.Terms, t)
	}
	return q
}

type queryPart struct {
	text            string
	quoted, exclude bool
}

const (
	openingQuotes = "\"“„«‹"
	closingQuotes = "\"”“»›"
)

func splitQuery(typed string) (parts []queryPart) {
	rest := strings.TrimSpace(typed)
	for rest != "" {
		var p queryPart
		for _, minus := range []string{"-", "−", "–"} {
			if strings.HasPrefix(rest, minus) && !p.exclude {
				rest, p.exclude = strings.TrimPrefix(rest, minus), true
			}
		}
		first, n := utf8.DecodeRuneInString(rest)
		if strings.ContainsRune(openingQuotes, first) && n > 0 {
			rest = rest[n:]
			end := strings.IndexAny(rest, closingQuotes)
			if end < 0 {
				end = len(rest)
			}
			p.text, p.quoted = rest[:end], true
			_, n = utf8.DecodeRuneInString(rest[end:])
			rest = rest[end+n:]
		} else {
			end := strings.IndexFunc(rest, unicode.IsSpace)
			if end < 0 {
				end = len(rest)
			}
			p.text, rest = rest[:end], rest[end:]
		}
		parts = append(parts, p)
		rest = strings.TrimSpace(rest)
	}
	return parts
}

// Empty tells whether there is nothing to look for.
func (q SearchQuery) Empty() bool {
	return !slices.ContainsFunc(q.Terms, func(t Term) bool { return !t.Exclude })
}

// shortestPrefix is the length from which a word is also found as the beginning of a longer one.
const shortestPrefix = 4

// understand finds the parties that words of the query name, and the nearest words to those that nothing has.
func (s *Store) understand(ctx context.Context, q SearchQuery) (SearchQuery, error) {
	tx := s.read.WithContext(ctx)
	vocabulary, err := lookUp(tx, q)
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
		t.Corrected = nearestWords(t.Words[0], near)
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

// correctable tells whether a term can be a mistyped word.
func (t Term) correctable() bool {
	return len(t.Words) == 1 && !t.Exclude && !t.Phrase && utf8.RuneCountInString(t.Words[0]) >= 4 && !strings.ContainsAny(t.Words[0], "0123456789")
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
				parts = append(parts, "SELECT 2, CAST(? AS text), '' WHERE EXISTS (SELECT 1 FROM search_words WHERE word >= ? AND word < ?)")
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
	if err := tx.Raw(strings.Join(parts, " UNION ")+" ORDER BY 1, 2, 3", append([]any{names}, args...)...).Scan(&rows).Error; err != nil {
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

func (v *vocabulary) knows(t Term) bool {
	return slices.ContainsFunc(t.heard(), func(w string) bool { return v.known[w] })
}

// name puts in the parties that are named by single words and by several in a row, which then become one term.
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

// longest joins the most words that, at the beginning of a list, together name a party.
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

// beginsName tells whether a term is long enough to mean a party whose name it only begins.
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

// nearestWords keeps the few words that are truly near a mistyped one: at most one letter in four is another.
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
	for _, c := range found[:min(3, len(found))] {
		list = append(list, c.word)
	}
	return list
}

// distance is how many letters differ between two words: put in, left out, replaced or exchanged with a neighbour
// (optimal string alignment).
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

// A searchTable holds the documents of one kind of thing.
type searchTable string

const (
	searchAgreements searchTable = "search_agreements"
	searchPeople     searchTable = "search_people"
	searchMeetings   searchTable = "search_meetings"
)

// A document is what a search finds a thing by: words of three weights, and texts to be inflected by their language.
type document struct {
	id     int64
	dated  Day
	title  [][]string // each text's words
	names  []string   // party codes, people, institutions, places, numbers
	body   [][]string
	titles []TitleDraft
}

// documents gathers what agreements are found by. All spellings of the people who sign are taken in.
func (s *Store) documents(tx *gorm.DB, list []*Agreement) ([]document, error) {
	var people []int64
	for _, a := range list {
		for _, p := range a.Participations {
			for _, sig := range p.Signatories {
				people = append(people, sig.PersonID)
			}
		}
	}
	spellings := map[int64][]string{}
	for chunk := range slices.Chunk(unique(people), 500) {
		var rows []PersonName
		if err := tx.Where("person_id IN ?", chunk).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			spellings[r.PersonID] = append(spellings[r.PersonID], r.Text)
		}
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	words := map[int64][]string{}
	if len(ids) > 0 {
		var err error
		if words, err = wordsOf(tx, ids); err != nil {
			return nil, err
		}
	}
	docs := make([]document, 0, len(list))
	for _, a := range list {
		docs = append(docs, a.document(spellings, words[a.ID]...))
	}
	return docs, nil
}

// longestBody is how many words of an agreement's summary, sources and the like are searched.
const longestBody = 20000

// document is what an agreement is found by; said is what its documents say.
func (a *Agreement) document(spellings map[int64][]string, said ...string) document {
	d := document{id: a.ID, dated: a.DatedEarliest, names: []string{strconv.FormatInt(a.ID, 10)}}
	for _, t := range a.Titles {
		d.title = append(d.title, tokens(t.Text))
		d.titles = append(d.titles, TitleDraft{Language: t.Language, Text: t.Text})
	}
	add := func(texts ...string) {
		for _, text := range texts {
			d.names = append(d.names, tokens(text)...)
		}
	}
	for _, p := range a.Participations {
		d.names = append(d.names, "p="+strings.ToLower(p.Party))
		add(p.Institution)
		for _, sig := range p.Signatories {
			add(sig.Office)
			for _, name := range append(spellings[sig.PersonID], sig.Person) {
				d.names = append(d.names, nameTokens(name)...)
			}
		}
	}
	d.names = append(d.names, nameTokens(a.Place)...)
	for _, subject := range a.Subjects {
		add(subject.Text)
	}
	for _, e := range a.ExternalIDs {
		add(e.Scheme, e.Value)
	}
	for _, m := range a.Meetings {
		if m.Meeting != nil {
			add(m.Meeting.Title, m.Meeting.Series)
		}
	}
	d.body = append(d.body, tokens(a.Summary), tokens(a.Depositary), tokens(a.EntryCondition))
	for _, src := range a.Sources {
		d.body = append(d.body, tokens(src.Publisher), tokens(src.Title), tokens(src.Quotation))
	}
	for _, text := range said {
		d.body = append(d.body, tokens(text))
	}
	left := longestBody
	for i, words := range d.body {
		d.body[i] = words[:min(len(words), left)]
		left -= len(d.body[i])
	}
	seen := map[string]bool{}
	d.names = slices.DeleteFunc(d.names, func(w string) bool {
		twice := seen[w]
		seen[w] = true
		return twice
	})
	return d
}

// document is what a person is found by: every spelling.
func (p *Person) document() document {
	d := document{id: p.ID}
	for _, n := range p.Names {
		d.title = append(d.title, tokens(n.Text))
		d.names = append(d.names, nameTokens(n.Text)...)
	}
	slices.Sort(d.names)
	d.names = slices.Compact(d.names)
	return d
}

func (m *Meeting) document() document {
	return document{id: m.ID, dated: orElse(m.HeldEarliest, m.HeldLatest), title: [][]string{tokens(m.Title), tokens(m.Series)},
		names: nameTokens(m.Place), body: [][]string{tokens(m.Agenda)}, titles: []TitleDraft{{Text: m.Title}}}
}

// find gives the agreements that have the words of a filter, now or then.
func (s *Store) find(ctx context.Context, f Filter, then *past) (*roaring.Bitmap, error) {
	set := roaring.New()
	tx := s.read.WithContext(ctx)
	collect := func(into *roaring.Bitmap, sql string, args ...any) error {
		rows, err := tx.Raw(sql, args...).Rows()
		if err != nil {
			return fmt.Errorf("searching: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return fmt.Errorf("searching: %w", err)
			}
			into.Add(uint32(id))
		}
		return rows.Err()
	}
	if f.Query != "" {
		q, err := s.understand(ctx, ParseSearch(f.Query))
		if err != nil || q.Empty() {
			return set, err
		}
		sql, args := s.engine.matching(searchAgreements, q)
		if err := collect(set, sql, args...); err != nil {
			return nil, err
		}
		if id, err := strconv.ParseUint(f.Query, 10, 32); err == nil {
			set.Add(uint32(id))
		}
		then.find(set, func(a *Agreement) bool { return q.finds(then.document(a)) })
	}
	if folded := Fold(f.Text); folded != "" {
		titled := roaring.New()
		if err := collect(titled, `SELECT id FROM agreements WHERE search_title LIKE ? ESCAPE '\'`, likeWithin(folded)); err != nil {
			return nil, err
		}
		then.find(titled, func(a *Agreement) bool { return strings.Contains(a.SearchTitle, folded) })
		if f.Query == "" {
			return titled, nil
		}
		set.And(titled)
	}
	return set, nil
}

// finds tells whether a document has all that a query asks for; the engines answer the same for what is recorded.
func (q SearchQuery) finds(d document) bool {
	fields := slices.Concat(d.title, [][]string{d.names}, d.body)
	stems := map[string]bool{}
	for _, t := range d.titles {
		for _, w := range tokens(t.Text) {
			stems[stem(t.Language, w)] = true
		}
	}
	for _, t := range q.Terms {
		if t.in(fields, stems) == t.Exclude {
			return false
		}
	}
	return true
}

func (t Term) in(fields [][]string, stems map[string]bool) bool {
	for _, alternative := range t.alternatives() {
		for _, words := range fields {
			if alternative.in(words) {
				return true
			}
		}
	}
	for _, w := range t.stems() {
		if stems[w] {
			return true
		}
	}
	return false
}

// An alternative is one way in which a term can be found: words in a row, the last of them perhaps only begun.
type alternative struct {
	words  []string
	prefix bool
}

func (a alternative) in(words []string) bool {
	for i := 0; i+len(a.words) <= len(words); i++ {
		hit := true
		for j, w := range a.words {
			has := words[i+j]
			hit = hit && (has == w || a.prefix && j == len(a.words)-1 && strings.HasPrefix(has, w))
		}
		if hit {
			return true
		}
	}
	return false
}

// alternatives are all ways in which a term can be found, inflections aside.
func (t Term) alternatives() (list []alternative) {
	last := t.Words[len(t.Words)-1]
	list = append(list, alternative{t.Words, !t.Phrase && utf8.RuneCountInString(last) >= shortestPrefix})
	for _, code := range t.Parties {
		list = append(list, alternative{[]string{"p=" + strings.ToLower(code)}, false})
	}
	for _, w := range t.Corrected {
		list = append(list, alternative{[]string{w}, true})
	}
	for _, sound := range t.sounds {
		if sound != "" {
			list = append(list, alternative{[]string{"n=" + sound}, utf8.RuneCountInString(sound) >= shortestPrefix})
		}
		if k := skeleton(sound); k != "" {
			list = append(list, alternative{[]string{"k=" + k}, false})
		}
	}
	return list
}

// stems are the stems of a single word in each language that has a stemmer.
func (t Term) stems() (list []string) {
	if t.Phrase || len(t.Words) != 1 {
		return nil
	}
	for _, lang := range Languages {
		if s := stem(lang, t.Words[0]); utf8.RuneCountInString(s) >= 3 {
			list = append(list, s)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// A Segment is a piece of a text, and whether the search found it.
type Segment struct {
	Text string
	Hit  bool
}

// Mark parts a text at the words that the search found.
func (q SearchQuery) Mark(text string) (segments []Segment) {
	m := q.matcher()
	add := func(piece string, hit bool) {
		if n := len(segments); n > 0 && segments[n-1].Hit == hit {
			segments[n-1].Text += piece
		} else if piece != "" {
			segments = append(segments, Segment{piece, hit})
		}
	}
	for text != "" {
		inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
		end := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(text)
		}
		if end > 0 {
			add(text[:end], m.hits(text[:end]))
		}
		text = text[end:]
		if end = strings.IndexFunc(text, inWord); end < 0 {
			end = len(text)
		}
		add(text[:end], false)
		text = text[end:]
	}
	return segments
}

// A matcher tells of single words whether a query looks for them. It is made once for a query and read for every word of
// what was found.
type matcher struct {
	exact    map[string]bool
	prefixes []string
	sounds   map[string]bool // n= and k=
	begun    []string        // n= of which a longer name is taken
	stems    map[string]bool // language and stem
	told     map[string]bool // what hits has said of words
}

// matchers are those of each of its terms alone.
func (q SearchQuery) matchers() []*matcher {
	list := make([]*matcher, len(q.Terms))
	for i, t := range q.Terms {
		t.Exclude = false
		list[i] = SearchQuery{[]Term{t}}.matcher()
	}
	return list
}

func (q SearchQuery) matcher() *matcher {
	m := &matcher{exact: map[string]bool{}, sounds: map[string]bool{}, stems: map[string]bool{}, told: map[string]bool{}}
	for _, t := range q.Terms {
		if t.Exclude {
			continue
		}
		if t.Phrase {
			for _, w := range t.Words {
				m.exact[w] = true
			}
		}
		for _, a := range t.alternatives() {
			switch w := a.words[0]; {
			case len(a.words) > 1, strings.HasPrefix(w, "p="):
			case strings.Contains(w, "="):
				m.sounds[w] = true
				if a.prefix {
					m.begun = append(m.begun, w)
				}
			case a.prefix:
				m.prefixes = append(m.prefixes, w)
			default:
				m.exact[w] = true
			}
		}
		for _, lang := range Languages {
			if !t.Phrase {
				m.stems[lang+" "+stem(lang, t.Words[0])] = true
			}
		}
	}
	return m
}

// word tells whether a folded word of a title is what some term looks for, as it is, begun or inflected.
func (m *matcher) word(folded string) bool {
	if m.exact[folded] || slices.ContainsFunc(m.prefixes, func(p string) bool { return strings.HasPrefix(folded, p) }) {
		return true
	}
	if utf8.RuneCountInString(folded) < shortestPrefix {
		return false
	}
	for _, lang := range Languages {
		if m.stems[lang+" "+stem(lang, folded)] {
			return true
		}
	}
	return false
}

// name tells whether a word sounds like a name that some term looks for.
func (m *matcher) name(word string) bool {
	if len(m.sounds) == 0 {
		return false
	}
	for _, sound := range sounds(word) {
		if m.sounds["n="+sound] || m.sounds["k="+skeleton(sound)] || slices.ContainsFunc(m.begun, func(n string) bool { return strings.HasPrefix("n="+sound, n) }) {
			return true
		}
	}
	return false
}

// hits tells whether one word of a text is what some term looks for.
func (m *matcher) hits(word string) bool {
	hit, ok := m.told[word]
	if !ok {
		folded := Fold(word)
		hit = folded != "" && (m.word(folded) || m.name(word))
		m.told[word] = hit
	}
	return hit
}

// A Found is one agreement that a search found, with what it was found by where that is not its title.
type Found struct {
	Entry
	Where string `json:"where,omitempty"` // party, person, institution, place, subject, number, meeting, quotation, summary
	Text  string `json:"text,omitempty"`

	score int
}

// Results are what a search found, by kind, the best first.
type Results struct {
	Query      SearchQuery   `json:"query"`
	Agreements []Found       `json:"agreements"`
	More       bool          `json:"more"` // there are more agreements than were looked at
	Count      int           `json:"count"`
	Parties    []PartyEntry  `json:"parties"`
	People     []PersonEntry `json:"people"`
	Meetings   []Meeting     `json:"meetings"`
}

// Empty tells that nothing was found.
func (r *Results) Empty() bool {
	return len(r.Agreements)+len(r.Parties)+len(r.People)+len(r.Meetings) == 0
}

// looked is how many agreements, the newest first, a search ranks.
const looked = 60

// Search finds agreements, parties, people and meetings, at most limit of each. It reads the filter's words, day and
// moment; its other conditions are those of lists.
func (s *Store) Search(ctx context.Context, f Filter, lang string, limit int) (*Results, error) {
	r := &Results{}
	var err error
	if r.Query, err = s.understand(ctx, ParseSearch(f.Query)); err != nil || r.Query.Empty() {
		return r, err
	}
	if err := s.searchAgreements(ctx, f, lang, limit, r); err != nil {
		return nil, fmt.Errorf("searching agreements: %w", err)
	}
	if r.Parties, err = s.searchParties(ctx, r.Query, lang, limit); err != nil {
		return nil, err
	}
	tx := s.read.WithContext(ctx)
	sql, args := s.engine.best(searchPeople, r.Query, limit)
	only, err := s.knownPeople(ctx, "n.person_id")
	if err != nil {
		return nil, err
	}
	err = tx.Raw(`SELECT n.person_id AS id, n.text AS name, (SELECT count(DISTINCT s.agreement_id) FROM signatories s JOIN agreements a ON a.id = s.agreement_id WHERE s.person_id = n.person_id AND (NOT a.restricted OR ?)) AS agreements
		FROM person_names n WHERE n.position = 0 AND n.person_id IN (`+sql+`)`+only+` ORDER BY n.folded`, append([]any{insider(ctx)}, args...)...).Scan(&r.People).Error
	if err != nil {
		return nil, fmt.Errorf("searching people: %w", err)
	}
	sql, args = s.engine.best(searchMeetings, r.Query, limit)
	if err = tx.Raw("SELECT * FROM meetings WHERE id IN ("+sql+") ORDER BY coalesce(held_earliest, '') DESC, id DESC", args...).Scan(&r.Meetings).Error; err != nil {
		return nil, fmt.Errorf("searching meetings: %w", err)
	}
	return r, nil
}

// searchParties finds the parties that terms name or begin to name.
func (s *Store) searchParties(ctx context.Context, q SearchQuery, lang string, limit int) (list []PartyEntry, err error) {
	var codes []string
	for _, t := range q.Terms {
		if !t.Exclude {
			codes = append(codes, t.Parties...)
		}
	}
	if len(codes) == 0 {
		return nil, nil
	}
	err = s.read.WithContext(ctx).Raw(`SELECT p.code, p.kind, p.existed_until, m.text AS name FROM parties p
		JOIN party_names m ON m.party = p.code AND m.main AND m.language = ? WHERE p.code IN ?
		ORDER BY CASE WHEN p.kind = 'state' THEN 0 WHEN p.kind = 'former-state' THEN 2 ELSE 1 END, m.text LIMIT ?`, lang, codes, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("searching parties: %w", err)
	}
	return list, nil
}

func (s *Store) searchAgreements(ctx context.Context, f Filter, lang string, limit int, r *Results) error {
	var ids []uint32
	var then *past
	var err error
	if f.Recorded.IsZero() {
		sql, args := s.engine.best(searchAgreements, r.Query, looked+1)
		if err := s.read.WithContext(ctx).Raw(sql, args...).Scan(&ids).Error; err != nil {
			return err
		}
		if id, err := strconv.ParseUint(strings.TrimSpace(f.Query), 10, 32); err == nil && !slices.Contains(ids, uint32(id)) {
			ids = append(ids, uint32(id))
		}
	} else {
		if then, err = s.past(ctx, f.Recorded); err != nil {
			return err
		}
		set, err := s.find(ctx, Filter{Query: f.Query}, then)
		if err != nil {
			return err
		}
		ids = set.ToArray()
		slices.Reverse(ids)
	}
	if r.More = len(ids) > looked; r.More {
		ids = ids[:looked]
	}
	sel, err := s.choose(ctx, Filter{On: f.On, Recorded: f.Recorded})
	if err != nil {
		return err
	}
	there := sel.matched()
	ids = slices.DeleteFunc(ids, func(id uint32) bool { return !there.Contains(id) })
	states := sel.states(ids)
	sel.release()
	r.Count = len(ids)
	entries, err := s.entries(ctx, sel, ids, states, lang)
	if err != nil {
		return err
	}
	found := make([]Found, len(entries))
	matchers := r.Query.matchers()
	for i, e := range entries {
		found[i] = Found{Entry: e, score: r.Query.score(matchers, e, f.Query)}
	}
	slices.SortStableFunc(found, func(a, b Found) int {
		return cmp.Or(b.score-a.score, cmp.Compare(b.DatedEarliest, a.DatedEarliest), cmp.Compare(b.ID, a.ID))
	})
	r.Agreements = found[:min(limit, len(found))]
	return s.explain(ctx, then, matchers, r)
}

// score ranks an agreement by how well its title fits: a term as it stands in it before one only begun or inflected,
// before one that is elsewhere; its own number before all.
func (q SearchQuery) score(matchers []*matcher, e Entry, typed string) (score int) {
	if strings.TrimSpace(typed) == strconv.FormatInt(e.ID, 10) {
		return 1000
	}
	words := tokens(e.Title)
	for i, t := range q.Terms {
		switch {
		case t.Exclude:
		case alternative{t.Words, false}.in(words):
			score += 4
		case t.names(e):
			score += 3
		case slices.ContainsFunc(words, matchers[i].word):
			score += 2
		}
	}
	return score
}

// explain says of what is shown where the words stand that are not in its title.
func (s *Store) explain(ctx context.Context, then *past, matchers []*matcher, r *Results) error {
	var ids []int64
	for _, f := range r.Agreements {
		if then.agreement(uint32(f.ID)) == nil && !r.Query.inLine(matchers, f.Entry) {
			ids = append(ids, f.ID)
		}
	}
	passages, err := s.passages(ctx, ids)
	if err != nil {
		return err
	}
	for i := range r.Agreements {
		f := &r.Agreements[i]
		if a := then.agreement(uint32(f.ID)); a != nil {
			passages[f.ID] = a.passages()
		}
		f.Where, f.Text = r.Query.place(matchers, passages[f.ID], f.Entry)
	}
	return nil
}

// A passage is a text of an agreement beside the title shown, by which it can have been found.
type passage struct {
	AgreementID int64
	Where       string // person, institution, title, place, subject, number, meeting, quotation, summary
	Text        string // what is shown
	More        string // what is searched beside it
}

// passages reads those of some agreements, in the order in which they explain best.
func (s *Store) passages(ctx context.Context, ids []int64) (map[int64][]passage, error) {
	by := map[int64][]passage{}
	if len(ids) == 0 {
		return by, nil
	}
	var rows []passage
	err := s.read.WithContext(ctx).Raw(`
		SELECT 0 AS rank, position, agreement_id, 'person' AS "where", person AS text, '' AS more FROM signatories WHERE agreement_id IN @ids
		UNION ALL SELECT 1, position, agreement_id, 'institution', institution, '' FROM participations WHERE institution <> '' AND agreement_id IN @ids
		UNION ALL SELECT 2, position, agreement_id, 'title', text, '' FROM titles WHERE agreement_id IN @ids
		UNION ALL SELECT 3, 0, id, 'place', place, '' FROM agreements WHERE place <> '' AND id IN @ids
		UNION ALL SELECT 4, position, agreement_id, 'subject', text, '' FROM subjects WHERE agreement_id IN @ids
		UNION ALL SELECT 5, position, agreement_id, 'number', scheme || ' ' || value, '' FROM external_ids WHERE agreement_id IN @ids
		UNION ALL SELECT 6, r.position, r.agreement_id, 'meeting', m.title, m.series FROM agreement_meetings r JOIN meetings m ON m.id = r.meeting_id WHERE r.agreement_id IN @ids
		UNION ALL SELECT 7, position, agreement_id, 'quotation', quotation, '' FROM sources WHERE quotation <> '' AND agreement_id IN @ids
		UNION ALL SELECT 8, 0, id, 'summary', summary, '' FROM agreements WHERE summary <> '' AND id IN @ids
		UNION ALL SELECT 9, CAST(id AS integer), agreement_id, 'document', name, words FROM documents WHERE removed_at IS NULL AND agreement_id IN @ids
		ORDER BY 1, 2`, map[string]any{"ids": ids}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading where the words stand: %w", err)
	}
	for _, p := range rows {
		by[p.AgreementID] = append(by[p.AgreementID], p)
	}
	return by, nil
}

// passages are the same of one that is at hand.
func (a *Agreement) passages() (list []passage) {
	var people, institutions, titles, rest []passage
	for _, p := range a.Participations {
		for _, sig := range p.Signatories {
			people = append(people, passage{Where: "person", Text: sig.Person})
		}
		institutions = append(institutions, passage{Where: "institution", Text: p.Institution})
	}
	for _, t := range a.Titles {
		titles = append(titles, passage{Where: "title", Text: t.Text})
	}
	rest = append(rest, passage{Where: "place", Text: a.Place})
	for _, subject := range a.Subjects {
		rest = append(rest, passage{Where: "subject", Text: subject.Text})
	}
	for _, e := range a.ExternalIDs {
		rest = append(rest, passage{Where: "number", Text: e.Scheme + " " + e.Value})
	}
	for _, m := range a.Meetings {
		if m.Meeting != nil {
			rest = append(rest, passage{Where: "meeting", Text: m.Meeting.Title, More: m.Meeting.Series})
		}
	}
	for _, src := range a.Sources {
		rest = append(rest, passage{Where: "quotation", Text: src.Quotation})
	}
	return slices.Concat(people, institutions, titles, append(rest, passage{Where: "summary", Text: a.Summary}))
}

// inLine tells whether the line of an agreement, its title and its parties, has all that is looked for.
func (q SearchQuery) inLine(matchers []*matcher, e Entry) bool {
	words := tokens(e.Title)
	for i, t := range q.Terms {
		if !t.Exclude && !slices.ContainsFunc(words, matchers[i].word) && !t.names(e) {
			return false
		}
	}
	return true
}

// names tells whether a term names a party of an agreement.
func (t Term) names(e Entry) bool {
	return slices.ContainsFunc(e.Parties, func(code string) bool { return slices.Contains(t.Parties, code) })
}

// place finds the passage that has a term which the title shown does not have; a party named is told from the line.
func (q SearchQuery) place(matchers []*matcher, passages []passage, shown Entry) (where, text string) {
	for i, t := range q.Terms {
		has := func(text string) bool {
			return slices.ContainsFunc(nameWords(text), matchers[i].hits) && (!t.Phrase || t.in([][]string{tokens(text)}, nil))
		}
		if t.Exclude || has(shown.Title) {
			continue
		}
		if at := slices.IndexFunc(shown.Parties, func(code string) bool { return slices.Contains(t.Parties, code) }); at >= 0 {
			return "party", shown.Parties[at]
		}
		for _, p := range passages {
			switch {
			case !has(p.Text + " " + p.More):
			case p.Where == "quotation", p.Where == "summary":
				return p.Where, excerpt(p.Text, SearchQuery{[]Term{t}})
			default:
				return p.Where, p.Text
			}
		}
	}
	return "", ""
}

// excerpt is a text around the first word that was found.
func excerpt(text string, q SearchQuery) string {
	const around = 80
	before := ""
	for _, segment := range q.Mark(text) {
		if segment.Hit {
			break
		}
		before += segment.Text
	}
	runes, at := []rune(text), utf8.RuneCountInString(before)
	from, until := max(0, at-around), min(len(runes), at+2*around)
	cut := string(runes[from:until])
	if from > 0 {
		cut = "…" + cut
	}
	if until < len(runes) {
		cut += "…"
	}
	return cut
}
