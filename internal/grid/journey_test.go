package grid_test

import (
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// A handler who shared the work with somebody else neither verifies nor closes it.
func TestAHandlerNeitherVerifiesNorCloses(t *testing.T) {
	t.Parallel()
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	j := apptest.NewMatter(t, w, "r1")
	d, g := w.As("dispatcher"), w.As("grid")
	j.Step(d, "establish", nil).Want(200)
	j.Step(d, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
	j.Step(d, "handle", apptest.Note("我来处理")).Want(200)
	j.Step(g, "feed_back", apptest.Note("已清运")).Want(200)
	j.Step(d, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
}

func TestIncidentJourney(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, urban, grid := w.As("dispatcher"), w.As("urban"), w.As("grid")
		photo := w.Nobody().Upload("垃圾.png", apptest.OnePixel).Want(200).Text("id")
		body := apptest.Incident("k2")
		body["files"] = []string{photo}
		opened := w.Nobody().OpenCase(body).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		step := func(c *apptest.Caller, verb string, body map[string]any) apptest.Answer {
			t.Helper()
			return c.Step(id, verb, body)
		}
		unit := w.Body[apptest.Community+" station"]

		step(w.As("stranger"), "establish", nil).Want(404)
		step(dispatcher, "dispatch", map[string]any{"unit": unit}).Want(409, "flow.not_from")
		step(dispatcher, "establish", nil).Want(200)
		step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Elsewhere+" station"]}).Want(422)
		step(dispatcher, "dispatch", map[string]any{"unit": unit}).Want(200)
		step(urban, "handle", nil).Want(404)
		step(grid, "handle", nil).Want(200)
		step(grid, "feed_back", map[string]any{"note": "已清运"}).Want(200)
		step(grid, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
		refused := step(grid, "verify", nil)
		if refused.Text("rule.basis") == "" {
			t.Fatalf("no citation with the refusal: %s", refused.Raw)
		}
		step(dispatcher, "rework", map[string]any{"note": "仍有残留"}).Want(200)
		step(grid, "handle", nil).Want(200)
		step(grid, "feed_back", map[string]any{"note": "已再次清运"}).Want(200)
		step(dispatcher, "verify", nil).Want(200)
		step(grid, "close", nil).Want(403)
		step(dispatcher, "close", nil).Want(200)
		w.Nobody().Do("POST", "/casework/follow/rate", map[string]any{"code": strings.ToLower(code), "level": 2}).Want(200)
		seen := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		if strings.Contains(seen.Raw, "姓名grid") || strings.Contains(seen.Raw, "19900004321") {
			t.Fatalf("the reporter's view names a worker or an unmasked phone: %s", seen.Raw)
		}
		file := seen.JSON["files"].([]any)[0].(map[string]any)["id"].(string)
		dispatcher.Do("GET", "/casework/cases/"+id+"/files/"+file, nil).Want(200)
		w.As("stranger").Do("GET", "/casework/cases/"+id+"/files/"+file, nil).Want(404)
		w.Nobody().Do("GET", "/casework/cases/"+id, nil).Want(401)
	})
}
