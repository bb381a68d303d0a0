package components

import "context"

// A Reading is what a field was filled with from a report.
type Reading struct {
	Sure  bool
	Mark  string // the id of the passage
	Other string // what another reader read instead
}

type readingsKey struct{}

// WithReadings makes a context in whose forms the fields of these paths tell that
// they were read from a report.
func WithReadings(ctx context.Context, readings map[string]Reading) context.Context {
	return context.WithValue(ctx, readingsKey{}, readings)
}

// readingOf is how a field was filled.
func readingOf(ctx context.Context, field string) (Reading, bool) {
	readings, _ := ctx.Value(readingsKey{}).(map[string]Reading)
	r, ok := readings[field]
	return r, ok
}
