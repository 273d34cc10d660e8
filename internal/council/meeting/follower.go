package meeting

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
	"linli/internal/threshold"
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
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_meeting WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

// todo are the meetings that are over and whose minutes are not signed, and the communities whose representatives must soon meet again, for
// those who keep them.
func (s *Service) todo(ctx context.Context) ([]worklist.Todo, error) {
	scopes := authority.From(ctx).Scope(permCommittee)
	if len(scopes) == 0 {
		return nil, nil
	}
	var w db.Where
	w.And("state = 'closed' AND body NOT IN ('supervisory')")
	below(&w, scopes)
	t, one, err := worklist.CountTodo(ctx, s.Log.DB, "council_meeting", "id", "0", &w)
	if err != nil {
		return nil, err
	}
	t.Kind, t.Page, t.Query = "council.todo.minutes", "meetings", map[string]string{"state": string(stateClosed)}
	if t.Count == 1 {
		t.Page, t.ID, t.Query = "meeting", one, nil
	}
	due, err := s.dueSoon(ctx, scopes)
	return []worklist.Todo{t, due}, err
}

// warnDays is how many days before the representatives must meet again it is said.
const warnDays = 30

// dueSoon counts the communities whose representatives' assembly met so long ago that the law demands another within warnDays, or sooner.
func (s *Service) dueSoon(ctx context.Context, scopes []string) (worklist.Todo, error) {
	now := clock.Now(ctx)
	var w db.Where
	var late []string
	for _, kind := range threshold.Kinds {
		if f, ok := threshold.FigureOf("representatives.every", kind, "", clock.Day(now)); ok {
			late = append(late, w.Term("kind = %s AND last < %s", kind, clock.Millis(now.AddDate(0, -f.Min, warnDays))))
		}
	}
	if len(late) == 0 {
		return worklist.Todo{}, nil
	}
	w.Any(late...)
	below(&w, scopes)
	t, one, err := worklist.CountTodo(ctx, s.Log.DB, `(SELECT area, kind, MAX(starts_at) AS last FROM council_meeting
		WHERE body = 'representatives' AND state IN ('convened', 'sitting', 'closed', 'signed') GROUP BY area, kind) AS held`, "area", "0", &w)
	t.Kind, t.Page = "council.todo.representatives", "representatives"
	if t.Count == 1 {
		t.Query = map[string]string{"community": one}
	}
	return t, err
}

// below narrows to rows in some areas.
func below(w *db.Where, scopes []string) {
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
	}
	w.Any(terms...)
}
