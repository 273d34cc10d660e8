package clockverb

import (
	"context"

	"linli/internal/casework"
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
func ExtendTransition(from []flow.State, permissions []string, rule string,
	guards ...flow.Guard[*casework.Case]) flow.Transition[*casework.Case] {
	once := flow.Guard[*casework.Case]{Key: "casework.extended_already", Rule: rule,
		Holds: func(c *casework.Case, _ *authority.Actor) bool { return !c.Standing.Extended }}
	inTime := flow.Guard[*casework.Case]{Key: "casework.extended_late", Rule: rule,
		Holds: func(c *casework.Case, _ *authority.Actor) bool {
			return c.Clock.Due == nil || clock.Millis(c.Now()) <= *c.Clock.Due
		}}
	return flow.Transition[*casework.Case]{From: from, Verb: casework.VerbExtend, To: flow.Stay,
		Permissions: permissions, Tells: true, Aside: true,
		Guards: append([]flow.Guard[*casework.Case]{casework.ClockRuns, once, inTime}, guards...),
		Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}}
}

// extend lengthens the limits of the stage by what the module's rule gives.
func (s *Service) extend(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) (err error) {
	c := st.Case
	k, former := &c.Clock, c.Clock.Due
	amount := st.Matter.Extension(c, clock.Day(tx.Now))
	if k.Pauses, err = listPauses(ctx, tx, c); err != nil {
		return err
	}
	cal := s.Cases.Calendar.Now()
	k.Promised, k.Statutory = longer(k, cal, k.Promised, amount), longer(k, cal, k.Statutory, amount)
	c.Settle(cal)
	_, err = tx.Exec(ctx, `INSERT INTO casework_extension (shard, case_id, seq, at, amount, former_due_at) VALUES ($1,$2,$3,$4,$5,$6)`,
		c.Shard, c.ID, c.Events+1, clock.Millis(tx.Now), amount.String(), former)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "casework.extended_already")
	}
	return err
}

// hoursOfDay is what a working day counts in hours where the calendar does not reach.
const hoursOfDay = 8

// longer is a limit lengthened by an amount, in the limit's own unit. In another unit the amount is
// measured from the limit's deadline on, and the limit becomes the longest that ends no later than
// that: ten working days more make of ten working hours as many hours as lie in between.
func longer(k *casework.Clock, cal *calendar.Calendar, limit, more calendar.Limit) calendar.Limit {
	out := limit
	switch {
	case limit.Unit == "":
		return limit
	case limit.Unit == more.Unit:
		out.Amount = min(limit.Amount+more.Amount, calendar.MaxAmount)
		return out
	}
	since := clock.Instant(k.Since)
	end, err := cal.DeadlineAfter(since, limit, k.Pauses)
	if err == nil {
		end, err = cal.Deadline(end, more)
	}
	for err == nil && out.Amount < calendar.MaxAmount {
		next := calendar.Limit{Amount: out.Amount + 1, Unit: limit.Unit}
		due, unknown := cal.DeadlineAfter(since, next, k.Pauses)
		if err = unknown; err == nil && due.After(end) {
			return out
		}
		out = next
	}
	if err != nil { // the calendar does not reach there: as an office counts without it
		out.Amount = min(limit.Amount+inUnit(more, limit.Unit), calendar.MaxAmount)
	}
	return out
}

// inUnit is an amount counted in another unit without a calendar.
func inUnit(l calendar.Limit, unit calendar.Unit) int {
	switch {
	case unit == calendar.Workhour:
		return l.Amount * hoursOfDay
	case l.Unit == calendar.Workhour:
		return max(1, l.Amount/hoursOfDay)
	}
	return l.Amount
}

func isExtended(ctx context.Context, r db.Reader, c *casework.Case) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_extension WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	return n > 0, err
}

type extensionRow struct {
	seq    int
	at     int64
	amount calendar.Limit
	former *int64
}

func findExtension(ctx context.Context, r db.Reader, c *casework.Case) (extensionRow, error) {
	return db.One(ctx, r, func(s db.Scanner) (v extensionRow, err error) {
		var amount string
		if err = s.Scan(&v.seq, &v.at, &amount, &v.former); err == nil {
			v.amount, err = calendar.ParseLimit(amount)
		}
		return v, err
	}, `SELECT seq, at, amount, former_due_at FROM casework_extension WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
}
