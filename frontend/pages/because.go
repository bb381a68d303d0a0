package pages

import (
	"fmt"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

// becauseOf says in a sentence since when something stands as it does and what that
// follows from: "In force since 19 February 2021: acceptance of 20 January 2021,
// effective 19 February 2021".
func becauseOf(s *locales.Localizer, v *components.View, a AgreementView, spell status.Spell) string {
	var reasons []string
	for _, r := range spell.Because {
		text := reasonText(s, v, a, r)
		if text != "" && len(reasons) < 4 {
			reasons = append(reasons, text)
		}
	}
	if len(reasons) == 0 {
		return ""
	}
	if spell.From == edtf.FirstDay {
		return strings.Join(reasons, "; ")
	}
	return s.T("because", "Date", s.Day(spell.From), "Reasons", strings.Join(reasons, "; "))
}

// reasonText says what one reason names, and by which rule.
func reasonText(s *locales.Localizer, v *components.View, a AgreementView, r status.Reason) string {
	return s.T("because."+string(r.Rule), "Fact", namedFact(s, v, a, r), "Date", s.Day(r.Day))
}

// namedFact names a fact as the record has it.
func namedFact(s *locales.Localizer, v *components.View, a AgreementView, r status.Reason) string {
	var i int
	var number int64
	switch {
	case scan(r.Fact, "acts[%d]", &i) && i < len(a.Acts):
		act := a.Acts[i]
		text := s.T("event." + string(act.Type))
		if act.Date != "" {
			text = s.T("because.of", "Fact", text, "Date", s.Written(act.Date))
		}
		if act.Party != "" {
			text += " (" + v.Name(act.Party) + ")"
		}
		if act.Effective != "" && act.Effective != act.Date {
			text += ", " + s.T("because.effective", "Date", s.Written(act.Effective))
		}
		return text
	case scan(r.Fact, "validity_periods[%d]", &i) && i < len(a.ValidityPeriods):
		p := a.ValidityPeriods[i]
		return s.T("because.validity", "Span", s.Span(p.ValidFrom, p.ValidUntil))
	case scan(r.Fact, "agreements/%d", &number):
		return s.T("agreement.no", "Number", number)
	case strings.HasPrefix(r.Fact, "parties/"):
		return v.Name(strings.TrimPrefix(r.Fact, "parties/"))
	case strings.HasPrefix(r.Fact, "participations/"):
		return v.Name(strings.TrimPrefix(r.Fact, "participations/"))
	case r.Fact == "signed":
		return s.T("because.of", "Fact", s.T("event.signature"), "Date", s.Written(a.Signed))
	}
	return ""
}

// lineagePeriods are the agreements of a line as bars over time.
func lineagePeriods(a AgreementView) *models.Periods {
	p := &models.Periods{}
	for _, f := range a.Lineage {
		row := models.PeriodRow{AgreementSummary: models.AgreementSummary{ID: f.ID, Title: f.Title, Signed: f.Signed, State: f.State}}
		for _, held := range f.InForce {
			until := held.Until
			if until == "" {
				until = edtf.LastDay
			}
			row.Stretches = append(row.Stretches, models.Stretch{From: held.From, Until: until, Status: status.InForce})
			if p.From == "" || held.From < p.From {
				p.From = held.From
			}
			if held.Until == "" {
				until = max(a.On, held.From).Add(366)
			}
			p.Until = max(p.Until, until)
		}
		if len(row.Stretches) > 0 {
			row.DatedEarliest = row.Stretches[0].From
			p.Rows = append(p.Rows, row)
		}
	}
	p.Total = len(p.Rows)
	return p
}

// unreadKey is the message of a value that could not be read, or was not sure.
func unreadKey(u models.UnreadValue) string {
	switch {
	case u.Field == models.ImportDoubt:
		return "unread.doubt"
	case u.Field == models.UnknownParties:
		return "unread.party"
	case strings.HasSuffix(u.Field, ".valid_until"):
		return "unread.end"
	case strings.HasSuffix(u.Field, ".valid_from"):
		return "unread.begin"
	}
	return "unread.field"
}

// scan reads the number out of a fact's name.
func scan(fact, form string, number any) bool {
	n, err := fmt.Sscanf(fact, form, number)
	return n == 1 && err == nil
}
