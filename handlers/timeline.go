package handlers

import (
	"errors"
	"net/http"
	"strings"

	"chancery/exchange"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// showTimeline serves GET /timeline.
func (s *Server) showTimeline(c *gin.Context) error {
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom")
	var problems models.Invalid
	if err != nil && (!errors.As(err, &problems) || format(c) != "html") {
		return err
	}
	if format(c) == "csv" {
		return s.timelineCSV(c, f)
	}
	page := models.Page[models.Event]{}
	if problems == nil {
		if page, err = s.store.TimelinePage(c.Request.Context(), f); err != nil {
			return err
		}
	}
	if format(c) == "json" {
		return writeList(c, page.Total, page.Items, page.Next)
	}
	var codes []string
	for _, e := range page.Items {
		codes = append(codes, e.Party)
		if all := e.PartyCodes(); len(all) <= 4 {
			codes = append(codes, all...)
		}
	}
	v, err := s.view(c, say(c, "timeline.title"), codes, "csv", "json")
	if err != nil {
		return err
	}
	status := http.StatusOK
	if problems != nil {
		status = http.StatusBadRequest
	}
	return html(c, status, pages.Timeline(v, f, page, problems))
}

func (s *Server) timelineCSV(c *gin.Context, f models.Filter) error {
	return s.csv(c, timelineName(f), func() error {
		return exchange.WriteTimelineCSV(c.Writer, s.store.Timeline(c.Request.Context(), f), csvOptions(c))
	})
}

// timelineName names the file after what is in it.
func timelineName(f models.Filter) string {
	switch {
	case f.Pair[0] != "":
		return "timeline-" + f.Pair[0] + "-" + f.Pair[1] + ".csv"
	case f.Party != "":
		return "timeline-" + f.Party + ".csv"
	}
	return "timeline.csv"
}

// csv streams a table; its reader may take as long as it needs.
func (s *Server) csv(c *gin.Context, name string, write func() error) error {
	c.Header("Content-Type", "text/csv; charset=utf-8; header=present")
	c.Header("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(name, `"`, "")+`"`)
	return write()
}

func csvOptions(c *gin.Context) exchange.CSVOptions {
	return exchange.CSVOptions{Exact: c.Query("exact") == "1", BOM: c.Query("bom") == "1"}
}
