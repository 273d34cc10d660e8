package clockverb

import (
	"context"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// remind tells the head of a unit that a case has been suspended for long.
func (s *Service) remind(ctx context.Context) (int, error) {
	now := clock.Now(ctx)
	since := clock.Millis(s.Cases.Calendar.Now().DaysBack(now, s.Cases.Rules.Int("casework.suspend.remind", clock.Day(now))))
	type long struct {
		shard, id string
		seq       int
		from      int64
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (l long, err error) {
		err = sc.Scan(&l.shard, &l.id, &l.seq, &l.from)
		return l, err
	}, `SELECT shard, case_id, seq, from_at FROM casework_suspension WHERE until_at IS NULL AND reminded = 0 AND from_at <= $1
		ORDER BY from_at LIMIT $2`, since, alert.AlertBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := s.Alerts.JudgeAlerts(tx, alert.StageLong, len(rows)); err != nil {
			return err
		}
		for _, l := range rows {
			c, err := casework.FindCase(ctx, tx, l.id)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE casework_suspension SET reminded = 1 WHERE shard = $1 AND case_id = $2 AND seq = $3`,
				l.shard, l.id, l.seq); err != nil {
				return err
			}
			if !c.Clock.Suspended() {
				continue
			}
			if err := alert.Raise(ctx, tx, &c, alert.StageLong, l.from, alert.ToHead(&c)); err != nil {
				return err
			}
		}
		return nil
	})
}

// raiseUnanswered tells the unit's head, and the officer who asked, that an answer is missing.
func (s *Service) raiseUnanswered(ctx context.Context) (int, error) {
	rows, err := db.All(ctx, s.Cases.Log.DB, scanSupervision, supervisionColumns+` WHERE answered_at IS NULL AND due_at < $1 AND NOT EXISTS
		(SELECT 1 FROM casework_alert a WHERE a.shard = casework_supervision.shard AND a.case_id = casework_supervision.case_id
			AND a.about = casework_supervision.due_at AND a.stage = $2)
		AND EXISTS (SELECT 1 FROM casework_case c WHERE c.shard = casework_supervision.shard AND c.id = casework_supervision.case_id
		AND c.open = 1)
		ORDER BY due_at, case_id LIMIT $3`,
		clock.Millis(clock.Now(ctx)), alert.StageUnanswered, alert.AlertBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := s.Alerts.JudgeAlerts(tx, alert.StageUnanswered, len(rows)); err != nil {
			return err
		}
		for _, v := range rows {
			c, err := casework.FindCase(ctx, tx, v.caseID)
			if err != nil {
				return err
			}
			if err := alert.Raise(ctx, tx, &c, alert.StageUnanswered, *v.due, alert.Holder{Post: alert.PostAccount, Of: v.account}); err != nil {
				return err
			}
			if err := alert.Raise(ctx, tx, &c, alert.StageUnanswered+".head", *v.due, alert.ToHead(&c)); err != nil {
				return err
			}
		}
		return nil
	})
}
