package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// OpenRevision lets everybody read a revision of a time when its agreement was restricted.
// ErrNotFound when there is none such.
func (s History) OpenRevision(ctx context.Context, agreement int64, number int, change Change) error {
	return s.opened(ctx, change, fmt.Sprintf("agreement %d, revision %d", agreement, number), func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("UPDATE revisions SET restricted = FALSE WHERE subject = 'agreement' AND subject_key = ? AND number = ? AND restricted",
			fmt.Sprint(agreement), number)
	})
}

// Open lets everybody read a document of a time when its agreement was restricted.
// ErrNotFound when there is none such.
func (s Documents) Open(ctx context.Context, agreement, id int64, change Change) error {
	return s.History().opened(ctx, change, fmt.Sprintf("agreement %d, document %d", agreement, id), func(tx *gorm.DB) *gorm.DB {
		done := tx.Exec("UPDATE documents SET restricted = FALSE WHERE agreement_id = ? AND id = ? AND removed_at IS NULL AND restricted",
			agreement, id)
		if done.Error == nil && done.RowsAffected > 0 {
			done.Error = s.derivation().rederive(tx, agreement) // it is found by the document's words again
		}
		return done
	})
}

// opened makes such a change, which stands in the audit.
func (s History) opened(ctx context.Context, change Change, detail string, open func(tx *gorm.DB) *gorm.DB) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		done := open(tx)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrNotFound
		}
		if done.Error != nil {
			return done.Error
		}
		return s.Accounts().note(tx, change, AuditOpened, detail)
	})
	if err != nil {
		return fmt.Errorf("opening %s: %w", detail, err)
	}
	return nil
}
