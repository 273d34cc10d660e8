package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Follower lets cases, and before them what hangs on where they were, follow a reorganisation of the
// register: cases go where their place has gone, and wait for the body that took over.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "cases", Move: s.follow, Count: countCases}
}

func countCases(ctx context.Context, r db.Reader, area string) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_case WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
}

func (s *Service) follow(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, r := range s.relocations {
		if r.Before == nil {
			continue
		}
		if err := r.Before(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := moveParts(ctx, tx, m); err != nil {
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
	if err := m.Bodies.Rewrite(ctx, tx, "casework_case", "unit_id"); err != nil {
		return err
	}
	for _, r := range s.relocations {
		if r.After == nil {
			continue
		}
		if err := r.After(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// moveParts takes the cases whose place lies in a part that was cut out of their community.
func moveParts(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, p := range m.Parts {
		cases, err := db.All(ctx, tx, ScanCase, SelectCase+` WHERE area >= $1 AND area < $2 ORDER BY id`, p.From, authority.PrefixEnd(p.From))
		if err != nil {
			return err
		}
		for i := range cases {
			c := &cases[i]
			if c.Place.Lng == nil || c.Place.Lat == nil || !p.Holds(*c.Place.Lng, *c.Place.Lat) {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE casework_case SET area = $1 WHERE shard = $2 AND id = $3`,
				registry.Waiting(p.To), c.Shard, c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
