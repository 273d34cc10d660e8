package burden

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// follower moves events and sums with their communities. Who asked stays who asked then.
func (s *Service) follower() registry.Follower {
	return registry.Follower{What: "burden", Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM burden_event WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}

// move rewrites the codes of communities, and counts the sums of counties and cities anew from those of their
// communities, so that a number and what is below it stay one.
func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	if _, err := tx.Exec(ctx, `DELETE FROM burden_base`); err != nil { // counted anew by the job: an heir has a row of its own
		return err
	}
	for _, table := range []string{"burden_event", "burden_inventory", "burden_count"} {
		if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
			return err
		}
	}
	changed := map[int][]string{}
	for _, p := range m.Areas {
		for _, code := range []string{p.From, p.To} {
			if len(code) >= countyDigits {
				changed[registry.LevelCounty] = append(changed[registry.LevelCounty], code[:countyDigits])
				changed[registry.LevelCity] = append(changed[registry.LevelCity], code[:cityDigits])
			}
		}
	}
	for level, areas := range changed {
		slices.Sort(areas)
		for _, area := range slices.Compact(areas) {
			if err := resum(ctx, tx, level, area); err != nil {
				return err
			}
		}
	}
	return nil
}

// resum counts the sums of a county or city anew: those by month from the sums of its communities, those by day from
// the events.
func resum(ctx context.Context, tx *audit.Tx, level int, area string) error {
	for _, table := range []string{"burden_count", "burden_day"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE level = $1 AND area = $2`, level, area); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO burden_count (shard, origin, body, way, month, level, area, `+figureColumns+`)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), body, way, month, CAST($3 AS INTEGER), CAST($4 AS TEXT), `+summed+`
		FROM burden_count WHERE level = $5 AND area >= $6 AND area < $7
		GROUP BY body, way, month`, db.Shard(area), area, level, area, registry.LevelCommunity, area, authority.PrefixEnd(area))
	if err != nil {
		return err
	}
	perDay := strings.ReplaceAll(summed, "SUM(timed)", "SUM(CASE WHEN measured > 0 THEN answered ELSE 0 END)")
	_, err = tx.Exec(ctx, `INSERT INTO burden_day (shard, origin, day, level, area, `+figureColumns+`)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), day, CAST($3 AS INTEGER), CAST($4 AS TEXT), `+perDay+`
		FROM burden_event WHERE area >= $5 AND area < $6 GROUP BY day`, db.Shard(area), area, level, area, area, authority.PrefixEnd(area))
	return err
}
