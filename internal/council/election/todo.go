package election

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// todo are the elections whose handover the actor's office has to supervise.
func (s *Service) todo(ctx context.Context) ([]worklist.Todo, error) {
	scopes := authority.From(ctx).Scope(permOver)
	if len(scopes) == 0 {
		return nil, nil
	}
	var w db.Where
	w.And("state = 'concluded'")
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
	}
	w.Any(terms...)
	t, one, err := worklist.CountTodo(ctx, s.log().DB, "council_election", "id", "0", &w)
	if err != nil {
		return nil, err
	}
	t.Kind, t.Page, t.Query = "council.todo.handovers", "elections", map[string]string{"state": string(stateConcluded)}
	if t.Count == 1 {
		t.Page, t.ID, t.Query = "election", one, nil
	}
	return []worklist.Todo{t}, nil
}
