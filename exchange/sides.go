package exchange

import (
	"cmp"
	"slices"

	"chancery/models"
	"chancery/models/edtf"
)

// parties finds the parties of a row. A name that nobody is known by stays with the
// agreement as it is written; a row about that party alone is refused.
func (c *composer) parties(r cellsAt, s *said, main bool) (codes []string, taken bool, err error) {
	for i, named := range s.parties {
		code, err := c.bearer(named, s)
		if err != nil {
			return nil, false, err
		}
		switch code {
		case models.LeftOut:
			if !main {
				c.refuseRow(r, s.partyColumn, named, models.Problem{Code: "import_left_out"})
				return nil, false, nil
			}
			continue
		case "":
			p := models.Problem{Code: "unknown_party", Args: map[string]string{"value": named}}
			c.mark(models.UnknownParties, named)
			if main {
				c.refuseValue(r, s.partyColumn, named, p)
				continue
			}
			c.refuseRow(r, s.partyColumn, named, p)
			return nil, false, nil
		}
		codes = append(codes, code)
		p := c.join(code)
		if main || p.Role == "" {
			p.Role = cmp.Or(s.texts["role"], p.Role)
			p.Side = cmp.Or(models.Number(s.texts["side"]), p.Side)
		}
		if i < len(s.institutions) && (len(s.institutions) == len(s.parties) || len(s.parties) == 1) && p.Institution == "" {
			p.Institution = s.institutions[i]
		}
		c.signatories(p, s, i)
	}
	return codes, true, nil
}

// bearer finds the party that has a name at the time of a row's acts, or of the
// agreement: the bearer of a name may change from one act to the next.
func (c *composer) bearer(named string, s *said) (code string, err error) {
	if len(s.acts) == 0 {
		return c.party(named, c.dated.Latest)
	}
	for _, act := range s.acts {
		if code, err = c.party(named, act.date.Earliest); err != nil || code == "" {
			return code, err
		}
		if code != models.LeftOut {
			c.join(code)
		}
	}
	return code, nil
}

func (c *composer) signatories(p *models.ParticipationDraft, s *said, i int) {
	add := func(j int) {
		person := models.SignatoryDraft{Person: s.people[j]}
		if j < len(s.offices) {
			person.Office = s.offices[j]
		}
		if !slices.ContainsFunc(p.Signatories, func(o models.SignatoryDraft) bool { return o.Person == person.Person }) {
			p.Signatories = append(p.Signatories, person)
		}
	}
	switch {
	case len(s.parties) == 1:
		for j := range s.people {
			add(j)
		}
	case len(s.people) == len(s.parties):
		add(i)
	}
}

// join is the participation of a party, made when it has none.
func (c *composer) join(code string) *models.ParticipationDraft {
	d := &c.Draft
	i := slices.IndexFunc(d.Participations, func(p models.ParticipationDraft) bool { return p.Party == code })
	if i < 0 {
		i = len(d.Participations)
		d.Participations = append(d.Participations, models.ParticipationDraft{Party: code})
	}
	return &d.Participations[i]
}

func (c *composer) party(named string, on edtf.Day) (string, error) {
	code, candidates, err := c.finder.Find(named, on)
	if err == nil && code == "" {
		c.unknown[named] = candidates
	}
	return code, err
}
