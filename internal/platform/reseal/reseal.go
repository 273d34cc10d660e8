// Package reseal moves what older keys sealed under the current one, while serving, in tables
// that are small enough to be read whole. Tables that grow with the people name the key in a
// column of their own; people.Service.Reseal looks after those.
package reseal

import (
	"context"
	"fmt"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/seal"
)

// Table holds texts in a column sealed, each bound to the row's id.
type Table struct {
	Name   string
	Action string // that is recorded
	Area   string
}

const batch = 100

type row struct{ id, sealed string }

// All seals with the current key whatever of a table another one sealed, some rows at a time, and
// tells how many it did. A row that somebody changes meanwhile is left to them.
func All(ctx context.Context, log *audit.Log, ring *seal.Ring, t Table) (int, error) {
	if err := ring.Refresh(); err != nil {
		return 0, err
	}
	total, after := 0, ""
	for {
		current := ring.Current()
		rows, err := db.All(ctx, log.DB, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.id, &r.sealed) },
			fmt.Sprintf(`SELECT id, sealed FROM %s WHERE id > $1 AND sealed <> '' AND substr(sealed, 1, %d) <> $2 ORDER BY id LIMIT $3`,
				t.Name, len(current)+1),
			after, current+".", batch)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		after = rows[len(rows)-1].id
		fresh := make([]string, len(rows))
		for i, r := range rows {
			plain, err := ring.Open(r.sealed, r.id)
			if err != nil {
				return total, fmt.Errorf("seal %s %s again: %w", t.Name, r.id, err)
			}
			fresh[i] = ring.Seal(plain, r.id)
		}
		if err := put(ctx, log, t, rows, fresh, current); err != nil {
			return total, err
		}
		total += len(rows)
	}
}

func put(ctx context.Context, log *audit.Log, t Table, rows []row, fresh []string, key string) error {
	return log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		for i, r := range rows {
			if _, err := tx.Exec(ctx, `UPDATE `+t.Name+` SET sealed = $1 WHERE id = $2 AND sealed = $3`, fresh[i], r.id, r.sealed); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: t.Action, Area: t.Area, Subject: t.Name, Detail: map[string]any{"rows": len(rows)},
			After: map[string]any{"key": key}})
		return nil
	})
}
