package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/search"

	"github.com/gin-gonic/gin"
)

// What a session holds of its owner's having shown once more that it is them.
const (
	sessionConfirmed = "confirmed" // until when, in seconds since 1970
	sessionLinking   = "linking"   // the mark with which an identity is linked
)

// confirmationHolds is for how long who has shown that it is them may change what
// signs them in.
const confirmationHolds = 10 * time.Minute

// confirm notes that it was shown.
func (s signInPages) confirm(ctx context.Context) {
	s.sessions.Put(ctx, sessionConfirmed, s.store.Now().Add(confirmationHolds).Unix())
	s.sessions.Put(ctx, sessionLinking, rand.Text())
}

// isConfirmed tells whether it was, lately.
func (s signInPages) isConfirmed(ctx context.Context) bool {
	return s.store.Now().Unix() < s.sessions.GetInt64(ctx, sessionConfirmed)
}

// onceMore lets a change of what signs somebody in through only when they have
// shown lately, beside their session, that it is them.
func (s signInPages) onceMore(h func(*gin.Context) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if s.isConfirmed(c.Request.Context()) {
			return h(c)
		}
		if format(c) != "html" {
			return errUnconfirmed
		}
		c.Header("Cache-Control", "no-store")
		c.Redirect(http.StatusSeeOther, "/account/confirm")
		return nil
	}
}

// askConfirm serves GET /account/confirm.
func (s signInPages) askConfirm(c *gin.Context) error {
	return s.confirmPage(c, http.StatusOK, pages.ConfirmView{})
}

