package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/models"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
)

// view gathers what every page knows; codes are those of the parties it names.
func (s *Server) view(c *gin.Context, title string, codes []string, formats ...string) (*components.View, error) {
	lang := locales.In(c.Request.Context()).Lang
	names, err := s.store.PartyNames(c.Request.Context(), lang, codes)
	if err != nil {
		return nil, err
	}
	v := s.bareView(c, title)
	v.Names, v.Formats = names, formats
	reading, err := s.reading(c)
	errors.As(err, &v.Problems)
	v.On, v.Recorded = reading.On, reading.Recorded
	v.Reads = c.Request.Method == http.MethodGet && permissions["GET "+c.FullPath()] == read
	return v, nil
}

// reading is the day as at which, and the moment as recorded at which, a page is read.
func (s *Server) reading(c *gin.Context) (models.Filter, error) {
	q := url.Values{}
	for _, name := range []string{"on", "recorded"} {
		if value := c.Query(name); value != "" {
			q.Set(name, value)
		}
	}
	return models.ParseFilter(q, s.today())
}

// bareView needs no database: an error page can still be shown without one.
func (s *Server) bareView(c *gin.Context, title string) *components.View {
	q := url.Values{}
	for name, values := range c.Request.URL.Query() {
		values = withoutEmpty(values)
		if name != "lang" && len(values) > 0 {
			q[name] = values
		}
	}
	return &components.View{Title: title, Path: c.Request.URL.Path, Query: q, Lang: locales.In(c.Request.Context()).Lang, Today: s.today(),
		Zone: s.config.Zone.String(), Away: s.store.ReadOnly(), Flags: s.config.Flags, Site: s.site(c)}
}

// site is the scheme and host under which the register is read.
func (s *Server) site(c *gin.Context) string {
	if s.config.Site != "" {
		return strings.TrimSuffix(s.config.Site, "/")
	}
	return "http://" + c.Request.Host
}

// feedHost is what identifies the entries of feeds and calendars: the register's public host, or one that never changes.
func (s *Server) feedHost() string {
	if u, err := url.Parse(s.config.Site); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "chancery.local"
}

func withoutEmpty(values []string) (kept []string) {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

// query is the address's query without the fields of a form that were left empty.
func query(c *gin.Context) url.Values {
	q := url.Values{}
	for name, values := range c.Request.URL.Query() {
		if values = withoutEmpty(values); len(values) > 0 {
			q[name] = values
		}
	}
	return q
}

// html writes a page, also one that says that the time for it is over.
func html(c *gin.Context, status int, page templ.Component) error {
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	return page.Render(context.WithoutCancel(c.Request.Context()), c.Writer)
}

// writeJSON writes one thing or a list; text keeps its characters.
func writeJSON(c *gin.Context, status int, value any) error {
	return writeJSONAs(c, status, "application/json; charset=utf-8", value)
}

func writeJSONAs(c *gin.Context, status int, mediaType string, value any) error {
	c.Header("Content-Type", mediaType)
	c.Status(status)
	encoder := json.NewEncoder(c.Writer)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// An envelope carries a list.
type envelope struct {
	Total  int64          `json:"total"`
	Items  any            `json:"items"`
	Next   *string        `json:"next"`
	Counts *models.Counts `json:"counts,omitempty"`
}

// writeList writes a list as JSON in its envelope, with the address of the next page in the body and in Link.
func writeList(c *gin.Context, total int64, items any, next string) error {
	return writeCounted(c, total, items, next, nil)
}

// writeCounted writes a list with the numbers beside it.
func writeCounted(c *gin.Context, total int64, items any, next string, counts *models.Counts) error {
	e := envelope{Total: total, Items: items, Counts: counts}
	if next != "" {
		q := c.Request.URL.Query()
		q.Set("after", next)
		address := c.Request.URL.Path + ".json?" + q.Encode()
		e.Next = &address
		c.Header("Link", "<"+address+`>; rel="next"`)
	}
	return writeJSON(c, http.StatusOK, e)
}

// number reads a register number or the like from the path; what is none is not found.
func number(c *gin.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id < 1 {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// say speaks the reader's language.
func say(c *gin.Context, id string, values ...any) string {
	return locales.T(c.Request.Context(), id, values...)
}

func lang(c *gin.Context) string { return locales.In(c.Request.Context()).Lang }

// codesOf gathers the codes of parties that entries name, for their names.
func codesOf(lists ...[]models.Entry) (codes []string) {
	for _, list := range lists {
		for _, e := range list {
			if len(e.Parties) <= 6 {
				codes = append(codes, e.Parties...)
			}
		}
	}
	return codes
}
