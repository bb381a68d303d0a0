package models

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"chancery/models/search"

	"gorm.io/gorm"
)

// Purged stands where personal data were taken out of the register.
const Purged = "[purged]"

// A purge is the record of a revision that says which entries of the chain were
// emptied. Their digests stay.
type purge struct {
	Places []int64 `json:"places"`
}

// purges are the places in the chain of which a purge says that they were emptied.
func (s Upkeep) purges(ctx context.Context) (map[int64]bool, error) {
	var rows []Revision
	if err := s.reader(ctx).Where("action = 'purged' AND place > 0").Find(&rows).Error; err != nil {
		return nil, err
	}
	proven := map[int64]bool{}
	for _, r := range rows {
		var p purge
		if err := json.Unmarshal([]byte(r.Record), &p); err != nil || r.Purged || r.Digest != r.digestNow() {
			continue // the walk finds it
		}
		for _, place := range p.Places {
			proven[place] = true
		}
	}
	return proven, nil
}

// PurgePerson takes a person's names out of the register and its history: of the
// records that name the person, the present ones and all their revisions. It
// returns how many revisions were emptied of them. What the person signed stays
// signed by somebody; the hashes stay, and a revision says what was done and why.
func (s Upkeep) PurgePerson(ctx context.Context, id int64, change Change) (emptied int, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		var names []PersonName
		if err := tx.Where("person_id = ?", id).Find(&names).Error; err != nil {
			return err
		}
		if len(names) == 0 {
			return ErrNotFound
		}
		if change.Comment == "" {
			return Invalid{"reason": {Code: "required"}}
		}
		texts := make([]string, len(names))
		for i, n := range names {
			texts[i] = n.Text
		}
		nobody := fmt.Sprintf("%s %d", Purged, id)
		for _, statement := range []string{"UPDATE signatories SET person = @nobody WHERE person_id = @id",
			"UPDATE meeting_participants SET person = @nobody WHERE person_id = @id",
			"DELETE FROM person_names WHERE person_id = @id", "UPDATE people SET version = version + 1 WHERE id = @id"} {
			if err := tx.Exec(statement, map[string]any{"nobody": nobody, "id": id}).Error; err != nil {
				return err
			}
		}
		left := PersonName{PersonID: id, Text: nobody, Folded: search.Fold(nobody)}
		if err := tx.Create(&left).Error; err != nil {
			return err
		}
		if err := s.engine.write(tx, searchPeople, []document{(&Person{ID: id,
			Names: []PersonName{left}}).document()}); err != nil {
			return err
		}
		places, err := s.emptyRevisions(tx, texts, nobody, "person", fmt.Sprint(id))
		if err != nil {
			return err
		}
		emptied = len(places)
		touched, err := emptyTexts(tx, texts, nobody)
		if err != nil {
			return err
		}
		if err := s.derivation().rederiveAll(tx, touched); err != nil {
			return err
		}
		if err := s.People().rederiveSigned(tx, id); err != nil {
			return err
		}
		if err := s.engine.unlearn(tx, (&Person{Names: names}).document().names); err != nil {
			return err
		}
		var version int
		if err := tx.Raw("SELECT version FROM people WHERE id = ?", id).Scan(&version).Error; err != nil {
			return err
		}
		return writeRevision(tx, "person", fmt.Sprint(id), version, "purged", change, s.Now(), purge{places})
	})
	if err != nil {
		return 0, fmt.Errorf("purging person %d: %w", id, err)
	}
	return emptied, nil
}

