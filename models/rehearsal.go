package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

type rehearsalKey struct{}

type alongsideKey struct{}

// ErrRehearsed says that a change would have been made: it was only rehearsed, and
// nothing is written.
var ErrRehearsed = errors.New("rehearsed")

// Rehearsal makes a context in which changes are tried and taken back; they end
// with ErrRehearsed or with what is wrong.
func Rehearsal(ctx context.Context) context.Context {
	return context.WithValue(ctx, rehearsalKey{}, true)
}

// rehearsing tells that a change is only tried.
func rehearsing(ctx context.Context) bool { return ctx.Value(rehearsalKey{}) != nil }

// AskAll makes a context in which a record must have what makes an agreement, two
// parties and a date, as a form asks for it; an import and a program may record
// what they know.
func AskAll(ctx context.Context) context.Context { return context.WithValue(ctx, askAllKey{}, true) }

func asksAll(ctx context.Context) bool { return ctx != nil && ctx.Value(askAllKey{}) != nil }

type askAllKey struct{}

// alongside makes a context in which something more is written in the transaction
// of a change.
func alongside(ctx context.Context, write func(tx *gorm.DB) error) context.Context {
	return context.WithValue(ctx, alongsideKey{}, write)
}
