package exchange

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"chancery/models"

	"chancery/exchange/bucket"
)

// CheckRegister reads an archive that WriteRegister wrote to its end: that its rows
// are whole, that each document that they name is there, and that each file is what
// its hash says. The error is models.ErrDump when that is not so.
func CheckRegister(content io.ReaderAt, size int64) (models.DumpSummary, error) {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return models.DumpSummary{}, fmt.Errorf("checking a register: %w", errors.Join(models.ErrDump, err))
	}
	there := map[string]bool{}
	for _, entry := range archive.File {
		if sum, ok := strings.CutPrefix(entry.Name, "documents/"); ok {
			if err := checkFile(entry, sum); err != nil {
				return models.DumpSummary{}, err
			}
			there[sum] = true
		}
	}
	rows, err := archive.Open(registerName)
	if err != nil {
		return models.DumpSummary{}, fmt.Errorf("checking a register: %w", models.ErrDump)
	}
	defer rows.Close()
	summary, err := models.CheckDump(rows)
	if err != nil {
		return summary, fmt.Errorf("checking a register: %w", err)
	}
	for _, sum := range summary.Files {
		if !there[sum] {
			return summary, fmt.Errorf("document %s is not in it: %w", sum, models.ErrDump)
		}
	}
	return summary, nil
}

// Backup writes a copy of the whole register with its accounts and documents to a
// new file, and reads it again before it bears its name: a file that is there is a
// whole copy. It is one moment's state, and the register goes on meanwhile.
func Backup(ctx context.Context, path string, store *models.Store, files bucket.Bucket) (summary models.DumpSummary,
	err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-")
	if err != nil {
		return summary, fmt.Errorf("backing up: %w", err)
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := WriteRegister(ctx, f, store, files, true); err != nil {
		return summary, err
	}
	if err := f.Sync(); err != nil {
		return summary, fmt.Errorf("backing up: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return summary, fmt.Errorf("backing up: %w", err)
	}
	if summary, err = CheckRegister(f, size); err != nil {
		return summary, fmt.Errorf("the copy is not whole: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return summary, fmt.Errorf("backing up: %w", err)
	}
	return summary, bucket.SyncFolder(filepath.Dir(path))
}

// Backups are copies in a folder or bucket, one a time, the oldest taken out.
type Backups struct {
	Bucket bucket.Bucket
	Keep   int // how many are kept
}

// backupName begins and ends the names of copies; the time stands between, so that
// they sort by it.
const (
	backupPrefix = "chancery-"
	backupSuffix = ".zip"
	backupTime   = "20060102T150405Z"
)

// Take makes a copy, and takes out the oldest beyond those that are kept. Nothing
// is taken out before the new one is there.
func (b Backups) Take(ctx context.Context, store *models.Store, files bucket.Bucket) (name string,
	summary models.DumpSummary, err error) {
	folder, err := os.MkdirTemp("", "chancery-backup-")
	if err != nil {
		return "", summary, fmt.Errorf("backing up: %w", err)
	}
	defer os.RemoveAll(folder)
	name = backupPrefix + store.Now().UTC().Format(backupTime) + backupSuffix
	path := filepath.Join(folder, name)
	if summary, err = Backup(ctx, path, store, files); err != nil {
		return "", summary, err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", summary, fmt.Errorf("backing up: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", summary, fmt.Errorf("backing up: %w", err)
	}
	if err := b.Bucket.Keep(ctx, name, f, info.Size(), "application/zip"); err != nil {
		return "", summary, err
	}
	return name, summary, b.rotate(ctx)
}

func (b Backups) rotate(ctx context.Context) error {
	names, err := b.Names(ctx)
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-b.Keep)] {
		if err := b.Bucket.Remove(ctx, name); err != nil {
			return fmt.Errorf("taking an old backup out: %w", err)
		}
	}
	return nil
}

// Names are the copies that are there, the oldest first; other files are left
// alone.
func (b Backups) Names(ctx context.Context) (names []string, err error) {
	there, err := b.Bucket.Names(ctx, backupPrefix)
	if err != nil {
		return nil, fmt.Errorf("looking for backups: %w", err)
	}
	for _, name := range there {
		middle := strings.TrimSuffix(strings.TrimPrefix(name, backupPrefix), backupSuffix)
		if _, err := time.Parse(backupTime, middle); err == nil && strings.HasSuffix(name, backupSuffix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
