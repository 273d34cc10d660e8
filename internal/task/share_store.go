package task

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Share is what one community has of a task.
type Share struct {
	Shard, ID, Task string
	Area            string
	Body            string // that asked
	Way             string
	Case            string // id of the case, or "" until it is opened
	State           string
	Month           string // in which it was opened, YYYY-MM
	Opened, Due     int64
	Began, Answered int64
	Closed          int64
	Late            bool // the answer came after its deadline
	Measured, Told  int  // minutes from beginning to sending, by the clock and as whoever answered says
	Returned        int  // times that the department sent it back
	Reminded        int
	Answer          string // the latest, in words
}

const shareColumns = `shard, id, task_id, area, body_id, way, case_id, state, month, opened_at, due_at, began_at, answered_at,
		closed_at, late,
	measured, told, returned, reminded, answer`

func scanShare(r db.Scanner) (s Share, err error) {
	return s, r.Scan(&s.Shard, &s.ID, &s.Task, &s.Area, &s.Body, &s.Way, &s.Case, &s.State, &s.Month, &s.Opened, &s.Due, &s.Began, &s.Answered,
		&s.Closed, db.YesNo(&s.Late), &s.Measured, &s.Told, &s.Returned, &s.Reminded, &s.Answer)
}

func insertShare(ctx context.Context, tx *audit.Tx, s *Share) error {
	return tx.Send(ctx, `INSERT INTO task_share (`+shareColumns+`) VALUES ($1,$2,$3,$4,$5,$6,'',$7,'',0,0,0,0,0,0,0,0,0,0,'')`,
		s.Shard, s.ID, s.Task, s.Area, s.Body, s.Way, s.State)
}

func updateShare(ctx context.Context, tx *audit.Tx, s *Share) error {
	return tx.Send(ctx, `UPDATE task_share SET state = $3, due_at = $4, began_at = $5, answered_at = $6, closed_at = $7, late = $8,
		measured = $9,
		told = $10, returned = $11, reminded = $12, answer = $13 WHERE shard = $1 AND id = $2`, s.Shard, s.ID, s.State, s.Due, s.Began,
		s.Answered, s.Closed, db.Bool(s.Late), s.Measured, s.Told, s.Returned, s.Reminded, s.Answer)
}

// openShare gives a share its case, once: it tells false when it has one already, or needs none any more.
func openShare(ctx context.Context, tx *audit.Tx, s *Share) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE task_share SET case_id = $3, state = $4, month = $5, opened_at = $6, due_at = $7
		WHERE shard = $1 AND id = $2 AND case_id = '' AND state = 'waiting'`, s.Shard, s.ID, s.Case, s.State, s.Month, s.Opened, s.Due)
	return n == 1, err
}

func voidShare(ctx context.Context, tx *audit.Tx, s *Share) (int64, error) {
	return tx.Exec(ctx, `UPDATE task_share SET state = 'void' WHERE shard = $1 AND id = $2 AND case_id = '' AND state = 'waiting'`,
		s.Shard, s.ID)
}

func shareOfCase(ctx context.Context, r db.Reader, id string) (Share, error) {
	s, err := db.One(ctx, r, scanShare, `SELECT `+shareColumns+` FROM task_share WHERE case_id = $1 AND case_id <> ''`, id)
	return s, found(err)
}

// sharesAfter are those of a task in some states, in order of area, from behind a place on.
func sharesAfter(ctx context.Context, r db.Reader, task string, states []string, place string, most int) ([]Share, error) {
	area, id := "", ""
	if err := db.ReadCursor(place, &area, &id); err != nil {
		return nil, err
	}
	list, args := db.In([]any{task, area, id, most}, states)
	return db.All(ctx, r, scanShare, `SELECT `+shareColumns+` FROM task_share WHERE task_id = $1 AND (area, id) > ($2, $3) AND state IN `+list+`
		ORDER BY area, id LIMIT $4`, args...)
}

// countDone adds communities that owe nothing any more, and tells how many are done and were asked.
func countDone(ctx context.Context, tx *audit.Tx, task string, n int64) (done, total int, err error) {
	if _, err := tx.Exec(ctx, `UPDATE task_task SET done = done + $3 WHERE shard = $1 AND id = $2`, db.ShardOf(task), task, n); err != nil {
		return 0, 0, err
	}
	row := tx.QueryRow(ctx, `SELECT done, total FROM task_task WHERE shard = $1 AND id = $2`, db.ShardOf(task), task)
	return done, total, row.Scan(&done, &total)
}

// askedSince are the communities that a body has reached by a way since an instant as often as a limit allows.
func askedSince(ctx context.Context, r db.Reader, body, way string, since int64, limit int) (map[string]bool, error) {
	rows, err := db.All(ctx, r, func(row db.Scanner) (area string, err error) { return area, row.Scan(&area) },
		`SELECT area FROM task_share WHERE body_id = $1 AND way = $2 AND (opened_at >= $3 OR state = 'waiting')
		GROUP BY area HAVING COUNT(*) >= $4`, body, way, since, limit)
	out := make(map[string]bool, len(rows))
	for _, area := range rows {
		out[area] = true
	}
	return out, err
}

// Refusal is what a community refused, on which ground, and what was decided of it.
type Refusal struct {
	Shard, ID, Share, Task, Case string
	Area, Body                   string
	Ground, Reason, State        string
	At, Due                      int64
	By                           string
	Decided                      int64
	Decider, Decision            string
}

const refusalColumns = `shard, id, share_id, task_id, case_id, area, body_id, ground, reason, state, refused_at, due_at, refuser_name,
	decided_at, decider_name, decision`

func scanRefusal(r db.Scanner) (f Refusal, err error) {
	return f, r.Scan(&f.Shard, &f.ID, &f.Share, &f.Task, &f.Case, &f.Area, &f.Body, &f.Ground, &f.Reason, &f.State, &f.At, &f.Due, &f.By,
		&f.Decided, &f.Decider, &f.Decision)
}

func insertRefusal(ctx context.Context, tx *audit.Tx, f *Refusal) error {
	return tx.Send(ctx, `INSERT INTO task_refusal (`+refusalColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,0,'','')`,
		f.Shard, f.ID, f.Share, f.Task, f.Case, f.Area, f.Body, f.Ground, f.Reason, f.State, f.At, f.Due, f.By)
}

// refusalsOf are those of a share, the first first.
func refusalsOf(ctx context.Context, r db.Reader, share string) ([]Refusal, error) {
	return db.All(ctx, r, scanRefusal, `SELECT `+refusalColumns+` FROM task_refusal WHERE share_id = $1 ORDER BY refused_at, id`, share)
}

func decideRefusal(ctx context.Context, tx *audit.Tx, share, state string, at int64, by, decision string) error {
	return tx.Send(ctx, `UPDATE task_refusal SET state = $1, decided_at = $2, decider_name = $3, decision = $4
		WHERE share_id = $5 AND state = 'open'`, state, at, by, decision, share)
}

// silentRefusals are those whose time to be decided has passed.
func silentRefusals(ctx context.Context, r db.Reader, now int64) ([]Refusal, error) {
	return db.All(ctx, r, scanRefusal, `SELECT `+refusalColumns+` FROM task_refusal WHERE state = 'open' AND due_at > 0 AND due_at < $1
		ORDER BY due_at, id LIMIT 200`, now)
}
