package task

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// todo is what waits beside cases: refusals for the community-building body, and tasks of the actor's departments that wait to be
// signed, were returned, or were refused.
func (s worker) todo(ctx context.Context) (out []worklist.Todo, err error) {
	a := authority.From(ctx)
	add := func(kind, from, due, page, state string, w *db.Where) {
		if err != nil {
			return
		}
		t, one, failed := worklist.CountTodo(ctx, s.Log.DB, from, "id", due, w)
		t.Kind, t.Page, t.Query, err = kind, page, map[string]string{"state": state}, failed
		if t.Count == 1 && page == "tasks" {
			t.Page, t.ID, t.Query = "task", one, nil
		}
		out = append(out, t)
	}
	if scopes := a.Scope(permDecide); len(scopes) > 0 {
		var w db.Where
		w.And("state = 'open'")
		within(&w, scopes)
		add("task.todo.refusals", "task_refusal", "due_at", "task-refusals", refusalOpen, &w)
	}
	bodies := a.Bodies()
	if len(bodies) == 0 || !a.CanAnywhere(permWrite) {
		return out, err
	}
	of := func(terms string, args ...any) *db.Where {
		var w db.Where
		w.And("body_id IN " + w.In(bodies))
		w.And(terms, args...)
		return &w
	}
	if a.CanAnywhere(permSend) {
		add("task.todo.sign", "task_task", "0", "tasks", string(stateSubmitted), of("state = 'submitted' AND writer_id <> %s", a.ID))
	}
	add("task.todo.returned", "task_task", "0", "tasks", string(stateReturned), of("state = 'returned'"))
	add("task.todo.refused", "task_refusal", "due_at", "task-refusals", refusalOpen, of("state = 'open'"))
	return out, err
}
