package joint

import (
	"context"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

const selectPart = `SELECT case_id, seq, unit_id, state, ask, asked_at, workdays, due_at, due_year, answer, ended_at, ended_by, late,
	asker, pass FROM casework_part`

// partRow is a part with the id of its case.
type partRow struct {
	id string
	Part
}

func scanPart(row db.Scanner) (p partRow, err error) {
	err = row.Scan(&p.id, &p.Seq, &p.Unit, &p.State, &p.Ask, &p.AskedAt, &p.Workdays, &p.Due,
		&p.Year, &p.Answer, &p.EndedAt, &p.EndedBy, db.YesNo(&p.Late), &p.Asked.Body, &p.Asked.Pass)
	return p, err
}

// ListParts reads the parts of a case, in the order in which they were asked.
func ListParts(ctx context.Context, r db.Reader, c *casework.Case) ([]Part, error) {
	rows, err := db.All(ctx, r, scanPart, selectPart+` WHERE shard = $1 AND case_id = $2 ORDER BY seq`, c.Shard, c.ID)
	out := make([]Part, len(rows))
	for i := range rows {
		out[i] = rows[i].Part
	}
	return out, err
}

// partsOf reads the parts of some cases at once, by id of the case.
func partsOf(ctx context.Context, r db.Reader, cases []*casework.Case) (map[string][]Part, error) {
	shards, ids := make([]string, len(cases)), make([]string, len(cases))
	for i, c := range cases {
		shards[i], ids[i] = c.Shard, c.ID
	}
	inShards, args := db.In(nil, shards)
	inIDs, args := db.In(args, ids)
	rows, err := db.All(ctx, r, scanPart, selectPart+` WHERE shard IN `+inShards+` AND case_id IN `+inIDs+` ORDER BY case_id, seq`, args...)
	out := map[string][]Part{}
	for _, p := range rows {
		out[p.id] = append(out[p.id], p.Part)
	}
	return out, err
}

func insertPart(ctx context.Context, tx *audit.Tx, c *casework.Case, p *Part) error {
	return tx.Send(ctx, `INSERT INTO casework_part (shard, case_id, seq, unit_id, state, ask, asked_at, workdays, due_at, due_year, answer,
		ended_at, ended_by, late, case_due_at, reported_at, asker, pass)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'',NULL,'',0,$11,$12,$13,$14)`,
		c.Shard, c.ID, p.Seq, p.Unit, p.State, p.Ask, p.AskedAt, p.Workdays, p.Due, p.Year, c.Clock.Due, c.ReportedAt, p.Asked.Body,
		p.Asked.Pass)
}

func updatePart(ctx context.Context, tx *audit.Tx, c *casework.Case, p *Part) error {
	late := 0
	if p.Late {
		late = 1
	}
	return tx.Send(ctx, `UPDATE casework_part SET state = $1, answer = $2, ended_at = $3, ended_by = $4, late = $5, due_year = $6
		WHERE shard = $7 AND case_id = $8 AND seq = $9`,
		p.State, strings.TrimSpace(p.Answer), p.EndedAt, p.EndedBy, late, p.Year, c.Shard, c.ID, p.Seq)
}

// dueParts lets the open parts of a case bear its deadline, by which the helping units list it.
func dueParts(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	return tx.Send(ctx, `UPDATE casework_part SET case_due_at = $1 WHERE shard = $2 AND case_id = $3 AND state = 'open'`,
		c.Clock.Due, c.Shard, c.ID)
}
