package models

import (
	"context"
	"fmt"
	"strings"
	"time"

	"chancery/models/edtf"
	"chancery/models/search"

	"gorm.io/gorm"
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
	Version      int      `json:"version"`
	Folded       string   `json:"-"`

	Participants []MeetingParticipant `json:"participants"`
}

// HeldDate is when the meeting was held, as written and bounded.
func (m *Meeting) HeldDate() edtf.Date {
	return edtf.Date{Written: m.Held, Earliest: m.HeldEarliest, Latest: m.HeldLatest, Interval: strings.Contains(m.Held, "/")}
}

// A MeetingParticipant took part: a party, an institution of it, a person, or any of these together.
type MeetingParticipant struct {
	MeetingID   int64  `json:"-"`
	Position    int    `json:"-"`
	Party       Code   `json:"party"`
	Institution string `json:"institution"`
	PersonID    *int64 `json:"person_id"`
	Person      string `json:"person"`
}

// A MeetingDraft is a meeting as typed. Participants stand one a line: a party, a person, or party; institution; person.
type MeetingDraft struct {
	Title        string `json:"title,omitempty" form:"title" max:"4000"`
	Kind         string `json:"kind,omitempty" form:"kind" max:"40"`
	Series       string `json:"series,omitempty" form:"series" max:"1000"`
	Held         string `json:"held,omitempty" form:"held" max:"100"`
	Place        string `json:"place,omitempty" form:"place" max:"4000"`
	Host         string `json:"host,omitempty" form:"host" max:"1000"`
	Participants string `json:"participants,omitempty" form:"participants" max:"40000"`
	Agenda       string `json:"agenda,omitempty" form:"agenda" max:"40000"`
}

func (m MeetingLinkDraft) meeting() MeetingDraft {
	return MeetingDraft{m.Title, m.Kind, m.Series, m.Held, m.Place, m.Host, m.Participants, ""}
}

func (m MeetingLinkDraft) participants() []MeetingParticipant { return m.meeting().participants() }

// participants reads the lines; a line of one part may be a party or a person, which the resolver tells apart.
func (m MeetingDraft) participants() (list []MeetingParticipant) {
	for line := range strings.Lines(m.Participants) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		parts := append(strings.SplitN(line, ";", 3), "", "")
		list = append(list, MeetingParticipant{Party: Code(strings.TrimSpace(parts[0])), Institution: strings.TrimSpace(parts[1]), Person: strings.TrimSpace(parts[2])})
	}
	return list
}

func (m *MeetingDraft) tidy() {
	trim(&m.Title, &m.Kind, &m.Series, &m.Held, &m.Place, &m.Host, &m.Participants, &m.Agenda)
	setDefault(&m.Kind, "meeting")
}

// buildMeeting checks a draft and makes its row; fields of problems carry the prefix.
func (r *resolver) buildMeeting(d MeetingDraft, prefix string, problems Invalid) (*Meeting, error) {
	d.tidy()
	m := &Meeting{Title: d.Title, Kind: oneOf(d.Kind, MeetingKinds, prefix+"kind", problems), Series: d.Series, Place: d.Place,
		Agenda: d.Agenda, Version: 1, Folded: search.Fold(d.Title + " " + d.Series + " " + d.Place)}
	if d.Title == "" {
		problems.add(prefix+"title", "required")
	}
	if date, ok := readDate(d.Held, prefix+"held", true, problems); ok {
		m.Held, m.HeldEarliest, m.HeldLatest = date.Written, date.Earliest, date.Latest
	}
	if d.Host != "" {
		m.Host = Code(r.party(d.Host, prefix+"host", problems))
	}
	for i, p := range d.participants() {
		p.Position = i
		if len(r.parties[partyKey(string(p.Party))]) == 0 && p.Institution == "" && p.Person == "" {
			p.Person, p.Party = string(p.Party), ""
		} else {
			p.Party = Code(r.party(string(p.Party), prefix+"participants", problems))
		}
		if p.Person != "" && len(problems) == 0 {
			id, err := r.person(p.Person)
			if err != nil {
				return nil, err
			}
			p.PersonID = &id
		}
		m.Participants = append(m.Participants, p)
	}
	return m, nil
}

// newMeeting writes a meeting that a draft describes.
func (r *resolver) newMeeting(d MeetingDraft, prefix string, problems Invalid) (*Meeting, error) {
	m, err := r.buildMeeting(d, prefix, problems)
	if err != nil || len(problems) > 0 || r.dry {
		return m, err
	}
	return m, m.create(r.tx, r.engine)
}

// create writes a meeting that is not there yet, with all that belongs to it.
func (m *Meeting) create(tx *gorm.DB, e engine) error {
	if err := tx.Omit("Participants").Create(m).Error; err != nil {
		return err
	}
	return m.writeParts(tx, e)
}

// writeParts writes the participants and the event of a meeting, and what a search finds it by; the event shows while no agreement names the meeting.
func (m *Meeting) writeParts(tx *gorm.DB, e engine) error {
	if err := e.write(tx, searchMeetings, []document{m.document()}); err != nil {
		return err
	}
	for _, clear := range []string{"DELETE FROM meeting_participants WHERE meeting_id = ?", "DELETE FROM events WHERE meeting_id = ? AND agreement_id IS NULL"} {
		if err := tx.Exec(clear, m.ID).Error; err != nil {
			return err
		}
	}
	for i := range m.Participants {
		m.Participants[i].MeetingID = m.ID
	}
	if err := insertAll(tx, m.Participants); err != nil || m.Held == "" {
		return err
	}
	return tx.Create(&eventRow{MeetingID: &m.ID, Event: "meeting", Date: m.Held, DateEarliest: orElse(m.HeldEarliest, m.HeldLatest),
		DateLatest: orElse(m.HeldLatest, m.HeldEarliest), KnownFrom: edtf.FirstDay, Place: m.Place}).Error
}

