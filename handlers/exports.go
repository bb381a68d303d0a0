package handlers

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"chancery/exchange"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/edtf"

	"github.com/gin-gonic/gin"
)

// export answers with records of a filter.
func (s readingPages) export(c *gin.Context, name string, f models.Filter) error {
	if err := s.prepared.affordable(c, f); err != nil {
		return err
	}
	ctx := c.Request.Context()
	return s.exportRecords(c, name, f.On, f.Pair, func() iter.Seq2[*models.Agreement,
		error] {
		return s.store.Lists().AllRecords(ctx, f)
	})
}

// exportOne answers with one agreement.
func (s readingPages) exportOne(c *gin.Context, a *models.Agreement, on edtf.Day) error {
	return s.exportRecords(c, fmt.Sprintf("agreement-%d", a.ID), on, [2]string{}, func() iter.Seq2[*models.Agreement, error] {
		return func(yield func(*models.Agreement, error) bool) { yield(a, nil) }
	})
}

// exportRecords writes records in the format asked for, or one of their tables.
// Each export is noted in the audit log.
func (s readingPages) exportRecords(c *gin.Context, name string, on edtf.Day,
	pair [2]string, records func() iter.Seq2[*models.Agreement, error]) error {
	site := s.site(c)
	if tabular(c) {
		t, ok := exchange.RecordTableOf(c.Query("table"))
		if !ok {
			return models.Invalid{"table": {Code: "choice", Args: map[string]string{"value": c.Query("table"),
				"choices": strings.Join(exchange.RecordTableNames(), ", ")}}}
		}
		t = t.Between(pair)
		return s.csv(c, t.Table, func() error { return t.Write(c.Writer, csvOptions(c), t.Rows(records(), site)) })
	}
	if err := s.noteExport(c, firstBytes(c.Request.URL.RequestURI(), 500)); err != nil {
		return err
	}
	names, err := s.store.Parties().AllPartyNames(c.Request.Context(), lang(c))
	if err != nil {
		return err
	}
	kind, _ := exchange.FormatNamed(format(c))
	disposition := "attachment"
	if kind.Inline {
		disposition = "inline"
	}
	c.Header("Content-Type", kind.ContentType())
	c.Header("Content-Disposition", fmt.Sprintf(`%s; filename="%s.%s"`, disposition, name, kind.Name))
	if kind.Name == "zip" {
		return s.writeArchive(c.Request.Context(), c.Writer, records(), site)
	}
	return exchange.WriteRecords(c.Writer, kind.Name, exchange.Records{All: records(), Names: names, Site: site, Pair: pair})
}

// writeArchive streams records with the files of their documents as a ZIP.
func (s readingPages) writeArchive(ctx context.Context, w io.Writer, records iter.Seq2[*models.Agreement, error],
	site string) error {
	archive := zip.NewWriter(w)
	var described []json.RawMessage
	lines, err := os.CreateTemp("", "chancery-archive-")
	if err != nil {
		return err
	}
	defer os.Remove(lines.Name())
	defer lines.Close()
	keep := func(yield func(*models.Agreement, error) bool) {
		for a, err := range records {
			if err == nil {
				described, err = s.archiveDocuments(ctx, archive, a, described)
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
	if err := exchange.WriteJSONLines(lines, keep, site); err != nil {
		return err
	}
	if _, err := lines.Seek(0, io.SeekStart); err != nil {
		return err
	}
	entry, err := archive.Create("agreements.jsonl")
	if err != nil {
		return err
	}
	if _, err := io.Copy(entry, lines); err != nil {
		return err
	}
	if entry, err = archive.Create("documents.json"); err != nil {
		return err
	}
	encoder := json.NewEncoder(entry)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(described); err != nil {
		return err
	}
	return archive.Close()
}

// archiveDocuments adds an agreement's documents to an archive, and what is known
// of them to a list.
func (s readingPages) archiveDocuments(ctx context.Context, archive *zip.Writer, a *models.Agreement,
	described []json.RawMessage) ([]json.RawMessage, error) {
	if s.config.Files == nil {
		return described, nil
	}
	documents, err := s.store.Documents().List(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		at := path.Join("documents", fmt.Sprint(a.ID), fmt.Sprintf("%d-%s", d.ID, d.Name))
		text, err := json.Marshal(struct {
			Agreement int64  `json:"agreement"`
			File      string `json:"file"`
			models.Document
		}{a.ID, at, d})
		if err != nil {
			return nil, err
		}
		described = append(described, text)
		entry, err := archive.Create(at)
		if err != nil {
			return nil, err
		}
		reader, err := s.config.Files.Bucket.Open(ctx, fileKey(d.SHA256))
		if err != nil {
			return nil, fmt.Errorf("reading document %d: %w", d.ID, err)
		}
		_, err = io.Copy(entry, reader)
		reader.Close()
		if err != nil {
			return nil, fmt.Errorf("reading document %d: %w", d.ID, err)
		}
	}
	return described, nil
}

// showRegister serves GET /register: in which forms all of it can be had;
// /register.sqlite is the whole as a database.
func (s readingPages) showRegister(c *gin.Context) error {
	if format(c) == "sqlite" {
		return s.registerFile(c)
	}
	v, err := s.view(c, tr(c, "register.title"), nil)
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.Register(v))
}

// registerFile makes a copy of the register as the reader may read it, and sends
// it.
func (s readingPages) registerFile(c *gin.Context) error {
	folder, err := os.MkdirTemp("", "chancery-copy-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	at := filepath.Join(folder, "register.sqlite")
	if err := s.store.Upkeep().Copy(c.Request.Context(), at); err != nil {
		return err
	}
	if err := s.noteExport(c, "register.sqlite"); err != nil {
		return err
	}
	c.Header("Content-Type", "application/vnd.sqlite3")
	c.Header("Content-Disposition", `attachment; filename="register.sqlite"`)
	c.File(at)
	return nil
}
