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
