package app

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// What a city keeps is its user's alone, also what another release left open; the database's log and
// index, too.
func TestDataAreTheUsersAlone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, folder := range []string{"", "files", "files/ab", "incoming"} {
		if err := os.MkdirAll(filepath.Join(data, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"linli.db", "linli.db-wal", "linli.db-shm", "files/ab/old"} {
		if err := os.WriteFile(filepath.Join(data, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(context.Background(), Options{Data: data, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := authority.With(context.Background(), authority.SystemActor("test"))
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, `DELETE FROM casework_upload`); return err }); err != nil {
		t.Fatal(err)
	}
	if err := a.CaseFiles.Store.Put(ctx, "abababababababababababababababababababababababababababababababab",
		bytes.NewReader([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		seen++
		if mode := info.Mode().Perm(); mode&others != 0 {
			t.Errorf("%s is %v", path, mode)
		}
		return nil
	})
	if err != nil || seen < 9 {
		t.Errorf("%d files and folders, %v", seen, err)
	}
}
