package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Here, in migrate.go and wherever a file's name ends in _dialect.go stands all that the two
// engines do differently.

const readers = 8

func open(ctx context.Context, address string, o Options) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"), o)
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
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
	d := &DB{Dialect: SQLite, pool: pool}
	if !o.Relaxed {
		d.log = &wal{path: path + "-wal"}
	}
	return d, nil
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	var encoding string
	if err := pool.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil || encoding != "UTF8" {
		pool.Close()
		return nil, errors.Join(err, fmt.Errorf("the database's encoding is %q; UTF8 is needed", encoding))
	}
	return &DB{Dialect: Postgres, pool: pool}, nil
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

// isTransient tells whether running the same transaction again may succeed.
func isTransient(err error) bool {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code == "40001" || p.Code == "40P01" || strings.HasPrefix(p.Code, "57P")
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return s.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return false
}

// Planned marks the arguments of a query that PostgreSQL is to plan anew for their values each
// time: where how much a value fits differs by thousands, one plan for all is wrong for most.
func (d *DB) Planned(args ...any) []any {
	if d.Dialect == SQLite {
		return args
	}
	return append([]any{pgx.QueryExecModeExec}, args...)
}

// writing takes the connection that writes. What a write reads it reads by key: PostgreSQL is kept
// from the plan, made while a table was small and then kept, that reads the whole of it each time.
func (d *DB) writing(ctx context.Context) (*sql.Conn, error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil || d.Dialect == SQLite {
		return conn, err
	}
	if _, err := conn.ExecContext(ctx, "SET enable_seqscan = off"); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (d *DB) begin() string {
	if d.Dialect == SQLite {
		return "BEGIN IMMEDIATE"
	}
	return "BEGIN"
}
