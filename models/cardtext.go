package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
func (a *Agreement) cardText(outcome *status.Outcome, from surroundings) string {
	whole := spansText(outcome.Whole)
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
		if own, there := outcome.Parties[p.Party]; there {
			if text := spansText(own); text != whole {
				line += " " + text
			}
		}
		parties = append(parties, line)
	}
	for _, c := range outcome.Continued {
		parties = append(parties, c.By+" "+continuedName+" "+spansText(c.Spells))
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
		inPlace:     strings.Join(a.places(), "\n"),
		inSubjects:  list(subjects),
		inPeople:    list(people),
		inMeetings:  list(meetings),
		inSeries:    list(series),
		inLanguages: list(languages),
		inSpans:     whole,
		inParties:   strings.Join(parties, "\n"),
		inCuts:      cutsText(outcome.Between),
		inWork:      strconv.Itoa(int(a.work(outcome, from))),
	}, "\t")
}

// places are those of signature, which stand in one text, parted by semicolons.
func (a *Agreement) places() (list []string) {
	for place := range strings.SplitSeq(a.Place, ";") {
		if place = oneLine(strings.TrimSpace(place)); place != "" && !slices.Contains(list, place) {
			list = append(list, place)
		}
	}
	return list
}

// spansText writes spells as "2025-11-05=10;2026-01-01=2", the state by its code; -
// is none but proposed.
func spansText(spells []status.Spell) string {
	var parts []string
	last := int(proposedCode)
	for _, s := range spells {
		if code := s.Code(); code != last {
			parts, last = append(parts, fmt.Sprintf("%s=%d", s.From, code)), code
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ";")
}

// cutsText writes between which parties a later agreement took this one's place, a
// line each: "BE NL 2001-01-01=14".
func cutsText(cuts []status.Cut) string {
	lines := make([]string, 0, len(cuts))
	for _, c := range cuts {
		lines = append(lines, fmt.Sprintf("%s %s %s=%d", c.A, c.B, c.From, status.State{Status: c.Status}.Code()))
	}
	return strings.Join(lines, "\n")
}
