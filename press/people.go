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
func (w *reading) isName(p person, count int, full map[string]string) bool {
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

// smallWord tells whether a word has a part of its own in a sentence, and is no
// name.
func (w *reading) smallWord(low string) bool {
	for _, list := range []map[string]bool{w.articles, w.honours, w.governments, w.side, w.counterpart, w.qualifiers,
		w.years, w.between, w.with, w.by, w.and} {
		if list[low] {
			return true
		}
	}
	return w.lang.Weekdays[low] > 0 || slices.Contains(w.lang.Stop, low)
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
func (w *reading) particle(j int) bool {
	t := w.tokens
	if !particles[t[j].low] || j+1 >= len(t) || !t[j].space || w.and[t[j].low] {
		return false
	}
	if w.articles[t[j].low] && !particles[t[j-1].low] {
		return false
	}
	return w.nameWord(j+1) || particles[t[j+1].low] && j+2 < len(t) && w.nameWord(j+2)
}

// officeOf finds the office that stands before a name, or after it in apposition,
// and the side it is of.
func (w *reading) officeOf(p *person) {
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
func (w *reading) officeBefore(p *person) int {
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
func (w *reading) officeMark(b int) bool {
	switch w.tokens[b].text {
	case ";", ":", "(", ")", "\"", "»", "”", "“":
		return true
	}
	return false
}

// longerOffice is where a longer phrase begins that takes in an office: "first
// deputy minister".
func (w *reading) longerOffice(b, limit int) int {
	best := b
	for c := b - 1; c >= max(limit, b-4); c-- {
		if _, m := w.offices.at(w.tokens, c); m > 0 && c+m > b {
			best = c
		}
	}
	return best
}

// officeAfter reads "Name, Minister of Foreign Affairs of Belarus,".
func (w *reading) officeAfter(p *person) {
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
func (w *reading) ofOffice(k int) bool {
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
func (w *reading) paired(p, q *person) bool {
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
func (w *reading) pairCodes(p *person) (codes []string) {
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
func (w *reading) nameInFull(p *person, key, full string) {
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
func (w *reading) resolveSides() {
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
func (w *reading) behalfAt(m int) (code string, n int) {
	if _, n = w.onBehalf.at(w.tokens, m); n > 0 {
		code = w.behalfOf(m + n)
	}
	return code, n
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
