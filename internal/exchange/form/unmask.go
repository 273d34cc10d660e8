package form

import (
	"context"
	"slices"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// errPurpose refuses who reads personal data and does not say for what.
var errPurpose = errs.New(errs.Forbidden, "exchange.answer.purpose").By(ruleUse)

// purposeOf refuses a purpose that is none.
func purposeOf(purpose string) error {
	if !slices.Contains(people.Purposes, purpose) {
		return errPurpose
	}
	return nil
}

// Unmask shows one personal value of an answer for a purpose: what was filled in before with held, else what was answered.
// It is recorded, and shown to the person whom the value is about. Errors: Forbidden "exchange.answer.purpose" without a
// purpose; NotFound for an answer that the actor may not read, or a value that it does not have.
func (s *Service) Unmask(ctx context.Context, id, key string, held bool, purpose string) (string, error) {
	if err := purposeOf(purpose); err != nil {
		return "", err
	}
	value := ""
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		a, err := s.answer(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		if !seesAnswer(tx.Actor, &a) || !tx.Actor.Can(permUnmask, a.Area) {
			return errs.ErrNotFound
		}
		q, known := a.of.question(key)
		h, has := a.Held[key]
		answer := a.given(key)
		if held {
			answer = h.Value
		} else if has && a.Marks[key] == "" {
			return errs.ErrNotFound
		}
		if !known || !q.Masked() || answer.Empty() {
			return errs.ErrNotFound
		}
		files, err := listFiles(ctx, tx, id)
		if err != nil {
			return err
		}
		value = q.Words(answer, text.From(ctx), namer(s, text.From(ctx), files))
		if has && h.Person != "" && answer.Equal(h.Value) {
			office := s.Registry.BodyName(tx.Actor.BodyFor(permUnmask, a.Area, a.of.Body))
			if err := s.People.Seen(ctx, tx, h.Person, purpose, a.of.Pass.Number, office); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: permUnmask, Area: a.Area, Subject: subjectAnswer, SubjectID: a.ID,
			Detail: map[string]any{"field": key, "purpose": purpose, "held": held, "pass": a.of.Pass.Number}})
		return nil
	})
	return value, err
}
