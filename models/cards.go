package models

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// view gives the card index as the register stands; release it when no more walks
// over it. The error is the context's when its time is over before others have
// read.
func (s *Store) view(ctx context.Context) (x *snapshot, release func(), err error) {
	if x = pinned(ctx).view(); x == nil {
		change, err := s.LastChange(ctx)
		if err != nil {
			return nil, nil, err
		}
		if x = s.index.current.Load(); x.change < change {
			if x, err = s.catchUp(ctx, change); err != nil {
				return nil, nil, fmt.Errorf("reading the card index: %w", err)
			}
		}
	}
	if err := s.index.readers.Acquire(ctx, 1); err != nil {
		return nil, nil, fmt.Errorf("waiting for the card index: %w", err)
	}
	return x, func() { s.index.readers.Release(1) }, nil
}

// catchUp takes in what changed since the current snapshot, up to a change at
// least.
func (s *Store) catchUp(ctx context.Context, change int64) (*snapshot, error) {
	s.index.next.Lock()
	defer s.index.next.Unlock()
	if x := s.index.current.Load(); x.change >= change {
		return x, nil
	}
	return s.advance(s.reader(ctx), change)
}

// advance makes the next snapshot from the cards of a database that is at a change
// at least. One statement sees one state of the database: the number of its last
// change comes with the cards, so that the snapshot is at that change exactly, and
// a server that does not have the change yet is found out. There is no upper bound:
// a card of an agreement that was revised again meanwhile stands under its last
// change alone.
func (s *Store) advance(db *gorm.DB, change int64) (*snapshot, error) {
	x := s.index
	b := following(x.current.Load())
	rows, err := db.Raw(
		"SELECT c.agreement_id, c.card, r.change, r.head, r.length FROM register r LEFT JOIN cards c ON c.change > ?",
		b.change).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var at int64
	var end chainHead
	for rows.Next() {
		var id *int64
		var text *string
		if err := rows.Scan(&id, &text, &at, &end.Head, &end.Length); err != nil {
			return nil, err
		}
		if at < change {
			return nil, fmt.Errorf("the server is at change %d, not yet at %d: %w", at, change, driver.ErrBadConn)
		}
		if id == nil {
			continue
		}
		c := card{ID: uint32(*id)}
		if *text != "" {
			if c, err = parseCard(*id, *text, b.words.add, b.parties.add); err != nil {
				return nil, err
			}
		}
		b.replace(c)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	replaced := b.replaced
	if b.changed > mostFollowed {
		replaced = nil
	}
	next := b.finish(at, end)
	x.publish(next, replaced)
	return next, nil
}

type changeKey struct{}

// ReadAt marks a context as that of a reading of the register at a change, which
// LastChange has just told: it need not be asked for again.
func ReadAt(ctx context.Context, change int64) context.Context {
	return context.WithValue(ctx, changeKey{}, change)
}

// A State numbers what the register says: Change rises with every change, Seen with those
// that who asks can see something of. OpenAt is when the last was made of those that
// everybody can see, the zero time if none was.
type State struct {
	Change, Seen int64
	OpenAt       time.Time
}

// LastChange numbers the register's state: it rises with every change.
func (s *Store) LastChange(ctx context.Context) (change int64, err error) {
	if change, ok := ctx.Value(changeKey{}).(int64); ok {
		return change, nil
	}
	state, err := s.State(ctx)
	return state.Change, err
}

// State tells the register's state, as who asks can see it.
func (s *Store) State(ctx context.Context) (state State, err error) {
	var row struct {
		Change, OpenChange int64
		OpenAt             *time.Time
	}
	read := func() error {
		return s.reader(ctx).Raw("SELECT change, open_change, open_at FROM register").Scan(&row).Error
	}
	if err = read(); err == nil && row.Change < s.index.current.Load().change {
		if at := chosen(ctx); at != nil && at.Load() != s.servers.primary { // nobody is shown an older state than before
			at.Store(s.servers.primary)
			err = read()
		}
	}
	if err != nil {
		return state, fmt.Errorf("reading the register's last change: %w", err)
	}
	state = State{Change: row.Change, Seen: row.OpenChange}
	if row.OpenAt != nil {
		state.OpenAt = row.OpenAt.UTC()
	}
	if withRestricted(ctx) {
		state.Seen = row.Change
	}
	return state, nil
}

// Warm takes the card index in, so that the first list need not wait for it.
func (s *Store) Warm(ctx context.Context) {
	if _, release, err := s.view(ctx); err == nil {
		release()
	}
}
