package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"chancery/models"

	"github.com/xuri/excelize/v2"
)

// hostile makes a sound workbook with one part put in place of its own.
func hostile(t *testing.T, part string, write func(w io.Writer)) []byte {
	book := excelize.NewFile()
	book.SetCellStr("Sheet1", "A1", "title")
	plain, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	made := zip.NewWriter(&out)
	for _, f := range archive.File {
		if f.Name != part {
			if err := made.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, err := made.Create(part)
	if err != nil {
		t.Fatal(err)
	}
	write(w)
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// repeat writes a text so many times between two others.
func repeat(before, text string, n int, after string) func(io.Writer) {
	return func(w io.Writer) {
		io.WriteString(w, before)
		chunk := strings.Repeat(text, 1000)
		for ; n >= 1000; n -= 1000 {
			io.WriteString(w, chunk)
		}
		io.WriteString(w, strings.Repeat(text, n)+after)
	}
}

// A workbook that is made to fill the memory is refused by what it holds, without
// being held.
func TestHostileWorkbooksAreRefusedUnread(t *testing.T) {
	const strings_, sheet = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
	for name, test := range map[string]struct {
		part  string
		write func(io.Writer)
		code  string
	}{
		"one string of 100 MB": {strings_, repeat(`<sst><si><t>`, "aaaaaaaaaa", 10_000_000, "</t></si></sst>"), "file_long_cell"},
		"one string of runs": {strings_, repeat(`<sst><si>`, "<r><t>aaaaaaaaaa</t></r>", 1_000_000, "</si></sst>"),
			"file_long_cell"},
		"strings with a prefix":   {strings_, repeat(`<x:sst><x:si><x:t>`, "aaaaaaaaaa", 1_000_000, "</x:t></x:si></x:sst>"), "file_long_cell"},
		"millions of strings":     {strings_, repeat(`<sst>`, "<si><t>a</t></si>", 3_000_000, "</sst>"), "file_cells"},
		"an inline cell of 50 MB": {sheet, repeat(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`, "aaaaaaaaaa", 5_000_000, "</t></is></c></row></sheetData></worksheet>"), "file_long_cell"},
		"an attribute of 20 MB":   {sheet, repeat(`<worksheet><sheetData><row r="1"><c r="`, "AAAAAAAAAA", 2_000_000, `"/></row></sheetData></worksheet>`), "file_long_cell"},
		"a row of a million":      {sheet, repeat(`<worksheet><sheetData><row r="1">`, `<c t="n"><v>1</v></c>`, 1_000_000, "</row></sheetData></worksheet>"), "file_long_row"},
		"rows without an end":     {sheet, repeat(`<worksheet><sheetData>`, `<row><c t="n"><v>1</v></c></row>`, 2_000_000, "</sheetData></worksheet>"), "file_cells"},
		"styles of 100 MB":        {"xl/styles.xml", repeat(`<styleSheet>`, "<!-- aaaaaaaaaaaaaa -->", 5_000_000, "</styleSheet>"), "file_unpacked"},
		"a name without an end":   {sheet, repeat(`<worksheet><`, "aaaaaaaaaa", 1_000_000, "/></worksheet>"), "file_long_cell"},
	} {
		t.Run(name, func(t *testing.T) {
			content := hostile(t, test.part, test.write)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Open(bytes.NewReader(content), int64(len(content)), models.FileFormat{})
			runtime.ReadMemStats(&after)
			var invalid models.Invalid
			if !errors.As(err, &invalid) || invalid["file"].Code != test.code {
				t.Errorf("%d bytes: %v, want %s", len(content), err, test.code)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
				t.Errorf("refusing it took %d MB", took>>20)
			}
			if vetted := Vet(t.Context(), bytes.NewReader(content), int64(len(content))); vetted == nil {
				t.Error("vetting lets it through")
			}
		})
	}
	book := excelize.NewFile()
	book.SetCellStr("Sheet1", "A1", "title")
	book.SetCellStr("Sheet1", "A2", strings.Repeat("long ", 6000))
	plain, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if err := Vet(t.Context(), bytes.NewReader(plain.Bytes()), int64(plain.Len())); err != nil {
		t.Errorf("a sound workbook: %v", err)
	}
}

// Whatever the bytes of a part, scanning it ends and refuses or lets through.
func FuzzScan(f *testing.F) {
	f.Add([]byte(`<sst><si><t>a</t></si></sst>`))
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1"/></row></sheetData></worksheet>`))
	f.Add([]byte("<:<<>/<c"))
	f.Fuzz(func(t *testing.T, part []byte) {
		var out bytes.Buffer
		made := zip.NewWriter(&out)
		w, err := made.Create("xl/worksheets/sheet1.xml")
		if err != nil {
			t.Fatal(err)
		}
		w.Write(part)
		made.Close()
		archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var invalid models.Invalid
		if err := scan(t.Context(), archive); err != nil && !errors.As(err, &invalid) {
			t.Errorf("%v is no word about the file", err)
		}
	})
}
