package application_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// Each step of an application waits in the inbox of whoever takes it, until it is taken, with its last day.
func TestApplicationsWaitInTheInbox(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		waits := func(login, kind, instant string) *worklist.Todo {
			a, err := w.App.Accounts.FindLogin(w.System(), login)
			must(t, err)
			todo, err := w.App.Worklist.Todo(authority.With(clock.With(w.System(), at(t, instant)), w.App.Access.Actor(a, a.Grants)))
			must(t, err)
			for i := range todo {
				if todo[i].Kind == kind {
					return &todo[i]
				}
			}
			return nil
		}
		want := func(login, kind, instant, due string) {
			t.Helper()
			got := waits(login, kind, instant)
			switch {
			case got == nil:
				t.Errorf("%s: %s does not wait", login, kind)
			case due != "" && clock.Day(clock.Instant(got.Due)) != due:
				t.Errorf("%s: %s is due on %s, want %s", login, kind, clock.Day(clock.Instant(got.Due)), due)
			}
		}
		none := func(login, kind, instant string) {
			t.Helper()
			if got := waits(login, kind, instant); got != nil {
				t.Errorf("%s: %s waits: %+v", login, kind, got)
			}
		}
		c := wanted("2026-06-01", "2026-12-31")
		c.Areas, c.Money.Line = []string{apptest.Street}, ""
		s, civil := service(w), w.Body[apptest.County+" civil_affairs"]
		e, err := s.Write(when(t, w, "2026-04-01T09:00"), c, civil)
		must(t, err)
		take(t, w, e.ID, "submit", "2026-04-01T09:00")
		want("head", "admission.todo.sign", "2026-04-01T09:00", "")
		take(t, w, e.ID, "sign", "2026-04-01T09:00")
		none("head", "admission.todo.sign", "2026-04-01T09:00")
		want("builder", "admission.todo.decide", "2026-04-02T09:00", "2026-04-23") // 15 working days, the Qingming holiday between
		take(t, w, e.ID, "accept", "2026-04-01T10:00")
		want("street", "admission.todo.opinions", "2026-04-02T09:00", "2026-04-13") // 7 working days
		want("council", "admission.todo.opinions", "2026-04-02T09:00", "2026-04-13")
		opine := func(login string) {
			a, err := w.App.Accounts.FindLogin(w.System(), login)
			must(t, err)
			ctx := authority.With(when(t, w, "2026-04-02T09:00"), w.App.Access.Actor(a, a.Grants))
			must(t, s.Step(ctx, e.ID, "opine", int64(version(w, e.ID)), flow.Input{Choice: "support", Note: "同意"}))
		}
		opine("street")
		none("street", "admission.todo.opinions", "2026-04-02T10:00")
		opine("council")
		none("supervisor", "admission.todo.opinions", "2026-04-02T10:00")
		take(t, w, e.ID, "admit", "2026-04-17T10:00")
		want("head", "admission.todo.unfunded", "2026-04-17T10:00", "")
		none("builder", "admission.todo.decide", "2026-04-17T10:00")
		take(t, w, e.ID, "fund", "2026-04-18T10:00")
		none("clerk", "admission.todo.pay", "2026-05-01T10:00")
		want("clerk", "admission.todo.pay", "2026-05-25T10:00", "2026-06-01")
		must(t, s.Pay(when(t, w, "2026-06-01T09:00"), e.ID, 1, "pay", 1, flow.Input{Day: "2026-06-01", Note: "回单"}))
		want("street", "admission.todo.receipts", "2026-06-01T10:00", "")
		want("committee", "admission.todo.receipts", "2026-06-01T10:00", "")
		must(t, s.Pay(when(t, w, "2026-06-02T09:00"), e.ID, 1, "confirm", 2, flow.Input{}))
		none("committee", "admission.todo.receipts", "2026-06-02T10:00")
		none("stranger", "admission.todo.receipts", "2026-06-01T10:00")

		refused := received(t, w, wanted("2026-09-01", "2026-12-31"), "2026-06-10T09:00")
		take(t, w, refused, "refuse", "2026-06-12T10:00")
		want("clerk", "admission.todo.refused", "2026-06-13T10:00", "")
		none("clerk", "admission.todo.refused", "2026-08-13T10:00")
	})
}
