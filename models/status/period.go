package status

import "chancery/models/edtf"

// A Period is a stretch in which an agreement has effect. An unknown bound is open;
// a partial bound of a term means the whole of it and is one day here, one that can
// have fallen on any day of a range keeps both.
type Period struct {
	From, Until   Date
	Basis         Basis
	Tacit         bool // goes on after Until in steps of RenewalMonths unless ended by an act
	RenewalMonths int
	NoticeMonths  int
	CountedFrom   edtf.Day // from which terms are counted, where not from the beginning
}

// A Basis is what a period rests on, as far as the status depends on it.
type Basis int

// The bases of a period.
const (
	BasisTerm        Basis = iota
	BasisProvisional       // provisional application
	BasisProlonged         // a renewal or extension of an earlier term
	BasisRetroactive       // counts from before the entry into force
)

// provisional tells a period of provisional application from a full one.
func (p Period) provisional() bool { return p.Basis == BasisProvisional }

// renews tells whether the period goes on after its end by itself.
func (p Period) renews() bool { return p.Tacit && p.RenewalMonths > 0 && p.Until.Known() }

// footing is the day that terms are counted from, and how many months the first
// term's end is from it; without such a number terms are counted from the day after
// that end.
func (p Period) footing(end edtf.Day) (base edtf.Day, months int) {
	next := end.Add(1)
	base = p.CountedFrom
	if base == "" {
		base = p.From.Earliest
	}
	if base == "" || base >= next {
		return next, 0
	}
	months = (next.Year()-base.Year())*12 + int(month(next)) - int(month(base))
	for n := months - 1; n <= months+1; n++ {
		if n > 0 && base.AddMonths(n) == next {
			return base, n
		}
	}
	return next, 0
}

func month(d edtf.Day) int { return int(d[5]-'0')*10 + int(d[6]-'0') }

// NextEnd is the end of the term that runs on the day: the period's own end, or
// that of the tacit renewal under way. It is empty when the period has no end or
// has ended.
func (p Period) NextEnd(on edtf.Day) edtf.Day {
	end := p.Until.Latest
	if end == "" || on <= end {
		return end
	}
	if !p.renews() {
		return ""
	}
	base, months := p.footing(end)
	n := max(0, ((on.Year()-base.Year())*12+month(on)-month(base)-months)/p.RenewalMonths-1)
	for ; end < on; n++ {
		end = base.AddMonths(months + n*p.RenewalMonths).Add(-1)
		if end >= "9999-12-30" {
			return edtf.LastDay
		}
	}
	return end
}

// Renewed is the end of the term that follows a term's end. Terms are whole months
// from where the count begins, so that half a year from 29 February ends on 28
// August, and the term after the next on 28 August again.
func (p Period) Renewed(end edtf.Day) edtf.Day {
	if end >= "9999-12-30" {
		return edtf.LastDay
	}
	return p.NextEnd(end.Add(1))
}

// NoticeBy is the last day on which notice can be given against renewal at a term's
// end.
func (p Period) NoticeBy(end edtf.Day) edtf.Day {
	if p.NoticeMonths == 0 || end == "" || end == edtf.LastDay {
		return ""
	}
	return end.Add(1).AddMonths(-p.NoticeMonths).Add(-1)
}
