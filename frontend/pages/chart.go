package pages

import (
	"slices"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/models"
	"chancery/models/status"
)

// mostCharted is for how many parties the form draws a chart; the acts of more are
// asked row by row, since a form takes a thousand rows.
const mostCharted = 200

// The acts that the columns of a chart hold, as depositaries print it.
var (
	consentActs = actsThat(status.ActType.Consent)
	endActs     = actsThat(func(t status.ActType) bool { return t.Effect() == status.Leaves || t.Effect() == status.Ends })
)

func actsThat(are func(status.ActType) bool) []string {
	return slices.DeleteFunc(slices.Clone(status.ActTypes), func(name string) bool { return !are(status.ActType(name)) })
}

// A chartCell is an act in the chart of the form: where it stands among the acts of
// the draft, or would if it were filled in.
type chartCell struct {
	N     int
	Act   models.ActDraft
	Holds bool
}

// A chartLine is a party of the draft with its signature, its consent and its end.
type chartLine struct {
	Party                   string // as it stands in the draft
	Signature, Consent, End chartCell
}

// chart lays the acts of a draft out as a depositary's chart, a line for each party
// that is named, the first act of each column; rest are the other acts, by their
// places in the draft.
func (f FormView) chart(v *components.View) (lines []chartLine, rest []int) {
	acts := f.Draft.Acts
	next, at := len(acts), map[string]int{}
	key := func(party string) string { return strings.ToLower(shown(v, party)) }
	for _, p := range f.Draft.Participations {
		if _, there := at[key(p.Party)]; p.Party == "" || there {
			continue
		}
		at[key(p.Party)] = len(lines)
		lines = append(lines, chartLine{Party: p.Party})
	}
	if len(lines) > mostCharted {
		lines = nil
	}
	for n, a := range acts {
		var cell *chartCell
		if i, there := at[key(a.Party)]; there && lines != nil {
			cell = lines[i].cellOf(a)
		}
		if cell == nil || cell.Holds {
			rest = append(rest, n)
			continue
		}
		*cell = chartCell{N: n, Act: a, Holds: true}
	}
	for i := range lines {
		for _, cell := range []*chartCell{&lines[i].Signature, &lines[i].Consent, &lines[i].End} {
			if !cell.Holds {
				cell.N = next
				next++
			}
		}
		if !lines[i].Signature.Holds {
			lines[i].Signature.Act.Type = string(status.SignatureAct)
		}
	}
	return lines, rest
}

// held are the cells of a line that hold an act.
func (l chartLine) held() []chartCell {
	return slices.DeleteFunc([]chartCell{l.Signature, l.Consent, l.End}, func(c chartCell) bool { return !c.Holds })
}

// cellOf is the column of a party's act, nil for one that has none: a signature has
// to have a day.
func (l *chartLine) cellOf(a models.ActDraft) *chartCell {
	switch {
	case status.ActType(a.Type).Effect() == status.Signs && a.Date != "" && a.Effective == "":
		return &l.Signature
	case slices.Contains(consentActs, a.Type):
		return &l.Consent
	case slices.Contains(endActs, a.Type):
		return &l.End
	}
	return nil
}

// chartLabel says of how many parties a consent is recorded, and asks of the others.
func chartLabel(s *locales.Localizer, d models.AgreementDraft) string {
	consented := map[string]bool{}
	for _, a := range d.Acts {
		if a.Party != "" && status.ActType(a.Type).Consent() {
			consented[strings.ToLower(a.Party)] = true
		}
	}
	n := 0
	for _, p := range d.Participations {
		if p.Party != "" {
			n++
		}
	}
	if len(consented) == 0 || n <= len(consented) {
		return s.T("field.chart")
	}
	return s.T("form.chart.rest", "Consented", len(consented), "Parties", n, "Others", n-len(consented))
}
