package press

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A body is an institution named in the text.
type body struct {
	i, j  int
	name  string
	party string

	office bool // only part of somebody's office: "Secretary of the Security Council"
}

// findBodies finds institutions, with the party that they are of.
func (w *marks) findBodies() {
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
		if !w.noun(i) || !w.grammar.body(w, &b) {
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
func (w *marks) bodyAt(i int) int {
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

// sameBody tells whether a capital after "and" goes on with a body's name: no other
// body, party or person begins there.
func (w *marks) sameBody(i int) bool {
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
func (w *marks) ownerOf(i, j int) string {
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
func (w *marks) attributive(m mention) bool {
	last := w.tokens[m.j-1].low
	return m.adjective || strings.HasSuffix(last, "'s") || strings.HasSuffix(last, "s") && w.lang.Nouns
}

// located: "in the Ministry of …" is where it happened.
func (w *marks) located(b body) bool {
	k := b.i - 1
	for k > 0 && (w.articles[w.tokens[k].low] || w.partyAdjective(k)) {
		k--
	}
	if k < 0 {
		return false
	}
	return w.in[w.tokens[k].low]
}

// isGovernment tells whether a body is only "the government".
func (w *marks) isGovernment(b body) bool {
	return w.governments[w.tokens[b.i].low]
}

// severalBodies tells whether a body is several: "the ministries".
func (w *marks) severalBodies(b body) bool { return w.lang.PluralBody(w.tokens[b.i].low) }

// insideBody tells whether a token is part of a body's name.
func (w *marks) insideBody(i int) bool {
	_, ok := over(w.institutions, i)
	return ok
}

// bodyWord tells whether a token names a kind of body.
func (w *marks) bodyWord(k int) bool {
	return w.bodyAt(k) > 0
}
