package db

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func quick(t *testing.T, wait time.Duration) *DB {
	t.Helper()
	d, err := Open(context.Background(), filepath.Join(t.TempDir(), "linli.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	d.writer.hooks.wait = wait
	return d
}

// after writes nothing and registers a hook.
func hooked(f func()) func(*Tx) error {
	return func(tx *Tx) error { tx.After(f); return nil }
}

// A hook that panics harms neither its caller nor the hooks after it.
func TestAHookMayPanic(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), quick(t, time.Minute)
	ran := false
	if err := d.Write(ctx, func(tx *Tx) error {
		tx.After(func() { panic("a fault of the hook") })
		tx.After(func() { ran = true })
		return nil
	}); err != nil || !ran {
		t.Errorf("answered %v, the second hook ran: %v", err, ran)
	}
	if err := d.Write(ctx, nothing); err != nil {
		t.Error(err)
	}
}

// A hook that never ends holds up neither its caller for good, nor the writes and hooks after it.
func TestAHookMayBlock(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), quick(t, time.Millisecond)
	let := make(chan struct{})
	defer close(let)
	if err := d.Write(ctx, hooked(func() { <-let })); err != nil {
		t.Error(err)
	}
	if err := d.Write(ctx, nothing); err != nil {
		t.Error(err)
	}
	ran := make(chan struct{})
	if err := d.Write(ctx, hooked(func() { close(ran) })); err != nil {
		t.Error(err)
	}
	<-ran
}

// A hook may read and write, and what it writes may have a hook.
func TestAHookMayWrite(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), quick(t, time.Minute)
	var inner error
	if err := d.Write(ctx, hooked(func() { inner = d.Write(ctx, nothing) })); err != nil || inner != nil {
		t.Errorf("%v, inside %v", err, inner)
	}
	d.writer.hooks.wait = 10 * time.Millisecond // for which the inner write waits behind the outer hook
	ran, done := make(chan struct{}), make(chan error, 1)
	if err := d.Write(ctx, hooked(func() { done <- d.Write(ctx, hooked(func() { close(ran) })) })); err != nil {
		t.Error(err)
	}
	<-ran
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Hooks run in the order of their commits.
func TestHooksKeepTheirOrder(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), quick(t, time.Minute)
	var committed, ran []int
	answers := make(chan error)
	for i := range 100 {
		go func() {
			answers <- d.Write(ctx, func(tx *Tx) error {
				committed = append(committed, i) // by the one writer
				tx.After(func() { ran = append(ran, i) })
				return nil
			})
		}()
	}
	for range 100 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(committed, ran) {
		t.Errorf("committed %v, ran %v", committed, ran)
	}
}
