package models

import (
	"encoding/binary"
	"slices"

	"chancery/models/status"
)

// headLength is the length of what a packed card has at fixed places, for sorting
// and for a first look.
const headLength = 12

// pack writes the card as the index keeps it.
func (c *card) pack(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(c.Earliest))
	b = binary.LittleEndian.AppendUint32(b, c.Recorded)
	flags := c.Precision << precisionShift
	if c.Restricted {
		flags |= 4
	}
	if c.Bilateral {
		flags |= 1
	}
	if c.Sourced {
		flags |= 2
	}
	b = append(b, c.Kind, c.Level, flags, c.Work)
	b = binary.AppendVarint(b, int64(c.Latest-c.Earliest))
	b = binary.AppendUvarint(b, uint64(len(c.Places)))
	for _, place := range c.Places {
		b = binary.AppendUvarint(b, uint64(place))
	}
	b = packSpans(b, c.Spans, c.Earliest)
	b = binary.AppendUvarint(b, uint64(len(c.Parties)))
	for _, p := range c.Parties {
		b = binary.AppendUvarint(b, uint64(p.Party))
		if p.Spans == nil {
			b = append(b, p.Role)
		} else {
			b = append(b, p.Role|ownSpans)
			spans := packSpans(nil, p.Spans, c.Earliest)
			b = append(binary.AppendUvarint(b, uint64(len(spans))), spans...) // their length first, for who passes over them
		}
	}
	b = binary.AppendUvarint(b, uint64(len(c.Cuts)))
	for _, cut := range c.Cuts {
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(cut.A)), uint64(cut.B))
		b = append(binary.AppendUvarint(b, uint64(cut.From)), cut.State)
	}
	// last, for most readings end before
	for _, list := range [][]uint32{c.Subjects, c.Series, c.Languages, c.People, c.Meetings} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, v := range list {
			b = binary.AppendUvarint(b, uint64(v))
		}
	}
	return b
}

// Spans are packed with their states first, as the digits of one number behind a 1:
// two take two bytes, and so do three. That is for those that are few; of more there
// is a 0, their number, and a byte for each state.
const (
	stateBase = uint64(2*status.Terminated + 2)
	fewSpans  = 12 // stateBase to the power of one more is still a number of 64 bits
)

// packSpans writes spans as their states and, each, the days since the one before, or
// since the agreement's date.
func packSpans(b []byte, spans []cardSpan, last int32) []byte {
	if len(spans) <= fewSpans {
		states := uint64(1)
		for _, s := range spans {
			states = states*stateBase + uint64(s.State)
		}
		b = binary.AppendUvarint(b, states)
	} else {
		b = binary.AppendUvarint(append(b, 0), uint64(len(spans)))
		for _, s := range spans {
			b = append(b, s.State)
		}
	}
	for _, s := range spans {
		b = binary.AppendVarint(b, int64(s.From-last))
		last = s.From
	}
	return b
}

// unpack reads a packed card into c, whose slices are used again. Only, when given,
// marks by their words the parties to be read; the others are left out, and none
// are read when it is empty. Without lists those of subjects, series, languages,
// people and meetings are left empty.
func (c *card) unpack(id uint32, b []byte, only []bool, lists bool) {
	c.ID = id
	c.Earliest, c.Recorded = int32(binary.LittleEndian.Uint32(b)), binary.LittleEndian.Uint32(b[4:])
	c.Kind, c.Level = b[8], b[9]
	c.Bilateral, c.Sourced, c.Restricted, c.Precision = b[10]&1 != 0, b[10]&2 != 0, b[10]&4 != 0, b[10]>>precisionShift
	c.Work, c.There = b[11], true
	r := reader{b, headLength}
	c.Latest = c.Earliest + r.distance()
	c.Places = c.Places[:0]
	for n := r.number(); n > 0; n-- {
		c.Places = append(c.Places, r.number())
	}
	c.Spans = r.spans(c.Spans[:0], c.Earliest)
	c.Parties, c.pool = c.Parties[:0], c.pool[:0]
	none := only != nil && len(only) == 0
	for n := r.number(); n > 0 && (lists || !none); n-- {
		p := cardParty{Party: r.number()}
		role := r.byte()
		length := uint32(0)
		if role&ownSpans != 0 {
			length = r.number()
		}
		if none || only != nil && !only[p.Party] {
			r.at += int(length)
			continue
		}
		p.Role = role &^ ownSpans
		if role&ownSpans != 0 {
			from := len(c.pool)
			c.pool = r.spans(c.pool, c.Earliest)
			p.Spans = c.pool[from:len(c.pool):len(c.pool)]
			if p.Spans == nil {
				p.Spans = []cardSpan{}
			}
		}
		c.Parties = append(c.Parties, p)
	}
	c.Cuts = c.Cuts[:0]
	if none && !lists {
		return
	}
	for n := r.number(); n > 0; n-- {
		c.Cuts = append(c.Cuts, cardCut{r.number(), r.number(), int32(r.number()), r.byte()})
	}
	for _, list := range []*[]uint32{&c.Subjects, &c.Series, &c.Languages, &c.People, &c.Meetings} {
		*list = (*list)[:0]
		if !lists {
			continue
		}
		for n := r.number(); n > 0; n-- {
			*list = append(*list, r.number())
		}
	}
}

// A reader goes through bytes by a place in them: cutting what it has read off a
// slice would write a pointer each time.
type reader struct {
	b  []byte
	at int
}

func (r *reader) byte() byte {
	r.at++
	return r.b[r.at-1]
}

// number reads a number of variable length.
func (r *reader) number() uint32 {
	if v := r.b[r.at]; v < 0x80 {
		r.at++
		return uint32(v)
	}
	v, n := binary.Uvarint(r.b[r.at:])
	r.at += n
	return uint32(v)
}

// long reads a number of variable length of up to 64 bits.
func (r *reader) long() uint64 {
	v, n := binary.Uvarint(r.b[r.at:])
	r.at += n
	return v
}

// distance reads a number of variable length that may be below zero.
func (r *reader) distance() int32 {
	n := r.number()
	return int32(n>>1) ^ -int32(n&1)
}

// spans reads packed spans into a list.
func (r *reader) spans(list []cardSpan, last int32) []cardSpan {
	first := len(list)
	if states := r.long(); states == 0 {
		for n := r.number(); n > 0; n-- {
			list = append(list, cardSpan{State: r.byte()})
		}
	} else {
		for ; states > 1; states /= stateBase {
			list = append(list, cardSpan{State: uint8(states % stateBase)})
		}
		slices.Reverse(list[first:]) // the last came first
	}
	for i := first; i < len(list); i++ {
		last += r.distance()
		list[i].From = last
	}
	return list
}
