package models

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Take puts what another draft says in place of what this one says of the same: of
// titles by language, of parties by party, of acts by party and type, of external
// identifiers by list, of sources by address or name. What the other says nothing
// of stays.
func (d *AgreementDraft) Take(from AgreementDraft) {
	set := func(field *string, value string) {
		if value != "" {
			*field = value
		}
	}
	for _, f := range Fields {
		set(f.Draft(d), *f.Draft(&from))
	}
	for _, t := range from.Titles {
		i := slices.IndexFunc(d.Titles, func(o TitleDraft) bool { return o.Language == t.Language })
		if i < 0 {
			d.Titles = append(d.Titles, t)
			continue
		}
		d.Titles[i].Text, d.Titles[i].Authentic = t.Text, d.Titles[i].Authentic || t.Authentic
	}
	for _, p := range from.Participations {
		i := slices.IndexFunc(d.Participations, func(o ParticipationDraft) bool { return o.Party == p.Party })
		if i < 0 {
			d.Participations = append(d.Participations, p)
			continue
		}
		set(&d.Participations[i].Role, p.Role)
		set(&d.Participations[i].Institution, p.Institution)
		d.Participations[i].Signatories = takeSignatories(d.Participations[i].Signatories, p.Signatories)
	}
	replaced := map[[2]string]bool{}
	for _, a := range from.Acts {
		replaced[[2]string{a.Party, a.Type}] = true
	}
	if len(from.Acts) > 0 {
		acts := slices.DeleteFunc(slices.Clone(d.Acts), func(a ActDraft) bool { return replaced[[2]string{a.Party, a.Type}] })
		d.Acts = inOrder(d.Acts, append(acts, from.Acts...))
	}
	for i, p := range from.ValidityPeriods {
		if i >= len(d.ValidityPeriods) {
			d.ValidityPeriods = append(d.ValidityPeriods, p)
			continue
		}
		o := &d.ValidityPeriods[i]
		set(&o.ValidFrom, p.ValidFrom)
		set(&o.ValidUntil, p.ValidUntil)
		set(&o.Basis, p.Basis)
		set(&o.Renewal, p.Renewal)
		set((*string)(&o.RenewalMonths), string(p.RenewalMonths))
		set((*string)(&o.NoticeMonths), string(p.NoticeMonths))
	}
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
		same := func(o SourceDraft) bool {
			return s.URL != "" && o.URL == s.URL || s.URL == "" && o.URL == "" && o.Publisher == s.Publisher &&
				o.Title == s.Title
		}
		if i := slices.IndexFunc(d.Sources, same); i < 0 {
			d.Sources = append(d.Sources, s)
		} else {
			o := &d.Sources[i]
			set(&o.Publisher, s.Publisher)
			set(&o.Title, s.Title)
			set(&o.Language, s.Language)
			set(&o.Published, s.Published)
			set(&o.Accessed, s.Accessed)
			set(&o.Quotation, s.Quotation)
			if len(s.Supports) > 0 {
				o.Supports = s.Supports
			}
		}
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

func cloneOf(d AgreementDraft) (AgreementDraft, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	return cloneDraft(text)
}
