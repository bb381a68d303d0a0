package status

// An ActType says what one party, or all, did (the UN's treaty actions).
type ActType string

// The types of act, by the UN Treaty Handbook's glossary.
const (
	SignatureAct           ActType = "signature"
	Ratification           ActType = "ratification"
	Acceptance             ActType = "acceptance"
	Approval               ActType = "approval"
	Accession              ActType = "accession"
	SuccessionAct          ActType = "succession"
	ProvisionalApplication ActType = "provisional-application"
	EntryIntoForce         ActType = "entry-into-force"
	Reservation            ActType = "reservation"
	Declaration            ActType = "declaration"
	Objection              ActType = "objection"
	AmendmentAct           ActType = "amendment"
	Extension              ActType = "extension"
	RenewalAct             ActType = "renewal"
	Suspension             ActType = "suspension"
	Resumption             ActType = "resumption"
	Denunciation           ActType = "denunciation"
	Withdrawal             ActType = "withdrawal"
	Termination            ActType = "termination"
)

// ActTypes in the order of a form's list.
var ActTypes = []string{"signature", "ratification", "acceptance", "approval", "accession", "succession",
	"provisional-application", "entry-into-force", "reservation", "declaration", "objection", "amendment", "extension",
	"renewal", "suspension", "resumption", "denunciation", "withdrawal", "termination"}

// Consent tells whether the act expresses consent to be bound (VCLT articles 12 to
// 15).
func (t ActType) Consent() bool {
	switch t {
	case Ratification, Acceptance, Approval, Accession, SuccessionAct:
		return true
	}
	return false
}
