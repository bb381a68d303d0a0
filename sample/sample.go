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

// Load brings the GGO data set of agreements and parties into a register.
func Load(ctx context.Context, importer *exchange.Importer, actor string) (*models.Import, error) {
	var named []models.NamedReader
	for _, name := range []string{"ggo-agreements.csv.gz", "ggo-parties.csv.gz"} {
		f, err := files.Open("ggo/" + name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		named = append(named, models.NamedReader{Name: name, Content: f})
	}
	for _, m := range exchange.KnownMappings() {
		if m.Name == "ggo" {
			return importer.BringIn(ctx, m, named, models.Change{Actor: actor}, false)
		}
	}
	return nil, errors.New("the mapping ggo is missing")
}
