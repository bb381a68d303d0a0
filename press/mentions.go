package press

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"chancery/models"
)

// tools are a language's words, ready to be found.
type tools struct {
	lang *Language
	parties, cities, kinds, generic, signed, offices, bodies,
	occasions *lexicon
	events, happened, planned, denied, presence, onBehalf, both, earlier, said, portfolios, underAlone, firms, managers,
	ministries, levels, town, vague, heads *lexicon
	valid []validPhrase
	notKinds, notBodies, alone, drafts, articles, and, another,
	qualifiers map[string]bool
	counterpart, side, between, with, by, governments, honours, tail, years, styles, in, about, towards,
	regions map[string]bool
}

func newTools(l *Language, names []models.PartyName) *tools {
	t := &tools{lang: l, parties: &lexicon{}, cities: &lexicon{}, kinds: labelled(l.Kinds), generic: plain(l.Generic),
		signed: labelled(l.Signed), offices: plain(listed(l.Offices)),
		bodies: plain(listed(l.Institutions)), occasions: labelled(l.Occasions), events: plain(listed(l.Events)),
		happened: plain(l.Happened), planned: plain(l.Planned), denied: plain(l.Denied),
		presence: plain(l.Presence), onBehalf: plain(l.OnBehalf), both: plain(l.Both), earlier: plain(l.Earlier),
		said: plain(l.Said), portfolios: plain(l.Portfolios), underAlone: plain(l.UnderAlone), firms: plain(l.Firms),
		managers: plain(l.Managers), ministries: plain(l.Ministries), levels: labelled(l.Levels), town: plain(l.Town),
		vague: plain(l.Vague), heads: plain(l.Heads), valid: validPhrases(l.Validity)}
	for _, set := range []struct {
		of   *map[string]bool
		list []string
	}{{&t.notKinds, l.NotKinds}, {&t.notBodies, l.NotInstitutions}, {&t.alone, l.Alone}, {&t.drafts, l.Drafts},
		{&t.articles, l.Articles}, {&t.and, l.And}, {&t.another, l.Another}, {&t.qualifiers, l.Qualifiers},
		{&t.counterpart, l.Counterpart}, {&t.side, l.Side}, {&t.between, l.Between}, {&t.with, l.With}, {&t.by, l.By},
		{&t.governments, l.Governments}, {&t.honours, l.Honours}, {&t.tail, l.OfficeTail}, {&t.years, l.Years},
		{&t.styles, l.Styles}, {&t.in, l.In}, {&t.about, l.On}, {&t.towards, l.Towards}, {&t.regions, l.Regions}} {
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
	until   int  // where an office that follows the name ends
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

	office bool // only part of somebody's office: "Secretary of the Security Council"
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
			w.mentions = append(w.mentions, mention{i: w.styled(i, e), j: i + k, code: e.label, adjective: e.name == adjective,
				name: e.name})
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
	for k := range w.institutions {
		w.institutions[k].office = w.inOffice(w.institutions[k])
	}
}

// styled is where a party's name begins with what it calls itself: "the Arab
// Republic of Egypt".
func (w *reading) styled(i int, e entry) int {
	if e.name == adjective {
		return i
	}
	t := w.tokens
	k := i
	for k > 0 && (w.styles[t[k-1].low] && t[k-1].cap || k > 1 && t[k-1].low == "of" && w.styles[t[k-2].low] &&
		t[k-2].cap || k > 2 && t[k-1].low == "the" && t[k-2].low == "of" && w.styles[t[k-3].low] && t[k-3].cap) {
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
	if n != 1 || i+1 >= len(t) || !t[i+1].cap || !t[i+1].word || t[i+1].line || isUpper(t[i].text) ||
		w.common(t[i+1].low) {
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
		return t[0].cap || !w.lang.Bare
	}
	if isUpper(e.name) && utf8.RuneCountInString(e.name) < 6 {
		return isUpper(t[0].text)
	}
	return t[0].cap || strings.HasPrefix(e.name, "the ")
}

// isKind tells whether words name an instrument; in German nouns begin with a
// capital.
func (w *reading) isKind(i, n int) bool {
	t := w.tokens[i]
	if w.notKinds[t.low] {
		return false
	}
	if next := i + n; next < len(w.tokens) && slices.Contains(w.lang.Verbal, w.tokens[next].low) && n == 1 {
		return false
	}
	for k := i; k < i+n; k++ {
		if w.noun(k) {
			return true
		}
	}
	return false
}

func (w *reading) kindAt(i, n int, e entry) kindMention {
	t := w.tokens
	k := kindMention{i: i, j: i + n, kind: e.label, plural: w.lang.Plural(t[i].low)}
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
		k.another = k.another || w.another[low]
		if _, counted := w.lang.Numbers[low]; !counted && !w.drafts[low] && !w.qualifiers[low] && !w.articles[low] &&
			!w.adjectival(b) && !w.partyAdjective(b) && low != "of" && low != "-" && !t[b].number {
			break
		}
	}
	return k
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
		if !w.noun(i) || !w.lang.Body(w, &b) {
			continue
		}
		b.party = w.ownerOf(b.i, b.j)
		text := w.words(b.i, b.j)
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
		if first := e.phrase[0]; first.pre && len(low) > len(first.text) &&
			utf8.RuneCountInString(strings.TrimSuffix(low, first.text)) < 4 {
			return 0
		}
	}
	return n
}

func (w *reading) inKind(i int) bool {
	_, ok := over(w.instruments, i)
	return ok
}

