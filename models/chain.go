package models

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Every revision has a place in one chain over the whole register. It bears the
// SHA-256 of its own canonical JSON (its digest) and the hash of the one before,
// which is the SHA-256 of that one's previous hash followed by its digest, both as
// lower-case hexadecimal digits. What is changed, taken out, put in or put
// elsewhere afterwards breaks the chain; what is cut off its end is told by a
// statement of its head that was kept elsewhere.

// fillChain puts the revisions of an older version into the chain, in the order in
// which they were written.
func (s Upkeep) fillChain(ctx context.Context) error {
	var loose int64
	if err := s.write.WithContext(ctx).Raw(
		"SELECT count(*) FROM (SELECT 1 FROM revisions WHERE place = 0 LIMIT 1) first").Scan(&loose).Error; err != nil {
		return fmt.Errorf("reading the chain of revisions: %w", err)
	}
	if loose == 0 {
		return nil
	}
	if err := s.transaction(ctx, func(*gorm.DB) error { return nil }); err != nil {
		return fmt.Errorf("chaining revisions: %w", err)
	}
	return nil
}

// meetingsChained marks a register whose meetings have all been put into the history.
const meetingsChained = "meetings-chained"

// fillMeetings gives those meetings a first revision that an older version made along
// with an agreement without one.
func (s Upkeep) fillMeetings(ctx context.Context) error {
	var filled int64
	err := s.write.WithContext(ctx).Raw("SELECT count(*) FROM settings WHERE name = ?", meetingsChained).Scan(&filled).Error
	if err != nil || filled > 0 {
		return err
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		done := tx.Exec("INSERT INTO settings (name, value) VALUES (?, 'yes') ON CONFLICT DO NOTHING", meetingsChained)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		var list []Meeting
		err := tx.Preload("Participants", func(db *gorm.DB) *gorm.DB { return db.Order("position") }).Where(
			"NOT EXISTS (SELECT 1 FROM revisions r WHERE r.subject = 'meeting' AND r.subject_key = CAST(meetings.id AS text))").
			Order("id").Find(&list).Error
		for i := range list {
			if err == nil {
				err = writeRevision(tx, "meeting", fmt.Sprint(list[i].ID), list[i].Version, "recorded", Change{Actor: "chancery",
					Comment: "as it stood"}, s.Now(), list[i].Draft())
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("putting meetings into the history: %w", err)
	}
	return nil
}

// A Break is where the register is not what its chain of revisions says. Place is
// that in the chain, 0 for a record.
type Break struct {
	Place   int64
	Subject string
	Key     string
	Number  int
	What    BreakKind
}

// A BreakKind says what is wrong.
type BreakKind string

// What can be wrong with a chain, and with a record under it.
const (
	BreakChanged   BreakKind = "changed"    // the revision does not say what it said
	BreakMissing   BreakKind = "missing"    // a revision before this one is not there
	BreakOrder     BreakKind = "order"      // it does not follow the one before
	BreakEnd       BreakKind = "end"        // the register's head is not the chain's end
	BreakStatement BreakKind = "statement"  // the chain does not pass through the head that was stated
	BreakUnproven  BreakKind = "unproven"   // it is marked as purged, and no purge says so
	BreakLoose     BreakKind = "loose"      // a revision stands outside the chain
	BreakRecord    BreakKind = "record"     // the record does not say what its last revision says
	BreakNoRecord  BreakKind = "no-record"  // its last revision has no record
	BreakNoHistory BreakKind = "no-history" // the record has no revision
)

// String says in words where a chain is broken.
func (b Break) String() string {
	switch {
	case b.Place == 0:
		return fmt.Sprintf("%s %s: %s", b.Subject, b.Key, b.What)
	case b.Subject == "": // it is not there
		return fmt.Sprintf("entry %d of the chain: %s", b.Place, b.What)
	}
	return fmt.Sprintf("entry %d of the chain (revision %d of %s %s): %s", b.Place, b.Number, b.Subject, b.Key, b.What)
}

// VerifyChain walks the whole chain and returns its first break, nil when there is
// none, and how many revisions it looked at. A statement, when given, must have
// been true of the register when it had that length.
func (s Upkeep) VerifyChain(ctx context.Context, stated *Statement) (broken *Break, length int64, err error) {
	proven, err := s.purges(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("verifying the chain: %w", err)
	}
	h := chainHead{}
	last := Revision{}
	err = s.eachChained(ctx, func(r *Revision) bool {
		at := func(what BreakKind) bool {
			broken = &Break{h.Length + 1, r.Subject, r.SubjectKey, r.Number, what}
			return false
		}
		switch {
		case r.Place != h.Length+1:
			return at(BreakMissing)
		case r.Previous != h.Head:
			return at(BreakOrder)
		case r.Purged && !proven[r.Place]:
			return at(BreakUnproven)
		case !r.Purged && r.Digest != r.digestNow():
			return at(BreakChanged)
		}
		h = chainHead{link(h.Head, r.Digest), r.Place}
		last = *r
		if stated != nil && stated.Length == h.Length && stated.Head != h.Head {
			return at(BreakStatement)
		}
		return true
	})
	if err != nil || broken != nil {
		return broken, h.Length, err
	}
	broken, err = s.verifyEnd(ctx, h, last, stated)
	if err != nil {
		return nil, h.Length, fmt.Errorf("verifying the chain: %w", err)
	}
	return broken, h.Length, nil
}

// verifyEnd holds the end of a walk against what the register says of its end, and
// looks for revisions that no chain goes through.
func (s Upkeep) verifyEnd(ctx context.Context, h chainHead, last Revision, stated *Statement) (broken *Break,
	err error) {
	var register chainHead
	var loose []Revision
	tx := s.reader(ctx)
	if err := tx.Raw("SELECT head, length FROM register").Scan(&register).Error; err != nil {
		return nil, err
	}
	if err := tx.Where("place = 0").Order("id").Limit(1).Find(&loose).Error; err != nil {
		return nil, err
	}
	at := func(r Revision, what BreakKind) *Break {
		return &Break{h.Length, r.Subject, r.SubjectKey, r.Number, what}
	}
	switch {
	case register.Length > h.Length: // the end is cut off
		broken = &Break{Place: h.Length + 1, What: BreakEnd}
	case register != h:
		broken = at(last, BreakEnd)
	case stated != nil && stated.Length > h.Length:
		broken = &Break{Place: h.Length + 1, What: BreakStatement}
	case len(loose) > 0:
		broken = at(loose[0], BreakLoose)
	}
	return broken, nil
}

// eachChained visits all revisions in the order of the chain, a few hundred at a
// time, until visit says no.
func (s Upkeep) eachChained(ctx context.Context, visit func(r *Revision) bool) error {
	return s.eachAfter(ctx, 0, visit)
}

// Since visits the revisions that came after an entry of the chain.
func (s Upkeep) Since(ctx context.Context, place int64, visit func(r *Revision)) error {
	return s.eachAfter(ctx, place, func(r *Revision) bool {
		visit(r)
		return true
	})
}

func (s Upkeep) eachAfter(ctx context.Context, last int64, visit func(r *Revision) bool) error {
	for {
		var rows []Revision
		if err := s.reader(ctx).Where("place > ?", last).Order("place").Limit(500).Find(&rows).Error; err != nil {
			return fmt.Errorf("reading the chain: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		for i := range rows {
			if !visit(&rows[i]) {
				return nil
			}
		}
		last = rows[len(rows)-1].Place
	}
}

// VerifyRecords holds every agreement against its last revision, and tells of each
// that says something else.
func (s Upkeep) VerifyRecords(ctx context.Context, differs func(Break)) (checked int, err error) {
	tx := s.reader(ctx)
	tell := func(id int64, what BreakKind) { differs(Break{Subject: "agreement", Key: fmt.Sprint(id), What: what}) }
	err = everyAgreement(tx, func(ids []int64) error {
		list, err := s.load(tx, ids)
		if err != nil {
			return err
		}
		last, err := lastRevisions(tx, ids)
		if err != nil {
			return err
		}
		said := map[int64]Revision{}
		var standing []Revision
		for _, r := range last {
			if said[r.subjectID()] = r; r.Action != "withdrawn" && !r.Purged {
				standing = append(standing, r)
			}
		}
		made, err := s.replays().fromRevisions(tx, standing)
		if err != nil {
			return err
		}
		for _, a := range list {
			r, ok := said[a.ID]
			switch b := made[a.ID]; {
			case !ok:
				tell(a.ID, BreakNoHistory)
			case r.Number != a.Version, (r.Action == "withdrawn") != (a.WithdrawnAt != nil):
				tell(a.ID, BreakRecord)
			case b != nil && !sameRecord(a, b):
				tell(a.ID, BreakRecord)
			}
		}
		checked += len(list)
		return nil
	})
	if err != nil {
		return checked, fmt.Errorf("verifying records: %w", err)
	}
	var lost []string
	err = tx.Raw(
		"SELECT DISTINCT subject_key FROM revisions WHERE subject = 'agreement' AND action <> 'purged' AND NOT EXISTS (SELECT 1 FROM agreements a WHERE CAST(a.id AS text) = subject_key) LIMIT 100").Scan(&lost).Error
	if err != nil {
		return checked, fmt.Errorf("verifying records: %w", err)
	}
	for _, key := range lost {
		differs(Break{Subject: "agreement", Key: key, What: BreakNoRecord})
	}
	return checked, nil
}

// sameRecord tells whether two agreements state the same.
func sameRecord(a, b *Agreement) bool {
	stated := func(a *Agreement) any {
		c := *a
		c.Version, c.RecordedAt, c.RevisedAt, c.WithdrawnAt, c.WithdrawnReason = 0, time.Time{}, time.Time{}, nil, ""
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return err
		}
		return withoutNothing(value)
	}
	return reflect.DeepEqual(stated(a), stated(b))
}

// withoutNothing makes lists that are empty and lists that are not there the same.
func withoutNothing(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if inner = withoutNothing(inner); inner == nil || name == "person_id" {
				delete(v, name)
			} else {
				v[name] = inner
			}
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = withoutNothing(v[i])
		}
	}
	return value
}

