package models

import (
	"slices"
	"time"

	"chancery/models/edtf"
	"chancery/models/status"
)

// What an agreement consists of, in one place: the record, the draft, and the table
// of its scalar fields. A new scalar field is a line in each of the three, a column
// in both migrations, and its label (field.NAME) in each language. TestFields holds
// every other place against the table.

// An Agreement is any recorded instrument between parties, binding or not. Its ID
// is the register number: the permanent address, never used again.
type Agreement struct {
	ID                 int64       `json:"id"`
	Kind               string      `json:"kind"`
	Level              string      `json:"level"`
	Binding            string      `json:"binding"`
	Title              string      `json:"title"` // the main one
	TitleLanguage      string      `json:"title_language"`
	Signed             string      `json:"signed"` // EDTF
	SignedEarliest     edtf.Day    `json:"signed_earliest"`
	SignedLatest       edtf.Day    `json:"signed_latest"`
	Place              string      `json:"place"`
	EntryCondition     string      `json:"entry_condition"`
	Depositary         string      `json:"depositary"`
	AuthenticLanguages string      `json:"authentic_languages"`
	Summary            string      `json:"summary"`
	NotificationNumber string      `json:"notification_number"` // the depositary's
	TakesEffect        string      `json:"takes_effect"`        // on signature, on a date, on a condition; empty is not stated
	Chart              string      `json:"chart"`               // how fully the acts of the parties are recorded; empty is not stated
	Further            FurtherList `json:"further"`             // what the source says beside
	Unread             UnreadList  `json:"unread"`              // values of the source that could not be read
	Version            int         `json:"version"`
	RecordedAt         time.Time   `json:"recorded_at"`
	RevisedAt          time.Time   `json:"revised_at"`
	WithdrawnAt        *time.Time  `json:"withdrawn_at"`
	WithdrawnReason    string      `json:"withdrawn_reason"`
	MergedInto         *int64      `json:"-"`              // the record that stands for both
	DatedEarliest      edtf.Day    `json:"dated_earliest"` // signature, or else the first date known
	DatedLatest        edtf.Day    `json:"dated_latest"`
	Bilateral          bool        `json:"bilateral"`
	Parties            string      `json:"parties"` // codes joined with ;
	SearchTitle        string      `json:"-"`
	Restricted         bool        `json:"restricted"` // to those who sign in

	Outcome  *status.Outcome `json:"-" gorm:"-"` // where it stood over all days, where that was read
	Warnings []Warning       `json:"-" gorm:"-"` // read with the outcome
	AsAt     edtf.Day        `json:"-" gorm:"-"` // the day as at which it was read

	asRecorded bool // the agreement as it stood at an earlier moment, and what others did to it then
	elsewhere  surroundings

	Titles          []Title            `json:"titles"`
	Participations  []Participation    `json:"participations"`
	Acts            []Act              `json:"acts"`
	ValidityPeriods []ValidityPeriod   `json:"validity_periods"`
	Meetings        []AgreementMeeting `json:"meetings"`
	Relations       []Relation         `json:"relations"`
	Subjects        []Subject          `json:"subjects"`
	ExternalIDs     []ExternalID       `json:"external_ids"`
	Sources         []Source           `json:"sources"`
}

