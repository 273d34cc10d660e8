package admission

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// todo are the editions that somebody else has proposed and the actor may publish.
func (s *Service) todo(ctx context.Context) ([]worklist.Todo, error) {
	a := authority.From(ctx)
	scopes := a.Scope(permPublish)
	if len(scopes) == 0 {
		return nil, nil
	}
	var w db.Where
	w.And("state = 'proposed' AND proposer_id <> %s", a.ID)
	w.And("area IN " + w.In(scopes))
	t, one, err := worklist.CountTodo(ctx, s.Log.DB, "admission_list", "id", "0", &w)
	if t.Kind, t.Page = "admission.todo.lists", "admission-lists"; t.Count == 1 {
		t.Page, t.ID = "admission-list", one
	}
	return []worklist.Todo{t}, err
}
