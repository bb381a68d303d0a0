package press

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"chancery/models"
)

// tools are a language's words, ready to be found.
type tools struct {
	lang                                                                                   *Language
	parties, cities, kinds, generic, signed, offices, bodies, occasions                    *lexicon
	events, happened, planned, denied, presence, onBehalf, both, earlier, said, portfolios *lexicon
	valid                                                                                  []validPhrase
	notKinds, notBodies, alone, drafts, articles, and, another, qualifiers                 map[string]bool
	counterpart, side, between, with, by, governments, honours, tail, years, styles        map[string]bool
}

func newTools(l *Language, names []models.PartyName) *tools {
	t := &tools{lang: l, parties: &lexicon{}, cities: &lexicon{}, kinds: labelled(l.Kinds), generic: plain(l.Generic), signed: labelled(l.Signed), offices: plain(listed(l.Offices)),
		bodies: plain(listed(l.Institutions)), occasions: labelled(l.Occasions), events: plain(listed(l.Events)), happened: plain(l.Happened), planned: plain(l.Planned), denied: plain(l.Denied),
		presence: plain(l.Presence), onBehalf: plain(l.OnBehalf), both: plain(l.Both), earlier: plain(l.Earlier), said: plain(l.Said), portfolios: plain(l.Portfolios), valid: validPhrases(l.Validity)}
	for _, set := range []struct {
		of   *map[string]bool
		list []string
	}{{&t.notKinds, l.NotKinds}, {&t.notBodies, l.NotInstitutions}, {&t.alone, l.Alone}, {&t.drafts, l.Drafts}, {&t.articles, l.Articles}, {&t.and, l.And}, {&t.another, l.Another}, {&t.qualifiers, l.Qualifiers},
		{&t.counterpart, l.Counterpart}, {&t.side, l.Side}, {&t.between, l.Between}, {&t.with, l.With}, {&t.by, l.By}, {&t.governments, l.Governments}, {&t.honours, l.Honours}, {&t.tail, l.OfficeTail}, {&t.years, l.Years}, {&t.styles, l.Styles}} {
		*set.of = map[string]bool{}
		for _, word := range set.list {
			(*set.of)[fold.Replace(word)] = true
		}
	}
	for line := range strings.Lines(l.Names) {
		code, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, name := range listed(list) {
			t.party(code, name)
		}
	}
	for _, n := range names {
		if len(n.Party) > 2 && n.Main { // organisations go by their abbreviation
			t.party(n.Party, n.Party)
		}
		if n.Language == l.Code || n.Language == "und" || n.Main && isUpper(n.Text) {
			t.party(n.Party, n.Text)
		}
	}
	for item := range strings.SplitSeq(strings.ReplaceAll(l.Demonyms, "\n", ";"), ";") {
		fields := strings.Fields(item)
		for _, stem := range fields[min(1, len(fields)):] {
			if l.Code != "en" {
				stem += "*"
			}
			var phrase []pattern
			for _, tok := range tokenise(stem) {
				phrase = append(phrase, wordPattern(tok.low))
			}
			t.parties.add(fields[0], adjective, stars(phrase))
		}
	}
	for item := range strings.SplitSeq(strings.ReplaceAll(l.Cities, "\n", ";"), ";") {
		code, list, _ := strings.Cut(strings.TrimSpace(item), " ")
		for _, name := range listed(list) {
			t.cities.add(code, name, t.inflected(name))
		}
	}
	return t
}

// adjective is the name of entries that are one: "Rwandan".
const adjective = "\x00adjective"

func (t *tools) party(code, name string) { t.parties.add(code, name, t.inflected(name)) }

// inflected is a name in all its forms.
func (t *tools) inflected(name string) (phrase []pattern) {
	tokens := tokenise(name)
	for i, tok := range tokens {
		p := pattern{text: tok.low}
		if tok.word && !isUpper(name) {
			p.forms = t.lang.Inflect(tok.low, i == len(tokens)-1)
			for k := range p.forms {
				p.forms[k] = fold.Replace(p.forms[k])
			}
		}
		phrase = append(phrase, p)
	}
	return phrase
}

