package handlers

import (
	"context"
)

// slowed is tooMany while a key has to wait.
func (s *Server) slowed(ctx context.Context, key string) error {
	wait, err := s.store.Accounts().MustWait(ctx, key)
	if err == nil && wait > 0 {
		return &tooMany{wait}
	}
	return err
}

// tryFailed counts a failure under each key.
func (s *Server) tryFailed(ctx context.Context, keys ...string) {
	if err := s.store.Accounts().TryFailed(context.WithoutCancel(ctx), keys...); err != nil {
		s.config.Log.Error("a failed try was not counted", "error", err)
	}
}
