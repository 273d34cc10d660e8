package app_test

import (
	"fmt"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// breaks gives cases a subject that nothing knows, so that no step of theirs can be taken.
func breaks(t *testing.T, w *apptest.World, ids ...string) {
	t.Helper()
	for _, id := range ids {
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_case SET subject = 'gone' WHERE id = $1`, id)
			return err
		}))
	}
}

// Cases on which a job cannot act hold up none that come after them: a whole batch of them stands first.
func TestAJobPassesOverWhatItCannotDo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		for i := range 201 {
			c := o.apply(fmt.Sprintf("03-02 %02d:%02d", 9+i/60, i%60))
			breaks(t, w, c.ID)
		}
		last := o.apply("03-05 10:00")
		n, err := w.App.Hall.DeemAccepted(o.at("system", "05-02 10:00"))
		must(t, err)
		if c, _ := w.App.Casework.Find(w.System(), last.ID); c.State != "accepted" || n != 1 {
			t.Errorf("behind 201 that cannot be accepted one is %s, %d accepted", c.State, n)
		}
	})
}

func TestASuspendedCaseThatCannotComeBackHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		suspend := func(day string) string {
			c := o.does("window", "03-02 11:00", o.apply("03-02 10:00"), "accept", flow.Input{})
			return o.does("clerk", "03-02 12:00", c, "suspend", flow.Input{Note: "等待鉴定", Choice: "inspection", Day: day}).ID
		}
		first, second := suspend("2026-03-04"), suspend("2026-03-05")
		breaks(t, w, first)
		_, err := w.App.Casework.BringBack(o.at("system", "03-06 10:00"))
		if err == nil {
			t.Error("the job does not tell what it could not do")
		}
		if c, _ := w.App.Casework.Find(w.System(), second); c.Clock.Suspended() {
			t.Error("a case stays suspended behind one that cannot come back")
		}
	})
}
