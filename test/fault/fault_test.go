// Package fault breaks what the program stands on while it is at work: its own process, its disk,
// its clock, its database, its callers. What was answered must be there, nothing may be half
// there, and it must go on without a restart when the cause is gone.
//
// `make test` runs each fault a few times; `make fault` as often as LINLI_FAULT_ROUNDS says.
package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

var program string // the built program

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "linli-fault-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(folder, "linli")
	build := exec.Command("go", "build", "-o", program, "linli/cmd/linli")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	if _, err := exec.LookPath("initdb"); err != nil {
		os.Setenv("PATH", os.Getenv("PATH")+":/usr/lib/postgresql/15/bin")
	}
	// Those that say so wait more than they work. Where the program is told to wait for two seconds at most (silence), a busy
	// neighbour would look like a broken server: those run alone.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// rounds is how often a fault is repeated.
func rounds(few int) int {
	if n, err := strconv.Atoi(os.Getenv("LINLI_FAULT_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return few
}

// city is a small city in a database that the program serves.
type city struct {
	t        *testing.T
	database string
	data     string
}

// newCity makes one, prepared further where that is asked for, and leaves its database to the program.
func newCity(t *testing.T, database string, prepare ...func(w *apptest.World)) *city {
	t.Helper()
	w := apptest.Open(t, database)
	for _, p := range prepare {
		p(w)
	}
	w.ForgetKeys()
	if err := w.App.Close(); err != nil {
		t.Fatal(err)
	}
	return &city{t, database, t.TempDir()}
}

// serving is the program at work.
type serving struct {
	*city
	cmd  *exec.Cmd
	base string
	log  *tail

	ended    chan error   // tells once how it ended
	signedIn *http.Client // see worker
}

// serve starts the program and waits until it answers. Environment is added to the machine's own.
func (c *city) serve(environment ...string) *serving {
	c.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	s := &serving{city: c, base: "http://" + address, log: &tail{}}
	s.cmd = exec.Command(program, "serve", "--data", c.data, "--db", c.database)
	s.cmd.Env = append(append(os.Environ(), "LINLI_ADDR="+address), environment...)
	s.cmd.Stdout, s.cmd.Stderr = io.Discard, s.log
	if err := s.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	s.ended = make(chan error, 1)
	go func() { s.ended <- s.cmd.Wait() }()
	c.t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	for {
		select {
		case err := <-s.ended:
			c.t.Fatalf("the program ended: %v\n%s", err, s.log)
		default:
		}
		resp, err := http.Get(s.base + "/api/v1/site")
		if err == nil {
			resp.Body.Close()
			return s
		}
	}
}

// kill ends the program as a power cut does.
func (s *serving) kill() {
	_ = s.cmd.Process.Kill()
	for { // until its port is free the system has not buried it
		conn, err := net.Dial("tcp", s.base[len("http://"):])
		if err != nil {
			return
		}
		conn.Close()
	}
}

// tail keeps the last lines of a log.
type tail struct {
	lock sync.Mutex
	b    []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-8192):]
	return len(p), nil
}

func (t *tail) String() string { t.lock.Lock(); defer t.lock.Unlock(); return string(t.b) }

// answer is what a caller got.
type answer struct {
	status int
	after  string // Retry-After
	body   map[string]any
}

func (a answer) text(name string) string { v, _ := a.body[name].(string); return v }

// report sends an incident. An error says that no answer came.
func (s *serving) report(client *http.Client, key string) (answer, error) {
	return s.reportIn(client, key, apptest.Community)
}

func (s *serving) reportIn(client *http.Client, key, community string) (answer, error) {
	raw, _ := json.Marshal(map[string]any{"category": "0101", "description": "垃圾堆在路边 " + key, "area": community,
		"place": map[string]any{"text": "东门"}, "channel": "field", "clientKey": key})
	return s.post(client, "/grid/incidents", raw)
}

