package limit

import (
	"context"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// spentOf reads when a shared budget is whole again; 0 for one that is.
func spentOf(ctx context.Context, r db.Reader, b Budget, caller string) (int64, error) {
	at, err := db.Value[int64](ctx, r, `SELECT full_at FROM limit_spent WHERE budget = $1 AND caller = $2`, b.Rule, caller)
	if db.IsNone(err) {
		return 0, nil
	}
	return at, err
}

// spend counts one act anyhow. The sum is made by the database, so that acts at the same time are all
// counted.
func spend(ctx context.Context, tx *db.Tx, b Budget, caller string, q quota, now int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO limit_spent (budget, caller, full_at) VALUES ($1,$2,$3) ON CONFLICT (budget, caller) DO UPDATE SET
		full_at = CASE WHEN limit_spent.full_at <= $4 OR limit_spent.full_at > $5 THEN excluded.full_at
			WHEN limit_spent.full_at + $6 > $7 THEN $8 ELSE limit_spent.full_at + $9 END`,
		b.Rule, caller, q.next(0, now), now, q.far(now), q.step, q.debt(now), q.debt(now), q.step)
	return err
}

// take counts one act where the budget allows it.
func take(ctx context.Context, tx *db.Tx, b Budget, caller string, q quota, now int64) error {
	if q.step > q.period { // nothing is allowed
		return refuse(q.period)
	}
	n, err := tx.Exec(ctx, `INSERT INTO limit_spent (budget, caller, full_at) VALUES ($1,$2,$3) ON CONFLICT (budget, caller) DO UPDATE SET
		full_at = CASE WHEN limit_spent.full_at <= $4 OR limit_spent.full_at > $5 THEN excluded.full_at ELSE limit_spent.full_at + $6 END
		WHERE limit_spent.full_at <= $7 OR limit_spent.full_at > $8`,
		b.Rule, caller, q.next(0, now), now, q.far(now), q.step, now+q.period-q.step, q.far(now))
	if err != nil || n > 0 {
		return err
	}
	at, err := spentOf(ctx, tx, b, caller)
	if err != nil {
		return err
	}
	return refuse(max(1, q.wait(at, now)))
}

// forget is the job that drops budgets that are whole again.
func (l *Limiter) forget(ctx context.Context) error {
	return l.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM limit_spent WHERE full_at <= $1`, clock.Millis(clock.Now(ctx)))
		return err
	})
}
