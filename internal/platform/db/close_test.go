package db_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/platform/db"
)

// A closed SQLite database is one file: nothing of it stays behind in the log beside it.
func TestCloseLeavesOneFile(t *testing.T) {
	t.Parallel()
	ctx, folder := context.Background(), t.TempDir()
	d, err := db.Open(ctx, filepath.Join(folder, "linli.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	write := func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE close_test (a TEXT NOT NULL)`)
		return err
	}
	if err := d.Write(ctx, write); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Value[int](ctx, d, `SELECT count(*) FROM close_test`); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Errorf("%d files are left, want the database alone: %v", len(files), files)
	}
}