func isUpper(text string) bool { return text == strings.ToUpper(text) && text != strings.ToLower(text) }

func firstRune(text string) (rune, int) { return utf8.DecodeRuneInString(text) }

// A mention is a party named in the text.
type mention struct {
	i, j      int // tokens
	code      string
	adjective bool
	city      bool
	name      string
}

// A kindMention is an instrument named in the text.
type kindMention struct {
	i, j    int
	kind    string // empty for "the document"
	count   int    // -1 several, 0 not said
	plural  bool
	draft   bool
	another bool
	nested  bool // part of another's title
	old     bool // came before
}

// A person is someone named in the text.
type person struct {
	i, j    int
	name    string
	party   string
	office  *Value
	from    int  // the token that office or name begins with
	pair    bool // one of two names after one office in the plural
	oblique bool
	surname bool // nothing but the surname
	counter bool // a counterpart of the one named before
	behalf  bool // signed for a side, by the text
}

// A body is an institution named in the text.
type body struct {
	i, j  int
	name  string
	party string
}

// An occasion is a meeting or a visit.
type occasion struct {
	i, j    int // with what it begins with: "on the sidelines of"
	name    int // where its name begins
	margins bool
	parties bool // a meeting between the parties themselves
}

// mark finds what stands in the text by the lists of words.
func (w *reading) mark() {
	t := w.tokens
	w.dates()
	w.findPeriods()
	for i := 0; i < len(t); {
		if !t[i].word && !t[i].number {
			i++
			continue
		}
		n := 1
		if e, k := w.tools.parties.at(t, i); k > 0 && w.named(e, i, k) {
			w.mentions = append(w.mentions, mention{i: w.styled(i, e), j: i + k, code: e.label, adjective: e.name == adjective, name: e.name})
			n = k
		} else if e, k := w.cities.at(t, i); k > 0 && t[i].cap && !w.forename(i, k) {
			w.mentions = append(w.mentions, mention{i: i, j: i + k, code: e.label, city: true, name: e.name})
			n = k
		}
		i += n
	}
	for i := 0; i < len(t); {
		e, n := w.kinds.at(t, i)
		g, m := w.generic.at(t, i)
		switch {
		case n > 0 && w.isKind(i, n):
			w.instruments = append(w.instruments, w.kindAt(i, n, e))
		case m > 0:
			n = m
			w.instruments = append(w.instruments, w.kindAt(i, n, entry{name: g.name}))
		default:
			n = 1
		}
		i += n
	}
	w.findBodies()
	w.findOccasions()
	w.findPeople()
}

// styled is where a party's name begins with what it calls itself: "the Arab Republic of Egypt".
func (w *reading) styled(i int, e entry) int {
	if e.name == adjective {
		return i
	}
	t := w.tokens
	k := i
	for k > 0 && (w.styles[t[k-1].low] && t[k-1].cap || k > 1 && t[k-1].low == "of" && w.styles[t[k-2].low] && t[k-2].cap || k > 2 && t[k-1].low == "the" && t[k-2].low == "of" && w.styles[t[k-3].low] && t[k-3].cap) {
		k--
	}
	if n := len(w.mentions); n > 0 && w.mentions[n-1].j > k {
		return i
	}
	return k
}

// forename tells of a town's name that it is somebody's: "Milan Petrović".
func (w *reading) forename(i, n int) bool {
	t := w.tokens
	if n != 1 || i+1 >= len(t) || !t[i+1].cap || !t[i+1].word || t[i+1].line || isUpper(t[i].text) || w.lang.Code == "de" && germanNoun(t[i+1].low) {
		return false
	}
	if i > 0 && w.placeAt(mention{i: i, j: i + 1}) {
		return false
	}
	for _, l := range []*lexicon{w.tools.parties, w.offices, w.kinds, w.bodies, w.signed} {
		if _, k := l.at(t, i+1); k > 0 {
			return false
		}
	}
	return w.lang.Months[t[i+1].low] == 0 && w.lang.Weekdays[t[i+1].low] == 0
}

