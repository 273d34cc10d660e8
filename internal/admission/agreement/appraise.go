package agreement

import (
	"context"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// Appraise rates a year for the actor's side: the street rates how the community did; committee and residents'
// representatives each rate payment, conditions, guidance and added tasks. What all three have said is published at once,
// and what either of the community's two rated as not provided blocks its renewal. Errors: NotFound; Forbidden; Conflict
// "admission.appraisal.early", ".state", ".twice"; those of Appraisal.check; Stale.
func (s *Service) Appraise(ctx context.Context, id string, version int64, p Appraisal) (Agreement, error) {
	var out Agreement
	err := s.log().Do(ctx, func(tx *audit.Tx) error {
		p := p
		a, err := find(ctx, tx, id)
		if err == nil && !tx.Actor.Can(permRead, a.Area) {
			err = errs.ErrNotFound
		}
		if err != nil {
			tx.Judged()
			return err
		}
		if err := tx.Require(permAppraise, a.Area); err != nil {
			return err
		}
		if p.Side = sideOf(tx.Actor, a.Area); p.Side == "" {
			return errs.ErrForbidden
		}
		said, err := listAppraisals(ctx, tx, &a)
		if err != nil {
			return err
		}
		opens := a.opens(s.Lists.Rules.Int(ruleOpens, a.Until()))
		switch {
		case !a.rated():
			return errs.New(errs.Conflict, "admission.appraisal.state").With("state", errs.Key("admission.agreement.state."+string(a.State)))
		case a.today < opens:
			return errs.New(errs.Conflict, "admission.appraisal.early").With("day", opens).By(ruleOpens)
		case slices.ContainsFunc(said, func(o Appraisal) bool { return o.Side == p.Side }):
			return errs.New(errs.Conflict, "admission.appraisal.twice").By(ruleTogether)
		case version != a.Version:
			return errs.StaleOf(errs.Record{Subject: subject, ID: a.ID})
		}
		if err := p.check(&a); err != nil {
			return err
		}
		p.By, p.At = tx.Actor.Name, clock.Millis(tx.Now)
		if err := insertAppraisal(ctx, tx, &a, &p); err != nil {
			return err
		}
		if said = append(said, p); len(said) == len(Sides) {
			if err := s.publish(ctx, tx, &a, said); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: permAppraise, Area: a.Area, Subject: subject, SubjectID: a.ID,
			Detail: map[string]any{"side": p.Side, "published": a.Published > 0}, After: a.record()})
		if err := insertEvent(ctx, tx, &a, "appraise", p.Side, ""); err != nil {
			return err
		}
		err = update(ctx, tx, &a)
		out = a
		return err
	})
	return out, err
}

// publish makes the ratings of all sides public and opens a gap for each item that was not provided.
func (s *Service) publish(ctx context.Context, tx *audit.Tx, a *Agreement, said []Appraisal) error {
	a.Published = clock.Millis(tx.Now)
	for _, p := range said {
		for _, m := range p.Marks {
			if !m.Missing() {
				continue
			}
			i := slices.IndexFunc(a.Terms.Items, func(it Item) bool { return it.Code == m.Code })
			if err := insertGap(ctx, tx, a, &a.Terms.Items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Settle says that what was not provided has been made good: the committee alone may. Errors: NotFound for what does not
// block; Invalid without a note; Forbidden.
func (s *Service) Settle(ctx context.Context, id, code, note string) error {
	if note = fold.Line(note); note == "" || !fold.Within(note, maxRemark) {
		return errs.ErrInvalid.At("note", "field.required")
	}
	return s.log().Do(ctx, func(tx *audit.Tx) error {
		a, err := find(ctx, tx, id)
		if err == nil && !tx.Actor.Can(permRead, a.Area) {
			err = errs.ErrNotFound
		}
		if err != nil {
			tx.Judged()
			return err
		}
		if err := tx.Require(permCommunity, a.Area); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE admission_gap SET settled_at = $1, settled_by = $2, note = $3
			WHERE shard = $4 AND agreement_id = $5 AND code = $6 AND settled_at = 0`, clock.Millis(tx.Now), tx.Actor.Name, note, a.Shard, a.ID, code)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permCommunity, Area: a.Area, Subject: subject, SubjectID: a.ID, After: map[string]any{"settled": code},
			Detail: map[string]any{"note": note}})
		return insertEvent(ctx, tx, &a, "settle", Community, code+" "+note)
	})
}
