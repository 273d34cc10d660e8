package disclosure

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// todo is what waits in the inbox: duties due soon and late ones for whoever writes, entries that wait for a second person, and
// late ones below for the street, the county and the city.
func (s faces) todo(ctx context.Context) (out []worklist.Todo, err error) {
	a := authority.From(ctx)
	today := clock.Day(clock.Now(ctx))
	within := func(scopes []string) *db.Where {
		var w db.Where
		terms := make([]string, len(scopes))
		for i, area := range scopes {
			terms[i] = w.Term(`area >= %s AND area < %s`, area, authority.PrefixEnd(area))
		}
		w.Any(terms...)
		return &w
	}
	duties := func(kind, state string, scopes []string) {
		if err != nil || len(scopes) == 0 {
			return
		}
		w := within(scopes)
		f := DutyFilter{State: state}
		f.where(w, scopes, today, daysAfter(today, s.Rules.Int(ruleSoon, today)))
		t, one, failed := worklist.CountTodo(ctx, s.Log.DB, "disclosure_duty", "id", "0", w)
		t.Kind, t.Page, t.Query, err = kind, "disclosure-duties", map[string]string{"state": state}, failed
		if err == nil && t.Count > 0 {
			t.Due, err = s.earliest(ctx, w)
		}
		if t.Count == 1 {
			t.Page, t.ID, t.Query = "disclosure-duty", one, nil
		}
		out = append(out, t)
	}
	entries := func(kind, state string, w *db.Where) {
		if err != nil {
			return
		}
		w.And(`latest = 1`)
		w.And(`state = %s`, state)
		t, one, failed := worklist.CountTodo(ctx, s.Log.DB, "disclosure_entry", "id", "0", w)
		t.Kind, t.Page, t.Query, err = kind, "disclosure-entries", map[string]string{"state": state}, failed
		if t.Count == 1 {
			t.Page, t.ID, t.Query = "disclosure-entry", one, nil
		}
		out = append(out, t)
	}
	if scopes := a.Scope(permWrite); len(scopes) > 0 {
		duties("disclosure.todo.late", Late, scopes)
		duties("disclosure.todo.soon", "soon", scopes)
		entries("disclosure.todo.returned", string(stateReturned), within(scopes))
	} else if scopes := a.Scope(permRead); len(scopes) > 0 {
		duties("disclosure.todo.late_below", Late, scopes)
	}
	if scopes := a.Scope(permApprove); len(scopes) > 0 {
		w := within(scopes)
		w.And(`(' ' || writers || ' ') NOT LIKE %s`, "% "+a.ID+" %")
		entries("disclosure.todo.approve", string(stateSubmitted), w)
	}
	return out, err
}

// earliest is the last instant of the earliest due day.
func (s faces) earliest(ctx context.Context, w *db.Where) (int64, error) {
	day, err := db.Value[string](ctx, s.Log.DB, `SELECT COALESCE(MIN(due_on), '') FROM disclosure_duty`+w.String(), w.List...)
	if err != nil || day == "" {
		return 0, err
	}
	d, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	return clock.Millis(d.AddDate(0, 0, 1)) - 1, err
}

// asMap is a value as the body of a probe.
func asMap(v any) map[string]any {
	raw, _ := json.Marshal(v) // plain data
	out := map[string]any{}
	_ = json.Unmarshal(raw, &out) // as it was written
	return out
}
