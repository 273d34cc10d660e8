package fault

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"syscall"
	"testing"
	"time"

	"linli/internal/app/apptest"
)

// silence is how long the program waits for a server that says nothing, in these tests.
const silence = "2s"

// PostgreSQL is stopped in the middle of the work without closing a connection: every caller is answered
// and told to come again, it says that it is not ready, and goes on by itself once the server does.
// What was acknowledged is there, and nothing is written twice.
func TestPostgresFrozen(t *testing.T) {
	server := ownPostgres(t)
	c := newCity(t, server.address)
	frozen(t, c, c.serve("LINLI_DB_SILENCE="+silence), func() { server.signal(syscall.SIGSTOP) }, func() { server.signal(syscall.SIGCONT) })
}

// The line to PostgreSQL passes nothing on any more, and what comes after it leads to a server that
// answers, as after a failover: what waited on the old line is not waited for.
func TestPostgresReplaced(t *testing.T) {
	address := apptest.PostgresCity(t)
	c := newCity(t, address)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	line := newLine(t, u.Host)
	u.Host = line.address()
	c.database = u.String()
	s := c.serve("LINLI_DB_SILENCE=" + silence)
	c.database = address
	frozen(t, c, s, line.freeze, line.replace)
}

func frozen(t *testing.T, c *city, s *serving, freeze, thaw func()) {
	client := s.worker()
	client.Timeout = time.Minute // a program that hangs would hold the test for ever
	all, unsure := map[string]string{}, 0
	for round := range rounds(2) {
		stopped := time.Time{}
		kept, open := s.crowd(fmt.Sprint("frozen-", round), 16, func(n int) bool {
			if n >= 60 && stopped.IsZero() {
				stopped = time.Now()
				freeze()
			}
			return !stopped.IsZero()
		})
		t.Logf("round %d: all %d callers were answered within %v", round, len(open), time.Since(stopped).Round(100*time.Millisecond))
		unsure += len(open)
		for key, id := range kept {
			all[key] = id
		}
		for _, face := range []string{"/", "/readyz", "/api/v1/casework/inbox"} {
			resp, err := client.Get(s.base + face)
			if err != nil {
				t.Fatalf("%s is not answered: %v\n%s", face, err, s.log)
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusServiceUnavailable && (face != "/" || resp.StatusCode != http.StatusOK) {
				t.Errorf("%s: %d %s", face, resp.StatusCode, body)
			}
			if resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "" {
				t.Errorf("%s does not say when to come again", face)
			}
		}
		if a, err := s.report(client, fmt.Sprint("while-frozen-", round)); err != nil || a.status != http.StatusServiceUnavailable ||
			a.text("key") != "db.away" || a.after == "" {
			t.Errorf("while the database is frozen: %v %v", a, err)
		}
		thaw()
		thawed := time.Now()
		for { // until the program has found its way back, which it must
			a, err := s.report(client, fmt.Sprint("back-", round))
			if err != nil {
				t.Fatal(err)
			}
			if a.status == http.StatusCreated {
				all[fmt.Sprint("back-", round)] = a.text("id")
				break
			}
			if a.status != http.StatusServiceUnavailable {
				t.Fatalf("while it comes back: %v\n%s", a, s.log)
			}
		}
		t.Logf("round %d: writing again after %v", round, time.Since(thawed).Round(100*time.Millisecond))
	}
	if n := c.whole(all); n < len(all) || n > len(all)+unsure {
		t.Errorf("%d cases for %d acknowledged and %d without an answer", n, len(all), unsure)
	}
}
