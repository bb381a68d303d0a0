package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/models"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"
)

// view gathers what every page knows; codes are those of the parties it names.
func (s *Server) view(c *gin.Context, title string, codes []string, formats ...string) (*components.View, error) {
	lang := locales.In(c.Request.Context()).Lang
	names, err := s.store.Parties().PartyNames(c.Request.Context(), lang, codes)
	if err != nil {
		return nil, err
	}
	v := s.bareView(c, title)
	v.Names, v.Formats = names, formats
	reading, err := s.reading(c)
	errors.As(err, &v.Problems)
	v.On, v.Recorded = reading.On, reading.Recorded
	v.Reads = c.Request.Method == http.MethodGet && s.permission(http.MethodGet, c.FullPath()) == read
	return v, nil
}

// reading is the day as at which, and the moment as recorded at which, a page is
// read.
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
	return &components.View{Title: title, Path: c.Request.URL.Path, Query: q, Lang: locales.In(c.Request.Context()).Lang,
		Today: s.today(),
		Zone:  s.config.Zone.String(), Away: s.store.ReadOnly(), Flags: s.config.Flags, Site: s.site(c), Media: mediaTypes,
		Exports: exchange.RecordFormats(), Tables: exchange.RecordTableNames()}
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

// writeJSONAs writes a value as JSON under a media type of its own.
func writeJSONAs(c *gin.Context, status int, mediaType string, value any) error {
	c.Header("Content-Type", mediaType)
	c.Status(status)
	encoder := json.NewEncoder(c.Writer)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// listed is a page of a list, with the address of the next one, which goes into
// Link as well.
func listed[T any](c *gin.Context, total int64, items []T, next string) listing[T] {
	l := listing[T]{Total: total, Items: items}
	if next != "" {
		q := c.Request.URL.Query()
		q.Set("after", next)
		address := c.Request.URL.Path + ".json?" + q.Encode()
		l.Next = &address
		c.Header("Link", "<"+address+`>; rel="next"`)
	}
	return l
}

// codesOf gathers the codes of parties that entries name, for their names.
func codesOf(lists ...[]models.AgreementSummary) (codes []string) {
	for _, list := range lists {
		for _, e := range list {
			if len(e.Parties) <= 6 {
				codes = append(codes, e.Parties...)
			}
		}
	}
	return codes
}
