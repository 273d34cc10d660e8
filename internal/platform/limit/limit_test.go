package limit_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
	"linli/internal/platform/rule"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, clock.City)

func at(after time.Duration) context.Context {
	return clock.With(context.Background(), noon.Add(after))
}

// book holds every budget's rule with other figures.
func book(amount, unit string) *rule.Cache {
	var values []rule.Value
	for _, b := range limit.All {
		values = append(values, rule.Value{Key: b.Rule, ValidFrom: "2020-01-01", Value: amount, Unit: unit})
	}
	return rule.NewCache(values)
}

// after is when a refusal says to try again; 0 for no refusal.
func after(t *testing.T, err error) time.Duration {
	t.Helper()
	if err != nil && (errs.Of(err).Kind != errs.TooMany || errs.Of(err).After <= 0) {
		t.Fatalf("%v says no time to try again", err)
	}
	if err == nil {
		return 0
	}
	return errs.Of(err).After
}

// The shipped rule of every budget can be read, and no rule is without its budget.
func TestEveryBudgetHasItsRule(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, named := limit.New(d, rule.NewCache(limit.Rules())), map[string]bool{}
		for _, b := range limit.All {
			named[b.Rule] = true
			if err := l.Take(at(0), b, "someone"); err != nil {
				t.Errorf("%s: %v", b.Rule, err)
			}
			if b.Failures && !b.Shared {
				t.Errorf("%s guards a secret in the memory of one process alone", b.Rule)
			}
		}
		for _, v := range limit.Rules() {
			if !named[v.Key] {
				t.Errorf("%s: no budget has this rule", v.Key)
			}
		}
	})
}

// A budget is used up at once, grows back evenly, says when, and is one caller's own; a shared one is
// the same to two processes.
func TestBudgets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, b := range []limit.Budget{limit.Report, limit.MessageAll} {
			l, other := limit.New(d, book("3", "per_minute")), limit.New(d, book("3", "per_minute"))
			for i, want := range []time.Duration{0, 0, 0, 20 * time.Second, 20 * time.Second} {
				if got := after(t, l.Take(at(0), b, "a")); got != want {
					t.Errorf("%s: act %d has to wait for %v, not %v", b.Rule, i, got, want)
				}
			}
			if got := after(t, other.Take(at(0), b, "a")); (got > 0) != b.Shared {
				t.Errorf("%s: another process says to wait for %v", b.Rule, got)
			}
			if err := l.Take(at(0), b, "b"); err != nil {
				t.Errorf("%s: one caller's haste stops another: %v", b.Rule, err)
			}
			if got := after(t, l.Take(at(19*time.Second), b, "a")); got != time.Second {
				t.Errorf("%s: after 19 of 20 seconds, %v are left", b.Rule, got)
			}
			if first, second := after(t, l.Take(at(20*time.Second), b, "a")), after(t, l.Take(at(20*time.Second), b, "a")); first != 0 ||
				second != 20*time.Second {
				t.Errorf("%s: after the time it said: %v, %v", b.Rule, first, second)
			}
			if err := l.Take(at(-30*24*time.Hour), b, "a"); err != nil {
				t.Errorf("%s: after the clock was set back by a month: %v", b.Rule, err)
			}
		}
	})
}

// Right tries cost nothing however many come; wrong ones use the budget up, in every process, and so do
// those that are tried at the same time.
func TestGuardCountsFailures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, other := limit.New(d, book("5", "per_minute")), limit.New(d, book("5", "per_minute"))
		wrong := errors.New("wrong")
		try := func(l *limit.Limiter, answer error) error {
			return l.Guard(at(0), limit.FollowCode, "hall", func(err error) bool { return errors.Is(err, wrong) }, func() error { return answer })
		}
		for range 50 {
			if err := try(l, nil); err != nil {
				t.Fatal(err)
			}
			if err := try(l, errs.ErrStale); !errors.Is(err, errs.ErrStale) { // no wrong secret
				t.Fatal(err)
			}
		}
		for range 5 {
			if err := try(l, wrong); !errors.Is(err, wrong) {
				t.Fatal(err)
			}
		}
		if after(t, try(l, nil)) != 12*time.Second || after(t, try(other, nil)) != 12*time.Second {
			t.Error("the budget of wrong tries is not used up in both processes")
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { _ = l.Fail(at(0), limit.FollowCode, "crowd") })
		}
		all.Wait()
		if got := after(t, l.Check(at(0), limit.FollowCode, "crowd")); got != 16*12*time.Second {
			t.Errorf("of twenty failures at once, %v are to be waited for", got)
		}
	})
}

// What is counted inside a write that fails is not counted, and an amount of nought allows nothing.
func TestTakeInAWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, broken := limit.New(d, book("1", "per_day")), errors.New("broken")
		for range 3 {
			err := d.Write(at(0), func(tx *db.Tx) error {
				if err := l.TakeIn(at(0), tx, limit.MessageNumber, "n"); err != nil {
					return err
				}
				return broken
			})
			if !errors.Is(err, broken) {
				t.Fatal(err)
			}
		}
		none := limit.New(d, book("0", "per_hour"))
		for _, b := range []limit.Budget{limit.Report, limit.MessageAll} {
			if after(t, none.Take(at(0), b, "x")) == 0 {
				t.Errorf("%s: an act of none is allowed", b.Rule)
			}
		}
	})
}

// A caller costs the same time and no more memory among half a million others, and who has just been
// refused is not forgotten for strangers that come once.
func TestMemoryIsBounded(t *testing.T) {
	l := limit.New(nil, book("1", "per_day"))
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 500_000 {
		if err := l.Take(at(0), limit.Report, fmt.Sprintf("2001:db8:%x:%x::/64", i>>16, i&0xffff)); err != nil {
			t.Fatal(err)
		}
		if i%10_000 == 0 && after(t, l.Take(at(0), limit.Report, "watched")) == 0 && i > 0 {
			t.Fatal("a caller who keeps coming is forgotten")
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&now)
	if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("half a million callers hold %d MB", grown>>20)
	}
	runtime.KeepAlive(l)
}

func BenchmarkTakeAmongManyCallers(b *testing.B) {
	l := limit.New(nil, rule.NewCache(limit.Rules()))
	ctx, callers := at(0), make([]string, 1<<19)
	for i := range callers {
		callers[i] = fmt.Sprintf("2001:db8:%x:%x::/64", i>>16, i&0xffff)
		_ = l.Take(ctx, limit.Report, callers[i])
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			_ = l.Take(ctx, limit.Report, callers[i*7919%len(callers)])
		}
	})
}
