package people

import (
	"context"
	"fmt"
	"log/slog"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/seal"
)

// Sealed is a table whose column sealed holds sealed texts, each bound to the row's id, and whose
// column sealed_by names the key.
type Sealed struct {
	Table string
	ID    string // column of the id
}

// ResealAll is the job that moves what older keys sealed under the current one, while serving.
func (s *Service) ResealAll(ctx context.Context) error {
	if err := s.Ring.Refresh(); err != nil {
		return err
	}
	for _, table := range s.tables {
		if _, err := s.Reseal(ctx, Sealed{table, "id"}); err != nil {
			return err
		}
	}
	return nil
}

type sealedRow struct{ shard, id, sealed string }

// Reseal seals with the current key whatever of a table another key sealed, some rows at a time,
// and tells how many it did. A row that somebody changes meanwhile is left to them.
func (s *Service) Reseal(ctx context.Context, t Sealed) (int, error) {
	total := 0
	for _, key := range s.Ring.Keys() {
		if key.Current {
			continue
		}
		n, err := s.resealOf(ctx, t, key.Name)
		total += n
		if err != nil {
			return total, fmt.Errorf("seal %s again: %w", t.Table, err)
		}
	}
	if total > 0 {
		slog.InfoContext(ctx, "sealed with the current key", "table", t.Table, "rows", total)
	}
	return total, nil
}

func (s *Service) resealOf(ctx context.Context, t Sealed, key string) (int, error) {
	const batch = 100
	total, after := 0, ""
	for {
		rows, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (r sealedRow, err error) { return r, row.Scan(&r.shard, &r.id, &r.sealed) },
			`SELECT shard, `+t.ID+`, sealed FROM `+t.Table+` WHERE sealed_by = $1 AND `+t.ID+` > $2 ORDER BY `+t.ID+` LIMIT $3`, key, after, batch)
		if err != nil || len(rows) == 0 {
			return total, err
		}
		after = rows[len(rows)-1].id
		fresh := make([]string, len(rows))
		for i, r := range rows {
			if r.sealed == "" {
				continue
			}
			plain, err := s.Ring.Open(r.sealed, r.id)
			if err != nil {
				return total, fmt.Errorf("%s: %w", r.id, err)
			}
			fresh[i] = s.Ring.Seal(plain, r.id)
		}
		err = s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged() // the platform's own job
			for i, r := range rows {
				if _, err := tx.Exec(ctx, `UPDATE `+t.Table+` SET sealed = $1, sealed_by = $2 WHERE shard = $3 AND `+t.ID+` = $4 AND sealed = $5`,
					fresh[i], keyOf(fresh[i], s.Ring), r.shard, r.id, r.sealed); err != nil {
					return err
				}
			}
			tx.Record(audit.Entry{Action: "people.keys.reseal", Area: rows[0].shard, Subject: t.Table,
				Detail: map[string]any{"rows": len(rows)}, Before: map[string]any{"key": key}, After: map[string]any{"key": s.Ring.Current()}})
			return nil
		})
		if err != nil {
			return total, err
		}
		total += len(rows)
	}
}

func keyOf(sealed string, ring *seal.Ring) string {
	if sealed == "" {
		return ring.Current()
	}
	return seal.KeyOf(sealed)
}
