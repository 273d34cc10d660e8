package casework

import (
	"time"

	"linli/internal/platform/authority"
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

// Now is the instant at which a guard looks at the case.
func (c *Case) Now() time.Time { return c.now }

var clockRuns = flow.Guard[*Case]{Key: "casework.no_clock", Rule: "casework.suspend",
	Holds: func(c *Case, _ *authority.Actor) bool { return c.Clock.Running() }}

// same tells whether a stage still runs to the same deadline.
func (k *Clock) same(o *Clock) bool { return k.Since == o.Since && same(k.Due, o.Due) }

// unchanged tells whether nothing of a deadline is another, what the law allows and the year that it waits for included.
func (k *Clock) unchanged(o *Clock) bool {
	return k.same(o) && same(k.LawDue, o.LawDue) && k.Year == o.Year
}

func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }
