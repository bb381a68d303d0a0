package models

import (
	"chancery/models/edtf"
	"chancery/models/status"
)

// What the status of some agreements follows from beside their own records: from
// when until when their parties existed, and what other agreements do to them.
type surroundings struct {
	lives map[string]life
	of    map[int64]*influence
}

// A life is from when until when a party existed, by the days that are known. That
// of a state that is the same legal person as one before it includes the other's.
type life struct {
	from, until edtf.Day
	continuator string
	alpha3      string
}

// An influence is what other agreements do to one.
type influence struct {
	later       []status.Later
	extensions  []status.Extended
	coterminous []status.Ending
}

// influence is that of an agreement, to be written to.
func (from surroundings) influence(id int64) *influence {
	if from.of[id] == nil {
		from.of[id] = &influence{}
	}
	return from.of[id]
}
