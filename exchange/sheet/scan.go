package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"chancery/models"
)

// What the parts of a workbook may hold. Excel itself writes cells of at most 32,767
// characters and sheets of 1,048,576 rows.
const (
	longestCell  = 1 << 20 // bytes, marks included
	mostStrings  = 2_000_000
	mostRows     = 1_100_000
	mostPart     = 512 << 20 // bytes of a sheet, or of the table of strings
	mostOther    = 64 << 20  // bytes of any other part
	mostParts    = 2000
	longestName  = 64 // bytes of an element's name that are looked at
	scannedAtOne = 64 << 10
)

// scan refuses a workbook with more in it than a reader can be made to hold: it looks
// at every part once, byte by byte, whatever the archive says of their sizes.
func scan(ctx context.Context, archive *zip.Reader) error {
	if len(archive.File) > mostParts {
		return refused("file_not_xlsx")
	}
	total := int64(0)
	for _, part := range archive.File {
		most := int64(mostOther)
		table := strings.HasPrefix(part.Name, "xl/worksheets/") || path.Base(part.Name) == "sharedStrings.xml"
		if table {
			most = mostPart
		}
		content, err := part.Open()
		if err != nil {
			return refused("file_not_xlsx")
		}
		s := scanner{ctx: ctx, in: bufio.NewReaderSize(io.LimitReader(content, most+1), scannedAtOne), table: table}
		err = s.run()
		content.Close()
		if total += s.read; err == nil && (s.read > most || total > mostWorkbook) {
			err = refused("file_unpacked", "limit", fmt.Sprint(mostWorkbook>>30))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A scanner goes through one part. It knows no more of XML than where elements
// begin.
type scanner struct {
	ctx           context.Context
	in            *bufio.Reader
	table         bool
	read          int64
	cell, row     int64 // bytes since the present one began
	strings, rows int
}

// next is the next byte; not ok at the end.
func (s *scanner) next() (b byte, ok bool, err error) {
	b, err = s.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, refused("file_not_xlsx")
	}
	if s.read++; s.read%(1<<20) == 0 {
		if err := s.ctx.Err(); err != nil {
			return 0, false, err
		}
	}
	s.cell++
	s.row++
	if s.table && s.cell > longestCell {
		return 0, false, refused("file_long_cell", "limit", strconv.Itoa(longestCell>>20))
	}
	if s.table && s.row > longestRow {
		return 0, false, refused("file_long_row", "line", strconv.Itoa(s.rows), "limit", strconv.Itoa(longestRow>>20))
	}
	return b, true, nil
}

func (s *scanner) run() error {
	for {
		b, ok, err := s.next()
		if err != nil || !ok {
			return err
		}
		if b == '<' {
			if err := s.element(); err != nil {
				return err
			}
		}
	}
}

// element looks at the name of an element that begins.
func (s *scanner) element() error {
	var name []byte
	for len(name) < longestName {
		b, ok, err := s.next()
		if err != nil || !ok {
			return err
		}
		if b == ':' { // what stands before it is a prefix
			name = name[:0]
			continue
		}
		if b <= ' ' || b == '>' || b == '/' && len(name) > 0 {
			break
		}
		name = append(name, b)
	}
	switch string(name) {
	case "si":
		s.cell, s.row = 0, 0
		s.strings++
	case "row":
		s.cell, s.row = 0, 0
		s.rows++
	case "c", "/c", "/row", "/si", "mergeCell", "hyperlink", "col", "conditionalFormatting", "dataValidation":
		s.cell = 0
		if string(name) != "c" && string(name) != "/c" {
			s.row = 0
		}
	}
	if s.strings > mostStrings || s.rows > mostRows {
		return refused("file_cells", "limit", strconv.Itoa(mostStrings))
	}
	return nil
}

// Vet reads all of a workbook once, every sheet, and tells what is wrong with it; of
// another file it says nothing. It is for a process of its own, which a hostile file
// ends alone: what passes there is read here with no more.
func Vet(ctx context.Context, content io.ReaderAt, size int64) error {
	if archive, err := zip.NewReader(content, size); err == nil && !IsWorkbook(archive) {
		return nil // of tables, which are read as text
	}
	f, err := Open(content, size, models.FileFormat{})
	if err != nil || f.Format.Kind != "xlsx" {
		return err
	}
	book, err := openBook(content, size)
	if err != nil {
		return err
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		for _, err := range workbookRows(book, name) {
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
		}
	}
	return nil
}
