package status

import (
	"slices"
	"strings"

	"chancery/models/edtf"
)

// An Outcome is what follows from the facts of an agreement: where it stood, as a
// whole and for each of its parties, over all days.
type Outcome struct {
	Whole     []Spell
	Parties   map[string][]Spell // none for depositaries and observers
	Bilateral bool               // an agreement of two sides
	// Between are the pairs of parties between which a later agreement took this one's
	// place while the whole went on.
	Between []Cut
	// Continued are the parties that go on as the same legal persons as parties that
	// have ceased to exist, with their bonds.
	Continued []Continued
}

// Continued is where a party stands that goes on as the same legal person as one
// that took part: proposed until that ceased to exist.
type Continued struct {
	By, Of string
	Spells []Spell
}

// A Cut is the day from which a later agreement takes this one's place between two
// parties, in the order of their codes.
type Cut struct {
	A, B   string
	From   edtf.Day
	Status Status
	Reason Reason
}

// Outcome applies the rules to the facts.
func (f Facts) Outcome() *Outcome {
	r := newRecord(f)
	readings := r.readings()
	wholes := make([]*whole, len(readings))
	spells := make([][]Spell, len(readings))
	for i := range readings {
		wholes[i] = readings[i].whole()
		spells[i] = wholes[i].spells
	}
	o := &Outcome{Whole: combine(spells), Parties: make(map[string][]Spell, len(r.parties)), Bilateral: r.bilateral()}
	for code, p := range r.parties {
		if p.Role != RoleNone {
			o.Parties[code] = r.party(p, wholes)
		}
	}
	o.Between = r.cuts(o)
	o.Continued = r.continued(wholes)
	return o
}

// readings are the ways to read the dates of the whole: each at its latest, which
// is what is certain; at its earliest; and, where several are open, one at a time
// otherwise.
func (r *record) readings() []*reading {
	readings := []*reading{{r, false, noFlip}}
	open := r.open()
	if len(open) > 0 || slices.ContainsFunc(r.Acts, func(a Act) bool { return a.Date.Earliest != a.Date.Latest }) {
		readings = append(readings, &reading{r, true, noFlip})
	}
	if len(open) > 1 {
		for _, place := range open {
			readings = append(readings, &reading{r, false, place}, &reading{r, true, place})
		}
	}
	return readings
}

// party lays out where a party stands, by every reading of the whole and of its own
// acts.
func (r *record) party(p *Party, wholes []*whole) []Spell {
	list := make([][]Spell, 0, len(wholes))
	read := func(w *whole) {
		b := w.bond(p)
		list = append(list, lay(b.turningDays(), b.at))
	}
	for _, w := range wholes {
		read(w)
	}
	if !r.bilateral() {
		tried := 0
		for _, i := range r.own[p.Code] {
			if tried++; r.openAct(i) && tried <= maxFlips {
				flipped := *wholes[0]
				flipped.reading = &reading{r, false, i}
				read(&flipped)
				if len(wholes) == 1 {
					continue
				}
				flipped = *wholes[1]
				flipped.reading = &reading{r, true, i}
				read(&flipped)
			}
		}
	}
	return combine(list)
}

// continued lays out the bonds that pass to a party's continuator, where that does
// not take part itself.
func (r *record) continued(wholes []*whole) (list []Continued) {
	for code, p := range r.parties {
		if p.Role == RoleNone || p.ExistedUntil == "" || p.Continuator == "" || r.parties[p.Continuator] != nil {
			continue
		}
		lasting := *p
		lasting.ExistedUntil = ""
		from := p.ExistedUntil.Add(1)
		reason := Reason{ContinuedFrom, partyFact(code), from}
		c := Continued{By: p.Continuator, Of: code, Spells: []Spell{{edtf.FirstDay, p.ExistedUntil, State{Status: Proposed},
			because(reason)}}}
		for _, s := range r.party(&lasting, wholes) {
			if s.Until >= from {
				s.From = max(s.From, from)
				s.Because = append(because(reason), s.Because...)
				c.Spells = append(c.Spells, s)
			}
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Continued) int { return strings.Compare(a.By+a.Of, b.By+b.Of) })
	return list
}

// cuts finds between which parties a later agreement took this one's place.
func (r *record) cuts(o *Outcome) (cuts []Cut) {
	var codes []string
	for code, p := range r.parties {
		if p.Role != RoleNone {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for i := range r.Later {
		l := &r.Later[i]
		s, rule := l.rule()
		for n, a := range codes {
			mine := l.binding(r.parties[a])
			if len(mine) == 0 {
				continue
			}
			for _, b := range codes[n+1:] {
				day := firstCommon(mine, l.binding(r.parties[b]))
				if day == "" || At(o.Whole, day).Status >= Replaced {
					continue
				}
				cuts = append(cuts, Cut{a, b, day, s, Reason{rule, agreementFact(l.Agreement), day}})
			}
		}
	}
	return cuts
}

// firstCommon is the first day that is in both lists.
func firstCommon(a, b []Stretch) (first edtf.Day) {
	for _, x := range a {
		for _, y := range b {
			from := max(x.From, y.From)
			if from <= min(x.Until, y.Until) && (first == "" || from < first) {
				first = from
			}
		}
	}
	return first
}

// Pair lays out where the agreement stands between two of its parties: where the
// worse of both stands, and not where a later agreement has taken its place.
func (o *Outcome) Pair(a, b string) []Spell {
	one, other := o.Parties[a], o.Parties[b]
	if one == nil || other == nil {
		return nil
	}
	if a > b {
		a, b = b, a
	}
	var days []edtf.Day
	for _, s := range slices.Concat(one, other) {
		days = append(days, s.From)
	}
	var cut *Cut
	for i := range o.Between {
		if c := &o.Between[i]; c.A == a && c.B == b && (cut == nil || c.From < cut.From) {
			cut = c
		}
	}
	if cut != nil {
		days = append(days, cut.From)
	}
	slices.Sort(days)
	var spells []Spell
	for _, day := range slices.Compact(days) {
		s, t := At(one, day), At(other, day)
		if t.Code() > s.Code() {
			s = t
		}
		if cut != nil && day >= cut.From && cut.Status > s.Status {
			s.State, s.Because = State{Status: cut.Status}, because(cut.Reason)
		}
		s.From, s.Until = day, edtf.LastDay
		n := len(spells)
		if n > 0 && spells[n-1].State == s.State && slices.Equal(spells[n-1].Because, s.Because) {
			continue
		}
		if n > 0 {
			spells[n-1].Until = day.Add(-1)
		}
		spells = append(spells, s)
	}
	return spells
}

// StretchesInForce are the days on which something was in force for certain.
func StretchesInForce(spells []Spell) (list []Stretch) {
	for _, s := range spells {
		if s.Status != InForce || s.Uncertain {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Until.Add(1) == s.From {
			list[n-1].Until = s.Until
			continue
		}
		list = append(list, Stretch{s.From, s.Until})
	}
	return list
}
