package handlers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"chancery/frontend/pages"
)

// showHome serves GET /.
func (s agreementPages) showHome(c *gin.Context) error {
	ctx := c.Request.Context()
	size, err := s.store.Lists().Totals(ctx)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, size)
	}
	reading, err := s.reading(c)
	if err != nil {
		return err
	}
	h := pages.HomeView{Size: size, Filter: reading}
	reading.Limit = 8
	newest, err := s.store.Lists().Agreements(ctx, reading, lang(c))
	if err != nil {
		return err
	}
	h.Newest = newest.Items
	if h.Counts, err = s.store.Statistics().Counts(ctx, reading); err != nil {
		return err
	}
	ending := reading
	ending.Events = []string{"validity-ends", "termination", "renewal-due", "notice-deadline"}
	if h.Coming, err = s.store.Statistics().Calendar(ctx, ending, 12, 6); err != nil {
		return err
	}
	if h.News, err = s.store.Statistics().News(ctx, reading, time.Time{}, 6); err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "app.claim"), codesOf(h.Newest))
	if err != nil {
		return err
	}
	v.Feed = "/feed.atom"
	return html(c, http.StatusOK, pages.Home(v, h))
}
