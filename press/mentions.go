package press

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

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

// styled is where a party's name begins with what it calls itself: "the Arab
// Republic of Egypt".
func (w *marks) styled(i int, e entry) int {
	if e.name == adjective {
		return i
	}
	k := i
	for w.styleBefore(k) {
		k--
	}
	if n := len(w.mentions); n > 0 && w.mentions[n-1].j > k {
		return i
	}
	return k
}

// styleBefore tells whether the word before a token belongs to a style: "Republic",
// "Republic of", "Republic of the".
func (w *marks) styleBefore(k int) bool {
	t := w.tokens
	style := func(k int) bool { return k >= 0 && w.styles[t[k].low] && t[k].cap }
	word := func(k int, low string) bool { return k >= 0 && t[k].low == low }
	return style(k-1) || word(k-1, "of") && style(k-2) || word(k-1, "the") && word(k-2, "of") && style(k-3)
}

// forename tells of a town's name that it is somebody's: "Milan Petrović".
func (w *marks) forename(i, n int) bool {
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
func (w *marks) named(e entry, i, n int) bool {
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
func (w *marks) isKind(i, n int) bool {
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

// kindAt reads what leads up to an instrument: how many there are, whether it is a
// draft, or another one.
func (w *marks) kindAt(i, n int, e entry) kindMention {
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

// inKind tells whether a token is part of a word for an instrument.
func (w *marks) inKind(i int) bool {
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

// mentionAt is the mention of a party that begins at a token.
func (w *marks) mentionAt(i int) (mention, bool) {
	k, ok := slices.BinarySearchFunc(w.mentions, i, func(m mention, i int) int { return m.i - i })
	if ok {
		return w.mentions[k], true
	}
	return mention{}, false
}

// mentionOver is the mention that a token is part of.
func (w *marks) mentionOver(i int) (mention, bool) { return over(w.mentions, i) }

// A grammar is how a language writes what cannot be said by lists of words.
type grammar struct {
	// body takes in the whole name of a body of which one word was found; false if it
	// is none.
	body func(w *marks, b *body) bool
	// described tells whether a participle only describes an instrument: "das 2010
	// unterzeichnete Abkommen".
	described func(w *marks, i, n int) bool
}

// Marks are what stands in a text by the lists of words: parties, instruments,
// bodies, meetings, validities.
type marks struct {
	page
	grammar
	mentions     []mention
	instruments  []kindMention
	institutions []body
	occurred     []occasion
	periods      []period
	onlookers    []bool // tokens that tell of who looked on
}

// placeAt tells whether a town is named as a place: "in Minsk".
func (w *marks) placeAt(m mention) bool {
	if m.i == 0 {
		return false
	}
	_, n := w.town.at(w.tokens, max(0, m.i-2))
	return w.in[w.tokens[m.i-1].low] || n > 1 || w.townWord(m.i-1)
}

// locative tells whether a country is named as a place: "in Belarus", "nach
// Russland".
func (w *marks) locative(m mention) bool {
	if m.adjective || m.i == 0 {
		return false
	}
	if m.i > 1 && w.tokens[m.i-1].text == "(" {
		if town, ok := w.mentionOver(m.i - 2); ok && town.city { // "in Bratislava (Slovakia)"
			return true
		}
	}
	k := m.i - 1
	for k > 0 && w.articles[w.tokens[k].low] {
		k--
	}
	return w.in[w.tokens[k].low] || w.towards[w.tokens[k].low]
}

// at tells whether a name follows "at": "at the United Nations headquarters".
func (w *marks) at(i int) bool {
	for i > 0 && w.articles[w.tokens[i-1].low] {
		i--
	}
	return i > 0 && w.in[w.tokens[i-1].low]
}

func (w *marks) dateline(i int, s sentence) bool { return !s.headline && i < s.i+2 }

// lookingOn tells whether a token is in a phrase of presence: "in the presence of
// …", up to the next verb.
func (w *marks) lookingOn(i int) bool {
	if w.onlookers == nil {
		w.onlookers = make([]bool, len(w.tokens))
		for _, s := range w.sentences {
			w.markOnlookers(s)
		}
	}
	return w.onlookers[i]
}

// markOnlookers marks who a sentence says looked on, up to the next verb.
func (w *marks) markOnlookers(s sentence) {
	t := w.tokens
	for k := s.i; k < s.j; k++ {
		e, n := w.presence.at(t, k)
		if n == 0 || n == 1 && w.isPast(e) {
			continue
		}
		for k += n; k < s.j && !w.isVerb(k) && t[k].text != ";" && !slices.Contains(w.lang.Auxiliaries, t[k].low); k++ {
			w.onlookers[k] = true
		}
	}
}

// masked tells whether a token is inside of an occasion, or of who only looked on.
func (w *marks) masked(i int) bool {
	return w.inOccasionName(i) || w.lookingOn(i)
}

// inPeriod tells whether a token is part of a validity; a whole day only where
// that ends on it.
func (w *marks) inPeriod(i int) bool {
	p, ok := over(w.periods, i)
	if !ok {
		return false
	}
	if d, dated := w.dateAt(i); dated && len(d.value) == 10 {
		return strings.HasPrefix(p.value, "../")
	}
	return true
}

// topic tells whether a mention is part of what an agreement is about.
func (w *marks) topic(i, at int) bool {
	for k := i; k < at; k++ {
		switch low := w.tokens[k].low; {
		case w.about[low]:
			return !w.withBefore(k, at)
		case low == ",", low == ";", w.with[low]:
			return false
		}
	}
	return false
}

// withBefore tells whether a side is named before a token.
func (w *marks) withBefore(i, at int) bool {
	for k := i; k < at; k++ {
		if w.with[w.tokens[k].low] || w.between[w.tokens[k].low] || w.by[w.tokens[k].low] || w.tokens[k].text == "," {
			return true
		}
		if _, n := w.signed.at(w.tokens, k); n > 0 {
			return true
		}
	}
	return false
}

// after are the parties from a token on that are sides: "between the Ministry … of
// A and the Council of B on …".
func (w *marks) after(i, end int) (ms []mention) {
	t := w.tokens
	joined := false
	for k := i; k < end; k++ {
		if e, n := w.signed.at(t, k); n > 0 && e.label != "event" {
			break
		}
		if w.and[t[k].low] || t[k].text == "," {
			joined = true
		}
		if t[k].text == ";" || t[k].text == ":" {
			break
		}
		if len(ms) >= 2 && w.topicWord(k) {
			break
		}
		m, ok := w.mentionAt(k)
		if !ok || w.locative(m) || m.city && (len(ms) >= 2 || w.placeAt(m)) {
			continue
		}
		if len(ms) >= 2 && k > ms[len(ms)-1].j+6 {
			break
		}
		ms = append(ms, m)
	}
	if !joined {
		return nil
	}
	return ms
}

// adjectivesBefore are the parties whose adjectives lead up to an instrument: "the
// Belarusian-Russian agreement".
func (w *marks) adjectivesBefore(kind int, s sentence) (before []mention) {
	t := w.tokens
	for k := kind - 1; k >= s.i && k > kind-9; k-- {
		if m, ok := w.mentionOver(k); ok && m.adjective {
			before = append([]mention{m}, before...)
			k = m.i
			continue
		}
		joins := t[k].text == "-" || w.and[t[k].low] && len(before) > 0
		if !joins && !w.qualifiers[t[k].low] && !w.adjectival(k) {
			break
		}
	}
	return before
}

// distinct is how many parties are mentioned.
func distinct(ms []mention) int {
	seen := map[string]bool{}
	for _, m := range ms {
		seen[m.code] = true
	}
	return len(seen)
}

// partyWord tells whether a token is part of a party's name.
func (w *marks) partyWord(i int) bool { _, ok := w.mentionOver(i); return ok }

// kindHere tells whether a word for an instrument begins at a token.
func (w *marks) kindHere(i int) bool {
	k, ok := over(w.instruments, i)
	return ok && k.i == i
}

// partyAdjective tells whether a token is what comes from a party: "Belarusian".
func (w *marks) partyAdjective(i int) bool {
	m, ok := w.mentionOver(i)
	return ok && (m.adjective || w.lang.Bare)
}

// adjectival tells whether a word before an instrument only describes it.
func (w *marks) adjectival(i int) bool {
	t := w.tokens[i]
	if !t.word || w.and[t.low] || t.cap && w.lang.Nouns {
		return false
	}
	_, n := w.signed.at(w.tokens, i)
	return n == 0 && w.lang.Adjective(t.low)
}

// beforeKind tells whether a token before an instrument only leads up to it.
func (w *marks) beforeKind(b int) bool {
	t := w.tokens[b]
	switch t.text {
	case "«", "„", "“", "\"":
		return true
	}
	return w.qualifiers[t.low] || w.articles[t.low] || t.number || t.low == "-" && !t.space ||
		w.lang.Numbers[t.low] != 0 ||
		w.partyAdjective(b) || w.adjectival(b) && !slices.Contains(w.lang.Under, t.low)
}

// parts tells whether a token parts what stands beside it.
func (w *marks) parts(b int) bool {
	switch w.tokens[b].text {
	case ",", ";", ":", "(", ")":
		return true
	}
	return w.and[w.tokens[b].low] || w.item(b)
}
