package press

import (
	"slices"
	"sort"
)

// An act is a verb or noun of signing in a sentence.
type act struct {
	i, j  int
	label string // done, head, event, adopt
	real  bool
}

// acts are the verbs of signing of a sentence, with whether they tell of something
// done.
func (w *signs) acts(k int) []act {
	if w.signing == nil {
		w.signing = make([][]act, len(w.sentences))
		for i, s := range w.sentences {
			w.signing[i] = w.actsIn(s)
			w.told = w.told || slices.ContainsFunc(w.signing[i], func(a act) bool { return a.real })
		}
	}
	return w.signing[k]
}

// actsIn reads what a sentence says of signing.
func (w *signs) actsIn(s sentence) (list []act) {
	t := w.tokens
	for i := s.i; i < s.j && len(list) < most; i++ {
		e, n := w.signed.at(t, i)
		if n == 0 {
			continue
		}
		a := act{i: i, j: i + n, label: e.label}
		before, after := t[s.i:i], t[i+n:s.j]
		switch e.label {
		case "head":
			a.real = s.headline && !w.lang.Unreal(before, after) && !w.promised(s.i, i)
			if w.lang.Nouns && t[i].cap {
				continue
			}
		case "list": // what it lists was signed if the text has told of a signing
			a.real = w.told || slices.ContainsFunc(list, func(b act) bool { return b.real })
		case "event":
			a.real = w.says(w.happened, s) && !w.says(w.planned, s) && !w.says(w.denied, s)
		default:
			a.real = !w.lang.Unreal(before, after) && !w.grammar.described(&w.marks, i, n) && !w.relativePast(s, i, n)
		}
		if w.quoted(i) {
			a.real = false
		}
		list = append(list, a)
		i = a.j - 1
	}
	return list
}

// relativePast tells of a clause that only says of an instrument when it was
// signed, years ago: "the agreement that was signed in 2010".
func (w *signs) relativePast(s sentence, i, n int) bool {
	t := w.tokens
	year := false
	for k := max(s.i, i-4); k < min(s.j, i+n+4); k++ {
		if t[k].number && len(t[k].text) == 4 && w.published.known() && t[k].text < w.published.day.Format("2006") &&
			!w.inPeriod(k) {
			year = true
		}
	}
	if !year {
		return false
	}
	for k := i - 1; k >= s.i && k > i-7; k-- {
		if slices.Contains(w.lang.Relatives, t[k].low) {
			return k > s.i && (!w.lang.Nouns || t[k-1].text == ",") // in German they are articles as well
		}
	}
	return false
}

// quoted tells whether a token is inside of what somebody is quoted with.
func (w *signs) quoted(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	if s.headline {
		return false
	}
	t := w.tokens
	open := false
	start := 0
	for k := s.i; k < s.j; k++ {
		switch t[k].text {
		case "„", "“", "”", "«", "»", "\"":
			closing := t[k].text == "»" || t[k].text == "”" || open && t[k].text != "„" && t[k].text != "«"
			if closing && open {
				if start < i && i < k && k-start > 8 && w.spoken(start, k) {
					return true
				}
				open = false
			} else if !closing {
				open, start = true, k
			}
		}
	}
	return open && start < i && s.j-start > 8 && w.spoken(start, s.j)
}

// spoken tells speech from a title in quotation marks: it has a comma or a full
// stop before its end, or a pronoun.
func (w *signs) spoken(i, j int) bool {
	for k := i; k < j; k++ {
		if slices.Contains(w.lang.We, w.tokens[k].low) {
			return true
		}
	}
	return false
}

// companies tells of a sentence whose parties are firms.
func (w *signs) companies(s sentence) bool {
	firms, officials := false, false
	for i := s.i; i < s.j; i++ {
		if _, n := w.firms.at(w.tokens, i); n > 0 {
			firms = true
		}
		if _, n := w.offices.at(w.tokens, i); n > 0 && w.noun(i) {
			if _, n := w.managers.at(w.tokens, i); n == 0 {
				officials = true
			}
		}
		if w.governments[w.tokens[i].low] {
			officials = true
		}
	}
	if !firms || officials {
		return false
	}
	for _, b := range w.institutions {
		if s.i <= b.i && b.i < s.j {
			if _, n := w.ministries.at(w.tokens, b.i); n > 0 {
				return false
			}
		}
	}
	return true
}

