package models

import (
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
