package press

import (
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/search"
)

// A Verdict says how a report stands to a record in one fact.
type Verdict string

// Verdicts. Unlike is what words of two languages cannot tell: "Moskau" and
// "Москва".
const (
	Agrees      Verdict = "agrees"
	Contradicts Verdict = "contradicts"
	Adds        Verdict = "adds"   // only the report says it
	Silent      Verdict = "silent" // only the record says it
	Unlike      Verdict = "unlike"
)

// A Comparison is one fact, in the register's words and in the report's.
type Comparison struct {
	Fact             string // kind, signed, place, validity, signatories
	Register, Report string
	Verdict          Verdict
}

// Compare holds what a report says of a signing against a record that may be of the
// same.
func Compare(a *models.Agreement, f Filled) (list []Comparison) {
	d := f.Draft
	add := func(fact, register, report string, same func() Verdict) {
		switch {
		case register == "" && report == "":
			return
		case register == "":
			list = append(list, Comparison{fact, register, report, Adds})
		case report == "":
			list = append(list, Comparison{fact, register, report, Silent})
		default:
			list = append(list, Comparison{fact, register, report, same()})
		}
	}
	when := func(ok bool) Verdict {
		if ok {
			return Agrees
		}
		return Contradicts
	}
	add("kind", a.Kind, d.Kind, func() Verdict { return when(a.Kind == d.Kind) })
	add("signed", a.Signed, d.Signed, func() Verdict { return when(overlapping(a.Signed, d.Signed)) })
	add("place", a.Place, d.Place, func() Verdict {
		if search.Fold(a.Place) == search.Fold(d.Place) || search.SoundAlike(a.Place, d.Place) {
			return Agrees
		}
		return Unlike
	})
	var ours, theirs []string
	for _, p := range a.ValidityPeriods {
		ours = append(ours, p.ValidFrom+"/"+p.ValidUntil)
	}
	for _, p := range d.ValidityPeriods {
		theirs = append(theirs, p.ValidFrom+"/"+p.ValidUntil)
	}
	add("validity", strings.Join(ours, ", "), strings.Join(theirs, ", "), func() Verdict {
		x, y := a.ValidityPeriods[0], d.ValidityPeriods[0]
		return when(sameBound(x.ValidFrom, y.ValidFrom) && sameBound(x.ValidUntil, y.ValidUntil))
	})
	for _, p := range a.Participations {
		recorded, read := signatoriesOf(p, d)
		add("signatories", strings.Join(recorded, ", "), strings.Join(read, ", "), func() Verdict {
			return when(slices.ContainsFunc(recorded, func(r string) bool {
				return slices.ContainsFunc(read, func(s string) bool { return search.SoundAlike(r, s) })
			}))
		})
	}
	return list
}

// signatoriesOf are the people who signed for a party: those recorded, and those
// that were read.
func signatoriesOf(p models.Participation, d models.AgreementDraft) (recorded, read []string) {
	for _, s := range p.Signatories {
		recorded = append(recorded, s.Person)
	}
	for _, o := range d.Participations {
		if o.Party == p.Party {
			for _, s := range o.Signatories {
				read = append(read, s.Person)
			}
		}
	}
	return recorded, read
}

// overlapping tells whether two dates can be of the same day.
func overlapping(a, b string) bool {
	x, err := edtf.ParseDate(a)
	y, failed := edtf.ParseDate(b)
	return err == nil && failed == nil && x.Earliest <= y.Latest && y.Earliest <= x.Latest
}

// sameBound compares bounds of periods by the days that they can mean; what one
// leaves open contradicts nothing.
func sameBound(a, b string) bool { return a == "" || b == "" || overlapping(a, b) }
