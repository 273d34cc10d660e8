package app_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// A browser that follows a link to the API without a session gets a page in its reader's language, from which they
// sign in and come back to the same address; a program goes on getting the problem.
func TestLinksToTheAPIAreRefusedByAPage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		walked := 0
		for _, op := range w.App.Operations() {
			if op.Method != http.MethodGet || op.Permission == "public" {
				continue
			}
			walked++
			path := "/api/v1" + strings.NewReplacer("{", "", "}", "").Replace(op.Path) + "?limit=3"
			for lang, words := range map[string]string{"zh": "登录已失效", "en": "Your session has ended"} {
				v := w.Nobody()
				v.Lang, v.Header = lang, http.Header{"Accept": {"text/html,application/xhtml+xml,*/*;q=0.8"}}
				got := v.Page("GET", path, nil)
				back := html.EscapeString("/console/sign-in?" + url.Values{"next": {path}}.Encode())
				if got.Status == http.StatusUnprocessableEntity { // what is asked is judged before who asks
					words, back = map[string]string{"zh": "没有办成", "en": "This was not done"}[lang], `href="/"`
				}
				if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") || !strings.Contains(got.Raw, words) ||
					!strings.Contains(got.Raw, back) {
					t.Errorf("%s in %s: %d %s, want a page that says %q and leads to %s\n%.400s", path, lang, got.Status, kind, words, back, got.Raw)
				}
			}
			program := w.Nobody()
			program.Header = http.Header{"Accept": {"application/json"}}
			if got := program.Page("GET", path, nil); got.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s to a program: %d %s", path, got.Status, got.Header.Get("Content-Type"))
			}
		}
		if walked < 50 {
			t.Fatalf("only %d routes were walked", walked)
		}
		// What is there is not touched.
		staff := w.As("dispatcher")
		staff.Header = http.Header{"Accept": {"text/html,*/*"}}
		if got := staff.Page("GET", "/api/v1/people/export?area="+apptest.Community, nil); got.Status != http.StatusOK ||
			!strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("an export: %d %s", got.Status, got.Header.Get("Content-Type"))
		}
	})
}
