package access_test

import (
	"context"
	"fmt"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
)

// A code works once, and of two who ask at the same time one is sent a code, in two processes too.
func TestACodeWorksOnceOverProcesses(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		phone, _ := withCase(t, w)
		other := w.Another()
		other.App.Access.Notify = phone
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
			ask := func(w *apptest.World) error { return w.App.Access.SendCode(ctx, owner, false, word) }
			if n := both(ask); n != 2 || len(phone.sent) != sent+1 {
				t.Fatalf("%d of two asked, %d messages", n, len(phone.sent)-sent)
			}
			code := phone.last(t)
			if n := both(func(w *apptest.World) error { _, err := w.App.Access.TakeCode(ctx, owner, code); return err }); n != 1 {
				t.Errorf("a code is accepted %d times", n)
			}
		}
	})
}
