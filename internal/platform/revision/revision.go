// Package revision tells processes on one database what another of them has changed. Each kind of data
// that is kept in memory has a number, which every write that changes it counts up; a process asks for
// all numbers once a second and reads again what has moved. Table (reference): revision_number.
package revision

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"linli/internal/platform/db"
)

// Every is how often a process asks what others have changed; nothing is known later than twice that.
const Every = time.Second

// Execer is a write in progress, audited or the platform's own.
type Execer interface {
	Exec(ctx context.Context, query string, args ...any) (int64, error)
}

// Bump counts a change of a kind inside the write that makes it. Called first in a write, it also makes
// writes of the same kind wait for each other, so that what is then read stays true until the commit.
func Bump(ctx context.Context, tx Execer, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO revision_number (name, number) VALUES ($1,1)
		ON CONFLICT (name) DO UPDATE SET number = revision_number.number + 1`, name)
	return err
}

// Read is the number of a kind; 0 before its first change.
func Read(ctx context.Context, r db.Reader, name string) (int64, error) {
	n, err := db.Value[int64](ctx, r, `SELECT number FROM revision_number WHERE name = $1`, name)
	if db.IsNone(err) {
		return 0, nil
	}
	return n, err
}

func readAll(ctx context.Context, r db.Reader) (map[string]int64, error) {
	type row struct {
		name   string
		number int64
	}
	rows, err := db.All(ctx, r, func(s db.Scanner) (v row, err error) { return v, s.Scan(&v.name, &v.number) },
		`SELECT name, number FROM revision_number`)
	out := map[string]int64{}
	for _, v := range rows {
		out[v.name] = v.number
	}
	return out, err
}

// Kept is what a module keeps in memory of the database: of one kind, and how it is read again, or
// forgotten to be read when it is asked for.
type Kept struct {
	Name   string
	Reload func(context.Context) error
}

// Watch follows the numbers of what a process keeps.
type Watch struct {
	DB   *db.DB
	Kept []Kept

	polling sync.Mutex
	seen    map[string]int64
}

// Start takes the numbers as they are before what is kept is read for the first time.
func (w *Watch) Start(ctx context.Context) (err error) {
	w.polling.Lock()
	defer w.polling.Unlock()
	w.seen, err = readAll(ctx, w.DB)
	return err
}

// Poll reads again what has changed since the last poll. A kind that cannot be read is tried again at
// the next one; the others do not wait for it.
func (w *Watch) Poll(ctx context.Context) error {
	w.polling.Lock()
	defer w.polling.Unlock()
	now, err := readAll(ctx, w.DB)
	if err != nil {
		return err
	}
	var failed error
	for _, k := range w.Kept {
		if now[k.Name] == w.seen[k.Name] {
			continue
		}
		if err := k.Reload(ctx); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", k.Name, err))
			now[k.Name] = w.seen[k.Name]
		}
	}
	w.seen = now
	return failed
}

// Run polls until the context ends.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := w.Poll(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "what another process changed cannot be read", "error", err)
			}
		}
	}
}
