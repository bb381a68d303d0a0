package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// folder is a bucket on this machine.
type folder string

func openFolder(at string) (Bucket, error) {
	_, missing := os.Stat(at)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return nil, err
	}
	if missing != nil {
		return folder(at), SyncFolder(filepath.Dir(at))
	}
	return folder(at), nil
}

// path is where a file lies; a name that leads out of the folder is an error.
func (f folder) path(name string) (string, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return "", &fs.PathError{Op: "find", Path: name, Err: err}
	}
	return filepath.Join(string(f), local), nil
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
	to, err := f.path(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+"-*"+partSuffix)
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // in vain once it has its name
	// Through plain writes, whose order on the disk is tried by cutting the power.
	written, err := io.Copy(struct{ io.Writer }{part}, io.LimitReader(content, size+1))
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
	if err := os.Rename(part.Name(), to); err != nil {
		return err
	}
	for range strings.Count(name, "/") + 1 {
		to = filepath.Dir(to)
		if err := SyncFolder(to); err != nil {
			return err
		}
	}
	return nil
}

func (f folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	at, err := f.path(name)
	if err != nil {
		return nil, err
	}
	return os.Open(at) // #nosec G304 -- in the folder
}

func (f folder) Names(_ context.Context, prefix string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(string(f)), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasPrefix(name, prefix) && !strings.HasSuffix(name, partSuffix) {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

func (f folder) Remove(_ context.Context, name string) error {
	at, err := f.path(name)
	if err == nil {
		err = os.Remove(at)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
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
