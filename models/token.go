package models

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// TokenScopes are those of a token, each with all that those before it may do: read
// what the account reads, draft what waits for review, publish.
var TokenScopes = []string{"read", "draft", "publish"}

// tokenPrefix begins every token, so that one that leaks is recognised.
const tokenPrefix = "chy_"

// A Token lets a program do what its account may, up to its scope.
type Token struct {
	ID        int64      `json:"id"`
	AccountID int64      `json:"account"`
	Name      string     `json:"name"`
	Hash      string     `json:"-"`
	Scope     string     `json:"scope"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

// A TokenDraft is a token as its owner asks for it.
type TokenDraft struct {
	Name  string `form:"name"`
	Scope string `form:"scope"`
	Days  int    `form:"days"`
}

// longestToken is for how many days a token can hold.
const longestToken = 366

// NewToken makes a token of an account and returns its secret, which is not kept.
func (s Accounts) NewToken(ctx context.Context, account int64, d TokenDraft, change Change) (secret string, err error) {
	trim(&d.Name, &d.Scope)
	problems := Invalid{}
	checkName(d.Name, problems)
	oneOf(d.Scope, TokenScopes, "scope", problems)
	if d.Days < 1 || d.Days > longestToken {
		problems.add("days", "up_to", "value", fmt.Sprint(d.Days), "limit", fmt.Sprint(longestToken))
	}
	if len(problems) > 0 {
		return "", problems
	}
	secret = tokenPrefix + rand.Text() + rand.Text()
	now := s.Now().UTC().Truncate(time.Millisecond)
	err = s.accounts(ctx, func(tx *gorm.DB) error {
		t := Token{AccountID: account, Name: d.Name, Hash: hexSum(secret), Scope: d.Scope, CreatedAt: now,
			ExpiresAt: now.AddDate(0, 0, d.Days)}
		if err := tx.Create(&t).Error; err != nil {
			return err
		}
		return s.note(tx, change, AuditToken, d.Name+": "+d.Scope)
	})
	if err != nil {
		return "", fmt.Errorf("making a token: %w", err)
	}
	return secret, nil
}

// TokenOf finds a token that holds, and its account, by its secret; and notes its
// use, at most once a minute. The error is ErrSignIn when there is none.
func (s Accounts) TokenOf(ctx context.Context, secret string) (*Token, *Account, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return nil, nil, ErrSignIn
	}
	now := s.Now().UTC()
	var found []Token
	tx := s.reader(ctx)
	if err := tx.Where("hash = ? AND revoked_at IS NULL AND expires_at > ?", hexSum(secret),
		now).Limit(1).Find(&found).Error; err != nil {
		return nil, nil, fmt.Errorf("reading a token: %w", err)
	}
	if len(found) == 0 {
		return nil, nil, ErrSignIn
	}
	t := &found[0]
	a, err := s.Account(ctx, t.AccountID)
	if err != nil {
		return nil, nil, err
	}
	if a.DisabledAt != nil {
		return nil, nil, ErrSignIn
	}
	if t.UsedAt == nil || now.Sub(*t.UsedAt) > time.Minute {
		if err := s.noted(ctx, "UPDATE tokens SET used_at = ? WHERE id = ?", now, t.ID); err != nil {
			return nil, nil, fmt.Errorf("noting the use of a token: %w", err)
		}
	}
	return t, a, nil
}

// TokensOf lists an account's tokens, the newest first.
func (s Accounts) TokensOf(ctx context.Context, account int64) (list []Token, err error) {
	if err = s.reader(ctx).Where("account_id = ?", account).Order("id DESC").Limit(200).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing tokens: %w", err)
	}
	return list, nil
}

// endTokens revokes all tokens of an account, for good.
func (s Accounts) endTokens(tx *gorm.DB, account int64) error {
	return tx.Exec("UPDATE tokens SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL", s.Now().UTC(),
		account).Error
}

// RevokeToken ends one of an account's tokens.
func (s Accounts) RevokeToken(ctx context.Context, account, id int64, change Change) error {
	err := s.accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Exec("UPDATE tokens SET revoked_at = ? WHERE id = ? AND account_id = ? AND revoked_at IS NULL",
			s.Now().UTC(), id, account)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrNotFound
		}
		return s.note(tx, change, AuditToken, fmt.Sprintf("revoked %d", id))
	})
	if err != nil {
		return fmt.Errorf("revoking a token: %w", err)
	}
	return nil
}
