package app_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/task"
)

// kindOf is the kind of case whose lifecycle it is.
func kindOf(w *apptest.World, flow string) string {
	for kind, m := range w.App.Casework.Matters {
		if m.Flow.Name == flow {
			return kind
		}
	}
	return ""
}

// flowsOfCases are the lifecycles of cases; those of ratings and notices are walked by tests of their own.
func flowsOfCases(w *apptest.World) []module.Flow {
	return slices.DeleteFunc(w.App.Flows(), func(f module.Flow) bool {
		for _, m := range w.App.Casework.Matters {
			if m.Flow.Name == f.Name {
				return false
			}
		}
		return true
	})
}

// Every state × verb of every lifecycle, as the declared tables say: a legal move arrives
// where the table says, every other one is refused and changes nothing.
func TestEveryMove(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		flows := flowsOfCases(w)
		if len(flows) != len(w.App.Casework.Matters) {
			t.Fatalf("%d lifecycles are declared, %d are tested", len(flows), len(w.App.Casework.Matters))
		}
		for _, f := range flows {
			id := openOne(t, w, kindOf(w, f.Name))
			var verbs []string
			for _, tr := range f.Transitions {
				if !slices.Contains(verbs, tr.Verb) {
					verbs = append(verbs, tr.Verb)
				}
			}
			for _, state := range f.States {
				for _, verb := range verbs {
					tryMove(t, w, f, id, state, verb)
				}
			}
		}
	})
}

func openOne(t *testing.T, w *apptest.World, kind string) string {
	t.Helper()
	if kind == apptest.KindApplied {
		return w.Nobody().Apply(w.Fill(apptest.Application("flow-application"))).Want(201).Text("id")
	}
	if kind == task.KindTask {
		unit := w.Body[apptest.Community+" station"]
		return openShare(t, w, putTask(t, w, apptest.Community, unit, "sent"), apptest.Community, unit, "asked")
	}
	return w.Nobody().OpenCase(apptest.Incident("flow-incident")).Want(201).Text("id")
}

func tryMove(t *testing.T, w *apptest.World, f module.Flow, id string, state module.FlowState, verb string) {
	t.Helper()
	ctx := w.System()
	unit := w.Body[apptest.Community+" station"]
	open := 0
	if state.Open {
		open = 1
	}
	err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM casework_rating WHERE case_id = $1`, id); err != nil {
			return err
		}
		if err := apptest.Anew(ctx, tx, id, unit); err != nil {
			return err
		}
		if err := shared(ctx, tx, id, unit, verb); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE casework_case SET state = $1, open = $2, unit_id = $3, worker_id = '', returned = 0, rating = NULL,
			closed_at = NULL WHERE id = $4`,
			state.State, open, unit, id)
		if err != nil {
			return err
		}
		return share(ctx, tx, id, state.State, verb)
	})
	if err == nil {
		err = wind(w, id, verb)
	}
	if err != nil {
		t.Fatal(err)
	}
	row := find(f, state.State, verb)
	actor := everybody(w, unit)
	if row != nil && slices.Contains(row.Permissions, flow.System) {
		actor = authority.SystemActor("test")
	}
	if row != nil && slices.Contains(row.Permissions, flow.Reporter) {
		actor = authority.NewReporter(id)
	}
	input := casework.MoveInput{ID: id, Verb: flow.Verb(verb), Level: 3,
		Input: flow.Input{Note: "说明", Unit: sentTo(w, unit, verb), Number: 3, Lines: []string{"材料"},
			Choice: choice(f.Name, verb), Case: mainCase(t, w, id, f.Name)}}
	if row != nil {
		nobodyJudgesTheirOwn(t, w, f.Name, row, actor, input)
	}
	moved, err := w.App.Casework.Move(authority.With(ctx, actor), kindOf(w, f.Name), input)
	switch {
	case row == nil && err == nil:
		t.Errorf("%s: %s is possible from %s, and the table does not say so", f.Name, verb, state.State)
	case row == nil && errs.Of(err).Kind == errs.Internal:
		t.Errorf("%s: %s from %s: %v", f.Name, verb, state.State, err)
	case row != nil && err != nil:
		t.Errorf("%s: %s from %s is refused: %v", f.Name, verb, state.State, err)
	case row != nil && string(moved.State) != cmp.Or(row.To, state.State):
		t.Errorf("%s: %s from %s arrives at %s, want %s", f.Name, verb, state.State, moved.State, cmp.Or(row.To, state.State))
	case row != nil:
		nobodyMoves(t, w, f, id, row)
	}
	if row == nil {
		if c, err := w.App.Casework.Find(ctx, id); err != nil || string(c.State) != state.State {
			t.Errorf("%s: a refused %s changed the state to %s", f.Name, verb, c.State)
		}
	}
}

