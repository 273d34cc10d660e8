package bucket

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// folder keeps contents on a disk, for its user alone.
type folder string

// partial begins the names of files that are still being written.
const partial = ".part-"

func (f folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

func (f folder) Put(ctx context.Context, name string, r io.Reader, _ int64) error {
	path := f.path(name)
	part, err := begin(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // gone already once it was renamed
	if _, err = io.Copy(part, r); err == nil {
		err = errors.Join(ctx.Err(), part.Sync())
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return err
	}
	return sync(filepath.Dir(path))
}

// begin makes a file in a directory, and the directory, which may go with its last other file meanwhile.
func begin(directory string) (part *os.File, err error) {
	for range 10 {
		if err = os.MkdirAll(directory, 0o700); err != nil {
			return nil, err
		}
		if part, err = os.CreateTemp(directory, partial+"*"); !errors.Is(err, fs.ErrNotExist) { // 0600, whatever the umask
			break
		}
	}
	return part, err
}

// sync brings the names of a directory to disk.
func sync(directory string) error {
	d, err := os.Open(directory)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(f.path(name))
}

func (f folder) Stat(_ context.Context, name string) (Entry, error) {
	info, err := os.Stat(f.path(name))
	if err != nil {
		return Entry{}, err
	}
	return Entry{name, info.Size(), info.ModTime()}, nil
}

func (f folder) Each(ctx context.Context, below string, tell func(Entry) error) error {
	return filepath.WalkDir(f.path(below), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil || d.IsDir() || strings.HasPrefix(d.Name(), partial) {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // removed since the directory was read
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(string(f), path)
		if err != nil {
			return err
		}
		return tell(Entry{filepath.ToSlash(name), info.Size(), info.ModTime()})
	})
}

func (f folder) Remove(_ context.Context, name string) error {
	path := f.path(name)
	if err := os.Remove(path); err != nil {
		return err
	}
	if filepath.Dir(path) != filepath.Clean(string(f)) {
		_ = os.Remove(filepath.Dir(path)) // goes with its last file
	}
	return nil
}
