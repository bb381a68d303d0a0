package status

import "slices"

// A Status says where an agreement, or one party's place in it, stands on a day. It
// is computed, never typed in. Its number orders the statuses from the most to the
// least binding: a pair of parties stands where the worse of the two stands.
type Status int

// The statuses. Unknown is of what was concluded, while the record does not say
// whether it has begun; Signed of what is known not to have begun.
const (
	InForce Status = iota + 1
	Provisional
	Suspended
	Unknown
	Signed
	Proposed
	Replaced
	Expired
	Terminated
)

// Statuses lists every status, the most binding first.
var Statuses = []Status{InForce, Provisional, Suspended, Unknown, Signed, Proposed, Replaced, Expired, Terminated}

// StatusNames are the statuses' names by their numbers.
var StatusNames = []string{"", "in-force", "provisional", "suspended", "unknown", "signed", "proposed", "replaced",
	"expired", "terminated"}

func (s Status) String() string { return StatusNames[s] }

// MarshalText writes the status by its name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseStatus finds a status by its name.
func ParseStatus(name string) (Status, bool) {
	i := slices.Index(StatusNames[1:], name)
	return Status(i + 1), i >= 0
}

// A State is a status and whether a date that is not known exactly leaves it open:
// then the status is what is certain by that day.
type State struct {
	Status    Status `json:"status"`
	Uncertain bool   `json:"uncertain"`
}

// Code packs a state into one number; the smaller, the more binding.
func (s State) Code() int {
	if s.Uncertain {
		return int(s.Status)*2 + 1
	}
	return int(s.Status) * 2
}

// StateOf is the state of a code.
func StateOf(code int) State { return State{Status(code / 2), code%2 == 1} }
