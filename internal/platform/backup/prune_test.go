package backup

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/bucket"
	"linli/internal/platform/clock"
)

var errStopped = errors.New("stopped")

// dying is a target whose process dies after so many changes.
type dying struct {
	bucket.Bucket
	left int
}

func (d *dying) step(do func() error) error {
	if d.left--; d.left < 0 {
		return errStopped
	}
	return do()
}

func (d *dying) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	return d.step(func() error { return d.Bucket.Put(ctx, name, r, size) })
}

func (d *dying) Remove(ctx context.Context, name string) error {
	return d.step(func() error { return d.Bucket.Remove(ctx, name) })
}

func open(t *testing.T) bucket.Bucket {
	t.Helper()
	to, err := bucket.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func put3(t *testing.T, to bucket.Bucket, name string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if err := to.Put(context.Background(), name+"/"+p, strings.NewReader("x"), 1); err != nil {
			t.Fatal(err)
		}
	}
}

// However far a removal came, what is left is a whole copy or is seen to be none, and the next removal
// clears it.
func TestAnInterruptedRemovalLeavesNoHalfCopy(t *testing.T) {
	t.Parallel()
	ctx := clock.With(context.Background(), time.Date(2026, 3, 4, 3, 0, 0, 0, time.UTC))
	const old, kept = "linli-20260301T020000Z", "linli-20260302T020000Z"
	for steps := range 6 {
		to := open(t)
		for _, name := range []string{old, kept} {
			put3(t, to, name, "linli.db", manifestName)
		}
		err := Prune(ctx, &dying{to, steps}, 1)
		if steps < 4 && !errors.Is(err, errStopped) {
			t.Fatalf("after %d steps: %v", steps, err)
		}
		left, err := Names(ctx, to)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(left, old) {
			if parts, _ := names(ctx, to, old); len(parts) != 2 {
				t.Errorf("after %d steps %s counts as a copy and has %v", steps, old, parts)
			}
		}
		if err := Prune(ctx, to, 1); err != nil {
			t.Fatal(err)
		}
		if all, _ := names(ctx, to, ""); len(all) != 2 {
			t.Errorf("after %d steps and another removal: %v", steps, all)
		}
	}
}

// A copy without manifest is left alone while it may still be in the making, and cleared later.
func TestACopyThatWasNeverFinishedIsCleared(t *testing.T) {
	t.Parallel()
	ctx := clock.With(context.Background(), time.Date(2026, 3, 4, 3, 0, 0, 0, time.UTC))
	const dead, making = "linli-20260301T020000Z", "linli-20260304T020000Z"
	to := open(t)
	put3(t, to, dead, "linli.db")
	put3(t, to, making, "linli.db")
	put3(t, to, "files", "ab")
	if err := Prune(ctx, to, 14); err != nil {
		t.Fatal(err)
	}
	all, _ := names(ctx, to, "")
	if !slices.Equal(all, []string{"files/ab", making + "/linli.db"}) {
		t.Errorf("left: %v", all)
	}
}
