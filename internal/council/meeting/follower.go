package meeting

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// follower moves meetings and representatives with their communities; numbers stay as they were.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "meetings",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			if err := m.Areas.Rewrite(ctx, tx, "council_meeting", "area"); err != nil {
				return err
			}
			return m.Areas.Rewrite(ctx, tx, "council_representative", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_meeting WHERE area >= $1 AND area < $2`, area, authority.After(area))
		},
	}
}

// todo are the meetings that are over and whose minutes are not signed, for those who keep them.
func (s *Service) todo(ctx context.Context) ([]worklist.Todo, error) {
	scopes := authority.From(ctx).Scope(permCommittee)
	if len(scopes) == 0 {
		return nil, nil
	}
	var w db.Where
	w.And("state = 'closed' AND body NOT IN ('supervisory')")
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.After(scope)))
	}
	w.Any(terms...)
	t, one, err := worklist.CountTodo(ctx, s.Log.DB, "council_meeting", "id", "0", &w)
	if err != nil {
		return nil, err
	}
	t.Kind, t.Page, t.Query = "council.todo.minutes", "meetings", map[string]string{"state": string(stateClosed)}
	if t.Count == 1 {
		t.Page, t.ID, t.Query = "meeting", one, nil
	}
	return []worklist.Todo{t}, nil
}
