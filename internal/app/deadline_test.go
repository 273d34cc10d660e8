package app_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// A deadline that runs into a year whose working days are not decreed is left open, told to
// the operator, and settled when the year is loaded.
func TestDeadlineWaitsForItsYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := clock.With(w.System(), time.Date(2026, 12, 31, 17, 20, 0, 0, clock.City))
		opened, err := apptest.Report(authority.With(ctx, authority.Nobody()), w.App, apptest.Reported{})
		if err != nil {
			t.Fatalf("a case is refused because its deadline is not known: %v", err)
		}
		c := opened.Case
		if c.Clock.Due != nil || c.Clock.Year != 2027 {
			t.Fatalf("due %v, year %d; want none until 2027 is loaded", c.Clock.Due, c.Clock.Year)
		}
		if got := w.App.Casework.DueNow(ctx, &c); got.State != casework.DueOpen || got.Year != 2027 {
			t.Fatalf("shown as %+v", got)
		}
		pending := w.As("county").Do("GET", "/casework/inbox", nil).Want(200)
		if got := pending.Text("pending.count") + pending.Text("pending.years"); got != "1[2027]" {
			t.Fatalf("the operator is told of %s", got)
		}
		if n, err := w.App.Settle.Settle(ctx); n != 0 || err != nil {
			t.Fatalf("settled %d %v before the year is loaded", n, err)
		}

		w.LoadYear(2027)
		if n, err := w.App.Settle.Settle(ctx); n != 1 || err != nil {
			t.Fatalf("settled %d %v", n, err)
		}
		c, err = w.App.Casework.Find(w.System(), c.ID)
		if err != nil || c.Clock.Year != 0 || c.Clock.Due == nil {
			t.Fatalf("not settled: %+v %v", c.Clock, err)
		}
		if got, want := clock.Instant(*c.Clock.Due), time.Date(2027, 1, 4, 14, 20, 0, 0, clock.City); !got.Equal(want) {
			t.Errorf("four working hours from 31 December 17:20 end at %v, want %v", got, want)
		}
	})
}

// Without a judgement of authority, or without a record, nothing is written.
func TestNoWriteBesideTheAudit(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		for name, do := range map[string]func(*audit.Tx) error{
			"unjudged":   func(tx *audit.Tx) error { tx.Record(audit.Entry{Action: "x"}); return write(ctx, tx) },
			"unrecorded": func(tx *audit.Tx) error { tx.Judged(); return write(ctx, tx) },
		} {
			if err := w.App.Log.Do(ctx, do); err == nil {
				t.Errorf("%s write was committed", name)
			}
		}
		n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM setting_value WHERE name = 'x'`)
		if err != nil || n != 0 {
			t.Errorf("%d rows are there: %v", n, err)
		}
	})
}

func write(ctx context.Context, tx *audit.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting_value (name, value) VALUES ('x','1')`)
	return err
}
