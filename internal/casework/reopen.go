package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// PermissionBoard is that of whoever sees the figures of an area.
const PermissionBoard = permBoard

// reopen takes a case out of the closings of the month in which it was closed, when a step opens it
// again: it will be counted once, with the closing that holds.
func (s *Service) reopen(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, t *flow.Transition[*Case]) error {
	if c.ClosedAt == nil || !m.Flow.IsOpen(t.After(c.State)) {
		return nil
	}
	month := clock.Month(clock.Instant(*c.ClosedAt))
	c.ClosedAt, c.Outcome = nil, ""
	return s.tallyIn(ctx, tx, c, month, closing(c).negative())
}

// Lookup summarises cases by their ids, leaving out those that the context's actor
// may not see.
func (s *Service) Lookup(ctx context.Context, ids []string) (map[string]Summary, error) {
	out := map[string]Summary{}
	for _, id := range ids {
		c, err := findCase(ctx, s.Log.DB, id)
		if err != nil {
			return nil, err
		}
		may, err := s.mayRead(ctx, s.Log.DB, authority.From(ctx), &c)
		if err != nil {
			return nil, err
		}
		if may {
			out[id] = s.Summarise(ctx, &c)
		}
	}
	return out, nil
}
