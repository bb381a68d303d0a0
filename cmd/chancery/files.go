package main

import (
	"bytes"
	"context"
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
	"chancery/handlers"
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
	if err := limitProcess(wordsMemory, wordsHold); err != nil {
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
