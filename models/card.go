package models

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A card is what lists, counts and pictures need of one agreement. The table cards
// holds it as text, written with the record; the card index holds it packed, with
// numbers instead of words.
type card struct {
	ID                     uint32
	Earliest, Latest       int32 // days since 1 January of the year 1
	Recorded               uint32
	Kind, Level, Precision uint8 // places in Kinds, Levels, Precisions
	Work                   uint8 // a bit for each of Works that the record wants
	There                  bool  // the agreement is in the register
	Bilateral, Sourced     bool
	Restricted             bool     // to those who sign in
	Places                 []uint32 // as all below, words of the index
	Subjects               []uint32
	Series                 []uint32
	Languages              []uint32
	People                 []uint32 // numbers of people
	Meetings               []uint32 // numbers of meetings
	Spans                  []cardSpan
	Parties                []cardParty
	Cuts                   []cardCut

	pool []cardSpan // where unpack puts the spans of parties
}

// A cardSpan begins on a day and lasts until the next begins.
type cardSpan struct {
	From  int32
	State uint8 // State.code
}

// A cardParty is one participation; its spans are nil where they are those of the
// whole.
type cardParty struct {
	Party uint32
	Role  uint8 // place in Roles
	Spans []cardSpan
}

// roleCount is how many Roles there are.
const roleCount = len(partRoles) + len(otherRoles)

// A card's codes are places in closed lists, and share bytes with flags: a role has
// a bit of its byte less, a precision three. What stands here does not compile
// where a list outgrows its place; noState and noRole are after all of them.
const (
	noState, noRole = uint8(math.MaxUint8), uint8(math.MaxUint8)

	_ = uint8(math.MaxUint8 - len(kinds))
	_ = uint8(math.MaxUint8 - len(levels))
	_ = uint8(ownSpans - roleCount - 1)
	_ = uint8(1<<(8-precisionShift) - len(precisions))
	_ = uint8(8 - len(works)) // a bit each
	_ = noState - uint8(2*status.Terminated+1) - 1
)

// A party that goes on as the same legal person as one that took part stands in a
// card beside it, under a role of its own: where predecessors are taken in, its
// bonds are read from there.
const (
	continuedRole = uint8(roleCount)
	continuedName = "continued"
)

const (
	ownSpans       = 0x80 // beside a packed role: the party's spans follow
	precisionShift = 3    // of a packed precision, over three flags
)

// takesPart tells those whose role is among PartRoles, which come first in Roles.
func (p cardParty) takesPart() bool { return int(p.Role) < len(partRoles) }

// undated tells an agreement of which nothing is dated.
func (c *card) undated() bool { return c.Earliest == 0 }

// alone tells an agreement of which fewer than two parties are recorded.
func (c *card) alone() bool { return c.Work&1 != 0 }

// within tells whether the agreement is of a scope; one without two parties is of
// none.
func (c *card) within(scope string) bool { return !c.alone() && c.Bilateral == (scope == "bilateral") }

// stateOn is the state on a day by spans.
func stateOn(spans []cardSpan, on int32) uint8 {
	state := proposedCode
	for _, s := range spans {
		if s.From > on {
			break
		}
		state = s.State
	}
	return state
}

const proposedCode = uint8(status.Proposed * 2)

// The places of what a card's text holds; a new one comes last, before their
// number, and wants all cards derived anew.
const (
	inKind = iota
	inLevel
	inBilateral
	inPrecision
	inFlags
	inEarliest
	inLatest
	inRecorded
	inPlace
	inSubjects
	inPeople
	inMeetings
	inSeries
	inLanguages
	inSpans
	inParties
	inCuts
	inWork
	cardFields
)

const (
	flagSourced    = 1
	flagRestricted = 2
)

// parseSpans reads what spansText writes.
func parseSpans(text string) (spans []cardSpan) {
	for part := range strings.SplitSeq(text, ";") {
		if day, state, ok := strings.Cut(part, "="); ok {
			code, _ := strconv.Atoi(state)
			spans = append(spans, cardSpan{edtf.Day(day).Number(), uint8(code)})
		}
	}
	return spans
}

