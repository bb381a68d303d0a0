// Package sample holds the real data set that comes with the program, compressed, with its licence in ggo/README.md.
package sample

import "embed"

// Files are the tables of the GGO data set: ggo/ggo-agreements.csv.gz and ggo/ggo-parties.csv.gz.
//
//go:embed ggo
var Files embed.FS
