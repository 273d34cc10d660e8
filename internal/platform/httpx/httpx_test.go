package httpx_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// A request that was begun is answered although the server is told to stop; a new one finds
// the door closed.
func TestServeDrains(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, finish := make(chan struct{}), make(chan struct{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- httpx.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			<-finish
			_, _ = io.WriteString(w, "done")
		}))
	}()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		answer <- string(raw)
	}()
	<-begun
	stop()
	for {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break // closed to new callers
		}
		conn.Close()
	}
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("the begun request was answered %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestOriginBelievesTrustedProxiesOnly(t *testing.T) {
	proxies, err := httpx.ParseProxies([]string{"10.0.0.0/8", "127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		peer, forwarded, want string
		proxies               httpx.Proxies
	}{
		"no proxy":           {"203.0.113.9:1", "198.51.100.1", "203.0.113.9", nil},
		"stranger forwards":  {"203.0.113.9:1", "198.51.100.1", "203.0.113.9", proxies},
		"one proxy":          {"127.0.0.1:1", "198.51.100.1", "198.51.100.1", proxies},
		"two proxies":        {"127.0.0.1:1", "198.51.100.1, 10.1.1.1", "198.51.100.1", proxies},
		"forged in front":    {"127.0.0.1:1", "1.1.1.1, 198.51.100.1", "198.51.100.1", proxies},
		"nonsense":           {"127.0.0.1:1", "not an address", "127.0.0.1", proxies},
		"nothing forwarded":  {"127.0.0.1:1", "", "127.0.0.1", proxies},
		"six behind a proxy": {"127.0.0.1:1", "2001:db8::7", "2001:db8::7", proxies},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := c.proxies.Origin(r); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestLimiter(t *testing.T) {
	l, now := httpx.NewLimiter(3, time.Minute), time.Unix(0, 0)
	for i, want := range []bool{true, true, true, false} {
		if got := l.Allow("a", now); got != want {
			t.Errorf("call %d: %v", i, got)
		}
	}
	if !l.Allow("b", now) {
		t.Error("one caller's haste stops another")
	}
	if !l.Allow("a", now.Add(time.Minute)) || l.Allow("a", now.Add(time.Minute)) {
		t.Error("the allowance does not grow by one in its interval")
	}
}

// A panic, and a request that another site's page sends, are refused: to a caller of the API as a
// problem, to a visitor of a page by a sentence.
func TestMiddlewareRefuses(t *testing.T) {
	speak := &httpx.Speaker{Catalogue: &text.Catalogue{}, Rules: rule.NewBook(nil)}
	h := httpx.Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { panic(errs.ErrStale) }), speak.Recover, httpx.Headers, speak.CrossOrigin)
	for name, c := range map[string]struct {
		site   string
		status int
	}{"another site": {"cross-site", 403}, "a panic": {"same-origin", 500}} {
		for path, form := range map[string]string{"/api/v1/x": "application/problem+json", "/hall": "text/plain; charset=utf-8"} {
			r := httptest.NewRequest("POST", path, nil)
			r.Header.Set("Sec-Fetch-Site", c.site)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status || w.Header().Get("Content-Type") != form {
				t.Errorf("%s, %s: %d %s", name, path, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
}
