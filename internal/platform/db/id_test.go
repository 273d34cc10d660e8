package db_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

func TestIDsOfAMillisecondSortAsTheyWereMade(t *testing.T) {
	t.Parallel()
	ctx := clock.With(context.Background(), time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City))
	later := clock.With(ctx, time.Date(2026, 11, 23, 10, 0, 1, 0, clock.City))
	last := ""
	for range 2000 {
		id := db.NewID(ctx)
		if id <= last {
			t.Fatalf("%s after %s", id, last)
		}
		if id[14] != '7' || id[19] < '8' || id[19] > 'b' {
			t.Fatalf("%s is no UUIDv7", id)
		}
		last = id
	}
	if id := db.NewID(later); id <= last {
		t.Errorf("%s of the next second after %s", id, last)
	}
	if id := db.NewID(ctx); id > db.NewID(later) {
		t.Errorf("%s of an earlier second is not before", id)
	}
}
