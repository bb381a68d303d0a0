package exchange

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"path"

	"chancery/models"
)

// Known sources are mappings like any other.
//
//go:embed sources/*.json
var knownSources embed.FS

// KnownMappings are those that come with the program, by name.
func KnownMappings() (list []models.Mapping) {
	entries, err := knownSources.ReadDir("sources")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, e := range entries {
		f, err := knownSources.Open(path.Join("sources", e.Name()))
		if err != nil {
			panic(err)
		}
		m, err := ReadMapping(f)
		f.Close()
		if err != nil {
			panic(fmt.Errorf("%s: %w", e.Name(), err))
		}
		list = append(list, m)
	}
	return list
}

// AllMappings are those that come with the program and those that were saved; a
// saved one goes before one of the same name.
func AllMappings(ctx context.Context, store *models.Store) ([]models.Mapping, error) {
	list, err := store.Bulk().Mappings(ctx)
	if err != nil {
		return nil, err
	}
	saved := map[string]bool{}
	for _, m := range list {
		saved[m.Name] = true
	}
	for _, m := range KnownMappings() {
		if !saved[m.Name] {
			list = append(list, m)
		}
	}
	return list, nil
}

// mostMapping is how long a mapping's file may be, in bytes.
const mostMapping = 1 << 20

// ReadMapping reads a mapping that was given as a file. The error is Invalid when
// it is none.
func ReadMapping(r io.Reader) (m models.Mapping, err error) {
	decoder := json.NewDecoder(io.LimitReader(r, mostMapping))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return m, models.Invalid{"mapping": {Code: "mapping_file", Args: map[string]string{"reason": err.Error()}}}
	}
	return m, m.Check()
}

// fits tells whether a mapping is made for a file with these columns.
func fits(t models.TableMapping, columns []string) bool {
	has := map[string]bool{}
	for _, name := range columns {
		has[name] = true
	}
	for _, c := range t.Columns {
		if !has[c.Column] {
			return false
		}
	}
	return len(t.Columns) > 0
}
