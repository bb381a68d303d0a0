package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"chancery/exchange"
	"chancery/exchange/sheet"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

const (
	importsPerPage = 30
	mostImport     = 512 << 20 // bytes of an import's files together
	previewed      = 20        // rows
	samples        = 3
	mostSuggested  = 3
	mostWords      = 40
	mostUnknown    = 100
)

// listImports serves GET /imports.
func (s *Server) listImports(c *gin.Context) error {
	return s.importsPage(c, http.StatusOK, nil)
}

func (s *Server) importsPage(c *gin.Context, status int, problems models.Invalid) error {
	ctx := c.Request.Context()
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := s.store.Imports(ctx, before, importsPerPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > importsPerPage {
		list = list[:importsPerPage]
		next = fmt.Sprint(list[importsPerPage-1].ID)
	}
	if format(c) == "json" {
		return writeList(c, int64(len(list)), list, "")
	}
	mappings, err := exchange.AllMappings(ctx, s.store)
	if err != nil {
		return err
	}
	v, err := s.view(c, say(c, "imports.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Imports(v, list, mappings, next, problems))
}

// newImport serves POST /imports, a form with the files file and file2, and as or mapping, which say how to read them.
func (s *Server) newImport(c *gin.Context) error {
	ctx := c.Request.Context()
	s.allowTime(c)
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
				imp, _, err := s.store.Import(ctx, id)
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
			up.files, up.names = append(up.files, f), append(up.names, part.FileName())
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
func (s *Server) keepImport(ctx context.Context, c *gin.Context, up *importUpload) (int64, error) {
	change := who(c).change(s.actor(up.fields["actor"]), "")
	if change.Actor == "" {
		return 0, models.Invalid{"actor": {Code: "required"}}
	}
	var sources []exchange.Source
	for i, f := range up.files {
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		sources = append(sources, exchange.Source{Name: up.names[i], Content: f, Size: info.Size()})
	}
	m, err := s.mappingFor(ctx, up, sources)
	if err != nil {
		return 0, err
	}
	m.Site = s.site(c)
	var named []models.NamedReader
	for i, f := range up.files {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return 0, err
		}
		named = append(named, models.NamedReader{Name: up.names[i], Content: f})
	}
	return s.store.NewImport(ctx, m, named, change)
}

func (s *Server) mappingFor(ctx context.Context, up *importUpload, sources []exchange.Source) (models.Mapping, error) {
	if len(up.mapping) > 0 {
		return exchange.ReadMapping(strings.NewReader(string(up.mapping)))
	}
	if name := up.fields["as"]; name != "" {
		all, err := exchange.AllMappings(ctx, s.store)
		if err != nil {
			return models.Mapping{}, err
		}
		for _, m := range all {
			if m.Name == name {
				_, err := exchange.NewIntake(ctx, s.store, m, sources) // it fits the files, or says what does not
				return m, err
			}
		}
		return models.Mapping{}, models.Invalid{"as": {Code: "choice", Args: map[string]string{"value": name, "choices": "…"}}}
	}
	return exchange.Propose(ctx, s.store, sources)
}

// showImport serves GET /imports/:id.
func (s *Server) showImport(c *gin.Context) error {
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, struct {
			*models.Import
			Files   []models.ImportFile   `json:"files"`
			Counts  models.ImportCounts   `json:"counts"`
			Unknown []models.UnknownParty `json:"unknown_parties"`
		}{imp, files, imp.Counted(), imp.UnknownParties()})
	}
	m, err := imp.ReadMapping()
	if err != nil {
		return err
	}
	return s.importPage(c, http.StatusOK, imp, files, m, nil)
}

func (s *Server) importAsked(c *gin.Context) (*models.Import, []models.ImportFile, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, nil, err
	}
	return s.store.Import(c.Request.Context(), id)
}

