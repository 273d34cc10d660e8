package joint

import (
	"cmp"
	"context"
	"log/slog"

	"linli/internal/casework"
	"linli/internal/casework/settle"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// waiting counts the parts whose deadline waits for a calendar year.
func (s *Service) waiting(ctx context.Context, year int) (int, error) {
	return db.Value[int](ctx, s.Cases.Log.DB, `SELECT COUNT(*) FROM casework_part WHERE due_year > 0 AND due_year = $1`, year)
}

// settleParts computes the deadlines of parts that waited for a year which is now loaded, and tells
// how many. One that cannot be settled is told in the log and holds up no other; the first such error
// is returned.
func (s *Service) settleParts(ctx context.Context) (settled int, failed error) {
	type waiting struct {
		id   string
		part Part
	}
	all, err := db.All(ctx, s.Cases.Log.DB, func(row db.Scanner) (w waiting, err error) {
		err = row.Scan(&w.id, &w.part.Seq, &w.part.AskedAt, &w.part.Workdays, &w.part.Year)
		return w, err
	}, `SELECT case_id, seq, asked_at, workdays, due_year FROM casework_part WHERE due_year > 0 ORDER BY due_year, case_id LIMIT 10000`)
	if err != nil {
		return 0, err
	}
	for _, w := range all {
		if p := w.part; s.Cases.Calendar.Now().Loaded(p.Year) {
			if p.settle(s.Cases.Calendar.Now()); p.Due == nil {
				continue
			}
			err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
				c, err := casework.FindCase(ctx, tx, w.id)
				if err != nil {
					return err
				}
				if err := tx.Require(settle.Permission, c.Area); err != nil {
					return err
				}
				tx.Record(audit.Entry{Action: "casework.part.settle", Area: c.Area, Subject: "casework.case", SubjectID: c.ID})
				return tx.Send(ctx, `UPDATE casework_part SET due_at = $1, due_year = 0 WHERE shard = $2 AND case_id = $3 AND seq = $4`,
					*p.Due, c.Shard, c.ID, p.Seq)
			})
			if err != nil {
				slog.ErrorContext(ctx, "the deadline of a part is not settled", "case", w.id, "error", err)
				failed = cmp.Or(failed, err)
				continue
			}
			settled++
		}
	}
	return settled, failed
}
