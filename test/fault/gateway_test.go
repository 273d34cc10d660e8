package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// The city's gateway takes messages and never answers: the program goes on serving, stops when it is
// told to, and has written down that nobody knows what became of the message. It is not sent again.
func TestGatewayHangs(t *testing.T) {
	t.Parallel()
	g := newHole(t)
	c := newCity(t, filepath.Join(t.TempDir(), "linli.db"))
	s := c.serve("LINLI_SMS_URL=http://"+g.address(), "LINLI_MAIL_URL=smtp+plain://"+g.address(), "LINLI_MAIL_FROM=city@example.cn")
	client := s.worker()
	client.Timeout = time.Minute // a program that hangs, too, would hold the test for ever
	raw, _ := json.Marshal(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
		"place": map[string]any{"text": "东门"}, "channel": "field",
		"clientKey": "told", "tell": []string{"sms", "mail"},
		"reporter": map[string]any{"name": "李梅", "phone": "19900004321", "email": "limei@example.cn"}})
	if a, err := s.post(client, "/grid/incidents", raw); err != nil || a.status != http.StatusCreated {
		t.Fatalf("%v %v\n%s", a, err, s.log)
	}
	<-g.taken // the gateways have the messages
	<-g.taken
	for i := range 50 {
		if a, err := s.report(client, fmt.Sprint("meanwhile-", i)); err != nil || a.status != http.StatusCreated {
			t.Fatalf("while the gateways hang: %v %v", a, err)
		}
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("it ended by %v\n%s", err, s.log)
		}
	case <-time.After(time.Minute):
		t.Fatalf("it does not stop while a gateway hangs\n%s", s.log)
	}
	if states := c.messages(); states["unknown"]+states["waiting"] != 2 || states["unknown"] < 1 {
		t.Errorf("the messages are %v, want what was handed over to be unknown", states)
	}
	s = c.serve() // and once more with no gateway at all
	s.kill()
}

// messages counts the messages by state.
func (c *city) messages() map[string]int {
	c.t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, c.database, db.Options{AsIs: true})
	if err != nil {
		c.t.Fatal(err)
	}
	defer d.Close()
	out := map[string]int{}
	states, err := db.All(ctx, d, func(r db.Scanner) (state string, err error) { return state, r.Scan(&state) },
		`SELECT state FROM notify_message`)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, state := range states {
		out[state]++
	}
	return out
}

// hole is a server that takes whatever it is told and says nothing.
type hole struct {
	listen net.Listener
	taken  chan struct{} // one for each connection
}

func newHole(t *testing.T) *hole {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hole{listen: l, taken: make(chan struct{}, 100)}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			h.taken <- struct{}{}
		}
	}()
	return h
}

func (h *hole) address() string { return h.listen.Addr().String() }
