package models

import (
	"chancery/models/edtf"
	"chancery/models/status"
)

// An AgreementSummary is a line of a list of agreements.
type AgreementSummary struct {
	ID            int64    `json:"id"`
	Title         string   `json:"title"`
	TitleLanguage string   `json:"title_language"`
	Kind          string   `json:"kind"`
	Level         string   `json:"level"`
	Signed        string   `json:"signed"`
	DatedEarliest edtf.Day `json:"dated_earliest"`
	DatedLatest   edtf.Day `json:"dated_latest"`
	Place         string   `json:"place"`
	Bilateral     bool     `json:"bilateral"`
	Parties       []string `json:"parties"`
	status.State
	// Between are, of a pair, the spells in which it is in force between both.
	Between []Interval `json:"between,omitempty"`
	on      edtf.Day
}

// An Interval is a stretch of days, both included; without an end Until is empty.
type Interval struct {
	From  edtf.Day `json:"from"`
	Until edtf.Day `json:"until,omitempty"`
}

// HeldOn is the spell in force between a pair that covers the day of the list, or
// the last of them.
func (e *AgreementSummary) HeldOn() Interval { return heldOn(e.Between, e.on) }

// heldOn is the stretch that covers a day or comes after it, or else the last.
func heldOn(list []Interval, on edtf.Day) (held Interval) {
	for _, held = range list {
		if held.Until == "" || held.Until >= on {
			break
		}
	}
	return held
}

// Intervals are the days of some spells on which something was in force for
// certain.
func Intervals(spells []status.Spell) []Interval {
	list := []Interval{}
	for _, held := range status.StretchesInForce(spells) {
		if held.Until == edtf.LastDay {
			held.Until = ""
		}
		list = append(list, Interval(held))
	}
	return list
}

// Date is when the agreement is dated, as written where it was signed.
func (e *AgreementSummary) Date() edtf.Date {
	if e.Signed != "" {
		d, err := edtf.ParseDate(e.Signed)
		if err == nil {
			return d
		}
	}
	if e.DatedEarliest == edtf.FirstDay { // nothing is dated
		return edtf.Date{}
	}
	return edtf.Date{Written: string(e.DatedEarliest), Earliest: e.DatedEarliest, Latest: e.DatedLatest}
}

// A Page is part of a list. Next is the cursor of the page after it, empty on the
// last.
type Page[T any] struct {
	Total int64
	Items []T
	Next  string
}

// entry is the agreement as a line of a list.
func (a *Agreement) entry(lang string) AgreementSummary {
	title, in := a.TitleIn(lang)
	return AgreementSummary{ID: a.ID, Title: title, TitleLanguage: in, Kind: a.Kind, Level: a.Level, Signed: a.Signed,
		DatedEarliest: a.DatedEarliest,
		DatedLatest:   a.DatedLatest, Place: a.Place, Bilateral: a.Bilateral, Parties: a.PartyCodes()}
}
