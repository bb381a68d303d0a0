package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// showAdmin serves GET /admin.
func (s adminPages) showAdmin(c *gin.Context) error {
	c.Redirect(http.StatusSeeOther, "/admin/accounts")
	return nil
}

// listAccounts serves GET /admin/accounts.
func (s adminPages) listAccounts(c *gin.Context) error {
	return s.accountsPage(c, http.StatusOK, models.AccountDraft{Language: lang(c), Role: "contributor"}, nil)
}

// accountsPage lists accounts, with a form for a new one.
func (s adminPages) accountsPage(c *gin.Context, status int, d models.AccountDraft, problems models.Invalid) error {
	list, err := s.store.Accounts().List(c.Request.Context())
	if err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "admin.accounts"), nil)
	if err != nil {
		return err
	}
	v.Path = "/admin/accounts"
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Accounts(v, list, d, problems))
}

// createAccount serves POST /admin/accounts and shows the link with which the new
// account sets its password.
func (s adminPages) createAccount(c *gin.Context) error {
	var d models.AccountDraft
	if err := decode(c, &d); err != nil {
		return err
	}
	a, err := s.store.Accounts().CreateAccount(c.Request.Context(), d, principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.accountsPage(c, http.StatusUnprocessableEntity, d, problems)
	}
	if err != nil {
		return err
	}
	return s.newLink(c, a)
}

// newLink makes a one-time link and shows it, or sends it where mail is set up and
// the account has an address.
func (s adminPages) newLink(c *gin.Context, a *models.Account) error {
	secret, err := s.store.Accounts().NewLink(c.Request.Context(), a.ID, principalOf(c).change("", ""))
	if err != nil {
		return err
	}
	link := s.site(c) + "/links/" + secret
	sent := false
	if s.config.Mail != nil && a.Email != "" {
		if err := s.mail(c.Request.Context(), a, "mail.welcome", "Link", link); err != nil {
			s.config.Log.Error("a link was not sent", "error", err)
		} else {
			sent = true
		}
	}
	return s.accountAdminPage(c, http.StatusOK, a, a.Draft(), link, sent, nil)
}

// accountAsked is the account whose number the address names.
func (s adminPages) accountAsked(c *gin.Context) (*models.Account, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	return s.store.Accounts().Account(c.Request.Context(), id)
}

// showAccountAdmin serves GET /admin/accounts/:id.
func (s adminPages) showAccountAdmin(c *gin.Context) error {
	a, err := s.accountAsked(c)
	if err != nil {
		return err
	}
	return s.accountAdminPage(c, http.StatusOK, a, a.Draft(), "", false, nil)
}

// accountAdminPage shows an account to an administrator; link is a one-time link
// that was just made, shown once.
func (s adminPages) accountAdminPage(c *gin.Context, status int, a *models.Account, d models.AccountDraft, link string,
	sent bool, problems models.Invalid) error {
	v, err := s.view(c, a.Name, nil)
	if err != nil {
		return err
	}
	v.Path = "/admin/accounts/" + strconv.FormatInt(a.ID, 10)
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.AccountAdmin(v, a, d, link, sent, problems))
}

// reviseAccount serves POST /admin/accounts/:id.
func (s adminPages) reviseAccount(c *gin.Context) error {
	a, err := s.accountAsked(c)
	if err != nil {
		return err
	}
	var d models.AccountDraft
	if err := decode(c, &d); err != nil {
		return err
	}
	err = s.store.Accounts().ReviseAccount(c.Request.Context(), a.ID, d, principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.accountAdminPage(c, http.StatusUnprocessableEntity, a, d, "", false, problems)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/admin/accounts")
	return nil
}

// linkAccount serves POST /admin/accounts/:id/link; with factors it takes away as
// well what else signs the account in.
func (s adminPages) linkAccount(c *gin.Context) error {
	a, err := s.accountAsked(c)
	if err != nil {
		return err
	}
	if c.PostForm("factors") == "1" {
		if err := s.store.Accounts().EndFactors(c.Request.Context(), a.ID, principalOf(c).change("", "")); err != nil {
			return err
		}
	}
	return s.newLink(c, a)
}

// disableAccount serves POST /admin/accounts/:id/disabled.
func (s adminPages) disableAccount(c *gin.Context) error {
	a, err := s.accountAsked(c)
	if err != nil {
		return err
	}
	err = s.store.Accounts().DisableAccount(c.Request.Context(), a.ID, c.PostForm("disabled") == "yes",
		principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.accountAdminPage(c, http.StatusUnprocessableEntity, a, a.Draft(), "", false, problems)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/admin/accounts")
	return nil
}

// showAudit serves GET /admin/audit?event=…&before=….
func (s adminPages) showAudit(c *gin.Context) error {
	event := c.Query("event")
	if event != "" && !slices.Contains(models.AuditEvents, event) {
		return models.Invalid{"event": {Code: "unknown_parameter", Args: map[string]string{"value": event}}}
	}
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := s.store.Accounts().Audit(c.Request.Context(), event, before, models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = strconv.FormatInt(list[models.PageSize-1].ID, 10)
	}
	v, err := s.view(c, tr(c, "admin.audit"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Audit(v, list, event, next))
}

// showSettings serves GET /admin/settings.
func (s adminPages) showSettings(c *gin.Context) error {
	set, err := s.store.Accounts().Settings(c.Request.Context())
	if err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "admin.settings"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.SettingsForm(v, set))
}

// submitSettings serves POST /admin/settings.
func (s adminPages) submitSettings(c *gin.Context) error {
	set := models.Settings{Public: c.PostForm("public") == "true", Reviews: c.PostFormArray("reviews")}
	if err := s.store.Accounts().ChangeSettings(c.Request.Context(), set, principalOf(c).change("", "")); err != nil {
		return err
	}
	s.forgetSettings()
	c.Redirect(http.StatusSeeOther, "/admin/settings")
	return nil
}

// showStatus serves GET /admin/status: how the program, its database and its chores
// are, also while the database is away.
func (s adminPages) showStatus(c *gin.Context) (err error) {
	ctx := c.Request.Context()
	view := pages.StatusView{Version: s.config.Version, Servers: s.store.Upkeep().Servers()}
	if view.Size, err = s.store.Lists().Totals(ctx); err != nil {
		return err
	}
	if view.Waiting, err = s.store.Upkeep().Backlog(ctx); err != nil {
		return err
	}
	if view.Chores, err = s.store.Upkeep().Chores(ctx); err != nil {
		return err
	}
	for name, pool := range s.store.Upkeep().Pools() {
		stats := pool.Stats()
		view.Pools = append(view.Pools, pages.PoolView{Name: name, InUse: stats.InUse, Open: stats.OpenConnections,
			Most: stats.MaxOpenConnections})
	}
	slices.SortFunc(view.Pools, func(a, b pages.PoolView) int { return strings.Compare(a.Name, b.Name) })
	v, err := s.view(c, tr(c, "admin.status"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Status(v, view))
}
