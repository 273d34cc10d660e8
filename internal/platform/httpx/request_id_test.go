package httpx_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/platform/httpx"
)

// What is logged for a request is found by the id that its answer tells; one that came with it is not taken.
func TestLogIsFoundByRequest(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(httpx.LogHandler{Handler: slog.NewTextHandler(&out, nil)}).With("part", "a")
	h := httpx.RequestID(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		log.ErrorContext(r.Context(), "it broke")
		log.WithGroup("g").InfoContext(r.Context(), "more", "n", 1)
	}))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set(httpx.RequestIDHeader, "mine\nforged")
	seen := map[string]bool{}
	for range 2 {
		out.Reset()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		id := w.Header().Get(httpx.RequestIDHeader)
		if len(id) != 12 || seen[id] || strings.Count(out.String(), "request="+id) != 2 {
			t.Errorf("id %q, log %s", id, out.String())
		}
		seen[id] = true
	}
}
