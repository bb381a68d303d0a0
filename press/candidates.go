package press

import (
	"slices"
	"sort"
	"strings"
)

// A candidate is an instrument as one sentence tells of it.
type candidate struct {
	sentence int
	kind     kindMention
	act      act
	headline bool
	codes    []string
	explicit bool // the sentence names both sides of it
	parties  map[string]*Value
	bodies   map[string]*Value
	people   []*person
	signed   *Value
	place    *Value
	valid    *Value
	period   period
	occasion *Value
	level    string
	title    *Value
	about    []string // stems of the title's words that say what it is about
}

// candidates are the instruments that a sentence tells were signed.
func (w *reading) candidates(k int) (list []*candidate) {
	acts := w.acts(k)
	if !slices.ContainsFunc(acts, func(a act) bool { return a.real }) {
		return nil
	}
	s := w.sentences[k]
	if w.companies(s) {
		return nil
	}
	kinds := w.kindsIn(s)
	for n, m := range kinds {
		a, ok := w.actFor(m, acts)
		if !ok || !w.signable(m, a, kinds) {
			continue
		}
		c := &candidate{sentence: k, kind: m, act: a, headline: s.headline}
		next := s.j
		for _, o := range kinds[n+1:] {
			if !o.nested {
				next = o.i
				break
			}
		}
		w.describe(c, s, next, kinds)
		list = append(list, c)
	}
	if len(list) == 0 && len(kinds) == 0 {
		if c := w.unnamed(k, acts); c != nil {
			list = append(list, c)
		}
	}
	return list
}

