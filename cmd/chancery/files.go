package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"chancery/exchange"
	"chancery/exchange/bucket"
	"chancery/exchange/sheet"
	"chancery/handlers"
	"chancery/models"
)

// files opens where documents lie: a folder, or a bucket such as
// s3://treaties?region=eu-central-1. By default it is a folder beside the SQLite
// file.
func files(address, database string, most int64) (*handlers.Files, error) {
	if address == "" {
		address = "chancery-documents"
		if !onServer(database) {
			address = strings.TrimSuffix(database, filepath.Ext(database)) + "-documents"
		}
	}
	where, err := bucket.Open(address)
	if err != nil {
		return nil, fmt.Errorf("documents cannot be kept at %s: %w", address, err)
	}
	return &handlers.Files{Bucket: where, Words: wordsElsewhere, Most: most}, nil
}

// wordsHold is how long reading one document may take.
const wordsHold = 20 * time.Second

// wordsElsewhere has another process read a document, with little memory and time:
// a hostile file ends that one alone.
func wordsElsewhere(ctx context.Context, path, mediaType string) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, wordsHold)
	defer cancel()
	command := exec.CommandContext(ctx, program, "words", mediaType,
		path) // #nosec G204 -- this very program, on a file it named itself
	command.Env = []string{"GOTRACEBACK=none"}
	var words, said bytes.Buffer
	command.Stdout, command.Stderr = &words, &said
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return "", errors.New("it takes too long to read")
		}
		line, _, _ := strings.Cut(strings.TrimPrefix(said.String(), "chancery: "), "\n")
		return "", fmt.Errorf("%s (%w)", line, err)
	}
	return exchange.Plain(words.String()), nil
}

type wordsCommand struct {
	Type string `arg:""`
	File string `arg:"" type:"existingfile"`
}

// wordsMemory is how much memory reading one document may take, in bytes.
const wordsMemory = 512 << 20

func (c *wordsCommand) Run() error {
	debug.SetMemoryLimit(wordsMemory / 2)
	if err := limitProcess(wordsMemory, wordsHold, 0); err != nil {
		return fmt.Errorf("limiting: %w", err)
	}
	read := exchange.PDFWords
	if c.Type == "text/plain" {
		read = exchange.TextWords
	}
	words, err := read(c.File)
	if err != nil {
		return err
	}
	_, err = io.WriteString(os.Stdout, words)
	return err
}

// What reading a table may take in a process of its own: memory, processor time, and
// a file that is unpacked.
const (
	vetMemory = 1 << 30
	vetHold   = time.Minute
	vetFile   = 1 << 30
)

// vetElsewhere has another process read a table before this one does: a hostile file
// ends that one alone. The error is Invalid, by the field "file".
func vetElsewhere(ctx context.Context, path string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, vetHold)
	defer cancel()
	command := exec.CommandContext(ctx, program, "vet", path) // #nosec G204 -- this very program, on a file it named itself
	command.Env = []string{"GOTRACEBACK=none", "TMPDIR=" + filepath.Dir(path)}
	var said bytes.Buffer
	command.Stdout = &said
	if err := command.Run(); err != nil {
		return models.Invalid{"file": {Code: "file_dear"}}
	}
	invalid := models.Invalid{}
	if err := json.Unmarshal(said.Bytes(), &invalid); err != nil || len(invalid) > 0 {
		return errors.Join(err, invalid)
	}
	return nil
}

type vetCommand struct {
	File string `arg:"" type:"existingfile"`
}

// Run writes what is wrong with the file, as JSON.
func (c *vetCommand) Run(ctx context.Context) error {
	debug.SetMemoryLimit(vetMemory / 2)
	if err := limitProcess(vetMemory, vetHold, vetFile); err != nil {
		return fmt.Errorf("limiting: %w", err)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	invalid := models.Invalid{}
	if err := sheet.Vet(ctx, file, info.Size()); err != nil && !errors.As(err, &invalid) {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(invalid)
}
