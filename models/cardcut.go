package models

import "slices"

// A cardCut is the day from which a later agreement takes this one's place between
// two parties, and the state it leaves them in.
type cardCut struct {
	A, B  uint32 // words of parties
	From  int32
	State uint8
}

// cutOn is the state in which later agreements have left two sides on a day; 0
// where they have not, or not for all of the parties that stand on both.
func (c *card) cutOn(one, other []uint32, on int32) (state uint8) {
	state = noState
	for i := range c.Parties {
		for j := range c.Parties {
			p, q := &c.Parties[i], &c.Parties[j]
			if i == j || !p.takesPart() || !q.takesPart() || !slices.Contains(one, p.Party) || !slices.Contains(other, q.Party) {
				continue
			}
			of := uint8(0)
			for _, cut := range c.Cuts {
				if cut.From <= on && (cut.A == p.Party && cut.B == q.Party || cut.A == q.Party && cut.B == p.Party) {
					of = max(of, cut.State)
				}
			}
			state = min(state, of)
		}
	}
	if state == noState {
		return 0
	}
	return state
}
