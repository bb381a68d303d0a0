package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// mostPairs is how many likely duplicates a page lists, mostAtOnce how many records
// one edit changes.
const (
	mostPairs  = 100
	mostAtOnce = models.MaxPageSize
)

// askBulk serves GET /agreements/bulk with a list's filter; submitBulk POST of the
// same address shows what an edit would change, then makes it.
func (s importPages) askBulk(c *gin.Context) error {
	return s.bulkPage(c, http.StatusOK, pages.BulkView{Actor: s.formActor(c)})
}

// bulkPage shows the records of a list that an edit is for, and what the edit
// would change.
func (s importPages) bulkPage(c *gin.Context, status int, b pages.BulkView) error {
	q := query(c)
	f, err := models.ParseFilter(q, s.today(), "lang")
	if err != nil {
		return err
	}
	f.Limit = mostAtOnce
	page, err := s.store.Lists().Agreements(c.Request.Context(), f, lang(c))
	if err != nil {
		return err
	}
	b.Total, b.Entries, b.Query = page.Total, page.Items, q.Encode()
	v, err := s.view(c, tr(c, "bulk.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Bulk(v, b))
}

func (s importPages) submitBulk(c *gin.Context) error {
	ctx := c.Request.Context()
	b := pages.BulkView{Edit: models.Edit{Field: c.PostForm("field"), Value: strings.TrimSpace(c.PostForm("value"))},
		Actor: c.PostForm("actor"), Comment: c.PostForm("comment")}
	for _, text := range c.PostFormArray("id") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && len(b.Chosen) < mostAtOnce {
			b.Chosen = append(b.Chosen, id)
		}
	}
	if len(b.Chosen) == 0 {
		b.Problems = models.Invalid{"id": {Code: "nothing_chosen"}}
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	var err error
	b.Edited, err = s.store.Bulk().PreviewEdit(ctx, b.Chosen, b.Edit)
	if errors.As(err, &b.Problems) {
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	b.Looked = true
	if c.PostForm("do") != "apply" {
		return s.bulkPage(c, http.StatusOK, b)
	}
	change, problems := s.change(c)
	if len(problems) > 0 {
		b.Problems = problems
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	versions := map[int64]int{}
	for _, seen := range c.PostFormArray("seen") {
		id, version, _ := strings.Cut(seen, ":")
		n, _ := strconv.ParseInt(id, 10, 64)
		versions[n], _ = strconv.Atoi(version)
	}
	title := fmt.Sprintf("%s: %s", tr(c, "field."+b.Edit.Field), b.Edit.Value)
	operation, err := s.store.Bulk().EditAll(ctx, versions, b.Edit, title, change)
	if errors.As(err, &b.Problems) {
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	if operation == 0 {
		c.Redirect(http.StatusSeeOther, components.Address("/agreements", url.Values(query(c))))
		return nil
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/operations/%d", operation))
	return nil
}

// shownDeliveries is how many of a webhook's deliveries its page shows.
const shownDeliveries = 100
