package models

import (
	"database/sql/driver"
	"encoding/json"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A Title is an agreement's name in one language (BCP 47).
type Title struct {
	AgreementID int64  `json:"-"`
	Position    int    `json:"-"`
	Language    string `json:"language"`
	Text        string `json:"text"`
	Authentic   bool   `json:"authentic"`
}

// A Participation is one party's place in one agreement.
type Participation struct {
	ID            int64       `json:"-"`
	AgreementID   int64       `json:"-"`
	Party         string      `json:"party"` // code
	Position      int         `json:"-"`
	Role          string      `json:"role"`
	Side          int         `json:"side"` // 1 or 2 of an agreement of two sides; 0 is none
	InstitutionID *int64      `json:"-"`
	Institution   string      `json:"institution"`            // as its source names it
	InForceFrom   edtf.Day    `json:"in_force_from" gorm:"-"` // read from the spells of its status
	InForceUntil  edtf.Day    `json:"in_force_until" gorm:"-"`
	ISO3          string      `json:"-" gorm:"-"` // of the party, read with its spells
	Signatories   []Signatory `json:"signatories"`
}

// A Signatory is a person who signed for a participation.
type Signatory struct {
	ID              int64    `json:"-"`
	AgreementID     int64    `json:"-"`
	ParticipationID int64    `json:"-"`
	Position        int      `json:"-"`
	PersonID        int64    `json:"person_id"`
	Person          string   `json:"person"` // the name as its source spells it
	Office          string   `json:"office"`
	Signed          string   `json:"signed"`
	SignedEarliest  edtf.Day `json:"-"`
	SignedLatest    edtf.Day `json:"-"`
	Place           string   `json:"place"`
	FullPowers      bool     `json:"full_powers"`
}

// An Act is what one party, or all, did at a date.
type Act struct {
	AgreementID       int64          `json:"-"`
	ParticipationID   *int64         `json:"-"`
	Position          int            `json:"-"`
	Party             string         `json:"party" gorm:"->;-:migration"` // read from the participation
	Type              status.ActType `json:"type"`
	Date              string         `json:"date"`
	DateEarliest      edtf.Day       `json:"date_earliest"`
	DateLatest        edtf.Day       `json:"date_latest"`
	Effective         string         `json:"effective"`
	EffectiveEarliest edtf.Day       `json:"-"`
	EffectiveLatest   edtf.Day       `json:"-"`
	Until             string         `json:"until"` // of an extension, the new end
	UntilEarliest     edtf.Day       `json:"-"`
	UntilLatest       edtf.Day       `json:"-"`
	Territory         string         `json:"territory"`
	Note              string         `json:"note"`
	Source            string         `json:"source"` // the act's own
	Quotation         string         `json:"quotation"`
}

// A ValidityPeriod is a stretch in which an agreement has effect, either bound open
// when empty. A partial bound means the whole of it: until 2027 is until 31
// December 2027.
type ValidityPeriod struct {
	AgreementID   int64    `json:"-"`
	Position      int      `json:"-"`
	ValidFrom     string   `json:"valid_from"`
	FromDay       edtf.Day `json:"from_day"`
	ValidUntil    string   `json:"valid_until"`
	UntilDay      edtf.Day `json:"until_day"`
	Basis         string   `json:"basis"`
	Renewal       string   `json:"renewal"`
	RenewalMonths int      `json:"renewal_months"`
	NoticeMonths  int      `json:"notice_months"`
	CountedFrom   string   `json:"counted_from"` // terms, where not from the beginning
}

// An AgreementMeeting says how an agreement relates to a meeting.
type AgreementMeeting struct {
	AgreementID int64    `json:"-"`
	MeetingID   int64    `json:"meeting"`
	Position    int      `json:"-"`
	Relation    string   `json:"relation"`
	Meeting     *Meeting `json:"-"`
}

// A Relation leads from this agreement to another.
type Relation struct {
	AgreementID int64  `json:"-"`
	Position    int    `json:"-"`
	Type        string `json:"type"`
	TargetID    int64  `json:"target"`
}

// A Subject is what an agreement is about.
type Subject struct {
	AgreementID int64
	Position    int
	Text        string
}

// MarshalText writes the subject as its text.
func (s Subject) MarshalText() ([]byte, error) { return []byte(s.Text), nil }

// An ExternalID is the agreement's identifier in another collection.
type ExternalID struct {
	AgreementID int64  `json:"-"`
	Position    int    `json:"-"`
	Scheme      string `json:"scheme"`
	Value       string `json:"value"`
}

// A Source is where the record's facts come from.
type Source struct {
	AgreementID int64  `json:"-"`
	Position    int    `json:"-"`
	URL         string `json:"url"`
	Publisher   string `json:"publisher"`
	Title       string `json:"title"`
	Language    string `json:"language"`
	Published   string `json:"published"`
	Time        string `json:"published_time" gorm:"column:published_time"` // 14:24
	Accessed    string `json:"accessed"`
	Quotation   string `json:"quotation"`
	Supports    string `json:"supports"` // fact names joined with a space
}

// PartyCodes lists the codes of all parties in their order.
func (a *Agreement) PartyCodes() []string {
	if a.Parties == "" {
		return nil
	}
	return strings.Split(a.Parties, ";")
}

// SignedDate is the date of signature as written and bounded.
func (a *Agreement) SignedDate() edtf.Date {
	return edtf.Date{Written: a.Signed, Earliest: a.SignedEarliest, Latest: a.SignedLatest,
		Interval: strings.Contains(a.Signed, "/")}
}

// TitleIn is the title in a language, or the main one, with the language it is in.
func (a *Agreement) TitleIn(language string) (text, in string) {
	for _, t := range a.Titles {
		if t.Language == language {
			return t.Text, t.Language
		}
	}
	return a.Title, a.TitleLanguage
}

// An UnreadValue is what the source says of a field and could not be read: it stays
// as written.
type UnreadValue struct {
	Field string `json:"field" form:"field" max:"200"` // such as validity_periods[0].valid_until
	Value string `json:"value" form:"value" max:"4000"`
}

// An UnreadList is kept as one text.
type UnreadList []UnreadValue

// Value writes the list as JSON, nothing where it is empty.
func (l UnreadList) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	text, err := json.Marshal([]UnreadValue(l))
	return string(text), err
}

// Scan reads what Value writes.
func (l *UnreadList) Scan(v any) error { return scanList(v, (*[]UnreadValue)(l)) }

// UnknownParties marks, among the values that could not be read, the names of parties
// that nobody is known by.
const UnknownParties = "participations"

// ImportDoubt marks, among the values that could not be read, what an import did not
// take for it was not sure that it belongs to the record.
const ImportDoubt = "import"

// A Warning is of a record that was taken as it is.
type Warning struct {
	Code  string `json:"code"`  // before-existence, after-existence
	Party string `json:"party"` // its code
}
