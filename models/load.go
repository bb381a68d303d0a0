package models

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// load reads records with all that belongs to them, by number.
func (s *Store) load(tx *gorm.DB, ids []int64) ([]*Agreement, error) {
	return s.loadParts(tx, ids, "Titles", "Participations", signatories, "Acts", "ValidityPeriods",
		"Meetings", "Meetings.Meeting", "Meetings.Meeting.RelatedTo", "Relations", "Subjects", "ExternalIDs", "Sources")
}

// loadParts reads records with some of what belongs to them, by number: a statement
// each.
func (s *Store) loadParts(tx *gorm.DB, ids []int64, parts ...string) ([]*Agreement, error) {
	signed := slices.Contains(parts, signatories)
	for _, part := range parts {
		if part == signatories {
			continue
		}
		if strings.HasPrefix(part, "Meetings.Meeting") {
			tx = tx.Preload(part)
		} else {
			tx = tx.Preload(part, func(db *gorm.DB) *gorm.DB { return db.Order("position") })
		}
	}
	var list []*Agreement
	err := tx.Where("id IN ?", ids).Order("id").Find(&list).Error
	if err == nil && signed {
		err = loadSignatories(tx, ids, list)
	}
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		parties := map[int64]string{}
		for _, p := range a.Participations {
			parties[p.ID] = p.Party
		}
		for i, act := range a.Acts {
			if act.ParticipationID != nil {
				a.Acts[i].Party = parties[*act.ParticipationID]
			}
		}
	}
	return list, nil
}

// signatories are the one part that is not read by the numbers of what it belongs
// to: they are many, and the time of binding them grows with their square.
const signatories = "Participations.Signatories"

// loadSignatories gives participations those who signed for them.
func loadSignatories(tx *gorm.DB, ids []int64, list []*Agreement) error {
	var rows []Signatory
	if err := tx.Session(&gorm.Session{NewDB: true}).Raw(`SELECT s.* FROM signatories s
		JOIN participations p ON p.id = s.participation_id WHERE p.agreement_id IN ? ORDER BY s.position`,
		ids).Scan(&rows).Error; err != nil {
		return err
	}
	of := map[int64][]Signatory{}
	for _, row := range rows {
		of[row.ParticipationID] = append(of[row.ParticipationID], row)
	}
	for _, a := range list {
		for i := range a.Participations {
			a.Participations[i].Signatories = append([]Signatory{}, of[a.Participations[i].ID]...)
		}
	}
	return nil
}

// recordsAtOnce is how many whole records are read at a time.
const recordsAtOnce = 200

// loadInChunks reads whole records by number, some hundreds with each handful of
// statements.
func (s *Store) loadInChunks(tx *gorm.DB, ids []int64, visit func(*Agreement)) error {
	for chunk := range slices.Chunk(ids, recordsAtOnce) {
		list, err := s.load(tx, chunk)
		if err != nil {
			return err
		}
		for _, a := range list {
			visit(a)
		}
	}
	return nil
}
