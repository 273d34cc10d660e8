package jobs

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/module"
)

var evening = time.Date(2026, 3, 2, 22, 0, 0, 0, clock.City)

func at(after time.Duration) context.Context {
	return clock.With(context.Background(), evening.Add(after))
}

func counted(n *atomic.Int64) module.Job {
	return module.Job{Name: "test.daily", Every: 24 * time.Hour, Do: func(context.Context) error { n.Add(1); return nil }}
}

func due(t *testing.T, r *Runner, ctx context.Context) string {
	t.Helper()
	done, err := r.Due(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(done, " ")
}

// A machine that is off every night does in the morning what it has missed, and not more often than the
// job is to be done, however often it starts.
func TestAMissedJobIsDoneAfterTheStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var n atomic.Int64
		for _, x := range []struct {
			after time.Duration
			want  string
		}{{0, "test.daily"}, {time.Hour, ""}, {10 * time.Hour, ""}, {25 * time.Hour, "test.daily"},
			{34 * time.Hour, ""}, {80 * time.Hour, "test.daily"}} {
			if got := due(t, NewRunner(d, []module.Job{counted(&n)}), at(x.after)); got != x.want {
				t.Errorf("after %s a start does %q, want %q", x.after, got, x.want)
			}
		}
	})
}

// Of two processes one does a job that is due.
func TestTwoProcessesDoNoJobTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var n atomic.Int64
		for range 20 {
			var both sync.WaitGroup
			for range 2 {
				r := NewRunner(d, []module.Job{counted(&n)})
				both.Go(func() { _, _ = r.Due(at(0)) })
			}
			both.Wait()
		}
		if n.Load() != 1 {
			t.Errorf("done %d times", n.Load())
		}
	})
}

// The job of a process that died is done by another once its claim has run out.
func TestAJobOfADeadProcessIsNotLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var n atomic.Int64
		dead, other := NewRunner(d, []module.Job{counted(&n)}), NewRunner(d, []module.Job{counted(&n)})
		if ok, err := dead.claim(at(0), dead.Jobs[0]); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if got := due(t, other, at(lease/2)); got != "" {
			t.Errorf("claimed while another holds it: %q", got)
		}
		if got := due(t, other, at(lease+time.Second)); got != "test.daily" || n.Load() != 1 {
			t.Errorf("after the claim has run out: %q, done %d times", got, n.Load())
		}
		if err := dead.end(at(lease+time.Minute), dead.Jobs[0], errors.New("late"), false); err != nil {
			t.Fatal(err)
		}
		if all, _ := other.List(at(lease + time.Minute)); all[0].Failure != "" {
			t.Errorf("who lost the claim still writes: %+v", all[0])
		}
	})
}

// A job that fails tells why, is tried again sooner than it is due, and counts as overdue in the end; a
// clock that was ahead holds nothing up for ever.
func TestAFailureIsSeenAndTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fails := true
		r := NewRunner(d, []module.Job{{Name: "test.daily", Every: 24 * time.Hour, Do: func(context.Context) error {
			if fails {
				panic("disk full")
			}
			return nil
		}}})
		if _, err := r.Due(at(0)); err == nil {
			t.Error("a job that panics does not fail")
		}
		state := func(after time.Duration) JobView {
			all, err := r.List(at(after))
			if err != nil {
				t.Fatal(err)
			}
			return all[0]
		}
		if v := state(0); v.State != "failed" || !strings.Contains(v.Failure, "disk full") || v.Succeeded != nil ||
			v.Due != clock.Millis(evening.Add(time.Hour)) {
			t.Errorf("after a failure: %+v", v)
		}
		if v := state(60 * time.Hour); v.State != "overdue" {
			t.Errorf("after two days: %+v", v)
		}
		fails = false
		if got := due(t, r, at(61*time.Minute)); got != "test.daily" {
			t.Errorf("not tried again: %q", got)
		}
		if v := state(62 * time.Minute); v.State != "waiting" || v.Failure != "" || v.Succeeded == nil {
			t.Errorf("after it was done: %+v", v)
		}
		if got := due(t, r, at(-1000*time.Hour)); got != "test.daily" { // the clock was six weeks ahead, and was set right
			t.Errorf("held up by a clock that was ahead: %q", got)
		}
	})
}

// A frequent job that can tell whether there is work is done by one process at a time, by another once the first has
// died, and is not written down while there is none.
func TestAFrequentJobWithWorkIsOneProcessesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var n atomic.Int64
		waits := false
		job := module.Job{Name: "test.often", Every: 2 * time.Second, Do: func(context.Context) error { n.Add(1); return nil },
			Waits: func(context.Context) (bool, error) { return waits, nil }}
		one, other := NewRunner(d, []module.Job{job}), NewRunner(d, []module.Job{job})
		once := func(r *Runner, after time.Duration, want int64) {
			t.Helper()
			if err := r.once(at(after), job); err != nil || n.Load() != want {
				t.Errorf("after %s it was done %d times, want %d (%v)", after, n.Load(), want, err)
			}
		}
		once(one, 0, 0)
		if known, err := one.list(at(0)); err != nil || len(known) != 0 {
			t.Errorf("without work %v is written down (%v)", known, err)
		}
		waits = true
		if ok, err := one.claim(at(0), job); !ok || err != nil { // and it works, and dies
			t.Fatal(ok, err)
		}
		once(other, lease/2, 0)
		once(other, lease+time.Second, 1)
		once(one, lease+5*time.Second, 2) // released
		failing := job
		failing.Waits = func(context.Context) (bool, error) { panic("gone") }
		if err := one.once(at(lease+time.Minute), failing); err == nil {
			t.Error("a panic of the look is no failure")
		}
	})
}
