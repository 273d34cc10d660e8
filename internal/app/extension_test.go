package app_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// An extension in working days lengthens a promise in another unit by just as much time, in the
// promise's own unit.
func TestAnExtensionKeepsTheUnitOfThePromise(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, x := range []struct{ promise, statutory, want, due string }{
			{"10 workhour", "10 workday", "81 workhour", "03-17 17:00"}, // to the end of the tenth working day after the first promise
			{"10 day", "10 workday", "24 day", "03-26 23:59"},
			{"10 workday", "10 workday", "20 workday", "03-30 23:59"},
		} {
			t.Run(x.promise, func(t *testing.T) {
				o := newOffice(t, w)
				c := o.does("window", "03-02 11:00", o.apply("03-02 10:00"), "accept", flow.Input{})
				must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
					_, err := tx.Exec(w.System(), `UPDATE casework_case SET limit_promised = $1, limit_statutory = $2 WHERE id = $3`,
						x.promise, x.statutory, c.ID)
					return err
				}))
				c = o.does("head", "03-02 12:00", c, "extend", noted)
				if c.Clock.Promised.String() != x.want || c.Clock.Statutory != calendar.Workdays(20) {
					t.Errorf("%s of %s becomes %s of %s", x.promise, x.statutory, c.Clock.Promised, c.Clock.Statutory)
				}
				o.due(c, x.due, "03-30 23:59")
			})
		}
	})
}
