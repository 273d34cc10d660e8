package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// ExtendTransition is the row by which whoever answers for a unit gives it more time: once, with a
// reason that the reporter is told, and before the deadline has passed. Rule is what allows it.
func ExtendTransition(from []flow.State, permissions []string, rule string, guards ...flow.Guard[*Case]) flow.Transition[*Case] {
	once := flow.Guard[*Case]{Key: "casework.extended_already", Rule: rule,
		Holds: func(c *Case, _ *authority.Actor) bool { return !c.extended }}
	inTime := flow.Guard[*Case]{Key: "casework.extended_late", Rule: rule,
		Holds: func(c *Case, _ *authority.Actor) bool {
			return c.Clock.Due == nil || clock.Millis(c.now) <= *c.Clock.Due
		}}
	return flow.Transition[*Case]{From: from, Verb: VerbExtend, To: flow.Stay, Permissions: permissions, Tells: true,
		Guards: append([]flow.Guard[*Case]{clockRuns, once, inTime}, guards...),
		Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}}
}

// extend lengthens the limits of the stage by what the module's rule gives.
func (s *Service) extend(ctx context.Context, tx *audit.Tx, st *step) (err error) {
	c := st.c
	k, former := &c.Clock, c.Clock.Due
	amount := st.m.Extension(c, clock.Day(tx.Now))
	k.Promised.Amount = min(k.Promised.Amount+amount.Amount, calendar.MaxAmount)
	if k.Statutory.Unit == amount.Unit {
		k.Statutory.Amount = min(k.Statutory.Amount+amount.Amount, calendar.MaxAmount)
	}
	if k.Pauses, err = listPauses(ctx, tx, c); err != nil {
		return err
	}
	c.settle(s.Calendar.Now())
	_, err = tx.Exec(ctx, `INSERT INTO casework_extension (shard, case_id, seq, at, amount, former_due_at) VALUES ($1,$2,$3,$4,$5,$6)`,
		c.Shard, c.ID, c.Events+1, clock.Millis(tx.Now), amount.String(), former)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "casework.extended_already")
	}
	return err
}

func isExtended(ctx context.Context, r db.Reader, c *Case) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_extension WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	return n > 0, err
}

type extensionRow struct {
	seq    int
	at     int64
	amount calendar.Limit
	former *int64
}

func findExtension(ctx context.Context, r db.Reader, c *Case) (extensionRow, error) {
	return db.One(ctx, r, func(s db.Scanner) (v extensionRow, err error) {
		var amount string
		if err = s.Scan(&v.seq, &v.at, &amount, &v.former); err == nil {
			v.amount, err = calendar.ParseLimit(amount)
		}
		return v, err
	}, `SELECT seq, at, amount, former_due_at FROM casework_extension WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
}
