package account

import (
	"context"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Follower lets grants follow a reorganisation of the register. A grant over a place that was
// merged reaches over the whole of the place that took over; one over a place that was divided
// stays with the part that took over. Grants of the past follow too: they say what was held where
// the place is now.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "grants", Widens: true,
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return access.MoveGrants(ctx, tx, m)
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM access_grant WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}
