package task

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// communities are the codes of all communities in some areas, in order.
func (s *Service) communities(areas []string) []string {
	var out []string
	for _, code := range areas {
		if registry.LevelOf(code) == registry.LevelCommunity {
			out = append(out, code)
			continue
		}
		for _, a := range s.Registry.Below(code, registry.LevelCommunity) {
			out = append(out, a.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// send lets a task through the gate and names the communities whose cases the job opens, in the write that signs it: refused, nothing
// of it stands. Errors: those of [gate.Gate]; Conflict "task.no_gate", "task.no_community", "task.per_year", "task.after_basis",
// "task.calendar".
func (s *Service) send(ctx context.Context, tx *audit.Tx, t *Task) error {
	asked := s.communities(t.Areas)
	if len(asked) == 0 {
		return errs.New(errs.Conflict, "task.no_community")
	}
	if s.Gate == nil {
		return errs.New(errs.Conflict, "task.no_gate").By(ruleBasis)
	}
	pass, err := s.Gate.Pass(ctx, tx, gate.Request{Way: gate.Way(t.Way), Body: t.Body, Areas: asked, Admission: t.Admission, Duty: t.Duty,
		Form: t.Form, Minutes: t.Minutes})
	if err != nil {
		return err
	}
	t.PassNumber, t.PassTitle, t.PassUntil = pass.Number, pass.Title, pass.Until
	if err := s.inTime(t, tx.Now); err != nil {
		return err
	}
	if err := s.seldom(ctx, tx, t, asked); err != nil {
		return err
	}
	t.SignerName, t.SentAt, t.Total, t.Pending, t.Place = tx.Actor.Name, clock.Millis(tx.Now), len(asked), pendingOpen, ""
	for _, area := range asked {
		shard := db.Shard(area)
		share := Share{Shard: shard, ID: shard + "-" + db.NewID(ctx), Task: t.ID, Area: area, Body: t.Body, Way: t.Way, State: shareWaiting}
		if err := insertShare(ctx, tx, &share); err != nil {
			return err
		}
	}
	return carrying{s}.carry(ctx, tx, t)
}

// inTime refuses a deadline behind the last day of what the task rests on, and one in a year whose working days are not known.
func (s *Service) inTime(t *Task, now time.Time) error {
	due, err := s.Calendar.Now().DeadlineDate(clock.Day(now), calendar.Workdays(t.Workdays))
	var unknown *calendar.YearNotLoaded
	switch {
	case errors.As(err, &unknown):
		return errs.New(errs.Conflict, "task.calendar").With("year", unknown.Year)
	case err != nil:
		return err
	case t.PassUntil != "" && due > t.PassUntil:
		return errs.New(errs.Conflict, "task.after_basis").With("due", due, "until", t.PassUntil, "number", t.PassNumber).By(ruleLive)
	}
	return nil
}

// seldom refuses an inspection or a meeting to a community that the department has reached by one as often this year as the rule allows.
func (s *Service) seldom(ctx context.Context, r db.Reader, t *Task, asked []string) error {
	key := map[gate.Way]string{gate.Inspection: ruleInspection, gate.Meeting: ruleMeeting}[gate.Way(t.Way)]
	if key == "" {
		return nil
	}
	now := clock.Instant(t.WrittenAt)
	if t.HeldOn != "" {
		now, _ = time.ParseInLocation(time.DateOnly, t.HeldOn, clock.City)
	}
	most := s.Rules.Int(key, clock.Day(now))
	year := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, clock.City)
	full, err := askedSince(ctx, r, t.Body, t.Way, clock.Millis(year), most)
	if err != nil {
		return err
	}
	n, first := 0, ""
	for _, area := range asked {
		if full[area] {
			if n++; first == "" {
				first = s.Registry.AreaName(area)
			}
		}
	}
	if n > 0 {
		return errs.New(errs.Conflict, "task.per_year").With("most", most, "n", n, "area", first).By(key)
	}
	return nil
}
