package models

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"chancery/models/edtf"
	"chancery/models/status"
)

// build checks a tidied draft and makes the rows of its agreement; resolved texts
// (a party's code, a meeting's number) are written back into the draft, which
// becomes the revision.
func (r *resolver) build(d *AgreementDraft) (*Agreement, Invalid, error) {
	problems := Invalid{}
	if !r.lenient { // what was recorded is read as it is
		if checkLengths(d, problems); len(problems) > 0 {
			return nil, problems, nil
		}
	}
	a := &Agreement{Restricted: d.Restricted, Unread: d.Unread, Further: buildFurther(d, problems)}
	for _, f := range Fields {
		switch typed := *f.Draft(d); f.Kind {
		case ChoiceField:
			if typed == "" && f.Optional {
				continue
			}
			*f.Record(a) = oneOf(typed, f.Choices, f.Name, problems)
		case DateField: // has bounds as well, below
		default:
			*f.Record(a) = typed
		}
	}
	r.buildTitles(a, d, problems)
	if date, ok := readDate(d.Signed, "signed", true, problems); ok {
		a.Signed, a.SignedEarliest, a.SignedLatest = date.Written, date.Earliest, date.Latest
	}
	r.on = a.SignedLatest
	if err := r.buildParticipations(a, d, problems); err != nil {
		return nil, nil, err
	}
	r.buildActs(a, d, problems)
	buildPeriods(a, d, problems)
	if err := r.buildMeetings(a, d, problems); err != nil {
		return nil, nil, err
	}
	r.buildRelations(a, d, problems)
	for i, text := range d.Subjects {
		a.Subjects = append(a.Subjects, Subject{Position: i, Text: text})
	}
	r.buildExternalIDs(a, d, problems)
	buildSources(a, d, problems)
	a.signFromSignatories()
	if first, _ := a.dated(); first == "" && r.askAll && !problems.has("signed", "validity_periods", "acts", "participations") {
		problems.add("signed", "one_date")
	}
	if len(problems) == 0 {
		a.deriveColumns()
	}
	return a, problems, nil
}

// has tells whether a field, or one within it, has a problem. Too few parties do
// not count: the rows that are there are right.
func (e Invalid) has(prefixes ...string) bool {
	for field := range e {
		for _, p := range prefixes {
			if strings.HasPrefix(field, p) && e[field].Code != "two_parties" {
				return true
			}
		}
	}
	return false
}

// buildTitles makes the rows of titles; the first is the agreement's own.
func (r *resolver) buildTitles(a *Agreement, d *AgreementDraft, problems Invalid) {
	if len(d.Titles) == 0 {
		problems.add("titles[0].text", "required")
		return
	}
	for i, t := range d.Titles {
		if _, err := language.Parse(t.Language); err != nil {
			problems.add(fmt.Sprintf("titles[%d].language", i), "language", "value", t.Language)
		}
		a.Titles = append(a.Titles, Title{Position: i, Language: t.Language, Text: t.Text, Authentic: t.Authentic})
	}
	a.Title, a.TitleLanguage = d.Titles[0].Text, d.Titles[0].Language
}

// buildParticipations makes the rows of parties and of who signed for them.
func (r *resolver) buildParticipations(a *Agreement, d *AgreementDraft, problems Invalid) error {
	seen := map[string]bool{}
	for i := range d.Participations {
		p := &d.Participations[i]
		field := fmt.Sprintf("participations[%d].", i)
		if p.Party == "" {
			problems.add(field+"party", "required")
			continue
		}
		r.another = false
		code := r.party(p.Party, field+"party", problems)
		if code == "" {
			continue
		}
		if mark := (UnreadValue{ImportDoubt, p.Party}); r.another && !slices.Contains(d.Unread, mark) {
			d.Unread = append(d.Unread, mark)
			a.Unread = d.Unread
		}
		if seen[code] {
			problems.add(field+"party", "party_twice", "value", p.Party)
			continue
		}
		seen[code], p.Party = true, code
		row := Participation{Party: code, Position: i, Role: oneOf(p.Role, Roles, field+"role", problems),
			Institution: p.Institution, Side: int(p.Side.Int())}
		if p.Side.bad() || row.Side > 2 {
			problems.add(field+"side", "choice", "value", string(p.Side), "choices", "1, 2")
		}
		if p.Institution != "" && len(problems) == 0 {
			id, err := r.institution(code, p.Institution)
			if err != nil {
				return err
			}
			row.InstitutionID = &id
		}
		for j := range p.Signatories {
			s, err := r.signatory(&p.Signatories[j], j, fmt.Sprintf("%ssignatories[%d].", field, j), problems)
			if err != nil {
				return err
			}
			row.Signatories = append(row.Signatories, s)
		}
		a.Participations = append(a.Participations, row)
	}
	if parties := len(d.Participations); parties < 2 && r.askAll {
		problems.add(fmt.Sprintf("participations[%d].party", parties), "two_parties")
	}
	return nil
}

