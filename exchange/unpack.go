package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"chancery/exchange/sheet"
	"chancery/models"
)

// What an archive of tables may hold: files, and bytes of each when it is unpacked.
const (
	mostTables = 10
	mostTable  = 64 << 20
)

// tableEndings are what the files of an archive are called that are read. Workbooks
// are none: each is an archive itself, and is looked at on its own.
var tableEndings = []string{".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".gz"}

// Unpack puts in place of an archive the tables that it holds. The error is Invalid
// when it holds none, or too much.
func Unpack(sources []Source) (list []Source, err error) {
	for _, source := range sources {
		archive, err := zip.NewReader(source.Content, source.Size)
		if err != nil || sheet.IsWorkbook(archive) {
			list = append(list, source)
			continue
		}
		inside, err := tablesOf(archive)
		if err != nil {
			return nil, err
		}
		list = append(list, inside...)
	}
	return list, nil
}

func tablesOf(archive *zip.Reader) (list []Source, err error) {
	for _, entry := range archive.File {
		name := path.Base(entry.Name)
		if entry.FileInfo().IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(entry.Name, "__MACOSX") ||
			!slices.Contains(tableEndings, strings.ToLower(path.Ext(name))) {
			continue
		}
		if len(list) == mostTables {
			return nil, models.Invalid{"file": {Code: "file_zip_many", Args: map[string]string{"limit": "10"}}}
		}
		content, err := entry.Open()
		if err != nil {
			return nil, models.Invalid{"file": {Code: "file_zip"}}
		}
		text, err := io.ReadAll(io.LimitReader(content, mostTable+1))
		if err = errors.Join(err, content.Close()); err != nil {
			return nil, models.Invalid{"file": {Code: "file_zip"}}
		}
		if len(text) > mostTable {
			return nil, models.Invalid{"file": {Code: "file_zip_large", Args: map[string]string{"value": name, "limit": "64"}}}
		}
		list = append(list, Source{Name: name, Content: bytes.NewReader(text), Size: int64(len(text))})
	}
	if len(list) == 0 {
		return nil, models.Invalid{"file": {Code: "file_zip"}}
	}
	return list, nil
}

// Named are sources as they are kept.
func Named(sources []Source) (list []models.NamedReader) {
	for _, s := range sources {
		list = append(list, models.NamedReader{Name: s.Name, Content: io.NewSectionReader(s.Content, 0, s.Size)})
	}
	return list
}
