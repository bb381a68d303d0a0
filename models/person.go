package models

// An Institution is a body of a party that acts for it.
type Institution struct {
	ID    int64
	Party string
}

// An InstitutionName is one name of an institution; it belongs to one institution
// of its party only.
type InstitutionName struct {
	InstitutionID int64
	Party         string
	Text          string
	Folded        string
}

// A Person signs or attends.
type Person struct {
	ID      int64        `json:"id"`
	Version int          `json:"version"`
	Names   []PersonName `json:"names"`
}

// TableName is the table of people.
func (Person) TableName() string { return "people" }

// Name is the person's main name.
func (p *Person) Name() string {
	if len(p.Names) == 0 {
		return ""
	}
	return p.Names[0].Text
}

// A PersonName is one spelling of a person's name; the first is the main one. A
// spelling belongs to one person.
type PersonName struct {
	PersonID int64  `json:"-"`
	Position int    `json:"-"`
	Language string `json:"language"`
	Text     string `json:"text"`
	Folded   string `json:"-"`
}

// A PersonDraft is a person's names as typed.
type PersonDraft struct {
	Names []NameDraft `json:"names" form:"names"`
}

// A NameDraft is one name as typed.
type NameDraft struct {
	Language string `json:"language,omitempty" form:"language" max:"35"`
	Text     string `json:"text,omitempty" form:"text" max:"4000"`
}
