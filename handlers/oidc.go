package handlers

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"chancery/models"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"
)

const (
	sessionOIDC      = "oidc" // state, nonce, verifier, until, next, whether to link, one a line
	providerTimeout  = 15 * time.Second
	providerHoldsFor = 10 * time.Minute
)

// oauth is how the provider is asked; it leads back to the address under which the
// register is read.
func (s signInPages) oauth(c *gin.Context, p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.config.OIDC.Client, ClientSecret: s.config.OIDC.Secret, Endpoint: p.Endpoint(),
		RedirectURL: s.site(c) + "/sign-in/oidc/return", Scopes: append([]string{oidc.ScopeOpenID, "profile", "email"},
			s.config.OIDC.Scopes...)}
}

// beginOIDC serves GET /sign-in/oidc?next=…: it leads to the provider, with a
// state, a nonce and a PKCE challenge of its own.
func (s signInPages) beginOIDC(c *gin.Context) error {
	if s.config.OIDC == nil {
		return models.ErrNotFound
	}
	p, err := s.provider(c.Request.Context())
	if err != nil {
		s.config.Log.Error("the provider was not reached", "error", err)
		return errProvider
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	until := fmt.Sprint(s.store.Now().Add(providerHoldsFor).Unix())
	linking := ""
	if s.linking(c) {
		linking = "link"
	}
	s.sessions.Put(c.Request.Context(), sessionOIDC, strings.Join([]string{state, nonce, verifier, until,
		local(c.Query("next")), linking}, "\n"))
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, s.oauth(c, p).AuthCodeURL(state, oidc.Nonce(nonce),
		oauth2.S256ChallengeOption(verifier)))
	return nil
}

// endOIDC serves GET /sign-in/oidc/return, where the provider leads back to.
func (s signInPages) endOIDC(c *gin.Context) error {
	if s.config.OIDC == nil {
		return models.ErrNotFound
	}
	c.Header("Cache-Control", "no-store")
	ctx := c.Request.Context()
	kept := strings.Split(s.sessions.PopString(ctx, sessionOIDC), "\n") // used once
	refuse := func(why string, err error) error {
		s.config.Log.Warn("signing in elsewhere was refused", "why", why, "error", err)
		if err := s.store.Accounts().Note(ctx, models.Change{Address: c.ClientIP()}, models.AuditFailure,
			"provider: "+why); err != nil {
			return err
		}
		return errProvider
	}
	if len(kept) != 6 || subtle.ConstantTimeCompare([]byte(kept[0]), []byte(c.Query("state"))) != 1 {
		return refuse("state", nil)
	}
	if until := kept[3]; until < fmt.Sprint(s.store.Now().Unix()) {
		return refuse("too late", nil)
	}
	if c.Query("error") != "" || c.Query("code") == "" {
		return refuse("not agreed", nil)
	}
	p, err := s.provider(ctx)
	if err != nil {
		return refuse("not reached", err)
	}
	exchange, cancel := context.WithTimeout(oidc.ClientContext(ctx, &http.Client{Timeout: providerTimeout}),
		providerTimeout)
	defer cancel()
	token, err := s.oauth(c, p).Exchange(exchange, c.Query("code"), oauth2.VerifierOption(kept[2]))
	if err != nil {
		return refuse("code", err)
	}
	raw, _ := token.Extra("id_token").(string)
	identity, err := p.Verifier(&oidc.Config{ClientID: s.config.OIDC.Client, Now: s.store.Now}).Verify(exchange, raw)
	if err != nil {
		return refuse("token", err)
	}
	if subtle.ConstantTimeCompare([]byte(identity.Nonce), []byte(kept[1])) != 1 {
		return refuse("nonce", nil)
	}
	a, err := s.identified(c, identity, kept[5] != "")
	if errors.Is(err, models.ErrSignIn) {
		return refuse("account", err)
	}
	if err != nil {
		return err
	}
	if err := s.signIn(c, a, "provider"); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, kept[4])
	return nil
}

// identified finds or makes the account of whoever the provider speaks of; with
// link, somebody who has signed in links theirs.
func (s signInPages) identified(c *gin.Context, identity *oidc.IDToken, link bool) (*models.Account, error) {
	ctx := c.Request.Context()
	var claims map[string]any
	if err := identity.Claims(&claims); err != nil {
		return nil, models.ErrSignIn
	}
	if own := principalOf(c).account; own != nil && link {
		s.tellOwner(c, "identity linked")
		err := s.store.Accounts().LinkIdentity(ctx, own.ID, identity.Issuer, identity.Subject, principalOf(c).change("", ""))
		return own, err
	}
	role := s.config.OIDC.role(claims)
	a, err := s.store.Accounts().AccountOfIdentity(ctx, identity.Issuer, identity.Subject)
	text := func(claim string) string { value, _ := claims[claim].(string); return strings.TrimSpace(value) }
	switch {
	case errors.Is(err, models.ErrNotFound):
		if role == "" {
			return nil, models.ErrSignIn
		}
		d := models.AccountDraft{Name: text("name"), Language: lang(c), Role: role}
		if d.Name == "" {
			d.Name = text("preferred_username")
		}
		if d.Name == "" {
			d.Name = identity.Subject
		}
		if verified, _ := claims["email_verified"].(bool); verified {
			d.Email = text("email")
		}
		return s.store.Accounts().CreateByIdentity(ctx, identity.Issuer, identity.Subject, d,
			models.Change{Actor: d.Name, Address: c.ClientIP()})
	case err != nil:
		return nil, err
	case len(s.config.OIDC.Roles) > 0 && role == "":
		return nil, models.ErrSignIn
	case len(s.config.OIDC.Roles) > 0 && role != a.Role:
		d := a.Draft()
		d.Role = role
		if err := s.store.Accounts().ReviseAccount(ctx, a.ID, d, models.Change{Actor: a.Name, AccountID: &a.ID,
			Address: c.ClientIP()}); err != nil {
			return nil, err
		}
		a.Role = role
	}
	return a, nil
}

// provider is the one that the operator has set, looked up once it answers.
func (s signInPages) provider(ctx context.Context) (*oidc.Provider, error) {
	s.oidc.mu.Lock()
	defer s.oidc.mu.Unlock()
	if s.oidc.known == nil {
		// The provider keeps the context for reading its keys: it must outlast the
		// request.
		known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx),
			&http.Client{Timeout: providerTimeout}), s.config.OIDC.Issuer)
		if err != nil {
			return nil, fmt.Errorf("reaching the provider: %w", err)
		}
		s.oidc.known = known
	}
	return s.oidc.known, nil
}
