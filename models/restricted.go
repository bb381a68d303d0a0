package models

import (
	"context"
	"fmt"
	"slices"

	"chancery/models/bitmap"
)

// concealed are the restricted agreements when they are not to be read; nil where
// nothing is concealed.
func (s *Store) concealed(ctx context.Context) (*bitmap.Set, error) {
	if withRestricted(ctx) {
		return nil, nil
	}
	x, release, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if x.restricted.IsEmpty() {
		return nil, nil
	}
	return x.restricted.Clone(), nil
}

// visible tells whether an agreement may be read. The error is ErrNotFound when it
// may not: that it is there is not said.
func (s *Store) visible(ctx context.Context, id int64) error {
	if withRestricted(ctx) {
		return nil
	}
	var restricted []bool
	if err := s.reader(ctx).Raw("SELECT restricted FROM agreements WHERE id = ?", id).Scan(&restricted).Error; err != nil {
		return fmt.Errorf("reading agreement %d: %w", id, err)
	}
	if slices.Contains(restricted, true) {
		return fmt.Errorf("agreement %d: %w", id, ErrNotFound)
	}
	return nil
}

// known is the condition on a person's number by which those are left out whom
// restricted records alone name.
const known = ` NOT EXISTS (SELECT 1 FROM signatories rs JOIN agreements ra ON ra.id = rs.agreement_id WHERE rs.person_id = %[1]s AND ra.restricted)
	OR EXISTS (SELECT 1 FROM signatories rs JOIN agreements ra ON ra.id = rs.agreement_id WHERE rs.person_id = %[1]s AND NOT ra.restricted AND ra.withdrawn_at IS NULL)
	OR EXISTS (SELECT 1 FROM meeting_participants mp WHERE mp.person_id = %[1]s)`

// knownPeople is the condition on people that may be read, under whose number's
// column; empty where all may.
func (s *Store) knownPeople(ctx context.Context, column string) (string, error) {
	hidden, err := s.concealed(ctx)
	if err != nil || hidden == nil {
		return "", err
	}
	return " AND (" + fmt.Sprintf(known, column) + ")", nil
}
