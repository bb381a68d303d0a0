package models

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrNotFound says that nothing is recorded under the number or code asked for.
var ErrNotFound = errors.New("not found")

// ErrKeyReused says that a submission's one-time key came with another content
// before.
var ErrKeyReused = errors.New("the one-time key was used for another submission")

// A Problem says what is wrong with one field. Its code names a message
// ("problem.required"); Args fill it in.
type Problem struct {
	Code string            `json:"code"`
	Args map[string]string `json:"-"`
}

// Invalid names every bad field of a draft at once, by its path: titles[0].text,
// participations[1].party, signed.
type Invalid map[string]Problem

func (e Invalid) Error() string {
	var parts []string
	for _, field := range e.Fields() {
		parts = append(parts, fmt.Sprintf("%s: %s", field, e[field].Code))
	}
	return "invalid: " + strings.Join(parts, ", ")
}

// Fields lists the bad fields in a steady order.
func (e Invalid) Fields() []string { return slices.Sorted(maps.Keys(e)) }

// add notes a field's problem; the first that is found counts.
func (e Invalid) add(field, code string, args ...string) {
	p := Problem{Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	if _, taken := e[field]; !taken {
		e[field] = p
	}
}

// orNil is an error, or nil when nothing is wrong.
func (e Invalid) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Conflict says that the record was revised since it was read.
type Conflict struct {
	Read, Current int // versions
}

func (e *Conflict) Error() string {
	return fmt.Sprintf("version %d was read, the record is now at version %d", e.Read, e.Current)
}

// Withdrawn says that the record is no longer part of the register.
type Withdrawn struct {
	Reason     string
	MergedInto int64 // the record that stands for it as well, 0 for none
}

func (e *Withdrawn) Error() string { return "withdrawn: " + e.Reason }
