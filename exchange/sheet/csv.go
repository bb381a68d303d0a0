package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"chancery/models"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// byteOrderMarks are what a text begins with that says how it is encoded.
var byteOrderMarks = map[string]string{"\xef\xbb\xbf": "utf-8", "\xff\xfe": "utf-16le", "\xfe\xff": "utf-16be"}

// encodingOf tells how a text is encoded: by its byte-order mark, by being UTF-8 or
// not, by its bytes; said, when it can be right, is believed.
func encodingOf(sample []byte, said string) string {
	for mark, encoding := range byteOrderMarks {
		if strings.HasPrefix(string(sample[:min(len(sample), 3)]), mark) {
			return encoding
		}
	}
	if said != "" {
		return said
	}
	even, odd := 0, 0
	for i, b := range sample {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	switch few := len(sample) / 8; {
	case odd > few && odd > 4*even: // every second byte of a Latin text
		return "utf-16le"
	case even > few && even > 4*odd:
		return "utf-16be"
	case utf8.Valid(whole(sample)):
		return "utf-8"
	}
	if found := chardet.Detect(sample); found.Language == "Russian" || strings.EqualFold(found.Encoding, "windows-1251") {
		return "windows-1251"
	}
	return "windows-1252"
}

// whole is a sample without the character at its end that the cut may have halved.
func whole(sample []byte) []byte {
	for i := 1; i <= min(3, len(sample)); i++ {
		if b := sample[len(sample)-i]; utf8.RuneStart(b) {
			if b >= 0xc0 && !utf8.FullRune(sample[len(sample)-i:]) {
				return sample[:len(sample)-i]
			}
			break
		}
	}
	return sample
}

var encodings = map[string]encoding.Encoding{
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	"windows-1251": charmap.Windows1251,
	"windows-1252": charmap.Windows1252,
}

// decode reads an encoded text as UTF-8, without its byte-order mark.
func decode(r io.Reader, name string) (io.Reader, error) {
	if name == "utf-8" {
		buffered := bufio.NewReaderSize(r, 64<<10)
		if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte{0xef, 0xbb, 0xbf}) {
			buffered.Discard(3)
		}
		return buffered, nil
	}
	e := encodings[name]
	if e == nil {
		return nil, models.Invalid{"encoding": problem("choice", "value", name, "choices", strings.Join(Encodings, ", "))}
	}
	return e.NewDecoder().Reader(r), nil
}

func comma(delimiter string) rune {
	if delimiter == "tab" {
		return '\t'
	}
	r, _ := utf8.DecodeRuneInString(delimiter)
	return r
}

// delimiterOf is the one by which most rows of a sample have the same number of
// cells, and more than one.
func delimiterOf(sample []byte, cut bool) string {
	best, most := ",", 0
	for _, d := range Delimiters {
		counts := map[int]int{}
		rows := 0
		for row := range sampleRows(sample, cut, d) {
			counts[len(row.Cells)]++
			if rows++; rows == 200 {
				break
			}
		}
		for cells, n := range counts {
			if score := n * min(cells-1, 20); cells > 1 && score > most {
				best, most = d, score
			}
		}
	}
	return best
}

// sampleRows are the rows of the beginning of a file; the last one of a cut sample
// is left out.
func sampleRows(sample []byte, cut bool, delimiter string) func(func(Row) bool) {
	if cut {
		if end := bytes.LastIndexByte(sample, '\n'); end > 0 {
			sample = sample[:end]
		}
	}
	return func(yield func(Row) bool) {
		for row, err := range csvRows(bytes.NewReader(sample), comma(delimiter)) {
			if err != nil || !yield(row) {
				return
			}
		}
	}
}

func (f *File) openCSV(open func() (io.Reader, error), sample []byte, cut bool) error {
	if f.Format.Delimiter == "" {
		f.Format.Delimiter = delimiterOf(sample, cut)
	}
	var first []Row
	for row := range sampleRows(sample, cut, f.Format.Delimiter) {
		if row.Problem != nil {
			continue
		}
		if first = append(first, row); len(first) == 100 {
			break
		}
	}
	if len(first) == 0 && bytes.Count(sample, []byte{'\n'}) == 0 && cut {
		return refused("file_long_row", "line", "1", "limit", strconv.Itoa(longestRow>>20))
	}
	if err := f.readHeader(first); err != nil {
		return err
	}
	f.rows = f.csvRows(open)
	return nil
}

// csvRows are the rows below the header, those aside in which nothing stands.
func (f *File) csvRows(open func() (io.Reader, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		text, err := open()
		if err != nil {
			yield(Row{}, err)
			return
		}
		for row, err := range csvRows(text, comma(f.Format.Delimiter)) {
			if err != nil {
				yield(row, err)
				return
			}
			if row.Problem == nil && (row.Line <= f.Format.Header || filled(row.Cells) == 0) {
				continue
			}
			if row.Problem == nil {
				row = f.fit(row)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// csvRows reads rows by RFC 4180. A row with a quotation mark where none may be is
// a problem of that row; one that is never closed, or a row that is too long, ends
// the file.
func csvRows(r io.Reader, comma rune) func(func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		guard := &guard{r: r, left: longestRow}
		reader := csv.NewReader(guard)
		reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = comma, -1, false
		last := 0
		for {
			guard.left = longestRow
			cells, err := reader.Read()
			var parse *csv.ParseError
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errLongRow):
				yield(Row{Line: last + 1}, refused("file_long_row", "line", strconv.Itoa(last+1), "limit",
					strconv.Itoa(longestRow>>20)))
				return
			case errors.As(err, &parse) && errors.Is(parse.Err, csv.ErrBareQuote), errors.As(err, &parse) &&
				errors.Is(parse.Err, csv.ErrQuote) && parse.Line == parse.StartLine:
				p := problem("row_quote", "column", strconv.Itoa(parse.Column))
				last = parse.Line
				if !yield(Row{Line: parse.StartLine, Problem: &p}, nil) {
					return
				}
				continue
			case errors.As(err, &parse):
				p := problem("row_unclosed", "until", strconv.Itoa(parse.Line))
				last = parse.Line
				if !yield(Row{Line: parse.StartLine, Problem: &p}, nil) {
					return
				}
				continue
			case err != nil:
				yield(Row{Line: last + 1}, unreadable(err))
				return
			}
			line, _ := reader.FieldPos(0)
			last = line
			row := Row{Line: line, Cells: cells}
			for i, cell := range cells {
				if !utf8.ValidString(cell) {
					p := problem("row_encoding", "column", strconv.Itoa(i+1))
					row.Problem = &p
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

var errLongRow = errors.New("the row is too long")

// guard lets so many bytes of a row through and no more.
type guard struct {
	r    io.Reader
	left int
}

func (g *guard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errLongRow
	}
	n, err := g.r.Read(p[:min(len(p), 64<<10)])
	g.left -= n
	return n, err
}
