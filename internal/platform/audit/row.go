package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/platform/db"
)

// Row is one record of the log.
type Row struct {
	ID        string
	At        int64 // instant, UTC milliseconds
	ActorID   string
	ActorName string
	Origin    string // network address
	Session   string // mark of the session
	Action    string
	Area      string
	Subject   string
	SubjectID string
	Detail    string // JSON
	Before    string // JSON, or ""
	After     string // JSON, or ""
	Seq       *int64 // place in the sealed log, nil while it waits for the sealer

	Shard string
}

const rowColumns = `e.shard, e.id, e.at, e.actor_id, e.actor_name, e.origin, e.session, e.action, e.area, e.subject, e.subject_id, e.detail, e.before_values, e.after_values, e.seq`

func (r *Row) targets() []any {
	return []any{&r.Shard, &r.ID, &r.At, &r.ActorID, &r.ActorName, &r.Origin, &r.Session, &r.Action, &r.Area,
		&r.Subject, &r.SubjectID, &r.Detail, &r.Before, &r.After, &r.Seq}
}

func scanRow(s db.Scanner) (r Row, err error) { return r, s.Scan(r.targets()...) }

// record is what the log seals of a row: everything but its place. The form must never change.
func (r *Row) record() []byte {
	raw, err := json.Marshal([]any{"linli audit 1", r.Shard, r.ID, r.At, r.ActorID, r.ActorName, r.Origin, r.Session,
		r.Action, r.Area, r.Subject, r.SubjectID, r.Detail, r.Before, r.After})
	if err != nil {
		panic(err) // texts and a whole number
	}
	return raw
}

func (r *Row) hash() tlog.Hash { return tlog.RecordHash(r.record()) }

// insertRows writes many rows of one table by few statements.
func insertRows(ctx context.Context, tx *db.Tx, head string, columns int, rows [][]any) error {
	const most = 100 // rows of one statement
	for len(rows) > 0 {
		part := rows[:min(most, len(rows))]
		rows = rows[len(part):]
		var b strings.Builder
		args := make([]any, 0, len(part)*columns)
		for i, row := range part {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprint(&b, db.List(i*columns+1, columns))
			args = append(args, row...)
		}
		if _, err := tx.Exec(ctx, head+` VALUES `+b.String(), args...); err != nil {
			return err
		}
	}
	return nil
}
