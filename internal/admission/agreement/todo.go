package agreement

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// todo are the agreements that wait for the signature of the actor's side.
func (s *Service) todo(ctx context.Context) (out []worklist.Todo, err error) {
	a := authority.From(ctx)
	for permission, unsigned := range map[string]string{permStreet: "street_at = 0", permCommunity: "community_at = 0"} {
		scopes := a.Scope(permission)
		if len(scopes) == 0 {
			continue
		}
		var w db.Where
		w.And("state = 'negotiating' AND " + unsigned)
		var terms []string
		for _, scope := range scopes {
			terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
		}
		w.Any(terms...)
		t, one, err := worklist.CountTodo(ctx, s.log().DB, "admission_agreement", "id", "0", &w)
		if err != nil {
			return nil, err
		}
		t.Kind, t.Page, t.Query = "admission.todo.agreements", "admission-agreements", map[string]string{"state": string(stateNegotiating)}
		if t.Count == 1 {
			t.Page, t.ID, t.Query = "admission-agreement", one, nil
		}
		out = append(out, t)
	}
	return out, nil
}
