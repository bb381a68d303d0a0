package status

import (
	"slices"
	"strings"

	"chancery/models/edtf"
)

// A Status says where an agreement, or one party's place in it, stands on a day. It
// is computed, never typed in. Its number orders the statuses from the most to the
// least binding: a pair of parties stands where the worse of the two stands.
type Status int

const (
	InForce Status = iota + 1
	Provisional
	Suspended
	Signed
	Proposed
	Replaced
	Expired
	Terminated
)

// Statuses lists every status, the most binding first.
var Statuses = []Status{InForce, Provisional, Suspended, Signed, Proposed, Replaced, Expired, Terminated}

var StatusNames = []string{"", "in-force", "provisional", "suspended", "signed", "proposed", "replaced", "expired",
	"terminated"}

func (s Status) String() string { return StatusNames[s] }

// MarshalText writes the status by its name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseStatus finds a status by its name.
func ParseStatus(name string) (Status, bool) {
	i := slices.Index(StatusNames[1:], name)
	return Status(i + 1), i >= 0
}

// A State is a status and whether a partial date leaves it open: then the status is
// what is certain by that day.
type State struct {
	Status    Status `json:"status"`
	Uncertain bool   `json:"uncertain"`
}

// code packs a state into the one number that spans.state holds; the smaller, the
// more binding.
func (s State) Code() int {
	if s.Uncertain {
		return int(s.Status)*2 + 1
	}
	return int(s.Status) * 2
}

func StateOf(code int) State { return State{Status(code / 2), code%2 == 1} }

// An Act is an act as the status rules see it: what was done, by whom ("" for the
// agreement as a whole), and when it took effect.
type Act struct {
	Type             ActType
	Party            string
	Earliest, Latest edtf.Day
}

// Facts are what the status of an agreement follows from.
type Facts struct {
	SignedEarliest, SignedLatest edtf.Day // empty when no date of signature is known
	Parties                      []string
	Periods                      []Period
	Acts                         []Act
	// the first day on which an agreement that replaces this one was in force, or
	// empty
	ReplacedOn edtf.Day

	byParty bool // consent or entry into force is recorded party by party; set by settle
}

// Bilateral tells whether two parties at the most take part.
func (f Facts) Bilateral() bool { return len(f.Parties) <= 2 }

// settle keeps the facts that bear on one party's status, or on the whole's (party
// ""), so that the acts of 190 parties are not read again for each of them. What
// all acts say together is put in as facts of the whole: where no date of signature
// is known, the first act shows that the agreement was concluded; where no period
// is recorded, it entered into force with the second party for which it did.
func (f Facts) settle(party string) Facts {
	var entries []Act
	acts := make([]Act, 0, 8)
	signed := f.SignedLatest != ""
	for _, d := range f.Acts {
		if !signed {
			f.concludedBy(d)
		}
		if d.Party != "" {
			f.byParty = f.byParty || d.Type.Consent() || d.Type == EntryIntoForce
			if d.Type == EntryIntoForce {
				entries = append(entries, d)
			}
		}
		if d.Party == "" || d.Party == party || f.Bilateral() {
			acts = append(acts, d)
		}
	}
	if !f.hasFullPeriod() {
		if second, ok := secondEntry(entries); ok {
			acts = append(acts, second)
		}
	}
	f.Acts = acts
	return f
}

// concludedBy dates the signature by the first act, where none is recorded.
func (f *Facts) concludedBy(d Act) {
	if f.SignedEarliest == "" || d.Earliest < f.SignedEarliest {
		f.SignedEarliest = d.Earliest
	}
	if f.SignedLatest == "" || d.Latest < f.SignedLatest {
		f.SignedLatest = d.Latest
	}
}

