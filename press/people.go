package press

import (
	"strings"
	"unicode/utf8"
)

// findPeople finds names of persons: words with capitals that are nothing else, by
// the office beside them.
func (w *names) findPeople() {
	full := map[string]string{}
	w.known = w.knownWords(full)
	w.namesIn(full)
	w.people = w.people[:0]
	w.known = w.knownWords(full)
	w.namesIn(full)
	w.pairUp()
	w.resolve(full)
}

// namesIn reads the names once; a surname alone counts for one where full knows it
// already.
func (w *names) namesIn(full map[string]string) {
	t := w.tokens
	for i := 0; i < len(t); {
		if !w.nameWord(i) {
			i++
			continue
		}
		j := w.nameEnd(i)
		p := person{i: i, j: j, from: i}
		w.officeOf(&p)
		count := 0
		for k := i; k < j; k++ {
			if w.nameWord(k) && !(k > i && t[k-1].text == "-") {
				count++
			}
		}
		if !w.isName(p, count, full) {
			i = j
			continue
		}
		p.name = strings.TrimSuffix(strings.TrimSuffix(w.words(i, j), "'s"), "’s")
		if w.lang.Person != nil {
			parts := strings.Fields(p.name)
			nominative, oblique := w.lang.Person(parts)
			p.oblique = oblique
			p.name = strings.Join(nominative, " ")
		}
		p.surname = count == 1
		if count > 1 {
			parts := strings.Fields(p.name)
			if key := stemOf(parts[len(parts)-1]); full[key] == "" {
				full[key] = p.name
			}
		}
		w.people = append(w.people, p)
		i = j
	}
}

// isName tells whether so many words with a capital are somebody's name, by what
// stands beside them and by who is known already.
func (w *names) isName(p person, count int, full map[string]string) bool {
	t := w.tokens
	if p.j < len(t) && w.kindHere(p.j) { // "the Falepili Union treaty"
		return false
	}
	seen := w.seen(full, p)
	if count == 1 && p.i > 0 && (w.by[t[p.i-1].low] || w.tail[t[p.i-1].low]) && !seen { // "the director of Rosatom"
		return false
	}
	if count > 5 {
		return false
	}
	if w.titled(p) || seen {
		return true
	}
	return count > 1 && (w.agent(p) || w.joinedOn(p) || w.forASide(p))
}

// stemOf is what is the same in the forms of a surname.
func stemOf(surname string) string {
	low := fold.Replace(strings.ToLower(surname))
	low = strings.TrimSuffix(strings.TrimSuffix(low, "'s"), "'")
	runes := []rune(low)
	if len(runes) > 5 {
		runes = runes[:max(4, len(runes)-3)]
	}
	return string(runes)
}

// seen tells whether somebody of a surname was named in full.
func (w *names) seen(full map[string]string, p person) bool {
	return full[stemOf(w.tokens[p.j-1].text)] != ""
}

// forASide tells whether a name follows the side that it signs for: "со стороны
// Турции — …".
func (w *names) forASide(p person) bool {
	for k := max(w.sentences[w.sentenceOf(p.i)].i, p.i-5); k < p.i; k++ {
		if _, n := w.onBehalf.at(w.tokens, k); n > 0 && w.behalfOf(k+n) != "" {
			return true
		}
	}
	return false
}

// joinedOn tells whether a name follows another by "and".
func (w *names) joinedOn(p person) bool {
	n := len(w.people)
	return n > 0 && w.people[n-1].j == p.i-1 && (w.and[w.tokens[p.i-1].low] || w.tokens[p.i-1].text == ",")
}

// agent tells whether a name without an office stands right by a verb of signing.
func (w *names) agent(p person) bool {
	if w.lang.Nouns && p.j > p.i+1 && particles[w.tokens[p.i+1].low] {
		return false // "Paket von Dokumenten"
	}
	for k := p.i - 1; k >= w.sentences[w.sentenceOf(p.i)].i && k > p.i-9; k-- {
		if w.isVerb(k) {
			break
		}
		if w.between[w.tokens[k].low] { // "between North Sinai and …"
			return false
		}
	}
	for k := max(0, p.i-3); k < p.i; k++ {
		if w.isVerb(k) || w.by[w.tokens[k].low] && !w.with[w.tokens[k].low] {
			return true
		}
	}
	for k := p.j; k < len(w.tokens) && k < p.j+3; k++ {
		if _, n := w.signed.at(w.tokens, k); n > 0 {
			return true
		}
	}
	return false
}

