package task

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/rule"
	"linli/internal/platform/storage"
	"linli/internal/registry"
)

// Service writes, sends and follows tasks.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Calendar *calendar.Cache
	Casework *casework.Service
	Files    *storage.Store
	Words    casework.Words
	Gate     gate.Gate   // nil refuses everything
	Ledger   gate.Ledger // or nil
	Forms    gate.Forms  // nil: no task is answered by a form
}

const subject = "task.task"

// checked brings a content into form and refuses one that is wrong, or names an area that is not there: Invalid.
func (s *Service) checked(ctx context.Context, c *Content) error {
	c.tidy()
	for i, code := range c.Areas {
		c.Areas[i] = s.Registry.Resolve(code)
	}
	c.Areas = authority.Outermost(c.Areas)
	if err := c.check(s.Rules.Int(ruleText, clock.Day(clock.Now(ctx)))); err != nil {
		return err
	}
	for _, code := range c.Areas {
		if a, ok := s.Registry.Area(code); !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
			return errs.ErrInvalid.At("areas", "task.area")
		}
	}
	return nil
}

// over is the smallest area that holds all of these.
func over(areas []string) string {
	if len(areas) == 0 {
		return ""
	}
	out := areas[0]
	for _, a := range areas[1:] {
		for !strings.HasPrefix(a, out) {
			out = out[:len(out)-1]
		}
	}
	for registry.LevelOf(out) == 0 && out != "" {
		out = out[:len(out)-1]
	}
	return out
}

// Write begins a task as a draft of the writer's department. Errors: those of Content; Forbidden unless the department
// works for all its areas.
func (s *Service) Write(ctx context.Context, c Content) (Task, error) {
	if err := s.checked(ctx, &c); err != nil {
		return Task{}, err
	}
	t := Task{State: string(stateDraft), Area: over(c.Areas), Content: c, Version: 1}
	t.Shard = db.Shard(t.Area)
	t.ID = t.Shard + "-" + db.NewID(ctx)
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, t.Area); err != nil {
			return err
		}
		if t.Body = tx.Actor.BodyFor(permWrite, t.Area, ""); t.Body == "" {
			return errs.New(errs.Conflict, "task.no_department").By("casework.own_unit")
		}
		if err := (carrying{s}).carriable(ctx, tx, &t); err != nil {
			return err
		}
		sign(tx, &t)
		tx.Record(audit.Entry{Action: permWrite, Area: t.Area, Subject: subject, SubjectID: t.ID, After: record(&t)})
		if err := insertTask(ctx, tx, &t); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &t, verbWrite, "")
	})
	return t, err
}

func sign(tx *audit.Tx, t *Task) {
	t.WriterID, t.WriterName, t.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
}

// record is what the audit log keeps of a task.
func record(t *Task) map[string]any {
	return map[string]any{"title": t.Title, "way": t.Way, "areas": t.Areas, "state": t.State, "minutes": t.Minutes,
		"admission": t.Admission, "duty": t.Duty, "pass": t.PassNumber, "form": t.Form}
}

// Change sets the content of a draft, or of what was returned. Errors: those of Write; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) error {
	if err := s.checked(ctx, &c); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		t, err := s.judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		before := record(&t)
		t.Content, t.Area = c, over(c.Areas)
		if err := tx.Require(permWrite, t.Area); err != nil {
			return err
		}
		if err := (carrying{s}).carriable(ctx, tx, &t); err != nil {
			return err
		}
		sign(tx, &t)
		tx.Record(audit.Entry{Action: permWrite, Area: t.Area, Subject: subject, SubjectID: t.ID, Before: before, After: record(&t)})
		if err := updateTask(ctx, tx, &t); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &t, verbChange, "")
	})
}

// judged reads a task on which a verb may be taken. Errors: NotFound for who may not read it; what flow.Take refuses; Stale.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Task, error) {
	tx.Judged()
	t, err := findTask(ctx, tx, id)
	if err != nil {
		return t, err
	}
	if may, err := s.mayRead(ctx, tx, tx.Actor, &t); err != nil || !may {
		return t, errors.Join(err, errs.ErrNotFound)
	}
	_, err = lifecycle.Judge(&t, verb, tx.Actor, flow.Seen{Record: errs.Record{Subject: subject, ID: t.ID}, Version: t.Version,
		By: cmp.Or(version, t.Version)})
	return t, err
}

// mayRead tells whether an actor reads a task: its department, and who oversees an area that it reaches.
func (s *Service) mayRead(ctx context.Context, r db.Reader, a *authority.Actor, t *Task) (bool, error) {
	if a.System || a.In(t.Body) && a.CanAnywhere(permRead) {
		return true, nil
	}
	for _, scope := range a.Scope(permRefuse) {
		if !overseen(a, scope) {
			continue
		}
		n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND area >= $2 AND area < $3`,
			t.ID, scope, authority.PrefixEnd(scope))
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// overseen tells whether the actor oversees an area, as a department does not.
func overseen(a *authority.Actor, area string) bool {
	for _, g := range a.Grants {
		for _, role := range overseers {
			if g.Role == role && strings.HasPrefix(area, g.Area) {
				return true
			}
		}
	}
	return false
}

// Step takes a verb of the lifecycle on a task. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; of sending, those of
// [Service.send].
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		t, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		return s.take(ctx, tx, &t, verb, in)
	})
}

// take takes a verb that was judged.
func (s *Service) take(ctx context.Context, tx *audit.Tx, t *Task, verb flow.Verb, in flow.Input) error {
	tr, ok := lifecycle.Find(flow.State(t.State), verb)
	if !ok {
		return errs.StaleOf(errs.Record{Subject: subject, ID: t.ID})
	}
	if !slices.Contains([]flow.Verb{verbEnd, verbPause, verbResume}, verb) { // their words come from what the task rests on
		if err := flow.CheckInput(tr.Fields, &in); err != nil {
			return err
		}
	}
	before := record(t)
	t.State = string(tr.After(flow.State(t.State)))
	switch verb {
	case verbSend:
		if err := s.send(ctx, tx, t); err != nil {
			return err
		}
	case verbRemind:
		t.Pending, t.Place = pendingRemind, ""
		t.Reminders++
	case verbPause:
		t.Pending, t.Place = pendingPause, ""
	case verbResume:
		t.Pending, t.Place = pendingResume, ""
	case verbWithdraw, verbEnd:
		t.Pending, t.Place = pendingClose, ""
		t.EndedAt, t.EndReason = clock.Millis(tx.Now), in.Note
		if err := (carrying{s}).endForm(ctx, tx, t); err != nil {
			return err
		}
	case verbFinish:
		t.Pending, t.Place = "", ""
	case verbComplete, verbDiscard:
		t.Pending, t.Place, t.EndedAt = "", "", clock.Millis(tx.Now)
		if err := (carrying{s}).endForm(ctx, tx, t); err != nil {
			return err
		}
	}
	tx.Record(audit.Entry{Action: tr.Permissions[0], Area: t.Area, Subject: subject, SubjectID: t.ID, Before: before, After: record(t),
		Detail: map[string]any{"verb": verb, "note": in.Note}})
	if err := updateTask(ctx, tx, t); err != nil {
		return err
	}
	return insertEvent(ctx, tx, t, verb, in.Note)
}
