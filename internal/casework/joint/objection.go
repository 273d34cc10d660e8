package joint

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/rule"
)

const ruleObjections = "casework.objection.most"

// ObjectGuards are those of an objection: by the unit itself, before it has fed back, and not more
// often than casework.objection.most allows.
func ObjectGuards(rules *rule.Cache) []flow.Guard[*casework.Case] {
	return []guard{casework.OwnUnit,
		{Key: "casework.objection.fed_back", Rule: ruleObjections,
			Holds: func(c *casework.Case, _ *authority.Actor) bool { return !c.Standing.FedBack }},
		{Key: "casework.objection.most", Rule: ruleObjections, Holds: func(c *casework.Case, _ *authority.Actor) bool {
			return c.Standing.Objections < rules.Int(ruleObjections, clock.Day(c.Now()))
		}}}
}

// CheckResend refuses to send a case again to the unit that sent it back, unless the reason is given.
func CheckResend(c *casework.Case, unit, note string) error {
	if unit == c.Standing.Objector && note == "" {
		return errs.ErrInvalid.At("note", "casework.objection.same_unit")
	}
	return nil
}

// object keeps which unit sent the case back.
func object(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	c := st.Case
	st.Other = c.Unit
	return tx.Send(ctx, `INSERT INTO casework_objection (shard, case_id, seq, unit_id, at) VALUES ($1,$2,$3,$4,$5)`,
		c.Shard, c.ID, c.Standing.Objections+1, c.Unit, clock.Millis(tx.Now))
}

func readObjections(ctx context.Context, r db.Reader, c *casework.Case) error {
	units, err := db.All(ctx, r, func(row db.Scanner) (unit string, err error) { return unit, row.Scan(&unit) },
		`SELECT unit_id FROM casework_objection WHERE shard = $1 AND case_id = $2 ORDER BY seq`, c.Shard, c.ID)
	if n := len(units); n > 0 {
		c.Standing.Objections, c.Standing.Objector = n, units[n-1]
	}
	return err
}
