// Package sample holds the real data set that comes with the program, compressed,
// with its licence in ggo/README.md.
package sample

import (
	"context"
	"embed"
	"errors"

	"chancery/exchange"
	"chancery/models"
)

//go:embed ggo
var files embed.FS

// Begin leaves the GGO data set of agreements and parties to an importer, and gives
// the number of the import.
func Begin(ctx context.Context, store *models.Store, change models.Change) (id int64, err error) {
	var named []models.NamedReader
	for _, name := range []string{"ggo-agreements.csv.gz", "ggo-parties.csv.gz"} {
		f, err := files.Open("ggo/" + name)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		named = append(named, models.NamedReader{Name: name, Content: f})
	}
	for _, m := range exchange.KnownMappings() {
		if m.Name == "ggo" {
			m.AtOnce = true
			if id, err = store.Bulk().NewImport(ctx, m, named, change); err != nil {
				return 0, err
			}
			return id, store.Bulk().CheckImport(ctx, id)
		}
	}
	return 0, errors.New("the mapping ggo is missing")
}

// Load brings the data set into a register.
func Load(ctx context.Context, store *models.Store, importer *exchange.Importer, actor string) (*models.Import, error) {
	id, err := Begin(ctx, store, models.Change{Actor: actor})
	if err != nil {
		return nil, err
	}
	if err := importer.Settle(ctx); err != nil {
		return nil, err
	}
	imp, _, err := store.Bulk().Import(ctx, id)
	if err != nil {
		return nil, err
	}
	if problem, failed := imp.Failure(); failed {
		return imp, models.Invalid{"file": problem}
	}
	return imp, nil
}
