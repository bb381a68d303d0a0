package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"chancery/exchange"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// listImports serves GET /imports.
func (s importPages) listImports(c *gin.Context) error {
	return s.importsPage(c, http.StatusOK, nil)
}

// importsPage lists imports, with the form that takes files.
func (s importPages) importsPage(c *gin.Context, status int, problems models.Invalid) error {
	ctx := c.Request.Context()
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := s.store.Bulk().Imports(ctx, before, importsPerPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > importsPerPage {
		list = list[:importsPerPage]
		next = fmt.Sprint(list[importsPerPage-1].ID)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	mappings, err := exchange.AllMappings(ctx, s.store)
	if err != nil {
		return err
	}
	v, err := s.view(c, tr(c, "imports.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Imports(v, list, mappings, next, problems))
}

// newImport serves POST /imports, a form with the files file and file2, and as or
// mapping, which say how to read them.
func (s importPages) newImport(c *gin.Context) error {
	ctx := c.Request.Context()
	s.agreementPages().allowTime(c)
	folder, err := os.MkdirTemp("", "chancery-upload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	up, err := receiveImport(c, folder)
	defer up.close()
	if err == nil {
		var id int64
		if id, err = s.keepImport(ctx, c, up); err == nil {
			if format(c) == "json" {
				imp, _, err := s.store.Bulk().Import(ctx, id)
				if err != nil {
					return err
				}
				return writeJSON(c, http.StatusCreated, imp)
			}
			c.Redirect(http.StatusSeeOther, fmt.Sprintf("/imports/%d", id))
			return nil
		}
	}
	var problems models.Invalid
	if errors.As(err, &problems) && format(c) == "html" {
		return s.importsPage(c, http.StatusUnprocessableEntity, problems)
	}
	return err
}

// An importUpload is what was sent to be imported.
type importUpload struct {
	fields  map[string]string
	files   []*os.File
	names   []string
	mapping []byte
}

// close lets go of the files that came.
func (u *importUpload) close() {
	for _, f := range u.files {
		f.Close()
	}
}

// receiveImport streams the parts of a form to the disk.
func receiveImport(c *gin.Context, folder string) (*importUpload, error) {
	up := &importUpload{fields: map[string]string{}}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return up, errMediaType
	}
	for range 20 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return up, received(err)
		}
		switch name := part.FormName(); {
		case name == "mapping":
			if up.mapping, err = io.ReadAll(io.LimitReader(part, 1<<20)); err != nil {
				return up, received(err)
			}
		case (name == "file" || name == "file2") && part.FileName() != "":
			f, err := os.OpenFile(filepath.Join(folder, fmt.Sprint(len(up.files))), os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
			if err != nil {
				return up, err
			}
			up.files, up.names = append(up.files, f), append(up.names, models.CleanFileName(part.FileName()))
			if _, err := io.Copy(f, part); err != nil {
				return up, received(err)
			}
		case part.FileName() == "":
			value, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return up, received(err)
			}
			up.fields[name] = withoutNUL(strings.TrimSpace(string(value)))
		}
	}
	if len(up.files) == 0 {
		return up, models.Invalid{"file": {Code: "required"}}
	}
	return up, nil
}

// keepImport opens the files, finds or guesses their mapping, and keeps them.
func (s importPages) keepImport(ctx context.Context, c *gin.Context, up *importUpload) (int64, error) {
	change := principalOf(c).change(s.actor(up.fields["actor"]), "")
	if change.Actor == "" {
		return 0, models.Invalid{"actor": {Code: "required"}}
	}
	var sources []exchange.Source
	for i, f := range up.files {
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		if s.config.Vet != nil {
			if err := s.config.Vet(ctx, f.Name()); err != nil {
				return 0, err
			}
		}
		sources = append(sources, exchange.Source{Name: up.names[i], Content: f, Size: info.Size()})
	}
	sources, err := exchange.Unpack(sources)
	if err != nil {
		return 0, err
	}
	m, err := s.mappingFor(ctx, up, sources)
	if err != nil {
		return 0, err
	}
	m.Site = s.site(c)
	return s.store.Bulk().NewImport(ctx, m, exchange.Named(sources), change)
}

// showImport serves GET /imports/:id.
func (s importPages) showImport(c *gin.Context) error {
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, importJSON{imp, files, imp.Counted(), imp.UnknownParties()})
	}
	m, err := imp.ReadMapping()
	if err != nil {
		return err
	}
	return s.importPage(c, http.StatusOK, imp, files, m, nil)
}

