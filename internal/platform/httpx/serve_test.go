package httpx_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"linli/internal/platform/httpx"
)

// sending begins a request whose body of so many bytes is still to come.
func sending(t *testing.T, l net.Listener, length int) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", length)
	return c
}

// reading serves a handler that reads bodies, and tells what each read ended with.
func reading(t *testing.T, s *httpx.Server) (l net.Listener, began chan struct{}, read chan error, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began, read = make(chan struct{}, 9), make(chan error, 9)
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		n, err := io.Copy(io.Discard, r.Body)
		read <- err
		fmt.Fprint(w, n)
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	stop = func() error { cancel(); return <-ended }
	return l, began, read, stop
}

// A sender who stands still, or who sends a little now and then, is cut off; one who keeps the pace is
// answered.
func TestASlowBodyIsCutOff(t *testing.T) {
	t.Parallel()
	l, began, read, stop := reading(t, &httpx.Server{Grace: 100 * time.Millisecond, Rate: 1 << 20})
	sending(t, l, 10)
	<-began
	if err := <-read; !errors.Is(err, httpx.ErrSlow) {
		t.Errorf("who sends nothing: %v", err)
	}
	trickles := sending(t, l, 1<<20)
	<-began
	go func() {
		for range time.Tick(10 * time.Millisecond) { // never as long as the grace
			if _, err := trickles.Write([]byte{1}); err != nil {
				return
			}
		}
	}()
	if err := <-read; !errors.Is(err, httpx.ErrSlow) {
		t.Errorf("who trickles: %v", err)
	}
	honest := sending(t, l, 4<<20)
	if _, err := honest.Write(make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	<-began
	if err := <-read; err != nil {
		t.Error(err)
	}
	if res, err := http.ReadResponse(bufio.NewReader(honest), nil); err != nil || res.StatusCode != 200 {
		t.Errorf("who keeps the pace: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// A stop cuts off who has not sent all when the drain is over, and does not fail for it.
func TestAStopDoesNotWaitForASlowSender(t *testing.T) {
	t.Parallel()
	l, began, read, stop := reading(t, &httpx.Server{Drain: 50 * time.Millisecond})
	sending(t, l, 10)
	<-began
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := <-read; err == nil {
		t.Error("a body that was cut off is read as whole")
	}
}
