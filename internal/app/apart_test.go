package app_test

import (
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

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
		j, other := newMatter(t, w, "main"), newMatter(t, w, "merged")
		for _, m := range []*matter{j, other} {
			m.step(dispatcher, "establish", nil).Want(200)
			m.step(dispatcher, "dispatch", map[string]any{"unit": station}).Want(200)
		}
		other.step(window, "handle", note("先到现场")).Want(200)
		number := dispatcher.Do("GET", "/casework/cases/"+j.id, nil).Want(200).Text("number")
		other.step(dispatcher, "merge", map[string]any{"case": number, "note": "同一问题"}).Want(200)
		j.step(dispatcher, "join", map[string]any{"unit": office, "note": "核对", "number": 2}).Want(200)
		j.step(clerk, "contribute", note("已核对")).Want(200)
		j.step(dispatcher, "handle", note("我来处理")).Want(200)
		j.step(grid, "feed_back", note("已清运")).Want(200)
		workers := map[string]*apptest.Caller{"handled": dispatcher, "fed back": grid, "worked on what was merged": window, "helped": clerk}
		refused := func(verb, key string) {
			t.Helper()
			for did, c := range workers {
				j.step(c, verb, note("说明")).Want(409, key)
				bulk := c.Do("POST", "/casework/bulk", map[string]any{"verb": verb, "note": "说明", "cases": []map[string]any{{"id": j.id}}}).Want(200)
				if bulk.Text("taken") != "0" {
					t.Errorf("who %s may %s among many", did, verb)
				}
			}
		}
		refused("verify", "grid.incident.verifier_is_handler")
		refused("rework", "grid.incident.verifier_is_handler")
		j.step(w.As("urban"), "rework", note("仍有残留")).Want(200)
		j.step(grid, "handle", nil).Want(200)
		j.step(grid, "feed_back", note("再次清运")).Want(200)
		j.step(grid, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
		j.step(dispatcher, "verify", nil).Want(200) // of the round before
		workers = map[string]*apptest.Caller{"did it anew": grid}
		refused("close", "grid.incident.closer_is_handler")
		j.step(dispatcher, "close", nil).Want(200)

		later := clock.With(w.System(), clock.Now(w.System()).Add(26*time.Hour))
		if n, err := drawRechecks(later, w); err != nil || n != 1 {
			t.Fatalf("drawn %d (%v)", n, err)
		}
		for _, login := range []string{"dispatcher", "grid", "window", "clerk", "urban"} {
			w.Grant(login, registry.RoleSubdistrictOfficer, apptest.Street)
			j.step(w.As(login), "confirm", nil).Want(409, "grid.recheck.took_part")
		}
		j.step(w.As("street"), "confirm", nil).Want(200)
	})
}

// Who urges a case from above does not work on it, decide it or answer for it, and who works on it does
// not urge it.
func TestSupervisorsDoNotWork(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Grant("grid", registry.RoleSubdistrictOfficer, apptest.Street)
		w.Grant("dispatcher", registry.RoleSubdistrictOfficer, apptest.Street)
		dispatcher, grid := w.As("dispatcher"), w.As("grid")
		j := newMatter(t, w, "urged")
		j.step(dispatcher, "establish", nil).Want(200)
		j.step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		urge := map[string]any{"note": "请尽快处理", "number": 3}
		j.step(grid, "supervise", urge).Want(200)
		refused := j.step(grid, "handle", nil).Want(409, "casework.supervisor_works")
		if refused.Text("rule.key") != "casework.supervise.apart" {
			t.Errorf("refused without its rule: %s", refused.Raw)
		}
		j.step(grid, "answer", note("已知悉")).Want(409, "casework.supervisor_works")
		j.step(dispatcher, "handle", nil).Want(200)
		j.step(dispatcher, "supervise", urge).Want(409, "casework.worker_supervises")
		j.step(grid, "feed_back", note("已清运")).Want(409, "casework.supervisor_works")
		j.step(dispatcher, "feed_back", note("已清运")).Want(200)
	})
}
