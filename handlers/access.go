package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// identify finds out who makes a request: by a token or by a session. Where it
// comes from proves nothing.
func (s *Server) identify(c *gin.Context) {
	if c.FullPath() == staticPath { // files are the same for everybody
		return
	}
	ctx := c.Request.Context()
	switch context.Cause(ctx) {
	case errBusy:
		s.refuse(c, errBusy)
		return
	case errLongQuery:
		s.refuse(c, models.Invalid{"query": {Code: "too_long", Args: map[string]string{"limit": strconv.Itoa(maxQuery)}}})
		return
	}
	p := &principal{address: c.ClientIP()}
	signIn := s.signInPages()
	by := signIn.bySession
	if c.GetHeader("Authorization") != "" {
		by = signIn.byToken
	}
	if err := by(c, p); err != nil {
		s.refuse(c, err)
		return
	}
	if p.account == nil {
		if err := signIn.firstStart(c, p); err != nil && !isReading(c.Request) {
			s.refuse(c, err)
			return
		}
	}
	if p.account != nil || p.first {
		ctx = models.WithRestricted(ctx)
	}
	if p.account != nil && p.token == nil && c.Request.Method == http.MethodGet && format(c) == "html" {
		var err error
		if p.waiting, err = s.store.Proposals().Waiting(ctx, p.account); err != nil {
			s.refuse(c, err)
			return
		}
	}
	if isReading(c.Request) && s.permission(http.MethodGet, c.FullPath()) == read && !p.may(draft, true) {
		ctx = models.AtReplica(ctx) // who may write reads what they wrote
	}
	ctx = context.WithValue(ctx, principalKey{}, p)
	c.Request = c.Request.WithContext(components.WithViewer(ctx, &components.Viewer{Account: p.account, First: p.first, Nobody: p.nobody,
		MayDraft: p.may(draft, true), MayPublish: p.may(publish, true), MayAdminister: p.may(administer, true),
		Waiting: p.waiting}))
	c.Next()
}

// byToken finds out who makes a request by its token. A token that does not hold
// counts as a failed try of the network it comes from.
func (s signInPages) byToken(c *gin.Context, p *principal) error {
	ctx, key := c.Request.Context(), "token "+network(p.address)
	secret, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if ok && s.isSetup(strings.TrimSpace(secret)) {
		administered, err := s.store.Accounts().HasAdministrator(ctx)
		if err != nil && isReading(c.Request) {
			return nil // who cannot be known reads as everybody does
		}
		if p.first = err == nil && !administered; p.first || err != nil {
			return err
		}
	}
	if err := s.slowed(ctx, key); err != nil {
		return err
	}
	err := models.ErrSignIn
	if ok {
		p.token, p.account, err = s.store.Accounts().TokenOf(ctx, strings.TrimSpace(secret))
	}
	if errors.Is(err, models.ErrSignIn) {
		s.tryFailed(ctx, key)
		return errBadToken
	}
	return err
}

// bySession finds out who makes a request by its session, if it has one.
func (s signInPages) bySession(c *gin.Context, p *principal) error {
	ctx := c.Request.Context()
	if cause := unread(ctx); cause != nil && *cause != nil && (!isReading(c.Request) ||
		s.permission(http.MethodGet, c.FullPath()) != always) {
		return *cause
	}
	id := s.sessions.GetInt64(ctx, models.SessionAccount)
	if id == 0 {
		return nil
	}
	a, err := s.store.Accounts().Account(ctx, id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if err != nil || a.DisabledAt != nil {
		return s.sessions.Destroy(ctx)
	}
	p.account = a
	return s.store.Accounts().Seen(ctx, s.sessionToken(ctx))
}

// authorize lets a request through to its route when the table says so.
func (s *Server) authorize(c *gin.Context) {
	if c.FullPath() == "" { // no route: not found, or another method
		return
	}
	need, p := s.permission(c.Request.Method, c.FullPath()), principalOf(c)
	public := true
	if need == read && p.account == nil && !p.first {
		set, err := s.settings(c.Request.Context())
		if err != nil {
			s.refuse(c, err)
			return
		}
		public = set.Public
	}
	if p.may(need, public) {
		return
	}
	err := errForbidden
	if p.account != nil {
		s.config.Log.Warn("not permitted", "request", requestID(c), "account", p.account.ID, "method", c.Request.Method, "route",
			c.FullPath())
	} else {
		err = errSignInNeeded
		if administered, e := s.store.Accounts().HasAdministrator(c.Request.Context()); e == nil && !administered {
			err = errSetupNeeded
		}
	}
	if err == errSignInNeeded && c.Request.Method == http.MethodGet && format(c) == "html" {
		c.Header("Cache-Control", "no-store")
		c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		c.Abort()
		return
	}
	s.refuse(c, err)
}
