package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Follower lets cases and their counters follow a reorganisation of the register: cases go where
// their place has gone, wait for the body that took over, and are counted there. What was counted
// keeps the community in which it was counted as its origin.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "cases", Move: s.follow, Count: countCases}
}

func countCases(ctx context.Context, r db.Reader, area string) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_case WHERE area >= $1 AND area < $2`, area, authority.After(area))
}

func (s *Service) follow(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	recounted := map[string]bool{}
	if err := s.moveParts(ctx, tx, m, recounted); err != nil {
		return err
	}
	if err := s.moveGrids(ctx, tx, m, recounted); err != nil {
		return err
	}
	if err := m.Areas.Rewrite(ctx, tx, "casework_case", "area"); err != nil {
		return err
	}
	for _, p := range m.Parts {
		if _, err := tx.Exec(ctx, `UPDATE casework_case SET area = $1 WHERE area = $2`, p.To, registry.Waiting(p.To)); err != nil {
			return err
		}
	}
	var communities registry.Pairs
	for _, p := range m.Areas {
		if len(p.From) == CommunityDigits {
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
	if err := sumCounties(ctx, tx, m); err != nil {
		return err
	}
	for _, pairs := range []registry.Pairs{m.Areas, m.Bodies} { // alerts name bodies, and areas of officers
		if err := pairs.Rewrite(ctx, tx, "casework_alert", "holder"); err != nil {
			return err
		}
	}
	for _, table := range []string{"casework_case", "casework_part", "casework_objection", "casework_followup", "casework_appeal"} {
		if err := m.Bodies.Rewrite(ctx, tx, table, "unit_id"); err != nil {
			return err
		}
	}
	if err := m.Areas.Rewrite(ctx, tx, "casework_appeal", "area"); err != nil {
		return err
	}
	if err := followViews(ctx, tx, m); err != nil {
		return err
	}
	return outdate(ctx, tx, m)
}

// moveParts takes the cases whose place lies in a part that was cut out of their community.
func (s *Service) moveParts(ctx context.Context, tx *audit.Tx, m *registry.Moves, recounted map[string]bool) error {
	for _, p := range m.Parts {
		recounted[p.To] = true
		cases, err := countedCases(ctx, tx, p.From)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if c.lng == nil || c.lat == nil || !p.Holds(*c.lng, *c.lat) {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE casework_case SET area = $1 WHERE shard = $2 AND id = $3`, registry.Waiting(p.To), c.shard, c.id); err != nil {
				return err
			}
			if err := s.recount(ctx, tx, m, c, p.From, p.To); err != nil {
				return err
			}
		}
	}
	return nil
}

// moveGrids counts anew the cases of grids that go to another community than the one they were in.
func (s *Service) moveGrids(ctx context.Context, tx *audit.Tx, m *registry.Moves, recounted map[string]bool) error {
	goes := make(map[string]string, len(m.Areas))
	for _, p := range m.Areas {
		goes[p.From] = p.To
	}
	for _, p := range m.Areas {
		if len(p.From) <= CommunityDigits {
			continue
		}
		from, to := p.From[:CommunityDigits], p.To[:CommunityDigits]
		if whole, moved := goes[from]; moved && whole == to || !moved && from == to {
			continue
		}
		recounted[to] = true
		cases, err := countedCases(ctx, tx, p.From)
		if err != nil {
			return err
		}
		for _, c := range cases {
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
		WHERE c.area >= $1 AND c.area < $2 ORDER BY c.id`, area, authority.After(area))
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
	whole, err := findCase(ctx, tx, c.id)
	if err != nil {
		return err
	}
	measures, err := s.caseMeasures(ctx, tx, &whole)
	if err != nil {
		return err
	}
	for month, counted := range measures {
		for measure, n := range counted {
			if err := addCount(ctx, tx.Tx, tallyKey{c.shard, m.Before(from), from, c.kind, month, registry.LevelCommunity}, measure, -n); err != nil {
				return err
			}
			if err := addCount(ctx, tx.Tx, tallyKey{c.shard, m.After(to), registry.Waiting(to), c.kind, month, registry.LevelCommunity}, measure, n); err != nil {
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
		add(*c.closed, closing(&Case{Late: c.late == 1}))
	}
	if c.rating != nil && c.ratedAt != nil {
		add(*c.ratedAt, ratingCounts(*c.rating))
	}
	return out
}

func (n counts) plus(o counts) counts {
	return counts{n.received + o.received, n.closed + o.closed, n.onTime + o.onTime, n.late + o.late, n.rated + o.rated, n.good + o.good, n.points + o.points}
}

func (n counts) negative() counts {
	return counts{-n.received, -n.closed, -n.onTime, -n.late, -n.rated, -n.good, -n.points}
}

// sumCounties makes the counters of counties anew whose communities have changed county.
func sumCounties(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	changed := map[string]bool{}
	for _, p := range m.Areas {
		if len(p.From) >= countyDigits && p.From[:countyDigits] != p.To[:countyDigits] {
			changed[p.From[:countyDigits]], changed[p.To[:countyDigits]] = true, true
		}
	}
	for _, p := range m.Parts {
		if p.From[:countyDigits] != p.To[:countyDigits] {
			changed[p.From[:countyDigits]], changed[p.To[:countyDigits]] = true, true
		}
	}
	for county := range changed {
		if _, err := tx.Exec(ctx, `DELETE FROM casework_tally WHERE level = $1 AND area = $2`, registry.LevelCounty, county); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO casework_tally (shard, origin, area, kind, month, level, received, closed, on_time, late, rated, good, points)
			SELECT shard, CAST($1 AS TEXT), CAST($2 AS TEXT), kind, month, CAST($3 AS INTEGER), SUM(received), SUM(closed), SUM(on_time), SUM(late), SUM(rated), SUM(good), SUM(points)
			FROM casework_tally WHERE level = $4 AND area >= $5 AND area < $6 GROUP BY shard, kind, month`,
			county, county, registry.LevelCounty, registry.LevelCommunity, county, authority.After(county)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM casework_count WHERE level = $1 AND area = $2`, registry.LevelCounty, county); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO casework_count (shard, origin, area, kind, month, measure, level, n)
			SELECT shard, CAST($1 AS TEXT), CAST($2 AS TEXT), kind, month, measure, CAST($3 AS INTEGER), SUM(n)
			FROM casework_count WHERE level = $4 AND area >= $5 AND area < $6 GROUP BY shard, kind, month, measure`,
			county, county, registry.LevelCounty, registry.LevelCommunity, county, authority.After(county)); err != nil {
			return err
		}
	}
	return nil
}
