package press

import "slices"

// bySignatories takes the sides of those who sign, where they are of two, for those
// that were only named beside the verb.
func (w *reading) bySignatories(c *candidate) {
	var sides []string
	for _, p := range c.people {
		if p.party != "" && !slices.Contains(sides, p.party) {
			sides = append(sides, p.party)
		}
	}
	if len(sides) != 2 || w.overlap(sides, c.codes) {
		return
	}
	for _, p := range c.people {
		if c.parties[p.party] == nil && p.party != "" {
			c.parties[p.party] = w.value(p.i, p.j, p.party, false)
		}
	}
	c.codes = sides
}

// signatories gives each person the side signed for.
func (w *reading) signatories(c *candidate, in *Instrument) {
	people := c.people
	taken := map[string]bool{}
	for _, p := range people {
		if p.party != "" && slices.Contains(c.codes, p.party) {
			taken[p.party] = true
		}
	}
	for _, p := range people {
		party := p.party
		sure := party != ""
		if party == "" || !slices.Contains(c.codes, party) {
			if party != "" && len(c.codes) >= 2 {
				continue // of neither side
			}
			for _, code := range c.codes { // a counterpart is of the side that is left
				if !taken[code] {
					party = code
					break
				}
			}
			if party == "" {
				continue
			}
			taken[party] = true
		}
		v := SignatoryValue{Value: *w.value(p.i, p.j, p.name, sure), Party: party, Office: p.office}
		if slices.ContainsFunc(in.Signatories, func(o SignatoryValue) bool { return samePerson(o.Value.Value, p.name) }) {
			continue
		}
		in.Signatories = append(in.Signatories, v)
	}
}

// forTheState tells whether those sign who represent a state without full powers
// (VCLT 7): its head or its foreign minister.
func (w *reading) forTheState(c *candidate) bool {
	for _, p := range c.people {
		if p.office == nil {
			continue
		}
		office := tokenise(p.office.Value)
		for i := range office {
			if _, n := w.heads.at(office, i); n > 0 {
				return true
			}
		}
	}
	return false
}