// secondEntry is the entry into force of the second party, as a act of the whole.
func secondEntry(entries []Act) (Act, bool) {
	slices.SortFunc(entries, func(a, b Act) int { return strings.Compare(string(a.Latest), string(b.Latest)) })
	for _, d := range entries {
		if d.Party != entries[0].Party {
			return Act{Type: EntryIntoForce, Earliest: d.Earliest, Latest: d.Latest}, true
		}
	}
	return Act{}, false
}

// Status computes the state of the agreement as a whole on a day.
func (f Facts) Status(on edtf.Day) State { return f.settle("").state(on, "") }

// PartyStatus computes the state of the agreement for one party on a day: an
// accession in 2010 is not in force in 2005, and a withdrawal from a multilateral
// agreement ends it for that party alone.
func (f Facts) PartyStatus(on edtf.Day, party string) State { return f.settle(party).state(on, party) }

// state tries the day with every partial date at its latest, at its earliest, and
// each open one on its own: if the answers differ, the record does not know.
func (f Facts) state(on edtf.Day, party string) State {
	certain := f.resolve(on, nil, false, party)
	open := f.openOn(on)
	if len(open) == 0 {
		return State{Status: certain}
	}
	readings := []Status{f.resolve(on, nil, true, party)}
	if len(open) > 1 {
		for _, i := range open {
			readings = append(readings, f.resolve(on, &i, false, party), f.resolve(on, &i, true, party))
		}
	}
	for _, s := range readings {
		if s != certain {
			return State{certain, true}
		}
	}
	return State{Status: certain}
}

// signing is the place of the date of signature in a list of open dates; a act
// stands by its index.
const signing = -1

// openOn lists the dates that can have fallen on either side of the day.
func (f Facts) openOn(on edtf.Day) (open []int) {
	if f.SignedEarliest <= on && on < f.SignedLatest {
		open = append(open, signing)
	}
	for i, d := range f.Acts {
		if d.Earliest <= on && on < d.Latest {
			open = append(open, i)
		}
	}
	return open
}

// resolve computes the status with every date at its latest, or at its earliest
// when early; the date at *other (if any) the other way round.
func (f Facts) resolve(on edtf.Day, other *int, early bool, party string) Status {
	fell := func(i int, earliest, latest edtf.Day) edtf.Day {
		if early != (other != nil && *other == i) {
			return earliest
		}
		return latest
	}
	h := history{on: on, facts: f}
	h.signedOn = fell(signing, f.SignedEarliest, f.SignedLatest)
	h.acts = make([]dated, 0, len(f.Acts))
	for i, d := range f.Acts {
		h.acts = append(h.acts, dated{d.Type, d.Party, fell(i, d.Earliest, d.Latest)})
	}
	slices.SortStableFunc(h.acts, func(a, b dated) int { return strings.Compare(string(a.day), string(b.day)) })
	whole := h.whole()
	if party == "" {
		return whole
	}
	return h.party(whole, party)
}

type dated struct {
	kind  ActType
	party string
	day   edtf.Day
}

// A history is the facts with every date settled on one day.
type history struct {
	on       edtf.Day
	signedOn edtf.Day
	acts     []dated
	facts    Facts
}

func (h history) happened(d dated) bool { return d.day <= h.on }

// ended tells whether an act brought the agreement to an end: its termination, or,
// for a bilateral one, either party's denunciation or withdrawal (VCLT articles 54
// and 56).
func (h history) ended() bool {
	for _, d := range h.acts {
		if !h.happened(d) {
			continue
		}
		if d.kind == Termination && (d.party == "" || h.facts.Bilateral()) {
			return true
		}
		if (d.kind == Denunciation || d.kind == Withdrawal) && (d.party == "" || h.facts.Bilateral()) {
			return true
		}
	}
	return false
}

func (h history) suspended(party string) bool {
	suspended := false
	for _, d := range h.acts {
		if !h.happened(d) || d.party != "" && d.party != party && !h.facts.Bilateral() {
			continue
		}
		switch d.kind {
		case Suspension:
			suspended = true
		case Resumption:
			suspended = false
		}
	}
	return suspended
}

