package casework

import (
	"context"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// A measure changes how long a case may take and leaves it in its state: it is suspended and
// resumed, extended once, supervised from above and answered for. A module puts the rows into its
// lifecycle; what they do is the spine's.
const (
	VerbSuspend   flow.Verb = "suspend"
	VerbResume    flow.Verb = "resume"
	VerbExtend    flow.Verb = "extend"
	VerbSupervise flow.Verb = "supervise"
	VerbAnswer    flow.Verb = "answer"
)

// measures are what guards ask of a case beside its row; read by prepare and consider.
type measures struct {
	now        time.Time // instant at which the case is looked at
	extended   bool
	unanswered int // supervisions
}

// Now is the instant at which a guard looks at the case.
func (c *Case) Now() time.Time { return c.now }

// prepare reads what the guards of one verb ask.
func (c *Case) prepare(ctx context.Context, r db.Reader, now time.Time, verb flow.Verb) (err error) {
	c.now = now
	switch verb {
	case VerbExtend:
		c.extended, err = isExtended(ctx, r, c)
	case VerbAnswer:
		c.unanswered, err = countUnanswered(ctx, r, c)
	}
	return err
}

// consider reads what the guards of every verb ask.
func (c *Case) consider(ctx context.Context, r db.Reader, now time.Time) error {
	for _, verb := range []flow.Verb{VerbExtend, VerbAnswer} {
		if err := c.prepare(ctx, r, now, verb); err != nil {
			return err
		}
	}
	return nil
}

var clockRuns = flow.Guard[*Case]{Key: "casework.no_clock", Rule: "casework.suspend",
	Holds: func(c *Case, _ *authority.Actor) bool { return c.Clock.Running() }}

// clockMoved ends what hung on the clock as it ran before a step: a suspension that somebody else
// than its resumption ended, and warnings of a deadline that is no more.
func (s *Service) clockMoved(ctx context.Context, tx *audit.Tx, c *Case, before *Clock) error {
	if before.Since == c.Clock.Since && same(before.Due, c.Clock.Due) && c.Open {
		return nil
	}
	if len(c.openParts()) > 0 && c.Open {
		if err := dueParts(ctx, tx, c); err != nil {
			return err
		}
	}
	if before.Suspended() && before.Since != c.Clock.Since {
		if err := endSuspension(ctx, tx, c, clock.Millis(tx.Now)); err != nil {
			return err
		}
	}
	if !c.Open {
		return lowerAlerts(ctx, tx, c, "")
	}
	return lowerAlerts(ctx, tx, c, "deadline")
}

func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }
