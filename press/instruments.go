package press

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// signedOnes reads the instruments that were signed.
func (w *reading) signedOnes() []Instrument {
	var found []*candidate
	for k := range w.sentences {
		if len(found) < most {
			found = append(found, w.candidates(k)...)
		}
	}
	found = w.merge(found)
	var list []Instrument
	var last *candidate
	for _, c := range found {
		in, ok := w.instrument(c)
		if !ok && len(c.codes) == 0 && last != nil { // "another agreement was signed as well": between the same
			c.codes, c.parties = last.codes, last.parties
			in, ok = w.instrument(c)
		}
		if ok {
			list, last = append(list, in), c
		}
	}
	return list
}

// instrument makes the reading of a candidate whole from the rest of the text; not
// one without two sides.
func (w *reading) instrument(c *candidate) (Instrument, bool) {
	if len(c.codes) < 2 && !(len(c.codes) == 1 && organisation(c.codes[0]) && len(c.people) == 0) {
		w.sidesElsewhere(c)
	}
	if len(c.codes) < 2 && !(len(c.codes) == 1 && organisation(c.codes[0])) {
		return Instrument{}, false // an organisation alone stands for its members
	}
	if !c.explicit {
		w.bySignatories(c)
	}
	if !c.explicit && len(c.codes) > 2 {
		w.narrow(c)
	}
	kind, sure := c.kind.kind, true
	if kind == "" {
		kind, sure = "other", false
	}
	in := Instrument{Kind: *w.value(c.kind.i, c.kind.j, kind, sure && !(c.headline && loosely(kind))), Title: c.title}
	for _, code := range c.codes {
		v := c.parties[code]
		if v == nil {
			continue
		}
		in.Parties = append(in.Parties, PartyValue{*v, c.bodies[code]})
	}
	w.signatories(c, &in)
	w.when(c, &in)
	w.where(c, &in)
	w.validity(c, &in)
	w.occasion(c, &in)
	w.level(c, &in)
	w.olderOnes(c, &in)
	return in, true
}

// validity gives an instrument its validity: of a length alone, from the day, or
// the year, of its signature.
func (w *reading) validity(c *candidate, in *Instrument) {
	in.Valid = c.valid
	if c.valid == nil || c.period.years == 0 || c.valid.Value != "" {
		return
	}
	in.Valid = nil
	if in.Signed == nil {
		return
	}
	v := *c.valid
	v.Sure = false
	if day, err := time.Parse(time.DateOnly, in.Signed.Value); err == nil {
		v.Value = in.Signed.Value + "/" + day.AddDate(c.period.years, 0, -1).Format(time.DateOnly)
		in.Valid = &v
	} else if year, err := strconv.Atoi(in.Signed.Value); err == nil && len(in.Signed.Value) == 4 {
		v.Value = fmt.Sprintf("%d/%d", year, year+c.period.years)
		in.Valid = &v
	}
}

// occasion finds the meeting at which an instrument was signed: in its sentence, or
// near it.
func (w *reading) occasion(c *candidate, in *Instrument) {
	in.Occasion = c.occasion
	if in.Occasion != nil && in.Occasion.Sure {
		return
	}
	for k := range w.sentences {
		o := w.occasionIn(w.sentences[k])
		if o == nil {
			continue
		}
		near := k >= c.sentence-1 && k <= c.sentence+1
		if o.Sure && k <= c.sentence+2 || in.Occasion == nil && near {
			in.Occasion = o
			if o.Sure {
				return
			}
		}
	}
}

// level is who concluded an instrument: as the text says, or by who signs.
func (w *reading) level(c *candidate, in *Instrument) {
	level := c.level
	switch {
	case level != "":
	case len(c.bodies) > 0:
		level = "interagency"
	case w.forTheState(c):
		level = "interstate"
	}
	if level != "" {
		in.Level = &Value{Value: level, Span: in.Kind.Span, Sentence: in.Kind.Sentence, Sure: c.level != "" ||
			len(c.bodies) > 1}
	}
}

// organisation tells of a party by its code: those of states have two letters,
// those of former states four.
func organisation(code string) bool {
	return len(code) == 3 || len(code) > 4 || code == "EAEU" || code == "CSTO" || code == "NATO" || code == "OPEC"
}

// sidesElsewhere takes the sides from the headline and the sentences before.
func (w *reading) sidesElsewhere(c *candidate) {
	for _, all := range []bool{false, true} {
		for k := c.sentence; k >= 0 && k >= c.sentence-2; k-- {
			if w.sidesOf(c, w.sentences[k], all) {
				return
			}
		}
		for k := 0; k < len(w.sentences) && k < 4; k++ {
			if w.sidesOf(c, w.sentences[k], all) {
				return
			}
		}
	}
	// The sides of those who sign.
	for _, p := range c.people {
		if p.party != "" && !slices.Contains(c.codes, p.party) {
			c.codes = append(c.codes, p.party)
			c.parties[p.party] = w.value(p.i, p.j, p.party, false)
		}
	}
}

