package models

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"
)

// An ImportFile is one of an import's files.
type ImportFile struct {
	ImportID int64  `json:"-"`
	Number   int    `json:"number"`
	Name     string `json:"name"`
	Size     int64  `json:"size"` // bytes
}

// A NamedReader is a file's name and content.
type NamedReader struct {
	Name    string
	Content io.Reader
}

// writeChunks keeps a file in pieces, so that none is held whole in memory.
func writeChunks(tx *gorm.DB, id int64, file int, content io.Reader) (size int64, err error) {
	buffer := make([]byte, chunkSize)
	for n := 0; ; n++ {
		read, err := io.ReadFull(content, buffer)
		if read > 0 {
			if e := tx.Exec("INSERT INTO import_chunks (import_id, file, number, data) VALUES (?, ?, ?, ?)", id, file, n,
				buffer[:read]).Error; e != nil {
				return size, e
			}
			size += int64(read)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return size, nil
		}
		if err != nil {
			return size, err
		}
	}
}

// FileContent reads a file of an import from the register; it holds one chunk at a
// time.
func (s Bulk) FileContent(ctx context.Context, f ImportFile) io.ReaderAt {
	return &chunks{ctx: ctx, store: s.Store, file: f, number: -1}
}

type chunks struct {
	ctx    context.Context
	store  *Store
	file   ImportFile
	number int64
	data   []byte
}

// ReadAt reads from the chunks; it is not for use by several at once.
func (c *chunks) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		if at+int64(n) >= c.file.Size {
			return n, io.EOF
		}
		number := (at + int64(n)) / chunkSize
		if number != c.number {
			var rows []struct{ Data []byte }
			err := c.store.read.WithContext(c.ctx).Raw(
				"SELECT data FROM import_chunks WHERE import_id = ? AND file = ? AND number = ?", c.file.ImportID, c.file.Number,
				number).Scan(&rows).Error
			if err != nil {
				return n, fmt.Errorf("reading a file of import %d: %w", c.file.ImportID, err)
			}
			if len(rows) == 0 {
				return n, fmt.Errorf("a file of import %d: %w", c.file.ImportID, ErrNotFound)
			}
			c.number, c.data = number, rows[0].Data
		}
		n += copy(p[n:], c.data[at+int64(n)-number*chunkSize:])
	}
	return n, nil
}

// forgetFiles takes the content of an import's files away: nothing more is to be
// read of them.
func forgetFiles(tx *gorm.DB, id int64) error {
	return tx.Exec("DELETE FROM import_chunks WHERE import_id = ?", id).Error
}
