package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

func put(ctx context.Context, tx *db.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting_value (name, value) VALUES ($1, $2)`, name, value)
	return err
}

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	n, err := db.Value[int](context.Background(), d, `SELECT COUNT(*) FROM setting_value`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// One failing write among many undoes itself alone, and is told its own error.
func TestWriteIsolatesFailures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		refused := errors.New("refused")
		var wg sync.WaitGroup
		results := make([]error, 200)
		for i := range results {
			wg.Go(func() {
				results[i] = d.Write(ctx, func(tx *db.Tx) error {
					if err := put(ctx, tx, fmt.Sprint(i), "v"); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return refused
					case 5:
						return put(ctx, tx, fmt.Sprint(i), "again") // a broken key
					case 7:
						panic("fault")
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range results {
			switch i % 10 {
			case 3:
				if !errors.Is(err, refused) {
					t.Errorf("write %d: %v", i, err)
				}
			case 5:
				if !db.IsUnique(err) {
					t.Errorf("write %d: %v is not known as a broken key", i, err)
				}
			case 7:
				if err == nil {
					t.Errorf("write %d panicked and was committed", i)
				}
			default:
				if err != nil {
					t.Errorf("write %d: %v", i, err)
				}
			}
		}
		if n := count(t, d); n != 140 {
			t.Errorf("%d rows are kept, want 140", n)
		}
	})
}

// What was sent without waiting is there for whatever reads after it, and a fault of it undoes its
// write alone and is told to its caller.
func TestSentInOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		send := func(tx *db.Tx, name string) error {
			return tx.Send(ctx, `INSERT INTO setting_value (name, value) VALUES ($1, $2)`, name, "v")
		}
		var wg sync.WaitGroup
		results := make([]error, 100)
		for i := range results {
			wg.Go(func() {
				results[i] = d.Write(ctx, func(tx *db.Tx) error {
					if err := send(tx, fmt.Sprint(i)); err != nil {
						return err
					}
					if n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM setting_value WHERE name = $1`, fmt.Sprint(i)); n != 1 {
						return fmt.Errorf("%d rows of what was sent: %w", n, err)
					}
					if i%4 == 1 {
						return send(tx, fmt.Sprint(i)) // a broken key
					}
					return send(tx, fmt.Sprint("second ", i))
				})
			})
		}
		wg.Wait()
		for i, err := range results {
			if broken := i%4 == 1; broken != db.IsUnique(err) || !broken && err != nil {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if n := count(t, d); n != 150 {
			t.Errorf("%d rows are kept, want 150", n)
		}
		if d.Dialect == db.SQLite {
			return // which answers at once
		}
		ignored := d.Write(ctx, func(tx *db.Tx) error {
			_ = send(tx, "0")
			_, _ = tx.Exec(ctx, `DELETE FROM setting_value`)
			return nil
		})
		if n := count(t, d); !db.IsUnique(ignored) || n != 150 {
			t.Errorf("a fault that its write ignored: %v, %d rows", ignored, n)
		}
	})
}

// A caller who leaves does not break the writes of others.
func TestWriteOutlivesItsCaller(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				ctx, leave := context.WithCancel(context.Background())
				defer leave()
				err := d.Write(ctx, func(tx *db.Tx) error {
					if i%2 == 0 {
						leave()
					}
					return put(ctx, tx, fmt.Sprint(i), "v")
				})
				if err != nil && i%2 == 1 {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n < 25 {
			t.Errorf("%d rows", n)
		}
	})
}

// What happens after a write happens once and only when it is kept.
func TestAfterOnlyWhenKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		kept, lost := 0, 0
		if err := d.Write(ctx, func(tx *db.Tx) error { tx.After(func() { kept++ }); return nil }); err != nil {
			t.Fatal(err)
		}
		_ = d.Write(ctx, func(tx *db.Tx) error { tx.After(func() { lost++ }); return errors.New("no") })
		if kept != 1 || lost != 0 {
			t.Errorf("after a kept write %d times, after a lost one %d times", kept, lost)
		}
	})
}

func TestCloseFinishesWhatWasBegun(t *testing.T) {
	t.Parallel()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		d, err := db.Open(ctx, address, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		done := make([]error, 100)
		for i := range done {
			wg.Go(func() {
				done[i] = d.Write(ctx, func(tx *db.Tx) error { return put(ctx, tx, fmt.Sprint(i), "v") })
			})
		}
		d.Close()
		wg.Wait()
		again, err := db.Open(ctx, address, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		acknowledged := 0
		for _, err := range done {
			if err == nil {
				acknowledged++
			}
		}
		if n := count(t, again); n != acknowledged {
			t.Errorf("%d writes were acknowledged, %d are there", acknowledged, n)
		}
	})
}

func TestShard(t *testing.T) {
	t.Parallel()
	for area, want := range map[string]string{"3207": "320700", "320703": "320703", "320703001007": "320703", "": "000000"} {
		if got := db.Shard(area); got != want {
			t.Errorf("Shard(%q) = %q, want %q", area, got, want)
		}
	}
	for id, want := range map[string]string{"320703-0192": "320703", "": "", "320703": "", "nonsense": ""} {
		if got := db.ShardOf(id); got != want {
			t.Errorf("ShardOf(%q) = %q, want %q", id, got, want)
		}
	}
}

// A folder may have any name, one that means something in an address too.
func TestOddFolders(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "第#1 ?x=%41&y")
	for range 2 {
		d, err := db.Open(context.Background(), filepath.Join(folder, "linli.db"), db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
	}
	if _, err := os.Stat(filepath.Join(folder, "linli.db")); err != nil {
		t.Error(err)
	}
}

// tens adds up what a commit's writes share, and writes it at the end.
type tens struct{ n int }

func (s *tens) Flush(ctx context.Context, tx *db.Tx) error {
	return tx.Send(ctx, `UPDATE setting_value SET value = CAST(CAST(value AS INTEGER) + $1 AS TEXT) WHERE name = 'sum'`, s.n)
}

// What the writes of a commit share is written once and whole: what a refused write added is not
// in it, and a write that settles reads all of it.
func TestSharedByACommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Write(ctx, func(tx *db.Tx) error { return put(ctx, tx, "sum", "0") }); err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		add := func(tx *db.Tx) error {
			s, err := db.Share(tx, "sum", func() (*tens, error) { return &tens{}, nil })
			if err == nil {
				s.n += 10
			}
			return err
		}
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					if err := add(tx); err != nil {
						return err
					}
					switch {
					case i%7 == 3:
						return refused
					case i%50 == 1:
						before, err := db.Value[string](ctx, tx, `SELECT value FROM setting_value WHERE name = 'sum'`)
						if err := errors.Join(err, tx.Settle(ctx)); err != nil {
							return err
						}
						after, err := db.Value[string](ctx, tx, `SELECT value FROM setting_value WHERE name = 'sum'`)
						if after == before {
							t.Errorf("settled, and still %s", after)
						}
						return err
					}
					return nil
				})
				if errors.Is(err, refused) != (i%7 == 3) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		want := 0
		for i := range 300 {
			if i%7 != 3 {
				want += 10
			}
		}
		if got, err := db.Value[string](ctx, d, `SELECT value FROM setting_value WHERE name = 'sum'`); err != nil || got != fmt.Sprint(want) {
			t.Errorf("the sum is %s, want %d (%v)", got, want, err)
		}
	})
}
