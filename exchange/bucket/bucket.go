// Package bucket keeps files under names, in a folder or in a bucket of a service
// that speaks S3. It is where documents and backups lie.
package bucket

import (
	"context"
	"io"
	"strings"
)

// Bucket keeps files under names such as ab/abcd: relative, with slashes.
type Bucket interface {
	// Keep writes a file of size bytes. It is there whole when Keep returns, and not at
	// all, or as it was, when that fails.
	Keep(ctx context.Context, name string, content io.Reader, size int64, mediaType string) error
	// Open reads a file. The error is fs.ErrNotExist if there is none of this name.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Names are those of the files that begin with prefix, in no order.
	Names(ctx context.Context, prefix string) ([]string, error)
	// Remove takes a file out; one that is not there is no error.
	Remove(ctx context.Context, name string) error
}

// Open opens the bucket at an address: a folder, which it makes if there is none, or
// s3://NAME?region=REGION&endpoint=ADDRESS.
func Open(address string) (Bucket, error) {
	if strings.Contains(address, "://") {
		return openS3(address)
	}
	return openFolder(address)
}
