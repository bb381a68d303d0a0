package handlers

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/models"
)

// csv streams a table, whose reader may take as long as it needs; or describes it,
// if that is asked for.
func (s *Server) csv(c *gin.Context, table exchange.Table, write func() error) error {
	address := func(ending string) string {
		return components.Address(c.Request.URL.Path+ending, c.Request.URL.Query())
	}
	if format(c) == "csvw" {
		return writeJSONAs(c, http.StatusOK, "application/csvm+json", table.Metadata(s.site(c)+address(".csv")))
	}
	c.Header("Content-Type", "text/csv; charset=utf-8; header=present")
	c.Header("Content-Disposition", `attachment; filename="`+strings.ReplaceAll(table.Name, `"`, "")+`.csv"`)
	c.Header("Link", "<"+address(describing)+`>; rel="describedby"; type="application/csvm+json"`)
	if err := s.noteExport(c, firstBytes(c.Request.URL.RequestURI(), 500)); err != nil {
		return err
	}
	return write()
}

// noteExport has it stand in the audit who takes data out in an account's name.
func (s *Server) noteExport(c *gin.Context, detail string) error {
	if p := principalOf(c); p.account != nil {
		return s.store.Accounts().Note(c.Request.Context(), p.change("", ""), models.AuditExport, detail)
	}
	return nil
}

// csvOptions are the flavours that an address asks for: exact cells, a byte-order
// mark.
func csvOptions(c *gin.Context) exchange.CSVOptions {
	return exchange.CSVOptions{Exact: c.Query("exact") == "1", BOM: c.Query("bom") == "1"}
}
