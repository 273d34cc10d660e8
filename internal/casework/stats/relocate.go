package stats

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// relocate lets the counters follow a reorganisation, before the cases do: they are counted where their place
// has gone. What was counted keeps the community in which it was counted as its origin.
func (s *Service) relocate(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	recounted := map[string]bool{}
	cut, err := s.recountParts(ctx, tx, m, recounted)
	if err != nil {
		return err
	}
	if err := s.recountGrids(ctx, tx, m, recounted, cut); err != nil {
		return err
	}
	var communities registry.Pairs
	for _, p := range m.Areas {
		if len(p.From) == casework.CommunityDigits {
			communities = append(communities, p)
		}
	}
	for _, table := range []string{"casework_tally", "casework_count"} {
		if err := communities.Rewrite(ctx, tx, table, "area"); err != nil {
			return err
		}
	}
	for to := range recounted {
		for _, table := range []string{"casework_tally", "casework_count"} {
			if _, err := tx.Exec(ctx, `UPDATE `+table+` SET area = $1 WHERE area = $2`, to, registry.Waiting(to)); err != nil {
				return err
			}
		}
	}
	return sumCounties(ctx, tx, m)
}

// recountParts counts anew the cases whose place lies in a part that was cut out of their community, and
// gives their ids.
func (s *Service) recountParts(ctx context.Context, tx *audit.Tx, m *registry.Moves, recounted map[string]bool) (map[string]bool, error) {
	cut := map[string]bool{}
	for _, p := range m.Parts {
		recounted[p.To] = true
		cases, err := countedCases(ctx, tx, p.From)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			if cut[c.id] || c.lng == nil || c.lat == nil || !p.Holds(*c.lng, *c.lat) {
				continue
			}
			cut[c.id] = true
			if err := s.recount(ctx, tx, m, c, p.From, p.To); err != nil {
				return nil, err
			}
		}
	}
	return cut, nil
}

