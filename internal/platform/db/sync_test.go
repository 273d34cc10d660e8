package db

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

// slowDisk keeps a commit when it is let, with the answer that it is given.
type slowDisk struct {
	begun chan struct{}
	let   chan error
}

func (s *slowDisk) Sync() error {
	s.begun <- struct{}{}
	return <-s.let
}
func (s *slowDisk) Close() error { return nil }

func onSlowDisk(t *testing.T) (*DB, *slowDisk) {
	t.Helper()
	d, err := Open(context.Background(), filepath.Join(t.TempDir(), "linli.db"), Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	disk := &slowDisk{make(chan struct{}), make(chan error)}
	d.log = disk
	return d, disk
}

func nothing(*Tx) error { return nil }

func TestAnswersWaitForTheDiskAndWritersDoNot(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, disk := onSlowDisk(t)
	first, second, told := make(chan error, 1), make(chan error, 1), make(chan struct{})
	go func() {
		first <- d.Write(ctx, func(tx *Tx) error { tx.After(func() { close(told) }); return nil })
	}()
	<-disk.begun
	done := make(chan struct{})
	go func() { second <- d.Write(ctx, func(*Tx) error { close(done); return nil }) }()
	<-done // while the disk still keeps the first
	select {
	case err := <-first:
		t.Fatalf("answered before it was on disk: %v", err)
	case <-told:
		t.Fatal("taken for kept before it was on disk")
	default:
	}
	disk.let <- nil
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	<-told
	<-disk.begun
	disk.let <- nil
	if err := <-second; err != nil {
		t.Fatal(err)
	}
}

func TestADiskThatForgetsEndsTheWriting(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, disk := onSlowDisk(t)
	answer := make(chan error, 1)
	go func() { answer <- d.Write(ctx, nothing) }()
	<-disk.begun
	disk.let <- errors.New("input/output error")
	if err := <-answer; !errors.Is(err, ErrUnsafe) || Trouble(err) == nil {
		t.Errorf("a lost commit is answered with %v", err)
	}
	if err := d.Write(ctx, nothing); !errors.Is(err, ErrUnsafe) {
		t.Errorf("the next write is answered with %v", err)
	}
	if err := d.Ping(ctx); err != nil {
		t.Errorf("reading: %v", err)
	}
}

func TestTheLogIsFoundAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "linli.db")
	l := &wal{path: path + "-wal"}
	defer l.Close()
	if err := l.Sync(); err != nil {
		t.Fatalf("without a log: %v", err)
	}
	for range 2 { // the last to close a database removes its log; the next makes another
		d, err := Open(ctx, path, Options{AsIs: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, func(tx *Tx) error {
			_, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS kept (n INTEGER)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := l.Sync(); err != nil || l.file == nil {
			t.Fatalf("with a log: %v", err)
		}
		held := l.file
		if err := l.Sync(); err != nil || l.file != held {
			t.Fatalf("the same log is opened twice, %v", err)
		}
		d.Close()
	}
	if err := l.Sync(); err != nil || l.file != nil {
		t.Fatalf("after the log is gone: %v, %v", err, l.file)
	}
}
