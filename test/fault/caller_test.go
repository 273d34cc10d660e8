package fault

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Callers that send their request a byte at a time, or never end it, hold neither memory nor the
// others up.
func TestSlowCallers(t *testing.T) {
	t.Parallel()
	s := newCity(t, filepath.Join(t.TempDir(), "linli.db")).serve()
	client := s.worker()
	if a, err := s.report(client, "before"); err != nil || a.status != http.StatusCreated {
		t.Fatal(a, err)
	}
	before := s.memory()
	var slow []net.Conn
	for i := range 400 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		head := "POST /api/v1/grid/incidents HTTP/1.1\r\nHost: linli\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n"
		if i%2 == 0 {
			head += "\r\n{" // the head is whole, the body never will be
		}
		if _, err := conn.Write([]byte(head)); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
	}
	for i := range 50 {
		if a, err := s.report(client, fmt.Sprint("beside-", i)); err != nil || a.status != http.StatusCreated {
			t.Fatalf("beside slow callers: %v %v", a, err)
		}
		for _, conn := range slow[:10] {
			_, _ = conn.Write([]byte(" "))
		}
	}
	if grown := s.memory() - before; grown > 64<<10 {
		t.Errorf("%d slow callers hold %d KiB", len(slow), grown)
	}
	for _, conn := range []net.Conn{slow[20], slow[21]} { // one of each kind: the program ends the wait itself
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil && answer.StatusCode < 400 {
			t.Errorf("a request that never ended was answered %d", answer.StatusCode)
		}
	}
}

// memory is what the program holds, in KiB.
func (s *serving) memory() (kib int) {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for _, l := range strings.Split(string(raw), "\n") {
		if n, _ := fmt.Sscanf(l, "VmRSS: %d kB", &kib); n == 1 {
			return kib
		}
	}
	s.t.Fatal("no memory figure")
	return 0
}

// state is that of the program's process, as the system tells it: T while it is stopped.
func state(s *serving) string {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for _, l := range strings.Split(string(raw), "\n") {
		if rest, ok := strings.CutPrefix(l, "State:"); ok {
			return strings.Fields(rest)[0]
		}
	}
	s.t.Fatal("no state")
	return ""
}
