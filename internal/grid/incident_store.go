package grid

import (
	"context"

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
func (s *Service) Follower() registry.Follower {
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
