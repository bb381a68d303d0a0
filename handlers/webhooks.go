package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/frontend/pages"
	"chancery/models"
)

// listWebhooks serves GET /admin/webhooks, makeWebhook POST of the same address.
func (s adminPages) listWebhooks(c *gin.Context) error {
	return s.webhooksPage(c, http.StatusOK, "", models.WebhookEvents, nil)
}

// webhooksPage lists the addresses that are told of changes, with the form for
// another.
func (s adminPages) webhooksPage(c *gin.Context, status int, address string, events []string,
	problems models.Invalid) error {
	list, err := s.store.Webhooks().List(c.Request.Context())
	if err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "webhooks.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Webhooks(v, list, address, events, problems))
}

// makeWebhook serves POST /admin/webhooks; the secret is shown once.
func (s adminPages) makeWebhook(c *gin.Context) error {
	address, events := strings.TrimSpace(c.PostForm("url")), c.PostFormArray("events")
	w, err := s.store.Webhooks().MakeWebhook(c.Request.Context(), address, events, principalOf(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.webhooksPage(c, http.StatusUnprocessableEntity, address, events, problems)
	}
	if err != nil {
		return err
	}
	return s.webhookPage(c, w.ID, w.Secret)
}

// showWebhook serves GET /admin/webhooks/:id.
func (s adminPages) showWebhook(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	return s.webhookPage(c, id, "")
}

// webhookPage shows an address that is told of changes, and what it was told.
func (s adminPages) webhookPage(c *gin.Context, id int64, secret string) error {
	w, list, err := s.store.Webhooks().Webhook(c.Request.Context(), id, shownDeliveries)
	if err != nil {
		return err
	}
	v, err := s.view(c, w.URL, nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.OneWebhook(v, w, list, secret))
}

// changeWebhook serves POST /admin/webhooks/:id: do is on, off or remove; again is
// the number of a delivery.
func (s adminPages) changeWebhook(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	change, to := principalOf(c).change("", ""), fmt.Sprintf("/admin/webhooks/%d", id)
	again, _ := strconv.ParseInt(c.PostForm("again"), 10, 64)
	switch do := c.PostForm("do"); {
	case again > 0:
		err = s.store.Webhooks().Redeliver(ctx, id, again, change)
	case do == "remove":
		err, to = s.store.Webhooks().RemoveWebhook(ctx, id, change), "/admin/webhooks"
	default:
		err = s.store.Webhooks().SetWebhook(ctx, id, do == "on", change)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}
