package rating

import (
	"context"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// ExcludeRating marks a rating as false after review: it is kept and shown, and counts no more.
// Errors: NotFound; Forbidden outside the officer's areas; Conflict "casework.excluded_already", or
// "casework.appeal.waits" while an appeal against it is to be decided.
func (s *Service) ExcludeRating(ctx context.Context, id string, seq int, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return errs.ErrInvalid.At("reason", "field.required")
	}
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		c, err := casework.FindCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if !s.Cases.MayRead(tx.Actor, &c) {
			return errs.ErrNotFound
		}
		if err := tx.Require(permExclude, c.Area); err != nil {
			return err
		}
		unit, err := s.worked(ctx, tx, &c)
		if err != nil {
			return err
		}
		had, err := readRated(ctx, tx, &c, seq)
		if err != nil {
			return err
		}
		hands, err := s.Cases.Participants(ctx, tx, &c)
		if err != nil {
			return err
		}
		if tx.Actor.In(c.Unit) || tx.Actor.In(unit) || hands.EverWorked(tx.Actor.ID) ||
			had.has(tx.Actor.ID, ratedWorker, ratedFollower, ratedAsker) {
			return errs.New(errs.Conflict, "casework.followup.own_unit").By("casework.followup.apart")
		}
		a, err := findAppeal(ctx, tx, &c, seq)
		switch {
		case err != nil && errs.Of(err).Kind != errs.NotFound:
			return err
		case a.State == appealAsked:
			return errs.New(errs.Conflict, "casework.appeal.waits").By(ruleAppealApart)
		}
		return s.exclude(ctx, tx, &c, seq, reason)
	})
}

// exclude takes a rating out of every rate. What was followed up because of it ends; the rating
// that counts in its place is followed up if it is low. Errors: NotFound; Conflict.
func (s *Service) exclude(ctx context.Context, tx *audit.Tx, c *casework.Case, seq int, reason string) error {
	before, err := ListRatings(ctx, tx, c)
	if err != nil {
		return err
	}
	after, now := slices.Clone(before), clock.Millis(tx.Now)
	at := slices.IndexFunc(after, func(r Rating) bool { return r.Seq == seq })
	switch {
	case at < 0:
		return errs.ErrNotFound
	case after[at].Excluded != nil:
		return errs.New(errs.Conflict, "casework.excluded_already")
	}
	after[at].Excluded = &now
	if _, err := tx.Exec(ctx, `INSERT INTO casework_exclusion (shard, case_id, seq, reason, actor_id, actor_name, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		c.Shard, c.ID, seq, reason, tx.Actor.ID, tx.Actor.Name, now); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: permExclude, Area: c.Area, Subject: "casework.case", SubjectID: c.ID,
		Detail: map[string]any{"rating": seq, "level": after[at].Level}})
	was, is := CountedRating(before), CountedRating(after)
	if was == nil || is == nil || was.Seq != is.Seq {
		if err := s.recountRating(ctx, tx, c, was, is); err != nil {
			return err
		}
		if err := s.standRated(ctx, tx, c, is); err != nil {
			return err
		}
	}
	return s.dropFollowUp(ctx, tx, c, seq, is, reason)
}

// standRated gives a case the level of the rating that counts now, by which lists show and find it.
func (s *Service) standRated(ctx context.Context, tx *audit.Tx, c *casework.Case, counted *Rating) error {
	before := *c
	c.Rating = nil
	if counted != nil {
		c.Rating = &counted.Level
	}
	return s.Cases.Amend(ctx, tx, casework.Change{Before: &before, Case: c}, audit.Entry{}) // recorded as an exclusion
}

// dropFollowUp ends the follow-up of an excluded rating, and follows up the rating that counts now
// if it is low and was not.
func (s *Service) dropFollowUp(ctx context.Context, tx *audit.Tx, c *casework.Case, seq int, counted *Rating, reason string) error {
	there, err := ListFollowUps(ctx, tx, c)
	if err != nil {
		return err
	}
	followed := false
	for i := range there {
		f := &there[i]
		followed = followed || counted != nil && f.Seq == counted.Seq
		t, ok := followUpFlow.Find(f.State, verbDrop)
		if f.Seq != seq || !ok {
			continue
		}
		f.Case = *c
		if err := s.moveFollowUp(ctx, tx, f, t, &flow.Input{Note: reason}); err != nil {
			return err
		}
	}
	if counted == nil || followed || counted.Level > s.Cases.Rules.Int(ruleLow, clock.Day(tx.Now)) {
		return nil
	}
	unit, err := s.worked(ctx, tx, c)
	if err != nil {
		return err
	}
	if err := s.keepRated(ctx, tx, c, counted.Seq); err != nil {
		return err
	}
	fresh := *counted
	fresh.At = clock.Millis(tx.Now)
	return s.openFollowUp(ctx, tx, c, &fresh, unit)
}
