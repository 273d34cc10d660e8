package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// BenchmarkRefusals writes with 64 callers, of which as many as named are refused by what they read (a
// stale version), or after they have written: what is kept a second is what the others get.
func BenchmarkRefusals(b *testing.B) {
	ctx, refused := context.Background(), errors.New("refused")
	for _, c := range []struct {
		name   string
		every  int64
		change bool
	}{{"none", 0, false}, {"half_by_reading", 2, false}, {"tenth_after_writing", 10, true}} {
		b.Run(c.name, func(b *testing.B) {
			d, err := db.Open(ctx, dbtest.BarePostgresURL(b, ""), db.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			b.ResetTimer()
			var next, kept atomic.Int64
			b.SetParallelism(32)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					n := next.Add(1)
					err := d.Write(ctx, func(tx *db.Tx) error {
						no := c.every > 0 && n%c.every == 0
						if no && !c.change {
							if n, err := tx.Exec(ctx, `UPDATE setting_value SET value = 'x' WHERE name = 'nobody'`); n == 0 && err == nil {
								return refused
							}
						}
						for i := range 5 {
							if err := put(ctx, tx, fmt.Sprint(n, " ", i), "v"); err != nil {
								return err
							}
						}
						if no {
							return refused
						}
						return nil
					})
					if err == nil {
						kept.Add(1)
					} else if !errors.Is(err, refused) {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(kept.Load())/b.Elapsed().Seconds(), "kept/s")
		})
	}
}