// sidesOf takes the sides from a sentence, if it names two, alone or with those
// that are known; all takes in parties inside of occasions and the like.
func (w *reading) sidesOf(c *candidate, s sentence, all bool) bool {
	var ms []mention
	for _, m := range w.mentions {
		if s.i <= m.i && m.i < s.j && (all && !m.city && !w.at(m.i) || !w.masked(m.i) &&
			!(m.city && (w.placeAt(m) || w.dateline(m.i, s))) && !w.locative(m)) {
			ms = append(ms, m)
		}
	}
	codes := sideCodes(ms)
	both := slices.Clone(c.codes)
	for _, code := range codes {
		if !slices.Contains(both, code) {
			both = append(both, code)
		}
	}
	if len(both) != 2 {
		both = codes
	}
	if len(both) != 2 {
		return false
	}
	for _, m := range ms {
		if c.parties[m.code] == nil {
			c.parties[m.code] = w.value(m.i, m.j, m.code, false)
		}
	}
	c.codes = both
	return true
}

// sideCodes are the codes of parties, each once; a capital stands for its
// government where there are fewer than two others.
func sideCodes(ms []mention) (codes []string) {
	for _, city := range []bool{false, true} {
		for _, m := range ms {
			if m.city == city && !slices.Contains(codes, m.code) && (!city || len(codes) < 2) {
				codes = append(codes, m.code)
			}
		}
	}
	return codes
}

// narrow leaves of more than two loosely named sides those that the headline or the
// signatories name.
func (w *reading) narrow(c *candidate) {
	var signing []string
	for _, p := range c.people {
		if p.party != "" && !slices.Contains(signing, p.party) && slices.Contains(c.codes, p.party) {
			signing = append(signing, p.party)
		}
	}
	if len(signing) == 2 {
		c.codes = signing
		return
	}
	if len(c.bodies) == 2 {
		var acting []string
		for _, code := range c.codes {
			if c.bodies[code] != nil {
				acting = append(acting, code)
			}
		}
		if len(acting) == 2 {
			c.codes = acting
			return
		}
	}
	if named := w.namedInHeadline(c.codes); len(named) >= 2 {
		c.codes = named
	}
}

// namedInHeadline are those of some parties that the headline names.
func (w *reading) namedInHeadline(codes []string) (named []string) {
	if len(w.sentences) == 0 || !w.sentences[0].headline {
		return nil
	}
	for _, m := range w.mentions {
		if m.i < w.sentences[0].j && slices.Contains(codes, m.code) && !slices.Contains(named, m.code) && !w.masked(m.i) {
			named = append(named, m.code)
		}
	}
	return named
}

// when finds the day of signature: in the sentence, in others that tell of the
// signing, in the dateline.
func (w *reading) when(c *candidate, in *Instrument) {
	in.Signed = c.signed
	if in.Signed != nil && len(in.Signed.Value) == 10 {
		return
	}
	if in.Signed != nil && w.published.known() && !strings.HasPrefix(w.published.text, in.Signed.Value) {
		return // "in 1992": not the day of the report
	}
	for k, s := range w.sentences {
		if k > c.sentence+2 {
			break
		}
		if k != c.sentence && len(w.acts(k)) == 0 && k > 2 {
			continue
		}
		if d := w.recentDay(s); d != nil {
			in.Signed = w.value(d.i, d.j, d.value, false)
			return
		}
	}
	if in.Signed == nil && w.published.known() {
		v := in.Kind
		v.Value, v.Sure = w.published.text, false
		if s, ok := w.head["date"]; ok {
			v.Span, v.Sentence = s, s
		}
		in.Signed = &v
	}
}

// recentDay is the first day that a sentence names, not long before the report.
func (w *reading) recentDay(s sentence) *dateMention {
	for k, d := range w.dated {
		if d.i < s.i || d.i >= s.j || len(d.value) != 10 || w.inPeriod(d.i) {
			continue
		}
		day, err := time.Parse(time.DateOnly, d.value)
		if err != nil || !w.published.full || w.published.day.Sub(day) <= 45*24*time.Hour {
			return &w.dated[k]
		}
	}
	return nil
}

// where finds the place: in the sentence, in others near it, in the dateline.
func (w *reading) where(c *candidate, in *Instrument) {
	in.Place = c.place
	if in.Place != nil {
		return
	}
	order := []int{}
	for d := 0; d < len(w.sentences); d++ {
		for _, k := range []int{c.sentence + d, c.sentence - d} {
			if k >= 0 && k < len(w.sentences) && !slices.Contains(order, k) && len(order) < most {
				order = append(order, k)
			}
		}
	}
	for _, k := range order {
		s := w.sentences[k]
		for _, m := range w.mentions {
			if m.city && s.i <= m.i && m.i < s.j && w.placeAt(m) {
				in.Place = w.value(m.i, m.j, m.name, false)
				return
			}
		}
	}
	for _, m := range w.mentions {
		if s := w.sentences[w.sentenceOf(m.i)]; m.city && w.dateline(m.i, s) {
			in.Place = w.value(m.i, m.j, m.name, false)
			return
		}
	}
}

// olderOnes are instruments of the same kind that the text says came before.
func (w *reading) olderOnes(c *candidate, in *Instrument) {
	for _, m := range w.instruments {
		if m.kind == "" || m.i == c.kind.i || m.kind != c.kind.kind && !loosely(m.kind) {
			continue
		}
		s := w.sentences[w.sentenceOf(m.i)]
		for _, p := range w.periods {
			if m.j <= p.i && p.i < s.j && p.i < m.j+8 && c.valid != nil && p.value != "" && p.value < c.valid.Value &&
				len(p.value) == len(c.valid.Value) {
				v := w.value(m.i, p.j, w.words(m.i, p.j), true)
				if !slices.ContainsFunc(in.Earlier, func(o Value) bool { return o.Value == v.Value }) {
					in.Earlier = append(in.Earlier, *v)
				}
				break
			}
		}
	}
}
