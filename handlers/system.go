package handlers

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"chancery/frontend/pages"

	"github.com/gin-gonic/gin"
)

// openAPI describes every address for machines; a test holds it against the routes
// and the answers.
//
//go:embed openapi.json
var openAPI []byte

// showOpenAPI serves GET /api/openapi.json.
func (s systemPages) showOpenAPI(c *gin.Context) error {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "application/json; charset=utf-8", openAPI)
	return nil
}

// showAPI serves GET /api, what the description says as a page.
func (s systemPages) showAPI(c *gin.Context) error {
	var description struct {
		Paths map[string]map[string]struct {
			Summary string `json:"summary"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(openAPI, &description); err != nil {
		return fmt.Errorf("reading the OpenAPI description: %w", err)
	}
	var operations []pages.Operation
	for path, methods := range description.Paths {
		for method, o := range methods {
			operations = append(operations, pages.Operation{Method: strings.ToUpper(method), Path: path, What: o.Summary})
		}
	}
	slices.SortFunc(operations, func(a, b pages.Operation) int {
		return strings.Compare(a.Path+a.Method, b.Path+b.Method)
	})
	v, err := s.view(c, tr(c, "api.title"), nil)
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.API(v, operations))
}

// healthy serves GET /healthz: the process answers.
func (s systemPages) healthy(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	return writeJSON(c, http.StatusOK, healthJSON{"ok"})
}

// ready serves GET /readyz: the database answers and has this binary's schema.
func (s systemPages) ready(c *gin.Context) error {
	c.Header("Cache-Control", "no-store")
	if err := s.store.Upkeep().Ready(c.Request.Context()); err != nil {
		s.config.Log.Warn("not ready", "error", err)
		c.Header("Retry-After", "5")
		return writeJSON(c, http.StatusServiceUnavailable, healthJSON{"the database is not ready"})
	}
	return writeJSON(c, http.StatusOK, healthJSON{"ready"})
}
