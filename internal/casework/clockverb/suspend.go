package clockverb

import (
	"cmp"
	"context"
	"log/slog"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// SuspendTransitions are the rows by which a case is put aside for one of the reasons, and taken up
// again. Every deadline stands still meanwhile; the reporter is told why.
func SuspendTransitions(from []flow.State, permissions, reasons []string,
	guards ...flow.Guard[*casework.Case]) []flow.Transition[*casework.Case] {
	resuming := []flow.Guard[*casework.Case]{casework.IsSuspended}
	for _, g := range guards {
		resuming = append(resuming, orPlatform(g))
	}
	return []flow.Transition[*casework.Case]{
		{From: from, Verb: casework.VerbSuspend, To: flow.Stay, Aside: true, Permissions: permissions,
			Guards: append([]flow.Guard[*casework.Case]{casework.ClockRuns}, guards...), Tells: true,
			Fields: []flow.Field{{Name: "choice", Kind: flow.Choice, Required: true, Options: reasons},
				{Name: "note", Kind: flow.Text, Required: true, Max: 500}, {Name: "day", Kind: flow.Day}}},
		{From: from, Verb: casework.VerbResume, To: flow.Stay, Permissions: permissions, Guards: resuming, Tells: true,
			Fields: []flow.Field{{Name: "note", Kind: flow.Text, Max: 500}}},
	}
}

// orPlatform is a guard that does not hold the platform back: it brings a case back on the day that the
// unit itself has set, and acts for no unit.
func orPlatform(g flow.Guard[*casework.Case]) flow.Guard[*casework.Case] {
	holds := g.Holds
	g.Holds = func(c *casework.Case, a *authority.Actor) bool { return a.System || holds(c, a) }
	return g
}

// suspend stops the clock. What was overdue before is late whatever comes after.
func (s *Service) suspend(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	c, in := st.Case, st.In
	today := clock.Day(tx.Now)
	longest := clock.Day(tx.Now.AddDate(0, 0, s.Cases.Rules.Int("casework.suspend.longest", today)))
	if in.Day != "" && (in.Day <= today || in.Day > longest) {
		return errs.ErrInvalid.At("day", "casework.back_on", "from", clock.Day(tx.Now.AddDate(0, 0, 1)), "to", longest)
	}
	k := &c.Clock
	if k.Due != nil && clock.Millis(tx.Now) > *k.Due {
		c.Late = true
	}
	k.Due, k.LawDue, k.Year = nil, nil, 0
	return insertSuspension(ctx, tx, c, in)
}

// resume lets the clock run on with what was left.
func (s *Service) resume(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) (err error) {
	c := st.Case
	if err = endSuspension(ctx, tx, c, clock.Millis(tx.Now)); err != nil {
		return err
	}
	if c.Clock.Pauses, err = listPauses(ctx, tx, c); err != nil {
		return err
	}
	c.Settle(s.Cases.Calendar.Now())
	return alert.LowerAlerts(ctx, tx, c, alert.StageLong)
}

// backBatch bounds the suspensions that one query of BringBack reads.
const backBatch = 200

// BringBack is the job that resumes suspended cases on the day that was set for them, and tells how
// many. One that cannot be resumed is told in the log and tried again at the next run.
func (s *Service) BringBack(ctx context.Context) (int, error) {
	type due struct{ day, id string }
	var last due
	var failed error
	back := 0
	for {
		batch, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (d due, err error) { return d, r.Scan(&d.day, &d.id) },
			`SELECT back_on, case_id FROM casework_suspension WHERE until_at IS NULL AND back_on <> '' AND back_on <= $1
			AND (back_on, case_id) > ($2, $3) ORDER BY back_on, case_id LIMIT $4`, clock.Day(clock.Now(ctx)), last.day, last.id, backBatch)
		if err != nil || len(batch) == 0 {
			if back > 0 {
				slog.InfoContext(ctx, "suspended cases came back", "cases", back)
			}
			return back, cmp.Or(err, failed)
		}
		for _, d := range batch {
			switch done, err := s.bringBack(ctx, d.id); {
			case err == nil && done:
				back++
			case err != nil:
				slog.ErrorContext(ctx, "a suspended case does not come back", "case", d.id, "error", err)
				failed = cmp.Or(failed, err)
			}
		}
		last = batch[len(batch)-1]
	}
}

// bringBack resumes a case, unless somebody was faster.
func (s *Service) bringBack(ctx context.Context, id string) (bool, error) {
	c, err := casework.FindCase(ctx, s.Cases.Log.DB, id)
	if err != nil || !c.Open || c.Clock.Due != nil {
		return false, err
	}
	_, err = s.Cases.Move(ctx, c.Kind, casework.MoveInput{ID: c.ID, Version: c.Version, Verb: casework.VerbResume})
	if e := errs.Of(err); err != nil && (e.Kind == errs.Conflict || e.Kind == errs.Stale) {
		return false, nil
	}
	return err == nil, err
}

// suspensionRow is one time that a case was put aside.
type suspensionRow struct {
	seq    int // of the event that says why
	reason string
	from   int64
	until  *int64
	backOn string
}

func insertSuspension(ctx context.Context, tx *audit.Tx, c *casework.Case, in *flow.Input) error {
	_, err := tx.Exec(ctx, `INSERT INTO casework_suspension (shard, case_id, seq, reason, stage_at, from_at, until_at, back_on, reminded)
		VALUES ($1,$2,$3,$4,$5,$6,NULL,$7,0)`, c.Shard, c.ID, c.Events+1, in.Choice, c.Clock.Since, clock.Millis(tx.Now), in.Day)
	return err
}

func endSuspension(ctx context.Context, tx *audit.Tx, c *casework.Case, at int64) error {
	_, err := tx.Exec(ctx, `UPDATE casework_suspension SET until_at = $1 WHERE shard = $2 AND case_id = $3 AND until_at IS NULL`,
		at, c.Shard, c.ID)
	return err
}

// currentSuspension is the one that lasts.
func currentSuspension(ctx context.Context, r db.Reader, c *casework.Case) (suspensionRow, error) {
	return db.One(ctx, r, func(s db.Scanner) (v suspensionRow, err error) {
		err = s.Scan(&v.seq, &v.reason, &v.from, &v.until, &v.backOn)
		return v, err
	}, `SELECT seq, reason, from_at, until_at, back_on FROM casework_suspension
		WHERE shard = $1 AND case_id = $2 AND until_at IS NULL ORDER BY seq DESC LIMIT 1`, c.Shard, c.ID)
}

// listPauses are the suspensions of the stage in which a case is, that are over.
func listPauses(ctx context.Context, r db.Reader, c *casework.Case) ([]calendar.Pause, error) {
	return db.All(ctx, r, func(s db.Scanner) (p calendar.Pause, err error) {
		var from, until int64
		err = s.Scan(&from, &until)
		return calendar.Pause{From: clock.Instant(from), To: clock.Instant(until)}, err
	}, `SELECT from_at, until_at FROM casework_suspension
		WHERE shard = $1 AND case_id = $2 AND stage_at = $3 AND until_at IS NOT NULL ORDER BY seq`, c.Shard, c.ID, c.Clock.Since)
}