// named tells whether words are a party's name, by their capitals.
func (w *reading) named(e entry, i, n int) bool {
	t := w.tokens[i : i+n]
	if e.name == adjective {
		if w.lang.Code == "en" {
			return t[0].cap
		}
		if i > 0 && w.tokens[i-1].text == "-" && !w.tokens[i-1].space && i > 1 && w.tokens[i-2].word && !t[0].cap {
			return true
		}
		return true
	}
	if isUpper(e.name) && utf8.RuneCountInString(e.name) < 6 {
		return isUpper(t[0].text)
	}
	return t[0].cap || strings.HasPrefix(e.name, "the ")
}

// isKind tells whether words name an instrument; in German nouns begin with a capital.
func (w *reading) isKind(i, n int) bool {
	t := w.tokens[i]
	if w.notKinds[t.low] {
		return false
	}
	if w.lang.Code == "de" {
		for k := i; k < i+n; k++ {
			if w.tokens[k].cap {
				return true
			}
		}
		return false
	}
	if w.lang.Code == "en" { // "plans to", "programs the", "deals with"
		if next := i + n; next < len(w.tokens) && (t.low == "plan" || t.low == "plans" || t.low == "deal" || t.low == "deals" || t.low == "contract") && w.tokens[next].low == "to" {
			return false
		}
	}
	return true
}

func (w *reading) kindAt(i, n int, e entry) kindMention {
	t := w.tokens
	k := kindMention{i: i, j: i + n, kind: e.label, plural: w.plural(t[i], e)}
	for b := i - 1; b >= 0 && b >= i-4 && (t[b].word || t[b].number || t[b].low == "-"); b-- {
		low := t[b].low
		if w.drafts[low] {
			k.draft = true
		}
		if count, ok := w.lang.Numbers[low]; ok {
			k.count = count
			if count == 0 {
				k.count = -1
			}
			k.plural = true
		}
		if w.another[low] && low != "also" && low != "также" && low != "auch" {
			k.another = true
		}
		if _, counted := w.lang.Numbers[low]; !counted && !w.drafts[low] && !w.qualifiers[low] && !w.articles[low] && !w.adjectival(b) && !w.partyAdjective(b) && low != "of" && low != "-" && !t[b].number {
			break
		}
	}
	return k
}

// plural tells whether a word for an instrument means several.
func (w *reading) plural(t token, e entry) bool {
	switch w.lang.Code {
	case "en":
		return t.low == "memoranda" || t.low == "treaties" || strings.HasSuffix(t.low, "s") && !strings.HasSuffix(t.low, "ss") && t.low != "notes" || t.low == "letters"
	case "de":
		return strings.HasSuffix(t.low, "verträge") || strings.HasSuffix(t.low, "verträgen") || strings.HasSuffix(t.low, "ungen") || strings.HasSuffix(t.low, "pläne") || strings.HasSuffix(t.low, "plänen") || strings.HasSuffix(t.low, "programme") || strings.HasSuffix(t.low, "programmen") ||
			strings.HasSuffix(t.low, "protokolle") || strings.HasSuffix(t.low, "dokumente") || strings.HasSuffix(t.low, "dokumenten") || strings.HasSuffix(t.low, "memoranden") || strings.HasSuffix(t.low, "memoranda") || strings.HasSuffix(t.low, "konventionen") || strings.HasSuffix(t.low, "papiere")
	case "ru":
		for _, end := range []string{"ы", "ов", "ами", "ах", "ам", "ия", "ий", "иями", "иях", "ей"} {
			if strings.HasSuffix(t.low, end) && t.low != "договоренности" && !strings.HasSuffix(t.low, "конвенция") && t.low != "хартия" {
				if end == "ы" && (t.low == "программы") || end == "ей" || end == "ия" && !strings.HasSuffix(t.low, "соглашения") {
					continue
				}
				return true
			}
		}
	}
	return false
}

