package models

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A TitleDraft is a title as typed; the first is the main one.
type TitleDraft struct {
	Language  string `json:"language,omitempty" form:"language" max:"35"`
	Text      string `json:"text,omitempty" form:"text" max:"4000" jsonschema:"required"`
	Authentic bool   `json:"authentic,omitempty" form:"authentic"`
}

// A ParticipationDraft is a party as typed: any of its names or codes.
type ParticipationDraft struct {
	Party       string           `json:"party,omitempty" form:"party" max:"1000" jsonschema:"required"`
	Role        string           `json:"role,omitempty" form:"role" max:"40"`
	Side        Number           `json:"side,omitempty" form:"side" max:"20"` // 1 or 2 of an agreement of two sides
	Institution string           `json:"institution,omitempty" form:"institution" max:"2000"`
	Signatories []SignatoryDraft `json:"signatories,omitempty" form:"signatories"`
}

// A SignatoryDraft is a person who signs, as typed.
type SignatoryDraft struct {
	Person     string `json:"person,omitempty" form:"person" max:"1000" jsonschema:"required"`
	Office     string `json:"office,omitempty" form:"office" max:"2000"`
	Signed     string `json:"signed,omitempty" form:"signed" max:"100"`
	Place      string `json:"place,omitempty" form:"place" max:"4000"`
	FullPowers bool   `json:"full_powers,omitempty" form:"full_powers"`
}

// An ActDraft is an act as typed; without a party it is one of all.
type ActDraft struct {
	Party     string `json:"party,omitempty" form:"party" max:"1000"`
	Type      string `json:"type,omitempty" form:"type" max:"40" jsonschema:"required"`
	Date      string `json:"date,omitempty" form:"date" max:"100"`           // may be unknown
	Effective string `json:"effective,omitempty" form:"effective" max:"100"` // the first day of the new state
	Until     string `json:"until,omitempty" form:"until" max:"100"`         // of an extension, the new end
	Territory string `json:"territory,omitempty" form:"territory" max:"2000"`
	Note      string `json:"note,omitempty" form:"note" max:"10000"`
	Source    string `json:"source,omitempty" form:"source" max:"4000"` // the act's own: an address or a name
	Quotation string `json:"quotation,omitempty" form:"quotation" max:"40000"`
}

// A PeriodDraft is a period as typed; valid_from may hold an interval (2026/2027)
// when valid_until is empty.
type PeriodDraft struct {
	ValidFrom     string `json:"valid_from,omitempty" form:"valid_from" max:"100"`
	ValidUntil    string `json:"valid_until,omitempty" form:"valid_until" max:"100"`
	Basis         string `json:"basis,omitempty" form:"basis" max:"40"`
	Renewal       string `json:"renewal,omitempty" form:"renewal" max:"40"`
	RenewalMonths Number `json:"renewal_months,omitempty" form:"renewal_months" max:"20"`
	NoticeMonths  Number `json:"notice_months,omitempty" form:"notice_months" max:"20"`
	CountedFrom   string `json:"counted_from,omitempty" form:"counted_from" max:"100"` // terms, where not from the beginning
}

// A MeetingLinkDraft names a meeting by its number, or describes a new one.
type MeetingLinkDraft struct {
	Meeting      Number `json:"meeting,omitempty" form:"meeting" max:"20"`
	Relation     string `json:"relation,omitempty" form:"relation" max:"40"`
	Title        string `json:"title,omitempty" form:"title" max:"4000"`
	Kind         string `json:"kind,omitempty" form:"kind" max:"40"`
	Series       string `json:"series,omitempty" form:"series" max:"1000"`
	Held         string `json:"held,omitempty" form:"held" max:"100"`
	Place        string `json:"place,omitempty" form:"place" max:"4000"`
	Host         string `json:"host,omitempty" form:"host" max:"1000"`
	Participants string `json:"participants,omitempty" form:"participants" max:"40000"` // one a line
}

// A RelationDraft names another agreement by its register number.
type RelationDraft struct {
	Type   string `json:"type,omitempty" form:"type" max:"40" jsonschema:"required"`
	Target Number `json:"target,omitempty" form:"target" max:"20" jsonschema:"required"`
}

// An ExternalIDDraft is an identifier elsewhere, as typed.
type ExternalIDDraft struct {
	Scheme string `json:"scheme,omitempty" form:"scheme" max:"100" jsonschema:"required"`
	Value  string `json:"value,omitempty" form:"value" max:"1000" jsonschema:"required"`
}

