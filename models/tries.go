package models

import (
	"cmp"
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
	guesses := make([]Guess, len(keys))
	for i, key := range keys {
		guesses[i] = Guess{Key: key}
	}
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, g := range guesses {
			if _, err := s.count(tx, g); err != nil {
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

// A Guess is what a try is counted under: after how many it has to wait, and how
// long at the most. What is 0 is as for every kind.
type Guess struct {
	Key     string
	Free    int
	Longest time.Duration
}

// errWait ends the transaction of a try that has to wait.
var errWait = errors.New("wait")

// Try counts a try as a failure before it is made, so that many at once are not
// more than may be made one after the other. One that has to wait is not counted
// and must not be made. Succeeded takes it back.
func (s Accounts) Try(ctx context.Context, guesses ...Guess) (wait time.Duration, err error) {
	now := s.Now().UTC()
	err = s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, g := range guesses {
			until, err := s.count(tx, g)
			if err != nil {
				return err
			}
			if wait = until.Sub(now); wait > 0 {
				return errWait
			}
		}
		wait = 0
		return nil
	})
	if err != nil && !errors.Is(err, errWait) {
		return 0, fmt.Errorf("counting tries: %w", err)
	}
	return wait, nil
}

// count counts a failure, and tells until when one had to wait before it. Two at
// once wait here for each other.
func (s Accounts) count(tx *gorm.DB, g Guess) (until time.Time, err error) {
	now := s.Now().UTC()
	var rows []struct {
		N         int
		WaitUntil *time.Time
	}
	err = tx.Raw(`INSERT INTO tries (key, n, last_at) VALUES (?, 1, ?)
		ON CONFLICT (key) DO UPDATE SET n = CASE WHEN tries.last_at < ? THEN 1 ELSE tries.n + 1 END, last_at = excluded.last_at
		RETURNING n, wait_until`, tryKey(g.Key), now, now.Add(-forgiven)).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return until, err
	}
	if rows[0].WaitUntil != nil {
		until = *rows[0].WaitUntil
	}
	longest := cmp.Or(g.Longest, longestWait)
	more := rows[0].N - cmp.Or(g.Free, freeTries)
	if more < 0 {
		return until, nil
	}
	wait := longest
	if more < 8 {
		wait = min(wait, firstWait<<more)
	}
	return until, tx.Exec("UPDATE tries SET wait_until = ? WHERE key = ?", now.Add(wait), tryKey(g.Key)).Error
}

// TrySucceeded forgets the failures under a key.
func (s Accounts) TrySucceeded(ctx context.Context, key string) error {
	return s.write.WithContext(ctx).Exec("DELETE FROM tries WHERE key = ?", tryKey(key)).Error
}

// Succeeded forgets the failures under the first key of a try, and takes it back
// under the others.
func (s Accounts) Succeeded(ctx context.Context, guesses ...Guess) error {
	err := s.TrySucceeded(ctx, guesses[0].Key)
	for _, g := range guesses[1:] {
		err = errors.Join(err, s.write.WithContext(ctx).Exec(
			"UPDATE tries SET n = n - 1, wait_until = NULL WHERE key = ? AND n > 0", tryKey(g.Key)).Error)
	}
	return err
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
