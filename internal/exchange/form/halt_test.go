package form_test

import (
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// A suspension moves what was not yet due by its working days, and nothing else: over a week-end and a change of its cause as well.
func TestASuspensionMovesDeadlines(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		for _, tc := range []struct{ name, from, to, due, want, until string }{
			{"two working days", "2026-11-09", "2026-11-11", "2026-11-12", "2026-11-16", ""},
			{"over a week-end", "2026-11-06", "2026-11-09", "2026-11-10", "2026-11-11", ""},
			{"ended on its own day", "2026-11-09", "2026-11-09", "2026-11-12", "2026-11-12", ""},
			{"due on the day it began", "2026-11-09", "2026-11-10", "2026-11-09", "2026-11-10", ""},
			{"was due before", "2026-11-09", "2026-11-12", "2026-11-06", "2026-11-06", ""},
			{"not behind the admission", "2026-11-09", "2026-11-13", "2026-11-12", "2026-11-14", "2026-11-14"},
		} {
			o := open(t, w)
			w.Exec(`DELETE FROM exchange_answer`)
			w.Exec(`DELETE FROM exchange_sending`)
			id := o.send(apptest.Community)
			w.Exec(`UPDATE exchange_answer SET due_on = '` + tc.due + `'`)
			w.Exec(`UPDATE exchange_sending SET due_on = '` + tc.due + `', pass_until = '` + tc.until + `'`)
			for _, e := range []struct {
				day string
				gate.Ending
			}{{tc.from, gate.Ending{Number: "准-1", Cause: gate.Money}}, {tc.from, gate.Ending{Number: "准-1", Cause: gate.Decision}},
				{tc.to, gate.Ending{Number: "准-1"}}, {tc.to, gate.Ending{Number: "准-1"}}} {
				at, _ := time.ParseInLocation(time.DateOnly, e.day, clock.City)
				err := w.App.Log.Do(clock.With(w.System(), at.Add(10*time.Hour)), func(tx *audit.Tx) error {
					tx.Judged()
					tx.Record(audit.Entry{Action: "exchange.sending.send", Area: apptest.County, Subject: "exchange.sending", SubjectID: id})
					return o.s.Paused(w.System(), tx, e.Ending)
				})
				must(t, err)
			}
			for _, table := range []string{"exchange_answer", "exchange_sending"} {
				got, err := db.Value[string](w.System(), w.App.DB, `SELECT due_on FROM `+table)
				if must(t, err); got != tc.want {
					t.Errorf("%s, %s: due %s, want %s", tc.name, table, got, tc.want)
				}
			}
		}
	})
}