// nobodyJudgesTheirOwn has two people share the work in every way and checks that a row that judges it
// is closed to each of them.
func nobodyJudgesTheirOwn(t *testing.T, w *apptest.World, name string, row *module.FlowTransition,
	actor *authority.Actor, input casework.MoveInput) {
	t.Helper()
	at := slices.IndexFunc(row.Guards, func(g module.FlowGuard) bool { return slices.Contains(apptest.Judges, g.Key) })
	if at < 0 {
		return
	}
	workers, ctx := []string{"first worker", "second worker"}, w.System()
	for _, first := range apptest.Works[name] {
		for _, second := range apptest.Works[name] {
			must(t, w.App.DB.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `DELETE FROM casework_event WHERE case_id = $1 AND seq > 90000`, input.ID); err != nil {
					return err
				}
				for i, verb := range []string{first, second} {
					if _, err := tx.Exec(ctx, `INSERT INTO casework_event (shard, case_id, seq, at, verb, from_state, to_state, actor_id, actor_name,
						actor_role, note, data, public)
						VALUES ($1,$2,$3,1,$4,'','',$5,'','','','{}',0)`, db.ShardOf(input.ID), input.ID, 90001+i, verb, workers[i]); err != nil {
						return err
					}
				}
				_, err := tx.Exec(ctx, `UPDATE casework_case SET events = events + 2 WHERE id = $1`, input.ID)
				return err
			}))
			for _, id := range workers {
				worker := *actor
				worker.ID = id
				if _, err := w.App.Casework.Move(authority.With(ctx, &worker), kindOf(w, name), input); errs.Of(err).Key != row.Guards[at].Key {
					t.Errorf("%s: after %s by one and %s by another, the %s may %s: %v", name, first, second, id, row.Verb, err)
				}
			}
		}
	}
	must(t, w.App.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM casework_event WHERE case_id = $1 AND seq > 90000`, input.ID)
		return err
	}))
}

func choice(flow, verb string) string {
	switch verb {
	case "suspend":
		if flow == "task.share" {
			return "money"
		}
		return "resident"
	case "refuse":
		return "unlisted"
	}
	return "pass"
}

// wind sets a case's clock as the guards of a verb want it: suspended before it is resumed, its
// lawful days over before it is accepted by silence, and supervised before that is answered.
func wind(w *apptest.World, id, verb string) error {
	ctx, now := w.System(), clock.Millis(clock.Now(w.System()))
	due, lawful := any(now+86_400_000), any(now+86_400_000)
	switch verb {
	case "resume":
		due, lawful = nil, nil
	case "deem_accepted":
		lawful = now - 1
	}
	return w.App.DB.Write(ctx, func(tx *db.Tx) error {
		for _, table := range []string{"casework_suspension", "casework_extension", "casework_supervision"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE case_id = $1`, id); err != nil {
				return err
			}
		}
		if verb == "answer" {
			if _, err := tx.Exec(ctx, `INSERT INTO casework_supervision (shard, case_id, seq, at, account_id, workdays, due_at, due_year, answer_seq,
				answered_at)
				VALUES ($1,$2,1,$3,'officer',3,$3,0,NULL,NULL)`, db.ShardOf(id), id, now); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE casework_case SET clock_at = $1, limit_promised = '5 workday', limit_statutory = '5 workday', due_at = $2,
			statutory_due_at = $3, due_year = 0 WHERE id = $4`,
			now, due, lawful, id)
		return err
	})
}

// mainCase is the number of another incident of the same community, into which the one that moves
// may be merged; it is out of it again.
func mainCase(t *testing.T, w *apptest.World, id, flow string) string {
	t.Helper()
	ctx := w.System()
	err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM casework_merge WHERE case_id = $1`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if kindOf(w, flow) != apptest.KindReported {
		return ""
	}
	main, err := apptest.Report(ctx, w.App, apptest.Reported{Description: "楼前垃圾未清", Place: casework.Location{Text: "3 号楼东侧"},
		Intake: casework.Intake{ClientKey: "flow-main", Channel: casework.ChannelConsole}})
	if err != nil {
		t.Fatal(err)
	}
	return main.Case.Number
}