// A SourceDraft is a source as typed.
type SourceDraft struct {
	URL       string   `json:"url,omitempty" form:"url" max:"4000"`
	Publisher string   `json:"publisher,omitempty" form:"publisher" max:"1000"`
	Title     string   `json:"title,omitempty" form:"title" max:"4000"`
	Language  string   `json:"language,omitempty" form:"language" max:"35"`
	Published string   `json:"published,omitempty" form:"published" max:"100"`
	Time      string   `json:"published_time,omitempty" form:"published_time" max:"20"` // 14:24, as the source gives it
	Accessed  string   `json:"accessed,omitempty" form:"accessed" max:"100"`
	Quotation string   `json:"quotation,omitempty" form:"quotation" max:"40000"`
	Supports  FactList `json:"supports,omitempty" form:"supports" max:"40"`
}

// A Number is a whole number as typed: kept as text until Check has seen it, read
// from a JSON number or string.
type Number string

// UnmarshalJSON takes 12 and "12".
func (n *Number) UnmarshalJSON(b []byte) error {
	*n = Number(strings.Trim(string(b), `"`))
	if *n == "null" {
		*n = ""
	}
	return nil
}

// MarshalJSON writes a JSON number where it is one.
func (n Number) MarshalJSON() ([]byte, error) {
	if v, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return strconv.AppendInt(nil, v, 10), nil
	}
	return []byte(strconv.Quote(string(n))), nil
}

// Int reads the number; an empty or bad one is 0.
func (n Number) Int() int64 {
	v, _ := strconv.ParseInt(strings.TrimSpace(string(n)), 10, 64)
	return v
}

// leading keeps the number at the head of what a suggestion puts into the field:
// "1042 · Treaty on …" is 1042.
func (n Number) leading() Number {
	text := strings.TrimSpace(string(n))
	if head, _, ok := strings.Cut(text, " · "); ok {
		text = head
	}
	return Number(text)
}

// bad tells whether something was typed that is no whole number from 0 to
// 2,147,483,647.
func (n Number) bad() bool {
	_, err := strconv.ParseUint(string(n), 10, 31)
	return n != "" && err != nil
}

// A FactList names the facts a source supports; in the table and the JSON it is one
// text joined with spaces.
type FactList []string

// UnmarshalJSON takes "signed place" and ["signed", "place"].
func (f *FactList) UnmarshalJSON(b []byte) error {
	var list []string
	if json.Unmarshal(b, &list) == nil {
		*f = list
		return nil
	}
	var text string
	err := json.Unmarshal(b, &text)
	*f = strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	return err
}

// MarshalText writes the list as one text.
func (f FactList) MarshalText() ([]byte, error) { return []byte(strings.Join(f, " ")), nil }

// Tidy trims every field, drops the rows in which nothing is filled in, and puts in
// the defaults of a form that was left alone. It changes no word of what was typed.
func (d *AgreementDraft) Tidy() {
	for _, f := range Fields {
		trim(f.Draft(d))
	}
	for _, date := range d.Dates() {
		tidyDates(date)
	}
	setDefault(&d.Kind, "agreement")
	setDefault(&d.Level, "unknown")
	setDefault(&d.Binding, "unknown")
	d.tidyTitles()
	d.tidyParticipations()
	d.tidyPeriods()
	for i := range d.Acts {
		a := &d.Acts[i]
		trim(&a.Party, &a.Type, &a.Date, &a.Effective, &a.Until, &a.Territory, &a.Note, &a.Source, &a.Quotation)
		if endless(a.Until) {
			a.Until = ""
		}
	}
	// a row of the form of which only the type stands there, as a list has it, is empty
	d.Acts = slices.DeleteFunc(d.Acts, func(a ActDraft) bool {
		return a == ActDraft{} || a == ActDraft{Type: formAct} || a == ActDraft{Party: a.Party}
	})
	for i := range d.Meetings {
		m := &d.Meetings[i]
		m.Meeting = m.Meeting.leading()
		trim(&m.Relation, &m.Title, &m.Kind, &m.Series, &m.Held, &m.Place, &m.Host, &m.Participants)
		setDefault(&m.Relation, "signed-at")
	}
	d.Meetings = slices.DeleteFunc(d.Meetings, func(m MeetingLinkDraft) bool {
		return m.Meeting == "" && m.Title+m.Series+m.Held+m.Place+m.Host+m.Participants == ""
	})
	for i := range d.Relations {
		d.Relations[i].Target = d.Relations[i].Target.leading()
	}
	d.Relations = slices.DeleteFunc(d.Relations, func(r RelationDraft) bool { return r.Target == "" })
	d.Subjects = splitList(d.Subjects)
	for i := range d.ExternalIDs {
		trim(&d.ExternalIDs[i].Scheme, &d.ExternalIDs[i].Value)
	}
	d.ExternalIDs = slices.DeleteFunc(d.ExternalIDs, func(e ExternalIDDraft) bool {
		return e.Value == "" &&
			e.Scheme == ""
	})
	d.tidyFurther()
	d.Unread = slices.DeleteFunc(d.Unread, func(u UnreadValue) bool { return strings.TrimSpace(u.Value) == "" })
	for i := range d.Sources {
		s := &d.Sources[i]
		trim(&s.URL, &s.Publisher, &s.Title, &s.Language, &s.Published, &s.Time, &s.Accessed, &s.Quotation)
	}
	d.Sources = slices.DeleteFunc(d.Sources, func(s SourceDraft) bool {
		return s.URL+s.Publisher+s.Title+s.Published+s.Accessed+s.Quotation == ""
	})
	for i := range d.Sources { // of facts that were taken away
		d.Sources[i].Supports = slices.DeleteFunc(d.Sources[i].Supports, func(fact string) bool {
			return strings.HasSuffix(fact, "]") && !d.holds(fact)
		})
	}
}

