package exchange

import (
	"context"
	"fmt"
	"slices"

	"chancery/exchange/sheet"
	"chancery/models"
)

// Propose proposes a mapping for files: that of a known source when they have its
// columns, else what can be understood of them. It puts the files in the order of the
// mapping's tables.
func Propose(ctx context.Context, store *models.Store, sources []Source) (models.Mapping, error) {
	files, err := openAll(sources)
	if err != nil {
		return models.Mapping{}, err
	}
	all, err := AllMappings(ctx, store)
	if err != nil {
		return models.Mapping{}, err
	}
	if known := knownFor(all, sources, files); known != nil {
		return *known, nil
	}
	return understand(ctx, store, sources, files)
}

// Understand proposes a mapping for files by what stands in them alone, and puts the
// one of agreements first.
func Understand(ctx context.Context, store *models.Store, sources []Source) (models.Mapping, error) {
	files, err := openAll(sources)
	if err != nil {
		return models.Mapping{}, err
	}
	return understand(ctx, store, sources, files)
}

func openAll(sources []Source) (files []*sheet.File, err error) {
	for _, source := range sources {
		f, err := sheet.Open(source.Content, source.Size, models.FileFormat{})
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// knownFor is the first mapping whose columns files have, or nil; of our own tables
// those of records and any others will do. The files are put in the order of its
// tables.
func knownFor(all []models.Mapping, sources []Source, files []*sheet.File) *models.Mapping {
	for _, known := range all {
		tables := tablesFor(known, files)
		if tables == nil || len(files) < len(known.Tables) && known.Scheme != ownScheme {
			continue
		}
		type fit struct {
			source Source
			file   *sheet.File
			table  int
		}
		var fits []fit
		for i, at := range tables {
			fits = append(fits, fit{sources[i], files[i], at})
		}
		slices.SortFunc(fits, func(a, b fit) int { return a.table - b.table })
		mapped := known
		mapped.Tables = nil
		for i, f := range fits {
			t := known.Tables[f.table]
			t.Format = f.file.Format
			sources[i], files[i], mapped.Tables = f.source, f.file, append(mapped.Tables, t)
		}
		return &mapped
	}
	return nil
}

// tablesFor are the tables of a mapping for which files are made, each for another
// and one for the first; nil where one of them is for none.
func tablesFor(known models.Mapping, files []*sheet.File) (tables []int) {
	for _, f := range files {
		at := slices.IndexFunc(known.Tables, func(t models.TableMapping) bool { return fits(t, f.Columns) })
		if at < 0 || slices.Contains(tables, at) {
			return nil
		}
		tables = append(tables, at)
	}
	if !slices.Contains(tables, 0) {
		return nil
	}
	return tables
}

func understand(ctx context.Context, store *models.Store, sources []Source, files []*sheet.File) (m models.Mapping, err error) {
	g, err := newGuesser(ctx, store)
	if err != nil {
		return m, err
	}
	var tables []*surveyed
	for i, f := range files {
		t, err := survey(sources[i].Name, f)
		if err != nil {
			return m, err
		}
		g.columnsOf(t)
		tables = append(tables, t)
	}
	if i := mainTable(tables); i > 0 {
		tables[0], tables[i] = tables[i], tables[0]
		sources[0], sources[i] = sources[i], sources[0]
	}
	m = models.Mapping{Match: "id"}
	first := tables[0]
	for _, t := range tables[1:] {
		joinTables(&m, first, t)
		g.onePartyColumn(t)
		t.ofParties()
	}
	rows := g.shape(first, &m, len(tables) == 1)
	for i, t := range tables {
		if t.partly {
			ask(&m, "", "partly", "file", t.name, "rows", fmt.Sprint(t.rows))
		}
		mapped := models.TableMapping{Title: t.name, Format: t.file.Format}
		if i == 0 {
			mapped.Rows = rows
		}
		for k, c := range t.columns {
			one := models.ColumnMapping{Column: c.name, Field: t.fields[k]}
			if slices.Contains(endFields, one.Field) {
				one.Nothing = c.noEnds(t.reader)
				for _, value := range one.Nothing {
					ask(&m, "", "no_end", "value", value, "rows", fmt.Sprint(c.counts[value]), "column", c.name)
				}
			}
			mapped.Columns = append(mapped.Columns, one)
		}
		m.Tables = append(m.Tables, mapped)
	}
	g.settle(&m, tables)
	return m, nil
}

// mainTable is the table of agreements among several: the first, unless another alone
// has titles of which most differ.
func mainTable(tables []*surveyed) int {
	titled := func(t *surveyed) bool {
		i := slices.Index(t.fields, "title")
		return i >= 0 && t.columns[i].unique() > .7
	}
	if titled(tables[0]) {
		return 0
	}
	return max(0, slices.IndexFunc(tables, titled))
}

// endFields are those in which the end of an agreement, or of a party's bond, stands.
var endFields = []string{"ended", "valid_until", "act:withdrawal", "act:denunciation"}
