package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/exchange"
	"chancery/exchange/sheet"
	"chancery/frontend/pages"
	"chancery/models"
)

// mapping reads what the mapping's form shows of the files.
func (s importPages) mapping(c *gin.Context, i *pages.ImportView) (codes []string, err error) {
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
		t.Format, t.Sheets = f.Format, f.Sheets
		if mapped.Rows != "" {
			t.Rows = mapped.Rows
		}
		for _, name := range f.Columns {
			column := pages.ColumnView{Name: name}
			for _, known := range mapped.Columns {
				if known.Column == name {
					column.Field, column.Order, column.Nothing = known.Field, known.Order, known.Nothing
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

// previews reads the first rows by a mapping, so that one sees what it makes of
// them, and gathers the parties that they name.
func (s importPages) previews(ctx context.Context, i *pages.ImportView, sources []exchange.Source) (codes []string,
	err error) {
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
		i.Previews = append(i.Previews, pages.PreviewView{Line: p.Line, Draft: p.Draft, Number: p.Number, What: p.What,
			Refusals: p.Refusals})
		for _, part := range p.Draft.Participations {
			codes = append(codes, part.Party)
		}
	}
	return codes, nil
}

// unknownParties are the names that the last check did not understand, with parties
// of similar names.
func (s importPages) unknownParties(c *gin.Context, i *pages.ImportView) error {
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
	similar, err := s.store.Parties().SimilarParties(c.Request.Context(), lang(c), names, mostSuggested)
	for n, u := range i.Unknown {
		i.Unknown[n].Suggested = similar[u.Name]
	}
	return err
}

// unknownWords are those of closed lists that the last check did not understand.
func (s importPages) unknownWords(ctx context.Context, i *pages.ImportView) error {
	words, err := s.store.Bulk().RefusedWords(ctx, i.Import.ID, mostWords)
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

// mapImport serves POST /imports/:id: another mapping, and what to do with it:
// preview, check, or save it.
func (s importPages) mapImport(c *gin.Context) error {
	ctx := c.Request.Context()
	imp, files, err := s.importAsked(c)
	if err != nil {
		return err
	}
	was, err := imp.ReadMapping()
	if err != nil {
		return err
	}
	m, err := mappingSent(c, was)
	if err != nil {
		return err
	}
	change := principalOf(c).change(s.actor(imp.Actor), "")
	if err := s.decideUnknown(c, &m, change); err != nil {
		return err
	}
	decideWords(c, &m)
	err = m.Check()
	if err == nil {
		err = s.store.Bulk().MapImport(ctx, imp.ID, m)
	}
	if err == nil && c.PostForm("do") == "check" {
		err = s.store.Bulk().CheckImport(ctx, imp.ID)
		s.wakeImporter()
	}
	if err == nil && c.PostForm("do") == "save" {
		err = s.store.Bulk().SaveMapping(ctx, m, change)
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

// mappingSent is the mapping as the form has it, with what of the one before the
// form does not show.
func mappingSent(c *gin.Context, was models.Mapping) (m models.Mapping, err error) {
	m = models.Mapping{Values: was.Values, Parties: was.Parties, Note: was.Note, Site: was.Site, Questions: was.Questions}
	if err := decode(c, &m); err != nil {
		return m, err
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
	if c.PostForm("keep") != "" {
		m.KeepUnused()
	}
	m.Separator = strings.Trim(c.PostForm("separator"), "\r\n")
	if m.Scheme == "" && len(m.Tables) > 0 && m.Tables[0].FieldOf("id") >= 0 {
		m.Scheme = "file"
	}
	return m, nil
}

// decideUnknown notes what was decided of parties that nobody is known by, and
// records the new ones.
func (s importPages) decideUnknown(c *gin.Context, m *models.Mapping, change models.Change) error {
	ctx := c.Request.Context()
	for n := range mostUnknown {
		field := func(name string) string { return strings.TrimSpace(c.PostForm(fmt.Sprintf("unknown.%d.%s", n, name))) }
		name, do := c.PostForm(fmt.Sprintf("unknown.%d.name", n)), field("do")
		if name == "" {
			return nil
		}
		if other := field("code"); other != "" {
			code, err := s.store.Parties().FindParty(ctx, other)
			if err != nil {
				return err
			}
			do = code
		}
		if kind, isNew := strings.CutPrefix(do, "+"); isNew {
			code, err := s.store.Parties().NewParty(ctx, name, kind, lang(c), change)
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
		field, word, meant := c.PostForm(fmt.Sprintf("word.%d.field", n)), c.PostForm(fmt.Sprintf("word.%d.word", n)),
			c.PostForm(fmt.Sprintf("word.%d.meant", n))
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

// showMapping serves GET /imports/:id/mapping.json: a file that another import, or
// another register, can use.
func (s importPages) showMapping(c *gin.Context) error {
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

// mappingFor is the mapping that files are read by: one that was sent or named, or
// else a guess.
func (s importPages) mappingFor(ctx context.Context, up *importUpload, sources []exchange.Source) (models.Mapping,
	error) {
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
		return models.Mapping{}, models.Invalid{"as": {Code: "choice",
			Args: map[string]string{"value": name, "choices": "…"}}}
	}
	return exchange.Propose(ctx, s.store, sources)
}