// findBodies finds institutions, with the party that they are of.
func (w *reading) findBodies() {
	t := w.tokens
	for i := 0; i < len(t); i++ {
		if !t[i].word || w.notBodies[t[i].low] {
			continue
		}
		n := w.bodyAt(i)
		if n == 0 || w.inKind(i) || w.partyWord(i) {
			continue
		}
		b := body{i: i, j: i + n}
		switch w.lang.Code {
		case "en":
			if !w.englishBody(&b) {
				continue
			}
		case "de":
			if !t[i].cap {
				continue
			}
			w.germanBody(&b)
		default:
			w.russianBody(&b)
		}
		b.party = w.ownerOf(b.i, b.j)
		text := w.between2(b.i, b.j)
		if w.lang.Normal != nil {
			text = w.lang.Normal(text)
		}
		b.name = text
		w.institutions = append(w.institutions, b)
		i = b.j - 1
	}
}

// bodyAt is how many tokens name a kind of body; "Marat" is no "Rat".
func (w *reading) bodyAt(i int) int {
	low := w.tokens[i].low
	e, n := w.bodies.at(w.tokens, i)
	if n > 0 {
		if first := e.phrase[0]; first.pre && len(low) > len(first.text) && utf8.RuneCountInString(strings.TrimSuffix(low, first.text)) < 4 {
			return 0
		}
	}
	return n
}

func (w *reading) inKind(i int) bool {
	for _, k := range w.instruments {
		if k.i <= i && i < k.j {
			return true
		}
	}
	return false
}

// between2 is the text of tokens.
func (w *reading) between2(i, j int) string {
	if i >= j {
		return ""
	}
	return strings.Join(strings.Fields(w.text[w.tokens[i].start:w.tokens[j-1].end]), " ")
}

// mentionAt is the mention of a party that begins at a token.
func (w *reading) mentionAt(i int) (mention, bool) {
	k, ok := slices.BinarySearchFunc(w.mentions, i, func(m mention, i int) int { return m.i - i })
	if ok {
		return w.mentions[k], true
	}
	return mention{}, false
}

// mentionOver is the mention that a token is part of.
func (w *reading) mentionOver(i int) (mention, bool) {
	k, ok := slices.BinarySearchFunc(w.mentions, i, func(m mention, i int) int {
		if m.j <= i {
			return -1
		}
		if m.i > i {
			return 1
		}
		return 0
	})
	if ok {
		return w.mentions[k], true
	}
	return mention{}, false
}

// englishBody takes in the rest of a name: "Foreign, Commonwealth and Development Office", "Ministry of Foreign Affairs".
func (w *reading) englishBody(b *body) bool {
	t := w.tokens
	if !t[b.i].cap {
		return false
	}
	for b.i > 0 {
		k := b.i - 1
		if _, ok := w.mentionOver(k); ok || t[k].line && false {
			break
		}
		if t[k].cap && !w.articles[t[k].low] && w.sentenceOf(k) == w.sentenceOf(b.i) {
			if _, n := w.offices.at(t, k); n > 0 && !w.capitalInside(k) {
				break
			}
			b.i = k
			continue
		}
		if (t[k].low == "," || t[k].low == "and" || t[k].low == "&") && k > 0 && t[k-1].cap && k+1 < len(t) && t[k+1].cap && b.i > k && w.listOfNames(k) {
			b.i = k
			continue
		}
		break
	}
	for b.j < len(t) {
		k := b.j
		if _, ok := w.mentionOver(k); ok {
			break
		}
		switch {
		case t[k].cap && !t[k].line && w.sentenceOf(k) == w.sentenceOf(b.i):
			b.j++
		case (t[k].low == "of" || t[k].low == "for") && k+1 < len(t) && (t[k+1].cap || t[k+1].low == "the" && k+2 < len(t) && t[k+2].cap):
			m := k + 1
			if t[m].low == "the" {
				m++
			}
			if _, ok := w.mentionOver(m); ok {
				return true
			}
			b.j = m + 1
		case (t[k].low == "and" || t[k].low == "&" || t[k].text == ",") && k+1 < len(t) && t[k+1].cap && w.sameBody(k+1) && (w.matter(k+1) || k+2 < len(t) && t[k+2].cap && w.matter(k+2)):
			b.j += 2
		default:
			return true
		}
	}
	return true
}