// parseCard reads a card's text; word turns a text into its number in the index.
func parseCard(id int64, text string, word, party func(string) uint32) (c card, err error) {
	f := strings.Split(text, "\t")
	if len(f) != cardFields {
		return c, fmt.Errorf("the card of agreement %d has %d fields, not %d: rebuild the index", id, len(f), cardFields)
	}
	recorded, _ := strconv.ParseInt(f[inRecorded], 10, 64)
	flags, _ := strconv.Atoi(f[inFlags])
	work, _ := strconv.ParseUint(f[inWork], 10, 8)
	c = card{
		ID:         uint32(id),
		Kind:       place(Kinds, f[inKind]),
		Level:      place(Levels, f[inLevel]),
		Bilateral:  f[inBilateral] == "1",
		Precision:  place(Precisions, f[inPrecision]),
		Work:       uint8(work),
		There:      true,
		Sourced:    flags&flagSourced != 0,
		Restricted: flags&flagRestricted != 0,
		Earliest:   edtf.Day(f[inEarliest]).Number(),
		Latest:     edtf.Day(f[inLatest]).Number(),
		Recorded:   uint32(max(0, recorded)),
		Spans:      parseSpans(f[inSpans]),
	}
	words := func(field string) (list []uint32) {
		for item := range strings.SplitSeq(field, "\n") {
			if item != "" {
				list = append(list, word(item))
			}
		}
		return list
	}
	numbers := func(field string) (list []uint32) {
		for item := range strings.SplitSeq(field, "\n") {
			if n, err := strconv.ParseUint(item, 10, 32); err == nil && n > 0 {
				list = append(list, uint32(n))
			}
		}
		return list
	}
	c.Places = words(f[inPlace])
	c.Subjects, c.Series, c.Languages = words(f[inSubjects]), words(f[inSeries]), words(f[inLanguages])
	c.People, c.Meetings = numbers(f[inPeople]), numbers(f[inMeetings])
	for line := range strings.SplitSeq(f[inParties], "\n") {
		code, rest, ok := strings.Cut(line, " ")
		if !ok {
			continue
		}
		role, spans, _ := strings.Cut(rest, " ")
		p := cardParty{Party: party(code), Role: place(Roles, role)}
		if role == continuedName {
			p.Role = continuedRole
		}
		if spans != "" {
			p.Spans = append([]cardSpan{}, parseSpans(spans)...) // not nil, though nothing be in it
		}
		c.Parties = append(c.Parties, p)
	}
	for line := range strings.SplitSeq(f[inCuts], "\n") {
		if parts := strings.Fields(line); len(parts) == 3 {
			span := parseSpans(parts[2])[0]
			c.Cuts = append(c.Cuts, cardCut{party(parts[0]), party(parts[1]), span.From, span.State})
		}
	}
	return c, nil
}

// place is a value's place in a closed list, the first where it is in none.
func place(list []string, value string) uint8 { return uint8(max(0, slices.Index(list, value))) }

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

// packSpans writes spans as their number and, each, the days since the one before,
// or since the agreement's date, and its state.
func packSpans(b []byte, spans []cardSpan, last int32) []byte {
	b = binary.AppendUvarint(b, uint64(len(spans)))
	for _, s := range spans {
		b = append(binary.AppendVarint(b, int64(s.From-last)), s.State)
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

// distance reads a number of variable length that may be below zero.
func (r *reader) distance() int32 {
	n := r.number()
	return int32(n>>1) ^ -int32(n&1)
}

// spans reads packed spans into a list.
func (r *reader) spans(list []cardSpan, last int32) []cardSpan {
	for n := r.number(); n > 0; n-- {
		last += r.distance()
		list = append(list, cardSpan{last, r.byte()})
	}
	return list
}

// clone is a card that shares nothing that unpack writes to.
func (c *card) clone() card {
	d := *c
	d.Subjects, d.Series, d.Languages, d.People, d.Meetings = slices.Clone(c.Subjects), slices.Clone(c.Series),
		slices.Clone(c.Languages), slices.Clone(c.People), slices.Clone(c.Meetings)
	d.Places = slices.Clone(c.Places)
	d.Spans, d.Parties, d.Cuts, d.pool = slices.Clone(c.Spans), slices.Clone(c.Parties), slices.Clone(c.Cuts), nil
	return d
}

// spansOf are a participation's spans.
func (c *card) spansOf(p *cardParty) []cardSpan {
	if p.Spans == nil {
		return c.Spans
	}
	return p.Spans
}
