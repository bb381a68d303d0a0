package models

import (
	"fmt"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/status"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// cardRow and eventRow are what is derived from a record and kept for an index:
// nothing else writes these tables.
type cardRow struct {
	AgreementID int64 `gorm:"primaryKey"`
	Change      int64
	Card        string
}

func (cardRow) TableName() string { return "cards" }

type eventRow struct {
	AgreementID     *int64
	ParticipationID *int64
	SignatoryID     *int64
	MeetingID       *int64
	Event           string
	Date            string
	DateEarliest    edtf.Day
	DateLatest      edtf.Day
	KnownFrom       edtf.Day
	Place           string
	Note            string
	Party           string // whose act it is; empty for what befell the whole
	Ordinal         int    // among the events of its kind of one agreement
}

func (eventRow) TableName() string { return "events" }

// deriveEvents makes the timeline of one record from its facts: signatures, other
// acts, beginnings and ends of validity, renewals and notice deadlines, meetings.
func (a *Agreement) deriveEvents(outcome *status.Outcome) []eventRow {
	var rows []eventRow
	ordinals := map[string]int{}
	parties := map[int64]string{}
	for _, p := range a.Participations {
		parties[p.ID] = p.Party
	}
	add := func(e eventRow) {
		e.AgreementID = &a.ID
		if e.ParticipationID != nil {
			e.Party = parties[*e.ParticipationID]
		}
		e.KnownFrom = orElse(e.KnownFrom, edtf.FirstDay)
		ordinals[e.Event]++
		e.Ordinal = ordinals[e.Event]
		rows = append(rows, e)
	}
	a.signatures(add)
	a.actEvents(add)
	a.periodEvents(outcome, add)
	for _, m := range a.Meetings {
		if m.Meeting != nil && m.Meeting.Held != "" {
			add(eventRow{MeetingID: &m.Meeting.ID, Event: "meeting", Date: m.Meeting.Held,
				DateEarliest: orElse(m.Meeting.HeldEarliest, m.Meeting.HeldLatest),
				DateLatest:   orElse(m.Meeting.HeldLatest, m.Meeting.HeldEarliest), Place: m.Meeting.Place, Note: m.Relation})
		}
	}
	return rows
}

// actEvents adds an event for each act that is dated, but for signatures.
func (a *Agreement) actEvents(add func(eventRow)) {
	for _, act := range a.Acts {
		if act.Type == status.SignatureAct {
			continue
		}
		note := act.Note
		if act.Effective != "" {
			note = strings.TrimSpace(note + " (effective " + act.Effective + ")")
		}
		if e, dated := act.event(); dated {
			e.Note = note
			add(e)
		}
	}
}

// event is the act as an event, on its date or else from when it has effect; one
// that has neither stands in the record, and nowhere in time.
func (act Act) event() (e eventRow, dated bool) {
	written, earliest, latest := act.Date, act.DateEarliest, act.DateLatest
	if written == "" {
		written, earliest, latest = act.Effective, act.EffectiveEarliest, act.EffectiveLatest
	}
	return eventRow{ParticipationID: act.ParticipationID, Event: string(act.Type), Date: written,
		DateEarliest: orElse(earliest, latest), DateLatest: orElse(latest, earliest), Note: act.Note}, written != ""
}

// periodEvents adds the beginnings and ends of periods, with what is due before
// them: nothing after the agreement has ended, and no end that was put off.
func (a *Agreement) periodEvents(outcome *status.Outcome, add func(eventRow)) {
	last := outcome.Whole[len(outcome.Whole)-1]
	ended := edtf.LastDay
	if last.Status >= status.Replaced {
		ended = last.From
	}
	ends := edtf.Day("")
	for _, p := range a.ValidityPeriods {
		p.events(func(e eventRow) {
			switch {
			case e.Event == "validity-begins":
			case e.DateEarliest >= ended || e.KnownFrom >= ended:
				return
			case e.Event == "validity-ends" && p.Basis != "provisional":
				if status.At(outcome.Whole, e.DateEarliest.Add(1)).Status <= status.Unknown { // extended, or another goes on
					return
				}
				ends = e.DateEarliest
			}
			add(e)
		})
	}
	end := ended.Add(-1)
	held := status.At(outcome.Whole, end)
	if ended == edtf.LastDay || end == ends || held.Uncertain || held.Status > status.Suspended || a.endsByAct(ended) {
		return
	}
	note := last.Status.String() // why it ends on a day that no period has
	if last.Status == status.Expired {
		note = "extension"
	}
	add(eventRow{Event: "validity-ends", Date: string(end), DateEarliest: end, DateLatest: end, Note: note})
}

// endsByAct tells whether an act that ends the agreement is dated on the day, or the
// one before, so that it tells of the end itself.
func (a *Agreement) endsByAct(ended edtf.Day) bool {
	return slices.ContainsFunc(a.Acts, func(act Act) bool {
		effect := act.Type.Effect()
		return (effect == status.Ends || effect == status.Leaves) && act.DateLatest >= ended.Add(-1) && act.DateEarliest <= ended
	})
}

// signatures adds one event for each person who signed, or for each party whose
// signature is recorded as an act; a bilateral agreement's other party, or an
// agreement of which only the date is known, signs on the agreement's date.
func (a *Agreement) signatures(add func(eventRow)) {
	signed := a.signatoryEvents(add)
	anyone := len(signed) > 0
	for _, act := range a.Acts {
		if act.Type != status.SignatureAct || act.ParticipationID != nil && signed[*act.ParticipationID] {
			continue
		}
		anyone = true
		if act.ParticipationID != nil {
			signed[*act.ParticipationID] = true
		}
		if e, dated := act.event(); dated {
			e.Place = a.Place
			add(e)
		}
	}
	if a.Signed == "" {
		return
	}
	whole := eventRow{Event: "signature", Date: a.Signed, DateEarliest: orElse(a.SignedEarliest, a.SignedLatest),
		DateLatest: orElse(a.SignedLatest, a.SignedEarliest), Place: a.Place}
	if !anyone {
		add(whole)
		return
	}
	for i := range a.Participations {
		if p := &a.Participations[i]; a.Bilateral && !signed[p.ID] && slices.Contains(PartRoles, p.Role) {
			e := whole
			e.ParticipationID = &p.ID
			add(e)
		}
	}
}

// signatoryEvents adds an event for each person who signed, and tells for which
// participations somebody did.
func (a *Agreement) signatoryEvents(add func(eventRow)) (signed map[int64]bool) {
	signed = map[int64]bool{}
	for i := range a.Participations {
		p := &a.Participations[i]
		for j := range p.Signatories {
			s := &p.Signatories[j]
			e := eventRow{ParticipationID: &p.ID, SignatoryID: &s.ID, Event: "signature", Date: s.Signed,
				DateEarliest: s.SignedEarliest, DateLatest: s.SignedLatest, Place: s.Place}
			if s.Signed == "" {
				e.Date, e.DateEarliest, e.DateLatest = a.Signed, a.SignedEarliest, a.SignedLatest
			}
			if e.Place == "" {
				e.Place = a.Place
			}
			if e.Date != "" {
				signed[p.ID] = true
				e.DateEarliest, e.DateLatest = orElse(e.DateEarliest, e.DateLatest), orElse(e.DateLatest, e.DateEarliest)
				add(e)
			}
		}
	}
	return signed
}

// renewalHorizon and renewalLimit bound the tacit renewals that are laid out ahead;
// each is shown from the day on which it is the next.
const (
	renewalHorizon edtf.Day = "2150-01-01"
	renewalLimit   int      = 400
)

// events are those of a period: its beginning, its end, and what is due before
// that.
func (p ValidityPeriod) events(add func(eventRow)) {
	bound := func(event, written string, day, known edtf.Day) {
		if day != "" {
			add(eventRow{Event: event, Date: written, DateEarliest: day, DateLatest: day, KnownFrom: known, Note: p.Basis})
		}
	}
	bound("validity-begins", p.ValidFrom, p.FromDay, "")
	period := p.Period()
	if !period.Tacit || period.RenewalMonths == 0 || p.UntilDay == "" {
		bound("validity-ends", p.ValidUntil, p.UntilDay, "")
		bound("notice-deadline", string(period.NoticeBy(p.UntilDay)), period.NoticeBy(p.UntilDay), "")
		return
	}
	known := edtf.Day("")
	end := p.UntilDay
	for range renewalLimit {
		if end > renewalHorizon {
			return
		}
		bound("renewal-due", string(end.Add(1)), end.Add(1), known)
		bound("notice-deadline", string(period.NoticeBy(end)), period.NoticeBy(end), known)
		known, end = end.Add(1), period.Renewed(end)
	}
}

// loadWhole reads records with what their status follows from beside them: what all
// that is derived of them follows from.
func (s derivation) loadWhole(tx *gorm.DB, ids []int64) (list []*Agreement, from surroundings, err error) {
	if list, err = s.load(tx, ids); err == nil {
		from, err = s.elsewhere(tx, list)
	}
	return list, from, err
}

// rederiveAll writes the derived rows of any number of records anew, a few hundred
// at a time.
func (s derivation) rederiveAll(tx *gorm.DB, ids []int64) error {
	for chunk := range slices.Chunk(ids, 400) {
		if err := s.rederive(tx, chunk...); err != nil {
			return err
		}
	}
	return nil
}

// rederive writes the derived rows of some records anew from what is recorded of
// them.
func (s derivation) rederive(tx *gorm.DB, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	list, from, err := s.loadWhole(tx, ids)
	if err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM events WHERE agreement_id IN ?", ids).Error; err != nil {
		return err
	}
	return s.writeDerived(tx, list, from)
}

