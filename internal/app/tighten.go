package app

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// others are the rights of everybody but the program's user.
const others fs.FileMode = 0o077

// tighten takes the rights of others away from the data folder and all that lies in it, as an earlier
// release or another umask left them. A folder that is private already is not looked into: nobody
// reaches what lies below it. Nor is one that the machine shares (/tmp): others need their rights there.
func tighten(folder string) error {
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it is made private
	}
	if err != nil || info.Mode().Perm()&others == 0 {
		return err
	}
	if info.Mode()&fs.ModeSticky != 0 {
		slog.Warn("the data folder is one that the whole machine shares; its rights stay as they are", "path", folder)
		return nil
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || d != nil && d.Type()&fs.ModeSymlink != 0 {
			return nil // gone since, or not ours to follow
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm()&others == 0 {
			return nil
		}
		if err == nil {
			err = os.Chmod(path, info.Mode().Perm()&^others)
		}
		if errors.Is(err, fs.ErrPermission) {
			slog.Warn("others may read this, and its rights cannot be changed", "path", path)
			return nil
		}
		return err
	})
}
