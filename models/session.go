package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"gorm.io/gorm/clause"
)

// A Session is a browser in which somebody has signed in, or is about to.
type Session struct {
	Token     string // a hash of the one in the cookie
	AccountID *int64
	Data      []byte
	StartedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
	Address   string
	Agent     string
}

// Sessions keeps sessions for scs; account, address and agent are what the session
// itself says.
type Sessions struct{ store *Store }

// Sessions is the register as scs's store.
func (s Accounts) Sessions() *Sessions { return &Sessions{s.Store} }

// What a session holds of itself for its row.
const (
	SessionAccount = "account"
	SessionSetup   = "setup" // a hash of the secret of the first start
	SessionAddress = "address"
	SessionAgent   = "agent"
)

var errWithoutContext = errors.New("sessions are read with the context of a request")

// Find, Commit and Delete are those with a context; scs prefers them.
func (*Sessions) Find(string) ([]byte, bool, error)      { return nil, false, errWithoutContext }
func (*Sessions) Commit(string, []byte, time.Time) error { return errWithoutContext }
func (*Sessions) Delete(string) error                    { return errWithoutContext }

// FindCtx reads a session that has not ended.
func (x *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var found []Session
	err := x.store.read.WithContext(ctx).Where("token = ? AND expires_at > ? AND seen_at > ?", token, x.store.Now().UTC(),
		x.store.Now().UTC().Add(-IdleSession)).Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	return found[0].Data, true, nil
}

// CommitCtx writes a session.
func (x *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	now := x.store.Now().UTC()
	// scs counts by the machine's clock, the register by its own.
	row := Session{Token: token, Data: data, StartedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Until(expires))}
	if id, ok := values[SessionAccount].(int64); ok {
		row.AccountID = &id
	}
	row.Address, _ = values[SessionAddress].(string)
	row.Agent, _ = values[SessionAgent].(string)
	return x.store.write.WithContext(ctx).Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "token"}},
		DoUpdates: clause.AssignmentColumns([]string{"data", "account_id", "seen_at", "expires_at", "address",
			"agent"})}).Create(&row).Error
}

// DeleteCtx ends a session.
func (x *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return x.store.write.WithContext(ctx).Exec("DELETE FROM sessions WHERE token = ?", token).Error
}

// IdleSession is how long a session holds without a request, LongestSession how
// long in all.
const (
	IdleSession    = 24 * time.Hour
	LongestSession = 14 * 24 * time.Hour
)

// Seen notes that a session is in use, at most every few minutes.
func (s Accounts) Seen(ctx context.Context, token string) error {
	now := s.Now().UTC()
	var due int64
	if err := s.reader(ctx).Raw("SELECT count(*) FROM sessions WHERE token = ? AND seen_at < ?", token,
		now.Add(-5*time.Minute)).Scan(&due).Error; err != nil || due == 0 {
		return err
	}
	return s.noted(ctx, "UPDATE sessions SET seen_at = ? WHERE token = ?", now, token)
}

// SessionsOf lists an account's sessions, the last seen first.
func (s Accounts) SessionsOf(ctx context.Context, account int64) (list []Session, err error) {
	err = s.reader(ctx).Where("account_id = ? AND expires_at > ?", account,
		s.Now().UTC()).Order("seen_at DESC").Limit(100).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	return list, nil
}

// EndSession ends one of an account's sessions, or all but one when token is empty.
func (s Accounts) EndSession(ctx context.Context, account int64, token, keep string) error {
	sql, args := "DELETE FROM sessions WHERE account_id = ? AND token = ?", []any{account, token}
	if token == "" {
		sql, args = "DELETE FROM sessions WHERE account_id = ? AND token <> ?", []any{account, keep}
	}
	if err := s.write.WithContext(ctx).Exec(sql, args...).Error; err != nil {
		return fmt.Errorf("ending sessions: %w", err)
	}
	return nil
}

// SweepSessions takes out what has ended: sessions and one-time links.
func (s Accounts) SweepSessions(ctx context.Context) error {
	now := s.Now().UTC()
	err := errors.Join(s.write.WithContext(ctx).Exec("DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?", now,
		now.Add(-IdleSession)).Error,
		s.write.WithContext(ctx).Exec("DELETE FROM links WHERE expires_at <= ?", now).Error)
	if err != nil {
		return fmt.Errorf("taking out ended sessions: %w", err)
	}
	return nil
}

// KnownFrom tells whether an account was signed in to from a network lately: network
// tells which one an address belongs to.
func (s Accounts) KnownFrom(ctx context.Context, account int64, address string, network func(string) string) (bool,
	error) {
	var addresses []string
	err := s.reader(ctx).Raw("SELECT address FROM sessions WHERE account_id = ?", account).Scan(&addresses).Error
	if err == nil {
		var before []string
		err = s.reader(ctx).Raw(`SELECT address FROM audit WHERE account_id = ? AND event = ? AND at > ?
			ORDER BY id DESC LIMIT 500`, account, AuditSignIn, s.Now().UTC().Add(-knownFor)).Scan(&before).Error
		addresses = append(addresses, before...)
	}
	if err != nil {
		return false, fmt.Errorf("reading where an account was used: %w", err)
	}
	return slices.ContainsFunc(addresses, func(a string) bool { return a != "" && network(a) == network(address) }), nil
}

// knownFor is for how long a network is one from which an account was used.
const knownFor = 90 * 24 * time.Hour
