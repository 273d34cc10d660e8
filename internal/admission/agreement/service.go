package agreement

import (
	"context"
	"fmt"
	"slices"

	"linli/internal/admission"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Service keeps agreements.
type Service struct{ Lists *admission.Service }

// record is what the audit log keeps of an agreement.
func (a *Agreement) record() map[string]any {
	return map[string]any{"number": a.Number, "state": a.State, "digest": a.Digest, "items": len(a.Terms.Items), "fen": a.Terms.Total()}
}

func (s *Service) log() *audit.Log { return s.Lists.Log }

// listed takes text and kind of each item from the lists in force when the year begins, or today where it has begun. Error:
// Invalid for a code that no list of the community's has as its own, assisted or reported duty.
func (s *Service) listed(ctx context.Context, r db.Reader, a *Agreement) error {
	entries, err := s.Lists.Entries(ctx, r, a.Area, max(a.From(), clock.Day(clock.Now(ctx))), admission.Duties...)
	if err != nil {
		return err
	}
	byCode := map[string]admission.Entry{}
	for _, e := range entries {
		byCode[e.Code] = e
	}
	refused := errs.ErrInvalid
	for i := range a.Terms.Items {
		it := &a.Terms.Items[i]
		e, there := byCode[it.Code]
		if !there {
			refused = refused.At(fmt.Sprintf("terms.items[%d].code", i), "admission.agreement.unlisted", "code", it.Code)
		}
		it.Kind, it.Text = e.Kind, e.Text
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Begin makes a community's draft for a year, with the items of the agreement before where there is one. Errors: Invalid for
// what is no community, or a year that is neither this nor the next; Conflict "admission.agreement.exists"; Forbidden.
func (s *Service) Begin(ctx context.Context, area string, year int) (Agreement, error) {
	a := Agreement{Area: area, Year: year, State: stateDraft, Proposed: Street, Version: 1}
	now := clock.Now(ctx)
	if at, open := s.Lists.Registry.Area(area); !open || at.Level != registry.LevelCommunity {
		return a, errs.ErrInvalid.At("area", "field.community")
	}
	if err := authority.Require(ctx, permStreet, area); err != nil {
		return a, err
	}
	if this := now.In(clock.City).Year(); year != this && year != this+1 {
		return a, errs.ErrInvalid.At("year", "admission.agreement.year", "from", this, "until", this+1)
	}
	a.Shard = db.Shard(area)
	a.ID = a.Shard + "-" + db.NewID(ctx)
	err := s.log().Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permStreet, area); err != nil {
			return err
		}
		all, err := ofCommunity(ctx, tx, area)
		if err != nil {
			return err
		}
		n := 1
		a.Terms = Terms{Items: []Item{}}
		for i := range all {
			before := &all[i]
			if before.Year == year {
				if n++; before.State != stateDropped && before.State != stateTerminated {
					return errs.New(errs.Conflict, "admission.agreement.exists").With("number", before.Number)
				}
			} else if len(a.Terms.Items) == 0 && before.Year < year && before.State != stateDropped {
				a.Terms = before.Terms
			}
		}
		for i := range a.Terms.Items { // paid in the year before
			a.Terms.Items[i].PayBy = ""
		}
		a.Number = fmt.Sprintf("XY%d-%s-%d", year, area, n)
		a.WrittenAt, a.Digest = clock.Millis(tx.Now), a.sum()
		tx.Record(audit.Entry{Action: permStreet, Area: area, Subject: subject, SubjectID: a.ID, After: a.record()})
		if err := insert(ctx, tx, &a); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &a, verbBegin, Street, "")
	})
	return a, err
}

// judged is an agreement that the actor may see, for a verb that state, authority and guards allow.
func judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Agreement, error) {
	tx.Judged()
	a, err := find(ctx, tx, id)
	if err == nil {
		_, err = lifecycle.Judge(&a, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: a.ID},
			Version: a.Version, By: version})
	}
	return a, err
}

