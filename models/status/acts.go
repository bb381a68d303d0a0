package status

// An ActType says what one party, or all, did (the UN's treaty actions).
type ActType string

// The types of act that other code names, by the UN Treaty Handbook's glossary.
const (
	SignatureAct   ActType = "signature"
	Ratification   ActType = "ratification"
	Accession      ActType = "accession"
	SuccessionAct  ActType = "succession"
	EntryIntoForce ActType = "entry-into-force"
	Reservation    ActType = "reservation"
	Declaration    ActType = "declaration"
	Objection      ActType = "objection"
	Extension      ActType = "extension"
	Suspension     ActType = "suspension"
	Denunciation   ActType = "denunciation"
	Withdrawal     ActType = "withdrawal"
	Termination    ActType = "termination"
)

// An Effect is what an act does to the status of an agreement or of a party.
type Effect int

// The effects of acts.
const (
	NoEffect Effect = iota
	Signs
	Adopts        // the text: shows that the agreement was concluded, no more
	Consents      // of an original party (VCLT articles 11 to 14)
	Joins         // of one that was no original party until then (VCLT article 15; succession)
	Begins        // entry into force (VCLT article 24)
	Applies       // provisionally (VCLT article 25)
	StopsApplying // provisionally
	Suspends      // VCLT articles 57 and 58
	Resumes
	Leaves          // VCLT articles 54 and 56
	UndoesSignature // back to not a party yet
	UndoesConsent   // before entry into force: back to signed
	Ends            // the whole
	Lengthens       // the last period, to the act's until
	NotInForce      // states that the agreement was not in force on that day
)

// actEffects is the one list of the types of act, in the order of a form's list,
// with the effect of each; a new type is a line, and its label act.TYPE.
var actEffects = []struct {
	Type   ActType
	Effect Effect
}{
	{SignatureAct, Signs},
	{"adoption", Adopts},
	{"signature-ad-referendum", Signs},
	{"definitive-signature", Consents},
	{Ratification, Consents},
	{"acceptance", Consents},
	{"approval", Consents},
	{"formal-confirmation", Consents},
	{"notification", Consents}, // that the procedures for the entry into force are completed
	{"consent-to-be-bound", Consents},
	{Accession, Joins},
	{SuccessionAct, Joins},
	{"provisional-application", Applies},
	{"end-of-provisional-application", StopsApplying},
	{EntryIntoForce, Begins},
	{"not-in-force", NotInForce},
	{Reservation, NoEffect},
	{Declaration, NoEffect},
	{Objection, NoEffect},
	{"withdrawal-of-reservation", NoEffect},
	{"withdrawal-of-declaration", NoEffect},
	{"withdrawal-of-objection", NoEffect},
	{"territorial-application", NoEffect},
	{"amendment", NoEffect},
	{"correction", NoEffect},
	{Extension, Lengthens},
	{"renewal", Lengthens},
	{Suspension, Suspends},
	{"resumption", Resumes},
	{"withdrawal-of-signature", UndoesSignature},
	{"withdrawal-of-consent", UndoesConsent},
	{Denunciation, Leaves},
	{Withdrawal, Leaves},
	{Termination, Ends},
}

// ActTypes in the order of a form's list.
var ActTypes = func() (names []string) {
	for _, a := range actEffects {
		names = append(names, string(a.Type))
	}
	return names
}()

var effects = func() map[ActType]Effect {
	m := make(map[ActType]Effect, len(actEffects))
	for _, a := range actEffects {
		m[a.Type] = a.Effect
	}
	return m
}()

// Effect is what an act of the type does to a status.
func (t ActType) Effect() Effect { return effects[t] }

// Consent tells whether the act expresses consent to be bound (VCLT articles 11 to
// 15).
func (t ActType) Consent() bool { return effects[t] == Consents || effects[t] == Joins }
