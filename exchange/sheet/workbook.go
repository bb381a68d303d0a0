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
	return f.openWorkbook(content, size)
}

// openWorkbook reads one sheet of an XLSX file, row by row. Cells are taken as they
// are stored: a day is a number, which the mapping reads as one. Formulas are taken
// by their last results, macros not at all.
func (f *File) openWorkbook(content io.ReaderAt, size int64) error {
	if err := checkZip(content, size); err != nil {
		return err
	}
	open := func() (*excelize.File, error) { return openBook(content, size) }
	book, err := open()
	if err != nil {
		return err
	}
	defer book.Close()
	sheets := book.GetSheetList()
	f.Sheets = sheets
	if f.Format.Sheet == "" {
		f.Format.Sheet = bestSheet(book, sheets)
	}
	if !slices.Contains(sheets, f.Format.Sheet) {
		return models.Invalid{"sheet": problem("choice", "value", f.Format.Sheet, "choices", strings.Join(sheets, ", "))}
	}
	if properties, err := book.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		f.Date1904 = *properties.Date1904
	}
	var first []Row
	for row, err := range workbookRows(book, f.Format.Sheet) {
		if err != nil {
			return err
		}
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
			if row.Line <= f.Format.Header || filled(row.Cells) == 0 {
				continue
			}
			if !yield(f.fit(row), nil) {
				return
			}
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
