package models

import (
	"slices"
	"strconv"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"
)

// A searchTable holds the documents of one kind of thing.
type searchTable string

const (
	searchAgreements searchTable = "search_agreements"
	searchPeople     searchTable = "search_people"
	searchMeetings   searchTable = "search_meetings"
)

// A document is what a search finds a thing by: words of three weights, and texts
// to be inflected by their language.
type document struct {
	id     int64
	dated  edtf.Day
	title  [][]string // each text's words
	names  []string   // party codes, people, institutions, places, numbers
	body   [][]string
	titles []TitleDraft
}

// longestBody is how many words of an agreement's summary, sources and the like are
// searched.
const longestBody = 20000

// document is what an agreement is found by; said is what its documents say.
func (a *Agreement) document(spellings map[int64][]string, said ...string) document {
	d := document{id: a.ID, dated: a.DatedEarliest, names: []string{strconv.FormatInt(a.ID, 10)}}
	for _, t := range a.Titles {
		d.title = append(d.title, search.Tokens(t.Text))
		d.titles = append(d.titles, TitleDraft{Language: t.Language, Text: t.Text})
	}
	add := func(texts ...string) {
		for _, text := range texts {
			d.names = append(d.names, search.Tokens(text)...)
		}
	}
	for _, p := range a.Participations {
		d.names = append(d.names, "p="+strings.ToLower(p.Party))
		add(p.Institution)
		for _, sig := range p.Signatories {
			add(sig.Office)
			for _, name := range append(spellings[sig.PersonID], sig.Person) {
				d.names = append(d.names, search.NameTokens(name)...)
			}
		}
	}
	d.names = append(d.names, search.NameTokens(a.Place)...)
	for _, subject := range a.Subjects {
		add(subject.Text)
	}
	for _, e := range a.ExternalIDs {
		add(e.Scheme, e.Value)
	}
	for _, m := range a.Meetings {
		if m.Meeting != nil {
			add(m.Meeting.Title, m.Meeting.Series)
		}
	}
	for _, f := range slices.Backward(Fields) { // the longest first: a summary is not cut off by what else there is
		if f.Searched {
			d.body = append(d.body, search.Tokens(*f.Record(a)))
		}
	}
	for _, f := range a.Further {
		d.body = append(d.body, search.Tokens(f.Value))
	}
	for _, src := range a.Sources {
		d.body = append(d.body, search.Tokens(src.Publisher), search.Tokens(src.Title), search.Tokens(src.Quotation))
	}
	for _, text := range said {
		d.body = append(d.body, search.Tokens(text))
	}
	left := longestBody
	for i, words := range d.body {
		d.body[i] = words[:min(len(words), left)]
		left -= len(d.body[i])
	}
	seen := map[string]bool{}
	d.names = slices.DeleteFunc(d.names, func(w string) bool {
		twice := seen[w]
		seen[w] = true
		return twice
	})
	return d
}

// document is what a person is found by: every spelling.
func (p *Person) document() document {
	d := document{id: p.ID}
	for _, n := range p.Names {
		d.title = append(d.title, search.Tokens(n.Text))
		d.names = append(d.names, search.NameTokens(n.Text)...)
	}
	slices.Sort(d.names)
	d.names = slices.Compact(d.names)
	return d
}

// document is what a meeting is found by.
func (m *Meeting) document() document {
	return document{id: m.ID, dated: orElse(m.HeldEarliest, m.HeldLatest),
		title: [][]string{search.Tokens(m.Title), search.Tokens(m.Series)},
		names: search.NameTokens(m.Place), body: [][]string{search.Tokens(m.Agenda)}, titles: []TitleDraft{{Text: m.Title}}}
}
