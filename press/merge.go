package press

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// merge joins what several sentences say of the same instrument.
func (w *reading) merge(found []*candidate) (list []*candidate) {
	var groups, references []*candidate
	for _, c := range found {
		switch {
		case c.kind.kind == "":
			references = append(references, c)
		case c.kind.plural && c.valid == nil && !(c.explicit && !c.headline && c.kind.count == 0 && len(found) == 1):
			groups = append(groups, c)
		default:
			list = append(list, c)
		}
	}
	var merged []*candidate
	for _, c := range list {
		if k := slices.IndexFunc(merged, func(o *candidate) bool { return w.same(o, c) }); k >= 0 {
			w.join(merged[k], c)
		} else {
			merged = append(merged, c)
		}
	}
	merged = w.mergeHeadline(merged)
	merged = w.mergeGroups(merged, groups)
	if len(merged) == 0 {
		return w.oneOf(references)
	}
	for _, r := range references {
		w.refer(merged, r)
	}
	return merged
}

// mergeHeadline joins a headline's "deal" to the one of those below it.
func (w *reading) mergeHeadline(merged []*candidate) []*candidate {
	if len(merged) < 2 || !merged[0].headline {
		return merged
	}
	head := merged[0]
	for _, o := range merged[1:] {
		apart := head.valid != nil && o.valid != nil && !compatible(head.valid.Value, o.valid.Value)
		if !o.headline && w.overlap(head.codes, o.codes) && !apart {
			w.join(o, head)
			return merged[1:]
		}
	}
	return merged
}

// mergeGroups gives what is said of several instruments to each of them; where none
// is named, they are as many as the text counts.
func (w *reading) mergeGroups(merged, groups []*candidate) []*candidate {
	if len(merged) > 0 {
		for _, c := range groups {
			for _, m := range merged {
				if len(m.codes) < 2 || w.overlap(m.codes, c.codes) {
					c.level = "" // of some of several
					w.fill(m, c)
				}
			}
		}
		return merged
	}
	merged = w.oneOf(groups)
	if len(merged) == 1 && merged[0].kind.count > 1 && merged[0].kind.count < 4 {
		for range merged[0].kind.count - 1 {
			again := *merged[0]
			merged = append(merged, &again)
		}
	}
	return merged
}

// oneOf joins all that is said to one.
func (w *reading) oneOf(list []*candidate) (one []*candidate) {
	for _, c := range list {
		if len(one) == 0 {
			one = append(one, c)
		} else {
			w.join(one[0], c)
		}
	}
	return one
}

// refer joins what is said of "the document" to the last one named before, of
// several to all.
func (w *reading) refer(merged []*candidate, r *candidate) {
	for n := len(merged) - 1; n >= 0; n-- {
		m := merged[n]
		meant := len(r.codes) == 0 || len(m.codes) == 0 || w.overlap(m.codes, r.codes)
		if m.sentence <= r.sentence && meant || n == 0 {
			w.join(m, r)
			if !r.kind.plural {
				return
			}
		}
	}
}

// loosely tells of a kind whose word is used for any instrument.
func loosely(kind string) bool { return kind == "agreement" || kind == "treaty" }

// overlap tells whether the parties of one are all among those of the other, or
// one has none.
func (w *reading) overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	small, large := a, b
	if len(a) > len(b) {
		small, large = b, a
	}
	for _, code := range small {
		if !slices.Contains(large, code) {
			return false
		}
	}
	return true
}

// same tells whether two candidates are one instrument.
func (w *reading) same(a, b *candidate) bool {
	if b.kind.another || a.sentence == b.sentence || !w.sameKindOf(a, b) || !w.overlap(a.codes, b.codes) ||
		!sameValidity(a, b) || !sameBodies(a, b) {
		return false
	}
	if len(b.about) == 0 {
		// "a corresponding agreement was signed by the Ministry …"
		return a.headline || len(b.bodies) == 0 || !w.indefinite(b)
	}
	if len(a.about) == 0 {
		return a.headline || !w.indefinite(b) || !w.indefinite(a)
	}
	common := 0
	for _, word := range a.about {
		if slices.Contains(b.about, word) {
			common++
		}
	}
	return 2*common >= min(len(a.about), len(b.about)) || a.headline && (common > 0 || !a.kind.plural)
}

// sameKindOf tells whether the words for two instruments can mean the same.
func (w *reading) sameKindOf(a, b *candidate) bool {
	return a.kind.kind == b.kind.kind || a.headline && loosely(a.kind.kind) ||
		loosely(b.kind.kind) && loosely(a.kind.kind) && !w.indefinite(b) && len(b.about) == 0
}

// sameValidity tells whether two validities can be the same.
func sameValidity(a, b *candidate) bool {
	return a.valid == nil || b.valid == nil || compatible(a.valid.Value, b.valid.Value)
}

