package db

import (
	"context"

	"github.com/pressly/goose/v3"

	"linli/migrations"
)

// migrate brings the schema to the newest of the embedded sequence.
func (d *DB) migrate(ctx context.Context) error {
	dialect := goose.DialectSQLite3
	if d.Dialect == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.pool, migrations.For(string(d.Dialect)))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
