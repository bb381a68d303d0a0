package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Guessing is slowed down: after some failures of one kind from one network, or for
// one name, the next try has to wait, each time longer. Failures are counted in the
// database, for all instances together, under a hash of what is tried and from
// where.
const (
	freeTries   = 8                // that need not wait
	firstWait   = 8 * time.Second  // after those, doubled with each failure
	longestWait = 15 * time.Minute // and no longer than this
	forgiven    = time.Hour        // after which failures are forgotten
)

// tryKey is what tries are counted under: a hash, so that no name or address is
// kept.
func tryKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// MustWait is for how long a key has to wait before the next try.
func (s Accounts) MustWait(ctx context.Context, key string) (time.Duration, error) {
	var until []time.Time
	now := s.Now().UTC()
	err := s.reader(ctx).Raw("SELECT wait_until FROM tries WHERE key = ? AND wait_until > ?", tryKey(key),
		now).Scan(&until).Error
	if err != nil {
		return 0, fmt.Errorf("looking up tries: %w", err)
	}
	if len(until) == 0 {
		return 0, nil
	}
	return until[0].Sub(now), nil
}

// TryFailed counts a failure under each key.
func (s Accounts) TryFailed(ctx context.Context, keys ...string) error {
	now := s.Now().UTC()
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, key := range keys {
			var n []int
			err := tx.Raw(
				`INSERT INTO tries (key, n, last_at) VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET n = CASE WHEN tries.last_at < ? THEN 1 ELSE tries.n + 1 END, last_at = excluded.last_at RETURNING n`,
				tryKey(key), now, now.Add(-forgiven)).Scan(&n).Error
			if err != nil || len(n) == 0 || n[0] < freeTries {
				if err != nil {
					return err
				}
				continue
			}
			wait := longestWait
			if more := n[0] - freeTries; more < 8 {
				wait = min(wait, firstWait<<more)
			}
			if err := tx.Exec("UPDATE tries SET wait_until = ? WHERE key = ?", now.Add(wait), tryKey(key)).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("counting tries: %w", err)
	}
	return nil
}

// TrySucceeded forgets the failures under a key.
func (s Accounts) TrySucceeded(ctx context.Context, key string) error {
	return s.write.WithContext(ctx).Exec("DELETE FROM tries WHERE key = ?", tryKey(key)).Error
}

// Shared tells whether other instances can be at work on the same database, on
// other machines.
func (s Accounts) Shared() bool { return s.servers != nil }

// TakeToken takes one request out of a key's bucket, which holds as many as may be
// made in a minute and fills at that rate, for all instances together; it tells how
// many are left, and for how long to wait if there was none. It is for databases
// that are shared.
func (s Accounts) TakeToken(ctx context.Context, key string, perMinute int) (left int, wait time.Duration, err error) {
	var rows []struct {
		Tokens float64
		Taken  bool
	}
	rate := float64(perMinute) / 60
	err = s.write.WithContext(ctx).Raw(
		`INSERT INTO buckets AS b (key, tokens, at, taken) VALUES (@key, CAST(@most AS double precision) - 1, @now, TRUE)
		ON CONFLICT (key) DO UPDATE SET (tokens, at, taken) = (SELECT CASE WHEN t >= 1 THEN t - 1 ELSE t END, CAST(@now AS timestamptz), t >= 1
			FROM (SELECT LEAST(CAST(@most AS double precision), b.tokens + GREATEST(0, EXTRACT(EPOCH FROM CAST(@now AS timestamptz) - b.at)) * CAST(@rate AS double precision)) AS t) filled)
		RETURNING tokens, taken`, map[string]any{"key": tryKey(key), "most": perMinute, "now": s.Now().UTC(), "rate": rate}).Scan(&rows).Error
	if err != nil {
		return 0, 0, fmt.Errorf("counting requests: %w", err)
	}
	if len(rows) == 0 {
		return 0, 0, errors.New("counting requests: no answer")
	}
	if !rows[0].Taken {
		return 0, time.Duration((1 - rows[0].Tokens) / rate * float64(time.Second)), nil
	}
	return int(rows[0].Tokens), 0, nil
}

// Forget takes out what has been forgiven, and buckets that are full again.
func (s Accounts) Forget(ctx context.Context) error {
	now := s.Now().UTC()
	err := s.write.WithContext(ctx).Exec("DELETE FROM tries WHERE last_at < ?", now.Add(-forgiven)).Error
	if s.Shared() {
		err = errors.Join(err, s.write.WithContext(ctx).Exec("DELETE FROM buckets WHERE at < ?",
			now.Add(-2*time.Minute)).Error)
	}
	if err != nil {
		return fmt.Errorf("forgetting tries: %w", err)
	}
	return nil
}
