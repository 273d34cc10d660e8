package httpx

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"linli/internal/platform/errs"
)

// Server answers requests, and bounds how slowly a body may come and how long a stop may take. Zero
// figures are those of the package.
type Server struct {
	Handler http.Handler
	Grace   time.Duration // that a body may stand still, at its beginning or between two reads; 20 s when zero
	Rate    int64         // bytes a second that a body must bring on the average beyond the grace; 4096 when zero
	Drain   time.Duration // that a stop waits for what was begun; DrainFor when zero
}

const (
	bodyGrace = 20 * time.Second // a telephone that loses its signal for a moment
	bodyRate  = 4 << 10          // the slowest line on which a photo arrives at all; 10 MB take 43 minutes

	answerFor = 5 * time.Minute // for an answer to be read, from the end of the request's body
)

// ErrSlow is a body that came too slowly.
var ErrSlow = errs.New(errs.Malformed, "too_slow")

// DrainFor is how long a stop waits for requests that were begun. Those that are not through by then,
// because they send or read too slowly, are cut off.
const DrainFor = 5 * time.Second

// Serve answers with the package's figures, see Server.Serve.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return (&Server{Handler: h}).Serve(ctx, l)
}

// Serve answers until the context ends. Then new callers find the door closed, and requests that were
// begun are finished unless that takes longer than the drain: nothing of a body that did not arrive
// whole is kept.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if s.Grace == 0 {
		s.Grace = bodyGrace
	}
	if s.Rate == 0 {
		s.Rate = bodyRate
	}
	if s.Drain == 0 {
		s.Drain = DrainFor
	}
	srv := &http.Server{
		Handler: s.paced(s.Handler), ReadHeaderTimeout: 10 * time.Second, WriteTimeout: answerFor, IdleTimeout: 120 * time.Second,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), s.Drain)
	defer cancel()
	err := srv.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("requests that were too slow to finish were cut off")
		return srv.Close()
	}
	return err
}

// paced bounds the time that every request's body takes to arrive.
func (s *Server) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			b := &body{ReadCloser: r.Body, s: s, conn: http.NewResponseController(w)}
			_ = b.conn.SetReadDeadline(time.Now().Add(s.Grace)) // of one that the handler never reads
			r.Body = b
		}
		next.ServeHTTP(w, r)
	})
}

// body is a request's body whose sender must keep a pace. The time that the handler takes is not the
// sender's.
type body struct {
	io.ReadCloser
	s     *Server
	conn  *http.ResponseController
	taken time.Duration // waiting for the sender so far
	read  int64
}

// Read waits no longer than the grace, and no longer than the pace leaves. Errors: ErrSlow.
func (b *body) Read(p []byte) (int, error) {
	began := time.Now()
	left := b.s.Grace + time.Duration(b.read)*time.Second/time.Duration(b.s.Rate) - b.taken
	_ = b.conn.SetReadDeadline(began.Add(min(left, b.s.Grace)))
	_ = b.conn.SetWriteDeadline(began.Add(b.s.Grace + answerFor))
	n, err := b.ReadCloser.Read(p)
	b.taken += time.Since(began)
	b.read += int64(n)
	if errors.Is(err, io.EOF) { // the server goes on reading, to see whether the caller leaves
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = ErrSlow.Because(err)
	}
	return n, err
}
