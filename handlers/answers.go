package handlers

import (
	"encoding/json"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"
	"chancery/press"
)

// What JSON answers hold. The description of the API is made from these types, and
// from those of models.

// A listing is a page of a list.
type listing[T any] struct {
	Total int64   `json:"total"`
	Items []T     `json:"items"`
	Next  *string `json:"next"` // address of the next page
}

// whole is a list that has one page.
func whole[T any](items []T) listing[T] { return listing[T]{Total: int64(len(items)), Items: items} }

// A countedListing is a page of agreements with the numbers beside it.
type countedListing struct {
	listing[models.AgreementSummary]
	Counts *models.Counts `json:"counts,omitempty"`
}

// An agreementJSON is an agreement with what is computed of it for a day.
type agreementJSON struct {
	*models.Agreement
	On         edtf.Day             `json:"on"` // the day as at which statuses are read
	Status     status.Status        `json:"status"`
	Open       bool                 `json:"uncertain"`  // whether the dates allow another status
	Incomplete bool                 `json:"incomplete"` // lacks two parties, or any date
	Notes      []models.Warning     `json:"warnings"`   // of parties out of their time
	Because    []status.Reason      `json:"because"`    // what the status follows from
	Spells     []spellJSON          `json:"spells"`     // of the whole, over all days
	ByParty    map[string]spellJSON `json:"status_by_party"`
	Related    []models.Related     `json:"related"`
	Lineage    []models.Forebear    `json:"lineage"`              // what it goes on from, and what from it, the oldest first
	NamesThen  map[string]string    `json:"names_then,omitempty"` // that parties bore then, where others than today, by code
	PartyIDs   []string             `json:"parties"`
}

// A spellJSON is a stretch of days over which a status does not change; a day that
// is absent is open.
type spellJSON struct {
	From  edtf.Day `json:"from,omitempty"`
	Until edtf.Day `json:"until,omitempty"`
	status.State
	Because []status.Reason `json:"because"`
}

// spellOf is a spell as JSON has it.
func spellOf(s status.Spell) spellJSON {
	if s.From == edtf.FirstDay {
		s.From = ""
	}
	if s.Until == edtf.LastDay {
		s.Until = ""
	}
	if s.Because == nil {
		s.Because = []status.Reason{}
	}
	return spellJSON{s.From, s.Until, s.State, s.Because}
}

// spellsOf are spells as JSON has them.
func spellsOf(spells []status.Spell) []spellJSON {
	list := make([]spellJSON, len(spells))
	for i, s := range spells {
		list[i] = spellOf(s)
	}
	return list
}

// An agreementBody is what a program sends to record or revise an agreement.
type agreementBody struct {
	models.AgreementDraft
	Actor   string `json:"actor,omitempty"`   // who records it, where nobody has signed in
	Comment string `json:"comment,omitempty"` // why, for the history
}

// A waitingJSON says that a change waits for an editor.
type waitingJSON struct {
	Proposal int64  `json:"proposal"`
	State    string `json:"state"`
}

type historyJSON struct {
	listing[models.Revision]
	Changes []models.FieldChange `json:"changes"` // between the two revisions asked for
}

type revisionJSON struct {
	*models.Revision
	Record json.RawMessage `json:"record"`
}

type partyJSON struct {
	*models.Party
	models.Ties
}

type meetingJSON struct {
	*models.Meeting
	Agreements []models.AgreementSummary `json:"agreements"`
}

type personJSON struct {
	*models.Person
	Signings []models.Signing `json:"signings"`
}

type mapJSON struct {
	Party   string         `json:"party"`    // the one whose agreements are counted; empty for all
	InForce map[string]int `json:"in_force"` // by code
}

type calendarJSON struct {
	listing[models.Coming]
	Due []models.DueMeeting `json:"due"`
}

type proposalJSON struct {
	Proposal *models.Proposal     `json:"proposal"`
	Changes  []models.FieldChange `json:"changes"`
	Version  int                  `json:"version"` // of the record as it stands
}

type importJSON struct {
	*models.Import
	Files   []models.ImportFile   `json:"files"`
	Counts  models.ImportCounts   `json:"counts"`
	Unknown []models.UnknownParty `json:"unknown_parties"`
}

type operationJSON struct {
	Operation *models.Operation      `json:"operation"`
	Counts    models.OperationCounts `json:"counts"`
	Records   []models.ChangedRecord `json:"records"`
}

type draftJSON struct {
	press.Draft
	Second *press.Draft `json:"second,omitempty"` // as the configured second reader reads it
}

type healthJSON struct {
	Status string `json:"status"`
}

// A dateJSON is how a date was understood, and what else it can mean.
type dateJSON struct {
	readDate
	Other readDate `json:"other,omitzero"`
}

// A readDate is a date in EDTF, with the first and last day that it can mean; an open
// side is left out.
type readDate struct {
	EDTF     string   `json:"edtf"`
	Earliest edtf.Day `json:"earliest,omitempty"`
	Latest   edtf.Day `json:"latest,omitempty"`
}

func dateOf(d edtf.Date) readDate {
	return readDate{EDTF: d.Written, Earliest: d.Earliest, Latest: d.Latest}
}
