package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
	"gorm.io/gorm"
)

// migrationLock is the number of the lock under which instances migrate a
// PostgreSQL database one after the other: "chancery" in ASCII.
const migrationLock = 0x6368616e63657279

// advisoryLock holds the lock of a PostgreSQL database in a transaction of its own,
// so that it works through a pooler that parts sessions as well.
func advisoryLock(db *gorm.DB) func(ctx context.Context) (release func(), err error) {
	return func(ctx context.Context) (func(), error) {
		tx := db.WithContext(ctx).Begin()
		if tx.Error != nil {
			return nil, tx.Error
		}
		// Another instance may take its time: the lock is waited for without the limits
		// of statements.
		err := errors.Join(tx.Exec("SET LOCAL statement_timeout = 0").Error,
			tx.Exec("SET LOCAL idle_in_transaction_session_timeout = 0").Error,
			tx.Exec("SELECT pg_advisory_xact_lock(?)", int64(migrationLock)).Error)
		if err != nil {
			tx.Rollback()
			return nil, err
		}
		return func() { tx.Rollback() }, nil
	}
}

// fileLock holds a file beside an SQLite database.
func fileLock(path string) func(ctx context.Context) (release func(), err error) {
	return func(ctx context.Context) (func(), error) {
		lock := flock.New(path + ".lock")
		if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
			return nil, fmt.Errorf("%s: %w", lock.Path(), err)
		}
		return func() { lock.Unlock() }, nil
	}
}