// Write sets the terms: of a draft by the street, of what is negotiated by either side, which takes back the signatures.
// Errors: those of check where it is negotiated; Invalid for an unlisted entry; Conflict of another state, or for an item
// that blocks; Stale.
func (s *Service) Write(ctx context.Context, id string, version int64, terms Terms, note string) (Agreement, error) {
	terms.tidy()
	var out Agreement
	err := s.log().Do(ctx, func(tx *audit.Tx) error {
		a, err := find(ctx, tx, id)
		if err != nil {
			tx.Judged()
			return err
		}
		verb := verbChange
		if a.State != stateDraft {
			verb = verbCounter
		}
		if a, err = judged(ctx, tx, id, verb, version); err != nil {
			return err
		}
		side := sideOf(tx.Actor, a.Area)
		a.Terms, a.Proposed, a.WrittenAt = terms, side, clock.Millis(tx.Now)
		a.Street, a.Community = Signature{}, Signature{}
		if err := s.listed(ctx, tx, &a); err != nil {
			return err
		}
		if verb == verbCounter {
			if err := s.ready(ctx, tx, &a); err != nil {
				return err
			}
			if err := insertEvent(ctx, tx, &a, verb, side, note); err != nil {
				return err
			}
		}
		a.Digest = a.sum()
		tx.Record(audit.Entry{Action: permNegotiate, Area: a.Area, Subject: subject, SubjectID: a.ID, After: a.record(),
			Detail: map[string]any{"verb": verb}})
		err = update(ctx, tx, &a)
		out = a
		return err
	})
	return out, err
}

// ready refuses terms that cannot be proposed or signed: incomplete, unlisted, or with an item that was not provided before
// and is not settled (Conflict "admission.agreement.blocked").
func (s *Service) ready(ctx context.Context, r db.Reader, a *Agreement) error {
	if err := a.check(); err != nil {
		return err
	}
	gaps, err := listGaps(ctx, r, a.Area)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		if g.SettledAt == 0 && g.Year < a.Year && slices.ContainsFunc(a.Terms.Items, func(it Item) bool { return it.Code == g.Code }) {
			return errs.New(errs.Conflict, "admission.agreement.blocked").With("code", g.Code, "text", g.Text, "year", g.Year).By(ruleRenewal)
		}
	}
	return nil
}

// Step takes a verb of the lifecycle; digest is of the text that who signs has seen. Errors: those of flow.Take and
// flow.CheckInput; NotFound; Stale; those of ready; Conflict "admission.agreement.changed" for another text.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input, digest string) (Agreement, error) {
	var out Agreement
	err := s.log().Do(ctx, func(tx *audit.Tx) error {
		in := in
		a, err := judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(a.State, verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before, side := a.record(), sideOf(tx.Actor, a.Area)
		a.State = t.After(a.State)
		if err := s.effect(ctx, tx, &a, verb, side, in.Note, digest); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: a.Area, Subject: subject, SubjectID: a.ID, Before: before, After: a.record(),
			Detail: map[string]any{"verb": verb, "side": side, "note": in.Note}})
		if err := insertEvent(ctx, tx, &a, verb, side, in.Note); err != nil {
			return err
		}
		err = update(ctx, tx, &a)
		out = a
		return err
	})
	return out, err
}

// effect does what a verb means beside the change of state.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, a *Agreement, verb flow.Verb, side Side, note, digest string) error {
	switch verb {
	case verbPropose:
		return s.ready(ctx, tx, a)
	case verbDrop, verbTerminate:
		a.EndReason = note
	case verbSign:
		if digest != a.Digest || a.Digest != a.sum() {
			return errs.New(errs.Conflict, "admission.agreement.changed").By(ruleSign)
		}
		if err := s.ready(ctx, tx, a); err != nil {
			return err
		}
		*a.signature(side) = Signature{By: tx.Actor.Name, At: clock.Millis(tx.Now), Digest: a.Digest, account: tx.Actor.ID}
		if a.Street.At > 0 && a.Community.At > 0 {
			return s.conclude(ctx, tx, a)
		}
	}
	return nil
}

// conclude carries on what both sides have signed, into force where its year has begun.
func (s *Service) conclude(ctx context.Context, tx *audit.Tx, a *Agreement) error {
	for _, verb := range []flow.Verb{verbConclude, verbStart} {
		if verb == verbStart && a.today < a.From() {
			break
		}
		t, err := lifecycle.Take(a, verb, authority.SystemActor("admission"))
		if err != nil {
			return err
		}
		a.State = t.After(a.State)
		if err := insertEvent(ctx, tx, a, verb, "", ""); err != nil {
			return err
		}
	}
	return nil
}

// mostDue is how many agreements the job moves between two looks.
const mostDue = 200

// Turn is the job that begins and ends agreements with their year.
func (s *Service) Turn(ctx context.Context) error {
	for {
		due, err := listDue(ctx, s.log().DB, clock.Now(ctx).In(clock.City).Year(), mostDue)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, a := range due {
			verb := verbStart
			if a.State == stateForce {
				verb = verbEnd
			}
			if _, err := s.Step(ctx, a.ID, verb, a.Version, flow.Input{}, ""); err != nil && errs.Of(err).Kind != errs.Stale {
				return err
			}
		}
	}
}
