package hall

import (
	"context"
	"encoding/json"
	"errors"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/seal"
)

type applicationRow struct {
	sealed   string // answers, JSON
	missing  []string
	opinion  string
	decision string
	edition  int            // of the item, that it was made with
	papers   map[string]int // index of the material by the id of a file
}

func insertApplication(ctx context.Context, tx *audit.Tx, c *casework.Case, sealed string, edition int, papers map[string]int) error {
	raw, err := json.Marshal(papers)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO hall_application (shard, case_id, item, sealed, sealed_by, missing, opinion, decision, papers,
		edition) VALUES ($1,$2,$3,$4,$5,'[]','','',$6,$7)`, c.Shard, c.ID, c.Subject, sealed, seal.KeyOf(sealed), string(raw), edition)
}

func writeAnswers(ctx context.Context, tx *audit.Tx, c *casework.Case, sealed string) error {
	return tx.Send(ctx, `UPDATE hall_application SET sealed = $1, sealed_by = $2 WHERE shard = $3 AND case_id = $4`,
		sealed, seal.KeyOf(sealed), c.Shard, c.ID)
}

func findApplication(ctx context.Context, r db.Reader, c *casework.Case) (applicationRow, error) {
	return db.One(ctx, r, func(s db.Scanner) (a applicationRow, err error) {
		var missing, papers string
		if err = s.Scan(&a.sealed, &missing, &a.opinion, &a.decision, &papers, &a.edition); err == nil {
			err = errors.Join(json.Unmarshal([]byte(missing), &a.missing), json.Unmarshal([]byte(papers), &a.papers))
		}
		return a, err
	}, `SELECT sealed, missing, opinion, decision, papers, edition FROM hall_application WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
}

func writeMissing(ctx context.Context, tx *audit.Tx, c *casework.Case, lines []string) error {
	raw, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `UPDATE hall_application SET missing = $1 WHERE shard = $2 AND case_id = $3`, string(raw), c.Shard, c.ID)
}

func writeOpinion(ctx context.Context, tx *audit.Tx, c *casework.Case, opinion string) error {
	return tx.Send(ctx, `UPDATE hall_application SET opinion = $1 WHERE shard = $2 AND case_id = $3`, opinion, c.Shard, c.ID)
}

func writeDecision(ctx context.Context, tx *audit.Tx, c *casework.Case, decision string) error {
	return tx.Send(ctx, `UPDATE hall_application SET decision = $1 WHERE shard = $2 AND case_id = $3`, decision, c.Shard, c.ID)
}
