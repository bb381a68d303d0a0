package models

import (
	"context"
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