func (w *reading) capitalInside(i int) bool { return false }

// listOfNames tells whether a comma or "and" before a body's last word is part of its name.
func (w *reading) listOfNames(k int) bool {
	t := w.tokens
	if k < 1 {
		return false
	}
	if _, ok := w.mentionOver(k - 1); ok {
		return false
	}
	if t[k].low == "," { // "Foreign, Commonwealth and Development Office": an "and" follows soon
		for m := k + 1; m < len(t) && m < k+4; m++ {
			if t[m].low == "and" {
				return true
			}
		}
		return false
	}
	n := w.bodyAt(k - 1)
	if n > 0 {
		return false
	}
	for b := k - 1; b >= 0 && t[b].cap; b-- {
		if n := w.bodyAt(b); n > 0 {
			return false
		}
		if _, n := w.offices.at(t, b); n > 0 {
			return false
		}
	}
	return w.inBodyBefore(k)
}

// inBodyBefore: "Ministry of Labour and Social Affairs" is one body, "Belarus and Development Bank" is not.
func (w *reading) inBodyBefore(k int) bool { return !w.articles[w.tokens[k+1].low] }

// matter tells whether a word is what a body is for, and not somebody's name.
func (w *reading) matter(i int) bool {
	_, n := w.portfolios.at(w.tokens, i)
	return n > 0 || ending(w.tokens[i].low, "ment", "tion", "ture", "ing", "ics", "ity", "ies", "ance", "ship", "ogy", "ment", "affairs")
}

// sameBody tells whether a capital after "and" goes on with a body's name: no other body, party or person begins there.
func (w *reading) sameBody(i int) bool {
	if _, ok := w.mentionOver(i); ok {
		return false
	}
	t := w.tokens
	for m := i; m < len(t) && m < i+4 && t[m].cap; m++ {
		if n := w.bodyAt(m); n > 0 {
			return false
		}
		if _, n := w.offices.at(t, m); n > 0 {
			return false
		}
		if _, ok := w.mentionOver(m); ok {
			return false
		}
	}
	return true
}

// germanBody takes in what follows: "Staatssekretariat des Sicherheitsrates", "Rat für Hochschulausbildung".
func (w *reading) germanBody(b *body) {
	t := w.tokens
	if k := b.i - 1; k >= 0 && t[k].cap && !w.begins(k) && !w.partyWord(k) && ending(t[k].low, "en", "er", "es", "e") && w.sentenceOf(k) == w.sentenceOf(b.i) && (t[k].low == "nationalen" || t[k].low == "nationaler" || t[k].low == "nationale" || t[k].low == "obersten" || t[k].low == "oberste" || ending(t[k].low, "ischen", "ische", "lichen", "liche", "alen", "ale")) {
		b.i = k // "Nationale Akademie"
	}
	for b.j < len(t) {
		k := b.j
		if _, ok := w.mentionOver(k); ok || w.inPeriod(k) {
			return
		}
		low := t[k].low
		switch {
		case low == "des" || low == "der" || low == "für" || low == "fur":
			m := k + 1
			for m < len(t) && t[m].word && !t[m].cap && m < k+3 && (w.articles[t[m].low] || strings.HasSuffix(t[m].low, "en") || strings.HasSuffix(t[m].low, "e") || strings.HasSuffix(t[m].low, "es")) {
				if _, ok := w.mentionOver(m); ok {
					return
				}
				m++
			}
			if m >= len(t) || !t[m].cap {
				return
			}
			if _, ok := w.mentionOver(m); ok {
				return
			}
			b.j = m + 1
		case low == "und" && k+1 < len(t) && t[k+1].cap && k > 0 && strings.HasSuffix(t[k-1].text, "-"):
			b.j = k + 2
		case (low == "und" || low == ",") && k+1 < len(t) && t[k+1].cap && b.j-b.i > 1 && w.sameBody(k+1) && !w.verbSoon(k+1):
			b.j = k + 2
		case t[k].text == "-" && !t[k].space && k+1 < len(t) && t[k+1].word:
			b.j = k + 2
		default:
			return
		}
	}
}

