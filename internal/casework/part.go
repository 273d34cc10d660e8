package casework

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// Joint handling (主办、协办): the unit that is responsible, or the dispatcher, asks other units for
// their part, each by a time. They see the case and answer; the responsible unit feeds back or
// decides when every part is answered, or released with a reason.
const (
	VerbJoin       flow.Verb = "join"
	VerbContribute flow.Verb = "contribute"
	VerbRelease    flow.Verb = "release"
)

// States of a part.
const (
	PartOpen     = "open"
	PartDone     = "done"
	PartReleased = "released"
)

// Part is what one unit is asked for on a case whose responsible unit is another.
type Part struct {
	Seq      int
	Unit     string
	State    string
	Ask      string
	AskedAt  int64
	Workdays int
	Due      *int64 // nil while it waits for the calendar of Year
	Year     int
	Answer   string // or why it was released
	EndedAt  *int64
	EndedBy  string // account
	Late     bool   // answered after it was due
}

// PartsDone guards the feedback and the decision: every part is answered or released.
var PartsDone = flow.Guard[*Case]{Key: "casework.part.open", Rule: "casework.part.first",
	Holds: func(c *Case, _ *authority.Actor) bool { return len(c.openParts()) == 0 }}

var (
	partAsk   = flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 1000}
	partUnit  = flow.Field{Name: "unit", Kind: flow.Unit, Required: true}
	partLimit = flow.Field{Name: "number", Kind: flow.Number, Required: true, Max: 60}
	partFiles = flow.Field{Name: "files", Kind: flow.Files, Max: 9}

	hasPart = flow.Guard[*Case]{Key: "casework.part.none", Rule: "casework.part.first",
		Holds: func(c *Case, a *authority.Actor) bool {
			return slices.ContainsFunc(c.openParts(), func(p Part) bool { return a.In(p.Unit) })
		}}
	anyPart = flow.Guard[*Case]{Key: "casework.part.none", Rule: "casework.part.first",
		Holds: func(c *Case, _ *authority.Actor) bool { return len(c.openParts()) > 0 }}
)

// JoinTransitions are the rows of joint handling: from the states in which a unit works on a case,
// with the permission to send cases to units and the one to work on them, which whoever may send holds too.
func JoinTransitions(from []flow.State, send, work string) []flow.Transition[*Case] {
	leads := flow.Guard[*Case]{Key: "casework.not_your_unit", Rule: "casework.own_unit",
		Holds: func(c *Case, a *authority.Actor) bool { return a.In(c.Unit) || a.Can(send, c.Area) }}
	return []flow.Transition[*Case]{
		{From: from, Verb: VerbJoin, To: flow.Stay, Aside: true, Permissions: []string{work, send}, Guards: []flow.Guard[*Case]{leads},
			Fields: []flow.Field{partUnit, partAsk, partLimit}},
		{From: from, Verb: VerbContribute, To: flow.Stay, Permissions: []string{work}, Guards: []flow.Guard[*Case]{hasPart, NotSupervisor},
			Fields: []flow.Field{partAsk, partFiles}},
		{From: from, Verb: VerbRelease, To: flow.Stay, Aside: true, Permissions: []string{work, send},
			Guards: []flow.Guard[*Case]{leads, anyPart}, Fields: []flow.Field{partUnit, partAsk}},
	}
}

func (c *Case) openParts() []Part {
	var out []Part
	for _, p := range c.Standing.Parts {
		if p.State == PartOpen {
			out = append(out, p)
		}
	}
	return out
}

// join asks a unit for its part.
func (s *Service) join(ctx context.Context, tx *audit.Tx, st *TakenStep) error {
	c, in := st.Case, st.In
	st.Other = in.Unit
	_, err := s.Sendable(ctx, tx, c, in.Unit)
	switch {
	case err != nil:
		return err
	case in.Unit == c.Unit:
		return errs.ErrInvalid.At("unit", "casework.part.is_responsible")
	case slices.ContainsFunc(c.openParts(), func(p Part) bool { return p.Unit == in.Unit }):
		return errs.ErrInvalid.At("unit", "casework.part.asked_already")
	case len(c.openParts()) >= mostParts:
		return errs.ErrInvalid.At("unit", "casework.part.too_many", "max", mostParts)
	}
	p := Part{Seq: len(c.Standing.Parts) + 1, Unit: in.Unit, State: PartOpen, Ask: in.Note, AskedAt: clock.Millis(tx.Now), Workdays: in.Number}
	p.settle(s.Calendar.Now())
	return insertPart(ctx, tx, c, &p)
}

