// Package dbtest runs one test text on both engines. SQLite lives in the test's own folder;
// PostgreSQL is the server that LINLI_TEST_POSTGRES names (make test starts one), where each
// test gets a database of its own. Both are copies of a template: see Template.
package dbtest

import (
	"context"
	"testing"

	_ "linli/internal/platform/clock/clocktest" // the tests' own instant
	"linli/internal/platform/db"
)

// Each runs the test on SQLite and on PostgreSQL, side by side: what follows it in the caller
// does not wait for them.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) { test(t, opened(t, address)) })
}

// EachAddress runs the test with the address of an empty, migrated database of each engine.
func EachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	migrated.Each(t, test)
}

// SQLite opens an empty, migrated SQLite database for the test.
func SQLite(t *testing.T) *db.DB {
	t.Helper()
	return opened(t, migrated.SQLite(t))
}

// Postgres opens an empty, migrated PostgreSQL database for the test.
func Postgres(t *testing.T) *db.DB {
	t.Helper()
	return opened(t, PostgresURL(t))
}

// PostgresURL makes an empty, migrated PostgreSQL database for the test and tells its address.
func PostgresURL(t *testing.T) string {
	t.Helper()
	return migrated.Postgres(t)
}

func opened(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	OnEnd(t, func() { d.Close() })
	return d
}

// OnEnd closes what a test has opened when it ends, and forgets it: package testing keeps every cleanup,
// with all that it holds, until the last test of the package has run.
func OnEnd(t testing.TB, close func()) {
	t.Helper()
	t.Cleanup(func() {
		close()
		close = nil
	})
}
