package manual_test

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

func TestManualsAreServed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		get := func(path string) apptest.Answer { return w.Nobody().Page("GET", path, nil) }
		for path, want := range map[string]string{
			"/manual": `href="/manual/window"`, "/manual/window": `id="apply"`, "/manual/operations": "linli backup",
			"/manual/grid": `src="/manual/pictures/field-home.png"`, "/manual/pictures/field-home.png": "PNG",
		} {
			if got := get(path); got.Status != http.StatusOK || !strings.Contains(got.Raw, want) {
				t.Errorf("%s: %d, without %q", path, got.Status, want)
			}
		}
		for _, path := range []string{"/manual/none", "/manual/pictures/none.png", "/manual/pictures/..%2Fzh%2Fx.md", "/manual/pictures/%2e%2e"} {
			if got := get(path); got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.Status)
			}
		}
		if got := get("/manual?lang=en"); !strings.Contains(got.Raw, "in Chinese only") {
			t.Error("the English list does not say that the manuals are in Chinese")
		}
	})
}
