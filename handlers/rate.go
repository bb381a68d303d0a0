package handlers

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gin-gonic/gin"
)

// allowRequest takes one request out of a key's bucket: of all instances together
// on a database that they share, else of this one. Where the database does not
// answer, this instance counts by itself.
func (s *Server) allowRequest(ctx context.Context, key string, most int) (left int, wait time.Duration) {
	if s.store.Accounts().Shared() && !s.store.Upkeep().Away() {
		left, wait, err := s.store.Accounts().TakeToken(ctx, key, most)
		if err == nil {
			return left, wait
		}
		s.config.Log.Warn("requests are counted by this instance alone", "error", err)
	}
	return s.rates.allow(key, most, s.store.Now())
}

// limitRate refuses who asks too often, and tells everybody how much is left
// (draft-ietf-httpapi-ratelimit-headers). Who reads on the register's own machine
// is not counted.
func (s *Server) limitRate(c *gin.Context) {
	p := principalOf(c)
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
	left, wait := s.allowRequest(c.Request.Context(), key, most)
	c.Header("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, most))
	c.Header("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, int(math.Ceil(60*float64(most-left)/float64(most)))))
	if wait > 0 {
		s.refuse(c, &tooMany{wait})
	}
}
