package form

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
)

// Accept takes an answer as it is. Errors: those of flow.Take; NotFound; Stale.
func (s *Service) Accept(ctx context.Context, id string, version int64) error {
	return s.change(ctx, id, version, verbAccept, func(tx *audit.Tx, a *Answer) error {
		a.JudgedAt, a.Judge = clock.Millis(tx.Now), tx.Actor.Name
		return insertEvent(ctx, tx, a.ID, verbAccept, "")
	})
}

// Return gives an answer back with a reason for each field that is wrong. Errors: those of Accept; Invalid.
func (s *Service) Return(ctx context.Context, id string, version int64, reasons map[string]string) error {
	return s.change(ctx, id, version, verbReturn, func(tx *audit.Tx, a *Answer) error {
		kept, refused := map[string]string{}, errs.ErrInvalid
		for key, why := range reasons {
			why = fold.Line(why)
			q, known := a.of.question(key)
			switch {
			case !known:
				refused = refused.At("reasons", "form.answer.unknown")
			case why == "" || !fold.Within(why, maxWhy):
				refused = refused.At("reasons."+key, "exchange.answer.reason", "max", maxWhy, errs.Label, q.Label)
			default:
				kept[key] = why
			}
		}
		if len(reasons) == 0 {
			refused = refused.At("reasons", "exchange.answer.reasons")
		}
		if len(refused.Fields) > 0 {
			return refused
		}
		a.JudgedAt, a.Judge, a.Reasons = clock.Millis(tx.Now), tx.Actor.Name, kept
		return insertEvent(ctx, tx, a.ID, verbReturn, wordsOf(a.of, kept))
	})
}

// wordsOf writes the reasons of a return for the history, in the order of the form.
func wordsOf(of *Sending, reasons map[string]string) string {
	var out []string
	for _, q := range of.Questions {
		if why := reasons[q.Key]; why != "" {
			out = append(out, q.Label.Zh+"："+why)
		}
	}
	return strings.Join(out, "\n")
}

func sealDispute(s *Service, d *Dispute) error {
	raw, err := json.Marshal(disputed{d.Held, d.Claim})
	if err == nil {
		d.sealed = s.Ring.Seal(raw, d.ID)
	}
	return err
}

func unsealDispute(s *Service, d *Dispute) error {
	raw, err := s.Ring.Open(d.sealed, d.ID)
	if err != nil {
		return err
	}
	var v disputed
	err = json.Unmarshal(raw, &v)
	d.Held, d.Claim = v.Held, v.Claim
	return err
}

// Decide answers a dispute, in the name of the body that answers for the element: the value was corrected, or it is right,
// with the reason. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale.
func (s *Service) Decide(ctx context.Context, id string, version int64, verb flow.Verb, note string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		d, err := findDispute(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		if !seesDispute(tx.Actor, &d) {
			return errs.ErrNotFound
		}
		t, err := disputes.Take(&d, verb, tx.Actor)
		if err != nil {
			return err
		}
		in := flow.Input{Note: note}
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		if version != d.Version {
			return errs.StaleOf(errs.Record{Subject: subjectDispute, ID: d.ID})
		}
		d.State, d.DecidedAt, d.Decider, d.Decision = string(t.To), clock.Millis(tx.Now), tx.Actor.Name, in.Note
		tx.Record(audit.Entry{Action: permDecide, Area: d.Area, Subject: subjectDispute, SubjectID: d.ID,
			After: map[string]any{"state": d.State}, Detail: map[string]any{"note": in.Note}})
		if err := updateDispute(ctx, tx, &d); err != nil {
			return err
		}
		return insertEvent(ctx, tx, d.Answer, verb, in.Note)
	})
}

// disputeDue is the last day to decide a dispute of a day; "" while the working days of that year are not known. A community
// sends its answer all the same.
func disputeDue(s *Service, day string) (string, error) {
	due, err := s.Calendar.Now().DeadlineDate(day, calendar.Workdays(s.Rules.Int(ruleDispute, day)))
	var unknown *calendar.YearNotLoaded
	if errors.As(err, &unknown) {
		return "", nil
	}
	return due, err
}

// dateDisputes gives disputes that were opened before the working days were known their last day.
func dateDisputes(s *Service, ctx context.Context) error {
	open, err := db.All(ctx, s.Log.DB, scanDispute, `SELECT `+disputeColumns+` FROM exchange_dispute WHERE state = 'claimed' AND due_on = ''
		ORDER BY at LIMIT 500`)
	if err != nil {
		return err
	}
	for i := range open {
		d := &open[i]
		due, err := disputeDue(s, clock.Day(clock.Instant(d.At)))
		if err != nil || due == "" {
			return err
		}
		err = s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged() // the platform's own job
			tx.Record(audit.Entry{Action: actionDispute, Area: d.Area, Subject: subjectDispute, SubjectID: d.ID, After: map[string]any{"due": due}})
			return tx.Send(ctx, `UPDATE exchange_dispute SET due_on = $1, version = version + 1 WHERE shard = $2 AND id = $3 AND due_on = ''`,
				due, d.Shard, d.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// seesDispute tells whether an actor may read a dispute: of their community, decided by their body, or overseen.
func seesDispute(by *authority.Actor, d *Dispute) bool {
	return by.System || by.Can(permFill, d.Area) || by.Can(permDispute, d.Area) && by.In(d.Body) || by.Can(permOversee, d.Area)
}
