package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/migrations"
)

// Template is a database that is made once on each engine and copied for every test.
type Template struct {
	sqlite   func() ([]byte, error) // content of the file
	postgres func() (string, error) // name of the database
}

// migrated is empty, with this program's schema. All test processes share that of PostgreSQL.
var migrated = &Template{
	sqlite:   sync.OnceValues(func() ([]byte, error) { return fillSQLite(nil, migrate) }),
	postgres: sync.OnceValues(migratedPostgres),
}

func migrate(address string) error {
	d, err := db.Open(context.Background(), address, db.Options{Relaxed: true})
	if err != nil {
		return err
	}
	return d.Close()
}

// NewTemplate returns a template of this test process, which fill makes of an empty, migrated
// database when the first copy is asked for. It must close what it opens.
func NewTemplate(fill func(address string) error) *Template {
	return &Template{
		sqlite: sync.OnceValues(func() ([]byte, error) {
			empty, err := migrated.sqlite()
			if err != nil {
				return nil, err
			}
			return fillSQLite(empty, fill)
		}),
		postgres: sync.OnceValues(func() (string, error) {
			empty, err := migrated.postgres()
			if err != nil {
				return "", err
			}
			name := "linli_template_" + stamp()
			if err := onServer(func(admin *sql.DB) error { return create(admin, name, quoted(empty)) }); err != nil {
				return "", err
			}
			return name, fill(onDatabase(name))
		}),
	}
}

// Each runs the test on a copy of each engine, side by side: what follows it in the caller does
// not wait for them.
func (p *Template) Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, p.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, p.Postgres(t)) })
}

// SQLite is the path of a copy that lives as long as the test.
func (p *Template) SQLite(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "linli.db")
	p.Copy(t, path)
	return path
}

// Copy writes a copy to a path at which there is no file.
func (p *Template) Copy(t *testing.T, path string) {
	t.Helper()
	content, err := p.sqlite()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func fillSQLite(content []byte, fill func(address string) error) ([]byte, error) {
	folder, err := os.MkdirTemp("", "linli-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "linli.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return nil, err
	}
	if err := fill(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // whole: closing the last connection ends the write-ahead log
}

// Postgres is the address of a copy that lives as long as the test. A missing server fails the
// test: an engine is never skipped in silence.
func (p *Template) Postgres(t *testing.T) string {
	t.Helper()
	template, err := p.postgres()
	if err != nil {
		t.Fatal(err)
	}
	return made(t, quoted(template))
}

// BarePostgresURL makes a PostgreSQL database without any table, with what stands behind CREATE
// DATABASE, e.g. the locale; with that of the tests where options are empty.
func BarePostgresURL(t testing.TB, options string) string {
	t.Helper()
	if options == "" {
		options = byBytes
	}
	return made(t, bare+options)
}

const (
	bare    = `template0 ENCODING 'UTF8' `
	byBytes = `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`
)

// made creates a database that lives as long as the test.
func made(t testing.TB, template string) string {
	t.Helper()
	name := "linli_test_" + stamp()
	if err := onServer(func(admin *sql.DB) error { return create(admin, name, template) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = onServer(func(admin *sql.DB) error { return drop(admin, name) }) })
	return onDatabase(name)
}

const lock = 7320700 // any number that all test processes share

// migratedPostgres makes the migrated template, whichever test process comes first, and tells its name.
func migratedPostgres() (string, error) {
	name := "linli_schema_" + fingerprint()
	return name, onServer(func(admin *sql.DB) error {
		ctx := context.Background()
		conn, err := admin.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close() // lets the lock go
		if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
			return err
		}
		if err := dropForgotten(admin); err != nil {
			return err
		}
		var there int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&there); err != nil || there > 0 {
			return err
		}
		raw := "linli_template_" + stamp()
		if err := create(admin, raw, bare+byBytes); err != nil {
			return err
		}
		if err := migrate(onDatabase(raw)); err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, `ALTER DATABASE `+quoted(raw)+` RENAME TO `+quoted(name))
		return err
	})
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

func create(admin *sql.DB, name, template string) error {
	_, err := admin.ExecContext(context.Background(), `CREATE DATABASE `+quoted(name)+` TEMPLATE `+template)
	return err
}

func drop(admin *sql.DB, name string) error {
	_, err := admin.ExecContext(context.Background(), `DROP DATABASE IF EXISTS `+quoted(name)+` WITH (FORCE)`)
	return err
}

// forgottenAfter is how old a database of the tests is when its process has certainly ended.
const forgottenAfter = 2 * time.Hour

// dropForgotten drops what test processes have left on a server that outlives them: each one its
// templates, and those that were killed their copies.
func dropForgotten(admin *sql.DB) error {
	rows, err := admin.QueryContext(context.Background(), `SELECT datname FROM pg_database WHERE datname LIKE 'linli_te%'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var forgotten []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		parts := strings.Split(name, "_")
		if len(parts) < 3 {
			continue
		}
		if made, err := strconv.ParseInt(parts[2], 10, 64); err == nil && now().Sub(time.Unix(made, 0)) > forgottenAfter {
			forgotten = append(forgotten, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range forgotten {
		_ = drop(admin, name) // another process may be at it
	}
	return nil
}

// stamp ends a database's name: when it was made, and chance.
func stamp() string { return fmt.Sprintf("%d_%s", now().Unix(), uuid.NewString()[:13]) }

func now() time.Time { return clock.Machine(clock.Now(context.Background())) }

func quoted(name string) string { return `"` + name + `"` }

func server() (string, error) {
	address := os.Getenv("LINLI_TEST_POSTGRES")
	if address == "" {
		return "", fmt.Errorf("LINLI_TEST_POSTGRES is not set: run the tests by `make test`, or name a PostgreSQL server whose user may create databases")
	}
	return address, nil
}

func onServer(do func(admin *sql.DB) error) error {
	address, err := server()
	if err != nil {
		return err
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer admin.Close()
	return do(admin)
}

func onDatabase(name string) string {
	address, _ := server()
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}
