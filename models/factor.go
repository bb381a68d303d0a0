package models

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"chancery/models/search"

	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"gorm.io/gorm"
)

// totpStep is how long a code of RFC 6238 holds, in seconds; the one before and the
// one after are taken as well.
const totpStep = 30

// NewTOTP makes the secret of a second factor, which is kept only when a code of it
// is shown (EnableTOTP).
func NewTOTP(a *Account, issuer string) (*otp.Key, error) {
	return totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: a.Name, Period: totpStep})
}

// matchTOTP finds the step, later than one before, of which a code is.
func matchTOTP(secret, code string, now time.Time, after int64) (step int64, ok bool) {
	code = strings.Join(strings.Fields(code), "")
	for _, d := range []int64{0, -1, 1} {
		at := now.Unix()/totpStep + d
		want, err := totp.GenerateCode(secret, time.Unix(at*totpStep, 0))
		if err == nil && at > after && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at, true
		}
	}
	return 0, false
}

// recoveryCodes is how many are given; each is used once.
const recoveryCodes = 10

// EnableTOTP keeps a second factor, of which a code is shown, and returns the
// recovery codes, which are kept as hashes.
func (s Accounts) EnableTOTP(ctx context.Context, id int64, secret, code string, change Change) (codes []string,
	err error) {
	step, ok := matchTOTP(secret, code, s.Now(), 0)
	if !ok {
		return nil, Invalid{"code": {Code: "code_wrong"}}
	}
	err = s.changeAccount(ctx, id, "setting the second factor of", func(tx *gorm.DB, a *Account) error {
		a.TOTPSecret, a.TOTPStep = secret, step
		if err := tx.Exec("DELETE FROM recovery_codes WHERE account_id = ?", id).Error; err != nil {
			return err
		}
		for range recoveryCodes {
			code := strings.ToLower(rand.Text()[:24]) // 120 bits, so that a plain hash will do (ASVS 6.5.2)
			codes = append(codes, strings.Join([]string{code[:6], code[6:12], code[12:18], code[18:]}, "-"))
			if err := tx.Exec("INSERT INTO recovery_codes (hash, account_id) VALUES (?, ?)", hexSum(code),
				id).Error; err != nil {
				return err
			}
		}
		return s.note(tx, change, AuditFactor, a.Name+": codes on")
	})
	return codes, err
}

// DisableTOTP takes the second factor away.
func (s Accounts) DisableTOTP(ctx context.Context, id int64, change Change) error {
	return s.changeAccount(ctx, id, "taking away the second factor of", func(tx *gorm.DB, a *Account) error {
		a.TOTPSecret, a.TOTPStep = "", 0
		if err := tx.Exec("DELETE FROM recovery_codes WHERE account_id = ?", id).Error; err != nil {
			return err
		}
		return s.note(tx, change, AuditFactor, a.Name+": codes off")
	})
}

// EndFactors takes away all that signs an account in beside its password, with its
// sessions and tokens: after a theft, or when a device is lost.
func (s Accounts) EndFactors(ctx context.Context, id int64, change Change) error {
	return s.changeAccount(ctx, id, "taking away the factors of", func(tx *gorm.DB, a *Account) error {
		a.TOTPSecret, a.TOTPStep = "", 0
		err := errors.Join(s.endTokens(tx, id), s.endKeys(tx, a))
		for _, table := range []string{"recovery_codes", "sessions"} {
			err = errors.Join(err, tx.Exec("DELETE FROM "+table+" WHERE account_id = ?", id).Error)
		}
		return errors.Join(err, s.note(tx, change, AuditFactor, a.Name+": all taken away"))
	})
}

// endKeys takes away what signs an account in without its password, which a thief
// may have added. Who never had a password keeps the identity that made the account.
func (s Accounts) endKeys(tx *gorm.DB, a *Account) error {
	err := tx.Exec("DELETE FROM passkeys WHERE account_id = ?", a.ID).Error
	if a.Password != "" {
		err = errors.Join(err, tx.Exec("DELETE FROM identities WHERE account_id = ?", a.ID).Error)
	}
	return err
}

// CheckCode takes a code of an account's second factor, or one of its recovery
// codes; each once. The error is ErrSignIn for any other.
func (s Accounts) CheckCode(ctx context.Context, a *Account, code string) error {
	if step, ok := matchTOTP(a.TOTPSecret, code, s.Now(), a.TOTPStep); ok {
		done := s.write.WithContext(ctx).Exec("UPDATE accounts SET totp_step = ? WHERE id = ? AND totp_step < ?", step, a.ID,
			step)
		if done.Error != nil {
			return fmt.Errorf("taking a code: %w", done.Error)
		}
		if done.RowsAffected == 1 {
			return nil
		}
		return ErrSignIn // it was taken already
	}
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	done := s.write.WithContext(ctx).Exec("DELETE FROM recovery_codes WHERE account_id = ? AND hash = ?", a.ID,
		hexSum(plain))
	if done.Error != nil {
		return fmt.Errorf("taking a recovery code: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		return ErrSignIn
	}
	return nil
}

// A Passkey is a public key with which an account signs in, on a device that keeps
// the private one.
type Passkey struct {
	ID         string // of the credential, base64url
	AccountID  int64
	Name       string
	Credential string // as the library keeps it, JSON
	CreatedAt  time.Time
	UsedAt     *time.Time
}

// PasskeysOf lists an account's passkeys, the oldest first.
func (s Accounts) PasskeysOf(ctx context.Context, account int64) (list []Passkey, err error) {
	if err = s.reader(ctx).Where("account_id = ?", account).Order("created_at").Limit(50).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing passkeys: %w", err)
	}
	return list, nil
}

