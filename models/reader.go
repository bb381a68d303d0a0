package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// A pin holds a reading to one state of the database and to the snapshot of the
// card index at the same change.
type pin struct {
	tx       *gorm.DB
	snapshot *snapshot
}

type pinKey struct{}

// pinned is what a context's reading is pinned to; nil when it reads the present.
func pinned(ctx context.Context) *pin {
	p, _ := ctx.Value(pinKey{}).(*pin)
	return p
}

// view is the pinned snapshot; nil where nothing is pinned.
func (p *pin) view() *snapshot {
	if p == nil {
		return nil
	}
	return p.snapshot
}

// reader is where a reading sends its statements: one transaction for all of them
// where it is pinned.
func (s *Store) reader(ctx context.Context) *gorm.DB {
	if p := pinned(ctx); p != nil {
		return p.tx.WithContext(ctx)
	}
	return s.read.WithContext(ctx)
}

var errNotPinned = errors.New("the register as recorded at a moment is read outside of asRecorded")
