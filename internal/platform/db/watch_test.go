package db_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// A statement that takes much longer than a silent server is waited for is not cut while the server
// answers, by readers and in a write.
func TestALongStatementIsNotCut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, err := db.Open(ctx, dbtest.PostgresURL(t), db.Options{Silence: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const long = `SELECT 1 FROM (SELECT pg_sleep(3)) AS slow`
	if n, err := db.Value[int](ctx, d, long); n != 1 || err != nil {
		t.Errorf("a reader: %v", err)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Value[int](ctx, tx, long)
		return err
	}); err != nil {
		t.Errorf("a write: %v", err)
	}
}
