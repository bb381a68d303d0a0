package pages

import "chancery/models"

// partyColumns tells which columns of the parties of an agreement of two sides hold
// something.
type partyColumns struct{ institution, person, office bool }

func columnsOf(a *models.Agreement) (has partyColumns) {
	for _, p := range a.Participations {
		has.institution = has.institution || p.Institution != ""
		for _, s := range p.Signatories {
			has.person = has.person || s.Person != ""
			has.office = has.office || s.Office != ""
		}
	}
	return has
}

// heldColumns tells which columns of the chart of an agreement's parties hold
// something; the party and its status always stand there.
type heldColumns struct{ signed, consent, entry, ended, remarks bool }

func chartColumns(rows []chartRow) (has heldColumns) {
	for _, row := range rows {
		has.signed = has.signed || row.signed != "" || len(row.party.Signatories) > 0
		has.consent = has.consent || row.consent != ""
		has.entry = has.entry || row.entry != ""
		has.ended = has.ended || row.ended != ""
		has.remarks = has.remarks || row.remarks != ""
	}
	return has
}
