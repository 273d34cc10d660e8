package admission

import (
	"context"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// follower moves lists with their areas. Those of an area that is merged into another end with it: the other's apply.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "lists", Widens: true,
		Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM admission_list WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	var same registry.Pairs
	for _, p := range m.Areas {
		if m.Before(p.From) == m.After(p.To) {
			same = append(same, p)
			continue
		}
		if err := endLists(ctx, tx, p.From, m.On); err != nil {
			return err
		}
	}
	return same.Rewrite(ctx, tx, "admission_list", "area")
}

// endLists ends what an area has on the day before; drafts are discarded. They keep its old code, marked as no code of
// today's, so that an area that is given the code later does not take them for its own.
func endLists(ctx context.Context, tx *audit.Tx, area, on string) error {
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return err
	}
	last := day.AddDate(0, 0, -1).Format(time.DateOnly)
	if _, err := tx.Exec(ctx, `UPDATE admission_list SET state = CASE WHEN state IN ('draft', 'proposed') THEN 'discarded' ELSE state END,
		valid_to = CASE WHEN valid_to > $1 THEN $1 ELSE valid_to END, version = version + 1 WHERE area = $2`, last, area); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE admission_list SET area = $1 WHERE area = $2`, "-"+area, area)
	return err
}
