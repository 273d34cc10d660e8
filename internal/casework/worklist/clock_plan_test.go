package worklist_test

import (
	"context"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// The jobs of the clock read what is due from an index and walk over no other cases.
func TestClockJobsReadAnIndex(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		fillCases(t, w)
		ctx := context.Background()
		for name, c := range map[string]struct {
			query string
			args  []any
		}{
			"silence": {`SELECT id FROM casework_case WHERE state = 'submitted' AND open = 1 AND statutory_due_at < $1 AND kind = $2
				ORDER BY statutory_due_at, id LIMIT 200`, []any{int64(1), "application"}},
			"alerts": {`SELECT id FROM casework_case WHERE open = 1 AND COALESCE(due_at, 9007199254740992) > $1 AND COALESCE(due_at,
				9007199254740992) <= $2 AND NOT EXISTS
				(SELECT 1 FROM casework_alert a WHERE a.shard = casework_case.shard AND a.case_id = casework_case.id AND a.about = casework_case.due_at
				AND a.stage = $3)
				ORDER BY COALESCE(due_at, 9007199254740992) LIMIT $4`, []any{int64(1), int64(2), "due", 200}},
			"answers": {`SELECT case_id FROM casework_supervision WHERE answered_at IS NULL AND due_at < $1 ORDER BY due_at, case_id LIMIT 200`,
				[]any{int64(1)}},
			"back": {`SELECT shard, case_id FROM casework_suspension WHERE until_at IS NULL AND back_on <> '' AND back_on <= $1
				ORDER BY back_on LIMIT 200`, []any{"2026-01-01"}},
		} {
			if w.App.DB.Dialect == db.Postgres {
				if _, table, _ := strings.Cut(c.query, "FROM casework_"); strings.HasPrefix(table, "case ") {
					if rows := postgresRows(t, w.App.DB, name, c.query, c.args); rows > 1 {
						t.Errorf("%s reads %v rows to find none", name, rows)
					}
				}
				continue
			}
			plan, err := db.All(ctx, w.App.DB, func(s db.Scanner) (detail string, err error) {
				var id, parent, unused int
				err = s.Scan(&id, &parent, &unused, &detail)
				return detail, err
			}, "EXPLAIN QUERY PLAN "+c.query, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(plan, "\n"); strings.Contains(all, "SCAN") || strings.Contains(all, "TEMP B-TREE") {
				t.Errorf("%s is not read from an index in its order:\n%s", name, all)
			}
		}
	})
}
