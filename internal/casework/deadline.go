package casework

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// Clock is the deadline of the stage that a case is in. Deadlines are computed, never typed.
// One that runs into a year whose working days are not decreed yet stays open: Due is nil and
// Year says which year it waits for.
type Clock struct {
	Since     int64 // instant at which the stage began; 0 while no clock runs
	Promised  calendar.Limit
	Statutory calendar.Limit
	Due       *int64
	LawDue    *int64
	Year      int
	Pauses    []calendar.Pause // of this stage; read when the deadline is computed anew
}

// Suspended tells whether the clock stands still until somebody resumes the case: it has a limit
// and neither a deadline nor a year that it waits for.
func (k *Clock) Suspended() bool {
	return k.Since != 0 && k.Promised.Unit != "" && k.Due == nil && k.Year == 0
}

// Running tells whether somebody owes something by a time.
func (k *Clock) Running() bool { return k.Since != 0 }

// Start begins a stage with its limits. The day it starts is not counted (民法典 201).
func (c *Case) Start(cal *calendar.Calendar, now time.Time, promised, statutory calendar.Limit) {
	c.stop(now)
	c.Clock = Clock{Since: clock.Millis(now), Promised: promised, Statutory: statutory}
	c.Settle(cal)
}

// Stop ends the stage: nobody owes anything by a time, e.g. while the reporter is asked.
func (c *Case) Stop(now time.Time) { c.stop(now) }

func (c *Case) stop(now time.Time) {
	if c.Clock.Due != nil && clock.Millis(now) > *c.Clock.Due {
		c.Late = true
	}
	c.Clock = Clock{}
}

// Settle computes the deadlines as far as the calendar reaches and tells whether it did.
func (c *Case) Settle(cal *calendar.Calendar) bool {
	k := &c.Clock
	k.Year, k.Due, k.LawDue = 0, nil, nil
	k.Due = k.reach(cal, k.Promised)
	k.LawDue = k.reach(cal, k.Statutory)
	if k.Due != nil && k.LawDue != nil && *k.LawDue < *k.Due { // a promise is never longer than the law
		k.Due = k.LawDue
	}
	return k.Year == 0
}

// reach is the instant at which a limit ends, as [DueBy]; Year keeps the latest that it waits for.
func (k *Clock) reach(cal *calendar.Calendar, limit calendar.Limit) *int64 {
	due, year := DueBy(cal, k.Since, limit, k.Pauses)
	k.Year = max(k.Year, year)
	return due
}

// DueBy is the instant at which a limit ends that began at since; nil for no limit (its unit is empty), and when the
// calendar does not reach there: year says then for which it waits.
func DueBy(cal *calendar.Calendar, since int64, limit calendar.Limit, pauses []calendar.Pause) (due *int64, year int) {
	if limit.Unit == "" {
		return nil, 0
	}
	end, err := cal.DeadlineAfter(clock.Instant(since), limit, pauses)
	if err != nil {
		var unknown *calendar.YearNotLoaded
		if errors.As(err, &unknown) {
			year = unknown.Year
		}
		return nil, year
	}
	ms := clock.Millis(end)
	return &ms, 0
}

// Never sorts after every deadline, and is that of a case without one; the indexes of what is open have it.
const Never = int64(1) << 53

// ByDeadline is the key by which work is listed.
const ByDeadline = "COALESCE(due_at, 9007199254740992)"

// warnUnsettled tells the operator, once a year that is missing, that deadlines wait for it; how
// many do is seen in the inbox.
func (s *Service) warnUnsettled(ctx context.Context, c *Case) {
	if _, told := s.warned.LoadOrStore(c.Clock.Year, true); !told {
		slog.WarnContext(ctx, "deadlines are left open: working days of the year are not loaded",
			"year", c.Clock.Year, "case", c.ID)
	}
}

// DueState is how a deadline stands.
type DueState string

const (
	DueNone      DueState = "none"      // no clock runs
	DueSuspended DueState = "suspended" // the clock stands still
	DueOpen      DueState = "open"      // waits for a calendar year
	DueRunning   DueState = "running"   // in time
	DueSoon      DueState = "soon"      // within the last working day
	DueOverdue   DueState = "overdue"
	DueMet       DueState = "met"  // closed, every stage in time
	DueLate      DueState = "late" // closed, some stage not
)

// Due is a deadline as a face words it.
type Due struct {
	State DueState      `json:"state" enum:"none,suspended,open,running,soon,overdue,met,late"`
	Year  int           `json:"year,omitempty" doc:"Calendar year that is not loaded, when state is open"`
	Left  int           `json:"left,omitempty" doc:"Working days or minutes left; negative when overdue"`
	Unit  calendar.Unit `json:"unit,omitempty"`
}

// DueNow tells how a case's deadline stands.
func (s *Service) DueNow(ctx context.Context, c *Case) Due {
	cal, now := s.Calendar.Now(), clock.Now(ctx)
	switch {
	case c.Outcome == Withdrawn:
		return Due{State: DueNone} // nobody owed it to the end
	case c.ClosedAt != nil && c.Late:
		return Due{State: DueLate}
	case c.ClosedAt != nil:
		return Due{State: DueMet}
	case c.Clock.Suspended():
		return Due{State: DueSuspended}
	case c.Clock.Due == nil && c.Clock.Year > 0:
		return Due{State: DueOpen, Year: c.Clock.Year}
	case c.Clock.Due == nil:
		return Due{State: DueNone}
	}
	d := Due{State: DueRunning}
	due := clock.Instant(*c.Clock.Due)
	if left, unit, err := cal.Left(now, due); err == nil {
		d.Left, d.Unit = left, unit
	}
	switch {
	case now.After(due):
		d.State = DueOverdue
	case !due.After(s.SoonBy(ctx)):
		d.State = DueSoon
	}
	return d
}

// soonBy is the instant up to which a deadline counts as soon: casework.soon.workdays from now,
// or as many days where the calendar does not reach.
func (s *Service) SoonBy(ctx context.Context) time.Time {
	now := clock.Now(ctx)
	n := s.Rules.Int("casework.soon.workdays", clock.Day(now))
	if t, err := s.Calendar.Now().Deadline(now, calendar.Workdays(n)); err == nil {
		return t
	}
	return now.AddDate(0, 0, n)
}

// silentBatch bounds the cases that Silent reads at once.
const silentBatch = 200

// OverdueForAcceptance are submitted cases of a kind whose lawful time to act has passed, the oldest first: a batch
// of those that come after a case, from the oldest on when it is nil. Whoever walks them goes on behind
// the last of each batch, so that cases which cannot be moved hold up none that come after them.
func OverdueForAcceptance(ctx context.Context, r db.Reader, kind string, after *Case) ([]Case, error) {
	due, id := int64(-1), ""
	if after != nil && after.Clock.LawDue != nil {
		due, id = *after.Clock.LawDue, after.ID
	}
	return db.All(ctx, r, ScanCase, SelectCase+` WHERE state = 'submitted' AND open = 1 AND statutory_due_at < $1 AND kind = $2
		AND (statutory_due_at, id) > ($3, $4) ORDER BY statutory_due_at, id LIMIT $5`, clock.Millis(clock.Now(ctx)), kind, due, id, silentBatch)
}
