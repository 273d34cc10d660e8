package db

import (
	"context"
	"database/sql/driver"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Send runs a statement whose result nobody waits for: in order with the others, before the next
// one that is waited for and before the write ends. PostgreSQL gets all that were sent in one
// round trip. A fault of it fails the write, even when Send itself answered nil.
func (t *Tx) Send(ctx context.Context, query string, args ...any) error {
	if t.w.d.Dialect == SQLite {
		_, err := t.Exec(ctx, query, args...)
		return err
	}
	if err := checkTexts(args); err != nil {
		return err
	}
	values := make([]any, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return err
		}
		values[i] = v
	}
	t.changed = true
	t.w.sent.Queue(query, values...)
	return nil
}

var errBroken = driver.ErrBadConn

// flush waits for what was sent. What follows a fault fails for its sake, so it is remembered as
// the cause.
func (w *writer) flush(ctx context.Context) error {
	if w.sent.Len() == 0 {
		return w.fault
	}
	sent := w.sent
	w.sent = &pgx.Batch{}
	err := w.conn.Raw(func(c any) error {
		if conn := c.(*stdlib.Conn).Conn(); !conn.IsClosed() {
			return conn.SendBatch(ctx, sent).Close()
		}
		return errBroken
	})
	if w.fault == nil {
		w.fault = err
	}
	return w.fault
}
