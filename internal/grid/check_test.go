package grid_test

import (
	"context"
	"fmt"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/grid"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Of what was closed the day before, a share is drawn, looked at by somebody who had no hand in it,
// and opened again when it is not so; the rate says how much was confirmed.
func TestSampledRecheck(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		street, county := w.As("street"), w.As("county")
		var all []*apptest.Matter
		for n := range 3 {
			j := apptest.NewMatter(t, w, fmt.Sprint("recheck", n))
			j.Close()
			all = append(all, j)
		}
		if n, err := w.Draw(w.System()); err != nil || n != 0 {
			t.Fatalf("%d drawn on the day itself (%v)", n, err)
		}
		w.Rule("grid.recheck.percent", "50")
		later := w.NextDay()
		for want := range []int{2, 0} {
			if n, err := w.Draw(later); err != nil || n != 2-2*want {
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
		var due []*apptest.Matter
		for _, r := range rows {
			for _, j := range all {
				if r["case"].(map[string]any)["id"] == j.ID {
					due = append(due, j)
				}
			}
		}
		for _, j := range all {
			if j != due[0] && j != due[1] {
				j.Step(street, "confirm", nil).Want(409, "grid.recheck.not_drawn")
			}
		}
		if got := county.Do("GET", "/grid/rechecks/board?area="+apptest.Street, nil).Want(200); got.Text("due") != "2" ||
			got.Text("months") != "[]" {
			t.Errorf("before any check: %s", got.Raw)
		}

		w.Grant("dispatcher", registry.RoleSubdistrictOfficer, apptest.Street)
		refused := due[0].Step(w.As("dispatcher"), "confirm", nil).Want(409, "grid.recheck.took_part")
		if refused.Text("rule.key") != "grid.recheck.independent" {
			t.Errorf("refused without its rule: %s", refused.Raw)
		}
		photo := street.Upload("现场.png", apptest.OnePixel).Want(200).Text("id")
		confirmed := due[0].Step(street, "confirm", map[string]any{"note": "现场干净", "files": []string{photo}}).Want(200)
		if confirmed.Text("state") != "closed" || confirmed.Text("closedAt") == "" {
			t.Errorf("confirmed: %s", confirmed.Raw)
		}
		due[0].Step(street, "confirm", nil).Want(409, "grid.recheck.not_drawn")
		before := figures(t, w)
		due[1].Step(street, "reopen", nil).Want(422, "invalid")
		opened := due[1].Step(street, "reopen", apptest.Note("仍有垃圾")).Want(200)
		if opened.Text("state") != "dispatched" || opened.Text("closedAt") != "" || opened.Text("dueAt") == "" ||
			opened.Text("incident.reworked") != "1" ||
			opened.Text("unit.id") != w.Body[apptest.Community+" station"] {
			t.Errorf("opened again: %s", opened.Raw)
		}
		if got := figures(t, w); got != [2]int{before[0], before[1] - 1} {
			t.Errorf("received and closed were %v, are %v", before, got)
		}
		due[1].Step(w.As("grid"), "object", apptest.Note("不归我")).Want(409, "casework.objection.fed_back")
		due[1].Finish(w.As("grid"), w.As("dispatcher"))
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
		if err != nil {
			t.Fatal(err)
		}
		out[i] = n
	}
	return out
}

// Whoever did a part of the work, on the case itself, as a unit that helped or on what was merged into
// it, neither verifies nor closes nor checks it, by whatever way; those of an earlier round may.
func TestWhoWorkedJudgesNothing(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, login := range []string{"urban", "clerk", "window", "grid"} {
			w.Grant(login, registry.RoleDispatcher, apptest.Community)
		}
		dispatcher, grid, window, clerk := w.As("dispatcher"), w.As("grid"), w.As("window"), w.As("clerk")
		station, office := w.Body[apptest.Community+" station"], w.Body[apptest.County+" civil_affairs"]
		j, other := apptest.NewMatter(t, w, "main"), apptest.NewMatter(t, w, "merged")
		for _, m := range []*apptest.Matter{j, other} {
			m.Step(dispatcher, "establish", nil).Want(200)
			m.Step(dispatcher, "dispatch", map[string]any{"unit": station}).Want(200)
		}
		other.Step(window, "handle", apptest.Note("先到现场")).Want(200)
		number := dispatcher.Do("GET", "/casework/cases/"+j.ID, nil).Want(200).Text("number")
		other.Step(dispatcher, "merge", map[string]any{"case": number, "note": "同一问题"}).Want(200)
		j.Step(dispatcher, "join", map[string]any{"unit": office, "note": "核对", "number": 2}).Want(200)
		j.Step(clerk, "contribute", apptest.Note("已核对")).Want(200)
		j.Step(dispatcher, "handle", apptest.Note("我来处理")).Want(200)
		j.Step(grid, "feed_back", apptest.Note("已清运")).Want(200)
		workers := map[string]*apptest.Caller{"handled": dispatcher, "fed back": grid, "worked on what was merged": window, "helped": clerk}
		refused := func(verb, key string) {
			t.Helper()
			for did, c := range workers {
				j.Step(c, verb, apptest.Note("说明")).Want(409, key)
				bulk := c.Do("POST", "/casework/bulk", map[string]any{"verb": verb, "note": "说明", "cases": []map[string]any{{"id": j.ID}}}).Want(200)
				if bulk.Text("taken") != "0" {
					t.Errorf("who %s may %s among many", did, verb)
				}
			}
		}
		refused("verify", "grid.incident.verifier_is_handler")
		refused("rework", "grid.incident.verifier_is_handler")
		j.Step(w.As("urban"), "rework", apptest.Note("仍有残留")).Want(200)
		j.Step(grid, "handle", nil).Want(200)
		j.Step(grid, "feed_back", apptest.Note("再次清运")).Want(200)
		j.Step(grid, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
		j.Step(dispatcher, "verify", nil).Want(200) // of the round before
		workers = map[string]*apptest.Caller{"did it anew": grid}
		refused("close", "grid.incident.closer_is_handler")
		j.Step(dispatcher, "close", nil).Want(200)

		later := w.NextDay()
		if n, err := w.Draw(later); err != nil || n != 1 {
			t.Fatalf("drawn %d (%v)", n, err)
		}
		for _, login := range []string{"dispatcher", "grid", "window", "clerk", "urban"} {
			w.Grant(login, registry.RoleSubdistrictOfficer, apptest.Street)
			j.Step(w.As(login), "confirm", nil).Want(409, "grid.recheck.took_part")
		}
		j.Step(w.As("street"), "confirm", nil).Want(200)
	})
}