// signatory makes the row of somebody who signed.
func (r *resolver) signatory(s *SignatoryDraft, position int, field string, problems Invalid) (row Signatory,
	err error) {
	row = Signatory{Position: position, Person: s.Person, Office: s.Office, Place: s.Place, FullPowers: s.FullPowers}
	if s.Person == "" {
		problems.add(field+"person", "required")
	}
	if date, ok := readDate(s.Signed, field+"signed", false, problems); ok {
		row.Signed, row.SignedEarliest, row.SignedLatest = date.Written, date.Earliest, date.Latest
	}
	if len(problems) == 0 {
		row.PersonID, err = r.person(s.Person)
	}
	return row, err
}

// signFromSignatories dates an agreement that has no date of its own by those of
// its signatories: their day, or the span from the first to the last when each side
// signs on its own.
func (a *Agreement) signFromSignatories() {
	if a.Signed != "" {
		return
	}
	var first, last edtf.Date
	for _, p := range a.Participations {
		for _, s := range p.Signatories {
			if s.Signed == "" {
				continue
			}
			d := edtf.Date{Written: s.Signed, Earliest: s.SignedEarliest, Latest: s.SignedLatest}
			if !first.Known() || d.Earliest < first.Earliest {
				first = d
			}
			if !last.Known() || d.Latest > last.Latest {
				last = d
			}
		}
	}
	if !first.Known() {
		return
	}
	a.Signed, a.SignedEarliest, a.SignedLatest = first.Written, first.Earliest, last.Latest
	if first.Written != last.Written {
		a.Signed = first.Written + "/" + last.Written
		if _, err := edtf.ParseDate(a.Signed); err != nil {
			a.Signed = string(first.Earliest) + "/" + string(last.Latest)
		}
	}
}

// buildActs makes the rows of acts; one of a party must be of a party that takes
// part.
func (r *resolver) buildActs(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i := range d.Acts {
		act := &d.Acts[i]
		field := fmt.Sprintf("acts[%d].", i)
		row := Act{Position: i, Type: status.ActType(oneOf(act.Type, status.ActTypes, field+"type", problems)),
			Territory: act.Territory, Note: act.Note, Source: act.Source, Quotation: act.Quotation}
		if act.Party != "" {
			if code := r.party(act.Party, field+"party", problems); code != "" {
				if !slices.ContainsFunc(a.Participations, func(p Participation) bool { return p.Party == code }) {
					problems.add(field+"party", "not_a_party", "value", act.Party)
				}
				act.Party, row.Party = code, code
			}
		}
		if date, ok := readDate(act.Date, field+"date", false, problems); ok {
			row.Date, row.DateEarliest, row.DateLatest = date.Written, date.Earliest, date.Latest
		}
		if date, ok := readDate(act.Effective, field+"effective", false, problems); ok {
			row.Effective, row.EffectiveEarliest, row.EffectiveLatest = date.Written, date.Earliest, date.Latest
		}
		if date, ok := readDate(act.Until, field+"until", false, problems); ok {
			row.Until, row.UntilEarliest, row.UntilLatest = date.Written, date.Earliest, date.Latest
		}
		a.Acts = append(a.Acts, row)
	}
}

// buildPeriods makes the rows of periods; a partial bound is the whole of it.
func buildPeriods(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, p := range d.ValidityPeriods {
		field := fmt.Sprintf("validity_periods[%d].", i)
		row := ValidityPeriod{Position: i, Basis: oneOf(p.Basis, Bases, field+"basis", problems),
			Renewal: oneOf(p.Renewal, Renewals, field+"renewal", problems)}
		if from, ok := readDate(p.ValidFrom, field+"valid_from", false, problems); ok {
			row.ValidFrom, row.FromDay = from.Written, from.Earliest
		}
		if until, ok := readDate(p.ValidUntil, field+"valid_until", false, problems); ok {
			row.ValidUntil, row.UntilDay = until.Written, until.Latest
		}
		if row.FromDay != "" && row.UntilDay != "" && row.FromDay > row.UntilDay {
			problems.add(field+"valid_until", "date_order", "value", p.ValidUntil)
		}
		if from, ok := readDate(p.CountedFrom, field+"counted_from", false, problems); ok {
			row.CountedFrom = from.Written
		}
		row.RenewalMonths = months(p.RenewalMonths, field+"renewal_months", problems)
		row.NoticeMonths = months(p.NoticeMonths, field+"notice_months", problems)
		if p.Renewal == "tacit" && row.RenewalMonths == 0 {
			problems.add(field+"renewal_months", "renewal_length")
		}
		a.ValidityPeriods = append(a.ValidityPeriods, row)
	}
}

