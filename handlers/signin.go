package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// signIn begins a session of an account, under a new token.
func (s signInPages) signIn(c *gin.Context, a *models.Account, by string) error {
	ctx := c.Request.Context()
	if err := s.sessions.Clear(ctx); err != nil {
		return err
	}
	if err := s.renewSession(c); err != nil {
		return err
	}
	s.sessions.Put(ctx, models.SessionAccount, a.ID)
	if a.Password == "" { // who has none has just shown all that there is
		s.confirm(ctx)
	}
	s.rememberDevice(c, a)
	rememberLanguage(c.Writer, a.Language, s.sessions.Cookie.Secure)
	return s.store.Accounts().Note(ctx, models.Change{Actor: a.Name, AccountID: &a.ID, Address: c.ClientIP()},
		models.AuditSignIn, by)
}

// renewSession gives the session of a browser a new token, and notes what it is.
func (s signInPages) renewSession(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, models.SessionAddress, c.ClientIP())
	s.sessions.Put(ctx, models.SessionAgent, firstBytes(c.Request.UserAgent(), 200))
	return nil
}

// showSignIn serves GET /sign-in?next=….
func (s signInPages) showSignIn(c *gin.Context) error {
	if principalOf(c).account != nil {
		c.Redirect(http.StatusSeeOther, local(c.Query("next")))
		return nil
	}
	return s.signInPage(c, http.StatusOK, pages.SignInView{Next: local(c.Query("next"))})
}

// signInPage asks for name and password, or leads to the other ways.
func (s signInPages) signInPage(c *gin.Context, status int, view pages.SignInView) error {
	v, err := s.view(c, tr(c, "signin.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if s.config.OIDC != nil {
		view.Provider = s.config.OIDC.Name
	}
	return html(c, status, pages.SignIn(v, view))
}

// submitSignIn serves POST /sign-in. Whether it is the name or the password that is
// wrong is not said, and takes the same time.
func (s signInPages) submitSignIn(c *gin.Context) error {
	ctx := c.Request.Context()
	view := pages.SignInView{Name: strings.TrimSpace(c.PostForm("name")), Next: local(c.PostForm("next"))}
	named, err := s.store.Accounts().AccountNamed(ctx, view.Name)
	if errors.Is(err, models.ErrNotFound) {
		named, err = &models.Account{Name: view.Name}, nil
	}
	if err != nil {
		return err
	}
	guesses := s.guesses(c, "sign-in ", named)
	var wait *tooMany
	if err := s.tried(c, guesses); errors.As(err, &wait) {
		view.Wait = wait.wait
		c.Header("Retry-After", seconds(view.Wait))
		return s.signInPage(c, http.StatusTooManyRequests, view)
	} else if err != nil {
		return err
	}
	a, err := s.store.Accounts().CheckPassword(ctx, view.Name, c.PostForm("password"))
	if errors.Is(err, models.ErrSignIn) {
		if err := s.store.Accounts().Note(ctx, models.Change{Address: c.ClientIP()}, models.AuditFailure,
			"password"); err != nil {
			return err
		}
		view.Failed = true
		return s.signInPage(c, http.StatusUnauthorized, view)
	}
	if err != nil {
		return err
	}
	s.succeeded(ctx, guesses)
	if a.TOTPSecret != "" {
		return s.awaitCode(c, a, view.Next)
	}
	if err := s.signIn(c, a, "password"); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, view.Next)
	return nil
}

// signOut serves POST /sign-out.
func (s signInPages) signOut(c *gin.Context) error {
	ctx := c.Request.Context()
	if p := principalOf(c); p.account != nil && p.token == nil {
		if err := s.store.Accounts().Note(ctx, p.change("", ""), models.AuditSignOut, ""); err != nil {
			return err
		}
	}
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	c.Header("Clear-Site-Data", `"cache", "storage"`) // what was shown, and what was being typed
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

// showLink serves GET /links/:secret: a one-time link sets a password.
func (s signInPages) showLink(c *gin.Context) error {
	a, err := s.linked(c)
	if err != nil {
		return err
	}
	return s.linkPage(c, http.StatusOK, a, nil)
}

// linked is the account that a one-time link belongs to.
func (s signInPages) linked(c *gin.Context) (*models.Account, error) {
	key := "link " + network(c.ClientIP())
	if err := s.slowed(c.Request.Context(), key); err != nil {
		return nil, err
	}
	a, err := s.store.Accounts().LinkOf(c.Request.Context(), c.Param("secret"))
	if errors.Is(err, models.ErrNotFound) {
		s.tryFailed(c.Request.Context(), key)
	}
	return a, err
}

// linkPage asks for the new password that a one-time link lets one set.
func (s signInPages) linkPage(c *gin.Context, status int, a *models.Account, problems models.Invalid) error {
	v, err := s.view(c, tr(c, "link.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	return html(c, status, pages.Link(v, a, problems))
}

// submitLink serves POST /links/:secret.
func (s signInPages) submitLink(c *gin.Context) error {
	a, err := s.linked(c)
	if err != nil {
		return err
	}
	_, err = s.store.Accounts().UseLink(c.Request.Context(), c.Param("secret"), c.PostForm("password"),
		principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.linkPage(c, http.StatusUnprocessableEntity, a, problems)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/sign-in")
	return nil
}

// askReset serves GET /sign-in/reset.
func (s signInPages) askReset(c *gin.Context) error {
	v, err := s.view(c, tr(c, "reset.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Reset(v, s.config.Mail != nil, false))
}

// submitReset serves POST /sign-in/reset: it sends a link to the account's address,
// if there are both; the answer is the same whether there are.
func (s signInPages) submitReset(c *gin.Context) error {
	key := "reset " + network(c.ClientIP())
	if err := s.slowed(c.Request.Context(), key); err != nil {
		return err
	}
	s.tryFailed(c.Request.Context(), key) // each asking counts
	if name := strings.TrimSpace(c.PostForm("name")); s.config.Mail != nil && name != "" {
		change, site, ctx := principalOf(c).change("", ""), s.site(c), context.WithoutCancel(c.Request.Context())
		go func() { // what it finds does not show in the time it takes
			if err := s.sendLink(ctx, name, site, change); err != nil && !errors.Is(err, models.ErrNotFound) {
				s.config.Log.Error("a link was not sent", "error", err)
			}
		}()
	}
	v, err := s.view(c, tr(c, "reset.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Reset(v, s.config.Mail != nil, true))
}

// sendLink mails a one-time link to who has an address; nobody is told whether
// anybody has.
func (s signInPages) sendLink(ctx context.Context, name, site string, change models.Change) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	a, err := s.store.Accounts().AccountNamed(ctx, name)
	if err != nil || a.Email == "" || a.DisabledAt != nil {
		return err
	}
	secret, err := s.store.Accounts().NewLink(ctx, a.ID, change)
	if err != nil {
		return err
	}
	return s.mail(ctx, a, "mail.reset", "Link", site+"/links/"+secret)
}
