package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// However many texts are asked, few statements are kept, and one that is in use when it has to go is
// still read to its end.
func TestStatementsAreBounded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		one := func(r db.Reader, i int) {
			n, err := db.Value[int](ctx, r, fmt.Sprintf(`SELECT CAST($1 AS INTEGER) + %d`, i), 1)
			if err != nil || n != i+1 {
				t.Errorf("%d: %d, %v", i, n, err)
			}
		}
		rows, err := d.Query(ctx, `SELECT 1 UNION ALL SELECT 2`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var group sync.WaitGroup
		for w := range 4 {
			group.Go(func() {
				for i := range 1000 {
					one(d, i*(w%2+1))
				}
			})
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 1500 {
				one(tx, i)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		group.Wait()
		n := 0
		for rows.Next() {
			n++
		}
		if err := rows.Err(); err != nil || n != 2 {
			t.Errorf("%d rows of what was being read: %v", n, err)
		}
		if kept := d.Statements(); kept > 2*512 {
			t.Errorf("%d statements are kept", kept)
		}
	})
}

// A list of values has one of few texts, however many there are.
func TestInHasFewTexts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, texts := context.Background(), map[string]bool{}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 40 {
				if err := put(ctx, tx, fmt.Sprint(i), "v"); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for n := range 41 {
			names := make([]string, n)
			for i := range names {
				names[i] = fmt.Sprint(i)
			}
			in, args := db.In([]any{"v"}, names)
			texts[in] = true
			for query, want := range map[string]int{`name IN `: n, `name NOT IN `: 40 - n} {
				found, err := db.Value[int](ctx, d, `SELECT COUNT(*) FROM setting_value WHERE value = $1 AND `+query+in, args...)
				if err != nil || found != want {
					t.Errorf("%s%d values: %d rows, want %d (%v)", query, n, found, want, err)
				}
			}
		}
		if len(texts) > 8 {
			t.Errorf("%d texts", len(texts))
		}
	})
}
