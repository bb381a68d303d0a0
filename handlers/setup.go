package handlers

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"chancery/frontend/pages"
	"chancery/models"
	"chancery/sample"

	"github.com/gin-gonic/gin"
)

// The first start: until there is an administrator, whoever holds the secret that
// the program printed may write, in a browser that has opened the link with it, or
// as a program that sends it as a token. Everybody else reads.

// isSetup tells whether a text is the secret of the first start.
func (s signInPages) isSetup(text string) bool {
	given, want := sha256.Sum256([]byte(text)), sha256.Sum256([]byte(s.config.Setup))
	return s.config.Setup != "" && subtle.ConstantTimeCompare(given[:], want[:]) == 1
}

// setupMark is what the session of a browser keeps that has opened the link.
func (s signInPages) setupMark() string {
	sum := sha256.Sum256([]byte("first start " + s.config.Setup))
	return hex.EncodeToString(sum[:])
}

// firstStart finds out whether somebody without an account holds the secret, or
// looks at a page that is to say how one comes to write.
func (s signInPages) firstStart(c *gin.Context, p *principal) error {
	ctx := c.Request.Context()
	mark := s.sessions.GetString(ctx, models.SessionSetup)
	if mark != "" && s.config.Setup != "" && c.GetHeader("Authorization") == "" &&
		subtle.ConstantTimeCompare([]byte(mark), []byte(s.setupMark())) == 1 {
		administered, err := s.store.Accounts().HasAdministrator(ctx)
		p.first = err == nil && !administered
		return err
	}
	if !p.first && format(c) == "html" && s.permission(c.Request.Method, c.FullPath()) == read {
		set, err := s.settings(ctx)
		p.nobody = err == nil && !set.Administered
	}
	return nil
}

// openSetup serves GET /setup/:secret, the link that the program prints until there
// is an administrator: the browser that opens it may write. Wrong secrets are slowed
// down; the right one is never kept waiting for them.
func (s signInPages) openSetup(c *gin.Context) error {
	ctx := c.Request.Context()
	administered, err := s.store.Accounts().HasAdministrator(ctx)
	if err != nil {
		return err
	}
	if administered || !s.isSetup(c.Param("secret")) {
		key := "setup " + network(c.ClientIP())
		if err := s.slowed(ctx, key); err != nil {
			return err
		}
		s.tryFailed(ctx, key)
		return models.ErrNotFound
	}
	if err := s.renewSession(c); err != nil {
		return err
	}
	s.sessions.Put(ctx, models.SessionSetup, s.setupMark())
	c.Header("Cache-Control", "no-store")
	c.Header("Referrer-Policy", "no-referrer")
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

// showSetup serves GET /setup, which asks for the first administrator.
func (s signInPages) showSetup(c *gin.Context) error {
	if !principalOf(c).first {
		return s.withoutSetup(c)
	}
	return s.setupPage(c, http.StatusOK, models.AccountDraft{Language: lang(c)}, nil)
}

// withoutSetup answers who does not hold the secret: how to come by it, while there is
// no administrator.
func (s signInPages) withoutSetup(c *gin.Context) error {
	if administered, err := s.store.Accounts().HasAdministrator(c.Request.Context()); err != nil {
		return err
	} else if administered {
		return models.ErrNotFound
	}
	return errSetupNeeded
}

// setupPage asks for the first administrator.
func (s signInPages) setupPage(c *gin.Context, status int, d models.AccountDraft, problems models.Invalid) error {
	v, err := s.view(c, tr(c, "setup.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Setup(v, d, problems))
}

// submitSetup serves POST /setup: it makes the first administrator, once.
func (s signInPages) submitSetup(c *gin.Context) error {
	if !principalOf(c).first {
		return s.withoutSetup(c)
	}
	var d models.AccountDraft
	if err := decode(c, &d); err != nil {
		return err
	}
	a, err := s.store.Accounts().FirstAdministrator(c.Request.Context(), d, c.PostForm("password"),
		principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.setupPage(c, http.StatusUnprocessableEntity, d, problems)
	}
	if err != nil {
		return err
	}
	s.forgetSettings()
	if err := s.signIn(c, a, "setup"); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/admin")
	return nil
}

// loadSample serves POST /sample: the data set that comes with the program is
// brought in, as an import like any other.
func (s importPages) loadSample(c *gin.Context) error {
	change := principalOf(c).change(s.actor("sample"), "")
	id, err := sample.Begin(c.Request.Context(), s.store, change)
	if err != nil {
		return err
	}
	s.wakeImporter()
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/imports/%d", id))
	return nil
}
