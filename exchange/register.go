package exchange

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"chancery/models"

	"chancery/exchange/bucket"
)

// A whole register is a ZIP: register.jsonl, the rows of its tables, and documents/
// with the files of documents under their SHA-256.
const registerName = "register.jsonl"

// FileKey is where a document's file lies in a bucket.
func FileKey(sum string) string { return sum[:2] + "/" + sum }

// WriteRegister writes a whole register, from which another takes up where it
// stands. Accounts are written only if asked for: they hold hashes of passwords.
func WriteRegister(ctx context.Context, w io.Writer, store *models.Store, files bucket.Bucket, accounts bool) error {
	archive := zip.NewWriter(w)
	entry, err := archive.Create(registerName)
	if err != nil {
		return fmt.Errorf("writing the register: %w", err)
	}
	if err := store.Upkeep().Dump(ctx, entry, accounts); err != nil {
		return err
	}
	sums, err := store.Documents().FileSums(ctx)
	if err != nil {
		return err
	}
	for _, sum := range sums {
		if err := archiveFile(ctx, archive, files, sum); err != nil {
			return fmt.Errorf("writing document %s: %w", sum, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("writing the register: %w", err)
	}
	return nil
}

func archiveFile(ctx context.Context, archive *zip.Writer, files bucket.Bucket, sum string) error {
	reader, err := files.Open(ctx, FileKey(sum))
	if err != nil {
		return err
	}
	defer reader.Close()
	entry, err := archive.CreateHeader(&zip.FileHeader{Name: "documents/" + sum, Method: zip.Store})
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, reader)
	return err
}

// IsRegister tells whether a file is a whole register.
func IsRegister(content io.ReaderAt, size int64) bool {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return false
	}
	_, err = fs.Stat(archive, registerName)
	return err == nil
}

// ReadRegister fills an empty register from what WriteRegister wrote. Files are
// checked against their hashes before anything is written. The error is
// models.ErrDump when the archive is damaged or not whole.
func ReadRegister(ctx context.Context, content io.ReaderAt, size int64, store *models.Store, files bucket.Bucket) error {
	archive, err := zip.NewReader(content, size)
	if err != nil {
		return fmt.Errorf("reading a register: %w", errors.Join(models.ErrDump, err))
	}
	for _, entry := range archive.File {
		if sum, ok := strings.CutPrefix(entry.Name, "documents/"); ok {
			if err := checkFile(entry, sum); err != nil {
				return err
			}
		}
	}
	rows, err := archive.Open(registerName)
	if err != nil {
		return fmt.Errorf("reading a register: %w", models.ErrDump)
	}
	defer rows.Close()
	return store.Upkeep().LoadDump(ctx, rows, func() error {
		for _, entry := range archive.File {
			if sum, ok := strings.CutPrefix(entry.Name, "documents/"); ok {
				if err := unpackFile(ctx, entry, files, sum); err != nil {
					return fmt.Errorf("document %s: %w", sum, err)
				}
			}
		}
		return nil
	})
}

func checkFile(entry *zip.File, sum string) error {
	damaged := fmt.Errorf("document %s: %w", sum, models.ErrDump)
	reader, err := entry.Open()
	if err != nil {
		return damaged
	}
	defer reader.Close()
	hash := sha256.New()
	// #nosec G110 -- an archive that the operator trusts
	if _, err := io.Copy(hash, reader); err != nil || hex.EncodeToString(hash.Sum(nil)) != sum {
		return damaged
	}
	return nil
}

func unpackFile(ctx context.Context, entry *zip.File, files bucket.Bucket, sum string) error {
	reader, err := entry.Open()
	if err != nil {
		return err
	}
	defer reader.Close()
	size := int64(entry.UncompressedSize64) // #nosec G115 -- an archive that the operator trusts
	return files.Keep(ctx, FileKey(sum), reader, size, "application/octet-stream")
}
