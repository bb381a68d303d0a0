package press

import "slices"

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
	w.shareBodies(c, w.actingBodies(c, next, kinds, within))
}

// actingBodies are the bodies of a sentence that act: those named before its first
// instrument, or with the one that is meant; of no side in particular only after
// one that is of a side.
func (w *reading) actingBodies(c *candidate, next int, kinds []kindMention, within func(b body) bool) (acting []body) {
	first := c.kind.i
	if len(kinds) > 0 {
		first = kinds[0].i
	}
	for _, b := range w.institutions {
		of := b.i < first || c.kind.i <= b.i && b.i < next || len(kinds) < 2
		if within(b) && of && !w.located(b) && (b.party != "" || w.severalBodies(b) || len(acting) > 0) {
			acting = append(acting, b)
		}
	}
	return acting
}

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
