package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// together has writes share one commit: they wait while the first one holds the writer.
func together(t *testing.T, d *db.DB, writes []func(*db.Tx) error) []error {
	t.Helper()
	ctx := context.Background()
	begun, let, first := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		first <- d.Write(ctx, func(*db.Tx) error { once.Do(func() { close(begun) }); <-let; return nil })
	}()
	<-begun
	results := make([]error, len(writes))
	var group sync.WaitGroup
	for i, do := range writes {
		group.Go(func() { results[i] = d.Write(ctx, do) })
	}
	for d.Waiting() < len(writes) { // until all stand in the queue
	}
	close(let)
	group.Wait()
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	return results
}

// What is refused before it has changed anything is refused alone: its neighbours in the commit run
// once. What has changed something first is undone, and they run again.
func TestARefusalLeavesItsNeighboursAlone(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	ctx := context.Background()
	for name, c := range map[string]struct {
		refuse func(tx *db.Tx) error
		runs   int64 // of each neighbour
	}{
		"at once":    {func(*db.Tx) error { return refused }, 1},
		"by a panic": {func(*db.Tx) error { panic(refused) }, 1},
		"after reading": {func(tx *db.Tx) error {
			_, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM setting_value`)
			return errors.Join(refused, err)
		}, 1},
		"stale": {func(tx *db.Tx) error {
			if n, err := tx.Exec(ctx, `UPDATE setting_value SET value = 'x' WHERE name = 'nobody'`); n != 0 || err != nil {
				return fmt.Errorf("%d, %w", n, err)
			}
			return refused
		}, 1},
		"after writing": {func(tx *db.Tx) error { return errors.Join(put(ctx, tx, "lost", "v"), refused) }, 2},
		"after sending": {func(tx *db.Tx) error {
			return errors.Join(tx.Send(ctx, `INSERT INTO setting_value (name, value) VALUES ($1, $2)`, "lost", "v"), refused)
		}, 2},
		"after adding to what is shared": {func(tx *db.Tx) error {
			s, err := db.Share(tx, "sum", func() (*tens, error) { return &tens{}, nil })
			if err == nil {
				s.n += 10
			}
			return errors.Join(err, refused)
		}, 2},
		"by the database": {func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO setting_value (name, value) VALUES ('neighbour 0', 'again'), ('neighbour 0', 'again')`)
			if err == nil {
				return errors.New("a key was written twice")
			}
			return refused
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				var runs [10]atomic.Int64
				writes := make([]func(*db.Tx) error, 0, len(runs)+1)
				for i := range runs {
					writes = append(writes, func(tx *db.Tx) error {
						runs[i].Add(1)
						return put(ctx, tx, fmt.Sprint("neighbour ", i), "v")
					})
				}
				results := together(t, d, append(writes, c.refuse))
				if err := results[len(runs)]; err == nil || !errors.Is(err, refused) && name != "by a panic" {
					t.Errorf("refused with %v", err)
				}
				for i := range runs {
					if n := runs[i].Load(); results[i] != nil || n > c.runs {
						t.Errorf("neighbour %d ran %d times, want %d: %v", i, n, c.runs, results[i])
					}
				}
				if n := count(t, d); n != len(runs) {
					t.Errorf("%d rows are kept, want %d", n, len(runs))
				}
			})
		})
	}
}
