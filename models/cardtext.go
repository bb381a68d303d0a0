package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// precision tells how exactly an agreement is dated.
func (a *Agreement) precision() string {
	d := a.SignedDate()
	switch {
	case !d.Known():
		return "derived"
	case strings.ContainsAny(d.Written, "?~%X/."):
		return "other"
	case len(d.Written) == len("2006-01-02"):
		return "day"
	case len(d.Written) == len("2006-01"):
		return "month"
	}
	return "year"
}

// cardText writes an agreement's card as the table holds it: fields parted by tabs,
// lists by line breaks.
func (a *Agreement) cardText(replacedOn edtf.Day) string {
	facts := a.Facts(replacedOn)
	whole := spansText(facts.Spans(""))
	var subjects, people, meetings, series, languages, parties []string
	for _, s := range a.Subjects {
		subjects = append(subjects, oneLine(s.Text))
	}
	for _, m := range a.Meetings {
		meetings = append(meetings, fmt.Sprint(m.MeetingID))
		if m.Meeting != nil && m.Meeting.Series != "" {
			series = append(series, oneLine(m.Meeting.Series))
		}
	}
	for _, t := range a.Titles {
		languages = append(languages, t.Language)
	}
	for _, p := range a.Participations {
		for _, s := range p.Signatories {
			people = append(people, fmt.Sprint(s.PersonID))
		}
		line := p.Party + " " + p.Role
		if !facts.Bilateral() {
			if own := spansText(facts.Spans(p.Party)); own != whole {
				line += " " + own
			}
		}
		parties = append(parties, line)
	}
	list := func(values []string) string {
		slices.Sort(values)
		return strings.Join(slices.Compact(values), "\n")
	}
	return strings.Join([]string{
		inKind:      a.Kind,
		inLevel:     a.Level,
		inBilateral: strconv.Itoa(bit(a.Bilateral)),
		inPrecision: a.precision(),
		inFlags:     strconv.Itoa(bit(len(a.Sources) > 0)*flagSourced + bit(a.Restricted)*flagRestricted),
		inEarliest:  string(a.DatedEarliest),
		inLatest:    string(a.DatedLatest),
		inRecorded:  strconv.FormatInt(a.RecordedAt.Unix(), 10),
		inPlace:     oneLine(a.Place),
		inSubjects:  list(subjects),
		inPeople:    list(people),
		inMeetings:  list(meetings),
		inSeries:    list(series),
		inLanguages: list(languages),
		inSpans:     whole,
		inParties:   strings.Join(parties, "\n"),
	}, "\t")
}

// spansText writes spans as "2025-11-05=8;2026-01-01=2", the state by its code; -
// is none.
func spansText(spans []status.Span) string {
	parts := make([]string, 0, len(spans)+1)
	last := edtf.LastDay
	for _, s := range spans {
		parts = append(parts, fmt.Sprintf("%s=%d", s.From, s.State.Code()))
		last = s.Until
	}
	if last < edtf.LastDay {
		parts = append(parts, fmt.Sprintf("%s=%d", last.Add(1), proposedCode))
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ";")
}
