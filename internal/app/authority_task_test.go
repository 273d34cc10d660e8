package app_test

import (
	"bytes"
	"context"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/task"
)

// openGate lets everything through, so that nothing but authority refuses a task.
type openGate struct{}

func (openGate) Pass(context.Context, *audit.Tx, gate.Request) (gate.Pass, error) {
	return gate.Pass{Number: "probe", Title: "probe", Until: "2199-12-31"}, nil
}

// taskIn makes a task of the place's department for its community, in a state.
func taskIn(f *fixture, v *values, state string) {
	module.Of[*task.Service](f.w.App.Modules).Gate = openGate{}
	v.names["{id}"], v.names["{county}"] = putTask(f.T, f.w, v.s.area, v.s.department, state), v.s.area[:6]
}

// putTask makes a task of a department for one community, in a state.
func putTask(t *testing.T, w *apptest.World, area, department, state string) string {
	t.Helper()
	ctx := w.System()
	id := area[:6] + "-" + db.NewID(ctx)
	sent := int64(0)
	if state != "draft" && state != "submitted" {
		sent = clock.Millis(clock.Now(ctx))
	}
	must(t, w.App.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: "task.task.write", Area: area, Subject: "task.task", SubjectID: id, After: map[string]any{"state": state}})
		if _, err := tx.Exec(ctx, `INSERT INTO task_task (shard, id, state, area, areas, body_id, way, title, content, ask, answer, period,
			held_on, workdays, minutes, admission, duty, pass_number, pass_title, pass_until, writer_id, writer_name, signer_name, written_at,
			sent_at, ended_at, end_reason, total, done, reminders, pending, place, version) VALUES ($1,$2,$3,$4,$4,$5,'task','probe','probe',
			'probe','text','','',5,10,'probe','','probe','','','','','',$6,$6,0,'',1,0,0,'','',1)`, area[:6], id, state, area, department,
			sent); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO task_share (shard, id, task_id, area, body_id, way, case_id, state, month, opened_at, due_at,
			began_at, answered_at, closed_at, late, measured, told, returned, reminded, answer)
			VALUES ($1,$2,$2,$3,$4,'task','','waiting','',0,0,0,0,0,0,0,0,0,0,'')`, area[:6], id, area, department)
		return err
	}))
	return id
}

// openShare opens the case of a task's community, in a state.
func openShare(t *testing.T, w *apptest.World, of, area, unit, state string) string {
	t.Helper()
	made, err := w.App.Casework.Open(w.System(), casework.NewCase{Kind: task.KindTask, Subject: "task", Title: "probe", Area: area,
		Unit: unit, Intake: casework.Intake{Channel: casework.ChannelConsole}},
		func(tx *audit.Tx, c *casework.Case) error {
			_, err := tx.Exec(w.System(), `UPDATE task_share SET case_id = $1, state = $2, began_at = 1 WHERE id = $3`, c.ID, state, of)
			return err
		})
	must(t, err)
	return made.Case.ID
}

// shareIn makes such a task with the case of its community, in a state and in the hands of whoever takes the next step.
func shareIn(f *fixture, v *values, state string) {
	taskIn(f, v, "sent")
	of := v.names["{id}"]
	id := openShare(f.T, f.w, of, v.s.area, v.unit, state)
	worker := ""
	if login := logins[v.role]; login != "" {
		a, err := f.w.App.Accounts.FindLogin(f.w.System(), login)
		if err != nil {
			f.Fatal(err)
		}
		worker = a.ID
	}
	f.exec(`UPDATE casework_case SET state = $1, worker_id = $2 WHERE id = $3`, state, worker, id)
	f.exec(`INSERT INTO task_refusal (shard, id, share_id, task_id, case_id, area, body_id, ground, reason, state, refused_at, due_at,
			refuser_name, decided_at, decider_name, decision) VALUES ($1,$2,$3,$4,$5,$6,$7,'scope','probe','open',1,0,'',0,'','')`,
		v.s.area[:6], of, map[bool]string{true: "", false: of}[state == "asked"], of, id, v.s.area, v.s.department)
	v.names["{id}"], v.names["{task}"] = id, of
}

// withTaskFile attaches a file to the task.
func withTaskFile(f *fixture, v *values) {
	file, err := module.Of[*task.Service](f.w.App.Modules).Attach(f.w.System(), v.names["{id}"], "probe.png", bytes.NewReader(apptest.OnePixel))
	if err != nil {
		f.Fatal(err)
	}
	f.exec(`UPDATE task_share SET case_id = id WHERE task_id = $1`, v.names["{id}"]) // a community that is asked reads it
	v.names["{file}"] = file.ID
}
