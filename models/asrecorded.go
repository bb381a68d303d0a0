package models

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// asRecorded begins a reading of the register as it was recorded at a moment; done
// ends it. What was recorded then is made of revisions, cards, rows and words: so
// that all of them are of one change, and nothing that is recorded meanwhile shows,
// all statements with the returned context go through one transaction that sees one
// state of the database, and the card index is that of the same change. A reading
// of the present needs none of it, nor does one that is pinned already.
func (s *Store) asRecorded(ctx context.Context, moment time.Time) (pinnedCtx context.Context, done func(), err error) {
	if moment.IsZero() || pinned(ctx) != nil {
		return ctx, func() {}, nil
	}
	// Nobody takes in a later change between the beginning of the transaction and the
	// look at the index.
	s.index.next.Lock()
	defer s.index.next.Unlock()
	tx, change, err := s.readTransaction(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the register as recorded: %w", err)
	}
	x := s.index.current.Load()
	if x.change < change {
		if x, err = s.advance(tx, change); err != nil {
			tx.Rollback()
			return nil, nil, fmt.Errorf("reading the card index: %w", err)
		}
	}
	return context.WithValue(ctx, pinKey{}, &pin{tx, x}), func() { tx.Rollback() }, nil
}

// readTransaction begins a transaction that sees one state of the database, and
// tells its change: at the primary where a replica has not all that was shown
// before.
func (s *Store) readTransaction(ctx context.Context) (tx *gorm.DB, change int64, err error) {
	begin := func() error {
		tx = s.read.WithContext(ctx).Begin(&sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		if tx.Error != nil {
			return tx.Error
		}
		if err := tx.Raw("SELECT change FROM register").Scan(&change).Error; err != nil {
			tx.Rollback()
			return err
		}
		return nil
	}
	if err = begin(); err == nil && change < s.index.current.Load().change {
		if at := chosen(ctx); at != nil && at.Load() != s.servers.primary {
			tx.Rollback()
			at.Store(s.servers.primary)
			err = begin()
		}
	}
	return tx, change, err
}