func (s *Server) importPage(c *gin.Context, status int, imp *models.Import, files []models.ImportFile, m models.Mapping, problems models.Invalid) error {
	ctx := c.Request.Context()
	i := pages.ImportView{Import: imp, Files: files, Mapping: m, Problems: problems}
	var err error
	if i.Reasons, err = s.store.RefusalCounts(ctx, imp.ID); err != nil {
		return err
	}
	if imp.OperationID != nil {
		if i.Operation, i.Counts, err = s.store.Operation(ctx, *imp.OperationID); err != nil {
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

// mapping reads what the mapping's form shows of the files.
func (s *Server) mapping(c *gin.Context, i *pages.ImportView) (codes []string, err error) {
	ctx := c.Request.Context()
	sources, err := exchange.Sources(ctx, s.store, i.Import.ID)
	if err != nil {
		return nil, err
	}
	for n, source := range sources {
		t := pages.TableView{File: source.Name, Rows: "agreement"}
		var mapped models.TableMapping
		if n < len(i.Mapping.Tables) {
			mapped = i.Mapping.Tables[n]
		}
		f, err := sheet.Open(source.Content, source.Size, mapped.Format)
		var problems models.Invalid
		if errors.As(err, &problems) {
			if i.Problems = problems; mapped.Format.Kind != "" {
				f, err = sheet.Open(source.Content, source.Size, models.FileFormat{})
			}
		}
		if err != nil {
			return nil, err
		}
		t.Format = f.Format
		if mapped.Rows != "" {
			t.Rows = mapped.Rows
		}
		for _, name := range f.Columns {
			column := pages.ColumnView{Name: name}
			for _, known := range mapped.Columns {
				if known.Column == name {
					column.Field = known.Field
				}
			}
			t.Columns = append(t.Columns, column)
		}
		sampleColumns(f, t.Columns)
		i.Tables = append(i.Tables, t)
	}
	if err := s.unknownParties(c, i); err != nil {
		return nil, err
	}
	if err := s.unknownWords(ctx, i); err != nil {
		return nil, err
	}
	if i.Problems != nil || i.Mapping.Check() != nil {
		return nil, nil
	}
	return s.previews(ctx, i, sources)
}

// sampleColumns puts some of what stands in columns beside their names.
func sampleColumns(f *sheet.File, columns []pages.ColumnView) {
	rows := 0
	for row, err := range f.Rows() {
		if rows++; err != nil || rows > 60 {
			return
		}
		if row.Problem != nil {
			continue
		}
		for n, cell := range row.Cells {
			cell = strings.TrimSpace(cell)
			if runes := []rune(cell); len(runes) > 60 {
				cell = string(runes[:60]) + "…"
			}
			if have := columns[n].Samples; cell != "" && len(have) < samples && !slices.Contains(have, cell) {
				columns[n].Samples = append(have, cell)
			}
		}
	}
}

func (s *Server) previews(ctx context.Context, i *pages.ImportView, sources []exchange.Source) (codes []string, err error) {
	in, err := exchange.NewIntake(ctx, s.store, i.Mapping, sources)
	if errors.As(err, &i.Problems) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := in.Preview(ctx, s.store, previewed)
	if errors.As(err, &i.Problems) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		i.Previews = append(i.Previews, pages.PreviewView{Line: p.Line, Draft: p.Draft, Number: p.Number, What: p.What, Refusals: p.Refusals})
		for _, part := range p.Draft.Participations {
			codes = append(codes, part.Party)
		}
	}
	return codes, nil
}

// unknownParties are the names that the last check did not understand, with parties of similar names.
func (s *Server) unknownParties(c *gin.Context, i *pages.ImportView) error {
	var names []string
	for _, u := range i.Import.UnknownParties() {
		if _, decided := i.Mapping.Parties[u.Name]; !decided && len(i.Unknown) < mostUnknown {
			i.Unknown = append(i.Unknown, pages.UnknownView{UnknownParty: u})
			names = append(names, u.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	similar, err := s.store.SimilarParties(c.Request.Context(), lang(c), names, mostSuggested)
	for n, u := range i.Unknown {
		i.Unknown[n].Suggested = similar[u.Name]
	}
	return err
}

// unknownWords are those of closed lists that the last check did not understand.
func (s *Server) unknownWords(ctx context.Context, i *pages.ImportView) error {
	words, err := s.store.RefusedWords(ctx, i.Import.ID, mostWords)
	if err != nil {
		return err
	}
	for _, w := range words {
		if w.File >= len(i.Mapping.Tables) {
			continue
		}
		for _, column := range i.Mapping.Tables[w.File].Columns {
			if choices := models.ClosedLists[column.Field]; column.Column == w.Name && choices != nil {
				i.Words = append(i.Words, pages.WordView{Field: column.Field, Word: w.Value, Choices: choices})
			}
		}
	}
	return nil
}

// mapImport serves POST /imports/:id: another mapping, and what to do with it: preview, check, or save it.
func (s *Server) mapImport(c *gin.Context) error {
	ctx := c.Request.Context()
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	was, err := imp.ReadMapping()
	if err != nil {
		return err
	}
	m := models.Mapping{Values: was.Values, Parties: was.Parties, Note: was.Note, Site: was.Site}
	if err := decode(c, &m); err != nil {
		return err
	}
	for _, word := range strings.Split(c.PostForm("nothing_text"), ",") {
		if word = strings.TrimSpace(word); word != "" {
			m.Nothing = append(m.Nothing, word)
		}
	}
	for name, value := range m.Fixed {
		if strings.TrimSpace(value) == "" {
			delete(m.Fixed, name)
		}
	}
	for name, value := range was.Fixed { // what the form does not show
		if !slices.Contains(pages.FixedFields, name) {
			if m.Fixed == nil {
				m.Fixed = map[string]string{}
			}
			m.Fixed[name] = value
		}
	}
	m.Separator = strings.Trim(c.PostForm("separator"), "\r\n")
	if m.Scheme == "" && len(m.Tables) > 0 && m.Tables[0].FieldOf("id") >= 0 {
		m.Scheme = "file"
	}
	change := who(c).change(s.actor(imp.Actor), "")
	if err := s.decideUnknown(c, &m, change); err != nil {
		return err
	}
	decideWords(c, &m)
	err = m.Check()
	if err == nil {
		err = s.store.MapImport(ctx, imp.ID, m)
	}
	if err == nil && c.PostForm("do") == "check" {
		err = s.store.CheckImport(ctx, imp.ID)
		s.wakeImporter()
	}
	if err == nil && c.PostForm("do") == "save" {
		err = s.store.SaveMapping(ctx, m, change)
	}
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.importPage(c, http.StatusUnprocessableEntity, imp, files, m, problems)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/imports/%d", imp.ID))
	return nil
}

// decideUnknown notes what was decided of parties that nobody is known by, and records the new ones.
func (s *Server) decideUnknown(c *gin.Context, m *models.Mapping, change models.Change) error {
	ctx := c.Request.Context()
	for n := range mostUnknown {
		field := func(name string) string { return strings.TrimSpace(c.PostForm(fmt.Sprintf("unknown.%d.%s", n, name))) }
		name, do := c.PostForm(fmt.Sprintf("unknown.%d.name", n)), field("do")
		if name == "" {
			return nil
		}
		if other := field("code"); other != "" {
			code, err := s.store.FindParty(ctx, other)
			if err != nil {
				return err
			}
			do = code
		}
		if kind, isNew := strings.CutPrefix(do, "+"); isNew {
			code, err := s.store.NewParty(ctx, name, kind, lang(c), change)
			if err != nil {
				return err
			}
			do = code
		}
		if do != "" {
			if m.Parties == nil {
				m.Parties = map[string]string{}
			}
			m.Parties[name] = do
		}
	}
	return nil
}

// decideWords notes what words of closed lists mean.
func decideWords(c *gin.Context, m *models.Mapping) {
	for n := range mostWords {
		field, word, meant := c.PostForm(fmt.Sprintf("word.%d.field", n)), c.PostForm(fmt.Sprintf("word.%d.word", n)), c.PostForm(fmt.Sprintf("word.%d.meant", n))
		if field == "" || meant == "" || models.ClosedLists[field] == nil {
			continue
		}
		if m.Values == nil {
			m.Values = map[string]map[string]string{}
		}
		if m.Values[field] == nil {
			m.Values[field] = map[string]string{}
		}
		m.Values[field][word] = meant
	}
}

func (s *Server) wakeImporter() {
	if s.config.Importer != nil {
		s.config.Importer.Wake()
	}
}

// importStep serves POST /imports/:id/… with what moves an import on.
func (s *Server) importStep(do func(ctx context.Context, id int64, change models.Change) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		imp, _, err := s.importAsked(c)
		if err != nil {
			return err
		}
		if err := do(c.Request.Context(), imp.ID, who(c).change(s.actor(imp.Actor), "")); err != nil {
			return err
		}
		s.wakeImporter()
		c.Redirect(http.StatusSeeOther, fmt.Sprintf("/imports/%d", imp.ID))
		return nil
	}
}

// startImport serves POST /imports/:id/start, cancelImport POST /imports/:id/cancel.
func (s *Server) startImport(c *gin.Context) error { return s.importStep(s.store.StartImport)(c) }

func (s *Server) cancelImport(c *gin.Context) error {
	return s.importStep(func(ctx context.Context, id int64, _ models.Change) error { return s.store.CancelImport(ctx, id) })(c)
}

// removeImport serves POST /imports/:id/remove.
func (s *Server) removeImport(c *gin.Context) error {
	imp, _, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if err := s.store.RemoveImport(c.Request.Context(), imp.ID); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/imports")
	return nil
}

// showRefused serves GET /imports/:id/refused.csv: every row and value that is not taken, with the reason.
func (s *Server) showRefused(c *gin.Context) error {
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	if format(c) != "csv" {
		return errFormat
	}
	download(c, "text/csv; charset=utf-8; header=present", fmt.Sprintf("refused-%d.csv", imp.ID))
	return exchange.WriteRefusals(c.Request.Context(), c.Writer, s.store, imp.ID, files, locales.In(c.Request.Context()).Problem, csvOptions(c))
}

// showMapping serves GET /imports/:id/mapping.json: a file that another import, or another register, can use.
func (s *Server) showMapping(c *gin.Context) error {
	imp, _, err := s.importAsked(c)
	if err != nil {
		return err
	}
	m, err := imp.ReadMapping()
	if err != nil {
		return err
	}
	m.Site = "" // another register has another
	download(c, "application/json; charset=utf-8", "mapping.json")
	encoder := json.NewEncoder(c.Writer)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(m)
}

// download says that an answer is a file to be kept.
func download(c *gin.Context, mediaType, name string) {
	c.Header("Content-Type", mediaType)
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
}

// listOperations serves GET /operations.
func (s *Server) listOperations(c *gin.Context) error {
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := s.store.Operations(c.Request.Context(), before, importsPerPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > importsPerPage {
		list = list[:importsPerPage]
		next = fmt.Sprint(list[importsPerPage-1].ID)
	}
	if format(c) == "json" {
		return writeList(c, int64(len(list)), list, "")
	}
	v, err := s.view(c, say(c, "operations.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Operations(v, list, next))
}

// showOperation serves GET /operations/:id.
func (s *Server) showOperation(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	op, counts, err := s.store.Operation(ctx, id)
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	list, err := s.store.ChangedBy(ctx, id, after, models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = fmt.Sprint(list[models.PageSize-1].AgreementID)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, map[string]any{"operation": op, "counts": counts, "records": list})
	}
	v, err := s.view(c, op.Title, nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.OneOperation(v, op, counts, list, next))
}

// undoOperation serves POST /operations/:id/undo. A small one is undone at once.
func (s *Server) undoOperation(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	op, _, err := s.store.Operation(ctx, id)
	if err != nil {
		return err
	}
	if err := s.store.AskUndo(ctx, id, who(c).change(s.actor(op.Actor), "")); err != nil {
		return err
	}
	for range 2 {
		if all, err := s.store.UndoStep(ctx, id); err != nil || all {
			break // the importer goes on
		}
	}
	s.wakeImporter()
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/operations/%d", id))
	return nil
}
