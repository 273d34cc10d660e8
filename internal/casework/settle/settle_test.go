package settle_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/settle"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// A year is loaded: all that waits for it is settled, however much it is. What somebody suspends
// meanwhile stays suspended.
func TestSettlingLeavesWhatStandsStill(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		at := func(a *authority.Actor, minute int) context.Context {
			return clock.With(authority.With(context.Background(), a), time.Date(2026, 12, 31, 17, minute, 0, 0, clock.City))
		}
		dispatcher := authority.NewActor(w.App.Policy, "d", "调度",
			[]authority.Grant{{Role: registry.RoleDispatcher, Area: apptest.Community, Body: w.Body[apptest.Community+" station"]}})
		var ids []string
		for range 5 {
			opened, err := apptest.Report(at(dispatcher, 20), w.App, apptest.Reported{Intake: casework.Intake{Channel: casework.ChannelField}})
			if err != nil || opened.Case.Clock.Year != 2027 {
				t.Fatal(opened.Case.Clock, err)
			}
			ids = append(ids, opened.Case.ID)
		}
		w.LoadYear(2027)
		in := flow.Input{Note: "等居民配合", Choice: "resident"}
		if _, err := w.App.Casework.Move(at(dispatcher, 21), apptest.KindReported,
			casework.MoveInput{ID: ids[0], Verb: casework.VerbSuspend, Input: in}); err != nil {
			t.Fatal(err)
		}
		system := at(authority.SystemActor("test"), 22)
		if n, err := w.App.Settle.SettleCases(system, ids[:1]); n != 0 || err != nil {
			t.Errorf("%d suspended cases are settled (%v)", n, err)
		}
		if c, err := w.App.Casework.Find(system, ids[0]); err != nil || !c.Clock.Suspended() {
			t.Errorf("a suspended case runs again without having been resumed: %+v (%v)", c.Clock, err)
		}
		defer settle.SetSettleBatch(2)()
		if n, err := w.App.Settle.Settle(system); n != 4 || err != nil {
			t.Errorf("%d of 4 that wait are settled (%v)", n, err)
		}
	})
}
