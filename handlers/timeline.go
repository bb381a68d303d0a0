package handlers

import (
	"errors"
	"net/http"
	"strings"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// showTimeline serves GET /timeline.
func (s readingPages) showTimeline(c *gin.Context) error {
	f, err := s.filtered(c, "lang", "exact", "bom", "order")
	if err == nil {
		f.Newest, err = newestFirst(c, f)
	}
	var problems models.Invalid
	if err != nil && (!errors.As(err, &problems) || format(c) != "html") {
		return err
	}
	if tabular(c) {
		return s.timelineCSV(c, f)
	}
	ctx := c.Request.Context()
	page := models.Page[models.Event]{}
	if problems == nil {
		if page, err = s.store.Timelines().TimelinePage(c.Request.Context(), f); err != nil {
			return err
		}
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, listed(c, page.Total, page.Items, page.Next))
	}
	var codes []string
	for _, e := range page.Items {
		codes = append(codes, e.Party)
		if all := e.PartyCodes(); len(all) <= 4 {
			codes = append(codes, all...)
		}
	}
	v, err := s.view(c, tr(c, "timeline.title"), append(codes, append(f.Parties, f.Pair[:]...)...), "csv", "json")
	if err != nil {
		return err
	}
	var figure components.Figure
	if problems == nil {
		periods, err := s.store.Statistics().Periods(ctx, f, lang(c))
		if err != nil {
			return err
		}
		figure = components.PeriodsFigure(locales.In(ctx), v, periods, f.On)
	}
	if done, err := s.drawing(c, figure); done {
		return err
	}
	status := http.StatusOK
	if problems != nil {
		status = http.StatusBadRequest
	}
	return html(c, status, pages.Timeline(v, f, page, figure, problems))
}

// newestFirst tells in which order events are listed: for programs and of one
// agreement as they went, on the page of many the newest first, unless it is asked
// otherwise.
func newestFirst(c *gin.Context, f models.Filter) (bool, error) {
	switch order := c.Query("order"); order {
	case "":
		return format(c) == "html" && f.Agreement == 0, nil
	case "newest", "oldest":
		return order == "newest", nil
	default:
		return false, notOneOf("order", order, []string{"newest", "oldest"})
	}
}

// timelineCSV streams the timeline of a filter.
func (s readingPages) timelineCSV(c *gin.Context, f models.Filter) error {
	if err := s.prepared.affordable(c, f); err != nil {
		return err
	}
	table := exchange.TimelineTable
	table.Name = timelineName(f)
	return s.csv(c, table, func() error {
		return exchange.WriteTimelineCSV(c.Writer, s.store.Timelines().Timeline(c.Request.Context(), f), csvOptions(c))
	})
}

// timelineName names the file after what is in it.
func timelineName(f models.Filter) string {
	switch {
	case f.Pair[0] != "":
		return "timeline-" + f.Pair[0] + "-" + f.Pair[1]
	case len(f.Parties) > 0:
		return "timeline-" + strings.Join(f.Parties, "-")
	}
	return "timeline"
}
