package models

import (
	"slices"

	"gorm.io/gorm"
)

// documents gathers what agreements are found by. All spellings of the people who
// sign are taken in.
func (s derivation) documents(tx *gorm.DB, list []*Agreement) ([]document, error) {
	var people []int64
	for _, a := range list {
		for _, p := range a.Participations {
			for _, sig := range p.Signatories {
				people = append(people, sig.PersonID)
			}
		}
	}
	spellings := map[int64][]string{}
	for chunk := range slices.Chunk(unique(people), 500) {
		var rows []PersonName
		if err := tx.Where("person_id IN ?", chunk).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			spellings[r.PersonID] = append(spellings[r.PersonID], r.Text)
		}
	}
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	words := map[int64][]string{}
	if len(ids) > 0 {
		var err error
		if words, err = wordsOf(tx, ids); err != nil {
			return nil, err
		}
	}
	docs := make([]document, 0, len(list))
	for _, a := range list {
		docs = append(docs, a.document(spellings, words[a.ID]...))
	}
	return docs, nil
}

// wordsOf reads what is said in the documents of agreements.
func wordsOf(tx *gorm.DB, ids []int64) (map[int64][]string, error) {
	var rows []struct {
		AgreementID int64
		Words       string
	}
	err := tx.Raw(
		"SELECT d.agreement_id, d.words FROM documents d JOIN agreements a ON a.id = d.agreement_id WHERE "+found+" AND d.words <> '' AND d.agreement_id IN ? ORDER BY d.id", ids).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	words := map[int64][]string{}
	for _, r := range rows {
		words[r.AgreementID] = append(words[r.AgreementID], r.Words)
	}
	return words, nil
}

// found is the condition on documents d of agreements a by whose words the agreement is
// found: what is in one that was restricted is not told of an open agreement.
const found = "d.removed_at IS NULL AND (a.restricted OR NOT d.restricted)"
