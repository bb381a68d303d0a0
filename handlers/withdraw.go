package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/frontend/components"
	"chancery/frontend/pages"
	"chancery/models"
)

// deleteAgreement serves DELETE /agreements/:id?reason=…, with If-Match: it
// withdraws, the number stays.
func (s agreementPages) deleteAgreement(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	version, err := versionRead(c)
	if err != nil {
		return err
	}
	change := principalOf(c).change(s.client(c.Query("actor")), "")
	proposed, err := s.withdraw(c, id, version, strings.TrimSpace(c.Query("reason")), change)
	if err != nil {
		return stale(err)
	}
	if proposed > 0 {
		return proposedJSON(c, proposed)
	}
	c.Status(http.StatusNoContent)
	return nil
}

// askWithdraw serves GET /agreements/:id/withdraw.
func (s agreementPages) askWithdraw(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	a, err := s.store.Agreement(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.withdrawPage(c, http.StatusOK, a, nil)
}

// withdrawPage asks for the reason.
func (s agreementPages) withdrawPage(c *gin.Context, status int, a *models.Agreement, problems models.Invalid) error {
	v, err := s.view(c, tr(c, "withdraw.title", "Number", a.ID), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	title, _ := a.TitleIn(v.Lang)
	return html(c, status, pages.Withdraw(v, a.ID, a.Version, title, c.PostForm("reason"), s.formActor(c), problems))
}

// withdrawAgreement serves POST /agreements/:id/withdraw.
func (s agreementPages) withdrawAgreement(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	a, err := s.store.Agreement(c.Request.Context(), id)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	change := principalOf(c).change(s.actor(c.PostForm("actor")), "")
	problems := models.Invalid{}
	if change.Actor == "" {
		problems["actor"] = models.Problem{Code: "required"}
	}
	reason := strings.TrimSpace(c.PostForm("reason"))
	if reason == "" {
		problems["reason"] = models.Problem{Code: "required"}
	}
	if len(problems) > 0 {
		return s.withdrawPage(c, http.StatusUnprocessableEntity, a, problems)
	}
	proposed, err := s.withdraw(c, id, version, reason, change)
	if err != nil {
		return err
	}
	return redirectAfterSave(c, proposed, components.AgreementAddress(id))
}

// withdraw takes an agreement out, or has that wait for another editor.
func (s agreementPages) withdraw(c *gin.Context, id int64, version int, reason string,
	change models.Change) (proposed int64, err error) {
	p := proposalOf(id, version)
	p.Action = "withdraw"
	return s.submit(c, p, reason, change, func(ctx context.Context) error {
		return s.store.Withdraw(ctx, id, version, reason, change)
	})
}
