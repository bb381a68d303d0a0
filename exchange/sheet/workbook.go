package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"chancery/models"

	"github.com/xuri/excelize/v2"
)

// What a workbook may be unpacked to, in bytes: all in all, and in memory before it
// goes to a file of its own.
const (
	mostWorkbook = 1 << 30
	inMemory     = 8 << 20
)

// IsWorkbook tells a workbook, of whatever kind, or what is made like one, from an
// archive of files.
func IsWorkbook(archive *zip.Reader) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool {
		return f.Name == "[Content_Types].xml" || f.Name == "content.xml" || strings.HasPrefix(f.Name, "xl/")
	})
}

// openArchive reads a workbook of the one kind or the other.
func (f *File) openArchive(content io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return refused("file_not_xlsx")
	}
	switch {
	case archivePart(archive, "xl/workbook.bin") != nil:
		return refused("file_xlsb")
	case archivePart(archive, "content.xml") != nil && archivePart(archive, "[Content_Types].xml") == nil:
		f.Format.Kind = "ods"
		return f.openODS(archive)
	}
	f.Format.Kind = "xlsx"
	return f.openWorkbook(content, size, sheetBytes(archive))
}

// openWorkbook reads one sheet of an XLSX file, row by row. Cells are taken as they
// are stored: a day is a number, which the mapping reads as one. Formulas are taken
// by their last results, macros not at all. Sheets are its bytes unpacked.
func (f *File) openWorkbook(content io.ReaderAt, size int64, sheets uint64) error {
	if err := checkZip(content, size); err != nil {
		return err
	}
	open := func() (*excelize.File, error) { return openBook(content, size) }
	book, err := open()
	if err != nil {
		return err
	}
	defer book.Close()
	f.Sheets = book.GetSheetList()
	if f.Format.Sheet == "" {
		f.Format.Sheet = bestSheet(book, f.Sheets)
	}
	if !slices.Contains(f.Sheets, f.Format.Sheet) {
		return models.Invalid{"sheet": problem("choice", "value", f.Format.Sheet, "choices", strings.Join(f.Sheets, ", "))}
	}
	if properties, err := book.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		f.Date1904 = *properties.Date1904
	}
	if sheets <= mostMerged {
		f.mergedDown = mergedDown(book, f.Format.Sheet)
	}
	var first []Row
	for row, err := range workbookRows(book, f.Format.Sheet) {
		if err != nil {
			return err
		}
		f.fillDown(&row)
		if first = append(first, row); len(first) == 100 {
			break
		}
	}
	if err := f.readHeader(first); err != nil {
		return err
	}
	f.rows = f.workbookRows(open)
	return nil
}

// mostSheets is how many sheets are looked at to find the one that is a table.
const mostSheets = 30

// bestSheet is the sheet that looks most like a table.
func bestSheet(book *excelize.File, sheets []string) string {
	worths := map[string]int{}
	for _, name := range sheets[:min(len(sheets), mostSheets)] {
		var head []Row
		for row, err := range workbookRows(book, name) {
			if err != nil || len(head) == 60 {
				break
			}
			head = append(head, row)
		}
		worths[name] = worth(head)
	}
	return worthiest(sheets[:min(len(sheets), mostSheets)], worths)
}

func openBook(content io.ReaderAt, size int64) (*excelize.File, error) {
	book, err := excelize.OpenReader(io.NewSectionReader(content, 0, size),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: mostWorkbook, UnzipXMLSizeLimit: inMemory})
	switch {
	case errors.Is(err, excelize.ErrWorkbookFileFormat), err != nil && strings.Contains(err.Error(), "encrypted"):
		return nil, refused("file_locked")
	case err != nil:
		return nil, refused("file_not_xlsx")
	}
	return book, nil
}

// workbookRows are the rows below the header, those aside in which nothing stands.
func (f *File) workbookRows(open func() (*excelize.File, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		book, err := open()
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer book.Close()
		for row, err := range workbookRows(book, f.Format.Sheet) {
			if err != nil {
				yield(row, err)
				return
			}
			if f.fillDown(&row); row.Line <= f.Format.Header || filled(row.Cells) == 0 {
				continue
			}
			if !yield(f.fit(row), nil) {
				return
			}
		}
	}
}

// mostMerged is how large the sheets of a workbook may be for their merged cells to be
// looked at, in bytes unpacked: a sheet is held in memory for that.
const mostMerged = 8 << 20

// sheetBytes is how large the sheets of a workbook are, unpacked; what was scanned is
// as large as it says.
func sheetBytes(archive *zip.Reader) (n uint64) {
	for _, part := range archive.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			n += part.UncompressedSize64
		}
	}
	return n
}

// A mergedCell is one that is merged downwards, with what it says.
type mergedCell struct {
	column, from, until int // from 0; rows from 1
	text                string
}

// mergedDown are the cells of a sheet that are merged downwards.
func mergedDown(book *excelize.File, sheet string) (list []mergedCell) {
	cells, err := book.GetMergeCells(sheet)
	if err != nil {
		return nil // reading the rows tells of it
	}
	for _, c := range cells {
		column, from, err := excelize.CellNameToCoordinates(c.GetStartAxis())
		_, until, e := excelize.CellNameToCoordinates(c.GetEndAxis())
		if err == nil && e == nil && until > from && until-from <= mostRepeated {
			list = append(list, mergedCell{column - 1, from, until, c.GetCellValue()})
		}
	}
	return list
}

// fillDown says in a row what is merged into it from above.
func (f *File) fillDown(row *Row) {
	for _, m := range f.mergedDown {
		if row.Line <= m.from || row.Line > m.until {
			continue
		}
		for len(row.Cells) <= m.column && m.column < mostColumns {
			row.Cells = append(row.Cells, "")
		}
		if m.column < mostColumns && row.Cells[m.column] == "" {
			row.Cells[m.column] = m.text
		}
	}
}

func workbookRows(book *excelize.File, sheet string) func(func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		rows, err := book.Rows(sheet)
		if err != nil {
			yield(Row{}, refused("file_not_xlsx"))
			return
		}
		defer rows.Close()
		for line := 1; rows.Next(); line++ {
			cells, err := rows.Columns()
			if err != nil {
				yield(Row{Line: line}, refused("file_not_xlsx"))
				return
			}
			if len(cells) > mostColumns {
				yield(Row{Line: line}, refused("file_columns", "limit", strconv.Itoa(mostColumns)))
				return
			}
			if !yield(Row{Line: line, Cells: cells}, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(Row{}, refused("file_not_xlsx"))
		}
	}
}

// checkZip refuses an archive that holds or unpacks to more than it may.
func checkZip(content io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return refused("file_not_xlsx")
	}
	return scan(context.Background(), archive)
}