// nestedAt tells whether an instrument is only part of another's title, or what
// others act under.
func (w *signs) nestedAt(m kindMention, before []kindMention, s sentence) bool {
	t := w.tokens
	b := m.i - 1
	for b >= s.i && w.beforeKind(b) {
		if t[b].line && b < m.i-1 {
			return false
		}
		b--
	}
	if b < s.i || t[b+1].line && len(before) > 0 || w.parts(b) {
		return false
	}
	low := t[b].low
	if w.lang.Nouns && b+1 < m.i && t[b].cap {
		low = t[b+1].low // "Rahmen des Abkommens"
	}
	if slices.Contains(w.lang.Under, low) {
		if len(before) > 0 && !w.verbBetween(before[len(before)-1].j, m.i) || w.underAloneOne(b, m, s) {
			return true
		}
	}
	return !w.signingEvent(b) && w.accordingTo(b, s)
}

// accordingTo: "in accordance with the agreement".
func (w *signs) accordingTo(b int, s sentence) bool {
	for k := max(s.i, b-1); k <= b; k++ {
		if _, n := w.underAlone.at(w.tokens, k); n > 0 && k+n > b {
			return true
		}
	}
	return false
}

// underAloneOne: "the law on the agreement", "a petition against the treaty".
func (w *signs) underAloneOne(b int, m kindMention, s sentence) bool {
	for k := b; k >= s.i && k > b-6; k-- {
		if w.alone[w.tokens[k].low] && w.noun(k) && !w.verbBetween(k, m.i) {
			return true
		}
	}
	return false
}

// actFor is the verb that an instrument belongs to: the nearest one, unless
// something that one side signs alone is nearer.
func (w *signs) actFor(m kindMention, acts []act) (act, bool) {
	best, near := act{}, 1<<30
	for _, a := range acts {
		d := max(m.i-a.j, a.i-m.j)
		// A list after a verb belongs to it however long it is.
		if d < near {
			best, near = a, d
		}
	}
	if !best.real {
		return best, false
	}
	i, j := best.j, m.i
	if m.i < best.i {
		i, j = m.j, best.i
	}
	if w.joined(m) {
		return best, true // "signed an order and a memorandum"
	}
	for k := i; k < j; k++ {
		if w.alone[w.tokens[k].low] && !w.inKind(k) {
			return best, false
		}
	}
	if w.aloneNear(best, w.sentences[w.sentenceOf(best.i)]) {
		d := max(m.i-best.j, best.i-m.j)
		if d > 4 {
			return best, false
		}
	}
	return best, true
}

// joined tells whether an instrument is a thing of its own after an "and": in its
// case, or with an article.
func (w *signs) joined(m kindMention) bool {
	t := w.tokens
	article := false
	k := m.i - 1
	for k >= 0 && (w.qualifiers[t[k].low] || w.articles[t[k].low] || w.adjectival(k)) {
		article = article || slices.Contains(w.lang.Indefinite, t[k].low)
		k--
	}
	if k < 0 || !w.and[t[k].low] {
		return false
	}
	return article || w.lang.Cases && !ending(t[m.i].low, "а", "я", "ы", "ов", "ий")
}

// aloneNear tells whether the thing signed is one that one side signs alone: right
// after the verb, or right before it.
func (w *signs) aloneNear(a act, s sentence) bool {
	t := w.tokens
	for k := a.j; k < s.j && k < a.j+4; k++ {
		if w.alone[t[k].low] {
			return true
		}
		if w.inKind(k) || t[k].text == "," {
			break
		}
	}
	reach := 4
	if w.lang.VerbLast {
		reach = 10
	}
	for k := a.i - 1; k >= s.i && k >= a.i-reach; k-- {
		if w.inKind(k) || t[k].text == "," {
			break
		}
		if w.alone[t[k].low] && w.noun(k) {
			return true
		}
	}
	return false
}

// Signs are the verbs and nouns of signing.
type signs struct {
	names
	signing [][]act // by sentence
	told    bool    // whether a sentence before tells of a signing
}

// kindsIn are the instruments that a sentence names.
func (w *signs) kindsIn(s sentence) (kinds []kindMention) {
	first := sort.Search(len(w.instruments), func(k int) bool { return w.instruments[k].i >= s.i })
	for _, m := range w.instruments[first:] {
		if m.i >= s.j || len(kinds) == most {
			break
		}
		if n := len(kinds); n > 0 && kinds[n-1].j < m.i && w.tokens[m.i-1].text == "(" && m.i-1-kinds[n-1].j < 2 {
			continue // "a memorandum of understanding (MoU)"
		}
		m.nested = w.nestedAt(m, kinds, s)
		m.old = w.isOld(m, s)
		kinds = append(kinds, m)
	}
	return kinds
}

// isOld tells of an instrument that came before the one signed.
func (w *signs) isOld(m kindMention, s sentence) bool {
	t := w.tokens
	for k := max(s.i, m.i-3); k < m.i; k++ {
		if _, n := w.earlier.at(t, k); n > 0 {
			return true
		}
	}
	return false
}
