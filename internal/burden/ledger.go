package burden

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Service keeps the ledger and the inventory, and computes the figures.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    Rulebook
	People   People
	Words    Words
}

// countKey names a sum. Origin is the id of the community in which it was counted, which stays when the community is
// merged into another; of a county's or the city's sum it is the code.
type countKey struct {
	shard, origin, body, way, month string
	level                           int
	area                            string
}

type dayKey struct {
	shard, origin, day string
	level              int
	area               string
}

// Record implements [gate.Ledger]: an event for each load, and the sums that it adds to. Whoever calls it has judged
// authority and records in the audit log what was sent or answered.
func (s *Service) Record(ctx context.Context, tx *audit.Tx, loads ...gate.Load) error {
	counts, days := map[countKey]Figures{}, map[dayKey]Figures{}
	for i := range loads {
		l := &loads[i]
		if err := s.sound(l); err != nil {
			return err
		}
		origin := l.Area
		if a, ok := s.Registry.Area(l.Area); ok {
			origin = a.ID
		}
		if err := insertEvent(ctx, tx, origin, l); err != nil {
			return err
		}
		s.spread(l, origin, counts, days)
	}
	return writeSums(ctx, tx, counts, days)
}

// sound refuses a load that its sender has not filled in: a fault of the program.
func (s *Service) sound(l *gate.Load) error {
	switch {
	case !l.Way.Known():
		return fmt.Errorf("burden: no way %q", l.Way)
	case registry.LevelOf(l.Area) != registry.LevelCommunity:
		return fmt.Errorf("burden: %q is no community", l.Area)
	case l.Body == "" || l.Subject == "":
		return fmt.Errorf("burden: a load of the way %s names no body or subject", l.Way)
	case min(l.Asked, l.Answered, l.Fields, l.Prefilled, l.Declared, l.Measured) < 0 || l.Prefilled > l.Fields:
		return fmt.Errorf("burden: figures of %s are below zero, or more is filled in than wanted", l.Subject)
	}
	return nil
}

// sums are the areas whose sums a community's loads enter, with their levels.
func sums(community, origin string) []countKey {
	county, city := community[:countyDigits], community[:cityDigits]
	return []countKey{{shard: db.Shard(community), origin: origin, level: registry.LevelCommunity, area: community},
		{shard: db.Shard(county), origin: county, level: registry.LevelCounty, area: county},
		{shard: db.Shard(city), origin: city, level: registry.LevelCity, area: city}}
}

// Lengths of codes.
const (
	cityDigits   = 4
	countyDigits = 6
)

func (s *Service) spread(l *gate.Load, origin string, counts map[countKey]Figures, days map[dayKey]Figures) {
	f, month, day := figures(l), clock.Month(l.At), clock.Day(l.At)
	for _, k := range sums(l.Area, origin) {
		k.way, k.month = string(l.Way), month
		for _, k.body = range []string{"", l.Body} {
			sum := counts[k]
			sum.add(f)
			counts[k] = sum
		}
		if k.level < registry.LevelCommunity {
			d := dayKey{k.shard, k.origin, day, k.level, k.area}
			sum := days[d]
			sum.add(f)
			days[d] = sum
		}
	}
}

// writeSums adds to the sums, in one order, so that the statements of a batch are alike.
func writeSums(ctx context.Context, tx *audit.Tx, counts map[countKey]Figures, days map[dayKey]Figures) error {
	for _, k := range sorted(counts, func(k countKey) string { return strings.Join([]string{k.origin, k.body, k.way, k.month}, "|") }) {
		if err := addCount(ctx, tx, k, counts[k]); err != nil {
			return err
		}
	}
	for _, k := range sorted(days, func(k dayKey) string { return k.origin + k.day }) {
		if err := addDay(ctx, tx, k, days[k]); err != nil {
			return err
		}
	}
	return nil
}

func sorted[K comparable](sums map[K]Figures, by func(K) string) []K {
	keys := make([]K, 0, len(sums))
	for k := range sums {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Compare(by(a), by(b)) })
	return keys
}
