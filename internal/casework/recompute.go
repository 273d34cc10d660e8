package casework

import (
	"cmp"
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

// Waiting counts the deadlines that wait for a calendar year: of cases and of what hangs on them.
func (s *Service) Waiting(ctx context.Context, year int) (int, error) {
	sum, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM casework_case WHERE due_year > 0 AND due_year = $1`, year)
	for i := 0; err == nil && i < len(s.settlers); i++ {
		var n int
		n, err = s.settlers[i].Waiting(ctx, year)
		sum += n
	}
	return sum, err
}

// recomputeBatch bounds the cases that one write moves.
const recomputeBatch = 200

// eventRedate is the platform's own: the calendar has moved the day on which the stage is due.
const eventRedate flow.Verb = "redate"

// Recompute computes the deadlines of all open cases anew, after a year's calendar was corrected,
// and tells how many moved. A case whose day is another says so on its timeline, and to its reporter. What is suspended or waits for a year
// is not touched; answers keep the day that was given.
func (s *Service) Recompute(ctx context.Context) (int, error) {
	moved, at, id := 0, int64(-1), ""
	var failed error
	for {
		cases, err := db.All(ctx, s.Log.DB, ScanCase, SelectCase+` WHERE open = 1 AND `+ByDeadline+` >= $1 AND `+ByDeadline+` < $2
			AND (`+ByDeadline+`, id) > ($1, $3) ORDER BY `+ByDeadline+`, id LIMIT $4`, at, Never, id, recomputeBatch)
		if err != nil || len(cases) == 0 {
			return moved, cmp.Or(err, failed)
		}
		last := &cases[len(cases)-1]
		at, id = *last.Clock.Due, last.ID
		var wrong []string
		for i := range cases {
			if changed, err := s.resettle(ctx, s.Log.DB, &cases[i]); err != nil || changed { // what fails is told below
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

func (s *Service) moveDeadlines(ctx context.Context, ids []string) (int, error) {
	moved := 0
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		moved = 0
		for _, id := range ids {
			c, err := FindCase(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := tx.Require(PermSettle, c.Area); err != nil {
				return err
			}
			before, former := c, c.Clock.Due
			changed, err := s.resettle(ctx, tx, &c)
			if err != nil {
				return err
			}
			if !changed { // somebody took a step meanwhile
				tx.Record(audit.Entry{Action: PermSettle, Area: c.Area, Subject: "casework.case", SubjectID: c.ID})
				continue
			}
			tx.Record(audit.Entry{Action: PermSettle, Area: c.Area, Subject: "casework.case", SubjectID: c.ID,
				Before: map[string]any{"dueAt": former}, After: map[string]any{"dueAt": c.Clock.Due, "year": c.Clock.Year}})
			e, err := s.redated(ctx, tx, &c, former)
			if err != nil {
				return err
			}
			if err := s.Happened(ctx, tx, Change{Matter: s.Matters[c.Kind], Before: &before, Case: &c, Event: e}); err != nil {
				return err
			}
			if err := UpdateCase(ctx, tx, &c); err != nil {
				return err
			}
			moved++
		}
		return nil
	})
	return moved, err
}

// redated writes on the timeline from which day to which the promise has moved. What moves by hours within
// a day, or waits for a year now, is no other day: nil.
func (s *Service) redated(ctx context.Context, tx *audit.Tx, c *Case, former *int64) (*Event, error) {
	if former == nil || c.Clock.Due == nil {
		return nil, nil
	}
	was, due := clock.Day(clock.Instant(*former)), clock.Day(clock.Instant(*c.Clock.Due))
	if was == due {
		return nil, nil
	}
	e := Event{Verb: eventRedate, From: c.State, To: c.State, Tells: true, Data: EventData{Unit: c.Unit, Due: due, WasDue: was}}
	s.Sign(tx, c, &e, PermSettle, c.Unit)
	return &e, InsertEvent(ctx, tx, c, &e)
}

// Did words what a step was, in a language.
func (s *Service) Did(lang text.Lang, kind string, verb flow.Verb, d *EventData) string {
	return s.Words.T(lang, s.Matters[kind].Flow.Name+".did."+string(verb), "was", page.Day(lang, d.WasDue), "due", page.Day(lang, d.Due))
}

// resettle computes the deadlines of a case by the calendar in force and tells whether they differ
// from what it says.
func (s *Service) resettle(ctx context.Context, r db.Reader, c *Case) (bool, error) {
	before := c.Clock
	if !before.Running() || before.Suspended() || !c.Open {
		return false, nil
	}
	var err error
	if c.Clock.Pauses, err = ListPauses(ctx, r, c); err != nil {
		return false, err
	}
	c.Settle(s.Calendar.Now())
	return !same(before.Due, c.Clock.Due) || !same(before.LawDue, c.Clock.LawDue), nil
}
