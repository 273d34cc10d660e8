package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// batchMax bounds how many writes share a commit.
const batchMax = 256

// ErrUnknown says that the connection broke during a commit: what was written may be there or not,
// so it is not tried again.
var ErrUnknown = errors.New("the database went away during a commit")

// ErrUnsafe says that the disk refused to keep a commit that everybody already sees. Whether a later
// one would be kept is not known either, so nothing is written until the program starts anew and reads
// what the disk has.
var ErrUnsafe = errors.New("the disk did not keep a commit")

// ErrClosed says that the database takes no more writes.
var ErrClosed = errors.New("database is closed")

// Tx is a write in progress. It also reads, seeing its own changes.
type Tx struct {
	w     *writer
	after []func()
}

// Exec runs a statement and tells how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		return t.w.conn.QueryRowContext(ctx, query, args...) // repeats the error on Scan
	}
	return s.QueryRowContext(ctx, args...)
}

// After registers what to do once the write is on disk, e.g. refresh what is kept in memory.
func (t *Tx) After(do func()) { t.after = append(t.after, do) }

type write struct {
	ctx    context.Context
	do     func(*Tx) error
	after  []func()
	err    error
	answer chan error
}

// writer is the one connection that changes things. Writes that wait together run in one
// transaction and share its commit; each is answered only after its data is on disk.
type writer struct {
	d     *DB
	conn  *sql.Conn
	queue chan *write
	stop  chan struct{}
	kept  chan []*write // committed, and to be answered when the disk has them
	done  chan struct{}
	stmts map[string]*sql.Stmt
	sent  *pgx.Batch // statements that PostgreSQL has not been given yet
	fault error      // of one that was sent in this transaction

	shared map[string]Shared // of the writes of this transaction
	order  []string          // its keys, as they came

	unsafe  atomic.Bool  // the disk has failed to keep a commit
	commits atomic.Int64 // so far
	rest    atomic.Bool  // of SQLite's log is to be copied home
}

func newWriter(ctx context.Context, d *DB) (*writer, error) {
	conn, err := d.writing(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		d: d, conn: conn, stmts: map[string]*sql.Stmt{}, sent: &pgx.Batch{},
		queue: make(chan *write, batchMax), stop: make(chan struct{}), kept: make(chan []*write, batchMax), done: make(chan struct{}),
	}
	go w.run()
	go w.keep()
	if d.log != nil {
		go w.home()
	}
	return w, nil
}

// Write runs do in a transaction. do must do no slow work and may run twice: once together
// with others, and again alone when one of them fails. An error of do undoes it alone.
func (d *DB) Write(ctx context.Context, do func(*Tx) error) error {
	if d.writer.unsafe.Load() {
		return ErrUnsafe
	}
	j := &write{ctx: ctx, do: do, answer: make(chan error, 1)}
	select {
	case <-d.writer.stop:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case d.writer.queue <- j:
	}
	select {
	case err := <-j.answer:
		return err
	case <-d.writer.done:
		select {
		case err := <-j.answer:
			return err
		default:
			return ErrClosed
		}
	}
}

func (w *writer) close() {
	close(w.stop)
	<-w.done
	for _, s := range w.stmts {
		s.Close()
	}
	w.conn.Close()
	if w.d.log != nil {
		w.d.log.Close()
	}
}

func (w *writer) run() {
	defer close(w.kept)
	for {
		select {
		case j := <-w.queue:
			w.batch(w.gather(j))
		case <-w.stop:
			for { // what was queued before the stop is still done
				select {
				case j := <-w.queue:
					w.batch(w.gather(j))
				default:
					return
				}
			}
		}
	}
}

