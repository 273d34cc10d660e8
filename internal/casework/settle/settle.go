package settle

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// settleBatch bounds the cases that one write settles.
var settleBatch = 200

// errNoneWaits ends a write that found nothing to do.
var errNoneWaits = errors.New("no deadline waits")

// Settle computes the deadlines of cases and of what hangs on them, that waited for a
// year which is now loaded, all of them, and tells how many were settled. It runs at start, every
// hour, and whenever a year is loaded. What cannot be settled holds up nothing else; the first such
// error is returned.
func (s *Service) Settle(ctx context.Context) (int, error) {
	settled, failed := s.settleCases(ctx)
	for _, x := range s.settlers {
		n, err := x.Settle(ctx)
		settled, failed = settled+n, cmp.Or(failed, err)
	}
	return settled, failed
}

func (s *Service) settleCases(ctx context.Context) (int, error) {
	years, err := s.loadedYears(ctx)
	if err != nil {
		return 0, err
	}
	settled := 0
	var failed error
	for _, year := range years {
		for after := ""; ; {
			ids, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (id string, err error) { return id, r.Scan(&id) },
				`SELECT id FROM casework_case WHERE due_year > 0 AND due_year = $1 AND id > $2 ORDER BY due_year, id LIMIT $3`,
				year, after, settleBatch)
			if err != nil {
				return settled, err
			}
			if len(ids) == 0 {
				break
			}
			n, err := passingOver(ctx, ids, s.settleThese)
			settled, failed = settled+n, cmp.Or(failed, err)
			after = ids[len(ids)-1]
		}
	}
	return settled, failed
}

// passingOver does a batch of cases in one write, or when that fails each alone: one that cannot be done
// is told in the log and holds up no other. It tells how many were done and the first error.
func passingOver(ctx context.Context, ids []string, do func(context.Context, []string) (int, error)) (int, error) {
	n, err := do(ctx, ids)
	if err == nil || ctx.Err() != nil {
		return n, err
	}
	var failed error
	done := 0
	for _, id := range ids {
		n, err := do(ctx, []string{id})
		if err != nil {
			slog.ErrorContext(ctx, "the deadline of a case is not settled", "case", id, "error", err)
			failed = cmp.Or(failed, err)
		}
		done += n
	}
	return done, failed
}

// loadedYears are the years for which cases wait and which are loaded.
func (s *Service) loadedYears(ctx context.Context) ([]int, error) {
	var out []int
	for year := 0; ; {
		next, err := db.Value[*int](ctx, s.Cases.Log.DB, `SELECT MIN(due_year) FROM casework_case WHERE due_year > 0 AND due_year > $1`, year)
		if err != nil || next == nil {
			return out, err
		}
		if year = *next; s.Cases.Calendar.Now().Loaded(year) {
			out = append(out, year)
		}
	}
}

// settleThese settles in one write those of some cases that still wait. One whose clock somebody has
// stopped, suspended or begun anew meanwhile is left to them.
func (s *Service) settleThese(ctx context.Context, ids []string) (int, error) {
	return s.amend(ctx, ids, func(tx *audit.Tx, c *casework.Case) (bool, error) {
		if c.Clock.Year == 0 || !s.Cases.Calendar.Now().Loaded(c.Clock.Year) {
			return false, nil
		}
		before := *c
		var err error
		if c.Clock.Pauses, err = s.Pauses(ctx, tx, c); err != nil {
			return false, err
		}
		c.Settle(s.Cases.Calendar.Now())
		return true, s.Cases.Amend(ctx, tx, casework.Change{Before: &before, Case: c}, audit.Entry{Action: Permission})
	})
}

// amend does in one write what is to be done with the deadlines of some cases, and tells with how many there was something to do.
func (s *Service) amend(ctx context.Context, ids []string, do func(*audit.Tx, *casework.Case) (bool, error)) (int, error) {
	amended := 0
	err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		amended = 0
		for _, id := range ids {
			c, err := casework.FindCase(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := tx.Require(Permission, c.Area); err != nil {
				return err
			}
			changed, err := do(tx, &c)
			if err != nil {
				return err
			}
			if changed {
				amended++
			}
		}
		if amended == 0 {
			return errNoneWaits
		}
		return nil
	})
	if errors.Is(err, errNoneWaits) {
		return 0, nil
	}
	return amended, err
}
