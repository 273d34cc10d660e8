package db

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// watch asks PostgreSQL every second, by a connection of its own, whether it answers. A server that is
// frozen or cut off keeps its connections open and silent, so whoever waits on one would wait for ever,
// while a statement that takes minutes looks the same and must not be cut. The watch tells them apart:
// when its own question stays unanswered for the limit, it closes every connection of the pool, which
// ends every wait at once, and refuses new ones until the server answers again.
type watch struct {
	config *pgx.ConnConfig
	ends   *endpoints
	limit  time.Duration // for an answer
	patrol time.Duration // between two questions

	lock  sync.Mutex
	lines map[*line]struct{} // connections that are open
	away  atomic.Bool
	quit  context.CancelFunc
	done  chan struct{}
}

// errSilent is the fault of a connection that is asked for while the server does not answer.
var errSilent = errors.New("PostgreSQL does not answer")

// patrol is how often the server is asked.
const patrol = time.Second

// guard lets a configuration dial by connections that the watch can close. TCP itself notices a line
// that is cut: after limit without an acknowledgement, or two limits without any traffic.
func guard(config *pgx.ConnConfig, limit, connect time.Duration) *watch {
	if config.ConnectTimeout == 0 || config.ConnectTimeout > connect {
		config.ConnectTimeout = connect
	}
	dialer := &net.Dialer{Control: acknowledged(limit), KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: limit, Interval: max(limit/4, time.Second), Count: 4,
	}}
	config.DialFunc = dialer.DialContext
	w := &watch{
		config: config.Copy(), ends: endpointsOf(config), limit: limit, patrol: patrol,
		lines: map[*line]struct{}{}, done: make(chan struct{}),
	}
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if w.away.Load() {
			return nil, errSilent
		}
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return w.open(conn), nil
	}
	return w
}

func (w *watch) start() {
	ctx, quit := context.WithCancel(context.Background())
	w.quit = quit
	go w.run(ctx)
}

func (w *watch) close() {
	w.quit()
	<-w.done
}

func (w *watch) run(ctx context.Context) {
	defer close(w.done)
	var conn *pgx.Conn
	defer func() { w.drop(conn) }()
	tick := time.NewTicker(w.patrol)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		fresh, err := w.ask(ctx, conn)
		if err != nil && conn != nil && !errors.Is(err, context.DeadlineExceeded) { // an old line that broke proves nothing
			fresh, err = w.ask(ctx, nil)
		}
		conn = fresh
		if ctx.Err() == nil {
			w.judge(err)
		}
	}
}

// ask asks by a connection, or a new one where there is none; nil comes back when it is of no more use.
func (w *watch) ask(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, w.limit)
	defer cancel()
	var err error
	if conn == nil {
		if conn, err = w.ends.connect(ctx, w.config, w.limit); err != nil {
			return nil, err
		}
	}
	if err = conn.Ping(ctx); err != nil {
		w.drop(conn)
		return nil, err
	}
	return conn, nil
}

func (w *watch) drop(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// judge draws the conclusion. A server that answers with a refusal (starting up, out of connections)
// tells whoever asks it the same, at once.
func (w *watch) judge(err error) {
	var answered *pgconn.PgError
	if err == nil || errors.As(err, &answered) {
		if w.away.Swap(false) {
			slog.Info("PostgreSQL answers again")
		}
		return
	}
	if !w.away.Swap(true) {
		slog.Error("PostgreSQL does not answer; its connections are closed", "error", err)
	}
	w.lock.Lock()
	lines := w.lines
	w.lines = map[*line]struct{}{}
	w.lock.Unlock()
	for l := range lines {
		_ = l.Conn.Close()
	}
}

// line is a connection of the pool.
type line struct {
	net.Conn
	w *watch
}

func (w *watch) open(conn net.Conn) net.Conn {
	l := &line{conn, w}
	w.lock.Lock()
	w.lines[l] = struct{}{}
	w.lock.Unlock()
	return l
}

func (l *line) Close() error {
	l.w.lock.Lock()
	delete(l.w.lines, l)
	l.w.lock.Unlock()
	return l.Conn.Close()
}
