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

// Downgrade takes the schema back to a version, for a test of what older registers go through.
func (s *Store) Downgrade(ctx context.Context, version int64) error {
	provider, err := s.migrations()
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
