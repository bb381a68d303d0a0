// Package models is the domain of Chancery and its persistence: agreements between
// states, their parties, signatories, acts, validity, meetings and sources. It
// knows nothing of HTTP, HTML or file formats.
package models

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
)

// A Store is an open register. On SQLite it writes through one connection and reads
// through many; on PostgreSQL both are the same pool.
type Store struct {
	read, write *gorm.DB
	dialect     goose.Dialect
	Now         func() time.Time // the clock; tests set it
	codes       sync.Map         // party codes that are known to be there
	index       *cardIndex
	servers     *servers // the servers, on PostgreSQL
	engine      engine
	// up to how many agreements their events are gathered and sorted
	gathered      int
	migrationLock func(ctx context.Context) (release func(), err error) // waits until no other instance migrates

	observers []func(context.Context, SentStatement) // are told of statements

	administered atomic.Bool // there is an administrator: that does not change back
}

// Close ends all connections.
func (s *Store) Close() error {
	if s.servers != nil {
		return s.servers.close()
	}
	var errs []error
	for _, db := range []*gorm.DB{s.read, s.write} {
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping asks the database for a sign of life; of PostgreSQL's servers the primary,
// else whichever can be read.
func (s *Store) Ping(ctx context.Context) error {
	if s.servers != nil {
		if len(s.servers.replicas) == 0 {
			return s.servers.primary.pool.PingContext(ctx)
		}
		return s.read.WithContext(ctx).Exec("SELECT 1").Error
	}
	for _, db := range []*gorm.DB{s.write, s.read} {
		pool, err := db.DB()
		if err != nil {
			return err
		}
		if err := pool.PingContext(ctx); err != nil {
			return err
		}
	}
	return nil
}

// gathered is up to how many agreements their events are gathered and sorted: those
// of more are walked by date.
const gathered = 2000

// A SentStatement went to the database.
type SentStatement struct {
	Pool  string // write or read
	SQL   string // with placeholders: no value is in it
	Begun time.Time
	Took  time.Duration
	Err   error
}