// tidyTitles drops titles without a text; a language that is not said is
// undetermined.
func (d *AgreementDraft) tidyTitles() {
	for i := range d.Titles {
		trim(&d.Titles[i].Language, &d.Titles[i].Text)
	}
	d.Titles = slices.DeleteFunc(d.Titles, func(t TitleDraft) bool { return t.Text == "" })
	for i := range d.Titles {
		setDefault(&d.Titles[i].Language, "und")
	}
}

// tidyParticipations drops rows in which neither a party nor anybody who signed is
// named.
func (d *AgreementDraft) tidyParticipations() {
	for i := range d.Participations {
		p := &d.Participations[i]
		trim(&p.Party, &p.Role, &p.Institution)
		setDefault(&p.Role, "party")
		for j := range p.Signatories {
			s := &p.Signatories[j]
			trim(&s.Person, &s.Office, &s.Signed, &s.Place)
		}
		p.Signatories = slices.DeleteFunc(p.Signatories, func(s SignatoryDraft) bool {
			return s.Person+s.Office+s.Signed+s.Place == ""
		})
	}
	d.Participations = slices.DeleteFunc(d.Participations, func(p ParticipationDraft) bool {
		return p.Party+p.Institution == "" && len(p.Signatories) == 0
	})
}

// formAct is the type of act that a form's empty row stands at.
var formAct = status.ActTypes[0]

// endless tells a date that stands for none: tables write 9999-12-31, 2899-01-01
// and the like where there is no end.
func endless(written string) bool {
	d, err := edtf.ParsePoint(written)
	return err == nil && d.Earliest.Year() >= 2800
}

// tidyPeriods drops empty periods, and parts an interval that stands in one field.
func (d *AgreementDraft) tidyPeriods() {
	for i := range d.ValidityPeriods {
		p := &d.ValidityPeriods[i]
		trim(&p.ValidFrom, &p.ValidUntil, &p.Basis, &p.Renewal, &p.CountedFrom)
		p.RenewalMonths, p.NoticeMonths = monthsIn(p.RenewalMonths), monthsIn(p.NoticeMonths)
		if from, until, ok := strings.Cut(p.ValidFrom, "/"); ok && p.ValidUntil == "" {
			p.ValidFrom, p.ValidUntil = strings.TrimSuffix(from, ".."), strings.TrimSuffix(until, "..")
		}
		p.ValidUntil = termEnd(p.ValidUntil, cmp.Or(p.ValidFrom, d.Signed))
		if endless(p.ValidUntil) {
			p.ValidUntil = ""
		}
		setDefault(&p.Basis, "term")
		setDefault(&p.Renewal, "none")
	}
	d.ValidityPeriods = slices.DeleteFunc(d.ValidityPeriods, func(p PeriodDraft) bool {
		return p.ValidFrom+p.ValidUntil == ""
	})
}

// holds tells whether a name, such as acts[2], is that of a single fact of the
// draft.
func (d *AgreementDraft) holds(fact string) bool {
	list, rest, _ := strings.Cut(fact, "[")
	i, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	n := map[string]int{"titles": len(d.Titles), "participations": len(d.Participations), "acts": len(d.Acts),
		"validity_periods": len(d.ValidityPeriods), "meetings": len(d.Meetings), "relations": len(d.Relations)}[list]
	return err == nil && strings.HasSuffix(rest, "]") && 0 <= i && i < n
}
