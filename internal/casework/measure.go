package casework

import (
	"context"
	"slices"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// Now is the instant at which a guard looks at the case.
func (c *Case) Now() time.Time { return c.now }

// ClockRuns lets a step through whose case has a running clock.
var ClockRuns = flow.Guard[*Case]{Key: "casework.no_clock", Rule: "casework.suspend",
	Holds: func(c *Case, _ *authority.Actor) bool { return c.Clock.Running() }}

// Same tells whether a stage still runs to the same deadline.
func (k *Clock) Same(o *Clock) bool { return k.Since == o.Since && same(k.Due, o.Due) }

// Unchanged tells whether nothing of a deadline is another, what the law allows and the year that it waits for included.
func (k *Clock) Unchanged(o *Clock) bool {
	return k.Same(o) && same(k.LawDue, o.LawDue) && k.Year == o.Year
}

func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

// whileSuspended are the steps that a suspended case still takes.
var whileSuspended = map[flow.Verb]bool{VerbResume: true, "withdraw": true, VerbSupervise: true, VerbAnswer: true,
	VerbContribute: true, VerbRelease: true}

var (
	notSuspended = flow.Guard[*Case]{Key: "casework.suspended", Rule: "casework.suspend",
		Holds: func(c *Case, _ *authority.Actor) bool { return !c.Clock.Suspended() }}
	// IsSuspended lets a step through whose case is suspended.
	IsSuspended = flow.Guard[*Case]{Key: "casework.not_suspended", Rule: "casework.suspend",
		Holds: func(c *Case, _ *authority.Actor) bool { return c.Clock.Suspended() }}
)

// standStill guards every step of a lifecycle that a suspended case does not take.
func standStill(f *flow.Flow[*Case]) {
	for i := range f.Transitions {
		t := &f.Transitions[i]
		open := slices.ContainsFunc(t.From, f.IsOpen)
		if open && !whileSuspended[t.Verb] {
			t.Guards = slices.Concat([]flow.Guard[*Case]{notSuspended}, t.Guards)
		}
	}
}

// ListPauses are the suspensions of the stage in which a case is, that are over.
func ListPauses(ctx context.Context, r db.Reader, c *Case) ([]calendar.Pause, error) {
	return db.All(ctx, r, func(s db.Scanner) (p calendar.Pause, err error) {
		var from, until int64
		err = s.Scan(&from, &until)
		return calendar.Pause{From: clock.Instant(from), To: clock.Instant(until)}, err
	}, `SELECT from_at, until_at FROM casework_suspension
		WHERE shard = $1 AND case_id = $2 AND stage_at = $3 AND until_at IS NOT NULL ORDER BY seq`, c.Shard, c.ID, c.Clock.Since)
}

// WorkdaysBack is the instant up to which something is n working days ago, or as many days where
// the calendar does not reach.
func (s *Service) WorkdaysBack(now time.Time, n int) time.Time {
	if t, err := s.Calendar.Now().WorkdaysBack(now, n); err == nil {
		return t
	}
	return now.AddDate(0, 0, -n)
}
