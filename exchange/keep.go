package exchange

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"gocloud.dev/blob"
)

// Keep writes a file to a bucket. In a folder it is there whole, whatever happens
// to the machine afterwards, or not at all: its content is synced before it gets
// its name, and its name before Keep returns.
func Keep(ctx context.Context, bucket *blob.Bucket, name string, content io.Reader, mediaType string) error {
	ctx, abandon := context.WithCancel(ctx)
	defer abandon()
	var file *os.File // if the bucket is a folder
	w, err := bucket.NewWriter(ctx, name, &blob.WriterOptions{ContentType: mediaType,
		BeforeWrite: func(as func(any) bool) error {
			as(&file)
			return nil
		}})
	if err != nil {
		return fmt.Errorf("keeping a file: %w", err)
	}
	_, err = io.Copy(w, content)
	if err == nil && file != nil {
		err = file.Sync()
	}
	if err != nil {
		abandon()
		w.Close()
		return fmt.Errorf("keeping a file: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("keeping a file: %w", err)
	}
	if file == nil {
		return nil
	}
	folder := filepath.Dir(file.Name())
	for range strings.Count(name, "/") + 1 {
		if err := SyncFolder(folder); err != nil {
			return err
		}
		folder = filepath.Dir(folder)
	}
	return nil
}

// SyncFolder makes the names in a folder certain to be there after a loss of power;
// Windows has no way to.
func SyncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder) // #nosec G304 -- where the operator keeps files
	if err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	return nil
}
