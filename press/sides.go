package press

import (
	"slices"
	"strings"
)

// sideOf is the party of an office.
func (w *names) sideOf(i, j int) string {
	t := w.tokens
	if m, ok := w.mentionAt(i); ok && i > 0 { // "österreichischer Bundesminister"
		if before, ok := w.mentionOver(i - 1); ok && before.adjective && before.code != m.code {
			return before.code
		}
	}
	for k := i; k < j; k++ {
		if m, ok := w.mentionAt(k); ok && !m.city {
			return m.code
		}
	}
	for k := i - 1; k >= w.sentences[w.sentenceOf(i)].i && k >= i-4; k-- {
		if m, ok := w.mentionOver(k); ok && !m.city {
			return m.code
		}
		if t[k].text == "," || w.and[t[k].low] || t[k].text == ";" {
			break
		}
	}
	return ""
}

// pairUp shares out sides that a list names for a list of persons: "the ministers
// of A and B, N and M".
func (w *names) pairUp() {
	for k := 0; k+1 < len(w.people); k++ {
		p, q := &w.people[k], &w.people[k+1]
		if !w.paired(p, q) {
			continue
		}
		codes := w.pairCodes(p)
		if len(codes) == 2 {
			p.party, q.party = codes[0], codes[1]
		} else if len(codes) != 0 || !w.bothSides(p.from, p.i) {
			continue
		}
		p.pair, q.pair = true, true
		if q.office == nil {
			q.office = p.office
		}
	}
}

// paired tells whether two persons share the office before the first.
func (w *names) paired(p, q *person) bool {
	if p.office == nil || w.sentenceOf(p.i) != w.sentenceOf(q.i) || q.i-p.j > 4 || q.office != nil && q.from < q.i &&
		q.from > p.j {
		return false
	}
	for m := p.j; m < q.i; m++ {
		if w.and[w.tokens[m].low] {
			return true
		}
	}
	return false
}

// pairCodes are the sides of an office: those that it names, or whose adjectives
// stand before it.
func (w *names) pairCodes(p *person) (codes []string) {
	for m := p.from; m < p.i; m++ {
		if x, ok := w.mentionAt(m); ok && !x.city && !slices.Contains(codes, x.code) {
			codes = append(codes, x.code)
		}
	}
	switch len(codes) {
	case 0: // "the Belarusian and Russian ministers"
		for m := max(0, p.from-5); m < p.from; m++ {
			if x, ok := w.mentionAt(m); ok && !x.city {
				codes = append(codes, x.code)
			}
		}
	case 1:
		for m := max(0, p.from-4); m < p.from; m++ {
			if x, ok := w.mentionAt(m); ok && x.adjective && x.code != codes[0] {
				codes = append([]string{x.code}, codes...)
			}
		}
	}
	return codes
}

// bothSides tells whether words say that an office is of both sides: "of the two
// countries".
func (w *names) bothSides(i, j int) bool {
	for k := i; k < j; k++ {
		if _, n := w.both.at(w.tokens, k); n > 0 {
			return true
		}
	}
	return false
}

// resolve joins mentions of the same person, and finds the sides of counterparts
// and of those who sign for a side.
func (w *names) resolve(full map[string]string) {
	w.resolveSides()
	for k := range w.people[min(1, len(w.people)):] { // a counterpart has the other's office
		if p := &w.people[k+1]; p.counter && p.office == nil {
			p.office = w.people[k].office
		}
	}
	byName := map[string]*person{}
	for k := range w.people {
		p := &w.people[k]
		key := p.key()
		if full[key] != "" {
			w.nameInFull(p, key, full[key])
		}
		if first := byName[key]; first == nil {
			byName[key] = p
		} else {
			first.takeFrom(p)
		}
	}
	for k := range w.people {
		p := &w.people[k]
		if known := byName[p.key()]; known != nil {
			p.takeFrom(known)
		}
	}
}

// key is what the forms of a person's surname have in common.
func (p *person) key() string {
	parts := strings.Fields(p.name)
	return stemOf(parts[len(parts)-1])
}

// takeFrom gives a person the side and the office of the same person elsewhere.
func (p *person) takeFrom(o *person) {
	if p.party == "" {
		p.party = o.party
	}
	if p.office == nil {
		p.office = o.office
	}
}

// nameInFull gives a surname its first name, and a name in another case the
// nominative that stands elsewhere.
func (w *names) nameInFull(p *person, key, full string) {
	if p.surname {
		p.name = full
		return
	}
	if !p.oblique {
		return
	}
	for m := range w.people {
		if q := &w.people[m]; !q.oblique && !q.surname && q.name != "" && q.key() == key {
			p.name = q.name
			return
		}
	}
}

// resolveSides finds the sides of those who sign for one: "on behalf of Belarus …
// was signed by", "Name signed for Belarus", "Name from the Belarusian side".
func (w *names) resolveSides() {
	t := w.tokens
	done := 0 // up to where sides have been given away
	for k := range w.people {
		p := &w.people[k]
		s := w.sentences[w.sentenceOf(p.i)]
		start := max(s.i, done)
		done = p.j
		for m := start; m < p.i; m++ {
			if code, n := w.behalfAt(m); code != "" && (p.party == "" || w.sided(m+n)) {
				p.party, p.behalf = code, true
			}
		}
		for m := p.j; m < s.j && m < p.j+4 && t[m].text != ","; m++ {
			if code, n := w.behalfAt(m); code != "" && (p.party == "" || m > p.j && w.isVerb(m-1)) {
				p.party, p.behalf = code, true
				done = m + n + 1
			}
		}
	}
}

// behalfAt is the side that words at a token say somebody signs for, and how many
// words those are.
func (w *names) behalfAt(m int) (code string, n int) {
	if _, n = w.onBehalf.at(w.tokens, m); n > 0 {
		code = w.behalfOf(m + n)
	}
	return code, n
}

// behalfOf is the party after "on behalf of": "Belarus", "the Belarusian side",
// "the Government of Belarus".
func (w *names) behalfOf(i int) string {
	t := w.tokens
	for k := i; k < len(t) && k < i+4; k++ {
		if m, ok := w.mentionAt(k); ok && !m.city {
			return m.code
		}
		if !(w.articles[t[k].low] || w.side[t[k].low] || w.governments[t[k].low] || t[k].low == "of") {
			return ""
		}
	}
	return ""
}

// sided tells whether what follows is a side: "the Belarusian side".
func (w *names) sided(i int) bool {
	for k := i; k < len(w.tokens) && k < i+4; k++ {
		if w.side[w.tokens[k].low] {
			return true
		}
	}
	return false
}