// AddPasskey keeps a passkey of an account.
func (s Accounts) AddPasskey(ctx context.Context, account int64, id, name string, credential *webauthn.Credential,
	change Change) error {
	text, err := json.Marshal(credential)
	if err == nil {
		err = s.accounts(ctx, func(tx *gorm.DB) error {
			if err := tx.Create(&Passkey{ID: id, AccountID: account, Name: firstRunes(name, 100), Credential: string(text),
				CreatedAt: s.Now().UTC()}).Error; err != nil {
				return err
			}
			return s.note(tx, change, AuditFactor, "passkey added: "+firstRunes(name, 100))
		})
	}
	if err != nil {
		return fmt.Errorf("keeping a passkey: %w", err)
	}
	return nil
}

// UsePasskey notes the use of a passkey with its new counter.
func (s Accounts) UsePasskey(ctx context.Context, id string, credential *webauthn.Credential) error {
	text, err := json.Marshal(credential)
	if err == nil {
		err = s.write.WithContext(ctx).Exec("UPDATE passkeys SET credential = ?, used_at = ? WHERE id = ?", string(text),
			s.Now().UTC(), id).Error
	}
	if err != nil {
		return fmt.Errorf("noting the use of a passkey: %w", err)
	}
	return nil
}

// RemovePasskey takes one of an account's passkeys away.
func (s Accounts) RemovePasskey(ctx context.Context, account int64, id string, change Change) error {
	err := s.accounts(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM passkeys WHERE id = ? AND account_id = ?", id, account).Error; err != nil {
			return err
		}
		return s.note(tx, change, AuditFactor, "passkey removed")
	})
	if err != nil {
		return fmt.Errorf("removing a passkey: %w", err)
	}
	return nil
}

// AccountOfHandle finds the account that passkeys know by a handle. The error is
// ErrSignIn when there is none.
func (s Accounts) AccountOfHandle(ctx context.Context, handle string) (*Account, error) {
	a, err := accountBy(s.reader(ctx), "handle = ? AND disabled_at IS NULL", handle)
	if errors.Is(err, ErrNotFound) {
		return nil, ErrSignIn
	}
	if err != nil {
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	return a, nil
}

// AccountOfIdentity finds the account that somebody elsewhere is linked with: by
// the issuer and its subject, never by an address. The error is ErrNotFound when
// there is none, ErrSignIn when it is disabled.
func (s Accounts) AccountOfIdentity(ctx context.Context, issuer, subject string) (*Account, error) {
	a, err := accountBy(s.reader(ctx), "id = (SELECT account_id FROM identities WHERE issuer = ? AND subject = ?)",
		issuer, subject)
	if err != nil {
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	if a.DisabledAt != nil {
		return nil, ErrSignIn
	}
	return a, nil
}

// LinkIdentity links an account with somebody elsewhere. The error is Invalid when
// another account is.
func (s Accounts) LinkIdentity(ctx context.Context, account int64, issuer, subject string, change Change) error {
	err := s.accounts(ctx, func(tx *gorm.DB) error {
		return s.linkIdentity(tx, account, issuer, subject, change)
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Invalid{"identity": {Code: "identity_taken"}}
	}
	if err != nil {
		return fmt.Errorf("linking an identity: %w", err)
	}
	return nil
}

// linkIdentity ties an account to somebody at an OpenID provider, by issuer and
// subject: an address of mail may change hands.
func (s Accounts) linkIdentity(tx *gorm.DB, account int64, issuer, subject string, change Change) error {
	if err := tx.Exec("INSERT INTO identities (issuer, subject, account_id, created_at) VALUES (?, ?, ?, ?)", issuer,
		subject, account, s.Now().UTC()).Error; err != nil {
		return err
	}
	return s.note(tx, change, AuditFactor, "linked with "+issuer)
}

// CreateByIdentity makes an account for somebody elsewhere. Where the name or the
// address is another account's, the name gets a number and the address is left out:
// neither makes them that one.
func (s Accounts) CreateByIdentity(ctx context.Context, issuer, subject string, d AccountDraft,
	change Change) (a *Account, err error) {
	err = s.accounts(ctx, func(tx *gorm.DB) error {
		name := d.Name
		for n := 2; ; n++ {
			taken := accountTaken(tx, &Account{Folded: search.Fold(d.Name), Email: strings.ToLower(strings.TrimSpace(d.Email))})
			var problems Invalid
			if taken != nil && !errors.As(taken, &problems) {
				return taken
			}
			if _, bad := problems["email"]; bad {
				d.Email = ""
			}
			if _, bad := problems["name"]; !bad {
				break
			}
			d.Name = fmt.Sprintf("%s (%d)", name, n)
		}
		var err error
		if a, err = s.createAccount(tx, d, change); err != nil {
			return err
		}
		return s.linkIdentity(tx, a.ID, issuer, subject, change)
	})
	if err != nil {
		return nil, fmt.Errorf("making an account: %w", err)
	}
	return a, nil
}
