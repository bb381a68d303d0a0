package models

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
)

// Check tells whether a draft could be saved as agreement id (0 for a new one);
// nothing is written. The error is Invalid when fields are bad.
func (s Drafts) Check(ctx context.Context, id int64, draft AgreementDraft) error {
	_, err := s.Preview(ctx, id, draft)
	return err
}

// Preview makes the revision that saving a draft would make; nothing is written.
func (s Drafts) Preview(ctx context.Context, id int64, draft AgreementDraft) (*Revision, error) {
	typed, err := json.Marshal(draft)
	if err != nil {
		return nil, err
	}
	if draft, err = cloneDraft(typed); err != nil {
		return nil, err
	}
	draft.Tidy()
	r := s.newResolver(s.reader(ctx))
	r.self, r.dry = id, true
	if err := r.load([]AgreementDraft{draft}); err != nil {
		return nil, fmt.Errorf("checking a draft: %w", err)
	}
	_, problems, err := r.build(&draft)
	if err != nil {
		return nil, fmt.Errorf("checking a draft: %w", err)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	made, err := newRevision("agreement", fmt.Sprint(id), 0, "revised", Change{}, s.Now(), draft)
	return &made, err
}

// Submitted finds the agreement that a one-time key recorded from this draft
// before, 0 if none. The error is ErrKeyReused when it came with another draft.
func (s Drafts) Submitted(ctx context.Context, key string, draft AgreementDraft) (int64, error) {
	typed, err := json.Marshal(draft)
	if err != nil {
		return 0, err
	}
	return submitted(s.reader(ctx), key, hexSum(string(typed)))
}

// submitted finds what a one-time key recorded before, 0 if nothing.
func submitted(tx *gorm.DB, key, digest string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	var found struct {
		AgreementID int64
		Digest      string
	}
	err := tx.Raw("SELECT agreement_id, digest FROM submissions WHERE key = ?", key).Scan(&found).Error
	if err == nil && found.AgreementID != 0 && found.Digest != digest {
		return 0, ErrKeyReused
	}
	return found.AgreementID, err
}
