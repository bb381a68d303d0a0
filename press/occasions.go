package press

import (
	"slices"
	"strings"
)

// An occasion is a meeting or a visit.
type occasion struct {
	i, j    int // with what it begins with: "on the sidelines of"
	name    int // where its name begins
	margins bool
	parties bool // a meeting between the parties themselves
}

// findOccasions finds meetings and visits, by what they begin with and what they
// are.
func (w *marks) findOccasions() {
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
func (w *marks) eventAfter(i, n int) int {
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
func (w *marks) occasionOf(o *occasion, event int) {
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

// stops tells whether what an occasion is of ends before a token: at a verb, a
// conjunction, or a place.
func (w *marks) stops(i int) bool {
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

// inOccasionName tells whether a token is part of a meeting's name.
func (w *marks) inOccasionName(i int) bool {
	_, ok := over(w.occurred, i)
	return ok
}