// An AgreementDraft is what a form or a client says of an agreement: every field as
// typed. The names are those of the form, the JSON, the table and the problems
// reported by Check. The latest revision of a record is its draft.
type AgreementDraft struct {
	Titles             []TitleDraft         `json:"titles,omitempty" form:"titles" jsonschema:"required"`
	Kind               string               `json:"kind,omitempty" form:"kind" max:"40"`
	Level              string               `json:"level,omitempty" form:"level" max:"40"`
	Binding            string               `json:"binding,omitempty" form:"binding" max:"40"`
	Participations     []ParticipationDraft `json:"participations,omitempty" form:"participations" jsonschema:"required"`
	Signed             string               `json:"signed,omitempty" form:"signed" max:"100"`
	Place              string               `json:"place,omitempty" form:"place" max:"4000"`
	ValidityPeriods    []PeriodDraft        `json:"validity_periods,omitempty" form:"validity_periods"`
	EntryCondition     string               `json:"entry_condition,omitempty" form:"entry_condition" max:"4000"`
	TakesEffect        string               `json:"takes_effect,omitempty" form:"takes_effect" max:"40"`
	Chart              string               `json:"chart,omitempty" form:"chart" max:"40"`
	Acts               []ActDraft           `json:"acts,omitempty" form:"acts"`
	Meetings           []MeetingLinkDraft   `json:"meetings,omitempty" form:"meetings"`
	Relations          []RelationDraft      `json:"relations,omitempty" form:"relations"`
	Subjects           []string             `json:"subjects,omitempty" form:"subjects" max:"1000"`
	Depositary         string               `json:"depositary,omitempty" form:"depositary" max:"4000"`
	AuthenticLanguages string               `json:"authentic_languages,omitempty" form:"authentic_languages" max:"1000"`
	Summary            string               `json:"summary,omitempty" form:"summary" max:"40000"`
	NotificationNumber string               `json:"notification_number,omitempty" form:"notification_number" max:"1000"`
	ExternalIDs        []ExternalIDDraft    `json:"external_ids,omitempty" form:"external_ids"`
	Sources            []SourceDraft        `json:"sources,omitempty" form:"sources"`
	Further            FurtherList          `json:"further,omitempty" form:"further"`
	Unread             UnreadList           `json:"unread,omitempty" form:"unread"`
	Restricted         bool                 `json:"restricted,omitempty" form:"restricted"` // to those who sign in
}

// A FieldKind is what a scalar field holds.
type FieldKind int

// What a scalar field can hold.
const (
	TextField   FieldKind = iota // a line
	LinesField                   // a text of several lines
	ListField                    // several values in a line
	DateField                    // a date as written, EDTF
	ChoiceField                  // a value of a closed list
)

// A FieldPlace is where a form asks for a field, and a page shows it.
type FieldPlace int

// Where fields stand.
const (
	PlaceApart    FieldPlace = iota // at a place of their own
	PlaceValidity                   // with the periods of validity
	PlaceMore                       // with what not every agreement has
)

// A Field is a scalar field of an agreement: a row of the table that drafts, forms,
// pages, imports, exports, search, bulk edits and merges read.
type Field struct {
	Name     string // in forms, JSON, tables, problems, and in the key of its label
	Kind     FieldKind
	Choices  []string // the closed list, of a choice
	Optional bool     // a choice that may be left open
	Place    FieldPlace
	Edited   bool                            // many records can be changed in it at once
	Searched bool                            // its words are searched, among those that weigh least
	Means    string                          // what it holds, for who reads a table or the description of the API
	Words    []string                        // what columns of others call it
	Draft    func(d *AgreementDraft) *string // where it stands in a draft
	Record   func(a *Agreement) *string      // where it stands in a record
}

