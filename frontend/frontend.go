// Package frontend is what people see: pages, their parts, words and static files.
package frontend

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// flags are 257 drawings, a third of their size when packed.
//
//go:embed flags.zip
var flags string

// Static holds style, scripts, fonts and, under vendor/flags, flags.
func Static() fs.FS {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	packed, err := zip.NewReader(strings.NewReader(flags), int64(len(flags)))
	if err != nil {
		panic(err) // so is the file
	}
	return withFlags{files, packed}
}

// withFlags are files with those of an archive among them.
type withFlags struct {
	fs.FS
	flags *zip.Reader
}

// Open opens a file. That of a flag can be sought in, as who serves it wants.
func (f withFlags) Open(name string) (fs.File, error) {
	flag, is := strings.CutPrefix(name, "vendor/flags/")
	if !is {
		return f.FS.Open(name)
	}
	packed, err := f.flags.Open(flag)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(packed)
	if err != nil {
		return nil, err
	}
	return unpacked{packed, bytes.NewReader(content)}, nil
}

// unpacked is a file of an archive that was read to its end.
type unpacked struct {
	fs.File
	content *bytes.Reader
}

func (f unpacked) Read(p []byte) (int, error)               { return f.content.Read(p) }
func (f unpacked) Seek(to int64, whence int) (int64, error) { return f.content.Seek(to, whence) }

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
