package db_test

import (
	"context"
	"errors"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// Rows of SQLite arrive on PostgreSQL as they were, in place of what was there; a table that must be empty and
// is not keeps everything as it was.
func TestTransfer(t *testing.T) {
	t.Parallel()
	ctx, from, to := context.Background(), dbtest.SQLite(t), dbtest.Postgres(t)
	write := func(d *db.DB, query string, args ...any) {
		t.Helper()
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	write(from, `CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT, small INTEGER, at DOUBLE PRECISION, words TEXT)`)
	write(to, `CREATE TABLE thing (id TEXT PRIMARY KEY, n BIGINT, small INTEGER, at DOUBLE PRECISION, words TEXT,
		own TEXT NOT NULL DEFAULT '-')`)
	write(from, `INSERT INTO thing VALUES ('a', 9223372036854775807, -1, 119.25, '邻里 "\t\\N'), ('b', NULL, NULL, NULL, ''), ('c', 0, 1, 120,
		NULL)`)
	write(to, `INSERT INTO thing (id, n) VALUES ('old', 1)`)
	if err := to.Transfer(ctx, from, "registry_area", "thing"); !errors.Is(err, db.ErrFilled) {
		t.Fatalf("rows are copied over a filled table: %v", err)
	}
	if n, err := db.Value[int](ctx, to, `SELECT COUNT(*) FROM thing WHERE id = 'old'`); n != 1 || err != nil {
		t.Fatalf("%d rows are left: %v", n, err)
	}
	if err := to.Transfer(ctx, from, "registry_area"); err != nil {
		t.Fatal(err)
	}
	const all = `SELECT id || '|' || COALESCE(CAST(n AS TEXT), 'NULL') || '|' || COALESCE(CAST(small AS TEXT),
		'NULL') || '|' || COALESCE(words, 'NULL') FROM thing ORDER BY id`
	text := func(r db.Scanner) (s string, err error) { return s, r.Scan(&s) }
	want, err := db.All(ctx, from, text, all)
	if err != nil || len(want) != 3 {
		t.Fatal(want, err)
	}
	got, err := db.All(ctx, to, text, all)
	if err != nil || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %q, want %q: %v", got, want, err)
	}
	if at, err := db.Value[float64](ctx, to, `SELECT SUM(at) FROM thing WHERE own = '-'`); at != 239.25 || err != nil {
		t.Errorf("the numbers sum up to %v: %v", at, err)
	}
}
