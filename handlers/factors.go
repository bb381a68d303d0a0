package handlers

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image/png"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/pquerna/otp"
)

// What a session holds while something is not finished.
const (
	sessionPending      = "pending"       // the account whose second factor is awaited
	sessionPendingUntil = "pending-until" // and how long, in seconds since 1970
	sessionTOTP         = "totp"          // the secret of a factor that is being set up
	sessionCeremony     = "ceremony"      // of a passkey
)

// pendingHolds is how long a second factor is awaited.
const pendingHolds = 5 * time.Minute

// awaitCode keeps that a password was right until its second factor comes, under a
// new token.
func (s signInPages) awaitCode(c *gin.Context, a *models.Account, next string) error {
	ctx := c.Request.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionPending, a.ID)
	s.sessions.Put(ctx, sessionPendingUntil, s.store.Now().Add(pendingHolds).Unix())
	c.Redirect(http.StatusSeeOther, "/sign-in/code?next="+url.QueryEscape(next))
	return nil
}

// pending is the account whose second factor is awaited; nil where none is, or no
// longer.
func (s signInPages) pending(c *gin.Context) (*models.Account, error) {
	ctx := c.Request.Context()
	id := s.sessions.GetInt64(ctx, sessionPending)
	if id == 0 || s.store.Now().Unix() > s.sessions.GetInt64(ctx, sessionPendingUntil) {
		return nil, nil
	}
	a, err := s.store.Accounts().Account(ctx, id)
	if errors.Is(err, models.ErrNotFound) || err == nil && a.DisabledAt != nil {
		return nil, nil
	}
	return a, err
}

// askCode serves GET /sign-in/code.
func (s signInPages) askCode(c *gin.Context) error {
	a, err := s.pending(c)
	if err != nil {
		return err
	}
	if a == nil {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return nil
	}
	return s.codePage(c, http.StatusOK, pages.SignInView{Next: local(c.Query("next"))})
}

// codePage asks for the second factor of who has given the password.
func (s signInPages) codePage(c *gin.Context, status int, view pages.SignInView) error {
	v, err := s.view(c, tr(c, "code.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Code(v, view))
}

// submitCode serves POST /sign-in/code.
func (s signInPages) submitCode(c *gin.Context) error {
	ctx := c.Request.Context()
	a, err := s.pending(c)
	if err != nil {
		return err
	}
	if a == nil {
		c.Redirect(http.StatusSeeOther, "/sign-in")
		return nil
	}
	view := pages.SignInView{Next: local(c.PostForm("next"))}
	guesses := s.guesses(c, "code ", a)
	var wait *tooMany
	if err := s.tried(c, guesses); errors.As(err, &wait) {
		view.Wait = wait.wait
		c.Header("Retry-After", seconds(view.Wait))
		return s.codePage(c, http.StatusTooManyRequests, view)
	} else if err != nil {
		return err
	}
	if err := s.store.Accounts().CheckCode(ctx, a, c.PostForm("code")); errors.Is(err, models.ErrSignIn) {
		if err := s.store.Accounts().Note(ctx, models.Change{Actor: a.Name, AccountID: &a.ID, Address: c.ClientIP()},
			models.AuditFailure, "code"); err != nil {
			return err
		}
		view.Failed = true
		return s.codePage(c, http.StatusUnauthorized, view)
	} else if err != nil {
		return err
	}
	s.succeeded(ctx, guesses)
	if err := s.signIn(c, a, "password, code"); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, view.Next)
	return nil
}

// setUpTOTP serves POST /account/totp: it makes a secret and asks for a code of it.
func (s signInPages) setUpTOTP(c *gin.Context) error {
	key, err := models.NewTOTP(principalOf(c).account, s.siteName())
	if err != nil {
		return err
	}
	s.sessions.Put(c.Request.Context(), sessionTOTP, key.URL())
	return s.totpPage(c, http.StatusOK, key, nil)
}

// siteName is what other devices call the register.
func (s signInPages) siteName() string {
	if u, err := url.Parse(s.config.Site); err == nil && u.Host != "" {
		return "Chancery " + u.Host
	}
	return "Chancery"
}

// totpPage shows a new key once, as a picture and as a text, and asks for a first
// code.
func (s signInPages) totpPage(c *gin.Context, status int, key *otp.Key, problems models.Invalid) error {
	image, err := key.Image(240, 240)
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image); err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "totp.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.SetUpTOTP(v, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(picture.Bytes()),
		key.Secret(), problems))
}