// kindsIn are the instruments that a sentence names.
func (w *reading) kindsIn(s sentence) (kinds []kindMention) {
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

// signable tells whether an instrument of those of a sentence is what an act signs.
func (w *reading) signable(m kindMention, a act, kinds []kindMention) bool {
	if m.draft || m.nested || m.old {
		return false
	}
	if a.label == "adopt" && m.kind != "declaration" && m.kind != "communique" {
		return false
	}
	// "a number of documents, among them …"
	return m.kind != "" || !slices.ContainsFunc(kinds, func(o kindMention) bool {
		return o.kind != "" && !o.draft && !o.nested && !o.old
	})
}

// unnamed is an instrument that a sentence says was signed without a word for it.
func (w *reading) unnamed(k int, acts []act) *candidate {
	s := w.sentences[k]
	for _, a := range acts {
		if !a.real || a.label != "done" || w.aloneNear(a, s) {
			continue
		}
		c := &candidate{sentence: k, kind: kindMention{i: a.i, j: a.j}, act: a, headline: s.headline}
		w.describe(c, s, s.j, nil)
		if len(c.people) > 0 || s.headline {
			return c
		}
		return nil
	}
	return nil
}

// describe reads what a sentence says of an instrument; next is where the sentence
// goes on to another.
func (w *reading) describe(c *candidate, s sentence, next int, kinds []kindMention) {
	c.parties, c.bodies = map[string]*Value{}, map[string]*Value{}
	w.partiesOf(c, s, next)
	w.bodiesOf(c, s, next, kinds)
	w.peopleOf(c, s)
	for _, p := range w.periods {
		if c.kind.j <= p.i && p.i < next && p.i < s.j && c.valid == nil {
			c.period = p
			c.valid = w.value(p.i, p.j, p.value, true)
		}
	}
	c.signed, c.place = w.nearestDay(c, s), w.nearestPlace(c, s)
	c.occasion = w.occasionIn(s)
	c.title = w.titleOf(c, s, next)
	c.about = w.subject(c)
	c.level = w.levelIn(c, s, next, kinds)
}

// nearestDay is the date that stands nearest to the verb; one that is not to the
// day counts as farther.
func (w *reading) nearestDay(c *candidate, s sentence) (signed *Value) {
	best := 1 << 30
	for _, d := range w.dated {
		if d.i < s.i || d.i >= s.j || w.inPeriod(d.i) || w.inOccasionName(d.i) && len(d.value) < 10 {
			continue
		}
		if len(d.value) == 4 && !w.bareYear(d) {
			continue
		}
		near := max(d.i-c.act.j, c.act.i-d.j)
		if len(d.value) < 10 {
			near += 30
		}
		if near < best {
			best = near
			signed = w.value(d.i, d.j, d.value, d.sure)
		}
	}
	return signed
}

// nearestPlace is the town that stands nearest to the verb.
func (w *reading) nearestPlace(c *candidate, s sentence) (place *Value) {
	best := 1 << 30
	for _, m := range w.mentions {
		if !m.city || m.i < s.i || m.i >= s.j || !w.placeAt(m) {
			continue
		}
		if near := max(m.i-c.act.j, c.act.i-m.j); near < best {
			best = near
			place = w.value(m.i, m.j, m.name, true)
		}
	}
	return place
}

// levelIn is who concluded an instrument, by the words of its sentence; those right
// before the instrument count most.
func (w *reading) levelIn(c *candidate, s sentence, next int, kinds []kindMention) (level string) {
	for k := s.i; k < s.j; k++ {
		low := w.tokens[k].low
		if w.governments[low] && (c.kind.j <= k && k < next || k < c.kind.i && w.lang.PluralBody(low) && len(kinds) < 2) {
			level = "intergovernmental"
		}
	}
	if level != "" && len(c.bodies) > 1 {
		level = "interagency"
	}
	if c.kind.i == 0 {
		return level
	}
	for k := max(s.i, c.kind.i-3); k <= c.kind.i; k++ {
		if e, n := w.levels.at(w.tokens, k); n > 0 {
			level = e.label
		}
	}
	return level
}

// bareYear tells whether a year alone says when something was signed: "in 2010".
func (w *reading) bareYear(d dateMention) bool {
	if d.i == 0 {
		return false
	}
	return w.in[w.tokens[d.i-1].low] || w.years[w.tokens[d.i-1].low]
}

func (w *reading) inPeriod(i int) bool {
	p, ok := over(w.periods, i)
	if !ok {
		return false
	}
	if d, dated := w.dateAt(i); dated && len(d.value) == 10 {
		return strings.HasPrefix(p.value, "../")
	}
	return true
}

func (w *reading) inOccasionName(i int) bool {
	_, ok := over(w.occurred, i)
	return ok
}

// placeAt tells whether a town is named as a place: "in Minsk".
func (w *reading) placeAt(m mention) bool {
	if m.i == 0 {
		return false
	}
	_, n := w.town.at(w.tokens, max(0, m.i-2))
	return w.in[w.tokens[m.i-1].low] || n > 1 || w.townWord(m.i-1)
}

// townWord: "the city of Minsk", "в городе Минске".
func (w *reading) townWord(i int) bool {
	_, n := w.town.at(w.tokens, i)
	return n == 1
}

func (w *reading) occasionIn(s sentence) *Value {
	var best *occasion
	most := -1
	for k := range w.occurred {
		o := &w.occurred[k]
		if o.i < s.i || o.i >= s.j {
			continue
		}
		worth := 0 // a gathering of many tells more than the talks of the sides themselves
		if o.margins {
			worth += 4
		}
		if !o.parties {
			worth += 2
		}
		for i := o.i; i < o.j; i++ {
			if m, ok := w.mentionAt(i); ok && !m.city {
				worth++
				break
			}
		}
		if worth > most {
			best, most = o, worth
		}
	}
	if best == nil {
		return nil
	}
	return w.value(best.name, best.j, w.words(best.name, best.j), best.margins)
}

// titleOf is the instrument's name as the sentence has it.
func (w *reading) titleOf(c *candidate, s sentence, next int) *Value {
	t := w.tokens
	if c.kind.kind == "" {
		return nil
	}
	i := c.kind.i
	for i > s.i && (w.adjectival(i-1) || w.partyAdjective(i-1) || t[i-1].text == "-" && !t[i-1].space) &&
		!w.qualifiers[t[i-1].low] && !w.articles[t[i-1].low] && !t[i].line {
		i--
	}
	end := c.kind.j
	for end < min(next, s.j) && !w.titleEnds(end) {
		if m, ok := w.mentionAt(end); ok && m.city && w.placeAt(m) { // "in Belgrade"
			end--
			break
		}
		end++
	}
	for end > c.kind.j && w.dangling(end-1, t[c.kind.i].text == "«") {
		end--
	}
	end = max(end, c.kind.j)
	text := w.words(i, end)
	if head := w.words(i, c.kind.j); w.lang.Nominative != nil && !c.kind.plural {
		text = w.lang.Nominative(head) + strings.TrimPrefix(text, head)
	}
	return w.value(i, end, text, end > c.kind.j)
}

// titleEnds tells whether a title has ended before a token: at a verb, a mark, an
// occasion, a name, or a day.
func (w *reading) titleEnds(k int) bool {
	t := w.tokens
	if e, n := w.signed.at(t, k); n > 0 && e.label != "event" {
		return true
	}
	switch t[k].text {
	case ";", ".", ":":
		return true
	case ",":
		if k+1 < len(t) && !t[k+1].cap && !w.insideBody(k) {
			return true
		}
	}
	if slices.Contains(w.lang.Auxiliaries, t[k].low) {
		return true
	}
	day := func(d dateMention) bool { return d.i == k && len(d.value) == 10 && !w.inPeriod(k) }
	return slices.ContainsFunc(w.occurred, func(o occasion) bool { return o.i == k }) ||
		slices.ContainsFunc(w.people, func(p person) bool { return p.from == k }) || slices.ContainsFunc(w.dated, day)
}

// dangling tells whether a token cannot end a title; whether a closing quotation
// mark can depends on an opening one.
func (w *reading) dangling(k int, quoted bool) bool {
	t := w.tokens[k]
	switch t.low {
	case ",", "(", "am", "on", "in", "в":
		return true
	case "»":
		return !quoted
	}
	return w.and[t.low] || w.articles[t.low] || w.qualifiers[t.low]
}

// partiesOf finds the sides of an instrument: named with "between", by adjectives
// before it, or by who acts in the sentence.
func (w *reading) partiesOf(c *candidate, s sentence, next int) {
	take := func(ms []mention) {
		for _, m := range ms {
			if !slices.Contains(c.codes, m.code) {
				c.codes = append(c.codes, m.code)
			}
			if c.parties[m.code] == nil {
				c.parties[m.code] = w.value(m.i, m.j, m.code, !m.city)
			}
		}
	}
	for k := c.kind.j; k < min(next, s.j); k++ {
		if w.between[w.tokens[k].low] {
			if ms := w.after(k+1, s.j); distinct(ms) >= 2 {
				take(ms)
				c.explicit = true
				return
			}
		}
	}
	if before := w.adjectivesBefore(c.kind.i, s); distinct(before) >= 2 {
		take(before)
		c.explicit = true
		return
	}
	acting, loose, towns := w.namedIn(c, s, next)
	switch {
	case distinct(acting) >= 2:
		take(acting)
	case distinct(append(slices.Clone(acting), towns...)) == 2:
		take(append(acting, towns...))
	case distinct(append(slices.Clone(acting), loose...)) == 2:
		take(append(acting, loose...))
	default:
		take(acting)
	}
	if s.headline && len(c.codes) == 2 {
		c.explicit = true
	}
}

// distinct is how many parties are mentioned.
func distinct(ms []mention) int {
	seen := map[string]bool{}
	for _, m := range ms {
		seen[m.code] = true
	}
	return len(seen)
}

// adjectivesBefore are the parties whose adjectives lead up to an instrument: "the
// Belarusian-Russian agreement".
func (w *reading) adjectivesBefore(kind int, s sentence) (before []mention) {
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

// namedIn are the parties that a sentence names: those that act, those named as
// places, in occasions or as what the instrument is about, and towns that stand for
// their governments.
func (w *reading) namedIn(c *candidate, s sentence, next int) (acting, loose, towns []mention) {
	for _, m := range w.mentions {
		if m.i < s.i || m.i >= s.j {
			continue
		}
		about := c.kind.j <= m.i && m.i < next && w.topic(c.kind.j, m.i)
		switch {
		case m.city:
			if !w.placeAt(m) && !w.dateline(m.i, s) {
				towns = append(towns, m)
			}
		case w.masked(m.i) || w.locative(m) || about:
			loose = append(loose, m)
		default:
			acting = append(acting, m)
		}
	}
	return acting, loose, towns
}

// after are the parties from a token on that are sides: "between the Ministry … of
// A and the Council of B on …".
func (w *reading) after(i, end int) (ms []mention) {
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

// topicWord begins what an agreement is about.
func (w *reading) topicWord(i int) bool {
	return w.about[w.tokens[i].low] || w.in[w.tokens[i].low]
}

// topic tells whether a mention is part of what an agreement is about.
func (w *reading) topic(i, at int) bool {
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

func (w *reading) withBefore(i, at int) bool {
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

// locative tells whether a country is named as a place: "in Belarus", "nach
// Russland".
func (w *reading) locative(m mention) bool {
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
func (w *reading) at(i int) bool {
	for i > 0 && w.articles[w.tokens[i-1].low] {
		i--
	}
	return i > 0 && w.in[w.tokens[i-1].low]
}

func (w *reading) dateline(i int, s sentence) bool { return !s.headline && i < s.i+2 }

// masked tells whether a token is inside of an occasion, or of who only looked on.
func (w *reading) masked(i int) bool {
	return w.inOccasionName(i) || w.lookingOn(i)
}

// lookingOn tells whether a token is in a phrase of presence: "in the presence of
// …", up to the next verb.
func (w *reading) lookingOn(i int) bool {
	if w.onlookers == nil {
		w.onlookers = make([]bool, len(w.tokens))
		for _, s := range w.sentences {
			w.markOnlookers(s)
		}
	}
	return w.onlookers[i]
}

func (w *reading) markOnlookers(s sentence) {
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

// isPast tells of a word of presence that it is a verb, after whose subject it
// stands.
func (w *reading) isPast(e entry) bool {
	return ending(strings.TrimSuffix(e.name, "*"), "nessed", "oversaw", "ten", "te", "присутствовал")
}

// bodiesOf finds the bodies that act for the sides: those named after "between", or
// else those that act in the sentence.
func (w *reading) bodiesOf(c *candidate, s sentence, next int, kinds []kindMention) {
	within := func(b body) bool {
		return s.i <= b.i && b.i < s.j && !w.masked(b.i) && !b.office && !w.isGovernment(b)
	}
	if k := w.betweenAfter(c.kind.j, min(next, s.j)); k >= 0 {
		var sides []body
		for _, b := range w.institutions {
			if b.i > k && within(b) && b.i < min(next, w.endOfSides(k, s)) {
				sides = append(sides, b)
			}
		}
		w.shareBodies(c, sides)
	}
	if len(c.bodies) > 0 {
		return
	}
	first := c.kind.i
	if len(kinds) > 0 {
		first = kinds[0].i
	}
	var acting []body
	for _, b := range w.institutions {
		of := b.i < first || c.kind.i <= b.i && b.i < next || len(kinds) < 2
		if within(b) && of && !w.located(b) && (b.party != "" || w.severalBodies(b) || len(acting) > 0) {
			acting = append(acting, b)
		}
	}
	w.shareBodies(c, acting)
}

// severalBodies tells whether a body is several: "the ministries".
func (w *reading) severalBodies(b body) bool { return w.lang.PluralBody(w.tokens[b.i].low) }

// shareBodies gives bodies to their sides; those of none in particular to the sides
// that are left, in order.
func (w *reading) shareBodies(c *candidate, bodies []body) {
	var loose []body
	for _, b := range bodies {
		if b.party == "" && !w.severalBodies(b) {
			loose = append(loose, b)
			continue
		}
		codes := []string{b.party}
		if w.severalBodies(b) && len(c.codes) == 2 && (b.party == "" || slices.Contains(c.codes, b.party)) {
			codes = c.codes // "the Security Councils of A and B"
		}
		for _, code := range codes {
			if c.bodies[code] == nil && slices.Contains(c.codes, code) {
				c.bodies[code] = w.value(b.i, b.j, b.name, true)
			}
		}
	}
	for _, code := range c.codes {
		if c.bodies[code] == nil && len(loose) > 0 && len(c.codes) == 2 {
			c.bodies[code] = w.value(loose[0].i, loose[0].j, loose[0].name, false)
			loose = loose[1:]
		}
	}
}

// betweenAfter is the first "between" of some tokens, or -1.
func (w *reading) betweenAfter(i, j int) int {
	for ; i < j; i++ {
		if w.between[w.tokens[i].low] {
			return i
		}
	}
	return -1
}

// endOfSides is where "between A and B" ends.
func (w *reading) endOfSides(k int, s sentence) int {
	for m := k; m < s.j; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return m
		}
		if w.tokens[m].text == ";" {
			return m
		}
	}
	return s.j
}

// located: "in the Ministry of …" is where it happened.
func (w *reading) located(b body) bool {
	k := b.i - 1
	for k > 0 && (w.articles[w.tokens[k].low] || w.partyAdjective(k)) {
		k--
	}
	if k < 0 {
		return false
	}
	return w.in[w.tokens[k].low]
}

func (w *reading) isGovernment(b body) bool {
	return w.governments[w.tokens[b.i].low]
}

// inOffice tells whether a body is only part of somebody's office: "Secretary of
// the Security Council".
func (w *reading) inOffice(b body) bool {
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

// peopleOf are the persons who sign by a sentence.
func (w *reading) peopleOf(c *candidate, s sentence) {
	var sure, loose []*person
	for k := range w.people {
		p := &w.people[k]
		if p.i < s.i || p.i >= s.j || w.lookingOn(p.i) || w.tells(p, s) {
			continue
		}
		if w.inOccasionName(p.i) {
			continue
		}
		if p.party == "" && p.office == nil && !w.agent(*p) && !s.headline && !w.acting(p, c.act) {
			loose = append(loose, p)
			continue
		}
		sure = append(sure, p)
	}
	if len(sure) == 0 {
		sure = loose
	}
	if c.kind.kind == "" && (c.act.label == "event" || slices.ContainsFunc(w.occurred,
		func(o occasion) bool { return o.parties && s.i <= o.i && o.i < s.j })) {
		return // those who met or looked on when documents were signed
	}
	c.people = sure
}

// acting tells whether a person stands with another right by the verb.
func (w *reading) acting(p *person, a act) bool { return max(p.i-a.j, a.i-p.j) < 12 }

// tells tells of a person that they only say something.
func (w *reading) tells(p *person, s sentence) bool {
	said := w.said
	near := func(i, j int) bool {
		for k := max(i, s.i); k < j && k < s.j; k++ {
			if _, n := said.at(w.tokens, k); n > 0 {
				return true
			}
		}
		return false
	}
	return (near(p.from-4, p.from) || near(p.j, p.j+3)) && !w.signsNext(p, s)
}

// signsNext tells whether a verb of signing follows a person at once.
func (w *reading) signsNext(p *person, s sentence) bool {
	for k := p.j; k < p.j+3 && k < s.j; k++ {
		if w.isVerb(k) {
			return true
		}
	}
	return false
}
