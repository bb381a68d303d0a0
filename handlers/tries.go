package handlers

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// network is what an address counts as: itself, or of IPv6 the /64 that one subscriber has.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap(); ip.Is6() {
		prefix, err := ip.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}

// slowed is tooMany while a key has to wait.
func (s *Server) slowed(ctx context.Context, key string) error {
	wait, err := s.store.MustWait(ctx, key)
	if err == nil && wait > 0 {
		return &tooMany{wait}
	}
	return err
}

// tryFailed counts a failure under each key.
func (s *Server) tryFailed(ctx context.Context, keys ...string) {
	if err := s.store.TryFailed(context.WithoutCancel(ctx), keys...); err != nil {
		s.config.Log.Error("a failed try was not counted", "error", err)
	}
}

// trySucceeded forgets the failures under a key.
func (s *Server) trySucceeded(ctx context.Context, key string) {
	if err := s.store.TrySucceeded(ctx, key); err != nil {
		s.config.Log.Warn("failed tries are still counted", "error", err)
	}
}

// tooMany says that somebody has to wait.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return fmt.Sprintf("too many tries: wait %s", e.wait) }
