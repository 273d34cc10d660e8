package casework

import (
	"slices"
	"time"

	"linli/internal/platform/authority"
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
