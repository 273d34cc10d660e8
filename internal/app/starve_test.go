package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

func TestASuspendedCaseThatCannotComeBackHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		suspend := func(day string) string {
			c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
			return o.Does("clerk", "03-02 12:00", c, "suspend", flow.Input{Note: "等待鉴定", Choice: "inspection", Day: day}).ID
		}
		first, second := suspend("2026-03-04"), suspend("2026-03-05")
		w.Exec(`UPDATE casework_case SET kind = 'gone' WHERE id = $1`, first)
		_, err := w.App.Clock.BringBack(o.At("system", "03-06 10:00"))
		if err == nil {
			t.Error("the job does not tell what it could not do")
		}
		if c, _ := w.App.Casework.Find(w.System(), second); c.Clock.Suspended() {
			t.Error("a case stays suspended behind one that cannot come back")
		}
	})
}

// A supervision and a part of a case that is not there come first, and those behind them are settled.
func TestWhatCannotBeSettledHoldsUpNoOther(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "12-28 11:00", o.Apply("12-28 10:00"), "accept", flow.Input{})
		c = o.Does("street", "12-29 11:00", c, "supervise", flow.Input{Note: "请抓紧", Number: 5})
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			for _, of := range []struct{ shard, id string }{{"000000", "0"}, {db.ShardOf(c.ID), c.ID}} {
				if _, err := tx.Exec(w.System(), insertPart, of.shard, of.id, w.Body[apptest.County+" urban_management"]); err != nil {
					return err
				}
			}
			_, err := tx.Exec(w.System(), `INSERT INTO casework_supervision (shard, case_id, seq, at, account_id, workdays, due_at, due_year,
				answer_seq, answered_at)
				SELECT '000000', '0', seq, at, account_id, workdays, due_at, due_year, answer_seq, answered_at FROM casework_supervision
				WHERE case_id = $1`, c.ID)
			return err
		}))
		waits := func(table string) int {
			n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM `+table+` WHERE due_year > 0`)
			must(t, err)
			return n
		}
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_part SET due_at = NULL, due_year = 2027, asked_at = (SELECT at FROM casework_supervision
				WHERE case_id = '0'), workdays = 5`)
			return err
		}))
		w.LoadYear(2027)
		if _, err := w.App.Settle.Settle(w.System()); err == nil {
			t.Error("the job does not tell what it could not do")
		}
		if s, p := waits("casework_supervision"), waits("casework_part"); s != 1 || p != 1 {
			t.Errorf("%d supervisions and %d parts still wait; want the broken ones", s, p)
		}
	})
}

// Files that cannot be cleaned hold up none that come after them.
func TestAFileThatCannotBeCleanedHoldsUpNoOther(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		kept := attached(t, w.App)
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			if _, err := tx.Exec(w.System(), `UPDATE casework_file SET width = 0, id = 'z'`); err != nil {
				return err
			}
			for i := range 301 { // more than one run takes; a link to itself stands in their place
				if _, err := tx.Exec(w.System(), `INSERT INTO casework_file (shard, case_id, id, seq, name, media_type, size, digest, at)
					VALUES ('320703','c',$1,1,'a.pdf','application/pdf',1,$2,0)`, fmt.Sprintf("a%03d", i), strings.Repeat("0", 64)); err != nil {
					return err
				}
			}
			return nil
		}))
		folder := filepath.Join(w.App.Data, "files", "00")
		must(t, os.MkdirAll(folder, 0o750))
		must(t, os.Symlink(strings.Repeat("0", 64), filepath.Join(folder, strings.Repeat("0", 64))))
		if err := w.App.CaseFiles.Redraw(w.System()); err == nil {
			t.Error("the job does not tell what it could not do")
		}
		n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM casework_file WHERE id = 'z' AND width = 0`)
		if must(t, err); n != 0 {
			t.Errorf("%s is not cleaned behind files that cannot be", kept.Digest)
		}
	})
}