func (s signInPages) confirmPage(c *gin.Context, status int, view pages.ConfirmView) error {
	a := principalOf(c).account
	view.Password, view.Codes = a.Password != "", a.TOTPSecret != ""
	if s.config.OIDC != nil {
		view.Provider = s.config.OIDC.Name
	}
	v, err := s.view(c, tr(c, "confirm.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Confirm(v, view))
}

// submitConfirm serves POST /account/confirm, with the password or a code of the
// second factor.
func (s signInPages) submitConfirm(c *gin.Context) error {
	ctx, a := c.Request.Context(), principalOf(c).account
	right := false
	if code := c.PostForm("code"); code != "" && a.TOTPSecret != "" {
		guesses := s.guesses(c, "code ", a)
		if err := s.tried(c, guesses); err != nil {
			return err
		}
		err := s.store.Accounts().CheckCode(ctx, a, code)
		if err != nil && !errors.Is(err, models.ErrSignIn) {
			return err
		}
		if right = err == nil; right {
			s.succeeded(ctx, guesses)
		}
	} else if a.Password != "" {
		var err error
		if right, err = s.adminPages().confirmed(c, "password"); err != nil {
			return err
		}
	}
	if !right {
		return s.confirmPage(c, http.StatusUnprocessableEntity, pages.ConfirmView{
			Problems: models.Invalid{"password": {Code: "password_wrong"}}})
	}
	s.confirm(ctx)
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// tellOwner mails the owner of an account that what signs them in was changed; they
// know then when it was not them. That the letter cannot be sent stands in the log.
func (s signInPages) tellOwner(c *gin.Context, what string) {
	a, ctx := principalOf(c).account, context.WithoutCancel(c.Request.Context())
	if a == nil || s.config.Mail == nil || a.Email == "" {
		return
	}
	site := s.site(c)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := s.mail(ctx, a, "mail.changed", "What", locales.Of(a.Language).T("changed."+strings.ReplaceAll(what, " ", ".")), "Link", site+"/account"); err != nil {
			s.config.Log.Error("a letter was not sent", "error", err)
		}
	}()
}

const (
	freeOfNetwork = 40               // failures of a network, under whatever names
	freeOfName    = 100              // failures under a name, from wherever
	longestKnown  = 30 * time.Second // that somebody waits where the account was used before
)

// guesses are what a try to sign in to an account counts under. From a device or a
// network from which the account was used before, nobody elsewhere keeps its owner
// out. The account may be one that there is not, with only a name.
func (s signInPages) guesses(c *gin.Context, kind string, a *models.Account) []models.Guess {
	name, from := kind+search.Fold(a.Name)+" ", network(c.ClientIP())
	if device := deviceOf(c, a); device != "" {
		return []models.Guess{{Key: name + "device " + device, Longest: longestKnown}}
	}
	known, err := s.store.Accounts().KnownFrom(c.Request.Context(), a.ID, c.ClientIP(), network)
	if err != nil {
		s.config.Log.Warn("where an account was used is not known", "error", err)
	}
	if known && a.ID != 0 {
		return []models.Guess{{Key: name + from, Longest: longestKnown}}
	}
	return []models.Guess{{Key: name + from}, {Key: kind + from, Free: freeOfNetwork}, {Key: name, Free: freeOfName}}
}

// tried counts a try before it is made; the error is tooMany when it must wait.
func (s signInPages) tried(c *gin.Context, guesses []models.Guess) error {
	wait, err := s.store.Accounts().Try(c.Request.Context(), guesses...)
	if err == nil && wait > 0 {
		return &tooMany{wait}
	}
	return err
}

// succeeded takes a try back.
func (s signInPages) succeeded(ctx context.Context, guesses []models.Guess) {
	if err := s.store.Accounts().Succeeded(context.WithoutCancel(ctx), guesses...); err != nil {
		s.config.Log.Warn("a try is still counted", "error", err)
	}
}

// deviceCookie is kept by a browser in which somebody has signed in: it opens
// nothing, but guesses made elsewhere do not slow that browser down (OWASP, Slow
// Down Online Guessing Attacks with Device Cookies). A new password ends it.
const (
	deviceCookie   = "device"
	deviceRemember = 365 * 24 * time.Hour
)

// rememberDevice gives the browser its mark.
func (s signInPages) rememberDevice(c *gin.Context, a *models.Account) {
	if a.Password == "" || deviceOf(c, a) != "" {
		return
	}
	mark := strconv.FormatInt(a.ID, 10) + "." + rand.Text()
	http.SetCookie(c.Writer, &http.Cookie{Name: deviceCookie, Value: mark + "." + deviceSeal(a, mark), Path: "/sign-in",
		MaxAge: int(deviceRemember.Seconds()), SameSite: http.SameSiteStrictMode,
		HttpOnly: true, Secure: s.sessions.Cookie.Secure}) // #nosec G124 -- without TLS, as on a laptop, a Secure cookie would be lost
}

// deviceOf is the mark of a browser in which an account was used, or empty.
func deviceOf(c *gin.Context, a *models.Account) string {
	cookie, err := c.Request.Cookie(deviceCookie)
	if err != nil || a.Password == "" {
		return ""
	}
	at := strings.LastIndexByte(cookie.Value, '.')
	if at < 0 {
		return ""
	}
	mark, seal := cookie.Value[:at], cookie.Value[at+1:]
	if !strings.HasPrefix(mark, strconv.FormatInt(a.ID, 10)+".") || !hmac.Equal([]byte(seal), []byte(deviceSeal(a, mark))) {
		return ""
	}
	return mark
}

// deviceSeal is made with what only the register knows of an account.
func deviceSeal(a *models.Account, mark string) string {
	h := hmac.New(sha256.New, []byte("device "+a.Password))
	h.Write([]byte(mark))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// linking tells whether an identity at the provider is to be linked to the account
// that has signed in: its owner has shown lately that it is them, and has followed
// the link on their own page, which nobody else can make.
func (s signInPages) linking(c *gin.Context) bool {
	ctx, mark := c.Request.Context(), c.Query("link")
	return principalOf(c).account != nil && s.isConfirmed(ctx) && mark != "" &&
		hmac.Equal([]byte(mark), []byte(s.sessions.GetString(ctx, sessionLinking)))
}

// linkingAddress is that link.
func (s signInPages) linkingAddress(ctx context.Context) string {
	return "/sign-in/oidc?" + url.Values{"next": {"/account"}, "link": {s.sessions.GetString(ctx, sessionLinking)}}.Encode()
}
