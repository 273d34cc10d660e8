package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/jackc/pgx/v5"
)

// turn waits for the writer's turn and does the write that came first, with all that wait by then.
func (w *writer) turn(first *write) {
	jobs := []*write{first}
	for {
		err := w.begin()
		if err == nil {
			break
		}
		jobs = stillWaiting(w.gather(jobs))
		if !isBusy(err) {
			w.kept <- failed(jobs, err)
			return
		}
		if len(jobs) == 0 {
			return
		}
		slog.Warn("others write for long; waiting for the turn", "error", err)
	}
	if jobs = takeAll(w.gather(jobs)); len(jobs) == 0 {
		_ = w.undo(nil)
		return
	}
	w.batch(jobs)
}

// gather adds what waits in the queue.
func (w *writer) gather(jobs []*write) []*write {
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

// takeAll leaves the jobs that the writer may do: those whose caller has not left.
func takeAll(jobs []*write) (live []*write) {
	for _, j := range jobs {
		if err := j.ctx.Err(); err != nil && j.withdraw() {
			j.answer <- err
		} else if j.take() {
			live = append(live, j)
		}
	}
	return live
}

func stillWaiting(jobs []*write) (live []*write) {
	for _, j := range jobs {
		if j.state.Load() == waiting {
			live = append(live, j)
		}
	}
	return live
}

// failed takes the jobs and gives each the error.
func failed(jobs []*write, err error) []*write {
	live := takeAll(jobs)
	for _, j := range live {
		j.err = err
	}
	return live
}

// batch does every job in the transaction that was begun: first all together, and if one fails that has
// changed something, again with a savepoint each.
func (w *writer) batch(jobs []*write) {
	results, err := w.attempt(jobs, false)
	for try := 0; err != nil && !errors.Is(err, ErrUnknown) && (len(jobs) > 1 || isTransient(err)) && try < 3; try++ {
		w.undone.Add(1)
		if begun := w.begin(); begun != nil {
			err = begun
			break
		}
		results, err = w.attempt(jobs, true)
	}
	for i, j := range jobs {
		if j.err = err; err == nil {
			j.err = results[i]
		}
	}
	w.kept <- jobs
}

// begin opens a transaction and takes the turn; by a new connection when the old one is broken.
func (w *writer) begin() error {
	ctx := context.Background()
	if w.rest.Swap(false) {
		_ = w.exec(ctx, copyHome) // if it fails, the next time
	}
	var err error
	if !w.lost {
		if err = w.d.begin(ctx, w.conn); err == nil {
			return nil
		}
		if isBusy(err) {
			return w.undo(err)
		}
	}
	if e := w.reconnect(ctx); e != nil {
		return errors.Join(err, e)
	}
	if err = w.d.begin(ctx, w.conn); err != nil {
		return w.undo(err)
	}
	return nil
}

// attempt runs the jobs in the transaction that was begun. Without savepoints the first failure that only
// a rollback undoes fails all; a job that refused before it changed anything is refused alone.
func (w *writer) attempt(jobs []*write, savepoints bool) ([]error, error) {
	ctx := context.Background()
	results := make([]error, len(jobs))
	for i, j := range jobs {
		if savepoints {
			if err := w.exec(ctx, "SAVEPOINT one"); err != nil {
				return nil, w.undo(err)
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
			if err = w.exec(ctx, "RELEASE SAVEPOINT one"); err != nil {
				return nil, w.undo(err)
			}
		case err == nil:
		case !savepoints && (w.fault != nil || tx.changed || !w.d.usable(w.conn)):
			return nil, w.undo(err)
		case !savepoints:
			results[i] = err
		case isTransient(err):
			return nil, w.undo(err)
		default:
			if e := w.back(ctx, "ROLLBACK TO SAVEPOINT one"); e != nil {
				return nil, w.undo(errors.Join(err, e))
			}
			results[i] = err
		}
	}
	return results, w.commit(ctx)
}

func (w *writer) commit(ctx context.Context) error {
	if err := errors.Join((&Tx{w: w}).Settle(ctx), w.flush(ctx)); err != nil {
		return w.undo(err)
	}
	if err := w.exec(ctx, "COMMIT"); err != nil {
		if !w.d.decided(err) {
			err = errors.Join(ErrUnknown, err)
		}
		return w.undo(err)
	}
	w.commits.Add(1)
	return nil
}

func guarded(do func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in write: %v\n%s", p, debug.Stack())
		}
	}()
	return do(tx)
}

// undo takes everything back. A connection that cannot, or whose server no longer writes, is replaced by
// the next begin.
func (w *writer) undo(cause error) error {
	_ = w.back(context.Background(), "ROLLBACK")
	w.lost = w.lost || isReadOnly(cause)
	return cause
}

// back takes back what was done since a point, and forgets what was to be sent.
func (w *writer) back(ctx context.Context, to string) error {
	w.sent, w.fault, w.shared, w.order = &pgx.Batch{}, nil, nil, nil
	return w.exec(ctx, to)
}

// reconnect takes a new connection when the old one is broken.
func (w *writer) reconnect(ctx context.Context) error {
	conn, err := w.d.writing(ctx)
	if err != nil {
		return err
	}
	w.stmts.close()
	_ = w.conn.Raw(func(any) error { return errBroken }) // drops it from the pool
	w.conn.Close()
	w.conn, w.lost = conn, false
	return nil
}

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.conn.ExecContext(ctx, query)
	return err
}
