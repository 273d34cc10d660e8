package form

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// Close ends a sending by its department: who has not answered need not any more. Errors: those of flow.Take and
// flow.CheckInput; NotFound; Stale.
func (s *Service) Close(ctx context.Context, id string, version int64, note string) error {
	return s.step(ctx, id, version, verbClose, note, func(tx *audit.Tx, of *Sending, note string) error {
		of.EndReason = note
		return lapse(s, ctx, tx, of)
	})
}

// Remind marks what is unanswered as asked for once more; those who hold the posts are told. Errors: those of Close.
func (s *Service) Remind(ctx context.Context, id string, version int64) error {
	return s.step(ctx, id, version, verbRemind, "", func(tx *audit.Tx, of *Sending, _ string) error {
		of.RemindedAt = clock.Millis(tx.Now)
		_, err := tx.Exec(ctx, `UPDATE exchange_answer SET reminded_at = $1 WHERE sending_id = $2 AND state IN ('asked', 'returned')`,
			of.RemindedAt, of.ID)
		return err
	})
}

func (s *Service) step(ctx context.Context, id string, version int64, verb flow.Verb, note string,
	do func(*audit.Tx, *Sending, string) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		of, err := findSending(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		if !seesSending(tx.Actor, &of) {
			return errs.ErrNotFound
		}
		t, err := sendings.Take(&of, verb, tx.Actor)
		if err != nil {
			return err
		}
		in := flow.Input{Note: note}
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		if version != 0 && version != of.Version {
			return errs.StaleOf(errs.Record{Subject: subjectSending, ID: of.ID})
		}
		of.State = string(t.After(flow.State(of.State)))
		if err := do(tx, &of, in.Note); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permSend, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
			After: map[string]any{"state": of.State}, Detail: map[string]any{"verb": verb, "note": in.Note}})
		return updateSending(ctx, tx, &of)
	})
}

// lapse ends what is unanswered of a sending.
func lapse(s *Service, ctx context.Context, tx *audit.Tx, of *Sending) error {
	of.State, of.EndedAt = string(stateEnded), clock.Millis(tx.Now)
	_, err := tx.Exec(ctx, `UPDATE exchange_answer SET state = 'lapsed', version = version + 1 WHERE sending_id = $1
		AND state IN ('asked', 'returned')`, of.ID)
	return err
}

// endEvery is how often the job asks whether what sendings rest on still holds.
const endEvery = time.Minute

// reasonEnded is the reason of a sending whose admission has ended; faces word it.
const reasonEnded = "ended"

// gone are the refusals of the gate that say that an admission has ended.
var gone = []string{"admission.gate.unknown", "admission.gate.not_active", "admission.gate.expired", "admission.gate.unlisted"}

// errAsked ends a write that only asked the gate.
var errAsked = errors.New("the gate was asked")

// End is the job that ends sendings whose admission or duty has ended. Faces say so from that instant on, whether or not
// the job has run.
func (s *Service) End(ctx context.Context) error {
	open, err := db.All(ctx, s.Log.DB, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state IN ('preparing', 'open')
		ORDER BY sent_at`)
	if err != nil {
		return err
	}
	for i := range open {
		of := &open[i]
		over, err := s.over(ctx, of)
		if err != nil {
			return err
		}
		if !over {
			continue
		}
		err = s.step(ctx, of.ID, 0, verbEnd, "", func(tx *audit.Tx, of *Sending, _ string) error {
			of.EndReason = reasonEnded
			return lapse(s, ctx, tx, of)
		})
		if err != nil && errs.Of(err).Kind != errs.Stale && errs.Of(err).Kind != errs.Conflict {
			return err
		}
	}
	return nil
}

// over tells whether what a sending rests on has ended: by its day, or as the gate says. Nothing is written.
func (s *Service) over(ctx context.Context, of *Sending) (bool, error) {
	if !of.Live(clock.Day(clock.Now(ctx))) {
		return true, nil
	}
	if s.Gate == nil {
		return false, nil
	}
	r := gate.Request{Way: gate.Form, Body: of.Body, Areas: s.below(of.Areas), Admission: of.Pass.Number, Form: of.Form, Minutes: of.Minutes}
	if of.Duty {
		r.Admission, r.Duty = "", of.Pass.Number
	}
	var refused error
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // nothing is changed
		_, refused = s.Gate.Pass(ctx, tx, r)
		return errAsked
	})
	if !errors.Is(err, errAsked) {
		return false, err
	}
	if refused != nil && errs.Of(refused).Kind == errs.Internal {
		return false, refused
	}
	return refused != nil && slices.Contains(gone, errs.Of(refused).Key), nil
}