// PurgeAccount takes the name and the addresses of an account out of the register
// and its history: of the account, which can no longer sign in, of what it changed,
// proposed and did. It returns how many revisions were emptied of them.
func (s Upkeep) PurgeAccount(ctx context.Context, id int64, change Change) (emptied int, err error) {
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		a, err := accountBy(tx, "id = ?", id)
		if err != nil {
			return err
		}
		if change.Comment == "" {
			return Invalid{"reason": {Code: "required"}}
		}
		if a.Role == "administrator" && a.DisabledAt == nil {
			if err := notTheLast(tx, a.ID); err != nil {
				return err
			}
		}
		nobody := fmt.Sprintf("%s %d", Purged, id)
		var own []Revision
		if err := tx.Where("account_id = ? AND action <> 'purged'", id).Order("place").Find(&own).Error; err != nil {
			return err
		}
		var places []int64
		for _, r := range own {
			places = append(places, r.Place)
		}
		values := map[string]any{"nobody": nobody, "id": id, "name": a.Name, "now": s.Now().UTC(),
			"folded": search.Fold(nobody)}
		for _, statement := range []string{
			"UPDATE revisions SET actor = @nobody, address = '', purged = TRUE WHERE account_id = @id AND action <> 'purged'",
			"UPDATE proposals SET actor = @nobody, address = '' WHERE account_id = @id",
			"UPDATE proposals SET decided_by = @nobody WHERE decided_by = @name",
			"UPDATE documents SET added_by = @nobody WHERE added_by = @name",
			"UPDATE audit SET actor = @nobody, address = '', detail = '' WHERE account_id = @id OR actor = @name",
			"UPDATE audit SET detail = replace(detail, @name, @nobody) WHERE detail <> ''",
			"DELETE FROM sessions WHERE account_id = @id", "DELETE FROM tokens WHERE account_id = @id",
			"DELETE FROM links WHERE account_id = @id", "DELETE FROM passkeys WHERE account_id = @id",
			"DELETE FROM identities WHERE account_id = @id", "DELETE FROM recovery_codes WHERE account_id = @id",
			"UPDATE accounts SET name = @nobody, folded = @folded, email = '', password = '', totp_secret = '', disabled_at = @now, version = version + 1 WHERE id = @id"} {
			if err := tx.Exec(statement, values).Error; err != nil {
				return err
			}
		}
		emptied = len(places)
		return writeRevision(tx, "account", fmt.Sprint(id), a.Version+1, "purged", change, s.Now(), purge{places})
	})
	if err != nil {
		return 0, fmt.Errorf("purging account %d: %w", id, err)
	}
	return emptied, nil
}

// emptyRevisions puts another text in place of names in every revision that has
// them, and empties those of one subject.
func (s Upkeep) emptyRevisions(tx *gorm.DB, names []string, nobody, subject, key string) (places []int64, err error) {
	seen := map[int64]bool{}
	for _, name := range names {
		var rows []Revision
		if err := tx.Where(`record LIKE ? ESCAPE '\' AND action <> 'purged'`,
			likeWithin(jsonText(name))).Find(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			record := strings.ReplaceAll(r.Record, jsonText(name), jsonText(nobody))
			if err := tx.Exec("UPDATE revisions SET record = ?, purged = TRUE WHERE id = ?", record, r.ID).Error; err != nil {
				return nil, err
			}
			if !seen[r.Place] {
				seen[r.Place] = true
				places = append(places, r.Place)
			}
		}
	}
	var own []Revision
	if err := tx.Where("subject = ? AND subject_key = ? AND action <> 'purged'", subject,
		key).Find(&own).Error; err != nil {
		return nil, err
	}
	for _, r := range own {
		if err := tx.Exec("UPDATE revisions SET record = '{}', comment = '', purged = TRUE WHERE id = ?",
			r.ID).Error; err != nil {
			return nil, err
		}
		if !seen[r.Place] {
			places = append(places, r.Place)
		}
	}
	return places, nil
}

// named are the texts of agreements and meetings in which a name can stand.
var named = map[string][]string{"titles": {"text"}, "sources": {"title", "quotation"}, "acts": {"note"},
	"agreements": {"summary", "title"}, "meetings": {"title", "agenda"}}

// emptyTexts puts another text in place of names in what is recorded, and returns
// the agreements that had them.
func emptyTexts(tx *gorm.DB, names []string, nobody string) (agreements []int64, err error) {
	for table, columns := range named {
		key := "agreement_id"
		if table == "agreements" || table == "meetings" {
			key = "id"
		}
		for _, column := range columns {
			for _, name := range names {
				var ids []int64
				err := tx.Raw("UPDATE "+table+" SET "+column+" = replace("+column+", ?, ?) WHERE "+column+
					` LIKE ? ESCAPE '\' RETURNING `+key, name, nobody, likeWithin(name)).Scan(&ids).Error
				if err != nil {
					return nil, err
				}
				if table != "meetings" {
					agreements = append(agreements, ids...)
				}
			}
		}
	}
	return unique(agreements), nil
}

// jsonText is a text as it stands within a record's JSON.
func jsonText(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string
	}
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(encoded))
	return strings.Trim(plain, `"`)
}
