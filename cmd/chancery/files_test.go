package main

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chancery/models"

	"github.com/xuri/excelize/v2"
)

// A table is read in a process of its own first: what is wrong with it comes back
// in words, and one that takes too much ends that process alone.
func TestATableIsVettedElsewhere(t *testing.T) {
	folder := t.TempDir()
	file := func(name string, write func(f *os.File)) string {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		write(f)
		return f.Name()
	}
	sound := file("sound.xlsx", func(f *os.File) {
		book := excelize.NewFile()
		book.SetCellStr("Sheet1", "A1", "title")
		book.SetCellStr("Sheet1", "A2", "Treaty")
		if _, err := book.WriteTo(f); err != nil {
			t.Fatal(err)
		}
	})
	for path, code := range map[string]string{
		sound: "",
		file("table.csv", func(f *os.File) { f.WriteString("title,signed\nTreaty,2001\n") }): "",
		file("long.xlsx", func(f *os.File) {
			w := zip.NewWriter(f)
			part, _ := w.Create("xl/sharedStrings.xml")
			part.Write([]byte("<sst><si><t>" + strings.Repeat("a", 30<<20)))
			w.Close()
		}): "file_long_cell",
		file("torn.xlsx", func(f *os.File) { f.WriteString("PK\x03\x04 torn") }): "file_not_xlsx",
		file("empty.xlsx", func(*os.File) {}):                                    "file_empty",
		filepath.Join(folder, "none.xlsx"):                                       "file_dear",
	} {
		err := vetElsewhere(t.Context(), path)
		var invalid models.Invalid
		if code == "" && err != nil || code != "" && (!errors.As(err, &invalid) || invalid["file"].Code != code) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, code)
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) != 5 {
		t.Errorf("left behind: %q (%v)", left, err)
	}
}
