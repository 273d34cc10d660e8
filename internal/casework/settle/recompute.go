package settle

import (
	"cmp"
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// Waiting counts the deadlines that wait for a calendar year: of cases and of what hangs on them.
func (s *Service) Waiting(ctx context.Context, year int) (int, error) {
	sum, err := db.Value[int](ctx, s.Cases.Log.DB, `SELECT COUNT(*) FROM casework_case WHERE due_year > 0 AND due_year = $1`, year)
	for i := 0; err == nil && i < len(s.settlers); i++ {
		var n int
		n, err = s.settlers[i].Waiting(ctx, year)
		sum += n
	}
	return sum, err
}

// recomputeBatch bounds the cases that one write moves.
const recomputeBatch = 200

// Recompute computes the deadlines of all open cases anew, after a year's calendar was corrected,
// and tells how many moved. A case whose day is another says so on its timeline, and to its reporter. What is
// suspended or waits for a year is not touched; answers keep the day that was given.
func (s *Service) Recompute(ctx context.Context) (int, error) {
	const by = casework.ByDeadline
	moved, at, id := 0, int64(-1), ""
	var failed error
	for {
		cases, err := db.All(ctx, s.Cases.Log.DB, casework.ScanCase, casework.SelectCase+` WHERE open = 1
			AND `+by+` >= $1 AND `+by+` < $2 AND (`+by+`, id) > ($1, $3) ORDER BY `+by+`, id LIMIT $4`, at, casework.Never, id, recomputeBatch)
		if err != nil || len(cases) == 0 {
			return moved, cmp.Or(err, failed)
		}
		last := &cases[len(cases)-1]
		at, id = *last.Clock.Due, last.ID
		var wrong []string
		for i := range cases {
			if changed, err := s.resettle(ctx, s.Cases.Log.DB, &cases[i]); err != nil || changed { // what fails is told below
				wrong = append(wrong, cases[i].ID)
			}
		}
		if len(wrong) == 0 {
			continue
		}
		n, err := passingOver(ctx, wrong, s.moveDeadlines)
		moved, failed = moved+n, cmp.Or(failed, err)
	}
}

// moveDeadlines computes the deadlines of some cases anew in one write, but for those with which somebody took a step meanwhile.
func (s *Service) moveDeadlines(ctx context.Context, ids []string) (int, error) {
	return s.amend(ctx, ids, func(tx *audit.Tx, c *casework.Case) (bool, error) {
		before, former := *c, c.Clock.Due
		changed, err := s.resettle(ctx, tx, c)
		if err != nil || !changed {
			return false, err
		}
		ch := casework.Change{Before: &before, Case: c, Event: s.redated(tx, c, former)}
		return true, s.Cases.Amend(ctx, tx, ch, audit.Entry{Action: Permission, Before: map[string]any{"dueAt": former},
			After: map[string]any{"dueAt": c.Clock.Due, "year": c.Clock.Year}})
	})
}

// redated tells on the timeline from which day to which the promise has moved. What moves by hours within
// a day, or waits for a year now, is no other day: nil.
func (s *Service) redated(tx *audit.Tx, c *casework.Case, former *int64) *casework.Event {
	if former == nil || c.Clock.Due == nil {
		return nil
	}
	was, due := clock.Day(clock.Instant(*former)), clock.Day(clock.Instant(*c.Clock.Due))
	if was == due {
		return nil
	}
	e := &casework.Event{Verb: casework.EventRedate, From: c.State, To: c.State, Tells: true,
		Data: casework.EventData{Unit: c.Unit, Due: due, WasDue: was}}
	s.Cases.Sign(tx, c, e, Permission, c.Unit)
	return e
}

// resettle computes the deadlines of a case by the calendar in force and tells whether they differ
// from what it says.
func (s *Service) resettle(ctx context.Context, r db.Reader, c *casework.Case) (bool, error) {
	before := c.Clock
	if !before.Running() || before.Suspended() || !c.Open {
		return false, nil
	}
	var err error
	if c.Clock.Pauses, err = s.Pauses(ctx, r, c); err != nil {
		return false, err
	}
	c.Settle(s.Cases.Calendar.Now())
	return !before.Unchanged(&c.Clock), nil
}
