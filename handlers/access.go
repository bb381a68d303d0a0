package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"chancery/frontend/components"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// identify finds out who makes a request: by a token, by a session, or by the
// machine it comes from.
func (s *Server) identify(c *gin.Context) {
	if c.FullPath() == staticPath { // files are the same for everybody
		return
	}
	ctx := c.Request.Context()
	if context.Cause(ctx) == errBusy {
		s.refuse(c, errBusy)
		return
	}
	p := &principal{address: c.ClientIP()}
	switch header := c.GetHeader("Authorization"); {
	case header != "":
		secret, ok := strings.CutPrefix(header, "Bearer ")
		err := s.slowed(c.Request.Context(), "token "+network(p.address))
		if err != nil {
			s.refuse(c, err)
			return
		}
		if !ok {
			err = models.ErrSignIn
		} else {
			p.token, p.account, err = s.store.Accounts().TokenOf(ctx, strings.TrimSpace(secret))
		}
		if errors.Is(err, models.ErrSignIn) {
			s.tryFailed(c.Request.Context(), "token "+network(p.address))
			err = errBadToken
		}
		if err != nil {
			s.refuse(c, err)
			return
		}
	default:
		if cause := unread(ctx); cause != nil && *cause != nil && (!isReading(c.Request) ||
			s.permission(http.MethodGet, c.FullPath()) != always) {
			s.refuse(c, *cause)
			return
		}
		id := s.sessions.GetInt64(ctx, models.SessionAccount)
		if id == 0 {
			break
		}
		a, err := s.store.Accounts().Account(ctx, id)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			s.refuse(c, err)
			return
		}
		if err != nil || a.DisabledAt != nil {
			err = s.sessions.Destroy(ctx)
		} else {
			p.account = a
			err = s.store.Accounts().Seen(ctx, s.sessionToken(ctx))
		}
		if err != nil {
			s.refuse(c, err)
			return
		}
	}
	if p.account == nil && ownMachine(c.Request) {
		administered, err := s.store.Accounts().HasAdministrator(ctx)
		if err != nil && c.Request.Method != http.MethodGet {
			s.refuse(c, err)
			return
		}
		p.local = err == nil && !administered
	}
	if p.account != nil || p.local {
		ctx = models.Insider(ctx)
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
	c.Request = c.Request.WithContext(components.WithViewer(ctx, &components.Viewer{Account: p.account, Local: p.local,
		MayDraft: p.may(draft, true), MayPublish: p.may(publish, true), MayAdminister: p.may(administer, true),
		Waiting: p.waiting}))
	c.Next()
}

// allow lets a request through to its route when the table says so.
func (s *Server) allow(c *gin.Context) {
	if c.FullPath() == "" { // no route: not found, or another method
		return
	}
	need, p := s.permission(c.Request.Method, c.FullPath()), who(c)
	public := true
	if need == read && p.account == nil && !p.local {
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
	if p.account == nil {
		err = errSignInNeeded
	}
	if err == errSignInNeeded && c.Request.Method == http.MethodGet && format(c) == "html" {
		c.Header("Cache-Control", "no-store")
		c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request.URL.RequestURI()))
		c.Abort()
		return
	}
	s.refuse(c, err)
}
