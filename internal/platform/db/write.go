package db

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// batchMax bounds how many writes share a commit, and so how long another process waits for its turn.
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

// ErrBusy says that others were writing for as long as the write could wait (see [WithPatience]), and
// nothing of it was done.
var ErrBusy = errors.New("the database is busy with other writes")

// Tx is a write in progress. It also reads, seeing its own changes.
type Tx struct {
	w       *writer
	after   []func()
	changed bool // something, so that only a rollback undoes it
}

// checkTexts refuses arguments that only SQLite would store (see errs.ErrText): the last check behind
// those of the faces, for what imports, jobs and decoded files bring.
func checkTexts(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && !text.Valid(s) {
			return errs.ErrText
		}
	}
	return nil
}

// Exec runs a statement and tells how many rows it changed. Errors: errs.ErrText.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.w.d.asked.Add(1)
	if err := checkTexts(args); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		return 0, t.broken(err)
	}
	defer s.give()
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, t.broken(err)
	}
	n, err := r.RowsAffected()
	if n > 0 || !startsWith(query, "UPDATE", "DELETE", "INSERT") {
		t.changed = true
	}
	return n, err
}

// Query reads rows as the write sees them. The caller closes them before the next statement.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.w.d.asked.Add(1)
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	t.reading(query)
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		return nil, t.broken(err)
	}
	defer s.give()
	rows, err := s.QueryContext(ctx, args...)
	return rows, t.broken(err)
}

// QueryRow reads at most one row as the write sees it.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	t.w.d.asked.Add(1)
	ctx = context.WithoutCancel(ctx) // a caller who leaves must not break the others' transaction
	t.reading(query)
	s, err := t.w.prepared(ctx, query)
	if err != nil {
		_ = t.broken(err)
		return t.w.conn.QueryRowContext(ctx, query, args...) // repeats the error on Scan
	}
	defer s.give()
	return s.QueryRowContext(ctx, args...)
}

// reading notes what a query might change: whatever is not plainly a SELECT.
func (t *Tx) reading(query string) {
	t.changed = t.changed || !startsWith(query, "SELECT")
}

// broken notes that a statement failed, after which PostgreSQL takes no other in the transaction.
func (t *Tx) broken(err error) error {
	t.changed = t.changed || err != nil
	return err
}

func startsWith(query string, words ...string) bool {
	query = strings.TrimLeft(query, " \t\n(")
	for _, w := range words {
		if len(query) > len(w) && strings.EqualFold(query[:len(w)], w) {
			return true
		}
	}
	return false
}

// After registers what to do once the write is on disk, e.g. refresh what is kept in memory. It runs
// after the hooks of earlier commits and before the caller is answered; see hooks.
func (t *Tx) After(do func()) { t.after = append(t.after, do) }

type patienceKey struct{}

// WithPatience bounds how long writes under the context wait for their turn: while others write, here or
// in another process. Then they fail with ErrBusy and nothing of them is done. Without it a write waits
// until its context ends.
func WithPatience(ctx context.Context, wait time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, wait)
}

// write is a call of Write. It is the caller's until the writer takes it, and may be withdrawn until then.
type write struct {
	ctx    context.Context
	do     func(*Tx) error
	after  []func()
	err    error
	answer chan error
	state  atomic.Int32 // waiting, taken or withdrawn
}

const (
	waiting = iota
	taken
	withdrawn
)

func (j *write) take() bool     { return j.state.CompareAndSwap(waiting, taken) }
func (j *write) withdraw() bool { return j.state.CompareAndSwap(waiting, withdrawn) }

// Write runs do in a transaction. do must do no slow work and may run twice: once together
// with others, and again alone when one of them fails. An error of do undoes it alone.
func (d *DB) Write(ctx context.Context, do func(*Tx) error) error {
	if d.writer.unsafe.Load() {
		return ErrUnsafe
	}
	j := &write{ctx: ctx, do: do, answer: make(chan error, 1)}
	var late <-chan time.Time
	if wait, ok := ctx.Value(patienceKey{}).(time.Duration); ok {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-d.writer.stop:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case <-late:
		return d.busy()
	case d.writer.queue <- j:
	}
	return d.answered(ctx, j, late)
}

func (d *DB) answered(ctx context.Context, j *write, late <-chan time.Time) error {
	left := ctx.Done()
	for {
		select {
		case err := <-j.answer:
			return err
		case <-left:
			if j.withdraw() {
				return ctx.Err()
			}
			left = nil
		case <-late:
			if j.withdraw() {
				return d.busy()
			}
			late = nil
		case <-d.writer.done:
			select {
			case err := <-j.answer:
				return err
			default:
				return ErrClosed
			}
		}
	}
}

// busy is what a write that waited in vain is told: a server that does not answer is away, not busy.
func (d *DB) busy() error {
	if d.watch != nil && d.watch.away.Load() {
		return errSilent
	}
	return ErrBusy
}

// writer is the one connection that changes things. Writes that wait together run in one
// transaction and share its commit; each is answered only after its data is on disk. On PostgreSQL
// the transaction holds a lock that every process takes with its BEGIN, so that there is one writer
// over all processes, as there is on SQLite: what a write has read no other changes meanwhile.
type writer struct {
	d     *DB
	conn  *sql.Conn
	lost  bool // the connection is to be replaced
	queue chan *write
	stop  chan struct{}
	kept  chan []*write // committed, and to be answered when the disk has them
	done  chan struct{}
	stmts *statements
	sent  *pgx.Batch // statements that PostgreSQL has not been given yet
	fault error      // of one that was sent in this transaction
	hooks hooks

	shared map[string]Shared // of the writes of this transaction
	order  []string          // its keys, as they came

	unsafe  atomic.Bool    // the disk has failed to keep a commit
	commits atomic.Int64   // so far
	undone  atomic.Int64   // batches that ran anew because one of them failed
	rest    atomic.Bool    // of SQLite's log is to be copied home
	beside  sync.WaitGroup // what is copied home
}

func newWriter(ctx context.Context, d *DB) (*writer, error) {
	conn, err := d.writing(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		d: d, conn: conn, stmts: newStatements(), sent: &pgx.Batch{}, hooks: hooks{wait: hookWait},
		queue: make(chan *write, batchMax), stop: make(chan struct{}), kept: make(chan []*write, batchMax), done: make(chan struct{}),
	}
	go w.run()
	go w.keep()
	if d.log != nil {
		w.beside.Go(w.home)
	}
	return w, nil
}

func (w *writer) close() {
	close(w.stop)
	<-w.done
	w.beside.Wait() // a connection in use would be closed later than the database
	w.stmts.close()
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
			w.turn(j)
		case <-w.stop:
			for { // what was queued before the stop is still done
				select {
				case j := <-w.queue:
					w.turn(j)
				default:
					return
				}
			}
		}
	}
}

// keep answers jobs in the order of their commits, once the disk has these. Refusals wait, too:
// they may rest on what a commit before them has written.
func (w *writer) keep() {
	defer close(w.done)
	defer w.hooks.idle.Wait()
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
			if j.err == nil && len(j.after) > 0 {
				w.hooks.add(j)
				continue
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

// prepared is the statement of a query that is about to run: what was sent before runs first.
func (w *writer) prepared(ctx context.Context, query string) (*statement, error) {
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	return w.stmts.take(query, func() (*sql.Stmt, error) { return w.conn.PrepareContext(ctx, query) })
}
