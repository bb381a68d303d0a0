package models

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Take puts what another draft says in place of what this one says of the same: of
// titles by language, of parties by party, of acts by party and type, of external
// identifiers by list, of sources by address or name. What the other says nothing
// of stays.
func (d *AgreementDraft) Take(from AgreementDraft) {
	for _, f := range Fields {
		setWhereSaid(f.Draft(d), *f.Draft(&from))
	}
	d.takeTitles(from.Titles)
	d.takeParticipations(from.Participations)
	d.takeActs(from.Acts)
	d.takePeriods(from.ValidityPeriods)
	for _, r := range from.Relations {
		if !slices.Contains(d.Relations, r) {
			d.Relations = append(d.Relations, r)
		}
	}
	if len(from.Subjects) > 0 {
		d.Subjects = from.Subjects
	}
	for _, e := range from.ExternalIDs {
		if i := slices.IndexFunc(d.ExternalIDs, func(o ExternalIDDraft) bool { return o.Scheme == e.Scheme }); i >= 0 {
			d.ExternalIDs[i] = e
		} else {
			d.ExternalIDs = append(d.ExternalIDs, e)
		}
	}
	for _, s := range from.Sources {
		d.takeSource(s)
	}
	d.takeFurther(from.Further)
	d.takeUnread(from)
}

// takeUnread takes the marks of what could not be read, and drops those of fields
// that the other draft says.
func (d *AgreementDraft) takeUnread(from AgreementDraft) {
	d.Unread = slices.DeleteFunc(slices.Clone(d.Unread), func(u UnreadValue) bool {
		return u.Field == "signed" && from.Signed != "" ||
			u.Field == UnknownParties && len(from.Participations) > 0 ||
			strings.HasPrefix(u.Field, "validity_periods") && len(from.ValidityPeriods) > 0
	})
	for _, u := range from.Unread {
		if !slices.Contains(d.Unread, u) {
			d.Unread = append(d.Unread, u)
		}
	}
	if len(d.Unread) == 0 {
		d.Unread = nil
	}
}

// setWhereSaid puts a value into a field, if there is one.
func setWhereSaid(field *string, value string) {
	if value != "" {
		*field = value
	}
}

// takeTitles takes titles by their languages.
func (d *AgreementDraft) takeTitles(titles []TitleDraft) {
	for _, t := range titles {
		i := slices.IndexFunc(d.Titles, func(o TitleDraft) bool { return o.Language == t.Language })
		if i < 0 {
			d.Titles = append(d.Titles, t)
			continue
		}
		d.Titles[i].Text, d.Titles[i].Authentic = t.Text, d.Titles[i].Authentic || t.Authentic
	}
}

// takeParticipations takes parties by their codes.
func (d *AgreementDraft) takeParticipations(participations []ParticipationDraft) {
	for _, p := range participations {
		i := slices.IndexFunc(d.Participations, func(o ParticipationDraft) bool { return o.Party == p.Party })
		if i < 0 {
			d.Participations = append(d.Participations, p)
			continue
		}
		setWhereSaid(&d.Participations[i].Role, p.Role)
		setWhereSaid((*string)(&d.Participations[i].Side), string(p.Side))
		setWhereSaid(&d.Participations[i].Institution, p.Institution)
		d.Participations[i].Signatories = takeSignatories(d.Participations[i].Signatories, p.Signatories)
	}
}

// takeActs takes acts: those of a party and type stand for all that were there of
// both.
func (d *AgreementDraft) takeActs(from []ActDraft) {
	if len(from) == 0 {
		return
	}
	replaced := map[[2]string]bool{}
	for _, a := range from {
		replaced[[2]string{a.Party, a.Type}] = true
	}
	acts := slices.DeleteFunc(slices.Clone(d.Acts), func(a ActDraft) bool { return replaced[[2]string{a.Party, a.Type}] })
	d.Acts = inOrder(d.Acts, append(acts, from...))
}

// takePeriods takes periods by their places.
func (d *AgreementDraft) takePeriods(periods []PeriodDraft) {
	for i, p := range periods {
		if i >= len(d.ValidityPeriods) {
			d.ValidityPeriods = append(d.ValidityPeriods, p)
			continue
		}
		o := &d.ValidityPeriods[i]
		setWhereSaid(&o.ValidFrom, p.ValidFrom)
		setWhereSaid(&o.ValidUntil, p.ValidUntil)
		setWhereSaid(&o.Basis, p.Basis)
		setWhereSaid(&o.Renewal, p.Renewal)
		setWhereSaid((*string)(&o.RenewalMonths), string(p.RenewalMonths))
		setWhereSaid((*string)(&o.NoticeMonths), string(p.NoticeMonths))
		setWhereSaid(&o.CountedFrom, p.CountedFrom)
	}
}

// takeSource takes a source by its address, or without one by its name.
func (d *AgreementDraft) takeSource(s SourceDraft) {
	i := slices.IndexFunc(d.Sources, func(o SourceDraft) bool {
		if s.URL != "" || o.URL != "" {
			return o.URL == s.URL
		}
		return o.Publisher == s.Publisher && o.Title == s.Title
	})
	if i < 0 {
		d.Sources = append(d.Sources, s)
		return
	}
	o := &d.Sources[i]
	setWhereSaid(&o.Publisher, s.Publisher)
	setWhereSaid(&o.Title, s.Title)
	setWhereSaid(&o.Language, s.Language)
	setWhereSaid(&o.Published, s.Published)
	setWhereSaid(&o.Time, s.Time)
	setWhereSaid(&o.Accessed, s.Accessed)
	setWhereSaid(&o.Quotation, s.Quotation)
	if len(s.Supports) > 0 {
		o.Supports = s.Supports
	}
}

// takeSignatories puts what is said of people in place of what was said of the same
// ones.
func takeSignatories(list, from []SignatoryDraft) []SignatoryDraft {
	for _, s := range from {
		i := slices.IndexFunc(list, func(o SignatoryDraft) bool { return o.Person == s.Person })
		if i < 0 {
			list = append(list, s)
			continue
		}
		o := &list[i]
		for to, value := range map[*string]string{&o.Office: s.Office, &o.Signed: s.Signed, &o.Place: s.Place} {
			if value != "" {
				*to = value
			}
		}
		o.FullPowers = o.FullPowers || s.FullPowers
	}
	return list
}

// inOrder sorts acts as they stood before where they stood there, so that acts that
// come again change nothing.
func inOrder(before, acts []ActDraft) []ActDraft {
	place := func(a ActDraft) int {
		if i := slices.Index(before, a); i >= 0 {
			return i
		}
		return len(before)
	}
	slices.SortStableFunc(acts, func(a, b ActDraft) int { return place(a) - place(b) })
	return acts
}

// sameDraft tells whether two drafts say the same.
func sameDraft(a, b AgreementDraft) bool {
	one, err := json.Marshal(a)
	if err != nil {
		return false
	}
	other, err := json.Marshal(b)
	return err == nil && bytes.Equal(one, other)
}

// cloneOf copies a draft with all its lists.
func cloneOf(d AgreementDraft) (AgreementDraft, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	return cloneDraft(text)
}