// months reads a number of months that a field may hold.
func months(n Number, field string, problems Invalid) int {
	if n.bad() || n.Int() > 1200 {
		problems.add(field, "months", "value", string(n))
		return 0
	}
	return int(n.Int())
}

// buildMeetings makes the links to meetings, and the meetings that are described.
func (r *resolver) buildMeetings(a *Agreement, d *AgreementDraft, problems Invalid) error {
	r.restricted = d.Restricted
	for i := range d.Meetings {
		m := &d.Meetings[i]
		field := fmt.Sprintf("meetings[%d].", i)
		oneOf(m.Relation, MeetingRelations, field+"relation", problems)
		var meeting *Meeting
		if m.Meeting != "" {
			if meeting = r.meetings[m.Meeting.Int()]; meeting == nil || m.Meeting.bad() {
				problems.add(field+"meeting", "unknown_meeting", "value", string(m.Meeting))
				continue
			}
		} else {
			built, err := r.newMeeting(m.meeting(), field, problems)
			if err != nil {
				return err
			}
			meeting = built
		}
		if len(problems) > 0 || meeting.ID == 0 {
			continue
		}
		*m = MeetingLinkDraft{Meeting: Number(fmt.Sprint(meeting.ID)), Relation: m.Relation}
		a.Meetings = append(a.Meetings, AgreementMeeting{MeetingID: meeting.ID, Position: i, Relation: m.Relation,
			Meeting: meeting})
	}
	return nil
}

// buildRelations makes the links to other agreements, which must be there and be
// others.
func (r *resolver) buildRelations(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, rel := range d.Relations {
		field := fmt.Sprintf("relations[%d].", i)
		oneOf(rel.Type, RelationTypes, field+"type", problems)
		target := rel.Target.Int()
		switch {
		case rel.Target.bad() || !r.targets[target] && !r.lenient:
			problems.add(field+"target", "unknown_agreement", "value", string(rel.Target))
		case target == r.self:
			problems.add(field+"target", "itself")
		case slices.ContainsFunc(a.Relations, func(o Relation) bool { return o.Type == rel.Type && o.TargetID == target }):
			problems.add(field+"target", "stated_twice")
		default:
			a.Relations = append(a.Relations, Relation{Position: i, Type: rel.Type, TargetID: target})
		}
	}
}

// buildExternalIDs makes the rows of identifiers; one belongs to one agreement
// alone.
func (r *resolver) buildExternalIDs(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, e := range d.ExternalIDs {
		field := fmt.Sprintf("external_ids[%d].", i)
		if e.Scheme == "" {
			problems.add(field+"scheme", "required")
		}
		if e.Value == "" {
			problems.add(field+"value", "required")
		}
		row := ExternalID{Position: i, Scheme: e.Scheme, Value: e.Value}
		taken := r.taken[ExternalID{Scheme: e.Scheme, Value: e.Value}]
		twice := slices.ContainsFunc(a.ExternalIDs, func(o ExternalID) bool {
			return o.Scheme == e.Scheme &&
				o.Value == e.Value
		})
		if taken != 0 && taken != r.self && !r.lenient || twice {
			problems.add(field+"value", "taken", "value", e.Value, "agreement", fmt.Sprint(taken))
		}
		a.ExternalIDs = append(a.ExternalIDs, row)
	}
}

// buildSources makes the rows of sources.
func buildSources(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, s := range d.Sources {
		field := fmt.Sprintf("sources[%d].", i)
		if s.URL != "" {
			u, err := url.Parse(s.URL)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
				problems.add(field+"url", "url", "value", s.URL)
			}
		}
		if s.Language != "" {
			if _, err := language.Parse(s.Language); err != nil {
				problems.add(field+"language", "language", "value", s.Language)
			}
		}
		if _, err := time.Parse("15:04", s.Time); s.Time != "" && err != nil {
			problems.add(field+"published_time", "time", "value", s.Time)
		}
		published, _ := readDate(s.Published, field+"published", false, problems)
		accessed, _ := readDate(s.Accessed, field+"accessed", false, problems)
		for _, fact := range s.Supports {
			if !d.holds(fact) {
				oneOf(fact, SupportedFacts, field+"supports", problems)
			}
		}
		if s.URL+s.Publisher+s.Title == "" {
			problems.add(field+"publisher", "source")
		}
		a.Sources = append(a.Sources, Source{Position: i, URL: s.URL, Publisher: s.Publisher, Title: s.Title,
			Language:  s.Language,
			Published: published.Written, Time: s.Time, Accessed: accessed.Written, Quotation: s.Quotation,
			Supports: strings.Join(s.Supports, " ")})
	}
}
