package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"linli/migrations"
)

// migrate brings the schema to the newest of the embedded sequence. On PostgreSQL it is the only writer
// meanwhile, so that of several processes that start at once one migrates and the others wait for it.
// It fails on a database that a newer program has migrated, and changes nothing there.
func (d *DB) migrate(ctx context.Context) error {
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption(nil)
	if d.Dialect == Postgres {
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(turn{}))
	}
	p, err := goose.NewProvider(dialect, d.pool, migrations.For(string(d.Dialect)), options...)
	if err != nil {
		return err
	}
	has, mine, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > mine {
		return fmt.Errorf("a newer program has migrated this database: it is at version %d, this program at %d; start the newer program, or restore a backup made before", has, mine)
	}
	_, err = p.Up(ctx)
	return err
}

// turn is goose's lock: the one of the writers, held by the session that migrates.
type turn struct{}

func (turn) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(writeLock))
	return err
}

func (turn) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(writeLock))
	return err
}
