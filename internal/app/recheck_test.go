package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/grid"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// closeOne brings an incident to its end, handled by the grid worker.
func closeOne(t *testing.T, w *apptest.World, key string) *matter {
	t.Helper()
	j, dispatcher, grid := newMatter(t, w, key), w.As("dispatcher"), w.As("grid")
	j.step(dispatcher, "establish", nil).Want(200)
	j.step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
	j.finish(grid, dispatcher)
	return j
}

func (j *matter) finish(handler, dispatcher *apptest.Caller) {
	j.Helper()
	j.step(handler, "handle", nil).Want(200)
	j.step(handler, "feed_back", note("已清运")).Want(200)
	j.step(dispatcher, "verify", nil).Want(200)
	j.step(dispatcher, "close", nil).Want(200)
}

// Of what was closed the day before, a share is drawn, looked at by somebody who had no hand in it,
// and opened again when it is not so; the rate says how much was confirmed.
func TestSampledRecheck(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		street, county := w.As("street"), w.As("county")
		var all []*matter
		for n := range 3 {
			all = append(all, closeOne(t, w, fmt.Sprint("recheck", n)))
		}
		if n, err := drawRechecks(w.System(), w); err != nil || n != 0 {
			t.Fatalf("%d drawn on the day itself (%v)", n, err)
		}
		w.Rule("grid.recheck.percent", "50")
		later := clock.With(w.System(), clock.Now(w.System()).Add(26*time.Hour))
		for want := range []int{2, 0} {
			if n, err := drawRechecks(later, w); err != nil || n != 2-2*want {
				t.Fatalf("drawn %d (%v)", n, err)
			}
		}
		proofs, err := module.Of[*grid.Service](w.App.Modules).ProveDraw(w.System(), clock.Day(clock.Now(w.System())))
		if err != nil || len(proofs) != 1 || !proofs[0].Holds() || len(proofs[0].Lots) != 3 || len(proofs[0].Picked) != 2 {
			t.Errorf("the draw cannot be repeated: %v (%v)", proofs, err)
		}
		for _, l := range proofs[0].Lots {
			if len(l.Chance) != 32 {
				t.Errorf("%s was closed without chance", l.Number)
			}
		}
		rows := street.Do("GET", "/grid/rechecks", nil).Want(200).Items()
		if len(rows) != 2 || rows[0]["closing"] == "" || rows[0]["dueAt"] == nil || rows[0]["late"] == true {
			t.Fatalf("to be checked: %v", rows)
		}
		var due []*matter
		for _, r := range rows {
			for _, j := range all {
				if r["case"].(map[string]any)["id"] == j.id {
					due = append(due, j)
				}
			}
		}
		for _, j := range all {
			if j != due[0] && j != due[1] {
				j.step(street, "confirm", nil).Want(409, "grid.recheck.not_drawn")
			}
		}
		if got := county.Do("GET", "/grid/rechecks/board?area="+apptest.Street, nil).Want(200); got.Text("due") != "2" ||
			got.Text("months") != "[]" {
			t.Errorf("before any check: %s", got.Raw)
		}

		w.Grant("dispatcher", registry.RoleSubdistrictOfficer, apptest.Street)
		refused := due[0].step(w.As("dispatcher"), "confirm", nil).Want(409, "grid.recheck.took_part")
		if refused.Text("rule.key") != "grid.recheck.independent" {
			t.Errorf("refused without its rule: %s", refused.Raw)
		}
		photo := street.Upload("现场.png", png).Want(200).Text("id")
		confirmed := due[0].step(street, "confirm", map[string]any{"note": "现场干净", "files": []string{photo}}).Want(200)
		if confirmed.Text("state") != "closed" || confirmed.Text("closedAt") == "" {
			t.Errorf("confirmed: %s", confirmed.Raw)
		}
		due[0].step(street, "confirm", nil).Want(409, "grid.recheck.not_drawn")
		before := figures(t, w)
		due[1].step(street, "reopen", nil).Want(422, "invalid")
		opened := due[1].step(street, "reopen", note("仍有垃圾")).Want(200)
		if opened.Text("state") != "dispatched" || opened.Text("closedAt") != "" || opened.Text("dueAt") == "" ||
			opened.Text("incident.reworked") != "1" ||
			opened.Text("unit.id") != w.Body[apptest.Community+" station"] {
			t.Errorf("opened again: %s", opened.Raw)
		}
		if got := figures(t, w); got != [2]int{before[0], before[1] - 1} {
			t.Errorf("received and closed were %v, are %v", before, got)
		}
		due[1].step(w.As("grid"), "object", note("不归我")).Want(409, "casework.objection.fed_back")
		due[1].finish(w.As("grid"), w.As("dispatcher"))
		if got := figures(t, w); got != before {
			t.Errorf("received and closed were %v, are %v", before, got)
		}
		board := county.Do("GET", "/grid/rechecks/board?area="+apptest.Street, nil).Want(200)
		month := board.JSON["months"].([]any)[0].(map[string]any)
		if month["rate"] != 0.5 || month["checked"] != 2.0 || month["month"] != clock.Month(clock.Now(w.System())) {
			t.Errorf("the month is %v", month)
		}
		for _, c := range board.JSON["children"].([]any) {
			child := c.(map[string]any)
			if at := child["code"] == apptest.Community; (child["rate"] != nil) != at {
				t.Errorf("the area %v", child)
			}
		}
		if done := street.Do("GET", "/grid/rechecks?done=true", nil).Want(200).Items(); len(done) != 2 || done[0]["checker"] != "姓名street" {
			t.Errorf("checked: %v", done)
		}
	})
}

// figures are what the counters say of the community: received and closed.
func figures(t *testing.T, w *apptest.World) [2]int {
	t.Helper()
	var out [2]int
	for i, column := range []string{"received", "closed"} {
		n, err := db.Value[int](context.Background(), w.App.DB,
			`SELECT CAST(SUM(`+column+`) AS BIGINT) FROM casework_tally WHERE area = $1`, apptest.Community)
		must(t, err)
		out[i] = n
	}
	return out
}

// drawRechecks does the draws that are due in a context.
func drawRechecks(ctx context.Context, w *apptest.World) (int, error) {
	return module.Of[*grid.Service](w.App.Modules).DrawRechecks(ctx)
}
