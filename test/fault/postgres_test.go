package fault

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"linli/internal/app/apptest"
)

// The database goes away in the middle of the work and comes back: callers are told so by a
// refusal that they can read, nothing that was acknowledged is lost, nothing is written twice, and
// the program goes on without a restart.
func TestPostgresRestarted(t *testing.T) {
	address := apptest.PostgresCity(t)
	c := newCity(t, address)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	line := newLine(t, u.Host)
	u.Host = line.address()
	c.database = u.String()
	s := c.serve()
	client := s.worker()
	all := map[string]string{}
	unsure := 0
	for round := range rounds(3) {
		cut := false
		kept, open := s.crowd(fmt.Sprint("away-", round), 16, func(n int) bool {
			if n >= 60 && !cut {
				cut = true
				line.cut()
			}
			return cut && n >= 60
		})
		unsure += len(open)
		for key, id := range kept {
			all[key] = id
		}
		a, err := s.report(client, fmt.Sprint("while-away-", round))
		if err != nil || a.status != 503 || a.text("key") != "db.away" || a.text("title") == "" {
			t.Errorf("while the database is away: %v %v", a, err)
		}
		line.mend()
		for { // until the program has found its way back, which it must
			a, err := s.report(client, fmt.Sprint("back-", round))
			if err != nil {
				t.Fatal(err)
			}
			if a.status == 201 {
				all[fmt.Sprint("back-", round)] = a.text("id")
				break
			}
			if a.status != 503 {
				t.Fatalf("while it comes back: %v", a)
			}
		}
	}
	if n := c.whole(all); n < len(all) || n > len(all)+unsure {
		t.Errorf("%d cases for %d acknowledged and %d without an answer", n, len(all), unsure)
	}
}

// line is the way to a server, which can be cut.
type line struct {
	t      *testing.T
	to     string
	listen net.Listener
	lock   sync.Mutex
	down   bool
	frozen bool // what comes is not passed on
	open   map[*passage]bool
	end    chan struct{}
}

// passage is a connection through the line.
type passage struct {
	from, to net.Conn
	frozen   bool // for good
}

func newLine(t *testing.T, to string) *line {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &line{t: t, to: to, listen: l, open: map[*passage]bool{}, end: make(chan struct{})}
	t.Cleanup(func() { close(n.end); l.Close(); n.cut() })
	go n.run()
	return n
}

func (n *line) address() string { return n.listen.Addr().String() }

func (n *line) run() {
	for {
		from, err := n.listen.Accept()
		if err != nil {
			return
		}
		n.lock.Lock()
		down := n.down
		n.lock.Unlock()
		to, err := net.Dial("tcp", n.to)
		if err != nil || down {
			from.Close()
			continue
		}
		n.lock.Lock()
		p := &passage{from, to, n.frozen}
		n.open[p] = true
		n.lock.Unlock()
		pass := func(a, b net.Conn) { _, _ = io.Copy(a, &held{b, n, p}); a.Close(); b.Close() }
		go pass(from, to)
		go pass(to, from)
	}
}

// cut breaks every connection and lets none through.
func (n *line) cut() {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.down = true
	for p := range n.open {
		p.from.Close()
		p.to.Close()
	}
	clear(n.open)
}

func (n *line) mend() { n.lock.Lock(); n.down = false; n.lock.Unlock() }

// freeze goes on taking connections and bytes and passes nothing on, as a line does that is cut off
// without a word.
func (n *line) freeze() {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.frozen = true
	for p := range n.open {
		p.frozen = true
	}
}

// replace lets new connections through. Those that were frozen stay so on this side, and the server is rid of them.
func (n *line) replace() {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.frozen = false
	for p := range n.open {
		if p.frozen {
			p.to.Close()
		}
	}
}

// held reads from a connection what the line passes on.
type held struct {
	net.Conn
	n *line
	p *passage
}

func (h *held) Read(p []byte) (int, error) {
	count, err := h.Conn.Read(p)
	h.n.lock.Lock()
	frozen := h.p.frozen
	h.n.lock.Unlock()
	if frozen {
		<-h.n.end
	}
	return count, err
}
