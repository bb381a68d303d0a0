package models

import (
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"
	"chancery/models/status"
)

// Facts gathers what the status of the agreement follows from; replacedOn comes
// from other records.
func (a *Agreement) Facts(replacedOn edtf.Day) status.Facts {
	f := status.Facts{SignedEarliest: a.SignedEarliest, SignedLatest: a.SignedLatest, ReplacedOn: replacedOn}
	if a.SignedDate().Interval { // each side signs on its own day: concluded with the last
		f.SignedEarliest = f.SignedLatest
	}
	for _, p := range a.Participations {
		if slices.Contains(PartRoles, p.Role) {
			f.Parties = append(f.Parties, p.Party)
		}
	}
	for _, p := range a.ValidityPeriods {
		f.Periods = append(f.Periods, p.Period())
	}
	for _, act := range a.Acts {
		d := status.Act{Type: act.Type, Party: act.Party, Earliest: act.DateEarliest, Latest: act.DateLatest}
		if act.Effective != "" {
			d.Earliest, d.Latest = act.EffectiveEarliest, act.EffectiveLatest
		}
		f.Acts = append(f.Acts, d)
	}
	return f
}

// deriveColumns fills the columns of a record that are kept for an index.
func (a *Agreement) deriveColumns() {
	a.DatedEarliest, a.DatedLatest = a.dated()
	codes := make([]string, 0, len(a.Participations))
	parties := 0
	for _, p := range a.Participations {
		codes = append(codes, p.Party)
		if slices.Contains(PartRoles, p.Role) {
			parties++
		}
	}
	a.Parties = strings.Join(codes, ";")
	a.Bilateral = parties <= 2
	if a.Bilateral {
		slices.Sort(codes)
		a.Parties = strings.Join(codes, ";")
	}
	folded := make([]string, 0, len(a.Titles))
	for _, t := range a.Titles {
		folded = append(folded, search.Fold(t.Text))
	}
	a.SearchTitle = strings.Join(folded, "\n")
}

// dated places the agreement in time: its signature, or else the first thing known
// of it.
func (a *Agreement) dated() (earliest, latest edtf.Day) {
	if a.Signed != "" {
		return orElse(a.SignedEarliest, a.SignedLatest), orElse(a.SignedLatest, a.SignedEarliest)
	}
	for _, act := range a.Acts {
		if earliest == "" || act.DateEarliest < earliest {
			earliest, latest = act.DateEarliest, act.DateLatest
		}
	}
	for _, p := range a.ValidityPeriods {
		if day := orElse(p.FromDay, p.UntilDay); earliest == "" || day < earliest {
			earliest, latest = day, day
		}
	}
	return earliest, latest
}

// Period is the stretch as the status rules see it.
func (p ValidityPeriod) Period() status.Period {
	return status.Period{From: p.FromDay, Until: p.UntilDay, Provisional: p.Basis == "provisional",
		Tacit:         p.Renewal == "tacit",
		RenewalMonths: p.RenewalMonths, NoticeMonths: p.NoticeMonths}
}
