package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Transfer replaces every row of a PostgreSQL database by those of an SQLite database of the same schema, in one
// transaction that holds the writer's turn over all processes. Tables named in empty must hold no row. A
// column that only PostgreSQL has gets its default. What processes keep in memory is not told: open the
// database anew. Error: ErrFilled.
func (d *DB) Transfer(ctx context.Context, from *DB, empty ...string) error {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		return pgx.BeginFunc(ctx, c.(*stdlib.Conn).Conn(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(writeLock)); err != nil {
				return err
			}
			for _, table := range empty {
				var filled bool
				if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+table+`)`).Scan(&filled); err != nil {
					return err
				}
				if filled {
					return ErrFilled
				}
			}
			return transferTables(ctx, tx, from)
		})
	})
}

// transferTables copies table by table.
func transferTables(ctx context.Context, tx pgx.Tx, from *DB) error {
	rows, err := tx.Query(ctx, `SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' GROUP BY table_name ORDER BY table_name`)
	if err != nil {
		return err
	}
	type table struct{ Name, Columns string }
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := transferTable(ctx, tx, from, t.Name, strings.Fields(t.Columns)); err != nil {
			return fmt.Errorf("copy of table %s: %w", t.Name, err)
		}
	}
	_, err = tx.Exec(ctx, `ANALYZE`) // the planner would know the rows a minute later only
	return err
}

func transferTable(ctx context.Context, tx pgx.Tx, from *DB, table string, columns []string) error {
	has, err := All(ctx, from, func(r Scanner) (name string, err error) { return name, r.Scan(&name) },
		`SELECT name FROM pragma_table_info($1)`, table)
	if err != nil {
		return err
	}
	columns = slices.DeleteFunc(columns, func(c string) bool { return !slices.Contains(has, c) })
	rows, err := from.Query(ctx, `SELECT "`+strings.Join(columns, `","`)+`" FROM "`+table+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	name := pgx.Identifier{table}
	if _, err := tx.Exec(ctx, `TRUNCATE `+name.Sanitize()); err != nil {
		return err
	}
	source := &rowsOf{Rows: rows, values: make([]any, len(columns)), into: make([]any, len(columns))}
	for i := range source.values {
		source.into[i] = &source.values[i]
	}
	_, err = tx.CopyFrom(ctx, name, columns, source)
	return err
}

// rowsOf gives rows to COPY.
type rowsOf struct {
	*sql.Rows
	values, into []any
}

func (r *rowsOf) Values() ([]any, error) { return r.values, r.Scan(r.into...) }
