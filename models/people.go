package models

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"chancery/models/search"
)

// Person reads one person with all names.
func (s People) Person(ctx context.Context, id int64) (*Person, error) {
	var found []Person
	err := s.reader(ctx).Preload("Names", func(db *gorm.DB) *gorm.DB { return db.Order("position") }).
		Where("id = ? AND "+readablePerson(ctx, "people.id"), id).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("reading person %d: %w", id, err)
	}
	return &found[0], nil
}

// A PersonEntry is a line of the list of people.
type PersonEntry struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Agreements int    `json:"agreements"`
}

// List lists people by name, those with the text in any spelling; after is the last
// name of the page before.
func (s People) List(ctx context.Context, text, after string, limit int) (list []PersonEntry, total int64, err error) {
	tx, only := s.reader(ctx), " AND "+readablePerson(ctx, "n.person_id")
	pattern := likeWithin(search.Fold(text))
	err = tx.Raw(`SELECT count(DISTINCT n.person_id) FROM person_names n WHERE n.folded LIKE ? ESCAPE '\'`+only,
		pattern).Scan(&total).Error
	if err == nil {
		err = tx.Raw(`SELECT n.person_id AS id, n.text AS name, `+signedBy(ctx, "n.person_id")+` AS agreements
			FROM person_names n WHERE n.position = 0 AND n.folded > ?
				AND n.person_id IN (SELECT person_id FROM person_names WHERE folded LIKE ? ESCAPE '\')`+only+`
			ORDER BY n.folded LIMIT ?`, search.Fold(after), pattern, limit).Scan(&list).Error
	}
	if err != nil {
		return nil, 0, fmt.Errorf("listing people: %w", err)
	}
	return list, total, nil
}

// signedBy counts the agreements that the person of a column signed.
func signedBy(ctx context.Context, column string) string {
	return "(SELECT count(DISTINCT s.agreement_id) FROM signatories s JOIN agreements a ON a.id = s.agreement_id WHERE s.person_id = " +
		column + " AND " + readableNow(ctx, "a") + ")"
}

// A Signing is one signature of a person.
type Signing struct {
	AgreementID int64  `json:"agreement"`
	Title       string `json:"title"`
	Party       string `json:"party"`
	Person      string `json:"person"` // the name as that record spells it
	Office      string `json:"office"`
	Signed      string `json:"signed"`
}

// Signings lists what a person signed, the latest first, at most 500.
func (s People) Signings(ctx context.Context, person int64) (list []Signing, err error) {
	err = s.reader(ctx).Raw(`SELECT a.id AS agreement_id, a.title, p.party, s.person, s.office,
			CASE WHEN s.signed <> '' THEN s.signed ELSE a.signed END AS signed
		FROM signatories s JOIN participations p ON p.id = s.participation_id JOIN agreements a ON a.id = s.agreement_id
		WHERE s.person_id = ? AND `+readableNow(ctx, "a")+`
		ORDER BY a.dated_earliest DESC, a.id DESC LIMIT 500`, person).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("reading the signatures of person %d: %w", person, err)
	}
	return list, nil
}

// RevisePerson writes a person's names anew. A name of another person takes that
// person in: both were the same, and their signatures come together.
func (s People) RevisePerson(ctx context.Context, id int64, version int, draft PersonDraft, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		for i := range draft.Names {
			trim(&draft.Names[i].Language, &draft.Names[i].Text)
		}
		draft.Names = slices.DeleteFunc(draft.Names, func(n NameDraft) bool { return n.Text == "" })
		if len(draft.Names) == 0 {
			return Invalid{"names[0].text": {Code: "required"}}
		}
		problems := Invalid{}
		if checkLengths(draft, problems); len(problems) > 0 {
			return problems
		}
		if err := claimVersion(tx, "people", "id", id, version); err != nil {
			return err
		}
		var rows []PersonName
		var folded []string
		for _, n := range draft.Names {
			if key := search.Fold(n.Text); !slices.Contains(folded, key) {
				rows = append(rows, PersonName{PersonID: id, Position: len(rows), Language: n.Language, Text: n.Text, Folded: key})
				folded = append(folded, key)
			}
		}
		rows, err := s.takeIn(tx, id, rows, folded)
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM person_names WHERE person_id = ?", id).Error; err != nil {
			return err
		}
		if err := insertAll(tx, rows); err != nil {
			return err
		}
		person := Person{ID: id, Names: rows}
		if err := s.engine.write(tx, searchPeople, []document{person.document()}); err != nil {
			return err
		}
		if err := s.rederiveSigned(tx, id); err != nil {
			return err
		}
		return writeRevision(tx, "person", fmt.Sprint(id), version+1, "revised", change, s.Now(), draft)
	})
	if err != nil {
		return fmt.Errorf("revising person %d: %w", id, err)
	}
	return nil
}

// takeIn makes one person of a person and of those who have one of the folded
// names: their names are added, and what they signed and attended becomes the
// person's.
func (s People) takeIn(tx *gorm.DB, id int64, rows []PersonName, folded []string) ([]PersonName, error) {
	var others []int64
	err := tx.Raw("SELECT DISTINCT person_id FROM person_names WHERE folded IN ? AND person_id <> ?", folded,
		id).Scan(&others).Error
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		var names []PersonName
		if err := tx.Where("person_id = ?", other).Order("position").Find(&names).Error; err != nil {
			return nil, err
		}
		for _, n := range names {
			if !slices.Contains(folded, n.Folded) {
				rows = append(rows, PersonName{PersonID: id, Position: len(rows), Language: n.Language, Text: n.Text,
					Folded: n.Folded})
				folded = append(folded, n.Folded)
			}
		}
		for _, change := range []string{
			"UPDATE signatories SET person_id = ? WHERE person_id = ?",
			"UPDATE meeting_participants SET person_id = ? WHERE person_id = ?",
		} {
			if err := tx.Exec(change, id, other).Error; err != nil {
				return nil, err
			}
		}
		if err := tx.Exec("DELETE FROM people WHERE id = ?", other).Error; err != nil {
			return nil, err
		}
		if err := s.engine.remove(tx, searchPeople, []int64{other}); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// rederiveSigned derives anew what a person signed, which is found by each of the
// person's names.
func (s People) rederiveSigned(tx *gorm.DB, person int64) error {
	var signed []int64
	if err := tx.Raw("SELECT DISTINCT agreement_id FROM signatories WHERE person_id = ?",
		person).Scan(&signed).Error; err != nil {
		return err
	}
	return s.derivation().rederiveAll(tx, signed)
}