// shared has nothing sent back, nobody helping and nothing drawn to be checked, but for what the
// verb is about.
func shared(ctx context.Context, tx *db.Tx, id, unit, verb string) error {
	for _, table := range []string{"casework_objection", "casework_part"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE case_id = $1`, id); err != nil {
			return err
		}
	}
	var err error
	switch verb {
	case "contribute", "release":
		_, err = tx.Exec(ctx, insertPart, db.ShardOf(id), id, unit)
	case "confirm", "reopen":
		err = apptest.Drawn(ctx, tx, id)
	}
	return err
}

// share has the community of a task, if the case is one, owe what its state says, with nothing refused before.
func share(ctx context.Context, tx *db.Tx, id, state, verb string) error {
	for _, q := range []string{
		`DELETE FROM task_refusal WHERE case_id = $1`,
		`UPDATE task_task SET state = 'sent', done = 0 WHERE id IN (SELECT task_id FROM task_share WHERE case_id = $1)`,
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE task_share SET state = $1, began_at = 1 WHERE case_id = $2`, state, id); err != nil {
		return err
	}
	if verb != "correct" { // by whoever answered alone
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE casework_case SET worker_id = 'everybody' WHERE id = $1`, id)
	return err
}

// sentTo is the unit that a step names: another one when it is asked to help.
func sentTo(w *apptest.World, unit, verb string) string {
	if verb == "join" {
		return w.Body[apptest.Community+" office"]
	}
	return unit
}

// nobodyMoves checks that the same row is closed to who has no authority.
func nobodyMoves(t *testing.T, w *apptest.World, f module.Flow, id string, row *module.FlowTransition) {
	t.Helper()
	if slices.ContainsFunc(row.Permissions, func(p string) bool { return w.App.Policy.Holds(registry.RoleCityOfficer, p) }) {
		return // the city officer's own steps
	}
	for name, actor := range map[string]*authority.Actor{
		"nobody":             authority.Nobody(),
		"another's reporter": authority.NewReporter("320703-x"),
		"city officer": authority.NewActor(w.App.Policy, "c", "c",
			[]authority.Grant{{Role: registry.RoleCityOfficer, Area: apptest.CityCode}}),
	} {
		_, err := w.App.Casework.Move(authority.With(w.System(), actor), kindOf(w, f.Name), casework.MoveInput{ID: id, Verb: flow.Verb(row.Verb)})
		var refused *errs.Error
		if !errors.As(err, &refused) || refused.Kind == errs.Internal {
			t.Errorf("%s: %s by %s: %v", f.Name, row.Verb, name, err)
		}
	}
}

func everybody(w *apptest.World, unit string) *authority.Actor {
	var grants []authority.Grant
	for _, r := range registry.Roles {
		grants = append(grants, authority.Grant{Role: r, Area: apptest.CityCode, Body: unit})
	}
	return authority.NewActor(w.App.Policy, "everybody", "全部岗位", grants)
}

func find(f module.Flow, state, verb string) *module.FlowTransition {
	for i := range f.Transitions {
		if t := &f.Transitions[i]; t.Verb == verb && slices.Contains(t.From, state) {
			return t
		}
	}
	return nil
}