// titled tells whether an office or a form of address stands beside a name.
func (w *names) titled(p person) bool {
	return p.office != nil || p.counter || p.i > 0 && w.honours[w.tokens[p.i-1].low]
}

// knownWords tells of each token whether it is part of something that is no name.
func (w *names) knownWords(full map[string]string) []bool {
	t := w.tokens
	known := make([]bool, len(t))
	set := func(i, j int) {
		for ; i < j && i < len(t); i++ {
			known[i] = true
		}
	}
	setAll(w.mentions, set)
	setAll(w.instruments, set)
	setAll(w.institutions, set)
	setAll(w.dated, set)
	for i := range t {
		if !t[i].word || known[i] {
			continue
		}
		for _, l := range []*lexicon{w.offices, w.portfolios, w.events, w.signed, w.happened, w.both, w.onBehalf,
			w.presence} {
			if _, n := l.at(t, i); n > 0 {
				set(i, i+n)
			}
		}
		set(i, i+w.bodyAt(i))
		low := t[i].low
		known[i] = known[i] || w.smallWord(low) || w.monthAt(i) || w.common(low)
		if w.regions[low] { // "Gebiets Nowgorod", "Новгородской области"
			known[i] = true
			if w.lang.Nouns {
				set(i+1, i+2)
			} else if i > 0 {
				known[i-1] = true
			}
		}
		if w.begins(i) && !w.nextIsName(i) && full[stemOf(low)] == "" {
			known[i] = true
		}
	}
	return known
}

// setAll marks the tokens of all things of a kind.
func setAll[T interface{ span() (i, j int) }](list []T, set func(i, j int)) {
	for _, x := range list {
		set(x.span())
	}
}

// nextIsName tells whether a word with a capital follows.
func (w *names) nextIsName(i int) bool {
	return i+1 < len(w.tokens) && w.tokens[i+1].cap && w.tokens[i+1].word
}

// nameEnd is where a name ends that begins at a token.
func (w *names) nameEnd(i int) int {
	t := w.tokens
	j := i + 1
	for j < len(t) && !t[j].blank {
		switch {
		case w.nameWord(j) && !t[j].line:
			j++
		case t[j].text == "-" && !t[j].space && j+1 < len(t) && !t[j+1].space && t[j+1].word:
			j += 2
		case w.particle(j):
			j += 2
		case t[j].word && t[j].cap && len([]rune(t[j].text)) == 1 && j+1 < len(t) && t[j+1].text == ".": // J. R.
			j += 2
		case (t[j].low == "оглы" || t[j].low == "кызы"):
			j++
		default:
			return j
		}
	}
	return j
}

// particle tells whether a small word belongs to the name that goes on after it:
// "van der Bellen".
func (w *names) particle(j int) bool {
	t := w.tokens
	if !particles[t[j].low] || j+1 >= len(t) || !t[j].space || w.and[t[j].low] {
		return false
	}
	if w.articles[t[j].low] && !particles[t[j-1].low] {
		return false
	}
	return w.nameWord(j+1) || particles[t[j+1].low] && j+2 < len(t) && w.nameWord(j+2)
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

// An unknown capital word can be a name.
func (w *names) nameWord(i int) bool {
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

// Names are the people of a text, with their offices and sides.
type names struct {
	marks
	people []person
	known  []bool // tokens that are no names
}

// inOffice tells whether a body is only part of somebody's office: "Secretary of
// the Security Council".
func (w *names) inOffice(b body) bool {
	for _, p := range w.people {
		if p.from <= b.i && b.j <= p.i || p.office != nil && p.office.Start <= w.tokens[b.i].start &&
			w.tokens[b.j-1].end <= p.office.End {
			return true
		}
	}
	for k := b.i - 1; k >= 0 && k >= b.i-4; k-- {
		if _, n := w.offices.at(w.tokens, k); n > 0 && k+n <= b.i && w.noun(k) {
			return true
		}
		low := w.tokens[k].low
		if !w.articles[low] && !w.tail[low] && !w.partyWord(k) {
			return false
		}
	}
	return false
}
