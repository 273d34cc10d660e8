package application

import (
	"cmp"
	"context"
	"fmt"

	"linli/internal/admission/proposal"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// effects are what the verbs mean beside the change of state, for those that mean something.
var effects = map[flow.Verb]func(context.Context, *Service, *audit.Tx, *Application, flow.Input) error{
	verbSubmit: submit, verbSign: sign, verbDeclare: declare, verbAccept: accept,
	verbReturn: giveBack, verbOpine: opine, verbHear: hear, verbRecord: recordHearing,
	verbAdmit: admit, verbRatify: admit, verbRefuse: decide, verbReject: stop,
	verbLapse: lapse, verbFund: fund, verbActivate: activate, verbSuspend: suspend,
	verbArrear: arrear, verbResume: resume, verbSettle: resume, verbReview: review,
	verbRevoke: stop, verbWithdraw: stop, verbExpire: stop, verbEnd: stop,
}

func (s *Service) effect(ctx context.Context, tx *audit.Tx, e *Application, verb flow.Verb, in flow.Input) error {
	if do := effects[verb]; do != nil {
		return do(ctx, s, tx, e, in)
	}
	return nil
}

// judge refuses an application that the rules refuse, as of the day on which it was handed in: Invalid.
func (s *Service) judge(ctx context.Context, tx *audit.Tx, e *Application) error {
	received := e.today
	if e.ReceivedAt > 0 {
		received = clock.Day(clock.Instant(e.ReceivedAt))
	}
	b, err := s.Registry.Body(ctx, tx, e.Body)
	if err != nil && errs.Of(err).Kind != errs.NotFound {
		return err
	}
	found, err := s.checker(tx).Check(ctx, &e.Proposal,
		proposal.Case{Department: b.Department, Received: received, Communities: communities(s.Registry, e.Areas)})
	if err != nil {
		return err
	}
	return proposal.Refusal(found)
}

func submit(ctx context.Context, s *Service, tx *audit.Tx, e *Application, _ flow.Input) error {
	return s.judge(ctx, tx, e)
}

// sign hands the application in. Handed in again, the days that had stood still run on.
func sign(ctx context.Context, s *Service, tx *audit.Tx, e *Application, _ flow.Input) error {
	if e.ReceivedAt == 0 {
		e.ReceivedAt = clock.Millis(tx.Now)
	} else {
		e.ResumedAt = clock.Millis(tx.Now)
	}
	if err := s.judge(ctx, tx, e); err != nil {
		return err
	}
	e.Signer = tx.Actor.Name
	return s.due(e, clock.Day(clock.Instant(e.ReceivedAt)))
}

// declare lets an emergency pass at once and opens its ratification.
func declare(ctx context.Context, s *Service, tx *audit.Tx, e *Application, _ flow.Input) error {
	e.ReceivedAt, e.Signer = clock.Millis(tx.Now), tx.Actor.Name
	if err := s.judge(ctx, tx, e); err != nil {
		return err
	}
	e.RatifyBy = daysAfter(e.today, s.Rules.Int(proposal.RuleRatify, e.today))
	return s.number(ctx, tx, e)
}

func accept(_ context.Context, s *Service, _ *audit.Tx, e *Application, _ flow.Input) (err error) {
	if e.OpinionsBy == "" {
		e.OpinionsBy, err = s.workdays(e.today, s.Rules.Int(ruleOpinions, e.today))
	}
	return err
}

func giveBack(_ context.Context, _ *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	e.Returned, e.PausedAt, e.DueAt, e.Reason = true, clock.Millis(tx.Now), 0, in.Note
	return nil
}

func opine(ctx context.Context, _ *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	return putOpinion(ctx, tx, e, in)
}

func hear(_ context.Context, _ *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	if in.Day < e.today {
		return errs.ErrInvalid.At("day", "admission.application.hearing_past")
	}
	e.HearingOn = in.Day
	return nil
}

func recordHearing(_ context.Context, _ *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	e.Hearing = in.Note
	return nil
}

// decide writes down who decided, when and why.
func decide(_ context.Context, _ *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	e.Decider, e.DecidedAt, e.Reason, e.DueAt = tx.Actor.Name, clock.Millis(tx.Now), in.Note, 0
	if e.State == string(stateRefused) {
		e.EndedAt = e.DecidedAt
	}
	return nil
}

// admit decides for it. It is active at once where its budget line is funded, and waits for the line otherwise.
func admit(ctx context.Context, s *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	if err := s.judge(ctx, tx, e); err != nil {
		return err
	}
	if err := decide(ctx, s, tx, e, in); err != nil {
		return err
	}
	if e.Number == "" {
		if err := s.number(ctx, tx, e); err != nil {
			return err
		}
	}
	if err := insertInstalments(ctx, tx, e); err != nil {
		return err
	}
	if e.Money.Line == "" {
		return nil
	}
	t, err := lifecycle.Take(e, verbActivate, authority.SystemActor("admission"))
	if err != nil {
		return err
	}
	e.State = string(t.To)
	return activate(ctx, s, tx, e, in)
}

// fund records the budget line.
func fund(ctx context.Context, s *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	e.Money.Line = in.Note
	return activate(ctx, s, tx, e, in)
}

func activate(_ context.Context, s *Service, _ *audit.Tx, e *Application, _ flow.Input) error {
	e.ReviewBy = proposal.MonthsAfter(e.today, s.Rules.Int(ruleReviewMonths, e.today))
	return nil
}

// lapse refuses by silence, as of the first instant after the last day, whenever the job comes to it.
func lapse(_ context.Context, _ *Service, _ *audit.Tx, e *Application, _ flow.Input) error {
	e.DecidedAt = e.DueAt + 1
	e.EndedAt, e.DueAt, e.Decider, e.Reason = e.DecidedAt, 0, "", ""
	return nil
}

func suspend(_ context.Context, _ *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	e.Cause, e.Reason = causeDecision, in.Note
	return nil
}

// arrear suspends what is not paid, or not reviewed, in time.
func arrear(_ context.Context, _ *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	e.Cause, e.Reason = cmp.Or(in.Choice, causeMoney), ""
	return nil
}

func resume(_ context.Context, _ *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	e.Cause, e.Reason = "", in.Note
	return nil
}

// review confirms an admission for another year.
func review(_ context.Context, s *Service, _ *audit.Tx, e *Application, in flow.Input) error {
	e.ReviewBy, e.Cause = proposal.MonthsAfter(e.today, s.Rules.Int(ruleReviewMonths, e.today)), ""
	return nil
}

// stop ends an application or an admission.
func stop(_ context.Context, _ *Service, tx *audit.Tx, e *Application, in flow.Input) error {
	e.EndedAt, e.DueAt, e.Reason = clock.Millis(tx.Now), 0, in.Note
	if e.State == string(stateUnratified) {
		e.Decider, e.DecidedAt = tx.Actor.Name, e.EndedAt
	}
	return nil
}

// number gives an admission its number: the year, the county and a running number of the two, such as 2026-320703-0007.
func (s *Service) number(ctx context.Context, tx *audit.Tx, e *Application) error {
	year := e.today[:4]
	last, err := db.Value[int](ctx, tx, `INSERT INTO admission_application_number (shard, year, last) VALUES ($1,$2,1)
		ON CONFLICT (shard, year) DO UPDATE SET last = admission_application_number.last + 1 RETURNING last`, e.Shard, year)
	e.Number = fmt.Sprintf("%s-%s-%04d", year, e.Shard, last)
	return err
}
