package task

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// facts are what a community did for the government: the tasks that it was asked, for disclosure.
type facts struct{ *Service }

// FactCode implements [gate.Facts].
func (facts) FactCode() string { return "task" }

// Facts implements [gate.Facts]: what was asked by whom, on which basis, and whether it was answered.
func (f facts) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Words, "task.fact.asked", "task.fact.title", "task.fact.body", "task.fact.basis",
		"task.fact.answered")}
	rows, err := db.All(ctx, r, func(sc db.Scanner) (row []string, err error) {
		var title, body, pass string
		var opened, answered int64
		if err = sc.Scan(&title, &body, &pass, &opened, &answered); err != nil {
			return nil, err
		}
		done := ""
		if answered > 0 {
			done = clock.Day(clock.Instant(answered))
		}
		return []string{clock.Day(clock.Instant(opened)), title, f.Registry.BodyName(body), pass, done}, nil
	}, `SELECT t.title, t.body_id, t.pass_number, h.opened_at, h.answered_at FROM task_share h JOIN task_task t ON t.id = h.task_id
		WHERE h.area = $1 AND h.month >= $2 AND h.month <= $3 ORDER BY h.opened_at, h.id LIMIT $4`, q.Area, q.From[:7], q.To[:7], gate.MostFacts)
	out.Rows = rows
	return out, err
}
