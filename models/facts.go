package models

import (
	"fmt"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"
	"chancery/models/status"
)

// Facts gathers what the status of the agreement follows from: what it records
// itself, and what comes from surroundings.
func (a *Agreement) Facts(from surroundings) status.Facts {
	f := status.Facts{Recorded: edtf.Today(a.RecordedAt.UTC()), TakesEffect: status.TakesEffect(a.TakesEffect),
		Chart: status.Chart(a.Chart)}
	if a.RecordedAt.IsZero() {
		f.Recorded = ""
	}
	if a.Signed != "" {
		f.Signed = status.Date{Earliest: a.SignedEarliest, Latest: a.SignedLatest}
		if a.SignedDate().Interval && a.SignedLatest != "" { // each side signs on its own day: concluded with the last
			f.Signed.Earliest = a.SignedLatest
		}
	}
	for _, p := range a.Participations {
		life := from.lives[p.Party]
		f.Parties = append(f.Parties, status.Party{Code: p.Party, Role: statusRole(p.Role), Side: p.Side,
			ExistedFrom: life.from, ExistedUntil: life.until, Continuator: life.continuator})
	}
	for _, p := range a.ValidityPeriods {
		f.Periods = append(f.Periods, p.Period())
	}
	for _, act := range a.Acts {
		f.Acts = append(f.Acts, status.Act{Type: act.Type, Party: act.Party,
			Date:      status.Date{Earliest: act.DateEarliest, Latest: act.DateLatest},
			Effective: status.Date{Earliest: act.EffectiveEarliest, Latest: act.EffectiveLatest},
			Until:     status.Date{Earliest: act.UntilEarliest, Latest: act.UntilLatest}})
	}
	if of := from.of[a.ID]; of != nil {
		f.Later, f.Extensions, f.Coterminous = of.later, of.extensions, of.coterminous
	}
	for _, u := range a.Unread {
		if a.saysEnd(u.Field) {
			f.EndUnread = append(f.EndUnread, u.Field)
		}
	}
	return f
}

// saysEnd tells whether a field of the record says when the agreement ended: the
// end of a period, or the date of an act that ends.
func (a *Agreement) saysEnd(field string) bool {
	if strings.HasPrefix(field, "validity_periods[") {
		return strings.HasSuffix(field, ".valid_until")
	}
	for i, act := range a.Acts {
		if strings.HasPrefix(field, fmt.Sprintf("acts[%d].", i)) {
			effect := act.Type.Effect()
			return act.Party == "" && (effect == status.Ends || effect == status.Leaves || effect == status.Lengthens)
		}
	}
	return false
}

// statusRole is a role as far as a status depends on it.
func statusRole(role string) status.Role {
	switch role {
	case "party":
		return status.RoleParty
	case "guarantor":
		return status.RoleGuarantor
	case "signatory":
		return status.RoleSignatory
	}
	return status.RoleNone
}

// deriveColumns fills the columns of a record that are kept for an index.
func (a *Agreement) deriveColumns() {
	if a.DatedEarliest, a.DatedLatest = a.dated(); a.DatedEarliest == "" { // any day
		a.DatedEarliest, a.DatedLatest = edtf.FirstDay, edtf.FirstDay
	}
	codes := make([]string, 0, len(a.Participations))
	var parties []status.Party
	for _, p := range a.Participations {
		codes = append(codes, p.Party)
		parties = append(parties, status.Party{Code: p.Party, Role: statusRole(p.Role), Side: p.Side})
	}
	a.Parties = strings.Join(codes, ";")
	a.Bilateral = status.Sides(parties) != nil
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
		if act.DateEarliest == "" && act.DateLatest == "" {
			continue
		}
		if earliest == "" || orElse(act.DateEarliest, act.DateLatest) < earliest {
			earliest, latest = orElse(act.DateEarliest, act.DateLatest), orElse(act.DateLatest, act.DateEarliest)
		}
	}
	for _, p := range a.ValidityPeriods {
		if day := orElse(p.FromDay, p.UntilDay); earliest == "" || day < earliest {
			earliest, latest = day, day
		}
	}
	return earliest, latest
}

// Period is the stretch as the status rules see it. A partial bound of a term means
// the whole of it; a range, and a partial beginning that is one of the entry into
// force, can have been on any of its days.
func (p ValidityPeriod) Period() status.Period {
	period := status.Period{From: status.On(p.FromDay), Until: status.On(p.UntilDay), Tacit: p.Renewal == "tacit",
		RenewalMonths: p.RenewalMonths, NoticeMonths: p.NoticeMonths}
	switch p.Basis {
	case "provisional":
		period.Basis = status.BasisProvisional
	case "renewal", "extension":
		period.Basis = status.BasisProlonged
	case "retroactive":
		period.Basis = status.BasisRetroactive
	}
	if len(p.ValidFrom) > 0 && (strings.Contains(p.ValidFrom, "..") || p.Basis == "entry-into-force") {
		period.From = within(p.ValidFrom)
	}
	if strings.Contains(p.ValidUntil, "..") {
		period.Until = within(p.ValidUntil)
		period.Until.Earliest = orElse(period.Until.Earliest, orElse(period.From.Earliest, edtf.FirstDay))
		period.Until.Latest = orElse(period.Until.Latest, edtf.LastDay)
	}
	if p.CountedFrom != "" {
		period.CountedFrom = within(p.CountedFrom).Earliest
	}
	return period
}

// within is the first and the last day that a recorded date can mean.
func within(written string) status.Date {
	d, err := edtf.ParseDate(written)
	if err != nil {
		return status.Date{}
	}
	return status.Date{Earliest: d.Earliest, Latest: d.Latest}
}
