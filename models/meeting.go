package models

import (
	"strconv"
	"strings"

	"chancery/models/edtf"
)

// A Meeting is an event at which agreements are prepared, signed or reviewed.
type Meeting struct {
	ID           int64    `json:"id"`
	Title        string   `json:"title"`
	Kind         string   `json:"kind"`
	Series       string   `json:"series"`
	Held         string   `json:"held"` // EDTF, one date or an interval
	HeldEarliest edtf.Day `json:"held_earliest"`
	HeldLatest   edtf.Day `json:"held_latest"`
	Place        string   `json:"place"`
	Host         Code     `json:"host"` // a party's code, or empty
	Agenda       string   `json:"agenda"`
	Relation     string   `json:"relation"` // to the related meeting, one of MeetingTies
	RelatedID    *int64   `json:"related"`  // number of a meeting that this one relates to
	Version      int      `json:"version"`
	Folded       string   `json:"-"`
	Alone        bool     `json:"-"` // recorded by itself, not along with an agreement

	RelatedTo    *Meeting             `json:"-" gorm:"foreignKey:RelatedID"`
	Participants []MeetingParticipant `json:"participants"`
}

// HeldDate is when the meeting was held, as written and bounded.
func (m *Meeting) HeldDate() edtf.Date {
	return edtf.Date{Written: m.Held, Earliest: m.HeldEarliest, Latest: m.HeldLatest,
		Interval: strings.Contains(m.Held, "/")}
}

// unrelated is the meeting without the one that it relates to.
func (m Meeting) unrelated() *Meeting {
	m.Relation, m.RelatedID, m.RelatedTo = "", nil, nil
	return &m
}

// A MeetingParticipant took part: a party, an institution of it, a person, or any
// of these together.
type MeetingParticipant struct {
	MeetingID   int64  `json:"-"`
	Position    int    `json:"-"`
	Party       Code   `json:"party"`
	Institution string `json:"institution"`
	PersonID    *int64 `json:"person_id"`
	Person      string `json:"person"`
}

// A MeetingDraft is a meeting as typed. Participants stand one a line: a party, a
// person, or party; institution; person.
type MeetingDraft struct {
	Title        string `json:"title,omitempty" form:"title" max:"4000"`
	Kind         string `json:"kind,omitempty" form:"kind" max:"40"`
	Series       string `json:"series,omitempty" form:"series" max:"1000"`
	Held         string `json:"held,omitempty" form:"held" max:"100"`
	Place        string `json:"place,omitempty" form:"place" max:"4000"`
	Host         string `json:"host,omitempty" form:"host" max:"1000"`
	Participants string `json:"participants,omitempty" form:"participants" max:"40000"`
	Agenda       string `json:"agenda,omitempty" form:"agenda" max:"40000"`
	Relation     string `json:"relation,omitempty" form:"relation" max:"40"`
	Related      Number `json:"related,omitempty" form:"related" max:"20"` // number of a meeting
}

// meeting is the meeting that a link describes.
func (m MeetingLinkDraft) meeting() MeetingDraft {
	return MeetingDraft{Title: m.Title, Kind: m.Kind, Series: m.Series, Held: m.Held, Place: m.Place, Host: m.Host,
		Participants: m.Participants}
}

func (m MeetingLinkDraft) participants() []MeetingParticipant { return m.meeting().participants() }

// participants reads the lines; a line of one part may be a party or a person,
// which the resolver tells apart.
func (m MeetingDraft) participants() (list []MeetingParticipant) {
	for line := range strings.Lines(m.Participants) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		parts := append(strings.SplitN(line, ";", 3), "", "")
		list = append(list, MeetingParticipant{Party: Code(strings.TrimSpace(parts[0])),
			Institution: strings.TrimSpace(parts[1]), Person: strings.TrimSpace(parts[2])})
	}
	return list
}

// tidy trims what was typed.
func (m *MeetingDraft) tidy() {
	trim(&m.Title, &m.Kind, &m.Series, &m.Held, &m.Place, &m.Host, &m.Participants, &m.Agenda, &m.Relation)
	tidyDates(&m.Held)
	if m.Related = m.Related.leading(); m.Related == "" {
		m.Relation = ""
	} else {
		setDefault(&m.Relation, MeetingTies[0])
	}
	setDefault(&m.Kind, "meeting")
}

// Draft is the meeting as a form shows it.
func (m *Meeting) Draft() MeetingDraft {
	var lines []string
	for _, p := range m.Participants {
		line := strings.TrimRight(string(p.Party)+"; "+p.Institution+"; "+p.Person, "; ")
		if p.Party == "" {
			line = p.Person
		}
		lines = append(lines, line)
	}
	d := MeetingDraft{Title: m.Title, Kind: m.Kind, Series: m.Series, Held: m.Held, Place: m.Place, Host: string(m.Host),
		Participants: strings.Join(lines, "\n"), Agenda: m.Agenda, Relation: m.Relation}
	if m.RelatedID != nil {
		d.Related = Number(strconv.FormatInt(*m.RelatedID, 10))
	}
	return d
}
