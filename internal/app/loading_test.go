package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/app"
)

// While a demo is made everybody is answered: pages in both languages, programs by 503 with
// Retry-After. Once it is made the platform answers.
func TestALoadSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	l, err := app.NewLoading()
	if err != nil {
		t.Fatal(err)
	}
	l.Progress("a year", 40)
	ask := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	for path, want := range map[string]struct {
		status int
		words  []string
	}{
		"/":            {503, []string{"正在生成演示城市", "The demo city is being made", "40%", `http-equiv="refresh"`}},
		"/console/":    {503, []string{"40%"}},
		"/readyz":      {503, []string{"40 %"}},
		"/api/v1/site": {503, []string{`"key":"app.loading"`}},
		"/healthz":     {200, nil},
	} {
		got := ask(path)
		if got.Code != want.status || (got.Code == 503) != (got.Header().Get("Retry-After") != "") {
			t.Errorf("%s: status %d, Retry-After %q", path, got.Code, got.Header().Get("Retry-After"))
		}
		for _, w := range want.words {
			if !strings.Contains(got.Body.String(), w) {
				t.Errorf("%s lacks %s:\n%s", path, w, got.Body)
			}
		}
	}
	l.Ready(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	if got := ask("/"); got.Code != http.StatusTeapot {
		t.Errorf("the platform does not answer: %d", got.Code)
	}
}
