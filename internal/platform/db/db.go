// Package db opens the city's database, SQLite by default or PostgreSQL, and gives both one
// shape: SQL text with $1…$n, a handle to read through, and Write, which lets concurrent
// writers share one commit. Instants are BIGINT milliseconds, days TEXT, ids TEXT.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Dialect names the engine.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Reader is what a store function that only reads takes first: the database or a transaction.
type Reader interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// ErrNone says that a row looked for is not there.
var ErrNone = sql.ErrNoRows

// DB is an open database.
type DB struct {
	Dialect Dialect
	pool    *sql.DB
	limits  Options
	writer  *writer
	once    sync.Once   // closing
	stmts   *statements // of the readers, SQLite only: pgx keeps its own, as many on each connection
	log     syncer      // what a commit waits for after it; nil where the commit itself does
	watch   *watch      // PostgreSQL only
	asked   atomic.Int64
}

// syncer waits until the disk has what was written.
type syncer interface {
	Sync() error
	Close() error
}

// Options tune an open database.
type Options struct {
	// Relaxed gives up the wait for the disk at each commit (SQLite only). For loads that
	// are thrown away when they fail, never while serving.
	Relaxed bool
	// AsIs leaves the schema as it is: for tools that must not migrate what they look at.
	AsIs bool
	// Silence is how long PostgreSQL may take to answer that it is there before whoever waits for it is
	// told that it is away. It does not bound a statement of a server that answers. DefaultSilence when 0.
	Silence time.Duration
	// Connect is how long a connection to PostgreSQL may take to open. DefaultConnect when 0.
	Connect time.Duration
}

// How long PostgreSQL is waited for, unless Options say otherwise.
const (
	DefaultSilence = 10 * time.Second
	DefaultConnect = 5 * time.Second
)

// Open opens "postgres://…" or the path of an SQLite file, and migrates it to this program's
// schema. It fails on a database that a newer program has migrated.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Silence <= 0 {
		o.Silence = DefaultSilence
	}
	if o.Connect <= 0 {
		o.Connect = DefaultConnect
	}
	d, err := open(ctx, url, o)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if !o.AsIs {
		if err := d.migrate(ctx); err != nil {
			d.Close()
			return nil, fmt.Errorf("migrate database: %w", err)
		}
	}
	if d.writer, err = newWriter(ctx, d); err != nil {
		d.Close()
		return nil, fmt.Errorf("open database for writing: %w", err)
	}
	return d, nil
}

// Close waits for writes that were begun, then closes.
func (d *DB) Close() (err error) {
	d.once.Do(func() { err = d.close() })
	return err
}

func (d *DB) close() error {
	if d.writer != nil {
		d.writer.close()
	}
	if d.watch != nil {
		defer d.watch.close()
	}
	d.stmts.close() // an open statement would keep SQLite's file open
	return d.pool.Close()
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Query reads rows outside of any write. The caller closes them.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	d.asked.Add(1)
	if d.Dialect == Postgres {
		return d.pool.QueryContext(ctx, query, args...)
	}
	s, err := d.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	defer s.give()
	return s.QueryContext(ctx, args...)
}

// QueryRow reads at most one row outside of any write.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	d.asked.Add(1)
	if d.Dialect == SQLite {
		if s, err := d.prepared(ctx, query); err == nil {
			defer s.give()
			return s.QueryRowContext(ctx, args...)
		}
	}
	return d.pool.QueryRowContext(ctx, query, args...)
}

func (d *DB) prepared(ctx context.Context, query string) (*statement, error) {
	return d.stmts.take(query, func() (*sql.Stmt, error) { return d.pool.PrepareContext(ctx, query) })
}

// Scanner is a row being read.
type Scanner interface{ Scan(dest ...any) error }

// All reads every row of a query.
func All[T any](ctx context.Context, r Reader, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// One reads the first row of a query; ErrNone without one.
func One[T any](ctx context.Context, r Reader, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	return scan(r.QueryRow(ctx, query, args...))
}

// Value reads a single column of a single row.
func Value[T any](ctx context.Context, r Reader, query string, args ...any) (T, error) {
	var v T
	err := r.QueryRow(ctx, query, args...).Scan(&v)
	return v, err
}

// IsNone tells whether an error is the absence of a row.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// List is "($n,$n+1,…)" for count values, with the first number given.
func List(first, count int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range count {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	b.WriteByte(')')
	return b.String()
}

// Containing is what LOWER(column) LIKE … ESCAPE '\' is asked for, to find texts that hold these words as they are written.
func Containing(words string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(words)) + "%"
}

// In is what stands behind IN for values, and args with the values behind them. The list is filled up
// with its last value to the next power of two: a query then has a few texts, which stay prepared, and not
// one for each number of values. No value at all is in an empty list.
func In[S ~string](args []any, values []S) (string, []any) {
	if len(values) == 0 {
		return "(SELECT '' WHERE 1 = 0)", args
	}
	first, count := len(args)+1, 1
	for count < len(values) {
		count *= 2
	}
	for i := range count {
		args = append(args, string(values[min(i, len(values)-1)]))
	}
	return List(first, count), args
}

// Few is a number of rows to read, at least n, of which there are few: for a LIMIT whose text PostgreSQL
// has to know to plan well. What is too much the caller leaves out.
func Few(n int) int {
	for _, few := range []int{1, 6, 21, 51, 101, 201, 501} {
		if n <= few {
			return few
		}
	}
	return (n + 999) / 1000 * 1000
}

// Statements tells how many prepared statements are kept, by the readers and by the writer. On PostgreSQL
// each connection of a reader keeps its own beside them, as many as pgx allows.
func (d *DB) Statements() int {
	readers, _ := d.stmts.count()
	writer, _ := d.writer.stmts.count()
	return readers + writer
}

// Texts tells how many different texts of queries were prepared so far, SQLite's readers' and the writer's.
func (d *DB) Texts() int {
	_, readers := d.stmts.count()
	_, writer := d.writer.stmts.count()
	return readers + writer
}

// Asked tells how many statements were run so far, reading and writing: what a request asks of the database
// is the difference of two.
func (d *DB) Asked() int64 { return d.asked.Load() }
