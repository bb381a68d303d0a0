package models

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"

	"chancery/models/guess"
)

// checkPassword refuses what is short, long or commonly used.
func checkPassword(password, field string, a *Account, problems Invalid) {
	switch n := utf8.RuneCountInString(password); {
	case n < shortestPassword:
		problems.add(field, "password_short", "limit", fmt.Sprint(shortestPassword))
	case n > longestPassword:
		problems.add(field, "too_long", "limit", fmt.Sprint(longestPassword))
	case guess.Guesses(password, a.ownWords()) < guessable:
		problems.add(field, "password_common")
	}
}

// ownWords are what somebody who knows of the account tries first.
func (a *Account) ownWords() []string {
	name := strings.Fields(strings.ToLower(a.Name))
	local, _, _ := strings.Cut(a.Email, "@")
	return append(name, strings.Join(name, ""), strings.ToLower(a.Name), a.Email, local, "chancery")
}

func firstRunes(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n])
	}
	return text
}

// hashPassword hashes by Argon2id; a few at a time, for each takes much memory.
func hashPassword(password string) (string, error) {
	hashers <- struct{}{}
	defer func() { <-hashers }()
	return argon2id.CreateHash(password, hashing)
}

// comparePassword tells whether a password is the one that was hashed, and whether
// the hash was made with less than is asked for now.
func comparePassword(password, hash string) (match, old bool) {
	hashers <- struct{}{}
	defer func() { <-hashers }()
	match, params, err := argon2id.CheckHash(password, hash)
	return match && err == nil, err == nil && *params != *hashing
}

// CheckPassword finds the account of a name and its password. The error is
// ErrSignIn when there is none, and takes as long to come for an unknown name. A
// hash made with fewer passes is made anew.
func (s Accounts) CheckPassword(ctx context.Context, name, password string) (*Account, error) {
	a, err := s.AccountNamed(ctx, name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	hash := nobodys()
	if a != nil && a.Password != "" && a.DisabledAt == nil {
		hash = a.Password
	}
	match, old := comparePassword(password, hash)
	if !match || a == nil {
		return nil, ErrSignIn
	}
	if old {
		if hash, err = hashPassword(password); err != nil {
			return nil, fmt.Errorf("hashing a password: %w", err)
		}
		if err := s.write.WithContext(ctx).Exec("UPDATE accounts SET password = ? WHERE id = ? AND password = ?", hash, a.ID,
			a.Password).Error; err != nil {
			return nil, fmt.Errorf("keeping a password: %w", err)
		}
	}
	return a, nil
}

// SetPassword gives an account a new password and ends its sessions but one and
// its tokens. The error is Invalid for a bad password.
func (s Accounts) SetPassword(ctx context.Context, id int64, password, keep string, change Change) error {
	a, err := s.Account(ctx, id)
	if err != nil {
		return err
	}
	problems := Invalid{}
	checkPassword(password, "password", a, problems)
	if len(problems) > 0 {
		return problems
	}
	hash, err := hashPassword(password)
	if err != nil {
		return fmt.Errorf("hashing a password: %w", err)
	}
	return s.changeAccount(ctx, id, "setting the password of", func(tx *gorm.DB, a *Account) error {
		a.Password = hash
		if err := tx.Exec("DELETE FROM sessions WHERE account_id = ? AND token <> ?", id, keep).Error; err != nil {
			return err
		}
		if err := s.endTokens(tx, id); err != nil {
			return err
		}
		return s.note(tx, change, AuditPassword, a.Name)
	})
}

// NewLink makes the one-time secret with which an account sets its password;
// earlier ones end.
func (s Accounts) NewLink(ctx context.Context, id int64, change Change) (secret string, err error) {
	secret = rand.Text()
	err = s.accounts(ctx, func(tx *gorm.DB) error {
		a, err := accountBy(tx, "id = ? AND disabled_at IS NULL", id)
		if err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM links WHERE account_id = ?", id).Error; err != nil {
			return err
		}
		if err := tx.Exec("INSERT INTO links (hash, account_id, expires_at) VALUES (?, ?, ?)", hexSum(secret), id,
			s.Now().UTC().Add(linkHolds)).Error; err != nil {
			return err
		}
		return s.note(tx, change, AuditLink, a.Name)
	})
	if err != nil {
		return "", fmt.Errorf("making a link: %w", err)
	}
	return secret, nil
}

// LinkOf finds the account of a one-time secret that still holds. The error is
// ErrNotFound when there is none.
func (s Accounts) LinkOf(ctx context.Context, secret string) (*Account, error) {
	a, err := accountBy(s.reader(ctx),
		"disabled_at IS NULL AND id = (SELECT account_id FROM links WHERE hash = ? AND expires_at > ?)", hexSum(secret),
		s.Now().UTC())
	if err != nil {
		return nil, fmt.Errorf("reading a link: %w", err)
	}
	return a, nil
}

// UseLink sets the password of a one-time secret's account and ends the secret, and
// with it all that signs in without the password: whoever stole the account is shut
// out. A second factor stays as it is, since a stolen mailbox must not end it.
func (s Accounts) UseLink(ctx context.Context, secret, password string, change Change) (*Account, error) {
	a, err := s.LinkOf(ctx, secret)
	if err != nil {
		return nil, err
	}
	problems := Invalid{}
	checkPassword(password, "password", a, problems)
	if len(problems) > 0 {
		return nil, problems
	}
	err = s.accounts(ctx, func(tx *gorm.DB) error {
		used := tx.Exec("DELETE FROM links WHERE hash = ?", hexSum(secret))
		if used.Error == nil && used.RowsAffected == 0 { // another was faster
			return ErrNotFound
		}
		return errors.Join(used.Error, s.endKeys(tx, a))
	})
	if err != nil {
		return nil, fmt.Errorf("using a link: %w", err)
	}
	change.Actor, change.AccountID = a.Name, &a.ID
	return a, s.SetPassword(ctx, a.ID, password, "", change)
}
