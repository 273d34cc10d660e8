package audit

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Reporter is the actor of records of whoever showed a follow code.
const Reporter = "reporter"

// Change is who changed a record, and when.
type Change struct {
	ActorID, Name string
	At            int64 // instant, UTC milliseconds
}

// LastChange finds the latest record that says what something was changed to; false when there is none. What was only
// read or passed on is recorded without values and does not count.
func (l *Log) LastChange(ctx context.Context, r errs.Record) (Change, bool, error) {
	c, err := db.One(ctx, l.DB, func(row db.Scanner) (c Change, err error) { return c, row.Scan(&c.ActorID, &c.Name, &c.At) },
		`SELECT actor_id, actor_name, at FROM audit_entry WHERE subject_id = $1 AND subject = $2 AND SUBSTR(action, 1, LENGTH($3)) = $3
			AND after_values <> '' AND (at = $4 OR $4 = 0) ORDER BY id DESC LIMIT 1`,
		r.ID, r.Subject, r.Action, r.At)
	if db.IsNone(err) {
		return c, false, nil
	}
	return c, err == nil, err
}