// over finds what a token is part of, in a list by the order of the text.
func over[T interface{ span() (i, j int) }](list []T, at int) (found T, ok bool) {
	k := sort.Search(len(list), func(k int) bool { _, j := list[k].span(); return j > at })
	if k == len(list) {
		return found, false
	}
	i, _ := list[k].span()
	return list[k], i <= at
}

func (m mention) span() (int, int)     { return m.i, m.j }
func (d dateMention) span() (int, int) { return d.i, d.j }
func (k kindMention) span() (int, int) { return k.i, k.j }
func (b body) span() (int, int)        { return b.i, b.j }
func (o occasion) span() (int, int)    { return o.i, o.j }
func (p period) span() (int, int)      { return p.i, p.j }

// words is the text of tokens.
func (w *reading) words(i, j int) string {
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
func (w *reading) mentionOver(i int) (mention, bool) { return over(w.mentions, i) }

// sameBody tells whether a capital after "and" goes on with a body's name: no other
// body, party or person begins there.
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

// ownerOf is the party whose body or official stands at tokens: named right after
// ("of Rwanda"), or right before.
func (w *reading) ownerOf(i, j int) string {
	t := w.tokens
	for k := j; k < len(t) && k < j+4; k++ {
		if m, ok := w.mentionAt(k); ok && !m.city {
			return m.code
		}
		if low := t[k].low; !w.articles[low] && !slices.Contains([]string{"of", "von", "republik", "der", "des"}, low) {
			break
		}
	}
	for k := i - 1; k >= w.sentences[w.sentenceOf(i)].i && k >= i-4; k-- {
		if m, ok := w.mentionOver(k); ok && !m.city && w.attributive(m) {
			return m.code
		}
		if !t[k].word || w.and[t[k].low] || w.articles[t[k].low] {
			break
		}
	}
	if w.lang.Bare && i > 0 { // "Rwanda's Ministry", "Belarus Ministry"
		if m, ok := w.mentionOver(i - 1); ok && !m.city {
			return m.code
		}
	}
	return ""
}

// attributive tells whether a mention can stand before what it is of: an adjective,
// or a name in the possessive.
func (w *reading) attributive(m mention) bool {
	last := w.tokens[m.j-1].low
	return m.adjective || strings.HasSuffix(last, "'s") || strings.HasSuffix(last, "s") && w.lang.Nouns
}

// findOccasions finds meetings and visits, by what they begin with and what they
// are.
func (w *reading) findOccasions() {
	for i := 0; i < len(w.tokens); i++ {
		e, n := w.occasions.at(w.tokens, i)
		if n == 0 {
			continue
		}
		event := w.eventAfter(i, n)
		if event < 0 || w.signingWords(i+n, event) {
			continue
		}
		o := occasion{i: i, j: event, name: i + n, margins: e.label == "margins"}
		for o.name < event-1 && w.articles[w.tokens[o.name].low] {
			o.name++
		}
		w.occasionOf(&o, event)
		w.occurred = append(w.occurred, o)
		i = o.j - 1
	}
}

// eventAfter is where the word ends that says what an occasion is, soon after what
// it begins with; -1 when none does.
func (w *reading) eventAfter(i, n int) int {
	t, sentence := w.tokens, w.sentenceOf(i)
	for j := i + n; j < len(t) && j < i+n+10 && w.sentenceOf(j) == sentence; j++ {
		switch t[j].text {
		case ",", ";", ":", "(", ")":
			return -1
		}
		if _, k := w.signed.at(t, j); k > 0 && !w.signingEvent(j) {
			return -1
		}
		if _, k := w.events.at(t, j); k > 0 {
			return j + k
		}
	}
	return -1
}

// occasionOf takes in what an occasion is of: "of the secretaries of the security
// councils of the CIS states in Moscow".
func (w *reading) occasionOf(o *occasion, event int) {
	t, sentence := w.tokens, w.sentenceOf(o.i)
	visit := ending(t[event-1].low, "visit", "besuch", "besuchs", "besuches") || strings.HasPrefix(t[event-1].low, "визит")
	for o.j < len(t) && w.sentenceOf(o.j) == sentence && o.j < event+30 {
		low := t[o.j].low
		if !t[o.j].word && t[o.j].text != "-" && !(visit && t[o.j].text == ",") || w.stops(o.j) {
			break
		}
		if w.between[low] || w.with[low] && !w.by[low] {
			o.parties = true
			break
		}
		o.j++
	}
	for o.j > event && t[o.j-1].text == "," {
		o.j--
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

// stops tells whether what an occasion is of ends before a token: at a verb, a
// conjunction, or a place.
func (w *reading) stops(i int) bool {
	low := w.tokens[i].low
	if _, n := w.signed.at(w.tokens, i); n > 0 {
		return true
	}
	if slices.Contains(w.lang.Subjects, low) {
		return true
	}
	if m, ok := w.mentionAt(i); ok && w.lang.Cases && !m.adjective && !m.city &&
		fold.Replace(strings.ToLower(m.name)) == low && !isUpper(m.name) {
		return true // in the nominative: the sentence's subject
	}
	return slices.Contains(w.lang.OccasionEnds, low)
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

var particles = map[string]bool{"von": true, "van": true, "der": true, "de": true, "al": true, "el": true, "bin": true,
	"ibn": true, "bint": true, "da": true, "di": true, "du": true, "dos": true, "ben": true, "zu": true, "aus": true,
	"dem": true, "den": true, "оглы": true, "кызы": true, "аль": true, "бен": true, "ибн": true, "bin-": true,
	"ould": true, "ter": true, "zur": true, "y": true, "e": true}

func upperFirst(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// common tells whether a word with a capital is no name.
func (w *reading) common(low string) bool { return w.lang.Noun != nil && w.lang.Noun(low) }
