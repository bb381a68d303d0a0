package press

import (
	"slices"
	"strings"
)

// findPeople finds names of persons: words with capitals that are nothing else, by
// the office beside them.
func (w *reading) findPeople() {
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
func (w *reading) namesIn(full map[string]string) {
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
		if j < len(t) && w.kindHere(j) { // "the Falepili Union treaty"
			i = j
			continue
		}
		if count == 1 && i > 0 && (w.by[t[i-1].low] || w.tail[t[i-1].low]) && !w.seen(full, p) { // "the director of Rosatom"
			i = j
			continue
		}
		if count > 5 || count == 1 && !w.titled(p) && !w.seen(full, p) || count > 1 && !w.titled(p) && !w.seen(full, p) &&
			!w.agent(p) && !w.joinedOn(p) && !w.forASide(p) {
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

func (w *reading) seen(full map[string]string, p person) bool {
	return full[stemOf(w.tokens[p.j-1].text)] != ""
}

// forASide tells whether a name follows the side that it signs for: "со стороны
// Турции — …".
func (w *reading) forASide(p person) bool {
	for k := max(w.sentences[w.sentenceOf(p.i)].i, p.i-5); k < p.i; k++ {
		if _, n := w.onBehalf.at(w.tokens, k); n > 0 && w.behalfOf(k+n) != "" {
			return true
		}
	}
	return false
}

// joinedOn tells whether a name follows another by "and".
func (w *reading) joinedOn(p person) bool {
	n := len(w.people)
	return n > 0 && w.people[n-1].j == p.i-1 && (w.and[w.tokens[p.i-1].low] || w.tokens[p.i-1].text == ",")
}

// agent tells whether a name without an office stands right by a verb of signing.
func (w *reading) agent(p person) bool {
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
func (w *reading) titled(p person) bool {
	return p.office != nil || p.counter || p.i > 0 && w.honours[w.tokens[p.i-1].low]
}

// knownWords tells of each token whether it is part of something that is no name.
func (w *reading) knownWords(full map[string]string) []bool {
	t := w.tokens
	known := make([]bool, len(t))
	set := func(i, j int) {
		for ; i < j && i < len(t); i++ {
			known[i] = true
		}
	}
	for _, m := range w.mentions {
		set(m.i, m.j)
	}
	for _, k := range w.instruments {
		set(k.i, k.j)
	}
	for _, b := range w.institutions {
		set(b.i, b.j)
	}
	for _, d := range w.dated {
		set(d.i, d.j)
	}
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
		if n := w.bodyAt(i); n > 0 {
			set(i, i+n)
		}
		low := t[i].low
		if w.articles[low] || w.honours[low] || w.governments[low] || w.lang.Weekdays[low] > 0 || w.monthAt(i) ||
			w.side[low] || w.counterpart[low] || w.qualifiers[low] || w.years[low] || w.between[low] || w.with[low] ||
			w.by[low] || w.and[low] || slices.Contains(w.lang.Stop, low) {
			known[i] = true
		}
		if w.common(low) {
			known[i] = true
		}
		if w.regions[low] { // "Gebiets Nowgorod", "Новгородской области"
			known[i] = true
			if at := i + 1; w.lang.Nouns && at < len(t) {
				known[at] = true
			} else if !w.lang.Nouns && i > 0 {
				known[i-1] = true
			}
		}
		if w.begins(i) && !w.nextIsName(i) && full[stemOf(low)] == "" {
			known[i] = true
		}
	}
	return known
}

// monthAt tells whether a word is a month: a short one only beside a number, for
// "Jun" is a name as well.
func (w *reading) monthAt(i int) bool {
	t := w.tokens
	return w.lang.Months[t[i].low] > 0 && (len([]rune(t[i].low)) > 3 || i > 0 && (t[i-1].number || t[i-1].text == ".") ||
		i+1 < len(t) && (t[i+1].number || t[i+1].text == "."))
}

// begins tells whether a token begins a sentence, where every word has a capital.
func (w *reading) begins(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := s.i; k < i; k++ {
		if w.tokens[k].word {
			return false
		}
	}
	return true
}

func (w *reading) nextIsName(i int) bool {
	return i+1 < len(w.tokens) && w.tokens[i+1].cap && w.tokens[i+1].word
}

// nameEnd is where a name ends that begins at a token.
func (w *reading) nameEnd(i int) int {
	t := w.tokens
	j := i + 1
	for j < len(t) && !t[j].blank {
		switch {
		case w.nameWord(j) && !t[j].line:
			j++
		case t[j].text == "-" && !t[j].space && j+1 < len(t) && !t[j+1].space && t[j+1].word:
			j += 2
		case particles[t[j].low] && j+1 < len(t) && (w.nameWord(j+1) || particles[t[j+1].low] && j+2 < len(t) &&
			w.nameWord(j+2)) && t[j].space && !w.and[t[j].low] && !(w.articles[t[j].low] && !particles[t[j-1].low]):
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

// officeOf finds the office that stands before a name, or after it in apposition,
// and the side it is of.
func (w *reading) officeOf(p *person) {
	t := w.tokens
	sentence := w.sentences[w.sentenceOf(p.i)]
	// Before: "Minister of Foreign Affairs of Belarus, Name"; back over what belongs
	// to it.
	k := p.i - 1
	for k >= sentence.i && (t[k].text == "," || w.honours[t[k].low] || t[k].text == ".") {
		k--
	}
	limit := max(sentence.i, p.i-22)
	if n := len(w.people); n > 0 {
		limit = max(limit, w.people[n-1].until) // what stands there is the other's
	}
	best := -1
	for b := k; b >= limit; b-- {
		if t[b].text == ";" || t[b].text == ":" || t[b].text == "(" || t[b].text == ")" || t[b].text == "\"" ||
			t[b].text == "»" || t[b].text == "”" || t[b].text == "“" {
			break
		}
		if w.isVerb(b) || w.knownName(b) {
			break
		}
		if w.counterpart[t[b].low] {
			best, p.counter = b, true
			break
		}
		if _, n := w.offices.at(t, b); n > 0 && (w.noun(b) || n > 1) {
			best = b
			// longer phrases that begin before: "first deputy minister"
			for c := b - 1; c >= max(limit, b-4); c-- {
				if _, m := w.offices.at(t, c); m > 0 && c+m > b {
					best = c
				}
			}
			break
		}
		if b < p.i-1 && w.and[t[b].low] && !w.insideBody(b) && !w.listedParties(b) && !w.dutiesAfter(b, p.i) {
			break
		}
	}
	if best >= 0 && w.adjacent(best, p.i) {
		p.from = best
		p.party = w.sideOf(best, p.i)
		if !p.counter {
			p.office = w.officeText(best, p.i)
		}
		return
	}
	p.counter = false
	// After: "Name, Minister of Foreign Affairs of Belarus,"
	if p.j+1 < len(t) && t[p.j].text == "," {
		a := p.j + 1
		for a < len(t) && a < p.j+5 && (w.articles[t[a].low] || w.partyWord(a)) {
			a++
		}
		if _, n := w.offices.at(t, a); n > 0 && (w.noun(a) || n > 1) {
			end := a + n
			for end < sentence.j && t[end].text != "," && t[end].text != ";" && !w.isVerb(end) &&
				!(w.and[t[end].low] && !w.insideBody(end)) {
				end++
			}
			p.party = w.sideOf(a, end)
			p.office = w.officeText(a, end)
			p.until = end
		}
	}
	if p.office == nil && p.j+2 < len(t) && t[p.j].text == "(" { // "Name (Belarus)"
		if m, ok := w.mentionAt(p.j + 1); ok {
			p.party = m.code
		}
	}
}

func (w *reading) partyWord(i int) bool { _, ok := w.mentionOver(i); return ok }

func (w *reading) isVerb(i int) bool {
	e, n := w.signed.at(w.tokens, i)
	return n > 0 && e.label != "event" && !w.tokens[i].cap
}

func (w *reading) knownName(i int) bool {
	for k := len(w.people) - 1; k >= 0 && k > len(w.people)-4; k-- {
		if w.people[k].i <= i && i < w.people[k].j {
			return true
		}
	}
	return false
}

func (w *reading) insideBody(i int) bool {
	_, ok := over(w.institutions, i)
	return ok
}

// dutiesAfter: "Minister of Labour and Social Protection Name": an "and" inside of
// an office.
func (w *reading) dutiesAfter(i, name int) bool {
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
func (w *reading) listedParties(i int) bool {
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
func (w *reading) adjacent(office, name int) bool {
	t := w.tokens
	commas := 0
	for k := office; k < name; k++ {
		if t[k].text == "," {
			commas++
			if k+1 < name && !w.articles[t[k+1].low] && !w.insideBody(k) && !t[k+1].cap && w.lang.Nouns {
				return false
			}
		}
		if slices.Contains([]string{"that", "which", "who", "dass", "der", "die", "что", "который", "которая", "said",
			"told"}, t[k].low) && k > office && t[k-1].text == "," {
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
		low := t[k].low
		if !t[k].word || t[k].cap || w.articles[low] || w.tail[low] || w.and[low] || w.partyWord(k) || w.insideBody(k) ||
			w.counterpart[low] {
			continue
		}
		if _, n := w.both.at(t, k); n > 0 {
			k += n - 1
			if k+1 < name && !t[k+1].cap && t[k+1].word {
				k++ // "of the two countries"
			}
			continue
		}
		if _, n := w.portfolios.at(t, k); n > 0 || w.lang.InOffice != nil && w.lang.InOffice(low) {
			continue
		}
		return false
	}
	return true
}

// sideOf is the party of an office.
func (w *reading) sideOf(i, j int) string {
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

// officeText is the office without its party: "State Secretary of the Security
// Council".
func (w *reading) officeText(i, j int) *Value {
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

// pairUp shares out sides that a list names for a list of persons: "the ministers
// of A and B, N and M".
func (w *reading) pairUp() {
	t := w.tokens
	for k := 0; k+1 < len(w.people); k++ {
		p, q := &w.people[k], &w.people[k+1]
		if p.office == nil || w.sentenceOf(p.i) != w.sentenceOf(q.i) || q.i-p.j > 4 || q.office != nil && q.from < q.i &&
			q.from > p.j {
			continue
		}
		joined := false
		for m := p.j; m < q.i; m++ {
			joined = joined || w.and[t[m].low]
		}
		if !joined {
			continue
		}
		var codes []string
		for m := p.from; m < p.i; m++ {
			if x, ok := w.mentionAt(m); ok && !x.city && !slices.Contains(codes, x.code) {
				codes = append(codes, x.code)
			}
		}
		if len(codes) == 0 { // "the Belarusian and Russian ministers"
			for m := max(0, p.from-5); m < p.from; m++ {
				if x, ok := w.mentionAt(m); ok && !x.city {
					codes = append(codes, x.code)
				}
			}
		} else if len(codes) == 1 {
			for m := max(0, p.from-4); m < p.from; m++ {
				if x, ok := w.mentionAt(m); ok && x.adjective && x.code != codes[0] {
					codes = append([]string{x.code}, codes...)
				}
			}
		}
		if len(codes) == 2 {
			p.party, q.party = codes[0], codes[1]
			p.pair, q.pair = true, true
			if q.office == nil {
				q.office = p.office
			}
		} else if len(codes) == 0 && w.bothSides(p.from, p.i) {
			p.pair, q.pair = true, true
			if q.office == nil {
				q.office = p.office
			}
		}
	}
}

func (w *reading) bothSides(i, j int) bool {
	for k := i; k < j; k++ {
		if _, n := w.both.at(w.tokens, k); n > 0 {
			return true
		}
	}
	return false
}

// resolve joins mentions of the same person, and finds the sides of counterparts
// and of those who sign for a side.
func (w *reading) resolve(full map[string]string) {
	t := w.tokens
	done := 0 // up to where sides have been given away
	for k := range w.people {
		p := &w.people[k]
		s := w.sentences[w.sentenceOf(p.i)]
		start := max(s.i, done)
		done = p.j
		for m := start; m < p.i; m++ { // "on behalf of Belarus … was signed by"
			if _, n := w.onBehalf.at(t, m); n > 0 {
				if code := w.behalfOf(m + n); code != "" && (p.party == "" || w.sided(m+n)) {
					p.party, p.behalf = code, true
				}
			}
		}
		// "Name signed for Belarus", "Name from the Belarusian side"
		for m := p.j; m < s.j && m < p.j+4 && t[m].text != ","; m++ {
			if _, n := w.onBehalf.at(t, m); n > 0 && (p.party == "" || m > p.j && w.isVerb(m-1)) {
				if code := w.behalfOf(m + n); code != "" {
					p.party, p.behalf = code, true
					done = m + n + 1
				}
			}
		}
	}
	for k := range w.people[min(1, len(w.people)):] { // a counterpart has the other's office
		if p := &w.people[k+1]; p.counter && p.office == nil {
			p.office = w.people[k].office
		}
	}
	byName := map[string]*person{}
	for k := range w.people {
		p := &w.people[k]
		parts := strings.Fields(p.name)
		key := stemOf(parts[len(parts)-1])
		if p.surname && full[key] != "" {
			p.name = full[key]
		} else if p.oblique && full[key] != "" {
			for m := range w.people {
				q := &w.people[m]
				qp := strings.Fields(q.name)
				if !q.oblique && !q.surname && len(qp) > 0 && stemOf(qp[len(qp)-1]) == key {
					p.name = q.name
					break
				}
			}
		}
		if first := byName[key]; first == nil {
			byName[key] = p
		} else {
			if first.party == "" {
				first.party = p.party
			}
			if first.office == nil {
				first.office = p.office
			}
		}
	}
	for k := range w.people {
		p := &w.people[k]
		parts := strings.Fields(p.name)
		if known := byName[stemOf(parts[len(parts)-1])]; known != nil {
			if p.party == "" {
				p.party = known.party
			}
			if p.office == nil {
				p.office = known.office
			}
		}
	}
}

// behalfOf is the party after "on behalf of": "Belarus", "the Belarusian side",
// "the Government of Belarus".
func (w *reading) behalfOf(i int) string {
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
func (w *reading) sided(i int) bool {
	for k := i; k < len(w.tokens) && k < i+4; k++ {
		if w.side[w.tokens[k].low] {
			return true
		}
	}
	return false
}
