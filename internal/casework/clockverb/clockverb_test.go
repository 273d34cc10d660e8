package clockverb_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/registry"
)

// Who urges a case from above does not work on it, decide it or answer for it, and who works on it does
// not urge it.
func TestSupervisorsDoNotWork(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Grant("grid", registry.RoleSubdistrictOfficer, apptest.Street)
		w.Grant("dispatcher", registry.RoleSubdistrictOfficer, apptest.Street)
		dispatcher, grid := w.As("dispatcher"), w.As("grid")
		j := apptest.NewMatter(t, w, "urged")
		j.Step(dispatcher, "establish", nil).Want(200)
		j.Step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		urge := map[string]any{"note": "请尽快处理", "number": 3}
		j.Step(grid, "supervise", urge).Want(200)
		refused := j.Step(grid, "handle", nil).Want(409, "casework.supervisor_works")
		if refused.Text("rule.key") != "casework.supervise.apart" {
			t.Errorf("refused without its rule: %s", refused.Raw)
		}
		j.Step(grid, "answer", apptest.Note("已知悉")).Want(409, "casework.supervisor_works")
		j.Step(dispatcher, "handle", nil).Want(200)
		j.Step(dispatcher, "supervise", urge).Want(409, "casework.worker_supervises")
		j.Step(grid, "feed_back", apptest.Note("已清运")).Want(409, "casework.supervisor_works")
		j.Step(dispatcher, "feed_back", apptest.Note("已清运")).Want(200)
	})
}
