package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Here, in migrate.go and wherever a file's name ends in _dialect.go stands all that the two
// engines do differently.

const readers = 8

func open(ctx context.Context, address string, o Options) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address, o)
	}
	return openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"), o)
}

// private makes the database's file belong to its user alone before SQLite opens it: log and index get
// the rights that the file has.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		return f.Close()
	}
	if !os.IsExist(err) {
		return err
	}
	err = nil // not opened: closing it would give up the locks that this process holds on it
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if e := os.Chmod(name, 0o600); e != nil && !os.IsNotExist(e) && !os.IsPermission(e) {
			err = errors.Join(err, e)
		}
	}
	return err
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		return nil, err
	}
	sync, cache, checkpoint := "NORMAL", "-8000", "40000" // wal waits for the disk, and home copies the log long before it is so many pages
	if o.Relaxed {
		sync, cache, checkpoint = "OFF", "-64000", "8000"
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + sync + ")", "foreign_keys(1)",
		"cache_size(" + cache + ")", "wal_autocheckpoint(" + checkpoint + ")", "temp_store(MEMORY)", "journal_size_limit(67108864)",
	}}
	name := (&url.URL{Path: path}).EscapedPath() // a folder may be called anything: #, ? and % too
	pool, err := sql.Open("sqlite", "file:"+name+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	n := max(readers, 2*runtime.NumCPU()) + 1
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	d := &DB{Dialect: SQLite, limits: o, pool: pool, stmts: newStatements()}
	if !o.Relaxed {
		d.log = &wal{path: path + "-wal"}
	}
	return d, nil
}

// IsUnique tells whether an error is a broken unique or primary key.
func IsUnique(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "23505"
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || s.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}