func findMeeting(tx *gorm.DB, id int64) (*Meeting, error) {
	var found []Meeting
	err := tx.Preload("Participants", func(db *gorm.DB) *gorm.DB { return db.Order("position") }).Where("id = ?", id).Find(&found).Error
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return &found[0], nil
}

// Meeting reads one meeting with its participants.
func (s *Store) Meeting(ctx context.Context, id int64) (*Meeting, error) {
	m, err := findMeeting(s.reader(ctx), id)
	if err != nil {
		return nil, fmt.Errorf("reading meeting %d: %w", id, err)
	}
	return m, nil
}

// Meetings lists meetings, the latest first, whose title, series or place has the text; after is the last one's
// number of the page before, 0 for the first page.
func (s *Store) Meetings(ctx context.Context, text string, after int64, limit int) (list []Meeting, total int64, err error) {
	query := s.reader(ctx).Model(&Meeting{})
	if folded := search.Fold(text); folded != "" {
		query = query.Where(`folded LIKE ? ESCAPE '\'`, likeWithin(folded))
	}
	if err = query.Session(&gorm.Session{}).Count(&total).Error; err == nil {
		page := query.Session(&gorm.Session{})
		if after > 0 {
			page = page.Where(`(coalesce(held_earliest, ''), id) < (SELECT coalesce(held_earliest, ''), id FROM meetings WHERE id = ?)`, after)
		}
		err = page.Order("coalesce(held_earliest, '') DESC, id DESC").Limit(limit).Find(&list).Error
	}
	if err != nil {
		return nil, 0, fmt.Errorf("listing meetings: %w", err)
	}
	return list, total, nil
}

// RecordMeeting checks a draft and writes it as a new meeting.
func (s *Store) RecordMeeting(ctx context.Context, draft MeetingDraft, change Change) (int64, error) {
	var id int64
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		m, err := s.meetingFrom(tx, draft)
		if err != nil {
			return err
		}
		if err := m.create(tx, s.engine); err != nil {
			return err
		}
		id = m.ID
		return writeRevision(tx, "meeting", fmt.Sprint(id), 1, "recorded", change, s.Now(), draft)
	})
	if err != nil {
		return 0, fmt.Errorf("recording a meeting: %w", err)
	}
	return id, nil
}

func (s *Store) meetingFrom(tx *gorm.DB, draft MeetingDraft) (*Meeting, error) {
	draft.tidy()
	problems := Invalid{}
	if checkLengths(draft, problems); len(problems) > 0 {
		return nil, problems
	}
	r := s.newResolver(tx)
	typed := []string{draft.Host}
	for _, p := range draft.participants() {
		typed = append(typed, string(p.Party))
	}
	if err := r.lookUp(typed); err != nil {
		return nil, err
	}
	m, err := r.buildMeeting(draft, "", problems)
	if err != nil {
		return nil, err
	}
	return m, problems.orNil()
}

func writeRevision(tx *gorm.DB, subject, key string, number int, action string, change Change, now time.Time, draft any) error {
	rev, err := newRevision(subject, key, number, action, change, now, draft)
	if err != nil {
		return err
	}
	return tx.Create(&rev).Error
}

// ReviseMeeting writes a draft over a meeting that is still at the version that was read; the timelines of its
// agreements follow.
func (s *Store) ReviseMeeting(ctx context.Context, id int64, version int, draft MeetingDraft, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		if err := claimVersion(tx, "meetings", "id", id, version); err != nil {
			return err
		}
		m, err := s.meetingFrom(tx, draft)
		if err != nil {
			return err
		}
		m.ID, m.Version = id, version+1
		if err := tx.Omit("Participants").Save(m).Error; err != nil {
			return err
		}
		if err := m.writeParts(tx, s.engine); err != nil {
			return err
		}
		if err := writeRevision(tx, "meeting", fmt.Sprint(id), version+1, "revised", change, s.Now(), draft); err != nil {
			return err
		}
		var agreements []int64
		if err := tx.Raw("SELECT agreement_id FROM agreement_meetings WHERE meeting_id = ?", id).Scan(&agreements).Error; err != nil {
			return err
		}
		return s.rederiveAll(tx, agreements)
	})
	if err != nil {
		return fmt.Errorf("revising meeting %d: %w", id, err)
	}
	return nil
}

// claimVersion raises the version of a row that is still at the one that was read.
func claimVersion(tx *gorm.DB, table, key string, id any, version int) error {
	done := tx.Exec("UPDATE "+table+" SET version = version + 1 WHERE "+key+" = ? AND version = ?", id, version)
	if done.Error != nil || done.RowsAffected == 1 {
		return done.Error
	}
	var current int
	if err := tx.Raw("SELECT version FROM "+table+" WHERE "+key+" = ?", id).Scan(&current).Error; err != nil {
		return err
	}
	if current == 0 {
		return ErrNotFound
	}
	return &Conflict{version, current}
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
	return MeetingDraft{m.Title, m.Kind, m.Series, m.Held, m.Place, string(m.Host), strings.Join(lines, "\n"), m.Agenda}
}
