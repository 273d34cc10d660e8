package app_test

import (
	"path/filepath"
	"testing"

	"linli/internal/app/apptest"
)

// A handler who shared the work with somebody else neither verifies nor closes it.
func TestDefectHandlerNeitherVerifiesNorCloses(t *testing.T) {
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	j := newMatter(t, w, "r1")
	d, g := w.As("dispatcher"), w.As("grid")
	j.step(d, "establish", nil).Want(200)
	j.step(d, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
	j.step(d, "handle", note("我来处理")).Want(200)
	j.step(g, "feed_back", note("已清运")).Want(200)
	j.step(d, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
}

// Naming another case's number joins nothing that the duplicate search does not offer.
func TestDefectAStrangerLearnsNothingByJoining(t *testing.T) {
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	first := w.Nobody().Do("POST", "/grid/incidents", incident("first")).Want(201)
	w.As("dispatcher").Do("POST", "/grid/incidents/"+first.Text("id")+"/establish", map[string]any{}).Want(200)
	body := map[string]any{"category": "0202", "description": "毫不相干", "area": apptest.Community, "place": map[string]any{"text": "别处"}, "clientKey": "spy", "main": first.Text("number")}
	if spy := w.Nobody().Do("POST", "/grid/incidents", body); spy.Status == 201 {
		t.Errorf("what is unlike is joined, and tells %.300s", w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": spy.Text("code")}).Text("main"))
	}
}
