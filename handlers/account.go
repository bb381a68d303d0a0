package handlers

import (
	"errors"
	"net/http"
	"strings"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// showAccount serves GET /account: one's own data, password, sessions and tokens.
func (s adminPages) showAccount(c *gin.Context) error {
	return s.accountPage(c, http.StatusOK, pages.AccountView{})
}

// accountPage shows one's own account: its sessions, tokens and factors, with what
// was wrong in a form.
func (s adminPages) accountPage(c *gin.Context, status int, view pages.AccountView) (err error) {
	ctx := c.Request.Context()
	view.Account = principalOf(c).account
	if view.Sessions, err = s.store.Accounts().SessionsOf(ctx, view.Account.ID); err != nil {
		return err
	}
	view.This = s.sessionToken(ctx)
	if view.Tokens, err = s.store.Accounts().TokensOf(ctx, view.Account.ID); err != nil {
		return err
	}
	if view.Passkeys, err = s.store.Accounts().PasskeysOf(ctx, view.Account.ID); err != nil {
		return err
	}
	signIn := s.signInPages()
	view.Confirmed = signIn.isConfirmed(ctx)
	if s.config.OIDC != nil && view.Confirmed {
		view.Provider, view.Linking = s.config.OIDC.Name, signIn.linkingAddress(ctx)
	}
	view.Now = s.store.Now()
	v, err := s.view(c, tr(c, "account.title"), nil)
	if err != nil {
		return err
	}
	v.Path = "/account"
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.MyAccount(v, view))
}

// submitAccount serves POST /account: address and language. The name and the role
// are an administrator's to change.
func (s adminPages) submitAccount(c *gin.Context) error {
	a := principalOf(c).account
	d := a.Draft()
	d.Email, d.Language = c.PostForm("email"), c.PostForm("language")
	if !strings.EqualFold(strings.TrimSpace(d.Email), a.Email) && a.Password != "" { // links are sent there
		right, err := s.confirmed(c, "confirm")
		if err != nil {
			return err
		}
		if !right {
			return s.accountPage(c, http.StatusUnprocessableEntity, pages.AccountView{
				Problems: models.Invalid{"confirm": {Code: "password_wrong"}}, Email: &d.Email})
		}
	}
	err := s.store.Accounts().ReviseAccount(c.Request.Context(), a.ID, d, principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.accountPage(c, http.StatusUnprocessableEntity, pages.AccountView{Problems: problems, Email: &d.Email})
	}
	if err != nil {
		return err
	}
	rememberLanguage(c.Writer, d.Language, s.sessions.Cookie.Secure)
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// confirmed tells whether a field has the password of whoever has signed in;
// guessing is slowed down.
func (s adminPages) confirmed(c *gin.Context, field string) (bool, error) {
	a, signIn := principalOf(c).account, s.signInPages()
	guesses := signIn.guesses(c, "password ", a)
	if err := signIn.tried(c, guesses); err != nil {
		return false, err
	}
	_, err := s.store.Accounts().CheckPassword(c.Request.Context(), a.Name, c.PostForm(field))
	if errors.Is(err, models.ErrSignIn) {
		return false, nil
	}
	if err == nil {
		signIn.succeeded(c.Request.Context(), guesses)
	}
	return err == nil, err
}

// changePassword serves POST /account/password; all other sessions end, and this
// one goes on under a new token.
func (s adminPages) changePassword(c *gin.Context) error {
	ctx := c.Request.Context()
	a := principalOf(c).account
	problems := models.Invalid{}
	if a.Password != "" {
		right, err := s.confirmed(c, "current")
		if err != nil {
			return err
		}
		if !right {
			problems["current"] = models.Problem{Code: "password_wrong"}
		}
	}
	if len(problems) == 0 {
		err := s.store.Accounts().SetPassword(ctx, a.ID, c.PostForm("password"), s.sessionToken(ctx),
			principalOf(c).change("", ""))
		if err != nil && !errors.As(err, &problems) {
			return err
		}
	}
	if len(problems) > 0 {
		return s.accountPage(c, http.StatusUnprocessableEntity, pages.AccountView{Problems: problems})
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.signInPages().tellOwner(c, "password")
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// endSessions serves POST /account/sessions: it ends one, or all others.
func (s adminPages) endSessions(c *gin.Context) error {
	ctx := c.Request.Context()
	a := principalOf(c).account
	if err := s.store.Accounts().EndSession(ctx, a.ID, c.PostForm("session"), s.sessionToken(ctx)); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}

// makeToken serves POST /account/tokens. The token is shown once.
func (s adminPages) makeToken(c *gin.Context) error {
	var d models.TokenDraft
	if err := decode(c, &d); err != nil {
		return err
	}
	secret, err := s.store.Accounts().NewToken(c.Request.Context(), principalOf(c).account.ID, d,
		principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.accountPage(c, http.StatusUnprocessableEntity, pages.AccountView{Problems: problems, TokenDraft: d})
	}
	if err != nil {
		return err
	}
	s.signInPages().tellOwner(c, "token made")
	return s.accountPage(c, http.StatusOK, pages.AccountView{NewToken: secret})
}

// revokeToken serves POST /account/tokens/:id/revoke.
func (s adminPages) revokeToken(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	if err := s.store.Accounts().RevokeToken(c.Request.Context(), principalOf(c).account.ID, id,
		principalOf(c).change("", "")); err != nil {
		return err
	}
	s.signInPages().tellOwner(c, "token revoked")
	c.Redirect(http.StatusSeeOther, "/account")
	return nil
}
