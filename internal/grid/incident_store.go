package grid

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

type incidentRow struct {
	description string
	reworked    int
	unit        string // that handled it last
}

func insertIncident(ctx context.Context, tx *audit.Tx, c *casework.Case, description string) error {
	return tx.Send(ctx, `INSERT INTO grid_incident (shard, case_id, category, description, reworked, unit_id) VALUES ($1,$2,$3,$4,0,'')`,
		c.Shard, c.ID, c.Subject, description)
}

func findIncident(ctx context.Context, r db.Reader, c *casework.Case) (incidentRow, error) {
	return db.One(ctx, r, func(s db.Scanner) (i incidentRow, err error) {
		err = s.Scan(&i.description, &i.reworked, &i.unit)
		return i, err
	}, `SELECT description, reworked, unit_id FROM grid_incident WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
}

// descriptions are those of incidents, by the ids of their cases.
func descriptions(ctx context.Context, r db.Reader, cases []*casework.Case) (map[string]string, error) {
	out := make(map[string]string, len(cases))
	for chunk := range slices.Chunk(cases, describedAt) {
		args, pairs := make([]any, 0, 2*describedAt), make([]string, describedAt)
		if len(chunk) == 1 {
			pairs = pairs[:1]
		}
		for i := range pairs { // as many every time: one statement is prepared, not one for each number
			c := chunk[min(i, len(chunk)-1)]
			args = append(args, c.Shard, c.ID)
			pairs[i] = fmt.Sprintf("($%d,$%d)", 2*i+1, 2*i+2)
		}
		type told struct{ id, text string }
		rows, err := db.All(ctx, r, func(s db.Scanner) (t told, err error) {
			err = s.Scan(&t.id, &t.text)
			return t, err
		}, `SELECT case_id, description FROM grid_incident WHERE (shard, case_id) IN (VALUES `+strings.Join(pairs, ",")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, t := range rows {
			out[t.id] = t.text
		}
	}
	return out, nil
}

// describedAt is how many descriptions are read at once.
const describedAt = 50

// keepUnit remembers who handles an incident, so that rework goes back there.
func keepUnit(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	return tx.Send(ctx, `UPDATE grid_incident SET unit_id = $1 WHERE shard = $2 AND case_id = $3`, c.Unit, c.Shard, c.ID)
}

func countRework(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	return tx.Send(ctx, `UPDATE grid_incident SET reworked = reworked + 1 WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
}

// Follower lets incidents name the body that took over from one that was dissolved, and checks the
// area. Their cases, which say where they are, follow by themselves. What was checked stays with the
// community that goes on when only a part of it is cut out.
func (s *Service) follower() registry.Follower {
	return registry.Follower{What: "incidents",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			for _, table := range []string{"grid_recheck", "grid_recheck_tally"} {
				if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
					return err
				}
			}
			return m.Bodies.Rewrite(ctx, tx, "grid_incident", "unit_id")
		},
		Count: func(context.Context, db.Reader, string) (int, error) { return 0, nil }}
}