func (w *reading) verbSoon(i int) bool {
	for m := i; m < len(w.tokens) && m < i+3; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return true
		}
	}
	return false
}

// russianBody takes in what follows: "Министерство иностранных дел", "аппарат Совета безопасности".
func (w *reading) russianBody(b *body) {
	t := w.tokens
	for b.j < len(t) && b.j < b.i+9 {
		k := b.j
		if _, ok := w.mentionOver(k); ok {
			return
		}
		low := t[k].low
		switch {
		case low == "по" && k+1 < len(t):
			b.j = k + 2
		case low == "и" && k+1 < len(t) && t[k+1].word && !t[k+1].cap && genitive(t[k+1].low) && w.sameBody(k+1):
			if n := w.bodyAt(k + 1); n > 0 {
				return
			}
			b.j = k + 2
		case t[k].word && genitive(low) && !w.and[low]:
			if _, n := w.signed.at(t, k); n > 0 {
				return
			}
			if _, n := w.kinds.at(t, k); n > 0 {
				return
			}
			if t[k].cap && !w.bodyWord(k) {
				return
			}
			b.j++
		default:
			return
		}
	}
}

func (w *reading) bodyWord(k int) bool {
	return w.bodyAt(k) > 0
}

// genitive tells whether a Russian word can be in the genitive, as what follows a body's first word is.
func genitive(low string) bool {
	for _, end := range []string{"ы", "и", "а", "я", "ого", "его", "ой", "ей", "ых", "их", "ов", "ев", "ий", "ств", "ел", "дел", "наук"} {
		if strings.HasSuffix(low, end) {
			return utf8.RuneCountInString(low) > 2
		}
	}
	return false
}

// ownerOf is the party whose body or official stands at tokens: named right after ("of Rwanda"), or right before.
func (w *reading) ownerOf(i, j int) string {
	t := w.tokens
	for k := j; k < len(t) && k < j+4; k++ {
		if m, ok := w.mentionAt(k); ok && !m.city {
			return m.code
		}
		low := t[k].low
		if !(w.articles[low] || low == "of" || low == "von" || low == "republik" || low == "der" || low == "des" || low == "," && false) {
			break
		}
	}
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		if m, ok := w.mentionOver(k); ok && !m.city && w.attributive(m) {
			return m.code
		}
		if !t[k].word || w.and[t[k].low] {
			break
		}
		if w.articles[t[k].low] {
			break
		}
	}
	if w.lang.Code == "en" && i > 0 { // "Rwanda's Ministry", "Belarus Ministry"
		if m, ok := w.mentionOver(i - 1); ok && !m.city {
			return m.code
		}
	}
	return ""
}

// attributive tells whether a mention can stand before what it is of: an adjective, or a name in the possessive.
func (w *reading) attributive(m mention) bool {
	last := w.tokens[m.j-1].low
	return m.adjective || strings.HasSuffix(last, "'s") || strings.HasSuffix(last, "s") && w.lang.Code == "de"
}

