package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
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
	c.ClosedAt = nil
	return s.tallyIn(ctx, tx, c, month, closing(c).negative())
}

// Hands lists the accounts that took one of the steps on a case.
func (s *Service) Hands(ctx context.Context, r db.Reader, c *Case, verbs []flow.Verb) ([]string, error) {
	args := []any{c.Shard, c.ID}
	for _, v := range verbs {
		args = append(args, string(v))
	}
	return db.All(ctx, r, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT DISTINCT actor_id FROM casework_event WHERE shard = $1 AND case_id = $2 AND actor_id <> '' AND verb IN `+db.List(3, len(verbs)), args...)
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
