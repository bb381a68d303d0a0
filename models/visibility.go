package models

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// What somebody may read is decided here, for every kind of record. Who signed in reads all.
// Strangers read the agreements that are not restricted, and what one of those names:
//
//   - a person or an institution, when an agreement names it that they may read and that
//     was not withdrawn, or (a person) a meeting that they may read;
//   - a meeting, when such an agreement names it, or when it was recorded by itself and no
//     agreement names it;
//   - a revision or a document, unless it is of a time when its record was restricted and no
//     editor has opened it since.
//
// The card index keeps the restricted agreements as a set, which is the first rule again.

// readable is the condition on agreements, under an alias, that may be read.
func readable(ctx context.Context, alias string) string {
	if withRestricted(ctx) {
		return "TRUE"
	}
	return "NOT " + alias + ".restricted"
}

// readableNow is the condition on agreements, under an alias, that may be read and were not withdrawn.
func readableNow(ctx context.Context, alias string) string {
	return "(" + readable(ctx, alias) + " AND " + alias + ".withdrawn_at IS NULL)"
}

const (
	naming = "EXISTS (SELECT 1 FROM %[2]s vn JOIN agreements va ON va.id = vn.agreement_id " +
		"WHERE vn.%[3]s = %[1]s AND NOT va.restricted AND va.withdrawn_at IS NULL)"
	lone = "(EXISTS (SELECT 1 FROM meetings vm WHERE vm.id = %[1]s AND vm.alone) AND " +
		"NOT EXISTS (SELECT 1 FROM agreement_meetings vl WHERE vl.meeting_id = %[1]s))"
)

// readableMeeting is the condition on the column with a meeting's number, which bears the name
// of its table, as in the conditions below.
func readableMeeting(ctx context.Context, column string) string {
	if withRestricted(ctx) {
		return "TRUE"
	}
	return "(" + fmt.Sprintf(naming, column, "agreement_meetings", "meeting_id") + " OR " + fmt.Sprintf(lone, column) + ")"
}

// readablePerson is the condition on the column with a person's number.
func readablePerson(ctx context.Context, column string) string {
	if withRestricted(ctx) {
		return "TRUE"
	}
	return "(" + fmt.Sprintf(naming, column, "signatories", "person_id") +
		" OR EXISTS (SELECT 1 FROM meeting_participants vp WHERE vp.person_id = " + column + " AND " +
		readableMeeting(ctx, "vp.meeting_id") + "))"
}

// readableInstitution is the condition on the column with an institution's number.
func readableInstitution(ctx context.Context, column string) string {
	if withRestricted(ctx) {
		return "TRUE"
	}
	return fmt.Sprintf(naming, column, "participations", "institution_id")
}

// readablePast is the condition on revisions or documents, in a statement that reads these
// alone.
func readablePast(ctx context.Context) string {
	if withRestricted(ctx) {
		return "TRUE"
	}
	return "NOT restricted"
}

// Visible tells whether an agreement is there for who asks: the error is ErrNotFound when it
// is not, or may not be read, after the same one statement.
func (s *Store) Visible(ctx context.Context, id int64) error {
	return s.visible(ctx, "agreement", fmt.Sprint(id))
}

// visible tells the same of a record of any kind.
func (s *Store) visible(ctx context.Context, subject, key string) error {
	hidden, err := unreadable(ctx, s.reader(ctx), subject, key)
	if err == nil && hidden {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", subject, key, err)
	}
	return nil
}

// unreadable tells that a record may not be read, or that there is none.
func unreadable(ctx context.Context, tx *gorm.DB, subject, key string) (bool, error) {
	from, ok := map[string]string{
		"agreement": "agreements a WHERE " + readable(ctx, "a") + " AND a.id",
		"meeting":   "meetings m WHERE " + readableMeeting(ctx, "m.id") + " AND m.id",
		"person":    "people p WHERE " + readablePerson(ctx, "p.id") + " AND p.id",
	}[subject]
	if !ok {
		return false, nil
	}
	var there []int64
	err := tx.Raw("SELECT 1 FROM "+from+" = ?", (&Revision{SubjectKey: key}).subjectID()).Scan(&there).Error
	return len(there) == 0, err
}

// withoutUnreadable takes out of agreements that may be read what leads to records that may
// not. What others share is left as it is.
func (s *Store) withoutUnreadable(ctx context.Context, list []*Agreement) error {
	if withRestricted(ctx) {
		return nil
	}
	var targets, meetings []int64
	for _, a := range list {
		for _, r := range a.Relations {
			targets = append(targets, r.TargetID)
		}
		for _, m := range a.Meetings {
			if m.Meeting != nil && m.Meeting.RelatedID != nil {
				meetings = append(meetings, *m.Meeting.RelatedID)
			}
		}
	}
	hiddenAgreements, err := among(s.reader(ctx), "agreements a WHERE NOT "+readable(ctx, "a")+" AND a.id", targets)
	if err != nil {
		return err
	}
	hiddenMeetings, err := among(s.reader(ctx), "meetings a WHERE NOT "+readableMeeting(ctx, "a.id")+" AND a.id", meetings)
	if err != nil || len(hiddenAgreements)+len(hiddenMeetings) == 0 {
		return err
	}
	for i, a := range list {
		plain := *a
		plain.Relations = slices.DeleteFunc(slices.Clone(a.Relations), func(r Relation) bool { return hiddenAgreements[r.TargetID] })
		plain.Meetings = slices.Clone(a.Meetings)
		for j, m := range plain.Meetings {
			if m.Meeting != nil && m.Meeting.RelatedID != nil && hiddenMeetings[*m.Meeting.RelatedID] {
				plain.Meetings[j].Meeting = m.Meeting.unrelated()
			}
		}
		list[i] = &plain // #nosec G602 -- i comes from the range over list
	}
	return nil
}

// among gives those of some numbers that a condition is met for.
func among(tx *gorm.DB, from string, ids []int64) (map[int64]bool, error) {
	found := map[int64]bool{}
	for chunk := range slices.Chunk(unique(ids), 500) {
		var rows []int64
		if err := tx.Raw("SELECT a.id FROM "+from+" IN ?", chunk).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("finding what may be read: %w", err)
		}
		for _, id := range rows {
			found[id] = true
		}
	}
	return found, nil
}