// recountGrids counts anew the cases of grids that go to another community than the one they were in.
func (s *Service) recountGrids(ctx context.Context, tx *audit.Tx, m *registry.Moves, recounted, cut map[string]bool) error {
	goes := make(map[string]string, len(m.Areas))
	for _, p := range m.Areas {
		goes[p.From] = p.To
	}
	for _, p := range m.Areas {
		if len(p.From) <= casework.CommunityDigits {
			continue
		}
		from, to := p.From[:casework.CommunityDigits], p.To[:casework.CommunityDigits]
		if whole, moved := goes[from]; moved && whole == to || !moved && from == to {
			continue
		}
		recounted[to] = true
		cases, err := countedCases(ctx, tx, p.From)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if cut[c.id] {
				continue
			}
			if err := s.recount(ctx, tx, m, c, from, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// countedCase is a case as the counters know it.
type countedCase struct {
	shard, id, kind string
	lng, lat        *float64
	reported        int64
	closed, ratedAt *int64
	late            int
	rating          *int
}

// countedOf joins to a case c its rating r that counts, as [countedRating].
const countedOf = `r.shard = c.shard AND r.case_id = c.id AND r.seq = (
			SELECT MAX(k.seq) FROM casework_rating k WHERE k.shard = c.shard AND k.case_id = c.id
			AND NOT EXISTS (SELECT 1 FROM casework_exclusion x WHERE x.shard = k.shard AND x.case_id = k.case_id AND x.seq = k.seq))`

func countedCases(ctx context.Context, tx *audit.Tx, area string) ([]countedCase, error) {
	return db.All(ctx, tx, func(s db.Scanner) (c countedCase, err error) {
		err = s.Scan(&c.shard, &c.id, &c.kind, &c.lng, &c.lat, &c.reported, &c.closed, &c.late, &c.rating, &c.ratedAt)
		return c, err
	}, `SELECT c.shard, c.id, c.kind, c.lng, c.lat, c.reported_at, c.closed_at, c.late, r.level, r.at
		FROM casework_case c LEFT JOIN casework_rating r ON `+countedOf+`
		WHERE c.area >= $1 AND c.area < $2 ORDER BY c.id`, area, authority.PrefixEnd(area))
}

// recount takes a case out of the counters of one community (code before) and into those of
// another (code after). The counters of counties are summed again afterwards.
func (s *Service) recount(ctx context.Context, tx *audit.Tx, m *registry.Moves, c countedCase, from, to string) error {
	for month, n := range c.months() {
		old := tallyKey{c.shard, m.Before(from), from, c.kind, month, registry.LevelCommunity}
		if err := addTally(ctx, tx.Tx, old, n.negative()); err != nil {
			return err
		}
		fresh := tallyKey{c.shard, m.After(to), registry.Waiting(to), c.kind, month, registry.LevelCommunity}
		if err := addTally(ctx, tx.Tx, fresh, n); err != nil {
			return err
		}
	}
	whole, err := casework.FindCase(ctx, tx, c.id)
	if err != nil {
		return err
	}
	measures, err := s.caseMeasures(ctx, tx, &whole)
	if err != nil {
		return err
	}
	for month, counted := range measures {
		for measure, n := range counted {
			if err := addCount(ctx, tx.Tx, tallyKey{c.shard, m.Before(from), from, c.kind, month, registry.LevelCommunity},
				measure, -n); err != nil {
				return err
			}
			if err := addCount(ctx, tx.Tx, tallyKey{c.shard, m.After(to), registry.Waiting(to), c.kind, month, registry.LevelCommunity},
				measure, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// months are what a case has added to the counters, by month.
func (c *countedCase) months() map[string]counts {
	out := map[string]counts{}
	add := func(ms int64, n counts) {
		month := clock.Month(clock.Instant(ms))
		out[month] = out[month].plus(n)
	}
	add(c.reported, counts{received: 1})
	if c.closed != nil {
		add(*c.closed, closing(&casework.Case{Late: c.late == 1}))
	}
	if c.rating != nil && c.ratedAt != nil {
		add(*c.ratedAt, ratingCounts(*c.rating))
	}
	return out
}

func (n counts) plus(o counts) counts {
	return counts{n.received + o.received, n.closed + o.closed, n.onTime + o.onTime, n.late + o.late, n.rated +
		o.rated, n.good + o.good, n.points + o.points}
}

func (n counts) negative() counts {
	return counts{-n.received, -n.closed, -n.onTime, -n.late, -n.rated, -n.good, -n.points}
}

// sumCounties makes the counters of counties anew whose communities have changed county.
func sumCounties(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	changed := map[string]bool{}
	for _, p := range m.Areas {
		if len(p.From) >= casework.CountyDigits && p.From[:casework.CountyDigits] != p.To[:casework.CountyDigits] {
			changed[p.From[:casework.CountyDigits]], changed[p.To[:casework.CountyDigits]] = true, true
		}
	}
	for _, p := range m.Parts {
		if p.From[:casework.CountyDigits] != p.To[:casework.CountyDigits] {
			changed[p.From[:casework.CountyDigits]], changed[p.To[:casework.CountyDigits]] = true, true
		}
	}
	for county := range changed {
		if _, err := tx.Exec(ctx, `DELETE FROM casework_tally WHERE level = $1 AND area = $2`, registry.LevelCounty, county); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO casework_tally (shard, origin, area, kind, month, level, received, closed, on_time, late, rated,
			good, points)
			SELECT shard, CAST($1 AS TEXT), CAST($2 AS TEXT), kind, month, CAST($3 AS INTEGER), SUM(received), SUM(closed), SUM(on_time), SUM(late),
			SUM(rated), SUM(good), SUM(points)
			FROM casework_tally WHERE level = $4 AND area >= $5 AND area < $6 GROUP BY shard, kind, month`,
			county, county, registry.LevelCounty, registry.LevelCommunity, county, authority.PrefixEnd(county)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM casework_count WHERE level = $1 AND area = $2`, registry.LevelCounty, county); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO casework_count (shard, origin, area, kind, month, measure, level, n)
			SELECT shard, CAST($1 AS TEXT), CAST($2 AS TEXT), kind, month, measure, CAST($3 AS INTEGER), SUM(n)
			FROM casework_count WHERE level = $4 AND area >= $5 AND area < $6 GROUP BY shard, kind, month, measure`,
			county, county, registry.LevelCounty, registry.LevelCommunity, county, authority.PrefixEnd(county)); err != nil {
			return err
		}
	}
	return nil
}

func ratingCounts(level int) counts {
	n := counts{rated: 1, points: level}
	if level >= casework.RatingGood {
		n.good = 1
	}
	return n
}
