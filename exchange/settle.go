package exchange

import (
	"slices"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
)

// An other is a row that is dated as another agreement with the same identifier.
type other struct {
	cellsAt
	said *said
}

// elsewhere tells whether a row is dated as another agreement that bears the same
// identifier.
func (c *composer) elsewhere(s *said) bool {
	for _, act := range s.acts {
		if act.Type != string(status.SignatureAct) || act.date.Written == c.dated.Written {
			continue
		}
		for _, date := range c.unit.others {
			if d, err := c.Intake.date(c.unit.rows[0], c.column(0, "signed"), date); err == nil && d.Written == act.date.Written {
				return true
			}
		}
	}
	return false
}

// settleOthers decides on the rows that are dated as another agreement: one that
// has parties of its own leaves them; one that has none takes the parties, for the
// identifier names them, but not the dates.
func (c *composer) settleOthers() error {
	needed := len(c.Draft.Participations) < 2
	for _, o := range c.others {
		p := models.Problem{Code: "import_other"}
		act := o.said.acts[0]
		if !needed {
			c.refuseRow(o.cellsAt, act.column, act.Date, p)
			continue
		}
		c.refuseValue(o.cellsAt, act.column, act.Date, p)
		c.mark(models.ImportDoubt, act.Date)
		o.said.acts = nil
		if err := c.place(o.cellsAt, o.said, false); err != nil {
			return err
		}
	}
	return nil
}

// settle decides what only all rows together tell.
func (c *composer) settle() {
	d := &c.Draft
	c.settleKind()
	c.settleEnd()
	ends := []string{c.ended.Written, c.until.Written}
	d.Acts = slices.DeleteFunc(d.Acts, func(a models.ActDraft) bool {
		if a.Party == "" {
			return false
		}
		return a.Type == string(status.Withdrawal) && slices.Contains(ends, a.Date) ||
			a.Type == string(status.SignatureAct) && len(d.Participations) == 2 && a.Date == d.Signed
	})
	if len(d.Participations) < 2 && c.problem == nil && c.Number == 0 {
		code := "two_parties"
		if len(c.unit.parts) == 0 && len(c.Files) > 1 {
			code = "import_no_parties"
		}
		c.refuseValue(c.unit.rows[0], -1, c.unit.id, models.Problem{Code: code}) // recorded, as incomplete
	}
}

// settleKind takes the kind from the beginning of a title where no column says one,
// and the type of relations from the kind.
func (c *composer) settleKind() {
	d := &c.Draft
	if d.Kind == "" || d.Kind == "agreement" && !c.exactly {
		for _, t := range d.Titles {
			if kind := beginsAs(t.Text); kind != "" {
				d.Kind = kind
				break
			}
		}
	}
	for i := range c.Relations {
		if c.Relations[i].Type == "" {
			if c.Relations[i].Type = "supplements"; d.Kind == "amendment" {
				c.Relations[i].Type = "amends"
			}
		}
	}
}

// settleEnd makes a termination of an end that is not that of a term, and refuses
// an end before the beginning.
func (c *composer) settleEnd() {
	periods := c.Draft.ValidityPeriods
	end := c.ended
	if !end.Known() && len(periods) == 0 {
		end = c.until
	}
	termEnd := len(periods) > 0 && end.Written == periods[0].ValidUntil
	if end.Known() && !termEnd {
		c.add(models.ActDraft{Type: string(status.Termination), Date: end.Written, Effective: end.Written})
	}
	if len(periods) == 0 || periods[0].ValidUntil == "" {
		return
	}
	p := &periods[0]
	from, _ := edtf.ParseDate(p.ValidFrom)
	if until, _ := edtf.ParseDate(p.ValidUntil); !from.Known() || until.Latest >= from.Earliest {
		return
	}
	if at := c.column(0, "valid_until"); at >= 0 {
		c.refuseValue(c.unit.rows[0], at, p.ValidUntil, models.Problem{Code: "date_order",
			Args: map[string]string{"value": p.ValidUntil}})
	}
	p.ValidUntil = ""
}
