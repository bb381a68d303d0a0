package press

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"chancery/models"
)

// A Filled is an agreement's form filled in from a report, and where each value was
// read: by the field's path, as in models.AgreementDraft
// ("participations[0].party").
type Filled struct {
	Draft models.AgreementDraft
	Read  map[string]Value
}

// Fill fills the form from one instrument. The report becomes its source: a row for
// each sentence, with the facts that the sentence supports.
func (d Draft) Fill(n int, text string) Filled {
	in := d.Instruments[n]
	f := Filled{Read: map[string]Value{}}
	quotes := map[Span][]string{} // facts by sentence
	put := func(path, fact string, v *Value) string {
		if v == nil || v.Value == "" {
			return ""
		}
		f.Read[path] = *v
		if fact != "" && !slices.Contains(quotes[v.Sentence], fact) {
			quotes[v.Sentence] = append(quotes[v.Sentence], fact)
		}
		return v.Value
	}
	a := &f.Draft
	title := in.Title
	if title == nil {
		title = d.Headline
	}
	a.Titles = []models.TitleDraft{{Text: upperFirst(put("titles[0].text", "title", title)), Language: d.Language}}
	a.Kind = put("kind", "", &in.Kind)
	a.Level = put("level", "", in.Level)
	for i, p := range in.Parties {
		path := fmt.Sprintf("participations[%d].", i)
		row := models.ParticipationDraft{Party: put(path+"party", "parties", &p.Value),
			Institution: put(path+"institution", "", p.Institution)}
		for _, s := range in.Signatories {
			if s.Party == p.Value.Value {
				at := fmt.Sprintf("%ssignatories[%d].", path, len(row.Signatories))
				row.Signatories = append(row.Signatories, models.SignatoryDraft{Person: put(at+"person", "signatories", &s.Value),
					Office: put(at+"office", "", s.Office)})
			}
		}
		a.Participations = append(a.Participations, row)
	}
	a.Signed = put("signed", "signed", in.Signed)
	a.Place = put("place", "place", in.Place)
	a.ValidityPeriods = fillPeriods(in.Valid, put)
	if in.Occasion != nil {
		relation := "signed-at"
		if in.Occasion.Sure {
			relation = "in-the-margins-of"
		}
		m := models.MeetingLinkDraft{Title: put("meetings[0].title", "meeting", in.Occasion), Relation: relation,
			Held: a.Signed, Kind: meetingKind(in.Occasion.Value)}
		a.Meetings = []models.MeetingLinkDraft{m}
	}
	a.Sources = d.sources(quotes, text)
	return f
}

// fillPeriods makes a period of a validity.
func fillPeriods(valid *Value, put func(path, fact string, v *Value) string) []models.PeriodDraft {
	if valid == nil {
		return nil
	}
	from, until, ok := strings.Cut(valid.Value, "/")
	if !ok {
		until = from
	}
	if from = strings.TrimPrefix(from, ".."); from != "" {
		put("validity_periods[0].valid_from", "validity", valid)
	}
	put("validity_periods[0].valid_until", "validity", valid)
	return []models.PeriodDraft{{ValidFrom: from, ValidUntil: strings.TrimPrefix(until, ".."), Basis: "term"}}
}

// sources are a row of the report for each sentence that supports facts.
func (d Draft) sources(quotes map[Span][]string, text string) (rows []models.SourceDraft) {
	source := models.SourceDraft{URL: d.URL, Language: d.Language}
	if d.Headline != nil {
		source.Title = d.Headline.Value
	}
	if d.Publisher != nil {
		source.Publisher = d.Publisher.Value
	}
	if d.Published != nil {
		source.Published = d.Published.Value
	}
	for _, sentence := range slices.SortedFunc(maps.Keys(quotes),
		func(a, b Span) int { return cmp.Compare(a.Start, b.Start) }) {
		row := source
		row.Quotation = strings.Join(strings.Fields(text[sentence.Start:min(sentence.End, len(text))]), " ")
		row.Supports = quotes[sentence]
		rows = append(rows, row)
	}
	return rows
}

// meetingKind is the kind of a meeting by its name; "meeting" where none is named.
func meetingKind(name string) string {
	low := strings.ToLower(name)
	for _, k := range [][2]string{{"visit", "visit"}, {"besuch", "visit"}, {"визит", "visit"}, {"summit", "summit"},
		{"gipfel", "summit"}, {"саммит", "summit"}, {"conferen", "conference"}, {"konferenz", "conference"},
		{"конференц", "conference"},
		{"session", "session"}, {"sitzung", "session"}, {"tagung", "session"}, {"заседани", "session"}, {"сесси", "session"},
		{"talks", "negotiation"}, {"negotiat", "negotiation"}, {"verhandlung", "negotiation"}, {"gespräch", "negotiation"},
		{"переговор", "negotiation"}} {
		if strings.Contains(low, k[0]) {
			return k[1]
		}
	}
	return "meeting"
}

// Paths are the values of a draft in those fields that a reading fills, by their
// paths.
func Paths(d models.AgreementDraft) map[string]string {
	values := map[string]string{"kind": d.Kind, "level": d.Level, "signed": d.Signed, "place": d.Place}
	if len(d.Titles) > 0 {
		values["titles[0].text"] = d.Titles[0].Text
	}
	for i, p := range d.Participations {
		path := fmt.Sprintf("participations[%d].", i)
		values[path+"party"], values[path+"institution"] = p.Party, p.Institution
		for j, s := range p.Signatories {
			at := fmt.Sprintf("%ssignatories[%d].", path, j)
			values[at+"person"], values[at+"office"] = s.Person, s.Office
		}
	}
	if len(d.ValidityPeriods) > 0 {
		values["validity_periods[0].valid_from"], values["validity_periods[0].valid_until"] = d.ValidityPeriods[0].ValidFrom,
			d.ValidityPeriods[0].ValidUntil
	}
	if len(d.Meetings) > 0 {
		values["meetings[0].title"] = d.Meetings[0].Title
	}
	return values
}

// A Piece is a part of the text, with the fields that were read from it.
type Piece struct {
	Text   string
	Fields []string // paths, the narrowest value first; none for what was not read
	Sure   bool
}

// Pieces part the text where values begin and end.
func (f Filled) Pieces(text string) (pieces []Piece) {
	cuts := []int{0, len(text)}
	for _, v := range f.Read {
		cuts = append(cuts, min(v.Start, len(text)), min(v.End, len(text)))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	paths := slices.SortedFunc(maps.Keys(f.Read), func(a, b string) int {
		x, y := f.Read[a], f.Read[b]
		return cmp.Or(cmp.Compare(x.End-x.Start, y.End-y.Start), cmp.Compare(a, b))
	})
	for i := 0; i+1 < len(cuts); i++ {
		p := Piece{Text: text[cuts[i]:cuts[i+1]], Sure: true}
		for _, path := range paths {
			if v := f.Read[path]; v.Start <= cuts[i] && cuts[i+1] <= v.End {
				p.Fields = append(p.Fields, path)
				p.Sure = p.Sure && v.Sure
			}
		}
		if n := len(pieces); n > 0 && slices.Equal(pieces[n-1].Fields, p.Fields) {
			pieces[n-1].Text += p.Text
			continue
		}
		pieces = append(pieces, p)
	}
	return pieces
}
