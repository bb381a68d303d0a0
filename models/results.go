package models

// A Hit is one agreement that a search found, with what it was found by where that
// is not its title.
type Hit struct {
	AgreementSummary
	// party, person, institution, place, subject, number, meeting, quotation, summary
	Where string `json:"where,omitempty"`
	Text  string `json:"text,omitempty"`

	score int
}

// Results are what a search found, by kind, the best first.
type Results struct {
	Query      SearchQuery   `json:"query"`
	Agreements []Hit         `json:"agreements"`
	More       bool          `json:"more"` // there are more agreements than were looked at
	Count      int           `json:"count"`
	Parties    []PartyEntry  `json:"parties"`
	People     []PersonEntry `json:"people"`
	Meetings   []Meeting     `json:"meetings"`
}

// Empty tells that nothing was found.
func (r *Results) Empty() bool {
	return len(r.Agreements)+len(r.Parties)+len(r.People)+len(r.Meetings) == 0
}
