package joint

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// partsFollow releases open parts when the case ends or is merged, and lets the others bear its deadline.
func partsFollow(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	c := ch.Case
	helped := len(c.Standing.Helping) > 0
	switch {
	case ch.Before == nil:
		return nil
	case ch.Ended(), c.State == casework.StateMerged && ch.Before.State != casework.StateMerged:
		if helped {
			return releaseAll(ctx, tx, c)
		}
	case c.Open && !c.Clock.Unchanged(&ch.Before.Clock) && (!c.Standing.Read || helped):
		return dueParts(ctx, tx, c)
	}
	return nil
}

// readJoint reads the objections to an open case and the units that help.
func readJoint(ctx context.Context, r db.Reader, c *casework.Case, _ flow.Verb) error {
	if !c.Open {
		return nil
	}
	if err := readObjections(ctx, r, c); err != nil {
		return err
	}
	parts, err := ListParts(ctx, r, c)
	if err != nil {
		return err
	}
	c.Standing.Helping = helping(parts)
	c.Standing.Note(room, parts)
	return nil
}

const room = "joint"

// standingParts are the parts of a case as they were read for its guards, or as they are now where they were not.
func standingParts(ctx context.Context, r db.Reader, c *casework.Case) ([]Part, error) {
	if parts, ok := c.Standing.Noted[room].([]Part); ok {
		return parts, nil
	}
	return ListParts(ctx, r, c)
}

// readHelping reads the units that help with some cases.
func readHelping(ctx context.Context, r db.Reader, cases []*casework.Case) error {
	parts, err := partsOf(ctx, r, cases)
	for _, c := range cases {
		c.Standing.Helping = helping(parts[c.ID])
	}
	return err
}

// helping are the units whose parts are open.
func helping(parts []Part) []string {
	var out []string
	for _, p := range parts {
		if p.State == PartOpen {
			out = append(out, p.Unit)
		}
	}
	return out
}

// helps tells whether the actor acts for a unit that was asked for a part of the case, in whatever
// state it is, within an area of theirs.
func helps(ctx context.Context, r db.Reader, a *authority.Actor, c *casework.Case) (bool, error) {
	bodies := a.Bodies()
	if len(bodies) == 0 || !a.Can(casework.PermReadOwn, c.Area) {
		return false, nil
	}
	in, args := db.In([]any{c.Shard, c.ID}, bodies)
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_part WHERE shard = $1 AND case_id = $2 AND unit_id IN `+in, args...)
	return n > 0, err
}

// followBodies lets parts and objections name the bodies that took over.
func followBodies(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, table := range []string{"casework_part", "casework_objection"} {
		if err := m.Bodies.Rewrite(ctx, tx, table, "unit_id"); err != nil {
			return err
		}
	}
	return nil
}