// A Statement says what the head of the chain was at a moment, signed by whoever
// keeps the register. Kept elsewhere it shows that nothing before it was taken away
// or changed.
type Statement struct {
	Register string    `json:"register"` // address or name
	At       time.Time `json:"at"`
	Length   int64     `json:"length"`
	Head     string    `json:"head"`

	// What the audit was then; nil in statements of before it was stated.
	Audit *StatedAudit `json:"audit,omitempty"`

	PublicKey string `json:"public_key"` // Ed25519, base64
	Signature string `json:"signature"`  // Ed25519 (RFC 8032) over the JSON of the fields above it, base64
}

// ErrStatement says that a statement was not signed with its key, or not with the
// one that is trusted.
var ErrStatement = errors.New("the statement's signature is not that of the key")

// signed is what a statement's signature is of.
func (st Statement) signed() []byte {
	st.Signature = ""
	text, err := json.Marshal(st)
	if err != nil {
		panic(err) // strings, a number and a time
	}
	return text
}

// Statement states the head of the chain, signed.
func (s Upkeep) Statement(ctx context.Context, register string, key ed25519.PrivateKey) (*Statement, error) {
	st := Statement{Register: register, At: s.Now().UTC().Truncate(time.Second),
		PublicKey: base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))}
	var h chainHead
	if err := s.reader(ctx).Raw("SELECT head, length FROM register").Scan(&h).Error; err != nil {
		return nil, fmt.Errorf("reading the chain's head: %w", err)
	}
	st.Length, st.Head = h.Length, h.Head
	audit, err := s.auditUpTo(ctx, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	st.Audit = audit
	st.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, st.signed()))
	return &st, nil
}

// Check tells whether a statement bears the signature of its key and, when one is
// given, of the trusted key. The error is ErrStatement when it does not.
func (st *Statement) Check(trusted ed25519.PublicKey) error {
	key, err := base64.StdEncoding.DecodeString(st.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return ErrStatement
	}
	signature, err := base64.StdEncoding.DecodeString(st.Signature)
	if err != nil || !ed25519.Verify(key, st.signed(), signature) || trusted != nil && !slices.Equal(trusted, key) {
		return ErrStatement
	}
	return nil
}
