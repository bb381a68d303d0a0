package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"chancery/models/search"
)

// findMeeting reads a meeting with its participants; ErrNotFound when there is
// none.
func findMeeting(tx *gorm.DB, id int64) (*Meeting, error) {
	var found []Meeting
	err := tx.Preload("Participants", func(db *gorm.DB) *gorm.DB { return db.Order("position") }).Where("id = ?",
		id).Find(&found).Error
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return &found[0], nil
}

// Meeting reads one meeting with its participants.
func (s Meetings) Meeting(ctx context.Context, id int64) (*Meeting, error) {
	m, err := findMeeting(s.reader(ctx).Where(readableMeeting(ctx, "meetings.id")), id)
	if err == nil && m.RelatedID != nil {
		if e := s.visible(ctx, "meeting", fmt.Sprint(*m.RelatedID)); errors.Is(e, ErrNotFound) {
			m = m.unrelated()
		} else {
			err = e
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reading meeting %d: %w", id, err)
	}
	return m, nil
}

// List lists meetings, the latest first, whose title, series or place has the text;
// after is the last one's number of the page before, 0 for the first page.
func (s Meetings) List(ctx context.Context, text string, after int64, limit int) (list []Meeting, total int64,
	err error) {
	query := s.reader(ctx).Model(&Meeting{}).Where(readableMeeting(ctx, "meetings.id"))
	if folded := search.Fold(text); folded != "" {
		query = query.Where(`folded LIKE ? ESCAPE '\'`, likeWithin(folded))
	}
	if err = query.Session(&gorm.Session{}).Count(&total).Error; err == nil {
		page := query.Session(&gorm.Session{})
		if after > 0 {
			page = page.Where(
				`(coalesce(held_earliest, ''), id) < (SELECT coalesce(held_earliest, ''), id FROM meetings WHERE id = ?)`, after)
		}
		err = page.Order("coalesce(held_earliest, '') DESC, id DESC").Limit(limit).Find(&list).Error
	}
	if err != nil {
		return nil, 0, fmt.Errorf("listing meetings: %w", err)
	}
	return list, total, nil
}

// RecordMeeting checks a draft and writes it as a new meeting.
func (s Meetings) RecordMeeting(ctx context.Context, draft MeetingDraft, change Change) (int64, error) {
	var id int64
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		m, err := s.meetingFrom(tx, draft)
		if err != nil {
			return err
		}
		m.Alone = true
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

// meetingFrom checks a draft and makes the rows of its meeting.
func (s Meetings) meetingFrom(tx *gorm.DB, draft MeetingDraft) (*Meeting, error) {
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

// ReviseMeeting writes a draft over a meeting that is still at the version that was
// read; the timelines of its agreements follow.
func (s Meetings) ReviseMeeting(ctx context.Context, id int64, version int, draft MeetingDraft, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		if err := claimVersion(tx, "meetings", "id", id, version); err != nil {
			return err
		}
		m, err := s.meetingFrom(tx, draft)
		if err != nil {
			return err
		}
		if m.RelatedID != nil && *m.RelatedID == id {
			return Invalid{"related": {Code: "itself"}}
		}
		m.ID, m.Version = id, version+1
		if err := tx.Omit("Participants", "Alone").Save(m).Error; err != nil {
			return err
		}
		if err := m.writeParts(tx, s.engine); err != nil {
			return err
		}
		if err := writeRevision(tx, "meeting", fmt.Sprint(id), version+1, "revised", change, s.Now(), draft); err != nil {
			return err
		}
		var agreements []int64
		if err := tx.Raw("SELECT agreement_id FROM agreement_meetings WHERE meeting_id = ?",
			id).Scan(&agreements).Error; err != nil {
			return err
		}
		return s.derivation().rederiveAll(tx, agreements)
	})
	if err != nil {
		return fmt.Errorf("revising meeting %d: %w", id, err)
	}
	return nil
}
