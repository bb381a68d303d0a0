package models

import (
	"chancery/models/bitmap"
)

// An asRecorded is what the register said at a moment, as against what it says now:
// most agreements were recorded by then and have not been revised since, and are
// read as they stand; the others are hidden, and those that said something else are
// made anew from their revision of that time. What is said of parties, people and
// meetings is said as of now.
type asRecorded struct {
	hidden     *bitmap.Set // not to be read as it stands: recorded later, or changed since
	agreements map[uint32]*Agreement
	cards      map[uint32]*card
}

// agreement is one that said something else then; nil where it is to be read as it
// stands.
func (p *asRecorded) agreement(id uint32) *Agreement {
	if p == nil {
		return nil
	}
	return p.agreements[id]
}

// collect puts in place of what was found now what would have been found then.
func (p *asRecorded) collect(set *bitmap.Set, has func(*Agreement) bool) {
	if p == nil {
		return
	}
	set.AndNot(p.hidden)
	for id, a := range p.agreements {
		if has(a) {
			set.Add(id)
		}
	}
}

// document is what an agreement of the past was found by; people are found by the
// spelling of the record.
func (p *asRecorded) document(a *Agreement) document { return a.document(nil) }
