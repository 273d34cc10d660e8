package stats

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// sum is what the writes of one commit add to the counters. It is written in the order of its keys,
// so that two processes never wait for each other in a circle.
type sum struct {
	tallies  map[tallyKey]counts
	measures map[addend]int
}

type addend struct {
	tallyKey
	measure casework.Counter
}

func sumOf(tx *audit.Tx) (*sum, error) {
	return db.Share(tx.Tx, "casework.sum", func() (*sum, error) {
		return &sum{map[tallyKey]counts{}, map[addend]int{}}, nil
	})
}

func (s *sum) tally(k tallyKey, n counts) { s.tallies[k] = s.tallies[k].plus(n) }

func (s *sum) measure(k tallyKey, m casework.Counter, n int) { s.measures[addend{k, m}] += n }

// Flush adds the sums to the counters.
func (s *sum) Flush(ctx context.Context, tx *db.Tx) error {
	for _, k := range slices.SortedFunc(maps.Keys(s.tallies), tallyKey.compare) {
		if err := addTally(ctx, tx, k, s.tallies[k]); err != nil {
			return err
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.measures), func(a, b addend) int {
		return cmp.Or(a.compare(b.tallyKey), cmp.Compare(a.measure, b.measure))
	}) {
		if err := addCount(ctx, tx, k.tallyKey, k.measure, s.measures[k]); err != nil {
			return err
		}
	}
	return nil
}

func (k tallyKey) compare(o tallyKey) int {
	return cmp.Or(cmp.Compare(k.shard, o.shard), cmp.Compare(k.origin, o.origin), cmp.Compare(k.kind, o.kind), cmp.Compare(k.month, o.month))
}
