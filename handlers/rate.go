package handlers

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// rates bounds how many requests a token, an account or a network makes, so that one program cannot take the register
// from everybody else. Each has a bucket of as many as it may send in a minute, which fills at that rate.
type rates struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

// take takes one request out of a key's bucket, and tells how many are left and for how long to wait if none was.
func (r *rates) take(key string, perMinute int, now time.Time) (left int, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.buckets == nil {
		r.buckets = map[string]*bucket{}
	}
	if len(r.buckets) >= mostKept {
		for key, b := range r.buckets { // a bucket that was not used for a minute is full again
			if now.Sub(b.used) > time.Minute {
				delete(r.buckets, key)
			}
		}
	}
	b := r.buckets[key]
	if b == nil {
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)}
		r.buckets[key] = b
	}
	b.used = now
	if !b.AllowN(now, 1) {
		return 0, time.Duration((1 - b.TokensAt(now)) / float64(b.Limit()) * float64(time.Second))
	}
	return int(b.TokensAt(now)), 0
}

// mostKept is how many buckets are kept before those that are full again are let go.
const mostKept = 50_000

// take takes one request out of a key's bucket: of all instances together on a database that they share, else of this one.
// Where the database does not answer, this instance counts by itself.
func (s *Server) take(ctx context.Context, key string, most int) (left int, wait time.Duration) {
	if s.store.Shared() && !s.store.Away() {
		left, wait, err := s.store.TakeToken(ctx, key, most)
		if err == nil {
			return left, wait
		}
		s.config.Log.Warn("requests are counted by this instance alone", "error", err)
	}
	return s.rates.take(key, most, s.store.Now())
}

// limitRate refuses who asks too often, and tells everybody how much is left (draft-ietf-httpapi-ratelimit-headers). Who
// reads on the register's own machine is not counted.
func (s *Server) limitRate(c *gin.Context) {
	p := who(c)
	most := s.config.Rate
	if most <= 0 || c.FullPath() == staticPath || p.token == nil && ownMachine(c.Request) {
		return
	}
	key := "network " + network(p.address)
	switch {
	case p.token != nil:
		key = fmt.Sprint("token ", p.token.ID)
	case p.account != nil:
		key = fmt.Sprint("account ", p.account.ID)
	}
	left, wait := s.take(c.Request.Context(), key, most)
	c.Header("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, most))
	c.Header("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, int(math.Ceil(60*float64(most-left)/float64(most)))))
	if wait > 0 {
		s.refuse(c, &tooMany{wait})
	}
}
