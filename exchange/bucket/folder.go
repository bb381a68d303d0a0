package bucket

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// folder is a bucket on this machine. Names cannot lead out of it.
type folder struct {
	path string
	root *os.Root
}

func openFolder(at string) (Bucket, error) {
	_, missing := os.Stat(at)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, err
	}
	if missing != nil {
		if err := SyncFolder(filepath.Dir(at)); err != nil {
			return nil, err
		}
	}
	return folder{at, root}, nil
}

// partSuffix ends the name of a file that is being written.
const partSuffix = ".part"

// Keep syncs the content before it gets its name, and the name before it returns:
// the file is there whole, whatever happens to the machine, or not at all.
func (f folder) Keep(ctx context.Context, name string, content io.Reader, size int64, _ string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keeping %s: %w", name, err)
		}
	}()
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	at := name + "-" + rand.Text() + partSuffix
	part, err := f.root.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.root.Remove(at) // in vain once it has its name
	written, err := io.Copy(part, io.LimitReader(content, size+1))
	if err == nil && written != size {
		err = fmt.Errorf("%d bytes came of %d", written, size)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = part.Sync()
	}
	if err := errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := f.root.Rename(at, name); err != nil {
		return err
	}
	for at := path.Dir(name); ; at = path.Dir(at) {
		if err := SyncFolder(filepath.Join(f.path, at)); err != nil || at == "." {
			return err
		}
	}
}

func (f folder) Open(_ context.Context, name string) (io.ReadCloser, error) { return f.root.Open(name) }

func (f folder) Names(_ context.Context, prefix string) (names []string, err error) {
	err = fs.WalkDir(f.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, partSuffix) {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

func (f folder) Remove(_ context.Context, name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
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
