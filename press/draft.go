package press

// A Span is where in the text something stands, in bytes: from Start up to and
// without End.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// A Value is something read from the text.
type Value struct {
	Value    string `json:"value"`
	Span            // where it stands
	Sentence Span   `json:"sentence"` // the sentence it was read from
	Sure     bool   `json:"sure"`     // whether the text says so outright
}

// A PartyValue is a party: Value is its code.
type PartyValue struct {
	Value
	Institution *Value `json:"institution,omitempty"` // the body that acts for it
}

// A SignatoryValue is a person who signed: Value is the name.
type SignatoryValue struct {
	Value
	Party  string `json:"party,omitempty"` // code of the side signed for
	Office *Value `json:"office,omitempty"`
}

// An Instrument is one agreement that was signed, by the text.
type Instrument struct {
	Kind        Value            `json:"kind"` // code of models.Kinds
	Title       *Value           `json:"title,omitempty"`
	Level       *Value           `json:"level,omitempty"` // code of models.Levels
	Parties     []PartyValue     `json:"parties"`
	Signatories []SignatoryValue `json:"signatories,omitempty"`
	Signed      *Value           `json:"signed,omitempty"` // EDTF
	Place       *Value           `json:"place,omitempty"`
	Valid       *Value           `json:"valid,omitempty"` // EDTF, an interval or a year
	Occasion    *Value           `json:"occasion,omitempty"`
	Earlier     []Value          `json:"earlier,omitempty"` // instruments that came before
}

// A Draft is what a text says of agreements that were signed; none if nothing was.
type Draft struct {
	Language    string       `json:"language"`
	Headline    *Value       `json:"headline,omitempty"`
	Publisher   *Value       `json:"publisher,omitempty"`
	Published   *Value       `json:"published,omitempty"` // EDTF
	URL         string       `json:"url,omitempty"`
	Instruments []Instrument `json:"instruments"`
	Truncated   bool         `json:"truncated,omitempty"` // whether the text was longer than is read
}

// A Report is a text with what is known of it besides; all but Text may be empty.
// Text may begin with lines "url:", "title:" and "date:" and an empty line.
type Report struct {
	Text      string
	Published string // EDTF: the day from which "today" counts
}
