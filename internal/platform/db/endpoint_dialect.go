package db

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// endpoints are the servers that an address lists, e.g. a primary and its standby. The one that answered
// last is tried first: a server that is frozen, or whose machine is gone, takes the whole time that a
// connection may take, each time it is tried.
type endpoints struct {
	list [][]*pgconn.FallbackConfig // a server each: the ways to it (TLS, plain) in order
	last atomic.Int64               // index of the one that answered last
}

func endpointsOf(config *pgx.ConnConfig) *endpoints {
	e := &endpoints{}
	ways := append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	for i, w := range ways {
		if i > 0 && w.Host == ways[i-1].Host && w.Port == ways[i-1].Port {
			e.list[len(e.list)-1] = append(e.list[len(e.list)-1], w)
			continue
		}
		e.list = append(e.list, []*pgconn.FallbackConfig{w})
	}
	return e
}

// lead orders the servers of a configuration anew: the one that answered last, then the others.
func (e *endpoints) lead(_ context.Context, config *pgx.ConnConfig) error {
	first := int(e.last.Load())
	to(config, slices.Concat(slices.Concat(e.list[first:], e.list[:first])...))
	return nil
}

func to(config *pgx.ConnConfig, ways []*pgconn.FallbackConfig) {
	config.Host, config.Port, config.TLSConfig = ways[0].Host, ways[0].Port, ways[0].TLSConfig
	config.Fallbacks = ways[1:]
}

// connect opens a connection to the first server that is what the address asks for, each within its share
// of the limit, and notes which it was.
func (e *endpoints) connect(ctx context.Context, config *pgx.ConnConfig, limit time.Duration) (*pgx.Conn, error) {
	var failed []error
	first := int(e.last.Load())
	for i := range e.list {
		at := (first + i) % len(e.list)
		one := config.Copy()
		to(one, e.list[at])
		conn, err := within(ctx, one, limit/time.Duration(len(e.list)))
		if err == nil {
			e.last.Store(int64(at))
			return conn, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

func within(ctx context.Context, config *pgx.ConnConfig, share time.Duration) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, share)
	defer cancel()
	return pgx.ConnectConfig(ctx, config)
}
