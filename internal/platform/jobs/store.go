package jobs

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/fold"
	"linli/internal/platform/module"
)

// state is what is remembered of a job. Instants are 0 for what never was.
type state struct {
	name                           string
	due, started, ended, succeeded int64
	failure                        string // of the last time, or ""
	holder                         string
	lease                          int64
}

const columns = `name, due_at, started_at, ended_at, succeeded_at, failure, holder, lease_until`

func scanState(s db.Scanner) (v state, err error) {
	return v, s.Scan(&v.name, &v.due, &v.started, &v.ended, &v.succeeded, &v.failure, &v.holder, &v.lease)
}

func (r *Runner) list(ctx context.Context) (map[string]state, error) {
	all, err := db.All(ctx, r.DB, scanState, `SELECT `+columns+` FROM jobs_job`)
	out := map[string]state{}
	for _, s := range all {
		out[s.name] = s
	}
	return out, err
}

// ready tells whether a job may be claimed: it is due and nobody holds it. One that is due further ahead
// than it ever is was written down by a clock that was wrong.
func (s state) ready(j module.Job, now time.Time) bool {
	at := clock.Millis(now)
	return s.lease <= at && (s.due <= at || s.due > clock.Millis(now.Add(2*j.Every)))
}

// claim takes a job for this process, if it is due and nobody has it.
func (r *Runner) claim(ctx context.Context, j module.Job) (bool, error) {
	now := clock.Now(ctx)
	at, until := clock.Millis(now), clock.Millis(now.Add(lease))
	claimed := int64(0)
	err := r.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if _, err = tx.Exec(ctx, `INSERT INTO jobs_job (`+columns+`) VALUES ($1,0,0,0,0,'','',0) ON CONFLICT (name) DO NOTHING`,
			j.Name); err != nil {
			return err
		}
		claimed, err = tx.Exec(ctx, `UPDATE jobs_job SET holder = $1, lease_until = $2, started_at = $3
			WHERE name = $4 AND lease_until <= $3 AND (due_at <= $3 OR due_at > $5)`, r.holder, until, at, j.Name, clock.Millis(now.Add(2*j.Every)))
		return err
	})
	return claimed == 1, err
}

// hold lengthens the claim while a job works, and stops it when another process has taken it over.
func (r *Runner) hold(ctx context.Context, stop context.CancelFunc, j module.Job) {
	tick := time.NewTicker(lease / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			held := int64(0)
			err := r.DB.Write(ctx, func(tx *db.Tx) (err error) {
				held, err = tx.Exec(ctx, `UPDATE jobs_job SET lease_until = $1 WHERE name = $2 AND holder = $3`,
					clock.Millis(clock.Now(ctx).Add(lease)), j.Name, r.holder)
				return err
			})
			if err == nil && held == 0 {
				slog.ErrorContext(ctx, "job was taken over by another process", "job", j.Name)
				stop()
				return
			}
		}
	}
}

// end writes down what came of a job. One that failed is tried again sooner; one that was stopped with
// the program is due at once.
func (r *Runner) end(ctx context.Context, j module.Job, failed error, stopped bool) error {
	now := clock.Now(ctx)
	at, failure, next, succeeded := clock.Millis(now), "", now.Add(j.Every), int64(0)
	switch {
	case failed == nil:
		succeeded = at
	case stopped:
		failure, next = "stopped", now
	default:
		failure, next = clip(failed.Error()), now.Add(max(remembered, j.Every/24))
	}
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE jobs_job SET due_at = $1, ended_at = $2, failure = $3, holder = '', lease_until = 0,
			succeeded_at = CASE WHEN CAST($4 AS BIGINT) > 0 THEN CAST($4 AS BIGINT) ELSE succeeded_at END WHERE name = $5 AND holder = $6`,
			clock.Millis(next), at, failure, succeeded, j.Name, r.holder)
		return err
	})
}

func clip(s string) string {
	return fold.Cut(s, mostError)
}
