package models

import (
	"strconv"
	"unicode/utf8"
)

// A Change says who changes the register and why. Key, when given, is the
// submission's one-time key: the same draft sent again under it is recorded once.
type Change struct {
	Actor     string
	AccountID *int64 // of the actor, if it is one of the register's
	Address   string // from which the change came
	Comment   string
	Key       string
}

// checkLengths notes what of a change is too long.
func (c Change) checkLengths() error {
	problems := Invalid{}
	for _, text := range []struct {
		field, text string
		limit       int
	}{{"comment", c.Comment, maxComment}, {"actor", c.Actor, maxActor}} {
		if utf8.RuneCountInString(text.text) > text.limit {
			problems.add(text.field, "too_long", "limit", strconv.Itoa(text.limit))
		}
	}
	return problems.orNil()
}

// The longest comment on a change and the longest name of who made it, in
// characters.
const (
	maxComment = 4000
	maxActor   = 1000
)
