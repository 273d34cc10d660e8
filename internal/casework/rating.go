package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// VerbRate is the verb by which every lifecycle is rated.
const VerbRate flow.Verb = "rate"

// Levels of 好差评 (国办发〔2019〕51号): 5 非常满意 … 1 非常不满意; from good upwards it counts as 好评.
const (
	ratingLeast = 1
	ratingGood  = 3
	ratingMost  = 5
)

// RateTransition is the row that every lifecycle ends with: the reporter, and nobody else,
// rates once.
func RateTransition(from ...flow.State) flow.Transition[*Case] {
	return flow.Transition[*Case]{From: from, Verb: VerbRate, To: "rated", Permissions: []string{flow.Reporter},
		Fields: []flow.Field{{Name: "note", Kind: flow.Text, Max: 500}},
		Guards: []flow.Guard[*Case]{{Key: "casework.rated_already", Rule: "casework.rating.once",
			Holds: func(c *Case, _ *authority.Actor) bool { return c.Rating == nil }}}}
}

func (s *Service) rate(ctx context.Context, tx *audit.Tx, c *Case, level int, comment string) error {
	if level < ratingLeast || level > ratingMost {
		return errs.ErrInvalid.At("level", "field.choice")
	}
	_, err := tx.Exec(ctx, `INSERT INTO casework_rating (shard, case_id, level, comment, at) VALUES ($1,$2,$3,$4,$5)`,
		c.Shard, c.ID, level, comment, clock.Millis(tx.Now))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "casework.rated_already").By("casework.rating.once")
	}
	if err != nil {
		return err
	}
	c.Rating = &level
	return s.tally(ctx, tx, c, rating(level))
}

func rating(level int) counts {
	n := counts{rated: 1, points: level}
	if level >= ratingGood {
		n.good = 1
	}
	return n
}
