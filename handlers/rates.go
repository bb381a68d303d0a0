package handlers

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates bounds how many requests a token, an account or a network makes, so that
// one program cannot take the register from everybody else. Each has an allowance of as
// many as it may send in a minute, which fills at that rate.
type rates struct {
	mu      sync.Mutex
	buckets map[string]*allowance
}

type allowance struct {
	*rate.Limiter
	used time.Time
}

// allow takes one request out of a key's allowance, and tells how many are left and
// for how long to wait if none was.
func (r *rates) allow(key string, perMinute int, now time.Time) (left int, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.bucket(key, perMinute, now)
	if !b.AllowN(now, 1) {
		return 0, time.Duration((1 - b.TokensAt(now)) / float64(b.Limit()) * float64(time.Second))
	}
	return int(b.TokensAt(now)), 0
}

// spend takes so many units out of a key's allowance, which may then owe some, and
// tells how many are left and for how long to wait until there are any.
func (r *rates) spend(key string, perMinute, n int, now time.Time) (left int, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.bucket(key, perMinute, now)
	b.ReserveN(now, min(n, perMinute))
	if tokens := b.TokensAt(now); tokens < 1 {
		return 0, time.Duration((1 - tokens) / float64(b.Limit()) * float64(time.Second))
	}
	return int(b.TokensAt(now)), 0
}

// bucket is a key's allowance.
func (r *rates) bucket(key string, perMinute int, now time.Time) *allowance {
	if r.buckets == nil {
		r.buckets = map[string]*allowance{}
	}
	if len(r.buckets) >= mostKept {
		for key, b := range r.buckets { // an allowance that was not used for a minute is full again
			if now.Sub(b.used) > time.Minute {
				delete(r.buckets, key)
			}
		}
	}
	b := r.buckets[key]
	if b == nil {
		b = &allowance{Limiter: rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)}
		r.buckets[key] = b
	}
	b.used = now
	return b
}

// mostKept is how many buckets are kept before those that are full again are let
// go.
const mostKept = 50_000
