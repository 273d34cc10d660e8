package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// poolMost is how many connections a process opens to PostgreSQL, beside the one that watches it.
const poolMost = 16

func openPostgres(ctx context.Context, address string, o Options) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	w := guard(config, o.Silence, o.Connect)
	pool := stdlib.OpenDB(*config, stdlib.OptionBeforeConnect(w.ends.lead))
	pool.SetMaxOpenConns(poolMost)
	pool.SetMaxIdleConns(poolMost)
	d := &DB{Dialect: Postgres, limits: o, pool: pool, stmts: newStatements(), watch: w}
	w.start()
	if err := d.fits(ctx); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

const howToCreate = `create it by: createdb -T template0 -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 NAME`

// fits refuses a database in which the program's texts would be wrong: ranges of area codes, pages by
// key and the order of ids rest on an order by bytes, whatever locale provider makes it.
func (d *DB) fits(ctx context.Context) error {
	if err := d.pool.PingContext(ctx); err != nil {
		return err
	}
	encoding, err := Value[string](ctx, d, `SHOW server_encoding`)
	if err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %q; UTF8 is needed: %s", encoding, howToCreate)
	}
	byBytes, err := Value[bool](ctx, d, `SELECT 'B' < 'a' AND 'a-c' < 'ab' AND 'a b' < 'a-' AND 'Z' < '_' AND chr(20843) < chr(38463)
		AND '~' < chr(233)`)
	if err != nil {
		return err
	}
	if !byBytes {
		var collation string // for the sentence alone
		_ = d.QueryRow(ctx, `SELECT datcollate FROM pg_database WHERE datname = current_database()`).Scan(&collation)
		return fmt.Errorf("the database sorts by a language (%s); Linli needs one that sorts by bytes: %s", collation, howToCreate)
	}
	return d.pinned(ctx)
}

// pinned refuses a pooler that gives each transaction another connection of the server (PgBouncer's
// pool_mode transaction or statement): the writer keeps settings and prepared statements on its own.
// Such a pooler gives the connection that is idle to whoever asks next, so two callers share one.
func (d *DB) pinned(ctx context.Context) error {
	first, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer first.Close()
	mine, err := backend(ctx, first)
	if err != nil {
		return err
	}
	second, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer second.Close()
	if other, err := backend(ctx, second); err != nil || other == mine {
		return errors.Join(err, errors.New("the pooler before PostgreSQL shares connections between callers; set its pool_mode to session"))
	}
	return nil
}

// backend is the server's process behind a connection.
func backend(ctx context.Context, conn *sql.Conn) (pid int, err error) {
	return pid, conn.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&pid)
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
// Locks are waited for as long as a silent server is. A transaction whose process is frozen or cut off
// is ended by the server after twice that, so that the other processes' turn comes.
func (d *DB) writing(ctx context.Context) (*sql.Conn, error) {
	conn, err := d.pool.Conn(ctx)
	if err != nil || d.Dialect == SQLite {
		return conn, err
	}
	ms := d.limits.Silence.Milliseconds()
	_, err = conn.ExecContext(ctx, fmt.Sprintf(`SET enable_seqscan = off; SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d; SET tcp_user_timeout = %d`,
		ms, 2*ms, ms), pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// writeLock is the advisory lock that makes one writer of all processes on a PostgreSQL database.
// Migrations hold it, too.
const writeLock = 0x6c696e6c69 // "linli"

// begin opens a transaction on the connection that writes, and takes the turn over all processes in the
// same round trip. PostgreSQL hands the lock on in the order in which it was asked for, and each statement
// after it sees what was committed before, whatever isolation the database has by default.
func (d *DB) begin(ctx context.Context, conn *sql.Conn) error {
	query, args := "BEGIN IMMEDIATE", []any(nil)
	if d.Dialect == Postgres {
		query = fmt.Sprintf(`BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(%d)`, int64(writeLock))
		args = []any{pgx.QueryExecModeSimpleProtocol}
	}
	_, err := conn.ExecContext(ctx, query, args...)
	return err
}

// usable tells whether the transaction of a connection takes further statements: PostgreSQL refuses them
// after one has failed.
func (d *DB) usable(conn *sql.Conn) bool {
	if d.Dialect == SQLite {
		return true
	}
	ok := false
	_ = conn.Raw(func(c any) error {
		ok = c.(*stdlib.Conn).Conn().PgConn().TxStatus() == 'T'
		return nil
	})
	return ok
}
