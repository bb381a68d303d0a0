package models

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"chancery/models/search"
)

// explain says of what is shown where the words stand that are not in its title.
func (s Searches) explain(ctx context.Context, then *asRecorded, matchers []*matcher, r *Results) error {
	var ids []int64
	for _, f := range r.Agreements {
		if then.agreement(uint32(f.ID)) == nil && !r.Query.inLine(matchers, f.AgreementSummary) {
			ids = append(ids, f.ID)
		}
	}
	passages, err := s.passages(ctx, ids)
	if err != nil {
		return err
	}
	for i := range r.Agreements {
		f := &r.Agreements[i]
		if a := then.agreement(uint32(f.ID)); a != nil {
			passages[f.ID] = a.passages()
		}
		f.Where, f.Text = r.Query.place(matchers, passages[f.ID], f.AgreementSummary)
	}
	return nil
}

// A passage is a text of an agreement beside the title shown, by which it can have
// been found.
type passage struct {
	AgreementID int64
	Where       string // person, institution, title, place, subject, number, meeting, quotation, summary
	Text        string // what is shown
	More        string // what is searched beside it
}

// passages reads those of some agreements, in the order in which they explain best.
func (s Searches) passages(ctx context.Context, ids []int64) (map[int64][]passage, error) {
	by := map[int64][]passage{}
	if len(ids) == 0 {
		return by, nil
	}
	var rows []passage
	err := s.reader(ctx).Raw(`
		SELECT 0 AS rank, position, agreement_id, 'person' AS "where", person AS text, '' AS more FROM signatories WHERE agreement_id IN @ids
		UNION ALL SELECT 1, position, agreement_id, 'institution', institution, '' FROM participations WHERE institution <> '' AND agreement_id IN @ids
		UNION ALL SELECT 2, position, agreement_id, 'title', text, '' FROM titles WHERE agreement_id IN @ids
		UNION ALL SELECT 3, 0, id, 'place', place, '' FROM agreements WHERE place <> '' AND id IN @ids
		UNION ALL SELECT 4, position, agreement_id, 'subject', text, '' FROM subjects WHERE agreement_id IN @ids
		UNION ALL SELECT 5, position, agreement_id, 'number', scheme || ' ' || value, '' FROM external_ids WHERE agreement_id IN @ids
		UNION ALL SELECT 6, r.position, r.agreement_id, 'meeting', m.title, m.series FROM agreement_meetings r JOIN meetings m ON m.id = r.meeting_id WHERE r.agreement_id IN @ids
		UNION ALL SELECT 7, position, agreement_id, 'quotation', quotation, '' FROM sources WHERE quotation <> '' AND agreement_id IN @ids
		UNION ALL SELECT 8, 0, id, 'summary', summary, '' FROM agreements WHERE summary <> '' AND id IN @ids
		UNION ALL SELECT 9, CAST(d.id AS integer), d.agreement_id, 'document', d.name, d.words FROM documents d JOIN agreements a ON a.id = d.agreement_id WHERE `+found+` AND d.agreement_id IN @ids
		ORDER BY 1, 2`, map[string]any{"ids": ids}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading where the words stand: %w", err)
	}
	for _, p := range rows {
		by[p.AgreementID] = append(by[p.AgreementID], p)
	}
	return by, nil
}

// passages are the same of one that is at hand.
func (a *Agreement) passages() (list []passage) {
	var people, institutions, titles, rest []passage
	for _, p := range a.Participations {
		for _, sig := range p.Signatories {
			people = append(people, passage{Where: "person", Text: sig.Person})
		}
		institutions = append(institutions, passage{Where: "institution", Text: p.Institution})
	}
	for _, t := range a.Titles {
		titles = append(titles, passage{Where: "title", Text: t.Text})
	}
	rest = append(rest, passage{Where: "place", Text: a.Place})
	for _, subject := range a.Subjects {
		rest = append(rest, passage{Where: "subject", Text: subject.Text})
	}
	for _, e := range a.ExternalIDs {
		rest = append(rest, passage{Where: "number", Text: e.Scheme + " " + e.Value})
	}
	for _, m := range a.Meetings {
		if m.Meeting != nil {
			rest = append(rest, passage{Where: "meeting", Text: m.Meeting.Title, More: m.Meeting.Series})
		}
	}
	for _, src := range a.Sources {
		rest = append(rest, passage{Where: "quotation", Text: src.Quotation})
	}
	return slices.Concat(people, institutions, titles, append(rest, passage{Where: "summary", Text: a.Summary}))
}

// inLine tells whether the line of an agreement, its title and its parties, has all
// that is looked for.
func (q SearchQuery) inLine(matchers []*matcher, e AgreementSummary) bool {
	words := search.Tokens(e.Title)
	for i, t := range q.Terms {
		if !t.Exclude && !slices.ContainsFunc(words, matchers[i].word) && !t.names(e) {
			return false
		}
	}
	return true
}

// names tells whether a term names a party of an agreement.
func (t Term) names(e AgreementSummary) bool {
	return slices.ContainsFunc(e.Parties, func(code string) bool { return slices.Contains(t.Parties, code) })
}

// place finds the passage that has a term which the title shown does not have; a
// party named is told from the line.
func (q SearchQuery) place(matchers []*matcher, passages []passage, shown AgreementSummary) (where, text string) {
	for i, t := range q.Terms {
		has := func(text string) bool {
			return slices.ContainsFunc(search.NameWords(text), matchers[i].hits) &&
				(!t.Phrase || t.in([][]string{search.Tokens(text)}, nil))
		}
		if t.Exclude || has(shown.Title) {
			continue
		}
		if at := slices.IndexFunc(shown.Parties, func(code string) bool {
			return slices.Contains(t.Parties, code)
		}); at >= 0 {
			return "party", shown.Parties[at]
		}
		for _, p := range passages {
			switch {
			case !has(p.Text + " " + p.More):
			case p.Where == "quotation", p.Where == "summary":
				return p.Where, excerpt(p.Text, SearchQuery{[]Term{t}})
			default:
				return p.Where, p.Text
			}
		}
	}
	return "", ""
}

// excerpt is a text around the first word that was found.
func excerpt(text string, q SearchQuery) string {
	const around = 80
	before := ""
	for _, segment := range q.Mark(text) {
		if segment.Hit {
			break
		}
		before += segment.Text
	}
	runes, at := []rune(text), utf8.RuneCountInString(before)
	from, until := max(0, at-around), min(len(runes), at+2*around)
	cut := string(runes[from:until])
	if from > 0 {
		cut = "…" + cut
	}
	if until < len(runes) {
		cut += "…"
	}
	return cut
}
