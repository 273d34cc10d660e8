package agreement

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// follower moves agreements with their communities: of those that merge, each is kept by the one that takes over, and what
// waits or is in force beside another of the year is terminated. Numbers and what was signed stay as they were.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "agreements",
		Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM admission_agreement WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, p := range m.Areas {
		if m.Before(p.From) == m.After(p.To) {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE admission_agreement SET state = 'terminated', version = version + 1
			WHERE area = $1 AND state IN ('draft', 'negotiating', 'signed', 'force', 'ended')`, p.From); err != nil {
			return err
		}
	}
	if err := m.Areas.Rewrite(ctx, tx, "admission_agreement", "area"); err != nil {
		return err
	}
	return m.Areas.Rewrite(ctx, tx, "admission_gap", "area")
}
