package models

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// revisionAt reads one revision, the latest when number is 0.
func revisionAt(tx *gorm.DB, subject, key string, number int) (*Revision, error) {
	query := tx.Where("subject = ? AND subject_key = ?", subject, key).Order("number DESC").Limit(1)
	if number > 0 {
		query = query.Where("number = ?", number)
	}
	var found []Revision
	if err := query.Find(&found).Error; err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return &found[0], nil
}

// lastRevisions reads the latest revisions of agreements, in the order in which
// they were written.
func lastRevisions(tx *gorm.DB, ids []int64) (last []Revision, err error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = fmt.Sprint(id)
	}
	err = tx.Raw(`SELECT r.* FROM revisions r WHERE r.subject = 'agreement' AND r.subject_key IN ?
		AND r.number = (SELECT max(l.number) FROM revisions l WHERE l.subject = 'agreement' AND l.subject_key = r.subject_key) ORDER BY r.id`, keys).Scan(&last).Error
	return last, err
}

// Revision reads one revision of a record, the latest when number is 0.
func (s History) Revision(ctx context.Context, subject, key string, number int) (*Revision, error) {
	if err := s.visible(ctx, subject, key); err != nil {
		return nil, err
	}
	r, err := revisionAt(s.reader(ctx).Where(readablePast(ctx)), subject, key, number)
	if err != nil {
		return nil, fmt.Errorf("reading revision %d of %s %s: %w", number, subject, key, err)
	}
	return r, nil
}

// Revisions lists a record's revisions, the newest first, at most 200.
func (s History) Revisions(ctx context.Context, subject, key string) ([]Revision, error) {
	if err := s.visible(ctx, subject, key); err != nil {
		return nil, err
	}
	var list []Revision
	err := s.reader(ctx).Omit("record").Where("subject = ? AND subject_key = ? AND "+readablePast(ctx), subject,
		key).Order("number DESC").Limit(200).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("reading the history of %s %s: %w", subject, key, err)
	}
	return list, nil
}

// writeRevision adds a revision to the history and to the chain.
func writeRevision(tx *gorm.DB, subject, key string, number int, action string, change Change, now time.Time,
	draft any) error {
	rev, err := newRevision(subject, key, number, action, change, now, draft)
	if err != nil {
		return err
	}
	if subject == "meeting" || subject == "person" {
		if rev.Restricted, err = unreadable(context.Background(), tx, subject, key); err != nil {
			return err
		}
	}
	return tx.Create(&rev).Error
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
