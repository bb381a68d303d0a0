// Package sheet reads tables out of files as people have them: CSV in any of its
// dialects and encodings, workbooks, JSON. It finds out by itself how a file is
// written, and holds one row at a time.
package sheet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
)

// A Row is one row of a table. What is wrong with it, if anything, stands in
// Problem; its cells are then not to be used.
type Row struct {
	Line    int // in the file, from 1; of JSON the number of the object
	Cells   []string
	Problem *models.Problem
}

// A File is a table in a file. It can be read any number of times, each time from
// its beginning.
type File struct {
	Format   models.FileFormat
	Columns  []string // the header; names that stand twice are told apart, empty ones numbered
	Above    string   // the longest line of text above the header, if there is one
	Sheets   []string // of a workbook
	Date1904 bool     // days of the workbook are counted from 1904
	rows     func(yield func(Row, error) bool)

	mergedDown []mergedCell
}

// Rows reads the rows under the header. An error ends them: what follows it in the
// file cannot be read.
func (f *File) Rows() iter.Seq2[Row, error] { return f.rows }

// What a file may take, so that a hostile one does no harm.
const (
	mostColumns  = 1000
	longestRow   = 4 << 20 // bytes
	mostUnpacked = 4 << 30 // bytes of a packed file
	sampled      = 256 << 10
)

// Kinds, Encodings and Delimiters are what a format can say.
var (
	Kinds      = []string{"csv", "xlsx", "ods", "json"}
	Encodings  = []string{"utf-8", "utf-16le", "utf-16be", "windows-1251", "windows-1252"}
	Delimiters = []string{",", ";", "tab", "|"}
)

// refused says what is wrong with a file as a whole.
func refused(code string, args ...string) error {
	return models.Invalid{"file": problem(code, args...)}
}

func problem(code string, args ...string) models.Problem {
	p := models.Problem{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// Open finds out what is not said of a file's format and reads its header. The
// error is Invalid, by the field "file", when it cannot be read as a table.
func Open(content io.ReaderAt, size int64, said models.FileFormat) (*File, error) {
	if size == 0 {
		return nil, refused("file_empty")
	}
	head := make([]byte, min(size, 8))
	if _, err := content.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading a file: %w", err)
	}
	f := &File{Format: said}
	packed := bytes.HasPrefix(head, []byte{0x1f, 0x8b})
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return f, f.openArchive(content, size)
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, refused("file_xls")
	case said.Kind == "xlsx":
		return nil, refused("file_not_xlsx")
	case said.Kind == "ods":
		return nil, refused("file_not_ods")
	}
	open := func() (io.Reader, error) { return unpacked(content, size, packed) }
	decoded, whole, err := f.sample(open)
	if err != nil {
		return nil, err
	}
	if f.Format.Kind == "" {
		f.Format.Kind = textKind(decoded)
	}
	decoding := func() (io.Reader, error) {
		reader, err := open()
		if err != nil {
			return nil, err
		}
		return decode(reader, f.Format.Encoding)
	}
	if f.Format.Kind == "json" {
		f.Format.Delimiter, f.Format.Header = "", 0
		return f, f.openJSON(decoding)
	}
	return f, f.openCSV(decoding, decoded, !whole)
}

// unpacked reads content, unpacked where it is packed with gzip.
func unpacked(content io.ReaderAt, size int64, packed bool) (io.Reader, error) {
	plain := io.Reader(io.NewSectionReader(content, 0, size))
	if !packed {
		return plain, nil
	}
	r, err := gzip.NewReader(plain)
	if err != nil {
		return nil, refused("file_gzip")
	}
	return &bounded{r, mostUnpacked}, nil
}

// sample reads the beginning of a text file, finds out its encoding and decodes it;
// whole tells that this is all of it.
func (f *File) sample(open func() (io.Reader, error)) (decoded []byte, whole bool, err error) {
	reader, err := open()
	if err != nil {
		return nil, false, err
	}
	sample := make([]byte, sampled)
	n, err := io.ReadFull(reader, sample)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, false, unreadable(err)
	}
	f.Format.Encoding = encodingOf(sample[:n], f.Format.Encoding)
	text, err := decode(bytes.NewReader(sample[:n]), f.Format.Encoding)
	if err != nil {
		return nil, false, err
	}
	if decoded, err = io.ReadAll(text); err != nil {
		return nil, false, unreadable(err)
	}
	if binary(decoded) {
		return nil, false, refused("file_binary")
	}
	return decoded, n < sampled, nil
}