// Fields are the scalar fields of an agreement, in the order of lists and tables.
var Fields = []Field{
	{Name: "kind", Kind: ChoiceField, Choices: Kinds, Edited: true, Means: "Kind of agreement",
		Words: []string{"kind", "type", "art", "вид", "тип", "typeagree", "agreement type", "treaty type",
			"type of agreement", "nature"},
		Draft: func(d *AgreementDraft) *string { return &d.Kind }, Record: func(a *Agreement) *string { return &a.Kind }},
	{Name: "level", Kind: ChoiceField, Choices: Levels, Edited: true,
		Means: "Who concluded it: interstate, intergovernmental, interagency, unknown",
		Words: []string{"level", "ebene", "уровень"},
		Draft: func(d *AgreementDraft) *string { return &d.Level }, Record: func(a *Agreement) *string { return &a.Level }},
	{Name: "binding", Kind: ChoiceField, Choices: Bindings, Edited: true,
		Means:  "Whether it binds in law: yes, no, unknown",
		Words:  []string{"binding", "verbindlich", "обязательность"},
		Draft:  func(d *AgreementDraft) *string { return &d.Binding },
		Record: func(a *Agreement) *string { return &a.Binding }},
	{Name: "signed", Kind: DateField, Means: "Date of signature",
		Words: []string{"signing date", "sign date", "date sign", "date signature", "date of conclusion", "conclusion date", "date of adoption", "date de signature", "fecha de firma",
			"firma", "data di firma", "data firma", "data da assinatura", "data podpisania", "podpisano", "unterzeichnungsdatum",
			"abschlussdatum", "дата подписания", "signed", "date of signature", "signature date", "date signed", "signature",
			"unterzeichnet", "unterzeichnet am", "datum der unterzeichnung", "unterzeichnung", "подписан", "подписано", "signed on",
			"date", "data", "fecha", "datum", "дата", "begin", "dat", "adopted", "concluded"},
		Draft: func(d *AgreementDraft) *string { return &d.Signed }, Record: func(a *Agreement) *string { return &a.Signed }},
	{Name: "place", Edited: true, Means: "Place of signature; several parted by semicolons",
		Words: []string{"place", "location", "place of signature", "ort", "unterzeichnungsort", "место", "место подписания",
			"lieu", "city", "signed at", "place signed", "lieu de signature", "lugar", "lugar de firma", "luogo", "luogo di firma",
			"local", "miejsce", "miejsce podpisania"},
		Draft: func(d *AgreementDraft) *string { return &d.Place }, Record: func(a *Agreement) *string { return &a.Place }},
	{Name: "entry_condition", Place: PlaceValidity, Edited: true, Searched: true, Means: "Condition of entry into force",
		Words: []string{"entry condition", "condition of entry into force", "bedingung des inkrafttretens",
			"условие вступления в силу"},
		Draft:  func(d *AgreementDraft) *string { return &d.EntryCondition },
		Record: func(a *Agreement) *string { return &a.EntryCondition }},
	{Name: "depositary", Place: PlaceMore, Edited: true, Searched: true, Means: "Depositary",
		Words:  []string{"depositary", "depository", "depositar", "verwahrer", "депозитарий"},
		Draft:  func(d *AgreementDraft) *string { return &d.Depositary },
		Record: func(a *Agreement) *string { return &a.Depositary }},
	{Name: "authentic_languages", Kind: ListField, Place: PlaceMore, Edited: true, Means: "Authentic languages",
		Words:  []string{"languages", "authentic languages", "sprachen", "sprache", "языки", "язык"},
		Draft:  func(d *AgreementDraft) *string { return &d.AuthenticLanguages },
		Record: func(a *Agreement) *string { return &a.AuthenticLanguages }},
	{Name: "summary", Kind: LinesField, Place: PlaceMore, Searched: true, Means: "Summary",
		Words: []string{"summary", "description", "zusammenfassung", "beschreibung", "краткое содержание", "описание",
			"note", "notes", "comment",
			"comments", "bemerkung"},
		Draft:  func(d *AgreementDraft) *string { return &d.Summary },
		Record: func(a *Agreement) *string { return &a.Summary }},
	{Name: "notification_number", Place: PlaceMore, Edited: true, Searched: true,
		Means:  "Number of the depositary's notification",
		Words:  []string{"notification number", "depositary notification", "notifikation", "номер уведомления депозитария"},
		Draft:  func(d *AgreementDraft) *string { return &d.NotificationNumber },
		Record: func(a *Agreement) *string { return &a.NotificationNumber }},
	{Name: "takes_effect", Kind: ChoiceField, Choices: status.TakesEffects, Optional: true, Place: PlaceValidity, Edited: true,
		Means:  "How it takes effect: signature, date, condition; empty where that is not stated",
		Words:  []string{"takes effect", "taking effect", "wirksam", "вступает в силу"},
		Draft:  func(d *AgreementDraft) *string { return &d.TakesEffect },
		Record: func(a *Agreement) *string { return &a.TakesEffect }},
	{Name: "chart", Kind: ChoiceField, Choices: status.Charts, Optional: true, Place: PlaceMore, Edited: true,
		Means: "How fully the acts of the parties are recorded: complete, exceptions (only of parties that fared otherwise than the rest), partial; empty where that is not stated",
		Words: []string{"chart", "chart of acts", "akte der parteien", "таблица действий"},
		Draft: func(d *AgreementDraft) *string { return &d.Chart }, Record: func(a *Agreement) *string { return &a.Chart }},
}

// FieldNamed is the scalar field of a name, or nil.
func FieldNamed(name string) *Field {
	if i := slices.IndexFunc(Fields, func(f Field) bool { return f.Name == name }); i >= 0 {
		return &Fields[i]
	}
	return nil
}

// FieldsAt are the scalar fields that stand at a place, in their order.
func FieldsAt(place FieldPlace) (list []Field) {
	for _, f := range Fields {
		if f.Place == place {
			list = append(list, f)
		}
	}
	return list
}

// fieldNames are the names of the scalar fields that are wanted.
func fieldNames(wanted func(f Field) bool) (names []string) {
	for _, f := range Fields {
		if wanted(f) {
			names = append(names, f.Name)
		}
	}
	return names
}
