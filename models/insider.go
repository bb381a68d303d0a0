package models

import "context"

type withRestrictedKey struct{}

// WithRestricted marks a context as that of somebody who may read restricted
// records: everybody who has signed in, and the program's own commands. Without the
// mark they are not there.
func WithRestricted(ctx context.Context) context.Context {
	return context.WithValue(ctx, withRestrictedKey{}, true)
}

func withRestricted(ctx context.Context) bool { return ctx.Value(withRestrictedKey{}) != nil }
