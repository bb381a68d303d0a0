package models

import (
	"context"
	"fmt"

	"chancery/models/search"

	"gorm.io/gorm"
)

// fillIndex derives what records of an older version lack: their cards, and what a
// search finds. All of them are filled at once, so that the first tells of the
// rest, however many there are.
func (s Upkeep) fillIndex(ctx context.Context) error {
	var missing int64
	err := s.write.WithContext(ctx).Raw(
		"SELECT count(*) FROM (SELECT min(id) AS id FROM agreements) a WHERE a.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cards c WHERE c.agreement_id = a.id)").Scan(&missing).Error
	if err != nil {
		return fmt.Errorf("reading the card index: %w", err)
	}
	if missing == 0 {
		return nil
	}
	return s.Rebuild(ctx, func(int64, int64) {})
}

// Rebuild derives everything that is kept beside the records anew, in one
// transaction: timelines, cards, and what a search finds. progress hears how many
// of all agreements are done.
func (s Upkeep) Rebuild(ctx context.Context, progress func(done, total int64)) error {
	if err := s.transaction(ctx, func(tx *gorm.DB) error { return s.rebuild(tx, progress) }); err != nil {
		return fmt.Errorf("rebuilding: %w", err)
	}
	return nil
}

// rebuild derives everything anew, and tells how far it is.
func (s Upkeep) rebuild(tx *gorm.DB, progress func(done, total int64)) error {
	var total int64
	if err := tx.Model(&Agreement{}).Count(&total).Error; err != nil {
		return err
	}
	if err := s.invalidateSearch(tx); err != nil {
		return err
	}
	if err := s.findPeople(tx); err != nil {
		return err
	}
	if err := s.findMeetings(tx); err != nil {
		return err
	}
	done := int64(0)
	return everyAgreement(tx, func(ids []int64) error {
		done += int64(len(ids))
		progress(done, total)
		return s.derivation().rederive(tx, ids...)
	})
}

// invalidateSearch empties the tables of a search, but not the words of parties'
// names.
func (s Upkeep) invalidateSearch(tx *gorm.DB) error {
	for _, table := range []searchTable{searchAgreements, searchPeople, searchMeetings} {
		if err := tx.Exec("DELETE FROM " + string(table)).Error; err != nil {
			return err
		}
	}
	return s.learnParties(tx)
}

// everyAgreement visits all register numbers, a few hundred at a time.
func everyAgreement(tx *gorm.DB, visit func(ids []int64) error) error {
	last := int64(0)
	for {
		var ids []int64
		if err := tx.Raw("SELECT id FROM agreements WHERE id > ? ORDER BY id LIMIT 400",
			last).Scan(&ids).Error; err != nil || len(ids) == 0 {
			return err
		}
		if err := visit(ids); err != nil {
			return err
		}
		last = ids[len(ids)-1]
	}
}

// learnParties makes the words of parties' names known, so that a mistyped one is
// understood.
func (s Upkeep) learnParties(tx *gorm.DB) error {
	var names []string
	if err := tx.Raw("SELECT DISTINCT folded FROM party_names ORDER BY folded").Scan(&names).Error; err != nil {
		return err
	}
	var words []string
	for _, n := range names {
		words = append(words, search.Tokens(n)...)
	}
	return s.engine.learnWords(tx, words)
}

// findPeople writes anew what people are found by.
func (s Upkeep) findPeople(tx *gorm.DB) error {
	var people []Person
	return tx.Preload("Names").FindInBatches(&people, 400, func(batch *gorm.DB, _ int) error {
		docs := make([]document, len(people))
		for i := range people {
			docs[i] = people[i].document()
		}
		return s.engine.write(tx, searchPeople, docs)
	}).Error
}

// findMeetings writes anew what meetings are found by, and their own events.
func (s Upkeep) findMeetings(tx *gorm.DB) error {
	if err := tx.Exec("DELETE FROM events WHERE agreement_id IS NULL").Error; err != nil {
		return err
	}
	var meetings []Meeting
	return tx.FindInBatches(&meetings, 400, func(batch *gorm.DB, _ int) error {
		docs := make([]document, len(meetings))
		var events []eventRow
		for i := range meetings {
			docs[i], events = meetings[i].document(), append(events, meetings[i].events()...)
		}
		if err := insertAll(tx, events); err != nil {
			return err
		}
		return s.engine.write(tx, searchMeetings, docs)
	}).Error
}
