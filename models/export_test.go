package models

import (
	"context"
	"sync/atomic"
	"time"

	"gorm.io/gorm/logger"
)

// CountStatements counts the statements that reading sends to the database.
func (s *Store) CountStatements(read func()) int {
	var n atomic.Int64
	before := s.read.Config.Logger
	s.read.Config.Logger = counter{&n}
	defer func() { s.read.Config.Logger = before }()
	read()
	return int(n.Load())
}

type counter struct{ n *atomic.Int64 }

func (c counter) LogMode(logger.LogLevel) logger.Interface { return c }
func (c counter) Info(context.Context, string, ...any)     {}
func (c counter) Warn(context.Context, string, ...any)     {}
func (c counter) Error(context.Context, string, ...any)    {}
func (c counter) Trace(context.Context, time.Time, func() (string, int64), error) {
	c.n.Add(1)
}

// Afresh gives a store on the same connections whose card index knows nothing yet.
func (s *Store) Afresh() *Store {
	return &Store{
		read: s.read, write: s.write, dialect: s.dialect, Now: s.Now, index: newCardIndex(),
		servers: s.servers, engine: s.engine, gathered: s.gathered, migrationLock: s.migrationLock,
	}
}

// Gather has the events of up to so many agreements gathered, and those of more
// walked by date.
func (s *Store) Gather(agreements int) { s.gathered = agreements }

// Downgrade takes the schema back to a version, for a test of what older registers
// go through.
func (s *Store) Downgrade(ctx context.Context, version int64) error {
	provider, err := s.Upkeep().migrations()
	if err != nil {
		return err
	}
	_, err = provider.DownTo(ctx, version)
	return err
}

// Tamper changes the database as somebody could who has hold of it.
func (s *Store) Tamper(sql string, args ...any) error { return s.write.Exec(sql, args...).Error }

// Ask reads one number or text of the database.
func (s *Store) Ask(into any, sql string, args ...any) error {
	return s.write.Raw(sql, args...).Scan(into).Error
}

// Statements hears the statements that reading sends, with their values in them.
func (s *Store) Statements(read func()) (list []string) {
	before := s.read.Config.Logger
	s.read.Config.Logger = hearer{counter{}, &list}
	defer func() { s.read.Config.Logger = before }()
	read()
	return list
}

type hearer struct {
	counter
	list *[]string
}

func (h hearer) LogMode(logger.LogLevel) logger.Interface { return h }
func (h hearer) Trace(_ context.Context, _ time.Time, said func() (string, int64), _ error) {
	sql, _ := said()
	*h.list = append(*h.list, sql)
}

// Bare sends a statement as it stands and reads what comes.
func (s *Store) Bare(ctx context.Context, sql string) error {
	pool, err := s.read.DB()
	if err != nil {
		return err
	}
	rows, err := pool.QueryContext(ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// WhileTakingIn runs a reading while somebody takes in a change.
func (s *Store) WhileTakingIn(read func()) {
	s.index.next.Lock()
	defer s.index.next.Unlock()
	read()
}
