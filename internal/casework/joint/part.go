package joint

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
)

// A unit that is asked for its part sees the case and answers; the responsible unit feeds back or
// decides when every part is answered, or released with a reason.

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

	Asked gate.Asked // the department that asked a community's body for it
}

// guard is a condition of a row.
type guard = flow.Guard[*casework.Case]

// PartsDone guards the feedback and the decision: every part is answered or released.
var PartsDone = guard{Key: "casework.part.open", Rule: "casework.part.first",
	Holds: func(c *casework.Case, _ *authority.Actor) bool { return len(c.Standing.Helping) == 0 }}

var (
	partAsk   = flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 1000}
	partUnit  = flow.Field{Name: "unit", Kind: flow.Unit, Required: true}
	partLimit = flow.Field{Name: "number", Kind: flow.Number, Required: true, Max: 60}
	partBasis = flow.Field{Name: "basis", Kind: flow.Basis}
	partSpent = flow.Field{Name: "number", Kind: flow.Number, Max: 6000} // minutes
	partFiles = flow.Field{Name: "files", Kind: flow.Files, Max: 9}

	hasPart = guard{Key: "casework.part.none", Rule: "casework.part.first",
		Holds: func(c *casework.Case, a *authority.Actor) bool { return slices.ContainsFunc(c.Standing.Helping, a.In) }}
	anyPart = guard{Key: "casework.part.none", Rule: "casework.part.first",
		Holds: func(c *casework.Case, _ *authority.Actor) bool { return len(c.Standing.Helping) > 0 }}
)

// Transitions are the rows of joint handling: from the states in which a unit works on a case,
// with the permission to send cases to units and the one to work on them, which whoever may send holds too.
func Transitions(from []flow.State, send, work string) []flow.Transition[*casework.Case] {
	leads := guard{Key: "casework.not_your_unit", Rule: "casework.own_unit",
		Holds: func(c *casework.Case, a *authority.Actor) bool { return a.In(c.Unit) || a.Can(send, c.Area) }}
	return []flow.Transition[*casework.Case]{
		{From: from, Verb: casework.VerbJoin, To: flow.Stay, Aside: true, Permissions: []string{work, send},
			Guards: []guard{leads}, Fields: []flow.Field{partUnit, partAsk, partLimit, partBasis}},
		{From: from, Verb: casework.VerbContribute, To: flow.Stay, Permissions: []string{work},
			Guards: []guard{hasPart, casework.NotSupervisor}, Fields: []flow.Field{partAsk, partFiles, partSpent}},
		{From: from, Verb: casework.VerbRelease, To: flow.Stay, Aside: true, Permissions: []string{work, send},
			Guards: []guard{leads, anyPart}, Fields: []flow.Field{partUnit, partAsk}},
	}
}

// join asks a unit for its part.
func (s *Service) join(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	c, in := st.Case, st.In
	st.Other = in.Unit
	_, by, err := s.Cases.Sendable(ctx, tx, c, gate.Sending{Unit: in.Unit, Way: gate.Part, Basis: in.Basis})
	switch {
	case err != nil:
		return err
	case in.Unit == c.Unit:
		return errs.ErrInvalid.At("unit", "casework.part.is_responsible")
	case slices.Contains(c.Standing.Helping, in.Unit):
		return errs.ErrInvalid.At("unit", "casework.part.asked_already")
	case len(c.Standing.Helping) >= mostParts:
		return errs.ErrInvalid.At("unit", "casework.part.too_many", "max", mostParts)
	}
	parts, err := standingParts(ctx, tx, c)
	if err != nil {
		return err
	}
	p := Part{Seq: len(parts) + 1, Unit: in.Unit, State: PartOpen, Ask: in.Note, AskedAt: clock.Millis(tx.Now), Workdays: in.Number, Asked: by}
	p.settle(s.Cases.Calendar.Now())
	return insertPart(ctx, tx, c, &p)
}

// mostParts bounds the units that help at once.
const mostParts = 10

// endPart ends the part of the actor's own unit, or releases that of the one that is named.
func (s *Service) endPart(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	parts, err := standingParts(ctx, tx, st.Case)
	if err != nil {
		return err
	}
	for i := range parts {
		p, released := &parts[i], st.Verb == casework.VerbRelease
		if p.State != PartOpen || !released && !tx.Actor.In(p.Unit) || released && p.Unit != st.In.Unit {
			continue
		}
		st.Other = p.Unit
		p.State, p.Answer, p.EndedBy = PartDone, st.In.Note, tx.Actor.ID
		if released {
			p.State = PartReleased
		}
		p.end(clock.Millis(tx.Now))
		if err := updatePart(ctx, tx, st.Case, p); err != nil || released {
			return err
		}
		return s.answered(ctx, tx, st.Case, p, st.In.Number)
	}
	return errs.ErrInvalid.At("unit", "casework.part.not_asked")
}

// answered counts a part that a department asked of a community's body.
func (s *Service) answered(ctx context.Context, tx *audit.Tx, c *casework.Case, p *Part, minutes int) error {
	if p.Asked.Body == "" {
		return nil
	}
	b, err := s.Cases.Registry.Body(ctx, tx, p.Unit)
	if err != nil {
		return err
	}
	title := s.Cases.Matters[c.Kind].SubjectName(c.Subject, text.Chinese)
	return p.Asked.Answered(ctx, tx, s.Cases.Ledger, b, gate.Sending{Unit: p.Unit, Way: gate.Part, Subject: c.ID, Title: title}, minutes)
}

// releaseAll releases what is open when the case itself ends.
func releaseAll(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	parts, err := ListParts(ctx, tx, c)
	if err != nil {
		return err
	}
	for i := range parts {
		p := &parts[i]
		if p.State != PartOpen {
			continue
		}
		p.State = PartReleased
		p.end(clock.Millis(tx.Now))
		if err := updatePart(ctx, tx, c, p); err != nil {
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
	p.Due, p.Year = casework.DueBy(cal, p.AskedAt, calendar.Workdays(p.Workdays), nil)
}
