package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
)

// Copy writes a consistent copy of the database to a new file while others read and write:
// an SQLite file, or on PostgreSQL what pg_dump writes in its custom form. Tables of empty are copied
// without their rows.
func (d *DB) Copy(ctx context.Context, address, path string, empty ...string) error {
	if d.Dialect == SQLite {
		if _, err := d.pool.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
			return err
		}
		return clear(ctx, path, empty)
	}
	args := []string{"--format=custom", "--no-owner", "--no-privileges", "--file=" + path}
	for _, table := range empty {
		args = append(args, "--exclude-table-data="+table)
	}
	return postgresTool(ctx, "pg_dump", address, args...)
}

// clear removes the rows of tables from an SQLite file that nobody has open, and overwrites them.
func clear(ctx context.Context, path string, tables []string) error {
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=secure_delete(1)")
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, e := pool.ExecContext(ctx, `DELETE FROM `+table); e != nil {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, pool.Close())
}

// Load fills an empty PostgreSQL database with what Copy wrote. Error: ErrFilled.
func Load(ctx context.Context, address, path string) error {
	d, err := open(ctx, address, Options{})
	if err != nil {
		return err
	}
	tables, err := Value[int](ctx, d, `SELECT COUNT(*) FROM information_schema.tables
		WHERE table_schema NOT IN ('pg_catalog','information_schema')`)
	if err = errors.Join(err, d.pool.Close()); err != nil {
		return err
	}
	if tables > 0 {
		return ErrFilled
	}
	return postgresTool(ctx, "pg_restore", address, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", path)
}

// ErrFilled says that a database to restore into is not empty.
var ErrFilled = errors.New("the database to restore into is not empty")

// Intact asks SQLite whether a file is whole; PostgreSQL's own checksums answer for it.
func (d *DB) Intact(ctx context.Context) error {
	if d.Dialect == Postgres {
		return nil
	}
	found, err := Value[string](ctx, d, `PRAGMA integrity_check`)
	if err == nil && found != "ok" {
		err = fmt.Errorf("the database is damaged: %s", found)
	}
	return err
}

// postgresTool runs one of PostgreSQL's own programs. The password goes by the environment: a
// command line can be read by everybody on the machine.
func postgresTool(ctx context.Context, tool, address string, args ...string) error {
	path, err := exec.LookPath(tool)
	if err != nil {
		return fmt.Errorf("%s is needed for a PostgreSQL database; install the postgresql client of the server's version: %w", tool, err)
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	env := os.Environ()
	if u.User != nil {
		if password, ok := u.User.Password(); ok {
			env = append(env, "PGPASSWORD="+password)
			u.User = url.User(u.User.Username())
		}
	}
	command := exec.CommandContext(ctx, path, append([]string{"--dbname=" + u.String()}, args...)...)
	command.Env = env
	said, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", tool, err, strings.TrimSpace(string(said)))
	}
	return nil
}
