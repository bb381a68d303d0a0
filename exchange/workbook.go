package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// earliestCell is the first day that a workbook's calendar has.
const earliestCell = "1900-03-01"

// WriteWorkbook writes records as a workbook, a sheet a table. Full dates are days,
// partial ones text; what could be run as a formula is text as well. Rows wait on
// the disk until their sheet's turn comes: one sheet at a time takes memory, and
// what is written goes to w at once. A table of pairs with more rows than a
// spreadsheet is good for is left out, and a last sheet says so.
func WriteWorkbook(w io.Writer, r Records) error {
	folder, err := os.MkdirTemp("", "chancery-workbook-")
	if err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	defer os.RemoveAll(folder)
	waiting, err := spoolTables(folder, r)
	for _, t := range waiting {
		defer t.file.Close()
	}
	if err != nil {
		return err
	}
	book := workbook{zip: zip.NewWriter(w), folder: folder}
	for i, t := range RecordTables {
		if waiting[i].left() {
			continue
		}
		if err := book.table(t.Table, csv.NewReader(waiting[i].file)); err != nil {
			return fmt.Errorf("writing a workbook: %s: %w", t.Name, err)
		}
	}
	if err := book.leftOut(waiting, r.Site); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	if err := book.close(); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}

// mostPairRows is the most rows that a sheet of pairs has: more are for programs,
// which read CSV.
const mostPairRows = 100_000

// A spooled table waits in a file.
type spooled struct {
	file  *os.File
	rows  int
	pairs bool
}

// left tells that the table is left out.
func (s *spooled) left() bool { return s.pairs && s.rows > mostPairRows }

// spoolTables parts records into a file of rows for each table.
func spoolTables(folder string, r Records) (tables []*spooled, err error) {
	rows := make([]*csv.Writer, len(RecordTables))
	parts := slices.Clone(RecordTables)
	for i := range parts {
		parts[i] = parts[i].Between(r.Pair)
		file, err := os.CreateTemp(folder, "rows-")
		if err != nil {
			return tables, fmt.Errorf("writing a workbook: %w", err)
		}
		tables, rows[i] = append(tables, &spooled{file: file, pairs: parts[i].ofPairs()}), csv.NewWriter(file)
	}
	for a, err := range r.All {
		if err != nil {
			return tables, err
		}
		for i, t := range parts {
			if tables[i].left() {
				continue
			}
			for cells := range t.of(a, r.Site) {
				tables[i].rows++
				if err := rows[i].Write(cells); err != nil {
					return tables, fmt.Errorf("writing a workbook: %w", err)
				}
			}
		}
	}
	for i, out := range rows {
		out.Flush()
		if _, err := tables[i].file.Seek(0, io.SeekStart); out.Error() != nil || err != nil {
			return tables, fmt.Errorf("writing a workbook: %w", errors.Join(out.Error(), err))
		}
	}
	return tables, nil
}

// leftOutTable tells which tables are not in a workbook.
var leftOutTable = Table{"left out", "Tables that are too long for a workbook", []Column{
	{"table", "string", "Name of the table"},
	{"more_than", "integer", "Rows that it has at the least"},
	{"address", "string", "Where it is as CSV; the workbook's filter can be added"},
}, []string{"table"}}

// leftOut writes the last sheet, if a table was left out.
func (b *workbook) leftOut(tables []*spooled, site string) error {
	var text bytes.Buffer
	rows := csv.NewWriter(&text)
	for i, t := range tables {
		if name := RecordTables[i].Name; t.left() {
			rows.Write([]string{name, strconv.Itoa(mostPairRows), site + "/agreements.csv?table=" + name})
		}
	}
	if rows.Flush(); text.Len() == 0 {
		return nil
	}
	return b.table(leftOutTable, csv.NewReader(&text))
}

// A workbook goes out part by part. Excelize keeps every sheet until the end: so
// each is written in a book of its own, of which only the sheet is kept, and all
// else comes last, from a book with empty sheets of the same names.
type workbook struct {
	zip    *zip.Writer
	folder string
	sheets []string // the names of those written
}

