package status

import "chancery/models/edtf"

// A Date is a date as bounded: the first and the last day that it can mean. The
// zero Date is not known.
type Date struct{ Earliest, Latest edtf.Day }

// On is the date of one day.
func On(day edtf.Day) Date { return Date{day, day} }

// Known tells whether anything is known of the date.
func (d Date) Known() bool { return d.Earliest != "" || d.Latest != "" }

// Facts are what the status of an agreement follows from. What is recorded of it is
// named by its place in the record, as in the problems that a check reports:
// acts[2], validity_periods[0], signed.
type Facts struct {
	Signed Date // each side on its own day: the last of them
	// Recorded is the day on which the record was made: what it states without a date
	// had happened by then.
	Recorded    edtf.Day
	TakesEffect TakesEffect
	Chart       Chart
	Parties     []Party
	Periods     []Period
	Acts        []Act
	Later       []Later    // agreements that replace or terminate this one
	Extensions  []Extended // agreements that extend this one
	// Coterminous is how each agreement that this one ends with has ended.
	Coterminous []Ending
	// EndUnread names facts that say when the agreement ended and could not be read.
	EndUnread []string
}

// TakesEffect says how an agreement enters into force; "" is not stated.
type TakesEffect string

// The ways of taking effect.
const (
	OnSignature TakesEffect = "signature"
	OnDate      TakesEffect = "date"
	OnCondition TakesEffect = "condition"
)

// TakesEffects in the order of a form's list.
var TakesEffects = []string{string(OnSignature), string(OnDate), string(OnCondition)}

// A Chart says how fully the acts of the parties are recorded; "" is not stated.
type Chart string

// The kinds of chart.
const (
	Complete   Chart = "complete"   // every party's acts, as in a depositary's table
	Exceptions Chart = "exceptions" // only of parties that fared otherwise than the rest
	Partial    Chart = "partial"    // those of some parties
)

// Charts in the order of a form's list.
var Charts = []string{string(Complete), string(Exceptions), string(Partial)}

// A Role is a party's place in the agreement, as far as its status depends on it.
type Role int

// The roles of a party.
const (
	RoleParty     Role = iota
	RoleGuarantor      // no side of its own
	RoleSignatory      // signs, and is bound only by an act that says so
	RoleNone           // depositary, observer: without a status
)

// A Party takes part in an agreement.
type Party struct {
	Code string
	Role Role
	Side int // 1, 2, or 0 for none
	// ExistedFrom and ExistedUntil are its first and its last day, where known; that of
	// a state that goes on as another legal person did is that person's.
	ExistedFrom, ExistedUntil edtf.Day
	Continuator               string // the party that goes on as the same legal person, if any
}

// An Act is an act as the status rules see it: what was done, by whom ("" for all),
// when, and from when it has effect.
type Act struct {
	Type      ActType
	Party     string
	Date      Date
	Effective Date // the first day of the new state
	Until     Date // of an extension: the new end; of a suspension or provisional application: the last day
}

// Later is an agreement that replaces this one, or terminates it, between the
// parties that both bind (VCLT articles 30, 41, 54 and 59).
type Later struct {
	Agreement  int64
	Terminates bool
	InForce    map[string][]Stretch // by the code of each of its parties, in order
}

// A Stretch is a run of days, both ends included.
type Stretch struct{ From, Until edtf.Day }

// Extended says until when another agreement extends this one, from the day on
// which it is in force itself; an empty day is not known.
type Extended struct {
	Agreement int64
	Until     edtf.Day
}

// An Ending is how another agreement ended: from that day on it was expired or
// terminated.
type Ending struct {
	Agreement int64
	From      edtf.Day
	Status    Status
}
