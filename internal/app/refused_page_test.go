package app_test

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// Whoever is refused on the portal gets its own page in their language and a way back, whatever refused
// them: no page there, another method, a broken address, a form that another site's page sent.
func TestEveryRefusalOfAPageIsAPage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		method, path, from string // from: what the browser says of the page that sends
		status             int
		zh, en             string
	}{
		{"GET", "/nowhere", "", 404, "没有找到这个页面", "Page not found"},
		{"POST", "/nowhere", "", 404, "没有找到这个页面", "Page not found"},
		{"GET", "/track/x/y", "", 404, "没有找到这个页面", "Page not found"},
		{"DELETE", "/track", "", 405, "不能这样打开这个页面", "cannot be opened that way"},
		{"PUT", "/report", "", 405, "不能这样打开这个页面", "cannot be opened that way"},
		{"POST", "/console/", "", 405, "不能这样打开这个页面", "cannot be opened that way"},
		{"GET", "/track?code=%00", "", 400, "没有办成", "This was not done"},
		{"POST", "/track", "cross-site", 403, "不能查看这个页面", "You cannot see this page"},
	}
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, c := range cases {
			for lang, words := range map[string]string{"zh": c.zh, "en": c.en} {
				v := w.Nobody()
				v.Lang, v.Header = lang, http.Header{"Accept": {"text/html,application/xhtml+xml"}}
				if c.from != "" {
					v.Header.Set("Sec-Fetch-Site", c.from)
				}
				got := v.Page(c.method, c.path, nil)
				kind := got.Header.Get("Content-Type")
				if got.Status != c.status || !strings.HasPrefix(kind, "text/html") || !strings.Contains(got.Raw, words) ||
					!strings.Contains(got.Raw, `href="/"`) {
					t.Errorf("%s %s in %s: %d %s, want %d and a page that says %q with a way back\n%.300s", c.method, c.path, lang,
						got.Status, kind, c.status, words, got.Raw)
				}
				if c.status == http.StatusMethodNotAllowed && got.Header.Get("Allow") == "" {
					t.Errorf("%s %s does not say what is allowed", c.method, c.path)
				}
			}
		}
	})
}
