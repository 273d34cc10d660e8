package db_test

import (
	"database/sql"
	"fmt"
	"testing"

	"linli/internal/platform/db"
)

// A connection that was closed under a statement, because the database went away, is no fault of
// what was asked.
func TestAClosedConnectionIsADatabaseAway(t *testing.T) {
	t.Parallel()
	if e := db.Trouble(fmt.Errorf("read: %w", sql.ErrConnDone)); e == nil || e.Key != "db.away" {
		t.Errorf("told as %v", e)
	}
	if e := db.Trouble(sql.ErrNoRows); e != nil {
		t.Errorf("a missing row is told as %v", e)
	}
}
