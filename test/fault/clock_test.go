package fault

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
)

// The machine's clock is set back by two days and forward again: numbers and ids stay unique,
// counters add up, deadlines are those of the hour at which a case came, and the audit log keeps
// its order.
func TestClockSetBack(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		now := time.Date(2026, 6, 10, 9, 0, 0, 0, clock.City)
		seen := map[string]bool{}
		for step, at := range []time.Time{now, now.Add(time.Minute), now.Add(-48 * time.Hour),
			now.Add(-48*time.Hour + time.Second), now.Add(2 * time.Minute)} {
			ctx := clock.With(authority.With(context.Background(), authority.NewActor(w.App.Policy, "w", "w",
				[]authority.Grant{{Role: "grid_worker", Area: apptest.Community}})), at)
			o, err := module.Of[*grid.Service](w.App.Modules).Report(ctx,
				grid.Incident{Category: "0101", Description: fmt.Sprint("垃圾 ", step), Area: apptest.Community,
					Place: casework.Location{Text: "东门"}, Intake: casework.Intake{Channel: casework.ChannelField}})
			if err != nil {
				t.Fatalf("step %d: %v", step, err)
			}
			c := o.Case
			if seen[c.Number] || seen[c.ID] {
				t.Errorf("step %d: number %s or id %s was given before", step, c.Number, c.ID)
			}
			seen[c.Number], seen[c.ID] = true, true
			if c.Clock.Due == nil || !clock.Instant(*c.Clock.Due).After(at) {
				t.Errorf("step %d: due %v at %v", step, c.Clock.Due, at)
			}
			if _, err := w.App.Log.Seal(clock.With(w.System(), at)); err != nil {
				t.Errorf("step %d: %v", step, err)
			}
		}
		report, err := w.App.Log.Verify(w.System(), nil)
		if err != nil || len(report.Findings) > 0 {
			t.Errorf("the audit log after the clock was set back: %v %v", report, err)
		}
	})
}
