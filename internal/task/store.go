package task

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const columns = `shard, id, state, area, areas, body_id, way, title, content, ask, answer, period, held_on, workdays, minutes,
		admission, duty,
	pass_number, pass_title, pass_until, writer_id, writer_name, signer_name, written_at, sent_at, ended_at, end_reason, total, done,
	reminders, pending, place, version, paused, paused_for, form, form_sending`

func scanTask(r db.Scanner) (t Task, err error) {
	var areas string
	err = r.Scan(&t.Shard, &t.ID, &t.State, &t.Area, &areas, &t.Body, &t.Way, &t.Title, &t.Content.Content, &t.Ask, &t.Answer, &t.Period,
		&t.HeldOn, &t.Workdays, &t.Minutes, &t.Admission, &t.Duty, &t.PassNumber, &t.PassTitle, &t.PassUntil, &t.WriterID, &t.WriterName,
		&t.SignerName, &t.WrittenAt, &t.SentAt, &t.EndedAt, &t.EndReason, &t.Total, &t.Done, &t.Reminders, &t.Pending, &t.Place, &t.Version,
		&t.Paused, &t.PausedFor, &t.Form, &t.FormSending)
	t.Areas = strings.Fields(areas)
	return t, err
}

func (t *Task) values() []any {
	return []any{t.Shard, t.ID, t.State, t.Area, strings.Join(t.Areas, " "), t.Body, t.Way, t.Title, t.Content.Content, t.Ask, t.Answer,
		t.Period, t.HeldOn, t.Workdays, t.Minutes, t.Admission, t.Duty, t.PassNumber, t.PassTitle, t.PassUntil, t.WriterID, t.WriterName,
		t.SignerName, t.WrittenAt, t.SentAt, t.EndedAt, t.EndReason, t.Total, t.Done, t.Reminders, t.Pending, t.Place, t.Version,
		t.Paused, t.PausedFor, t.Form, t.FormSending}
}

func insertTask(ctx context.Context, tx *audit.Tx, t *Task) error {
	_, err := tx.Exec(ctx, `INSERT INTO task_task (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,
		$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37)`, t.values()...)
	return err
}

// updateTask writes a task by its version; how many are done is counted by [countDone] alone. Error: Stale.
func updateTask(ctx context.Context, tx *audit.Tx, t *Task) error {
	values := slices.Delete(t.values(), 28, 29)
	n, err := tx.Exec(ctx, `UPDATE task_task SET state = $3, area = $4, areas = $5, body_id = $6, way = $7, title = $8, content = $9,
		ask = $10,
		answer = $11, period = $12, held_on = $13, workdays = $14, minutes = $15, admission = $16, duty = $17, pass_number = $18,
		pass_title = $19, pass_until = $20, writer_id = $21, writer_name = $22, signer_name = $23, written_at = $24, sent_at = $25,
		ended_at = $26, end_reason = $27, total = $28, reminders = $29, pending = $30, place = $31, paused = $33, paused_for = $34,
		form = $35, form_sending = $36,
		version = version + 1 WHERE shard = $1 AND id = $2 AND version = $32`, values...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: t.ID})
	}
	return err
}

// found turns a row that is not there into NotFound.
func found(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}

// findTask reads a task. Error: NotFound.
func findTask(ctx context.Context, r db.Reader, id string) (Task, error) {
	t, err := db.One(ctx, r, scanTask, `SELECT `+columns+` FROM task_task WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	return t, found(err)
}

// pendingTasks are those for which the job has something to do, the first sent first.
func pendingTasks(ctx context.Context, r db.Reader) ([]Task, error) {
	return db.All(ctx, r, scanTask, `SELECT `+columns+` FROM task_task WHERE pending <> '' ORDER BY sent_at, id LIMIT 50`)
}

// tasksOnDuties are those under way that rest on a listed duty.
func tasksOnDuties(ctx context.Context, r db.Reader) ([]Task, error) {
	return db.All(ctx, r, scanTask, `SELECT `+columns+` FROM task_task WHERE state IN ('sending', 'sent') AND duty <> ''
		ORDER BY sent_at, id LIMIT 500`)
}

// expiredTasks are those whose basis ended before a day.
func expiredTasks(ctx context.Context, r db.Reader, day string) ([]Task, error) {
	return db.All(ctx, r, scanTask, `SELECT `+columns+` FROM task_task WHERE state IN ('sending', 'sent') AND pass_until <> ''
		AND pass_until < $1 ORDER BY pass_until, id LIMIT 200`, day)
}

// tasksOn are those under way that rest on an admission or a duty.
func tasksOn(ctx context.Context, r db.Reader, number string) ([]Task, error) {
	return db.All(ctx, r, scanTask, `SELECT `+columns+` FROM task_task WHERE state IN ('sending', 'sent') AND pass_number = $1 ORDER BY id`,
		number)
}

// Event is one step in the life of a task.
type Event struct {
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by" doc:"Name of the account; empty for the platform itself"`
	Note string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, t *Task, verb flow.Verb, note string) error {
	name := tx.Actor.Name
	if tx.Actor.System {
		name = ""
	}
	return tx.Send(ctx, `INSERT INTO task_event (shard, task_id, id, verb, at, actor_id, actor_name, note) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		t.Shard, t.ID, db.NewID(ctx), string(verb), clock.Millis(tx.Now), tx.Actor.ID, name, note)
}

func listEvents(ctx context.Context, r db.Reader, id string) ([]Event, error) {
	return db.All(ctx, r, func(row db.Scanner) (v Event, err error) {
		return v, row.Scan(&v.Verb, &v.At, &v.By, &v.Note)
	}, `SELECT verb, at, actor_name, note FROM task_event WHERE shard = $1 AND task_id = $2 ORDER BY id`, db.ShardOf(id), id)
}
