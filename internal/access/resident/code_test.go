package resident_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
)

// A code works once, and of two who ask at the same time one is sent a code, in two processes too.
func TestACodeWorksOnceOverProcesses(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		phone, _ := withCase(t, w)
		other := w.Another()
		other.App.Residents.Notify = phone
		word := func(code string) string { return code[:4] + " " + code[4:] }
		for i := range 10 {
			actor := authority.Nobody()
			actor.Origin = fmt.Sprintf("203.0.113.%d", i)
			ctx := authority.With(context.Background(), actor)
			both := func(do func(w *apptest.World) error) (good int) {
				done := make(chan error, 2)
				for _, one := range []*apptest.World{w, other} {
					go func() { done <- do(one) }()
				}
				for range 2 {
					if <-done == nil {
						good++
					}
				}
				return good
			}
			sent := len(phone.sent)
			ask := func(w *apptest.World) error { return w.App.Residents.SendCode(ctx, owner, false, word) }
			if n := both(ask); n != 2 || len(phone.sent) != sent+1 {
				t.Fatalf("%d of two asked, %d messages", n, len(phone.sent)-sent)
			}
			code := phone.last(t)
			if n := both(func(w *apptest.World) error { _, err := w.App.Residents.TakeCode(ctx, owner, code); return err }); n != 1 {
				t.Errorf("a code is accepted %d times", n)
			}
		}
	})
}

// A code is not sent after it has stopped being of use.
func TestACodeIsNotSentTooLate(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p, _ := withCase(t, w)
		now := time.Date(2026, 11, 20, 10, 0, 0, 0, clock.City)
		ctx := clock.With(authority.With(context.Background(), authority.Nobody()), now)
		if err := w.App.Residents.SendCode(ctx, owner, false, func(code string) string { return code }); err != nil {
			t.Fatal(err)
		}
		if len(p.sent) != 1 || p.sent[0].Until.IsZero() || p.sent[0].Until.After(now.Add(time.Hour)) {
			t.Errorf("a message with a code may be sent until %v", p.sent)
		}
	})
}