// confirmTOTP serves POST /account/totp/confirm and shows the recovery codes, once.
func (s signInPages) confirmTOTP(c *gin.Context) error {
	ctx := c.Request.Context()
	key, err := otp.NewKeyFromURL(s.sessions.GetString(ctx, sessionTOTP))
	if err != nil || key.Secret() == "" {
		c.Redirect(http.StatusSeeOther, "/account")
		return nil
	}
	codes, err := s.store.Accounts().EnableTOTP(ctx, principalOf(c).account.ID, key.Secret(), c.PostForm("code"),
		principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.totpPage(c, http.StatusUnprocessableEntity, key, problems)
	}
	if err != nil {
		return err
	}
	s.sessions.Remove(ctx, sessionTOTP)
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.tellOwner(c, "codes on")
	return s.adminPages().accountPage(c, http.StatusOK, pages.AccountView{RecoveryCodes: codes})
}

// turnOffTOTP serves POST /account/totp/off, with the password once more.
func (s signInPages) turnOffTOTP(c *gin.Context) error {
	ctx := c.Request.Context()
	right, err := s.adminPages().confirmed(c, "off")
	if err != nil {
		return err
	}
	if !right {
		return s.adminPages().accountPage(c, http.StatusUnprocessableEntity,
			pages.AccountView{Problems: models.Invalid{"off": {Code: "password_wrong"}}})
	}
	if err := s.store.Accounts().DisableTOTP(ctx, principalOf(c).account.ID, principalOf(c).change("", "")); err != nil {
		return err
	}
	s.tellOwner(c, "codes off")
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// A keyholder is an account as passkeys know it.
type keyholder struct {
	*models.Account
	keys []models.Passkey
}

func (k keyholder) WebAuthnID() []byte          { return []byte(k.Handle) }
func (k keyholder) WebAuthnName() string        { return k.Name }
func (k keyholder) WebAuthnDisplayName() string { return k.Name }
func (k keyholder) WebAuthnCredentials() (list []webauthn.Credential) {
	for _, key := range k.keys {
		var credential webauthn.Credential
		if err := json.Unmarshal([]byte(key.Credential), &credential); err == nil {
			list = append(list, credential)
		}
	}
	return list
}

// passkeys is the ceremony of passkeys, bound to the host and the origin of the
// register.
func (s signInPages) passkeys(c *gin.Context) (*webauthn.WebAuthn, error) {
	origin, err := url.Parse(s.site(c))
	if err != nil {
		return nil, err
	}
	if net.ParseIP(origin.Hostname()) != nil { // passkeys are bound to a name (WebAuthn, 5.1.2)
		return nil, errPasskeyHost
	}
	return webauthn.New(&webauthn.Config{RPID: origin.Hostname(), RPDisplayName: s.siteName(),
		RPOrigins: []string{origin.Scheme + "://" + origin.Host},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
}

// keepCeremony keeps what a browser must answer in the session: it holds for this
// one try.
func (s signInPages) keepCeremony(c *gin.Context, ceremony *webauthn.SessionData) error {
	text, err := json.Marshal(ceremony)
	if err == nil {
		s.sessions.Put(c.Request.Context(), sessionCeremony, string(text))
	}
	return err
}

// takeCeremony ends the ceremony that the session holds: each is used once.
func (s signInPages) takeCeremony(c *gin.Context) (ceremony webauthn.SessionData, err error) {
	if err = json.Unmarshal([]byte(s.sessions.PopString(c.Request.Context(), sessionCeremony)), &ceremony); err != nil {
		err = errPasskey
	}
	return ceremony, err
}

// beginPasskey serves POST /account/passkeys/begin: what a browser needs to make a
// passkey.
func (s signInPages) beginPasskey(c *gin.Context) error {
	holder, err := s.holder(c, principalOf(c).account)
	if err != nil {
		return err
	}
	w, err := s.passkeys(c)
	if err != nil {
		return err
	}
	creation, ceremony, err := w.BeginRegistration(holder,
		webauthn.WithExclusions(webauthn.Credentials(holder.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return err
	}
	if err := s.keepCeremony(c, ceremony); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return writeJSON(c, http.StatusOK, creation)
}

// holder is an account with its passkeys, as WebAuthn knows it.
func (s signInPages) holder(c *gin.Context, a *models.Account) (keyholder, error) {
	keys, err := s.store.Accounts().PasskeysOf(c.Request.Context(), a.ID)
	return keyholder{a, keys}, err
}

// addPasskey serves POST /account/passkeys?name=…, with what the browser made.
func (s signInPages) addPasskey(c *gin.Context) error {
	ceremony, err := s.takeCeremony(c)
	if err != nil {
		return err
	}
	holder, err := s.holder(c, principalOf(c).account)
	if err != nil {
		return err
	}
	w, err := s.passkeys(c)
	if err != nil {
		return err
	}
	credential, err := w.FinishRegistration(holder, ceremony, c.Request)
	if err != nil {
		s.config.Log.Warn("a passkey was not taken", "error", err)
		return errPasskey
	}
	name := strings.TrimSpace(c.Query("name"))
	if name == "" {
		name = firstBytes(c.Request.UserAgent(), 100)
	}
	id := base64.RawURLEncoding.EncodeToString(credential.ID)
	if err := s.store.Accounts().AddPasskey(c.Request.Context(), holder.ID, id, name, credential,
		principalOf(c).change("", "")); err != nil {
		return err
	}
	s.tellOwner(c, "passkey added")
	return writeJSON(c, http.StatusOK, map[string]string{"next": "/account"})
}

// removePasskey serves POST /account/passkeys/remove.
func (s signInPages) removePasskey(c *gin.Context) error {
	if err := s.store.Accounts().RemovePasskey(c.Request.Context(), principalOf(c).account.ID, c.PostForm("id"),
		principalOf(c).change("", "")); err != nil {
		return err
	}
	s.tellOwner(c, "passkey removed")
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// beginPasskeySignIn serves POST /sign-in/passkey/begin. It tells nothing of any
// account.
func (s signInPages) beginPasskeySignIn(c *gin.Context) error {
	w, err := s.passkeys(c)
	if err != nil {
		return err
	}
	assertion, ceremony, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	if err := s.keepCeremony(c, ceremony); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return writeJSON(c, http.StatusOK, assertion)
}

// passkeySignIn serves POST /sign-in/passkey?next=…, with what the browser signed.
// A passkey that verified its user is two factors.
func (s signInPages) passkeySignIn(c *gin.Context) error {
	ctx := c.Request.Context()
	key := "passkey " + network(c.ClientIP())
	if err := s.slowed(c.Request.Context(), key); err != nil {
		return err
	}
	ceremony, err := s.takeCeremony(c)
	if err != nil {
		return err
	}
	w, err := s.passkeys(c)
	if err != nil {
		return err
	}
	var holder keyholder
	credential, err := w.FinishDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
		a, err := s.store.Accounts().AccountOfHandle(ctx, string(handle))
		if err != nil {
			return nil, err
		}
		holder, err = s.holder(c, a)
		return holder, err
	}, ceremony, c.Request)
	if err != nil || credential.Authenticator.CloneWarning {
		s.tryFailed(c.Request.Context(), key)
		s.config.Log.Warn("a passkey was not taken", "error", err)
		if err := s.store.Accounts().Note(ctx, models.Change{Address: c.ClientIP()}, models.AuditFailure,
			"passkey"); err != nil {
			return err
		}
		return errPasskey
	}
	if err := s.store.Accounts().UsePasskey(ctx, base64.RawURLEncoding.EncodeToString(credential.ID),
		credential); err != nil {
		return err
	}
	if err := s.signIn(c, holder.Account, "passkey"); err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, map[string]string{"next": local(c.Query("next"))})
}
