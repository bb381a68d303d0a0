package status

import "chancery/models/edtf"

// A Period is a stretch in which an agreement has effect, its bounds resolved to
// days; an empty bound is open.
type Period struct {
	From, Until   edtf.Day
	Provisional   bool
	Tacit         bool // goes on after Until in steps of RenewalMonths unless ended by an act
	RenewalMonths int
	NoticeMonths  int
}

// end is the last day of the period, renewals taken in.
func (p Period) end() edtf.Day {
	if p.Until == "" || p.Tacit && p.RenewalMonths > 0 {
		return edtf.LastDay
	}
	return p.Until
}

func (p Period) covers(d edtf.Day) bool { return p.From <= d && d <= p.end() }

// NextEnd is the end of the term that runs on the day: the period's own end, or
// that of the tacit renewal under way. It is empty when the period has no end or
// has ended.
func (p Period) NextEnd(on edtf.Day) edtf.Day {
	end := p.Until
	for end != "" && end < on {
		if p.RenewalMonths == 0 || !p.Tacit || end == edtf.LastDay {
			return ""
		}
		end = p.Renewed(end)
	}
	return end
}

// renewed is the end of the term that follows a term's end. Terms are whole months
// from the day after the end, so that a year renewed on 31 December or 28 February
// ends a year later on the same footing.
func (p Period) Renewed(end edtf.Day) edtf.Day {
	if end >= "9999-12-30" {
		return edtf.LastDay
	}
	return end.Add(1).AddMonths(p.RenewalMonths).Add(-1)
}

// NoticeBy is the last day on which notice can be given against renewal at a term's
// end.
func (p Period) NoticeBy(end edtf.Day) edtf.Day {
	if p.NoticeMonths == 0 || end == "" || end == edtf.LastDay {
		return ""
	}
	return end.Add(1).AddMonths(-p.NoticeMonths).Add(-1)
}