// sameBodies tells whether no side acts by two bodies.
func sameBodies(a, b *candidate) bool {
	if a.headline || b.headline {
		return true
	}
	for code, body := range a.bodies {
		if o := b.bodies[code]; o != nil && !alike(o.Value, body.Value) {
			return false
		}
	}
	return true
}

// indefinite tells whether an instrument is named as a new one: "a memorandum".
func (w *reading) indefinite(c *candidate) bool {
	for k := c.kind.i - 1; k >= 0 && k >= c.kind.i-4; k-- {
		switch low := w.tokens[k].low; {
		case slices.Contains(w.lang.Indefinite, low):
			return true
		case w.articles[low]:
			return false
		}
	}
	return false
}

// alike tells whether two names share a long word.
func alike(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	for _, word := range x {
		if slices.Contains(y, word) && len(word) > 4 {
			return true
		}
	}
	return false
}

// subject are the words of a title that say what it is about.
func (w *reading) subject(c *candidate) (stems []string) {
	if c.title == nil {
		return nil
	}
	for i := c.kind.j; i < len(w.tokens) && w.tokens[i].end <= c.title.End; i++ {
		t := w.tokens[i]
		if !t.word || utf8.RuneCountInString(t.low) < 4 || w.smallWord(t.low) || w.partyWord(i) || w.insideBody(i) {
			continue
		}
		if _, n := w.vague.at(w.tokens, i); n > 0 {
			continue
		}
		stem := []rune(t.low)
		stems = append(stems, string(stem[:min(len(stem), 5)]))
	}
	return stems
}

// join adds what b says to a; the text's word counts for more than its headline's.
func (w *reading) join(a, b *candidate) {
	if a.headline && !b.headline {
		w.overHeadline(a, b)
	} else if b.kind.kind != "" && !b.headline && loosely(a.kind.kind) && !loosely(b.kind.kind) {
		a.kind, a.title, a.about = b.kind, b.title, b.about
	}
	w.fill(a, b)
	for _, p := range b.people {
		if !slices.ContainsFunc(a.people, func(o *person) bool { return samePerson(o.name, p.name) }) {
			a.people = append(a.people, p)
		}
	}
	if b.explicit && !a.explicit {
		a.codes, a.explicit = b.codes, true
	}
}

// overHeadline puts what the text says in place of what its headline said.
func (w *reading) overHeadline(a, b *candidate) {
	if b.kind.kind != "" {
		a.kind = b.kind
		if b.title != nil {
			a.title, a.about = b.title, b.about
		}
	}
	a.sentence, a.headline, a.act = b.sentence, false, b.act
	maps.Copy(a.parties, b.parties)
	maps.Copy(a.bodies, b.bodies)
	fewer := len(a.codes) < 2 && len(b.codes) >= len(a.codes)
	if b.explicit || fewer || len(a.codes) == len(b.codes) && w.overlap(a.codes, b.codes) {
		a.codes, a.explicit = b.codes, a.explicit || b.explicit
	}
}

// samePerson tells whether two names end in the same surname.
func samePerson(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	return a == b || len(x) > 0 && len(y) > 0 && stemOf(x[len(x)-1]) == stemOf(y[len(y)-1])
}

// fill gives a what it lacks and b has.
func (w *reading) fill(a, b *candidate) {
	if a.parties == nil {
		a.parties = map[string]*Value{}
	}
	fillMissing(a.parties, b.parties)
	fillMissing(a.bodies, b.bodies)
	if len(a.codes) < 2 {
		for _, code := range b.codes {
			if !slices.Contains(a.codes, code) {
				a.codes = append(a.codes, code)
			}
		}
	}
	if a.place == nil {
		a.place = b.place
	}
	if b.signed != nil && (a.signed == nil || len(a.signed.Value) < len(b.signed.Value) &&
		strings.HasPrefix(b.signed.Value, a.signed.Value)) {
		a.signed = b.signed
	}
	if a.valid == nil || b.valid != nil && (a.valid.Value == "" || strings.HasPrefix(a.valid.Value, "..") &&
		compatible(a.valid.Value, b.valid.Value)) {
		a.valid, a.period = b.valid, b.period
	}
	if b.occasion != nil && (a.occasion == nil || b.occasion.Sure && !a.occasion.Sure) {
		a.occasion = b.occasion
	}
	if a.level == "" {
		a.level = b.level
	}
}

// fillMissing adds what of a map another lacks.
func fillMissing(to, from map[string]*Value) {
	for code, v := range from {
		if to[code] == nil {
			to[code] = v
		}
	}
}

// compatible tells whether two validities can be one: "until 2028" and "2026–2028";
// a length alone is empty.
func compatible(a, b string) bool {
	if a == "" || b == "" || a == b {
		return true
	}
	open, whole := a, b
	if strings.HasPrefix(b, "..") {
		open, whole = b, a
	}
	last, ok := strings.CutPrefix(open, "..")
	return ok && strings.HasSuffix(whole, last)
}
