package casework

import (
	"context"

	"linli/internal/platform/authority"
)

// PermissionBoard is that of whoever sees the figures of an area.
const PermissionBoard = PermBoard

// Reopen takes back the end of a case that is open again.
func (c *Case) Reopen() {
	if c.ClosedAt != nil {
		c.ClosedAt, c.Outcome = nil, ""
	}
}

// Lookup summarises cases by their ids, leaving out those that the context's actor
// may not see.
func (s *Service) Lookup(ctx context.Context, ids []string) (map[string]Summary, error) {
	out := map[string]Summary{}
	for _, id := range ids {
		c, err := FindCase(ctx, s.Log.DB, id)
		if err != nil {
			return nil, err
		}
		may, err := s.MayReadIn(ctx, s.Log.DB, authority.From(ctx), &c)
		if err != nil {
			return nil, err
		}
		if may {
			out[id] = s.Summarise(ctx, &c)
		}
	}
	return out, nil
}