// begun reports what the periods say of the day: whether any has begun, a full or a
// provisional one covers it.
func (h history) begun() (any, full, provisional bool) {
	for _, p := range h.facts.Periods {
		any = any || p.From <= h.on
		full = full || !p.Provisional && p.covers(h.on)
		provisional = provisional || p.Provisional && p.covers(h.on)
	}
	return any, full, provisional
}

// entered tells whether an act brought the whole into force.
func (h history) entered() bool {
	return slices.ContainsFunc(h.acts, func(d dated) bool {
		return d.kind == EntryIntoForce && d.party == "" && h.happened(d)
	})
}

func (h history) signed() bool { return h.signedOn != "" && h.signedOn <= h.on }

// whole is the status of the agreement as such, by the table of the domain from the
// strongest rule to the weakest.
func (h history) whole() Status {
	begun, full, provisional := h.effect()
	switch {
	case !begun && !provisional && !h.signed():
		return Proposed
	case h.ended():
		return Terminated
	case h.facts.ReplacedOn != "" && h.facts.ReplacedOn <= h.on:
		return Replaced
	case (full || provisional) && h.suspended(""):
		return Suspended
	case full:
		return InForce
	case provisional:
		return Provisional
	case begun:
		return Expired
	}
	return Signed
}

// effect tells whether an agreement has begun to have effect, and whether it has it
// on the day, in full or provisionally: by its periods, or where none is recorded
// by what acts say.
func (h history) effect() (begun, full, provisional bool) {
	begun, full, provisional = h.begun()
	if !h.facts.hasFullPeriod() && h.entered() {
		begun, full = true, true
	}
	if !begun && !provisional {
		provisional = h.provisionalByAct("")
	}
	return begun, full, provisional
}

// hasFullPeriod tells whether a period is recorded that is not provisional.
func (f Facts) hasFullPeriod() bool {
	return slices.ContainsFunc(f.Periods, func(p Period) bool { return !p.Provisional })
}

func (h history) provisionalByAct(party string) bool {
	return slices.ContainsFunc(h.acts, func(d dated) bool {
		return d.kind == ProvisionalApplication && h.happened(d) && (d.party == "" || d.party == party)
	})
}

// party narrows the status of the whole to one party's. In a bilateral agreement
// both stand where it stands.
func (h history) party(whole Status, party string) Status {
	if h.facts.Bilateral() {
		return whole
	}
	own := h.bond(party)
	switch {
	case own.ended && whole < Expired:
		return Terminated
	case whole > Suspended:
		return whole
	case h.suspended(party):
		return Suspended
	case own.bound || !own.acts && !h.facts.byParty:
		return whole
	case h.provisionalByAct(party):
		return Provisional
	case own.signed || h.signed() && !own.acts:
		return Signed
	}
	return Proposed
}

// A bond is what a party's own acts say of it by the day.
type bond struct {
	signed bool // it signed
	bound  bool // it is bound: entry into force for it, or where that is not recorded its consent
	ended  bool // it was bound and has left
	acts   bool // consent or entry into force is recorded for it, on whatever day
}

// bond reads one party's acts in order.
func (h history) bond(party string) (own bond) {
	entry := slices.ContainsFunc(h.acts, func(d dated) bool { return d.party == party && d.kind == EntryIntoForce })
	for _, d := range h.acts {
		if d.party != party {
			continue
		}
		binds := d.kind == EntryIntoForce || d.kind.Consent() && !entry // consent binds where no entry is recorded
		own.acts = own.acts || binds
		if !h.happened(d) {
			continue
		}
		switch {
		case d.kind == SignatureAct:
			own.signed = true
		case binds:
			own.bound, own.ended = true, false
		case d.kind == Denunciation, d.kind == Withdrawal, d.kind == Termination:
			own.bound, own.ended = false, true
		}
	}
	return own
}
