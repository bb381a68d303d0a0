package models

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"chancery/models/search"

	"github.com/alexedwards/argon2id"
	"gorm.io/gorm"
)

// Roles that an account can have, each with all that those before it may do.
var AccountRoles = []string{"reader", "contributor", "editor", "administrator"}

// An Account is somebody who signs in.
type Account struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"` // signs in with it, stands in the history
	Folded     string     `json:"-"`
	Email      string     `json:"email"`
	Language   string     `json:"language"`
	Role       string     `json:"role"`
	Password   string     `json:"-"` // Argon2id, in the PHC string format; empty has none
	TOTPSecret string     `json:"-" gorm:"column:totp_secret"`
	TOTPStep   int64      `json:"-" gorm:"column:totp_step"`
	Handle     string     `json:"-"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	DisabledAt *time.Time `json:"disabled_at"`
}

// AtLeast tells whether the account has a role or one above it.
func (a *Account) AtLeast(role string) bool {
	return slices.Index(AccountRoles, a.Role) >= slices.Index(AccountRoles, role)
}

// An AccountDraft is an account as an administrator types it.
type AccountDraft struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Language string `form:"language"`
	Role     string `form:"role"`
}

// Draft is the account as a form shows it.
func (a *Account) Draft() AccountDraft { return AccountDraft{a.Name, a.Email, a.Language, a.Role} }

// check tells what is wrong with an account's fields.
func (d *AccountDraft) check(problems Invalid) {
	trim(&d.Name, &d.Email, &d.Language, &d.Role)
	d.Email = strings.ToLower(d.Email)
	setDefault(&d.Language, Languages[0])
	checkName(d.Name, problems)
	if d.Email != "" {
		if parsed, err := mail.ParseAddress(d.Email); err != nil || parsed.Address != d.Email {
			problems.add("email", "email", "value", d.Email)
		}
	}
	oneOf(d.Language, Languages, "language", problems)
	oneOf(d.Role, AccountRoles, "role", problems)
}

// checkName refuses a name of an account or a token that is missing or too long.
func checkName(name string, problems Invalid) {
	if name == "" {
		problems.add("name", "required")
	} else if utf8.RuneCountInString(name) > 100 {
		problems.add("name", "too_long", "limit", "100")
	}
}

// CreateAccount makes an account without a password; it signs in by the link that
// NewLink makes, or otherwise. The error is Invalid when a field is bad or a name
// or address is taken.
func (s Accounts) CreateAccount(ctx context.Context, d AccountDraft, change Change) (*Account, error) {
	var a *Account
	err := s.accounts(ctx, func(tx *gorm.DB) (err error) {
		a, err = s.createAccount(tx, d, change)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("making an account: %w", err)
	}
	return a, nil
}

// createAccount records an account, and notes it in the audit log.
func (s Accounts) createAccount(tx *gorm.DB, d AccountDraft, change Change) (*Account, error) {
	problems := Invalid{}
	d.check(problems)
	if len(problems) > 0 {
		return nil, problems
	}
	a := &Account{Name: d.Name, Folded: search.Fold(d.Name), Email: d.Email, Language: d.Language, Role: d.Role,
		Handle: rand.Text(), Version: 1, CreatedAt: s.Now().UTC().Truncate(time.Millisecond)}
	if err := accountTaken(tx, a); err != nil {
		return nil, err
	}
	if err := tx.Create(a).Error; err != nil {
		return nil, err
	}
	return a, s.note(tx, change, AuditAccount, a.Name+": "+a.Role)
}

// accountTaken is Invalid when another account has the name or the address.
func accountTaken(tx *gorm.DB, a *Account) error {
	var others []Account
	if err := tx.Where("id <> ? AND (folded = ? OR email <> '' AND email = ?)", a.ID, a.Folded,
		a.Email).Find(&others).Error; err != nil {
		return err
	}
	problems := Invalid{}
	for _, o := range others {
		if o.Folded == a.Folded {
			problems.add("name", "name_taken", "value", a.Name)
		} else {
			problems.add("email", "email_taken", "value", a.Email)
		}
	}
	return problems.orNil()
}

// accounts runs one change of accounts; the register's records and its change
// number stay as they are.
func (s Accounts) accounts(ctx context.Context, change func(tx *gorm.DB) error) error {
	return s.write.WithContext(ctx).Transaction(change)
}

// ReviseAccount changes an account's name, address, language and role. The last
// administrator keeps the role.
func (s Accounts) ReviseAccount(ctx context.Context, id int64, d AccountDraft, change Change) error {
	return s.changeAccount(ctx, id, "revising", func(tx *gorm.DB, a *Account) error {
		problems := Invalid{}
		d.check(problems)
		if len(problems) > 0 {
			return problems
		}
		if a.Role == "administrator" && d.Role != a.Role {
			if err := notTheLast(tx, a.ID); err != nil {
				return err
			}
		}
		if d.Role != a.Role {
			if err := s.note(tx, change, AuditRole, fmt.Sprintf("%s: %s → %s", a.Name, a.Role, d.Role)); err != nil {
				return err
			}
		}
		a.Name, a.Folded, a.Email, a.Language, a.Role = d.Name, search.Fold(d.Name), d.Email, d.Language, d.Role
		return accountTaken(tx, a)
	})
}

// changeAccount changes one account and raises its version.
func (s Accounts) changeAccount(ctx context.Context, id int64, doing string,
	change func(tx *gorm.DB, a *Account) error) error {
	err := s.accounts(ctx, func(tx *gorm.DB) error {
		a, err := accountBy(tx, "id = ?", id)
		if err != nil {
			return err
		}
		if err := change(tx, a); err != nil {
			return err
		}
		a.Version++
		return tx.Save(a).Error
	})
	if err != nil {
		return fmt.Errorf("%s account %d: %w", doing, id, err)
	}
	return nil
}

// notTheLast refuses to leave the register without an administrator.
func notTheLast(tx *gorm.DB, id int64) error {
	var others int64
	if err := tx.Model(&Account{}).Where("role = 'administrator' AND disabled_at IS NULL AND id <> ?",
		id).Count(&others).Error; err != nil {
		return err
	}
	if others == 0 {
		return Invalid{"role": {Code: "last_administrator"}}
	}
	return nil
}

// DisableAccount ends an account's right to sign in, its sessions and its tokens;
// or lets it sign in again.
func (s Accounts) DisableAccount(ctx context.Context, id int64, disabled bool, change Change) error {
	return s.changeAccount(ctx, id, "disabling", func(tx *gorm.DB, a *Account) error {
		if !disabled {
			a.DisabledAt = nil
			return s.note(tx, change, AuditAccount, a.Name+": enabled")
		}
		if a.Role == "administrator" {
			if err := notTheLast(tx, a.ID); err != nil {
				return err
			}
		}
		now := s.Now().UTC()
		a.DisabledAt = &now
		if err := s.endTokens(tx, id); err != nil {
			return err
		}
		for _, end := range []string{"DELETE FROM sessions WHERE account_id = ?", "DELETE FROM links WHERE account_id = ?"} {
			if err := tx.Exec(end, id).Error; err != nil {
				return err
			}
		}
		return s.note(tx, change, AuditAccount, a.Name+": disabled")
	})
}

// accountBy is the one account for which a condition holds; ErrNotFound when there
// is none.
func accountBy(tx *gorm.DB, where string, args ...any) (*Account, error) {
	var found []Account
	if err := tx.Where(where, args...).Limit(1).Find(&found).Error; err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return &found[0], nil
}

// Account reads an account by its number.
func (s Accounts) Account(ctx context.Context, id int64) (*Account, error) {
	a, err := accountBy(s.reader(ctx), "id = ?", id)
	if err != nil {
		return nil, fmt.Errorf("reading account %d: %w", id, err)
	}
	return a, nil
}

// AccountNamed finds an account by its name or e-mail address.
func (s Accounts) AccountNamed(ctx context.Context, name string) (*Account, error) {
	name = strings.TrimSpace(name)
	a, err := accountBy(s.reader(ctx), "folded = ? OR email <> '' AND email = ?", search.Fold(name), strings.ToLower(name))
	if err != nil {
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	return a, nil
}

// List lists all accounts by name, at most 1000.
func (s Accounts) List(ctx context.Context) (list []Account, err error) {
	if err = s.reader(ctx).Order("folded").Limit(1000).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	return list, nil
}

// administers is an administrator who can sign in.
const administers = `role = 'administrator' AND disabled_at IS NULL AND (password <> '' OR EXISTS (SELECT 1 FROM passkeys p WHERE p.account_id = accounts.id)
	OR EXISTS (SELECT 1 FROM identities i WHERE i.account_id = accounts.id))`

// HasAdministrator tells whether anybody may administer the register; until then
// only who holds the secret of the first start may write.
func (s Accounts) HasAdministrator(ctx context.Context) (bool, error) {
	if s.administered.Load() {
		return true, nil
	}
	var n int64
	err := s.reader(ctx).Model(&Account{}).Where(administers).Count(&n).Error
	if err != nil {
		return false, fmt.Errorf("looking for an administrator: %w", err)
	}
	if n > 0 {
		s.administered.Store(true) // the last one cannot be taken away
	}
	return n > 0, nil
}

// shortestPassword and longestPassword are lengths in characters; OWASP ASVS 5.0,
// 6.2.1 and 6.2.9.
const (
	shortestPassword = 12
	longestPassword  = 200
)

// guessable is below how many guesses a password is too easy, by zxcvbn's lists of
// passwords that were in breaches, names and words: what an attacker who is slowed
// down by Argon2id tries first.
const guessable = 1e8

// hashing is how passwords are kept: Argon2id with what OWASP's Password Storage
// Cheat Sheet asks for.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers bounds how many passwords are hashed at once, and so the memory that many
// who sign in at once can take.
var hashers = make(chan struct{}, 4)

// nobodys is the hash that is compared where there is no account, so that it takes
// as long.
var nobodys = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(rand.Text(), hashing)
	if err != nil {
		panic(err) // no random numbers
	}
	return hash
})

// ErrSignIn says that a name and a password, a code or a key do not belong
// together, or that the account is disabled: nobody is told which.
var ErrSignIn = errors.New("the name or the password is wrong")

// linkHolds is how long a one-time link can be used.
const linkHolds = 48 * time.Hour

// FirstAdministrator makes the account of the first administrator with a password.
// The error is ErrNotFound when there is one already.
func (s Accounts) FirstAdministrator(ctx context.Context, d AccountDraft, password string, change Change) (*Account,
	error) {
	d.Role = "administrator"
	problems := Invalid{}
	d.check(problems)
	checkPassword(password, "password", &Account{Name: d.Name, Email: d.Email}, problems)
	if len(problems) > 0 {
		return nil, problems
	}
	hash, err := hashPassword(password)
	if err != nil {
		return nil, fmt.Errorf("hashing a password: %w", err)
	}
	var a *Account
	err = s.accounts(ctx, func(tx *gorm.DB) error {
		var n int64 // the row of the register makes two who come at once wait for each other
		if err := tx.Exec("UPDATE register SET change = change").Error; err != nil {
			return err
		}
		if err := tx.Model(&Account{}).Where(administers).Count(&n).Error; err != nil {
			return err
		}
		if n > 0 {
			return ErrNotFound
		}
		if a, err = s.createAccount(tx, d, Change{Actor: d.Name, Address: change.Address}); err != nil {
			return err
		}
		return tx.Exec("UPDATE accounts SET password = ? WHERE id = ?", hash, a.ID).Error
	})
	if err != nil {
		return nil, fmt.Errorf("making the first administrator: %w", err)
	}
	return a, nil
}
