package assessment

import (
	"context"
	"time"

	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
)

// Kinds of what waits in the inbox; each has its words as a text of the same key.
const (
	todoSign    = "assessment.todo.sign"    // schemes that were proposed, for who publishes
	todoDecide  = "assessment.todo.decide"  // results under appeal, of which appeals are undecided, for who decides them
	todoAppeal  = "assessment.todo.appeal"  // results against which the reader may appeal
	todoCollect = "assessment.todo.collect" // surveys in which the reader collects
)

// todo is what waits for the actor of the context.
func (s *Service) todo(ctx context.Context) ([]worklist.Todo, error) {
	a := authority.From(ctx)
	if !a.CanAnywhere(permRead) {
		return nil, nil
	}
	today := clock.Day(clock.Now(ctx))
	all, err := waitingSchemes(ctx, s.Log.DB)
	if err != nil {
		return nil, err
	}
	by := map[string]*worklist.Todo{}
	add := func(x *Scheme, kind, until string) {
		t := by[kind]
		if t == nil {
			t = &worklist.Todo{Kind: kind, Page: "scheme", ID: x.ID}
			by[kind] = t
		}
		if t.Count++; t.Count > 1 {
			t.Page, t.ID, t.Query = "schemes", "", map[string]string{"state": string(x.State)}
		}
		if due := lastInstant(until); due > 0 && (t.Due == 0 || due < t.Due) {
			t.Due = due
		}
	}
	for i := range all {
		x := &all[i]
		switch {
		case x.State == stateProposed && a.Can(permPublish, x.Content.Area) && a.ID != x.writer:
			add(x, todoSign, "")
		case x.State == stateAppeal && a.Can(permPublish, x.Content.Area):
			waits, err := find(ctx, s.Log.DB, x.ID)
			if err != nil {
				return nil, err
			}
			if waits.waiting > 0 {
				add(x, todoDecide, x.AppealUntil)
			}
		case x.State == stateAppeal && today <= x.AppealUntil && x.mayAppeal(a):
			add(x, todoAppeal, x.AppealUntil)
		}
	}
	collecting, err := s.Surveys.Collecting(ctx, a)
	if err != nil {
		return nil, err
	}
	if n := len(collecting); n > 0 {
		t := &worklist.Todo{Kind: todoCollect, Count: n, Page: "surveys", Query: map[string]string{"state": "open"}}
		for id, closes := range collecting {
			if due := lastInstant(closes); t.Due == 0 || due < t.Due {
				t.Due = due
			}
			if n == 1 {
				t.Page, t.ID, t.Query = "survey", id, nil
			}
		}
		by[todoCollect] = t
	}
	out := []worklist.Todo{}
	for _, kind := range []string{todoSign, todoDecide, todoAppeal, todoCollect} {
		if by[kind] != nil {
			out = append(out, *by[kind])
		}
	}
	return out, nil
}

// mayAppeal tells whether somebody may appeal against results of the scheme for something that it judges.
func (s *Scheme) mayAppeal(a *authority.Actor) bool {
	if s.Content.Subjects == Departments {
		return a.Can(permAppealDepartment, s.Content.Area)
	}
	return Inside(a, permAppeal, s.Content.Area)
}

// lastInstant is the last millisecond of a day in the city; 0 for none.
func lastInstant(day string) int64 {
	at, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	if err != nil {
		return 0
	}
	return clock.Millis(at.AddDate(0, 0, 1)) - 1
}
