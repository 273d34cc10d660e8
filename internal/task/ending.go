package task

import (
	"cmp"
	"context"
	"errors"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
)

// What a task rests on may end, stand still and go on. The transaction that brings it about marks the tasks alone: from then
// on [Task.live] tells that nobody owes anything. The job carries it to the cases of the communities, some at a time.

// follow registers with the gate.
func (s worker) follow(g gate.Gate) {
	if of, ok := g.(gate.Endings); ok {
		of.Ended(func(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
			return s.Ended(ctx, tx, e.Number, e.Reason)
		})
		of.Paused(s.Paused)
	}
}

// Ended ends, inside the write that ends an admission, all tasks that rest on it: communities need not answer. Why is told to
// them.
func (s *Service) Ended(ctx context.Context, tx *audit.Tx, number, why string) error {
	return worker{s}.each(ctx, tx, number, func(t *Task) error { return worker{s}.end(ctx, tx, t, why) })
}

// Paused lets all tasks that rest on an admission stand still while it does, and go on with it.
func (s *Service) Paused(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
	return worker{s}.each(ctx, tx, e.Number, func(t *Task) error {
		if t.Paused == string(e.Cause) {
			return nil
		}
		verb := map[bool]flow.Verb{true: verbResume, false: verbPause}[e.Cause == ""]
		t.Paused, t.PausedFor = string(e.Cause), e.Reason
		return s.take(ctx, tx, t, verb, flow.Input{Note: e.Reason})
	})
}

// each does something with every task under way that rests on an admission.
func (s worker) each(ctx context.Context, tx *audit.Tx, number string, do func(*Task) error) error {
	tasks, err := tasksOn(ctx, tx, number)
	for i := range tasks {
		if err == nil {
			err = do(&tasks[i])
		}
	}
	return err
}

// end ends a task with what it rests on.
func (s worker) end(ctx context.Context, tx *audit.Tx, t *Task, why string) error {
	tx.Judged() // it follows from what the task rests on
	if _, ok := lifecycle.Find(flow.State(t.State), verbEnd); !ok {
		tx.Record(audit.Entry{Action: permSend, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"verb": verbEnd, "state": t.State}})
		return nil
	}
	return s.take(ctx, tx, t, verbEnd, flow.Input{Note: why})
}

// stopped says why communities need not answer; "" while they must.
func (t *Task) stopped(words casework.Words, day string, lang text.Lang) string {
	switch {
	case !t.runs(day):
		return cmp.Or(t.EndReason, t.expiredWords(words, lang))
	case t.Paused != "":
		return words.T(lang, "task.paused."+t.Paused, "number", t.PassNumber)
	}
	return ""
}

// expiredWords say that what a task rests on has ended with its last day.
func (t *Task) expiredWords(words casework.Words, lang text.Lang) string {
	return words.T(lang, "task.expired", "number", t.PassNumber, "until", t.PassUntil)
}

// unlisted ends the tasks that rest on a duty which the lists name no more.
func (s worker) unlisted(ctx context.Context) error {
	if s.Gate == nil {
		return nil
	}
	tasks, err := tasksOnDuties(ctx, s.Log.DB)
	for i := range tasks {
		t := &tasks[i]
		holds, failed := gate.Holds(ctx, s.Log, s.Gate, gate.Request{Way: gate.Way(t.Way), Body: t.Body, Areas: s.communities(t.Areas),
			Duty: t.Duty, Form: t.Form, Minutes: t.Minutes})
		if failed != nil || holds {
			err = errors.Join(err, failed)
			continue
		}
		err = errors.Join(err, s.Log.Do(ctx, func(tx *audit.Tx) error {
			now, err := findTask(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			return s.end(ctx, tx, &now, s.Words.T(text.Chinese, "task.unlisted", "number", t.PassNumber))
		}))
	}
	return err
}
