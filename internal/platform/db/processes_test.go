package db_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// opened opens a database as one of several processes does.
func opened(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// Several processes write to one database what they have read before, rows in an order of their own:
// nobody's change is lost, and nobody waits for another in a circle.
func TestOneWriterOverProcesses(t *testing.T) {
	t.Parallel()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		processes := []*db.DB{opened(t, address), opened(t, address), opened(t, address)}
		const counties, writes = 7, 60
		if err := processes[0].Write(ctx, func(tx *db.Tx) error {
			for c := range counties {
				if err := put(ctx, tx, fmt.Sprint(c), "0"); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		add := func(tx *db.Tx, county int) error {
			was, err := db.Value[string](ctx, tx, `SELECT value FROM setting_value WHERE name = $1`, fmt.Sprint(county%counties))
			if err != nil {
				return err
			}
			n, _ := strconv.Atoi(was)
			_, err = tx.Exec(ctx, `UPDATE setting_value SET value = $1 WHERE name = $2`, fmt.Sprint(n+1), fmt.Sprint(county%counties))
			return err
		}
		var group sync.WaitGroup
		for p, d := range processes {
			for i := range writes {
				group.Go(func() {
					if err := d.Write(ctx, func(tx *db.Tx) error {
						return errors.Join(add(tx, i*(p+1)), add(tx, i*(p+1)+3+p))
					}); err != nil {
						t.Errorf("process %d: %v", p, err)
					}
				})
			}
		}
		group.Wait()
		sum, err := db.Value[int](ctx, processes[0], `SELECT SUM(CAST(value AS INTEGER)) FROM setting_value`)
		if want := len(processes) * writes * 2; err != nil || sum != want {
			t.Errorf("the counties add up to %d, want %d (%v)", sum, want, err)
		}
	})
}

// A write that may not wait as long as another process writes is refused, and nothing of it is done.
func TestAWriteWaitsItsPatience(t *testing.T) {
	t.Parallel()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		one, other := opened(t, address), opened(t, address)
		begun, let, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- one.Write(ctx, func(*db.Tx) error { close(begun); <-let; return nil })
		}()
		<-begun
		for _, d := range []*db.DB{one, other} { // behind the write, and behind the process
			err := d.Write(db.WithPatience(ctx, time.Millisecond), func(tx *db.Tx) error { return put(ctx, tx, "impatient", "v") })
			if e := db.Trouble(err); !errors.Is(err, db.ErrBusy) || e == nil || e.Key != "db.busy" {
				t.Errorf("refused with %v, told as %v", err, e)
			}
			left, leave := context.WithCancel(ctx)
			leave()
			if err := d.Write(left, func(tx *db.Tx) error { return put(ctx, tx, "left", "v") }); !errors.Is(err, context.Canceled) {
				t.Errorf("a caller who has left is told %v", err)
			}
		}
		close(let)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := other.Write(db.WithPatience(ctx, time.Minute), func(tx *db.Tx) error { return put(ctx, tx, "patient", "v") }); err != nil {
			t.Error(err)
		}
		if n := count(t, other); n != 1 {
			t.Errorf("%d rows, want the patient one alone", n)
		}
	})
}

// Three processes start at once on a database to migrate: one does it, and all serve.
func TestProcessesStartAtOnce(t *testing.T) {
	t.Parallel()
	address := dbtest.BarePostgresURL(t, "")
	var group sync.WaitGroup
	for i := range 3 {
		group.Go(func() {
			d, err := db.Open(context.Background(), address, db.Options{})
			if err != nil {
				t.Errorf("process %d: %v", i, err)
				return
			}
			defer d.Close()
			if err := d.Write(context.Background(), func(tx *db.Tx) error { return put(context.Background(), tx, fmt.Sprint(i), "v") }); err != nil {
				t.Errorf("process %d: %v", i, err)
			}
		})
	}
	group.Wait()
}

// A database that a newer program has migrated is refused, and left as it is.
func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		d := opened(t, address)
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, 9999, true)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		d.Close()
		if _, err := db.Open(ctx, address, db.Options{}); err == nil || !strings.Contains(err.Error(), "newer program") ||
			!strings.Contains(err.Error(), "9999") {
			t.Errorf("a newer database is opened with %v", err)
		}
		asIs, err := db.Open(ctx, address, db.Options{AsIs: true})
		if err != nil {
			t.Fatalf("as it is: %v", err)
		}
		asIs.Close()
	})
}

// A database that sorts by a language is refused with the command that makes the right one.
func TestOnlyADatabaseThatSortsByBytes(t *testing.T) {
	t.Parallel()
	for options, right := range map[string]bool{
		`LOCALE_PROVIDER icu ICU_LOCALE 'zh' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`:          false,
		`LOCALE_PROVIDER icu ICU_LOCALE 'und' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`:   false,
		`LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`: false,
		`LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`:                                        true,
		`LC_COLLATE 'C' LC_CTYPE 'C'`:                                                    true,
	} {
		d, err := db.Open(context.Background(), dbtest.BarePostgresURL(t, options), db.Options{})
		if err == nil {
			d.Close()
		}
		if right != (err == nil) || err != nil && !strings.Contains(err.Error(), "createdb -T template0") {
			t.Errorf("%s: %v", options, err)
		}
	}
}
