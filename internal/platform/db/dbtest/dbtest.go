// Package dbtest runs one test text on both engines. SQLite lives in the test's own folder;
// PostgreSQL is the server that LINLI_TEST_POSTGRES names (make test starts one), where each
// test gets a database of its own, copied from a migrated template.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"linli/internal/platform/db"
	"linli/migrations"
)

// Each runs the test once on SQLite and once on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// EachAddress runs the test once with the address of an empty database of each engine.
func EachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "linli.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresURL(t)) })
}

// SQLite opens an empty, migrated SQLite database for the test.
func SQLite(t *testing.T) *db.DB {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "linli.db"))
}

// Postgres opens an empty, migrated PostgreSQL database for the test. A missing server fails
// the test: an engine is never skipped in silence.
func Postgres(t *testing.T) *db.DB {
	t.Helper()
	return opened(t, PostgresURL(t))
}

func opened(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// PostgresURL makes an empty, migrated PostgreSQL database for the test and tells its address.
func PostgresURL(t *testing.T) string {
	t.Helper()
	return made(t, func(ctx context.Context, admin *sql.DB, server, name string) error {
		template, err := ensureTemplate(ctx, admin, server)
		if err != nil {
			return err
		}
		return create(ctx, admin, name, template)
	})
}

// BarePostgresURL makes a PostgreSQL database without any table, with what stands behind CREATE DATABASE,
// e.g. the locale; with that of the tests where options are empty.
func BarePostgresURL(t testing.TB, options string) string {
	t.Helper()
	if options == "" {
		options = byBytes
	}
	return made(t, func(ctx context.Context, admin *sql.DB, _, name string) error {
		_, err := admin.ExecContext(ctx, fmt.Sprintf(`CREATE DATABASE %q TEMPLATE template0 ENCODING 'UTF8' %s`, name, options))
		return err
	})
}

const byBytes = `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`

func made(t testing.TB, create func(ctx context.Context, admin *sql.DB, server, name string) error) string {
	t.Helper()
	server := os.Getenv("LINLI_TEST_POSTGRES")
	if server == "" {
		t.Fatal("LINLI_TEST_POSTGRES is not set: run the tests by `make test`, or name a PostgreSQL server whose user may create databases")
	}
	ctx := context.Background()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := "linli_test_" + uuid.NewString()[:13]
	if err := create(ctx, admin, server, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", server)
		if err != nil {
			return
		}
		defer admin.Close()
		_, _ = admin.ExecContext(ctx, fmt.Sprintf(`DROP DATABASE IF EXISTS %q WITH (FORCE)`, name))
	})
	return withDatabase(server, name)
}

const lock = 7320700 // any number that all test processes share

// ensureTemplate makes the migrated template once, whichever test process comes first.
func ensureTemplate(ctx context.Context, admin *sql.DB, server string) (string, error) {
	name := "linli_template_" + fingerprint()
	conn, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return "", err
	}
	defer conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, lock)
	var there int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&there); err != nil || there > 0 {
		return name, err
	}
	raw := name + "_new"
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`DROP DATABASE IF EXISTS %q WITH (FORCE)`, raw)); err != nil {
		return "", err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`CREATE DATABASE %q TEMPLATE template0 ENCODING 'UTF8' %s`, raw, byBytes)); err != nil {
		return "", err
	}
	d, err := db.Open(ctx, withDatabase(server, raw), db.Options{})
	if err != nil {
		return "", err
	}
	d.Close()
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`ALTER DATABASE %q RENAME TO %q`, raw, name))
	return name, err
}

// create copies the template; a template in use by another copy is waited for by the lock.
func create(ctx context.Context, admin *sql.DB, name, template string) error {
	conn, err := admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, lock)
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`CREATE DATABASE %q TEMPLATE %q`, name, template))
	return err
}

func fingerprint() string {
	h := fnv.New64a()
	files, _ := migrations.Files.ReadDir(".")
	for _, f := range files {
		text, _ := migrations.Files.ReadFile(f.Name())
		h.Write([]byte(f.Name()))
		h.Write(text)
	}
	return fmt.Sprintf("%x", h.Sum64())
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}
