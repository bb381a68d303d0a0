// Package frontend is what people see: pages, their parts, words and static files.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed static
var static embed.FS

// Static holds style, scripts, fonts and flags.
func Static() fs.FS {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return files
}
