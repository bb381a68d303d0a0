package press

import "slices"

// officeOf finds the office that stands before a name, or after it in apposition,
// and the side it is of.
func (w *names) officeOf(p *person) {
	t := w.tokens
	if best := w.officeBefore(p); best >= 0 && w.adjacent(best, p.i) {
		p.from = best
		p.party = w.sideOf(best, p.i)
		if !p.counter {
			p.office = w.officeText(best, p.i)
		}
		return
	}
	p.counter = false
	w.officeAfter(p)
	if p.office == nil && p.j+2 < len(t) && t[p.j].text == "(" { // "Name (Belarus)"
		if m, ok := w.mentionAt(p.j + 1); ok {
			p.party = m.code
		}
	}
}

// officeBefore is where an office begins that stands before a name, as in "Minister
// of Foreign Affairs of Belarus, Name"; -1 when none does. It goes back over what
// belongs to the office.
func (w *names) officeBefore(p *person) int {
	t := w.tokens
	begin := w.sentences[w.sentenceOf(p.i)].i
	k := p.i - 1
	for k >= begin && (t[k].text == "," || w.honours[t[k].low] || t[k].text == ".") {
		k--
	}
	limit := max(begin, p.i-22)
	if n := len(w.people); n > 0 {
		limit = max(limit, w.people[n-1].until) // what stands there is the other's
	}
	for b := k; b >= limit; b-- {
		if w.officeMark(b) || w.isVerb(b) || w.knownName(b) {
			return -1
		}
		if w.counterpart[t[b].low] {
			p.counter = true
			return b
		}
		if _, n := w.offices.at(t, b); n > 0 && (w.noun(b) || n > 1) {
			return w.longerOffice(b, limit)
		}
		if b < p.i-1 && w.and[t[b].low] && !w.insideBody(b) && !w.listedParties(b) && !w.dutiesAfter(b, p.i) {
			return -1
		}
	}
	return -1
}

// officeMark tells whether a mark parts an office from what stands before it.
func (w *names) officeMark(b int) bool {
	switch w.tokens[b].text {
	case ";", ":", "(", ")", "\"", "»", "”", "“":
		return true
	}
	return false
}

// longerOffice is where a longer phrase begins that takes in an office: "first
// deputy minister".
func (w *names) longerOffice(b, limit int) int {
	best := b
	for c := b - 1; c >= max(limit, b-4); c-- {
		if _, m := w.offices.at(w.tokens, c); m > 0 && c+m > b {
			best = c
		}
	}
	return best
}

// officeAfter reads "Name, Minister of Foreign Affairs of Belarus,".
func (w *names) officeAfter(p *person) {
	t := w.tokens
	if p.j+1 >= len(t) || t[p.j].text != "," {
		return
	}
	a := p.j + 1
	for a < len(t) && a < p.j+5 && (w.articles[t[a].low] || w.partyWord(a)) {
		a++
	}
	_, n := w.offices.at(t, a)
	if n == 0 || !w.noun(a) && n < 2 {
		return
	}
	end, last := a+n, w.sentences[w.sentenceOf(p.i)].j
	for end < last && t[end].text != "," && t[end].text != ";" && !w.isVerb(end) &&
		!(w.and[t[end].low] && !w.insideBody(end)) {
		end++
	}
	p.party, p.office, p.until = w.sideOf(a, end), w.officeText(a, end), end
}

// knownName tells whether a token is part of a name that was read just before.
func (w *names) knownName(i int) bool {
	for k := len(w.people) - 1; k >= 0 && k > len(w.people)-4; k-- {
		if w.people[k].i <= i && i < w.people[k].j {
			return true
		}
	}
	return false
}

// dutiesAfter: "Minister of Labour and Social Protection Name": an "and" inside of
// an office.
func (w *names) dutiesAfter(i, name int) bool {
	t := w.tokens
	if i+1 >= name || w.articles[t[i+1].low] || w.partyWord(i+1) {
		return false
	}
	for k := i + 1; k < name; k++ {
		if _, n := w.offices.at(t, k); n > 0 {
			return false
		}
	}
	return true
}

// listedParties: "of Belarus and Russia": an "and" between parties.
func (w *names) listedParties(i int) bool {
	if i < 1 || i+1 >= len(w.tokens) {
		return false
	}
	k := i + 1
	for k < len(w.tokens) && k < i+3 && w.articles[w.tokens[k].low] {
		k++
	}
	return w.partyWord(i-1) && w.partyWord(k)
}

// adjacent tells whether nothing but the rest of the office stands between it and
// the name.
func (w *names) adjacent(office, name int) bool {
	t := w.tokens
	commas := 0
	for k := office; k < name; k++ {
		if t[k].text == "," {
			commas++
			if k+1 < name && !w.articles[t[k+1].low] && !w.insideBody(k) && !t[k+1].cap && w.lang.Nouns {
				return false
			}
		}
		if k > office && t[k-1].text == "," && slices.Contains(clauseWords, t[k].low) {
			return false
		}
	}
	if commas > 3 {
		return false
	}
	// Words between the end of the office and the name that are neither capitals,
	// parties nor small words end it.
	_, n := w.offices.at(t, office)
	for k := office + max(n, 1); k < name; k++ {
		if w.ofOffice(k) {
			continue
		}
		n := 0
		if _, n = w.both.at(t, k); n == 0 {
			return false
		}
		k += n - 1
		if k+1 < name && !t[k+1].cap && t[k+1].word {
			k++ // "of the two countries"
		}
	}
	return true
}

// clauseWords begin a clause after a comma, with which an office has ended.
var clauseWords = []string{"that", "which", "who", "dass", "der", "die", "что", "который", "которая", "said", "told"}

// ofOffice tells whether a token can stand between an office and a name.
func (w *names) ofOffice(k int) bool {
	t := w.tokens[k]
	if !t.word || t.cap || w.articles[t.low] || w.tail[t.low] || w.and[t.low] || w.partyWord(k) || w.insideBody(k) ||
		w.counterpart[t.low] {
		return true
	}
	if _, n := w.both.at(w.tokens, k); n > 0 {
		return false // it may be longer than a word
	}
	_, n := w.portfolios.at(w.tokens, k)
	return n > 0 || w.lang.InOffice != nil && w.lang.InOffice(t.low)
}

// officeText is the office without its party: "State Secretary of the Security
// Council".
func (w *names) officeText(i, j int) *Value {
	t := w.tokens
	end := j
	for k := i; k < j; k++ {
		if _, ok := w.mentionAt(k); ok && k > i {
			end = k
			break
		}
		if t[k].text == "," && !w.insideBody(k) {
			end = k
			break
		}
	}
	for end > i+1 && (w.articles[t[end-1].low] || w.tail[t[end-1].low] || w.by[t[end-1].low] || t[end-1].text == "," ||
		w.honours[t[end-1].low] || t[end-1].low == "republik") {
		end--
	}
	if end <= i {
		return nil
	}
	return w.value(i, end, w.words(i, end), true)
}
