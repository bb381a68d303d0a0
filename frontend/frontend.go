// Package frontend is what people see: pages, their parts, words and static files.
package frontend

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"sync"
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

var hashes sync.Map

// Asset is the address of a static file; it changes with the file, so that a
// reader's copy can be kept for good.
func Asset(name string) string {
	if hash, ok := hashes.Load(name); ok {
		return "/static/" + name + "?v=" + hash.(string)
	}
	content, err := static.ReadFile("static/" + name)
	if err != nil {
		panic(err) // a page names a file that is not there
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:6])
	hashes.Store(name, hash)
	return "/static/" + name + "?v=" + hash
}