func (s *serving) post(client *http.Client, path string, raw []byte) (answer, error) {
	resp, err := client.Post(s.base+"/api/v1"+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, after: resp.Header.Get("Retry-After")}
	if err := json.NewDecoder(resp.Body).Decode(&a.body); err != nil && resp.StatusCode != http.StatusNoContent {
		return a, err
	}
	return a, nil
}

// worker is a signed-in caller, the same while the program runs: those who do not sign in may report
// only so often, nobody may sign in often, and an account has only so many sessions.
func (s *serving) worker() *http.Client {
	s.t.Helper()
	if s.signedIn != nil {
		return s.signedIn
	}
	client := &http.Client{Jar: &cookies{}, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	s.t.Cleanup(client.CloseIdleConnections)
	raw, _ := json.Marshal(map[string]string{"login": "grid", "password": apptest.Password})
	if a, err := s.post(client, "/session", raw); err != nil || a.status != http.StatusOK {
		s.t.Fatalf("sign in: %v %v\n%s", a, err, s.log)
	}
	s.signedIn = client
	return client
}

// crowd has callers report until stop says so, and tells what was acknowledged: key → id. Keys whose
// answer never came are told apart.
func (s *serving) crowd(prefix string, callers int, stop func(acknowledged int) bool) (kept map[string]string, open []string) {
	client := s.worker()
	kept = map[string]string{}
	var lock sync.Mutex
	var group sync.WaitGroup
	var next atomic.Int64
	over := false
	for range callers {
		group.Go(func() {
			for {
				lock.Lock()
				done := over
				lock.Unlock()
				if done {
					return
				}
				key := fmt.Sprintf("%s-%d", prefix, next.Add(1))
				a, err := s.report(client, key)
				lock.Lock()
				switch {
				case err != nil || a.status >= 500:
					open = append(open, key)
					over = over || err != nil
				case a.status == http.StatusCreated:
					kept[key] = a.text("id")
				}
				over = over || stop(len(kept))
				lock.Unlock()
			}
		})
	}
	group.Wait()
	return kept, open
}

// whole opens the database beside or after the program and checks that every case has all that
// belongs to it, that the counters agree, and that the audit log verifies. It tells the number of cases.
func (c *city) whole(acknowledged map[string]string) int {
	c.t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Data: c.data, Database: c.database, Version: "test"})
	if err != nil {
		c.t.Fatal(err)
	}
	defer a.Close()
	number := func(query string, args ...any) int {
		n, err := db.Value[int](ctx, a.DB, query, args...)
		if err != nil {
			c.t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	for key, id := range acknowledged {
		if n := number(`SELECT COUNT(*) FROM casework_case WHERE id = $1 AND client_key = $2`, id, key); n != 1 {
			c.t.Errorf("case %s was acknowledged and is there %d times", id, n)
		}
	}
	cases := number(`SELECT COUNT(*) FROM casework_case`)
	for what, query := range map[string]string{
		"incidents":          `SELECT COUNT(*) FROM casework_case c JOIN grid_incident g ON g.shard = c.shard AND g.case_id = c.id`,
		"first events":       `SELECT COUNT(*) FROM casework_case c JOIN casework_event e ON e.shard = c.shard AND e.case_id = c.id AND e.seq = 1`,
		"all events":         `SELECT COUNT(*) FROM casework_event`,
		"records":            `SELECT COUNT(*) FROM audit_entry WHERE action = 'grid.incident.report'`,
		"received, counties": `SELECT CAST(COALESCE(SUM(received), 0) AS BIGINT) FROM casework_tally WHERE level = 3`,
		"received, below":    `SELECT CAST(COALESCE(SUM(received), 0) AS BIGINT) FROM casework_tally WHERE level = 5`,
		"numbers":            `SELECT CAST(COALESCE(SUM(last), 0) AS BIGINT) FROM casework_number`,
		"different numbers":  `SELECT COUNT(DISTINCT number) FROM casework_case`,
	} {
		if n := number(query); n != cases {
			c.t.Errorf("%d %s for %d cases", n, what, cases)
		}
	}
	return cases
}
