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
}

// Date is when the agreement is dated, as written where it was signed.
func (e *AgreementSummary) Date() edtf.Date {
	if e.Signed != "" {
		d, err := edtf.ParseDate(e.Signed)
		if err == nil {
			return d
		}
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
