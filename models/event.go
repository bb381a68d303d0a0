package models

import (
	"strings"

	"chancery/models/edtf"
)

// An Event is one row of the timeline: something that happened, or will, from facts
// already recorded. Its fields are the columns of the timeline's CSV, in their
// order.
type Event struct {
	Date         string   `json:"date"` // EDTF, as written
	DateEarliest edtf.Day `json:"date_earliest"`
	DateLatest   edtf.Day `json:"date_latest"`
	Event        string   `json:"event"`
	Agreement    int64    `json:"agreement"` // register number, 0 for a meeting without agreements
	Title        string   `json:"title"`
	Kind         string   `json:"kind"`
	Parties      string   `json:"parties"` // codes joined with ;
	Party        string   `json:"party"`   // whose act it is, empty for all
	Institution  string   `json:"institution"`
	Person       string   `json:"person"`
	Office       string   `json:"office"`
	Place        string   `json:"place"`
	Meeting      string   `json:"meeting"`
	Note         string   `json:"note"`
	Source       string   `json:"source"`
	URL          string   `json:"url"`

	id        int64
	MeetingID int64 `json:"-"`
	Ordinal   int   `json:"-"` // among the events of its kind of one agreement
}

// cursor is the event's place in the timeline.
func (e *Event) cursor() string {
	return cursor{e.DateEarliest, e.DateLatest, e.Agreement, e.id}.String()
}

// PartyCodes lists the codes of the event's parties.
func (e *Event) PartyCodes() []string {
	if e.Parties == "" {
		return nil
	}
	return strings.Split(e.Parties, ";")
}
