package press

import (
	"slices"
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

// occasionIn is the meeting that a sentence tells most of.
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

// A reading is one text being read.
type reading struct{ signs }