// writeDerived writes the cards, the events and what a search finds of records that
// have no events yet.
func (s derivation) writeDerived(tx *gorm.DB, list []*Agreement, from surroundings) error {
	var cards []cardRow
	var events []eventRow
	var found []*Agreement
	var withdrawn []int64
	for _, a := range list {
		if a.WithdrawnAt != nil {
			cards, withdrawn = append(cards, cardRow{AgreementID: a.ID}), append(withdrawn, a.ID)
			continue
		}
		outcome := a.Facts(from).Outcome()
		cards = append(cards, cardRow{AgreementID: a.ID, Card: a.cardText(outcome, from)})
		events = append(events, a.deriveEvents(outcome)...)
		found = append(found, a)
	}
	if len(cards) > 0 {
		err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "agreement_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"change", "card"})}).CreateInBatches(&cards, 80).Error
		if err != nil {
			return fmt.Errorf("writing cards: %w", err)
		}
	}
	if err := insertAll(tx, events); err != nil {
		return fmt.Errorf("writing the timeline: %w", err)
	}
	docs, err := s.documents(tx, found)
	if err == nil {
		err = s.engine.write(tx, searchAgreements, docs)
	}
	if err == nil && len(withdrawn) > 0 {
		err = s.engine.remove(tx, searchAgreements, withdrawn)
	}
	if err != nil {
		return fmt.Errorf("writing what a search finds: %w", err)
	}
	return nil
}