// findOccasions finds meetings and visits, by what they begin with and what they are.
func (w *reading) findOccasions() {
	t := w.tokens
	for i := 0; i < len(t); i++ {
		e, n := w.occasions.at(t, i)
		if n == 0 {
			continue
		}
		sentence := w.sentenceOf(i)
		j, event := i+n, -1
		for j < len(t) && j < i+n+10 && w.sentenceOf(j) == sentence {
			if t[j].text == "," || t[j].text == ";" || t[j].text == ":" || t[j].text == "(" || t[j].text == ")" {
				break
			}
			if _, k := w.signed.at(t, j); k > 0 {
				if !w.signingEvent(j) {
					break
				}
			}
			if _, k := w.events.at(t, j); k > 0 {
				event = j + k
				break
			}
			j++
		}
		if event < 0 {
			continue
		}
		o := occasion{i: i, j: event, name: i + n, margins: e.label == "margins"}
		if w.signingWords(o.name, event) {
			continue
		}
		for o.name < event-1 && w.articles[t[o.name].low] {
			o.name++
		}
		// what it is of: "of the secretaries of the security councils of the CIS states in Moscow"
		visit := ending(t[event-1].low, "visit", "besuch", "besuchs", "besuches") || strings.HasPrefix(t[event-1].low, "визит")
		for o.j < len(t) && w.sentenceOf(o.j) == sentence && o.j < event+30 {
			low := t[o.j].low
			if !t[o.j].word && t[o.j].text != "-" && !(visit && t[o.j].text == ",") || w.stops(o.j) {
				break
			}
			if w.between[low] || w.with[low] && w.lang.Code != "ru" {
				o.parties = true
				break
			}
			o.j++
		}
		for o.j > event && t[o.j-1].text == "," {
			o.j--
		}
		w.occurred = append(w.occurred, o)
		i = o.j - 1
	}
}

func (w *reading) signingEvent(i int) bool {
	e, _ := w.signed.at(w.tokens, i)
	return e.label == "event"
}

// signingWords tells whether an occasion is the signing itself.
func (w *reading) signingWords(i, j int) bool {
	for ; i < j; i++ {
		if e, n := w.signed.at(w.tokens, i); n > 0 && e.label == "event" {
			return true
		}
	}
	return false
}

// stops tells whether what an occasion is of ends before a token: at a verb, a conjunction, or a place.
func (w *reading) stops(i int) bool {
	low := w.tokens[i].low
	if _, n := w.signed.at(w.tokens, i); n > 0 {
		return true
	}
	if slices.Contains(w.lang.Subjects, low) {
		return true
	}
	if m, ok := w.mentionAt(i); ok && w.lang.Code == "ru" && !m.adjective && !m.city && fold.Replace(strings.ToLower(m.name)) == low && !isUpper(m.name) {
		return true // in the nominative: the sentence's subject
	}
	switch w.lang.Code {
	case "en":
		return slices.Contains([]string{"in", "on", "at", "by", "was", "were", "has", "have", "is", "that", "which", "where", "who", "held", "to"}, low)
	case "de":
		return slices.Contains([]string{"in", "am", "im", "wurde", "wurden", "haben", "hat", "statt", "ist", "sind", "an"}, low)
	}
	return slices.Contains([]string{"в", "на", "был", "была", "было", "были", "который", "которая", "которое", "состоялось"}, low)
}

// An unknown capital word can be a name.
func (w *reading) nameWord(i int) bool {
	t := w.tokens[i]
	if !t.word || !t.cap {
		return false
	}
	if utf8.RuneCountInString(t.text) == 1 {
		return false
	}
	if utf8.RuneCountInString(t.text) > 1 && isUpper(t.text) && utf8.RuneCountInString(t.text) < 6 {
		return false // BelTA's sisters: MID, GUS, OSCE
	}
	if w.known[i] {
		return false
	}
	return true
}

var particles = map[string]bool{"von": true, "van": true, "der": true, "de": true, "al": true, "el": true, "bin": true, "ibn": true, "bint": true, "da": true, "di": true, "du": true, "dos": true, "ben": true, "zu": true, "aus": true, "dem": true, "den": true, "оглы": true, "кызы": true, "аль": true, "бен": true, "ибн": true, "bin-": true, "ould": true, "ter": true, "zur": true, "y": true, "e": true}

func upperFirst(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}
