package status

import (
	"slices"
	"strings"

	"chancery/models/edtf"
)

// signedAt is where a party stands that has signed, or whose signature is taken
// from the agreement's: as the whole does, unless acts are recorded party by party.
func (b *bond) signedAt(day edtf.Day, last mark) finding {
	before := b.began == "" || day < b.began
	forAll, forSome := b.provisionally(day)
	switch {
	case forAll != nil && before:
		return finding{Provisional, append(slices.Clip(forAll.because), b.ownSignature(last, forAll.from)...)}
	case last.at == signing && b.consented(last):
		return b.waiting(day, last)
	case b.byActs && !b.leftFirst(): // its consent is still to come
		return finding{Signed, b.consentToCome(last)}
	case !b.original:
		return finding{Unknown, last.because}
	case b.party.Role == RoleGuarantor && !b.byActs:
		return b.unlessBegun(day, Unknown, because(Reason{GuarantorUnrecorded, "participations/" + b.party.Code, ""}))
	case b.bilateral(), b.Chart == Exceptions, !b.othersByActs():
		if forSome && before {
			return b.unlessBegun(day, Unknown, last.because)
		}
		if own := b.ownSignature(last, b.began); own != nil {
			return finding{InForce, append(own, b.beginning...)}
		}
		return finding{Status: InForce}
	case b.Chart == Complete:
		return finding{Signed, because(Reason{ChartComplete, chartFact, ""})}
	}
	return b.unlessBegun(day, Unknown, b.othersReasons())
}

// provisionally tells how the agreement is applied on a day: for all that signed it,
// or by some.
func (b *bond) provisionally(day edtf.Day) (forAll *applied, forSome bool) {
	for i := range b.whole.provisional {
		a := &b.whole.provisional[i]
		if covering(b.whole.provisional[i:i+1], day) == nil {
			continue
		}
		if a.party == "" && forAll == nil {
			forAll = a
		}
		forSome = true
	}
	return forAll, forSome
}

// ownSignature is the reason that a party's own signature gives, where it came on a
// day or after it.
func (b *bond) ownSignature(last mark, day edtf.Day) []Reason {
	if b.Signed.Known() && last.because[0].Fact == signedFact || last.day < day || !strings.HasPrefix(last.because[0].Fact, "acts") {
		return nil
	}
	return slices.Clone(last.because)
}

// unlessBegun is signed before a recorded beginning, and the status from then on.
func (b *bond) unlessBegun(day edtf.Day, s Status, reasons []Reason) finding {
	if b.began != "" && day < b.began {
		return finding{Signed, notYet(b.beginning, BeginsLater)}
	}
	return finding{s, reasons}
}

// consented tells whether a mark is of a consent that does not bind yet.
func (b *bond) consented(m mark) bool {
	return len(m.because) > 0 && (m.because[0].Rule == ConsentGiven || m.because[0].Rule == SucceededThen)
}

// waiting is where a party stands between its consent and the day from which it is
// bound.
func (b *bond) waiting(day edtf.Day, last mark) finding {
	for _, m := range b.marks {
		if m.day > day && m.at == bound {
			return finding{Signed, notYet(m.because, BeginsLater)}
		}
	}
	return finding{Unknown, last.because}
}

// leftFirst tells whether a party left before any act that binds it: of the time
// before, its later consent says nothing.
func (b *bond) leftFirst() bool {
	_, leaving := b.firstBond(b.party.Code)
	return leaving >= 0
}

// consentToCome names the party's first act that binds it.
func (b *bond) consentToCome(last mark) []Reason {
	if first, _ := b.firstBond(b.party.Code); first >= 0 {
		return because(Reason{ConsentToCome, actFact(first), b.date(first)})
	}
	return last.because
}

// othersByActs tells whether this record keeps acts by party: another original
// party's consent or entry into force is recorded.
func (b *bond) othersByActs() bool {
	n := len(b.record.byParty)
	if b.record.byParty[b.party.Code] {
		n--
	}
	return n > 0
}

// othersReasons names what shows that acts are kept by party.
func (b *bond) othersReasons() (reasons []Reason) {
	for i, a := range b.Acts {
		if a.Party != b.party.Code && b.record.byParty[a.Party] {
			if first, _ := b.firstBond(a.Party); first == i {
				reasons = append(reasons, Reason{NoConsentRecorded, actFact(i), ""})
			}
		}
		if len(reasons) == 3 {
			break
		}
	}
	return reasons
}
