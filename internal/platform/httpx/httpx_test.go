package httpx_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// A request that was begun is answered although the server is told to stop; a new one finds
// the door closed.
func TestServeDrains(t *testing.T) {
	t.Parallel()
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

// Addresses come in every form that proxies write them in; a hop that is none neither hides who is
// behind it nor makes all callers one; and nobody but a trusted proxy is believed.
func TestPeerBelievesTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	proxies, err := httpx.ParseProxies([]string{"10.0.0.0/8", "127.0.0.1", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		peer      string
		header    http.Header
		want      httpx.Peer
		strangers bool // nobody is trusted
	}{
		"no proxy": {"203.0.113.9:1", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Proto": {"https"}},
			httpx.Peer{Origin: "203.0.113.9", Caller: "203.0.113.9"}, true},
		"a stranger forwards": {"203.0.113.9:1",
			http.Header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Proto": {"https"}, "Forwarded": {"for=1.1.1.1;proto=https"}},
			httpx.Peer{Origin: "203.0.113.9", Caller: "203.0.113.9"}, false},
		"one proxy": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "X-Forwarded-Proto": {"https"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1", HTTPS: true}, false},
		"two proxies": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1, 10.1.1.1"}, "X-Forwarded-Proto": {"http"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"two headers": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1", "10.1.1.1"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"forged in front": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"1.1.1.1, 198.51.100.1"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"with a port": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1:51234"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"with blanks and gaps": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"  198.51.100.1 ,, 10.0.0.9 , "}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"six": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"2001:db8:1:2:3::7"}},
			httpx.Peer{Origin: "2001:db8:1:2:3::7", Caller: "2001:db8:1:2::/64"}, false},
		"six in brackets": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"[2001:db8:1:2:3::7]"}},
			httpx.Peer{Origin: "2001:db8:1:2:3::7", Caller: "2001:db8:1:2::/64"}, false},
		"six with a port": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"[2001:db8:1:2:3::7]:443"}},
			httpx.Peer{Origin: "2001:db8:1:2:3::7", Caller: "2001:db8:1:2::/64"}, false},
		"four within six": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"::ffff:198.51.100.1"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"the proxy is four in six": {"[::ffff:127.0.0.1]:1", http.Header{"X-Forwarded-For": {"198.51.100.1"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"six directly": {"[2001:db8:1:2::9]:1", nil, httpx.Peer{Origin: "2001:db8:1:2::9", Caller: "2001:db8:1:2::/64"}, false},
		"a zone":       {"[fe80::1%eth0]:1", nil, httpx.Peer{Origin: "fe80::1", Caller: "fe80::/64"}, false},
		"nonsense": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"not an address"}},
			httpx.Peer{Origin: "127.0.0.1", Caller: "127.0.0.1 not an address"}, false},
		"a socket on the way": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1, unix:"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"nothing forwarded": {"127.0.0.1:1", nil, httpx.Peer{Origin: "127.0.0.1", Caller: "127.0.0.1"}, false},
		"Forwarded": {"127.0.0.1:1",
			http.Header{"Forwarded": {`for="[2001:db8:1:2::17]:4711";proto=https;by=203.0.113.43, for=10.0.0.3`}},
			httpx.Peer{Origin: "2001:db8:1:2::17", Caller: "2001:db8:1:2::/64", HTTPS: true}, false},
		"Forwarded of one": {"127.0.0.1:1", http.Header{"Forwarded": {"For=192.0.2.60"}},
			httpx.Peer{Origin: "192.0.2.60", Caller: "192.0.2.60"}, false},
		"both": {"127.0.0.1:1", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "Forwarded": {"for=1.1.1.1;proto=https"}},
			httpx.Peer{Origin: "198.51.100.1", Caller: "198.51.100.1"}, false},
		"a socket": {"@", nil, httpx.Peer{Origin: "@", Caller: "@"}, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header = c.peer, c.header
		trusted := proxies
		if c.strangers {
			trusted = nil
		}
		if got := trusted.Peer(r); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// A panic, and a request that another site's page sends, are refused: to a caller of the API as a
// problem, to a visitor of a page by a sentence.
func TestMiddlewareRefuses(t *testing.T) {
	t.Parallel()
	speak := &httpx.Negotiator{Catalogue: &text.Catalogue{}, Rules: rule.NewCache(nil)}
	h := httpx.Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { panic(errs.ErrStale) }),
		speak.Recover, httpx.Headers, speak.CrossOrigin)
	for name, c := range map[string]struct {
		site   string
		status int
	}{"another site": {"cross-site", 403}, "a panic": {"same-origin", 500}} {
		for path, form := range map[string]string{"/api/v1/x": "application/problem+json", "/help": "text/plain; charset=utf-8"} {
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
