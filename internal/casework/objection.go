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

// VerbObject is 派单异议: a unit sends back what was sent to it by mistake.
const VerbObject flow.Verb = "object"

// Standing is what guards ask of a case beside its row. It is read before a step is judged.
type Standing struct {
	Read       bool   // it was read; else it says nothing
	Objections int    // times that a unit sent it back
	Objector   string // unit that did so last, or ""
	FedBack    bool   // the work was fed back before: it came again as rework
	Parts      []Part // of units that help, in the order in which they were asked
	Drawn      bool   // for a check that is not made yet
	Hands      Hands  // who took which step, here and on what is merged into it
	Extended   bool   // it was given more time
	Unanswered int    // supervisions that wait for an answer
}

// stand reads what guards ask of a case: of one verb, or of every verb for "".
func (s *Service) stand(ctx context.Context, r db.Reader, m *Matter, c *Case, verb flow.Verb) (err error) {
	c.Standing = Standing{Read: true}
	if c.Events > 1 { // nobody works on a case before it is taken up
		if c.Standing.Hands, err = s.Hands(ctx, r, c); err != nil {
			return err
		}
	}
	for _, read := range s.guards {
		if err = read(ctx, r, c, verb); err != nil {
			return err
		}
	}
	if m.Stand != nil {
		return m.Stand(ctx, r, c)
	}
	return nil
}

// ObjectGuards are those of an objection: by the unit itself, before it has fed back, and not more
// often than casework.objection.most allows.
func (s *Service) ObjectGuards() []flow.Guard[*Case] {
	return []flow.Guard[*Case]{OwnUnit,
		{Key: "casework.objection.fed_back", Rule: "casework.objection.most",
			Holds: func(c *Case, _ *authority.Actor) bool { return !c.Standing.FedBack }},
		{Key: "casework.objection.most", Rule: "casework.objection.most", Holds: func(c *Case, _ *authority.Actor) bool {
			return c.Standing.Objections < s.Rules.Int("casework.objection.most", clock.Day(c.Now()))
		}}}
}

// CheckResend refuses to send a case again to the unit that sent it back, unless the reason is given.
func (c *Case) CheckResend(unit, note string) error {
	if unit == c.Standing.Objector && note == "" {
		return errs.ErrInvalid.At("note", "casework.objection.same_unit")
	}
	return nil
}

// object keeps which unit sent the case back.
func (s *Service) object(ctx context.Context, tx *audit.Tx, st *TakenStep) error {
	c := st.Case
	st.Other = c.Unit
	return tx.Send(ctx, `INSERT INTO casework_objection (shard, case_id, seq, unit_id, at) VALUES ($1,$2,$3,$4,$5)`,
		c.Shard, c.ID, c.Standing.Objections+1, c.Unit, clock.Millis(tx.Now))
}

func readObjections(ctx context.Context, r db.Reader, c *Case) error {
	units, err := db.All(ctx, r, func(row db.Scanner) (unit string, err error) { return unit, row.Scan(&unit) },
		`SELECT unit_id FROM casework_objection WHERE shard = $1 AND case_id = $2 ORDER BY seq`, c.Shard, c.ID)
	if n := len(units); n > 0 {
		c.Standing.Objections, c.Standing.Objector = n, units[n-1]
	}
	return err
}
