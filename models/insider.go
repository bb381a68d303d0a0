package models

import "context"

type insiderKey struct{}

// Insider marks a context as that of somebody who may read restricted records:
// everybody who has signed in, and the program's own commands. Without the mark
// they are not there.
func Insider(ctx context.Context) context.Context {
	return context.WithValue(ctx, insiderKey{}, true)
}

func insider(ctx context.Context) bool { return ctx.Value(insiderKey{}) != nil }
