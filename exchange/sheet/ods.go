package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
)

// mostODS is how large the table of an OpenDocument file may be unpacked, in bytes.
const mostODS = 256 << 20

// mostRepeated is how often a row that says something is taken where a file says
// that it is repeated.
const mostRepeated = 10_000

// openODS reads one table of an OpenDocument spreadsheet (ISO/IEC 26300-3), row by
// row. Cells are taken by their values: days as they are stored, formulas by their
// last results; what is merged downwards stands in every row.
func (f *File) openODS(archive *zip.Reader) error {
	content := archivePart(archive, "content.xml")
	if content == nil {
		return refused("file_not_ods")
	}
	var names []string
	best, heads := map[string]int{}, map[string][]Row{}
	for r, err := range odsRows(content) {
		if err != nil {
			return err
		}
		if !slices.Contains(names, r.table) {
			names = append(names, r.table)
		}
		if r.Line > 0 && len(heads[r.table]) < 100 {
			heads[r.table] = append(heads[r.table], r.Row)
		}
	}
	for _, name := range names {
		best[name] = worth(heads[name])
	}
	if f.Format.Sheet == "" {
		f.Format.Sheet = worthiest(names, best)
	}
	if !slices.Contains(names, f.Format.Sheet) {
		return models.Invalid{"sheet": problem("choice", "value", f.Format.Sheet, "choices", strings.Join(names, ", "))}
	}
	f.Sheets = names
	if err := f.readHeader(heads[f.Format.Sheet]); err != nil {
		return err
	}
	f.rows = func(yield func(Row, error) bool) {
		for r, err := range odsRows(content) {
			if err != nil {
				yield(r.Row, err)
				return
			}
			if r.table != f.Format.Sheet || r.Line <= f.Format.Header || filled(r.Cells) == 0 {
				continue
			}
			if !yield(f.fit(r.Row), nil) {
				return
			}
		}
	}
	return nil
}

// archivePart is the file of a name in an archive, or nil.
func archivePart(archive *zip.Reader, name string) *zip.File {
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return archive.File[i]
}

// worth is how much a sheet looks like a table: its cells in rows of at least three.
func worth(rows []Row) (n int) {
	for _, r := range rows {
		if cells := filled(r.Cells); cells >= 3 {
			n += cells
		}
	}
	return n
}

// worthiest is the sheet that looks most like a table, the first of equal ones.
func worthiest(names []string, worth map[string]int) string {
	best := ""
	for _, name := range names {
		if best == "" || worth[name] > worth[best] {
			best = name
		}
	}
	return best
}

// An odsRow is a row of a table of the file; of a table without rows it has line 0.
type odsRow struct {
	Row
	table string
}

// An odsReader goes through a file once.
type odsReader struct {
	decoder *xml.Decoder
	guard   *guard
	table   string
	line    int
	merged  map[int]merged // by column, what is merged downwards
	yield   func(odsRow, error) bool
}

type merged struct {
	text string
	left int // rows below
}

var errStopped = errors.New("stopped")

func odsRows(content *zip.File) iter.Seq2[odsRow, error] {
	return func(yield func(odsRow, error) bool) {
		in, err := content.Open()
		if err != nil {
			yield(odsRow{}, refused("file_not_ods"))
			return
		}
		defer in.Close()
		g := &guard{r: &bounded{in, mostODS}, left: longestRow}
		r := &odsReader{decoder: xml.NewDecoder(g), guard: g, yield: yield}
		switch err := r.read(); {
		case err == nil, errors.Is(err, errStopped):
		case errors.Is(err, errLongRow):
			yield(odsRow{}, refused("file_long_row", "line", strconv.Itoa(r.line+1), "limit", strconv.Itoa(longestRow>>20)))
		default:
			var invalid models.Invalid
			if !errors.As(err, &invalid) {
				err = refused("file_not_ods")
			}
			yield(odsRow{}, err)
		}
	}
}

func (r *odsReader) read() error {
	for {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "table":
			r.table, r.line, r.merged = attribute(start, "name"), 0, map[int]merged{}
			if !r.yield(odsRow{table: r.table}, nil) {
				return errStopped
			}
		case "table-row":
			r.guard.left = longestRow
			if err := r.row(repeats(start, "number-rows-repeated")); err != nil {
				return err
			}
		}
	}
}

// row reads one row and gives it as often as it stands there.
func (r *odsReader) row(times int) error {
	var cells []string
	empty := 0
	for {
		token, err := r.decoder.Token()
		if err != nil {
			return err
		}
		if end, ok := token.(xml.EndElement); ok && end.Name.Local == "table-row" {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "table-cell" && start.Name.Local != "covered-table-cell" {
			continue
		}
		text, err := r.cell(start)
		if err != nil {
			return err
		}
		at, n := len(cells)+empty, repeats(start, "number-columns-repeated")
		if above := r.merged[at]; above.left > 0 && start.Name.Local == "covered-table-cell" {
			text = above.text
			r.merged[at] = merged{above.text, above.left - 1}
		} else if down := repeats(start, "number-rows-spanned"); down > 1 {
			r.merged[at] = merged{text, down - 1}
		}
		if text == "" {
			empty += n
			continue
		}
		if at+n > mostColumns {
			return refused("file_columns", "limit", strconv.Itoa(mostColumns))
		}
		for ; empty > 0; empty-- {
			cells = append(cells, "")
		}
		for range n {
			cells = append(cells, text)
		}
	}
	if len(cells) == 0 {
		r.line += times
		return nil
	}
	for range min(times, mostRepeated) {
		if r.line++; r.line > mostRows {
			return refused("file_cells", "limit", strconv.Itoa(mostRows))
		}
		if !r.yield(odsRow{Row{Line: r.line, Cells: slices.Clone(cells)}, r.table}, nil) {
			return errStopped
		}
	}
	return nil
}

// cell reads what a cell says: its value, or its paragraphs without what is noted at
// it.
func (r *odsReader) cell(start xml.StartElement) (string, error) {
	value := ""
	switch attribute(start, "value-type") {
	case "date":
		value = strings.TrimSuffix(attribute(start, "date-value"), "T00:00:00")
	case "float", "percentage", "currency":
		value = attribute(start, "value")
	}
	var text strings.Builder
	for depth, notes := 1, 0; depth > 0; {
		token, err := r.decoder.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case t.Name.Local == "annotation":
				notes = depth
			case t.Name.Local == "p" && text.Len() > 0 && notes == 0:
				text.WriteByte('\n')
			case t.Name.Local == "s" && notes == 0:
				text.WriteString(strings.Repeat(" ", min(repeats(t, "c"), 100)))
			}
		case xml.EndElement:
			if depth == notes {
				notes = 0
			}
			depth--
		case xml.CharData:
			if notes == 0 && depth > 1 {
				text.Write(t)
			}
		}
	}
	if value != "" {
		return value, nil
	}
	return strings.TrimSpace(text.String()), nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// repeats is how often something stands there, once unless said otherwise.
func repeats(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1<<24)
}