// importAsked is the import whose number the address names, with its files.
func (s importPages) importAsked(c *gin.Context) (*models.Import, []models.ImportFile, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, nil, err
	}
	return s.store.Bulk().Import(c.Request.Context(), id)
}

// importPage shows an import at its step: its mapping, what a check came to, how
// far it is.
func (s importPages) importPage(c *gin.Context, status int, imp *models.Import, files []models.ImportFile,
	m models.Mapping, problems models.Invalid) error {
	ctx := c.Request.Context()
	i := pages.ImportView{Import: imp, Files: files, Mapping: m, Problems: problems}
	var err error
	if i.Reasons, err = s.store.Bulk().RefusalCounts(ctx, imp.ID); err != nil {
		return err
	}
	if imp.OperationID != nil {
		if i.Operation, i.Counts, err = s.store.Bulk().Operation(ctx, *imp.OperationID); err != nil {
			return err
		}
	}
	var codes []string
	if imp.OperationID == nil && imp.State != "checking" {
		if codes, err = s.mapping(c, &i); err != nil {
			return err
		}
	}
	v, err := s.view(c, imp.Name, codes)
	if err != nil {
		return err
	}
	v.Path = fmt.Sprintf("/imports/%d", imp.ID)
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Import(v, i))
}

// wakeImporter has the importer look at once, not when it would have.
func (s importPages) wakeImporter() {
	if s.config.Importer != nil {
		s.config.Importer.Wake()
	}
}

// importStep serves POST /imports/:id/… with what moves an import on.
func (s importPages) importStep(do func(ctx context.Context, id int64,
	change models.Change) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		imp, _, err := s.importAsked(c)
		if err != nil {
			return err
		}
		if err := do(c.Request.Context(), imp.ID, principalOf(c).change(s.actor(imp.Actor), "")); err != nil {
			return err
		}
		s.wakeImporter()
		c.Redirect(http.StatusSeeOther, fmt.Sprintf("/imports/%d", imp.ID))
		return nil
	}
}

// startImport serves POST /imports/:id/start, cancelImport POST
// /imports/:id/cancel.
func (s importPages) startImport(c *gin.Context) error {
	return s.importStep(s.store.Bulk().StartImport)(c)
}

// cancelImport serves POST /imports/:id/cancel: it stands at the next batch.
func (s importPages) cancelImport(c *gin.Context) error {
	return s.importStep(func(ctx context.Context, id int64, _ models.Change) error {
		return s.store.Bulk().CancelImport(ctx, id)
	})(c)
}

// removeImport serves POST /imports/:id/remove.
func (s importPages) removeImport(c *gin.Context) error {
	imp, _, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if err := s.store.Bulk().RemoveImport(c.Request.Context(), imp.ID); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/imports")
	return nil
}

// showRefused serves GET /imports/:id/refused.csv: every row and value that is not
// taken, with the reason.
func (s importPages) showRefused(c *gin.Context) error {
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if format(c) != "csv" {
		return errFormat
	}
	download(c, "text/csv; charset=utf-8; header=present", fmt.Sprintf("refused-%d.csv", imp.ID))
	return exchange.WriteRefusals(c.Request.Context(), c.Writer, s.store, imp.ID, files,
		locales.In(c.Request.Context()).Problem, csvOptions(c))
}

// download says that an answer is a file to be kept.
func download(c *gin.Context, mediaType, name string) {
	c.Header("Content-Type", mediaType)
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
}
