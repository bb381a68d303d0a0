package models

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
)

// A Mismatch is a derived row that does not say what its record says.
type Mismatch struct {
	Subject string // agreement, person, meeting
	Number  int64
	What    string // card, timeline, search
}

// String says it in words.
func (m Mismatch) String() string { return fmt.Sprintf("%s %d: %s", m.Subject, m.Number, m.What) }

// Verify holds everything that is derived from records against them, by what it
// says. It tells of each that differs, and how many agreements were looked at;
// nothing is written.
func (s Upkeep) Verify(ctx context.Context, differs func(Mismatch)) (checked int, err error) {
	tx := s.reader(ctx)
	err = everyAgreement(tx, func(ids []int64) error {
		checked += len(ids)
		return s.verifyAgreements(tx, ids, differs)
	})
	if err == nil {
		err = s.verifyPeople(tx, differs)
	}
	if err == nil {
		err = s.verifyMeetings(tx, differs)
	}
	if err != nil {
		return checked, fmt.Errorf("verifying: %w", err)
	}
	return checked, nil
}

// verifyAgreements holds the cards, the timeline and what a search finds of some
// agreements against their records.
func (s Upkeep) verifyAgreements(tx *gorm.DB, ids []int64, differs func(Mismatch)) error {
	list, from, err := s.derivation().loadWhole(tx, ids)
	if err != nil {
		return err
	}
	var rows []cardRow
	if err := tx.Where("agreement_id IN ?", ids).Find(&rows).Error; err != nil {
		return err
	}
	cards := map[int64]string{}
	for _, r := range rows {
		cards[r.AgreementID] = r.Card
	}
	var kept []eventRow
	if err := tx.Where("agreement_id IN ?", ids).Find(&kept).Error; err != nil {
		return err
	}
	events := map[int64][]eventRow{}
	for _, e := range kept {
		events[*e.AgreementID] = append(events[*e.AgreementID], e)
	}
	var standing []*Agreement
	for _, a := range list {
		card, timeline := "", []eventRow(nil)
		if a.WithdrawnAt == nil {
			outcome := a.Facts(from).Outcome()
			card, timeline = a.cardText(outcome, from), a.deriveEvents(outcome)
			standing = append(standing, a)
		}
		if cards[a.ID] != card {
			differs(Mismatch{"agreement", a.ID, "card"})
		}
		if !sameEvents(events[a.ID], timeline) {
			differs(Mismatch{"agreement", a.ID, "timeline"})
		}
	}
	docs, err := s.derivation().documents(tx, standing)
	if err != nil {
		return err
	}
	return s.verifyFound(tx, searchAgreements, "agreement", ids, docs, differs)
}

// sameEvents tells whether two timelines say the same, in whatever order.
func sameEvents(a, b []eventRow) bool {
	if len(a) != len(b) {
		return false
	}
	ordered := func(list []eventRow) []eventRow {
		list = slices.Clone(list)
		slices.SortFunc(list, func(x, y eventRow) int {
			return cmp.Or(cmp.Compare(x.Event, y.Event), x.Ordinal-y.Ordinal, cmp.Compare(x.Date, y.Date),
				cmp.Compare(x.Party, y.Party), cmp.Compare(fmt.Sprint(x.text()), fmt.Sprint(y.text())))
		})
		return list
	}
	a, b = ordered(a), ordered(b)
	for i := range a {
		if !reflect.DeepEqual(a[i].text(), b[i].text()) {
			return false
		}
	}
	return true
}

// text is all that an event says, with the numbers of what it names.
func (e eventRow) text() []any {
	number := func(n *int64) int64 {
		if n == nil {
			return 0
		}
		return *n
	}
	return []any{number(e.AgreementID), number(e.ParticipationID), number(e.SignatoryID), number(e.MeetingID), e.Event, e.Date,
		e.DateEarliest, e.DateLatest, e.KnownFrom, e.Place, e.Note, e.Party, e.Ordinal}
}

// verifyFound holds what a search finds of some things against their documents;
// those without one are not to be found.
func (s Upkeep) verifyFound(tx *gorm.DB, table searchTable, subject string, ids []int64, docs []document,
	differs func(Mismatch)) error {
	differing, err := s.engine.differing(tx, table, docs)
	if err != nil {
		return err
	}
	var found []int64
	if err := tx.Raw("SELECT "+s.engine.key()+" FROM "+string(table)+" WHERE "+s.engine.key()+" IN ?",
		ids).Scan(&found).Error; err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for _, d := range docs {
		wanted[d.id] = true
	}
	for _, id := range ids {
		if wanted[id] != slices.Contains(found, id) || slices.Contains(differing, id) {
			differs(Mismatch{subject, id, "search"})
		}
	}
	return nil
}

// verifyPeople holds what people are found by against their names.
func (s Upkeep) verifyPeople(tx *gorm.DB, differs func(Mismatch)) error {
	var people []Person
	return tx.Preload("Names").FindInBatches(&people, 400, func(batch *gorm.DB, _ int) error {
		docs, ids := make([]document, len(people)), make([]int64, len(people))
		for i := range people {
			docs[i], ids[i] = people[i].document(), people[i].ID
		}
		return s.verifyFound(batch.Session(&gorm.Session{NewDB: true}), searchPeople, "person", ids, docs, differs)
	}).Error
}

// verifyMeetings holds what meetings are found by, and their own events, against
// them.
func (s Upkeep) verifyMeetings(tx *gorm.DB, differs func(Mismatch)) error {
	var meetings []Meeting
	return tx.FindInBatches(&meetings, 400, func(batch *gorm.DB, _ int) error {
		tx := batch.Session(&gorm.Session{NewDB: true})
		docs, ids := make([]document, len(meetings)), make([]int64, len(meetings))
		for i := range meetings {
			docs[i], ids[i] = meetings[i].document(), meetings[i].ID
		}
		var kept []eventRow
		if err := tx.Where("agreement_id IS NULL AND meeting_id IN ?", ids).Find(&kept).Error; err != nil {
			return err
		}
		events := map[int64][]eventRow{}
		for _, e := range kept {
			events[*e.MeetingID] = append(events[*e.MeetingID], e)
		}
		for i := range meetings {
			if !sameEvents(events[meetings[i].ID], meetings[i].events()) {
				differs(Mismatch{"meeting", meetings[i].ID, "timeline"})
			}
		}
		return s.verifyFound(tx, searchMeetings, "meeting", ids, docs, differs)
	}).Error
}