// sheetPart is where the n-th sheet is in the archive.
func sheetPart(n int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", n) }

// table writes rows; what a sheet has no room for goes to a further one.
func (b *workbook) table(t Table, rows *csv.Reader) error {
	for n, more := 1, true; more; n++ {
		name := t.Name
		if n > 1 {
			name = fmt.Sprintf("%s %d", t.Name, n)
		}
		var err error
		if more, err = b.sheet(name, t, rows); err != nil {
			return err
		}
	}
	return nil
}

// sheet writes as many rows as have room, and says whether there may be more.
func (b *workbook) sheet(name string, t Table, rows *csv.Reader) (more bool, err error) {
	book, style, err := b.book(name)
	if err != nil {
		return false, err
	}
	defer book.Close()
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return false, err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2",
		ActivePane: "bottomLeft"}); err != nil {
		return false, err
	}
	values := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		values[i] = excelize.Cell{StyleID: style.bold, Value: c.Name}
	}
	if err := stream.SetRow("A1", values); err != nil {
		return false, err
	}
	line := 1
	for ; line < excelize.TotalRows; line++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, err
		}
		for i, cell := range cells {
			values[i] = style.cell(cell, t.Columns[i].Type)
		}
		if err := stream.SetRow("A"+strconv.Itoa(line+1), values); err != nil {
			return false, err
		}
	}
	if err := stream.Flush(); err != nil {
		return false, err
	}
	b.sheets = append(b.sheets, name)
	return line == excelize.TotalRows, b.keep(book, func(part string) string {
		if part == sheetPart(1) {
			return sheetPart(len(b.sheets))
		}
		return ""
	})
}

// close writes what is not a sheet.
func (b *workbook) close() error {
	book, _, err := b.book(b.sheets...)
	if err != nil {
		return err
	}
	defer book.Close()
	written := map[string]bool{}
	for i := range b.sheets {
		written[sheetPart(i+1)] = true
	}
	err = b.keep(book, func(part string) string {
		if written[part] {
			return ""
		}
		return part
	})
	return errors.Join(err, b.zip.Close())
}

// book is a new one with empty sheets and the styles of all.
func (b *workbook) book(sheets ...string) (*excelize.File, styles, error) {
	book := excelize.NewFile(excelize.Options{TmpDir: b.folder})
	err := book.SetSheetName("Sheet1", sheets[0])
	for _, name := range sheets[1:] {
		_, another := book.NewSheet(name)
		err = errors.Join(err, another)
	}
	pattern := "yyyy-mm-dd"
	day, another := book.NewStyle(&excelize.Style{CustomNumFmt: &pattern})
	err = errors.Join(err, another)
	bold, another := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	return book, styles{day, bold}, errors.Join(err, another)
}

// keep writes those parts of a book that have a name.
func (b *workbook) keep(book *excelize.File, name func(part string) string) error {
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return keeping{b.zip, name} })
	_, err := book.WriteTo(io.Discard)
	return err
}

// keeping is what excelize takes for the archive of a book.
type keeping struct {
	zip  *zip.Writer
	name func(part string) string
}

func (k keeping) Create(part string) (io.Writer, error) {
	if name := k.name(part); name != "" {
		return k.zip.Create(name)
	}
	return io.Discard, nil
}

func (k keeping) AddFS(files fs.FS) error { return k.zip.AddFS(files) }
func (k keeping) Close() error            { return nil }

// styles are numbers of a book's styles, the same in every book.
type styles struct{ day, bold int }

func (s styles) cell(cell, kind string) any {
	switch kind {
	case "integer":
		if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return n
		}
	case "boolean":
		return cell == "true"
	}
	if len(cell) == 10 && cell[4] == '-' && cell[7] == '-' && cell >= earliestCell {
		if day, err := time.Parse(time.DateOnly, cell); err == nil {
			return excelize.Cell{StyleID: s.day, Value: day}
		}
	}
	if runes := []rune(cell); len(runes) > excelize.TotalCellChars {
		return string(runes[:excelize.TotalCellChars])
	}
	return cell
}