// mostParts bounds the units that help at once.
const mostParts = 10

// endPart ends the part of the actor's own unit, or releases that of the one that is named.
func (s *Service) endPart(ctx context.Context, tx *audit.Tx, st *TakenStep) error {
	for _, p := range st.Case.openParts() {
		released := st.Verb == VerbRelease
		if !released && !tx.Actor.In(p.Unit) || released && p.Unit != st.In.Unit {
			continue
		}
		st.Other = p.Unit
		p.State, p.Answer, p.EndedBy = PartDone, st.In.Note, tx.Actor.ID
		if released {
			p.State = PartReleased
		}
		p.end(clock.Millis(tx.Now))
		return updatePart(ctx, tx, st.Case, &p)
	}
	return errs.ErrInvalid.At("unit", "casework.part.not_asked")
}

// endParts releases what is open when the case itself ends.
func (s *Service) endParts(ctx context.Context, tx *audit.Tx, c *Case) error {
	for _, p := range c.openParts() {
		p.State = PartReleased
		p.end(clock.Millis(tx.Now))
		if err := updatePart(ctx, tx, c, &p); err != nil {
			return err
		}
	}
	return nil
}

func (p *Part) end(now int64) {
	p.EndedAt, p.Year = &now, 0
	p.Late = p.Due != nil && now > *p.Due
}

// settle computes the deadline of a part as far as the calendar reaches.
func (p *Part) settle(cal *calendar.Calendar) {
	k := Clock{Since: p.AskedAt}
	p.Due = k.reach(cal, calendar.Workdays(p.Workdays))
	p.Year = k.Year
}

// helps tells whether the actor acts for a unit that was asked for a part of the case, in whatever
// state it is, within an area of theirs.
func (s *Service) helps(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	bodies := a.Bodies()
	if len(bodies) == 0 || !a.Can(PermReadOwn, c.Area) {
		return false, nil
	}
	in, args := db.In([]any{c.Shard, c.ID}, bodies)
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_part WHERE shard = $1 AND case_id = $2 AND unit_id IN `+in, args...)
	return n > 0, err
}

// MayReadIn is MayRead, and for a unit that helps.
func (s *Service) MayReadIn(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	if s.MayRead(a, c) {
		return true, nil
	}
	return s.helps(ctx, r, a, c)
}

// SettleParts computes the deadlines of parts that waited for a year which is now loaded, and tells
// how many. One that cannot be settled is told in the log and holds up no other; the first such error
// is returned.
func (s *Service) SettleParts(ctx context.Context) (settled int, failed error) {
	type waiting struct {
		id   string
		part Part
	}
	all, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (w waiting, err error) {
		err = row.Scan(&w.id, &w.part.Seq, &w.part.AskedAt, &w.part.Workdays, &w.part.Year)
		return w, err
	}, `SELECT case_id, seq, asked_at, workdays, due_year FROM casework_part WHERE due_year > 0 ORDER BY due_year, case_id LIMIT 10000`)
	if err != nil {
		return 0, err
	}
	for _, w := range all {
		if p := w.part; s.Calendar.Now().Loaded(p.Year) {
			if p.settle(s.Calendar.Now()); p.Due == nil {
				continue
			}
			err := s.Log.Do(ctx, func(tx *audit.Tx) error {
				c, err := FindCase(ctx, tx, w.id)
				if err != nil {
					return err
				}
				if err := tx.Require("casework.case.settle", c.Area); err != nil {
					return err
				}
				tx.Record(audit.Entry{Action: "casework.part.settle", Area: c.Area, Subject: "casework.case", SubjectID: c.ID})
				return tx.Send(ctx, `UPDATE casework_part SET due_at = $1, due_year = 0 WHERE shard = $2 AND case_id = $3 AND seq = $4`,
					*p.Due, c.Shard, c.ID, p.Seq)
			})
			if err != nil {
				slog.ErrorContext(ctx, "the deadline of a part is not settled", "case", w.id, "error", err)
				failed = cmp.Or(failed, err)
				continue
			}
			settled++
		}
	}
	return settled, failed
}