// textKind tells JSON from a table of text by its beginning.
func textKind(decoded []byte) string {
	trimmed := bytes.TrimLeft(decoded, " \t\r\n")
	if len(trimmed) > 1 && (trimmed[0] == '{' || trimmed[0] == '[' &&
		bytes.ContainsAny(trimmed[1:min(len(trimmed), 200)], "{")) {
		return "json"
	}
	return "csv"
}

// binary tells that a file is no text: of its beginning more than one byte in
// twenty is a control character.
func binary(text []byte) bool {
	text = text[:min(len(text), 4096)]
	n := 0
	for _, b := range text {
		if b < ' ' && b != '\t' && b != '\r' && b != '\n' {
			n++
		}
	}
	return n*20 > len(text)
}

// unreadable turns an error of reading into a word about the file, where it is the
// file's.
func unreadable(err error) error {
	var invalid models.Invalid
	switch {
	case errors.As(err, &invalid):
		return err
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, io.ErrUnexpectedEOF):
		return refused("file_gzip")
	}
	if strings.HasPrefix(err.Error(), "flate:") {
		return refused("file_gzip")
	}
	return fmt.Errorf("reading a file: %w", err)
}

// bounded ends a reader that brings more than it may.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, refused("file_unpacked", "limit", strconv.Itoa(mostUnpacked>>30))
	}
	return n, err
}

// readHeader finds the header among the first rows and names the columns; rows are
// those of the beginning with their lines.
func (f *File) readHeader(rows []Row) error {
	widest := 0
	for _, r := range rows {
		if filled(r.Cells) > 0 {
			widest = max(widest, len(r.Cells))
		}
	}
	if widest == 0 {
		return refused("file_empty")
	}
	if widest > mostColumns {
		return refused("file_columns", "limit", strconv.Itoa(mostColumns))
	}
	if f.Format.Header == 0 {
		f.Format.Header = headerLine(rows)
	}
	var names []string
	for _, r := range rows {
		if r.Line == f.Format.Header {
			names = r.Cells
		}
	}
	if f.Format.Header > 0 && names == nil {
		return refused("file_header", "value", strconv.Itoa(f.Format.Header))
	}
	for _, r := range rows {
		if above := strings.TrimSpace(strings.Join(r.Cells, "")); r.Line < f.Format.Header && filled(r.Cells) == 1 &&
			len(above) > len(f.Above) && len(above) < longestAbove {
			f.Above = above
		}
	}
	for i := len(names); f.Format.Header < 0 && i < widest; i++ {
		names = append(names, "")
	}
	f.Columns = distinct(names)
	return nil
}

// longestAbove is how long a line above the header may be to be kept, in bytes.
const longestAbove = 1000

// headerLine is the line of the header among the first rows: the first that is
// filled as most are, without a number or a date in it; -1 where none is.
func headerLine(rows []Row) int {
	usual := make([]int, len(rows))
	for i, r := range rows {
		usual[i] = filled(r.Cells)
	}
	slices.Sort(usual)
	for _, r := range rows[:min(len(rows), 12)] {
		if n := filled(r.Cells); n == 0 || n*3 < usual[len(usual)/2]*2 {
			continue
		}
		for _, cell := range r.Cells {
			if cell = strings.TrimSpace(cell); cell != "" && strings.IndexFunc(cell,
				func(r rune) bool { return r < '0' || r > '9' }) < 0 || len(cell) == 10 && cell[4] == '-' && cell[7] == '-' {
				return -1
			}
		}
		return r.Line
	}
	return -1
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// distinct names columns so that no two are the same and none is empty.
func distinct(names []string) []string {
	list := make([]string, 0, len(names))
	for i, name := range names {
		name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "\uFFFD")), " ")
		if name == "" {
			name = strconv.Itoa(i + 1)
		}
		unique := name
		for n := 2; slices.Contains(list, unique); n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		list = append(list, unique)
	}
	return list
}

// fit gives a row as many cells as there are columns; cells beyond them that say
// something are a problem.
func (f *File) fit(r Row) Row {
	for len(r.Cells) > len(f.Columns) && strings.TrimSpace(r.Cells[len(r.Cells)-1]) == "" {
		r.Cells = r.Cells[:len(r.Cells)-1]
	}
	if len(r.Cells) > len(f.Columns) {
		p := problem("row_ragged", "cells", strconv.Itoa(len(r.Cells)), "columns", strconv.Itoa(len(f.Columns)))
		r.Problem = &p
		return r
	}
	for len(r.Cells) < len(f.Columns) {
		r.Cells = append(r.Cells, "")
	}
	for _, cell := range r.Cells {
		if strings.ContainsRune(cell, 0) {
			p := problem("row_nul")
			r.Problem = &p
		}
	}
	return r
}