func (w *writer) gather(first *write) []*write {
	jobs := []*write{first}
	for len(jobs) < batchMax {
		select {
		case j := <-w.queue:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// batch does every job: first all together, and if one fails, again with a savepoint each.
func (w *writer) batch(jobs []*write) {
	var live []*write
	for _, j := range jobs {
		if err := j.ctx.Err(); err != nil {
			j.answer <- err
		} else {
			live = append(live, j)
		}
	}
	if len(live) == 0 {
		return
	}
	results, err := w.attempt(live, false)
	for try := 0; err != nil && !errors.Is(err, ErrUnknown) && (len(live) > 1 || isTransient(err)) && try < 3; try++ {
		results, err = w.attempt(live, true)
	}
	for i, j := range live {
		if j.err = err; err == nil {
			j.err = results[i]
		}
	}
	w.kept <- live
}

// keep answers jobs in the order of their commits, once the disk has these. Refusals wait, too:
// they may rest on what a commit before them has written.
func (w *writer) keep() {
	defer close(w.done)
	for jobs := range w.kept {
		for more := true; more; {
			select {
			case next, open := <-w.kept:
				jobs, more = append(jobs, next...), open
			default:
				more = false
			}
		}
		if err := w.sync(); err != nil {
			w.unsafe.Store(true)
			slog.Error("the disk does not keep what is written; start the program anew", "error", err)
		}
		for _, j := range jobs {
			if w.unsafe.Load() {
				j.err = errors.Join(ErrUnsafe, j.err)
			}
			if j.err == nil {
				for _, f := range j.after {
					f()
				}
			}
			j.answer <- j.err
		}
	}
}

func (w *writer) sync() error {
	if w.d.log == nil {
		return nil
	}
	return w.d.log.Sync()
}

// attempt runs the jobs in one transaction. Without savepoints the first failure fails all.
func (w *writer) attempt(jobs []*write, savepoints bool) ([]error, error) {
	ctx := context.Background()
	if w.rest.Swap(false) {
		_ = w.exec(ctx, copyHome) // if it fails, the next time
	}
	if err := w.exec(ctx, w.d.begin()); err != nil {
		w.reconnect(ctx)
		if err = w.exec(ctx, w.d.begin()); err != nil {
			return nil, err
		}
	}
	results := make([]error, len(jobs))
	for i, j := range jobs {
		if savepoints {
			if err := w.exec(ctx, "SAVEPOINT one"); err != nil {
				return nil, w.undo(ctx, err)
			}
		}
		tx := &Tx{w: w}
		err := guarded(j.do, tx)
		j.after = tx.after
		if savepoints && err == nil {
			err = errors.Join(tx.Settle(ctx), w.flush(ctx))
		}
		if w.fault != nil {
			err = w.fault
		}
		switch {
		case err == nil && savepoints:
			err = w.exec(ctx, "RELEASE SAVEPOINT one")
			if err != nil {
				return nil, w.undo(ctx, err)
			}
		case err != nil && !savepoints:
			return nil, w.undo(ctx, err)
		case err != nil:
			if isTransient(err) {
				return nil, w.undo(ctx, err)
			}
			if e := w.back(ctx, "ROLLBACK TO SAVEPOINT one"); e != nil {
				return nil, w.undo(ctx, errors.Join(err, e))
			}
			results[i] = err
		}
	}
	if err := errors.Join((&Tx{w: w}).Settle(ctx), w.flush(ctx)); err != nil {
		return nil, w.undo(ctx, err)
	}
	if err := w.exec(ctx, "COMMIT"); err != nil {
		var answered *pgconn.PgError
		if w.d.Dialect == Postgres && !errors.As(err, &answered) {
			err = errors.Join(ErrUnknown, err)
		}
		return nil, w.undo(ctx, err)
	}
	w.commits.Add(1)
	return results, nil
}

func guarded(do func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in write: %v\n%s", p, debug.Stack())
		}
	}()
	return do(tx)
}

func (w *writer) undo(ctx context.Context, cause error) error {
	if err := w.back(ctx, "ROLLBACK"); err != nil {
		w.reconnect(ctx)
	}
	return cause
}

// back takes back what was done since a point, and forgets what was to be sent.
func (w *writer) back(ctx context.Context, to string) error {
	w.sent, w.fault, w.shared, w.order = &pgx.Batch{}, nil, nil, nil
	return w.exec(ctx, to)
}

// reconnect takes a new connection when the old one is broken.
func (w *writer) reconnect(ctx context.Context) {
	conn, err := w.d.writing(ctx)
	if err != nil {
		return
	}
	for _, s := range w.stmts {
		s.Close()
	}
	w.stmts = map[string]*sql.Stmt{}
	_ = w.conn.Raw(func(any) error { return errBroken }) // drops it from the pool
	w.conn.Close()
	w.conn = conn
}

var errBroken = driver.ErrBadConn

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.conn.ExecContext(ctx, query)
	return err
}

// prepared is the statement of a query that is about to run: what was sent before runs first.
func (w *writer) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	w.stmts[query] = s
	return s, nil
}
