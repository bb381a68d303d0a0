package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// What the audit tells of beside the changes of records, which the history has.
const (
	AuditSignIn   = "sign-in"
	AuditFailure  = "sign-in-failed"
	AuditSignOut  = "sign-out"
	AuditAccount  = "account"
	AuditRole     = "role"
	AuditPassword = "password"
	AuditFactor   = "factor"
	AuditLink     = "link"
	AuditToken    = "token"
	AuditSetting  = "setting"
	AuditExport   = "export"
	AuditImport   = "import"
	AuditOpened   = "opened" // what was restricted can be read by everybody
)

// AuditEvents are all of them.
var AuditEvents = []string{AuditSignIn, AuditFailure, AuditSignOut, AuditAccount, AuditRole, AuditPassword,
	AuditFactor, AuditLink, AuditToken, AuditSetting, AuditExport, AuditImport, AuditOpened}

// An AuditEntry is one thing that happened to accounts or the register as a whole.
type AuditEntry struct {
	ID        int64     `json:"id"`
	At        time.Time `json:"at"`
	Event     string    `json:"event"`
	AccountID *int64    `json:"account"`
	Actor     string    `json:"actor"`
	Address   string    `json:"address"`
	Detail    string    `json:"detail"`
}

// TableName is the table of audit entries.
func (AuditEntry) TableName() string { return "audit" }

// note writes an entry in the transaction of what it tells of.
func (s Accounts) note(tx *gorm.DB, change Change, event, detail string) error {
	return tx.Create(&AuditEntry{At: s.Now().UTC().Truncate(time.Millisecond), Event: event, AccountID: change.AccountID,
		Actor: change.Actor, Address: change.Address, Detail: detail}).Error
}

// Note writes an entry of something that changed nothing in the database.
func (s Accounts) Note(ctx context.Context, change Change, event, detail string) error {
	if err := s.note(s.write.WithContext(ctx), change, event, detail); err != nil {
		return fmt.Errorf("writing to the audit: %w", err)
	}
	return nil
}

// Audit lists entries before a number (0 is the newest), of one kind or of all
// (""), the newest first.
func (s Accounts) Audit(ctx context.Context, event string, before int64, limit int) (list []AuditEntry, err error) {
	tx := s.reader(ctx).Order("id DESC").Limit(limit)
	if event != "" {
		tx = tx.Where("event = ?", event)
	}
	if before > 0 {
		tx = tx.Where("id < ?", before)
	}
	if err = tx.Find(&list).Error; err != nil {
		return nil, fmt.Errorf("reading the audit: %w", err)
	}
	return list, nil
}

// A StatedAudit is what the audit was at a moment: how many entries it had, the
// number of the last, and the SHA-256 of their JSON, each on a line.
type StatedAudit struct {
	Entries int64  `json:"entries"`
	Last    int64  `json:"last"`
	Digest  string `json:"digest"`
}

// auditUpTo reads the audit up to an entry.
func (s Upkeep) auditUpTo(ctx context.Context, last int64) (*StatedAudit, error) {
	a := &StatedAudit{}
	sum := sha256.New()
	for {
		var rows []AuditEntry
		if err := s.reader(ctx).Where("id > ? AND id <= ?", a.Last, last).Order("id").Limit(1000).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("reading the audit: %w", err)
		}
		if len(rows) == 0 {
			a.Digest = hex.EncodeToString(sum.Sum(nil))
			return a, nil
		}
		for _, e := range rows {
			e.At = e.At.UTC()
			text, err := json.Marshal(e)
			if err != nil {
				return nil, err
			}
			sum.Write(append(text, '\n'))
			a.Last = e.ID
			a.Entries++
		}
	}
}

// VerifyAudit holds the audit against a statement of it: what was in it then must be
// in it still, as it was. Purging an account takes its name out of the audit; purged
// tells that one was purged since.
func (s Upkeep) VerifyAudit(ctx context.Context, stated *Statement) (same, purged bool, err error) {
	if stated.Audit == nil {
		return true, false, nil
	}
	is, err := s.auditUpTo(ctx, stated.Audit.Last)
	if err != nil {
		return false, false, err
	}
	err = s.Since(ctx, stated.Length, func(r *Revision) {
		purged = purged || r.Subject == "account" && r.Action == "purged"
	})
	return *is == *stated.Audit || purged && is.Entries == stated.Audit.Entries, purged, err
}

// VerifySettings tells whether the register's settings are those that the audit says
// were last set; a register that was never set stands as it began. Without an audit,
// as in a copy without accounts, nothing is known.
func (s Upkeep) VerifySettings(ctx context.Context) (same bool, err error) {
	set, err := s.Accounts().Settings(ctx)
	if err != nil {
		return false, err
	}
	var entries int64
	var said []string
	tx := s.reader(ctx)
	if err = tx.Raw("SELECT count(*) FROM audit").Scan(&entries).Error; err == nil {
		err = tx.Raw("SELECT detail FROM audit WHERE event = ? ORDER BY id DESC LIMIT 1", AuditSetting).Scan(&said).Error
	}
	if err != nil {
		return false, fmt.Errorf("verifying the settings: %w", err)
	}
	switch {
	case len(said) > 0:
		return said[0] == set.told(), nil
	case entries > 0:
		return set.told() == (Settings{Public: true}).told(), nil
	}
	return true, nil
}
