package models

import (
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"
)

// Incomplete tells a record that lacks what makes an agreement: two parties, or any
// date. It is kept, and makes no pair.
func (a *Agreement) Incomplete() bool {
	return a.partCount() < 2 || a.DatedEarliest == edtf.FirstDay
}

// partCount is how many take part.
func (a *Agreement) partCount() (n int) {
	for _, p := range a.Participations {
		n += bit(slices.Contains(PartRoles, p.Role))
	}
	return n
}

// work tells what a curator would mend in the record, a bit for each of Works.
func (a *Agreement) work(outcome *status.Outcome, from surroundings) (bits uint8) {
	for i, wanted := range [len(works)]bool{
		a.partCount() < 2,
		a.DatedEarliest == edtf.FirstDay,
		slices.ContainsFunc(a.Unread, func(u UnreadValue) bool { return u.Field != ImportDoubt }),
		slices.ContainsFunc(outcome.Whole, func(s status.Spell) bool { return s.Status == status.Unknown }),
		len(a.Sources) == 0,
		a.strayDate(),
		len(a.outOfTime(from)) > 0,
		slices.ContainsFunc(a.Unread, func(u UnreadValue) bool { return u.Field == ImportDoubt }),
	} {
		bits |= uint8(bit(wanted)) << i
	}
	return bits
}

// The most years that a date can lie before the signature, and after it, before it
// looks like a slip.
const (
	mostBefore = 10
	mostAfter  = 120
)

// strayDate tells whether a date of the record is far from its signature.
func (a *Agreement) strayDate() bool {
	signed := a.SignedLatest.Year()
	if signed == 0 {
		return false
	}
	far := func(day edtf.Day) bool {
		year := day.Year()
		return year != 0 && (year < signed-mostBefore || year > signed+mostAfter)
	}
	for _, act := range a.Acts {
		if far(act.DateLatest) || far(act.EffectiveLatest) {
			return true
		}
	}
	for _, p := range a.ValidityPeriods {
		if far(p.FromDay) {
			return true
		}
	}
	return slices.ContainsFunc(a.Participations, func(p Participation) bool {
		return slices.ContainsFunc(p.Signatories, func(s Signatory) bool { return far(s.SignedLatest) })
	})
}

// outOfTime tells which parties signed before or after their existence.
func (a *Agreement) outOfTime(from surroundings) []Warning {
	warnings := []Warning{}
	if a.SignedLatest == "" {
		return warnings
	}
	for _, p := range a.Participations {
		life := from.lives[p.Party]
		joined := slices.ContainsFunc(a.Acts, func(act Act) bool {
			return act.Party == p.Party && act.Type.Effect() == status.Joins
		})
		switch {
		case !slices.Contains(PartRoles, p.Role) || joined:
		case life.from != "" && a.SignedLatest < life.from:
			warnings = append(warnings, Warning{"before-existence", p.Party})
		case life.until != "" && a.SignedEarliest > life.until:
			warnings = append(warnings, Warning{"after-existence", p.Party})
		}
	}
	return warnings
}
