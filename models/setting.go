package models

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Settings are what an administrator decides for the whole register.
type Settings struct {
	Public bool // anybody may read; else only who is signed in
	// somebody can sign in as administrator; until then only who holds the secret of the
	// first start may write
	Administered bool
	Reviews      []string // kinds of change for which an editor's own change waits for another editor, of ReviewKinds
}

// ReviewKinds are the kinds of change for which the second pair of eyes can be
// asked.
var ReviewKinds = []string{"record", "revise", "withdraw", "party", "meeting", "person"}

// Settings reads them; a new register is public and asks for no second pair of
// eyes.
func (s Accounts) Settings(ctx context.Context) (Settings, error) {
	set := Settings{Public: true}
	var rows []struct{ Name, Value string }
	if err := s.reader(ctx).Raw("SELECT name, value FROM settings UNION ALL SELECT 'administered', '' WHERE EXISTS (SELECT 1 FROM accounts WHERE " +
		administers + ")").Scan(&rows).Error; err != nil {
		return set, fmt.Errorf("reading the settings: %w", err)
	}
	for _, r := range rows {
		switch r.Name {
		case "public":
			set.Public = r.Value == "yes"
		case "reviews":
			set.Reviews = splitList([]string{r.Value})
		case "administered":
			set.Administered = true
		}
	}
	return set, nil
}

// setupSetting is where a server's database keeps the secret of the first start.
const setupSetting = "setup"

// SetupSecret is the secret of the first start that the database keeps: the one that
// is there, or else fresh, which is there from then on.
func (s Accounts) SetupSecret(ctx context.Context, fresh string) (secret string, err error) {
	db := s.write.WithContext(ctx)
	err = db.Exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", setupSetting, fresh).Error
	if err == nil {
		err = db.Raw("SELECT value FROM settings WHERE name = ?", setupSetting).Scan(&secret).Error
	}
	if err != nil {
		return "", fmt.Errorf("keeping the secret of the first start: %w", err)
	}
	return secret, nil
}

// ForgetSetup takes the secret of the first start out.
func (s Accounts) ForgetSetup(ctx context.Context) error {
	if err := s.write.WithContext(ctx).Exec("DELETE FROM settings WHERE name = ?", setupSetting).Error; err != nil {
		return fmt.Errorf("forgetting the secret of the first start: %w", err)
	}
	return nil
}

var asYesNo = map[bool]string{true: "yes", false: "no"}

// told is what the audit says of settings.
func (set Settings) told() string {
	return fmt.Sprintf("public: %s, reviews: %s", asYesNo[set.Public], strings.Join(set.Reviews, ","))
}

// ChangeSettings writes them.
func (s Accounts) ChangeSettings(ctx context.Context, set Settings, change Change) error {
	problems := Invalid{}
	for _, kind := range set.Reviews {
		if !slices.Contains(ReviewKinds, kind) {
			problems.add("reviews", "choice", "value", kind, "choices", strings.Join(ReviewKinds, ", "))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	values := []struct{ Name, Value string }{{"public", asYesNo[set.Public]}, {"reviews", strings.Join(set.Reviews, ",")}}
	err := s.accounts(ctx, func(tx *gorm.DB) error {
		for _, v := range values {
			if err := tx.Table("settings").Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}},
				DoUpdates: clause.AssignmentColumns([]string{"value"})}).Create(map[string]any{"name": v.Name,
				"value": v.Value}).Error; err != nil {
				return err
			}
		}
		return s.note(tx, change, AuditSetting, set.told())
	})
	if err != nil {
		return fmt.Errorf("changing the settings: %w", err)
	}
	return nil
}
