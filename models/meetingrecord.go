package models

import (
	"strconv"

	"gorm.io/gorm"

	"chancery/models/edtf"
	"chancery/models/search"
)

// buildMeeting checks a draft and makes its row; fields of problems carry the
// prefix.
func (r *resolver) buildMeeting(d MeetingDraft, prefix string, problems Invalid) (*Meeting, error) {
	d.tidy()
	m := &Meeting{Title: d.Title, Kind: oneOf(d.Kind, MeetingKinds, prefix+"kind", problems), Series: d.Series,
		Place:  d.Place,
		Agenda: d.Agenda, Version: 1, Folded: search.Fold(d.Title + " " + d.Series + " " + d.Place)}
	if d.Title == "" {
		problems.add(prefix+"title", "required")
	}
	if date, ok := readDate(d.Held, prefix+"held", true, problems); ok {
		m.Held, m.HeldEarliest, m.HeldLatest = date.Written, date.Earliest, date.Latest
	}
	if d.Related != "" {
		id := d.Related.Int()
		oneOf(d.Relation, MeetingTies, prefix+"relation", problems)
		var there int64
		if err := r.tx.Raw("SELECT count(*) FROM meetings WHERE id = ?", id).Scan(&there).Error; err != nil {
			return nil, err
		}
		if d.Related.bad() || there == 0 {
			problems.add(prefix+"related", "unknown_meeting", "value", string(d.Related))
		}
		m.Relation, m.RelatedID = d.Relation, &id
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

// newMeeting writes a meeting that the draft of an agreement describes, with its
// first revision.
func (r *resolver) newMeeting(d MeetingDraft, prefix string, problems Invalid) (*Meeting, error) {
	m, err := r.buildMeeting(d, prefix, problems)
	if err != nil || len(problems) > 0 || r.dry {
		return m, err
	}
	if err := m.create(r.tx, r.engine); err != nil {
		return m, err
	}
	rev, err := newRevision("meeting", strconv.FormatInt(m.ID, 10), 1, "recorded", r.change, r.now, d)
	if err != nil {
		return m, err
	}
	rev.Restricted = r.restricted
	return m, r.tx.Create(&rev).Error
}

// create writes a meeting that is not there yet, with all that belongs to it.
func (m *Meeting) create(tx *gorm.DB, e engine) error {
	if err := tx.Omit("Participants").Create(m).Error; err != nil {
		return err
	}
	return m.writeParts(tx, e)
}

// writeParts writes the participants and the event of a meeting, and what a search
// finds it by; the event shows while no agreement names the meeting.
func (m *Meeting) writeParts(tx *gorm.DB, e engine) error {
	if err := e.write(tx, searchMeetings, []document{m.document()}); err != nil {
		return err
	}
	for _, clear := range []string{"DELETE FROM meeting_participants WHERE meeting_id = ?",
		"DELETE FROM events WHERE meeting_id = ? AND agreement_id IS NULL"} {
		if err := tx.Exec(clear, m.ID).Error; err != nil {
			return err
		}
	}
	for i := range m.Participants {
		m.Participants[i].MeetingID = m.ID
	}
	if err := insertAll(tx, m.Participants); err != nil {
		return err
	}
	return insertAll(tx, m.events())
}

// events are those of a meeting by itself.
func (m *Meeting) events() []eventRow {
	if m.Held == "" {
		return nil
	}
	return []eventRow{{MeetingID: &m.ID, Event: "meeting", Date: m.Held, DateEarliest: orElse(m.HeldEarliest, m.HeldLatest),
		DateLatest: orElse(m.HeldLatest, m.HeldEarliest), KnownFrom: edtf.FirstDay, Place: m.Place}}
}
