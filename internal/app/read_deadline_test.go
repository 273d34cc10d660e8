package app

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/httpx"
	"linli/internal/platform/seal"
)

// deadlines records what an answering program sets on its connection.
type deadlines struct {
	*httptest.ResponseRecorder
	last time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.last = t; return nil }

// No operation leaves a deadline for reading on its connection once it has the body: the server, which goes on
// reading to see whether the caller leaves, would end the request's context under a handler that waits longer.
func TestNoReadDeadlineIsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := Open(t.Context(), Options{Data: dir, Database: filepath.Join(dir, "linli.db"), Ring: seal.Fresh(), Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	handler := a.Handler()
	asked := 0
	for _, op := range a.Operations() {
		if op.Method == http.MethodGet {
			continue
		}
		for _, body := range []string{"", "{}"} {
			r := httptest.NewRequest(op.Method, httpx.Prefix+strings.NewReplacer("{", "", "}", "").Replace(op.Path), strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
			handler.ServeHTTP(w, r)
			if asked++; !w.last.IsZero() {
				t.Errorf("%s %s with body %q leaves the deadline %v", op.Method, op.Path, body, w.last)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d calls were made", asked)
	}
}
