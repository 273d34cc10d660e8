package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Main(
		sandbox.Job{Name: "length", Do: func(f *os.File) (any, error) {
			info, err := f.Stat()
			return info.Size(), err
		}},
		sandbox.Job{Name: "refuse", Do: func(*os.File) (any, error) { return nil, errs.ErrInvalid.At("file", "file.broken") }},
		sandbox.Job{Name: "crash", Do: func(*os.File) (any, error) { panic("a library stumbles") }},
		sandbox.Job{Name: "grow", Do: func(*os.File) (any, error) {
			var kept [][]byte
			for {
				part := make([]byte, 1<<20)
				for i := range part {
					part[i] = 1
				}
				kept = append(kept, part)
				if len(kept) > 4*sandbox.Memory>>20 {
					return "nothing stopped it", nil
				}
			}
		}},
		sandbox.Job{Name: "spin", Do: func(*os.File) (any, error) {
			for n := 0; ; n++ {
				_ = n
			}
		}},
		sandbox.Job{Name: "secrets", Do: func(*os.File) (any, error) { return os.Environ(), nil }},
	)
	os.Exit(m.Run())
}

func fileOf(t *testing.T, content string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if _, err := f.WriteString(content); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestJobsAnswer(t *testing.T) {
	t.Parallel()
	p, ctx := sandbox.New(1), context.Background()
	var n int64
	if err := p.Run(ctx, "length", fileOf(t, "12345"), &n); err != nil || n != 5 {
		t.Errorf("%d, %v", n, err)
	}
	err := p.Run(ctx, "refuse", fileOf(t, ""), &n)
	if e := errs.Of(err); e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Key != "file.broken" {
		t.Errorf("a refusal becomes %v", err)
	}
	var environment []string
	if err := p.Run(ctx, "secrets", fileOf(t, ""), &environment); err != nil || len(environment) != 1 {
		t.Errorf("the process knows %v, %v", environment, err)
	}
}

// What takes too much or crashes ends alone, and the next job is done.
func TestJobsAreBounded(t *testing.T) {
	t.Parallel()
	p, ctx := sandbox.New(1), context.Background()
	for _, job := range []string{"crash", "grow", "unknown"} {
		var said string
		if err := p.Run(ctx, job, fileOf(t, ""), &said); !errors.Is(err, sandbox.ErrEnded) {
			t.Errorf("%s: %q, %v", job, said, err)
		}
	}
	var n int64
	if err := p.Run(ctx, "length", fileOf(t, "1"), &n); err != nil || n != 1 {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}

// A job ends with its context, at work or waiting for its turn.
func TestJobsEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	p := sandbox.New(1)
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	ended := make(chan error, 2)
	for range 2 {
		f := fileOf(t, "")
		go func() { ended <- p.Run(ctx, "spin", f, new(string)) }()
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}
	var n int64
	if err := p.Run(context.Background(), "length", fileOf(t, "1"), &n); err != nil {
		t.Error("the turn was not given back:", err)
	}
}

func TestTurns(t *testing.T) {
	t.Parallel()
	if n := sandbox.Turns(512 << 20); n != 1 {
		t.Error(n)
	}
	if n := sandbox.Turns(1 << 50); n < 1 {
		t.Error(fmt.Sprint(n))
	}
}
