package form

import (
	"context"
	"slices"
	"strings"
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
		if err := s.stand(ctx, tx, &of); err != nil {
			return err
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

// reasonEnded begins the reason of a sending whose admission or duty has ended; the admission's own follows on the next line.
const reasonEnded = "ended"

// ended is why a sending has ended, and whether it was with its admission or duty.
func (s *Sending) ended() (why string, byPass bool) {
	why, byPass = strings.CutPrefix(s.EndReason+"\n", reasonEnded+"\n")
	return strings.TrimSpace(why), byPass
}

// ended ends what rests on an admission, in the write that ends it.
func (s *Service) ended(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
	open, err := db.All(ctx, tx, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state IN ('preparing', 'open')
		AND pass_number = $1 AND duty = 0 ORDER BY sent_at, id`, e.Number)
	for i := range open {
		if err == nil {
			err = s.end(ctx, tx, &open[i], e.Reason)
		}
	}
	return err
}

// end ends a sending by itself.
func (s *Service) end(ctx context.Context, tx *audit.Tx, of *Sending, why string) error {
	tx.Judged() // it follows from what the sending rests on
	of.EndReason = strings.TrimSpace(reasonEnded + "\n" + why)
	if err := lapse(s, ctx, tx, of); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: permSend, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
		After: map[string]any{"state": of.State}, Detail: map[string]any{"verb": verbEnd, "note": why}})
	return updateSending(ctx, tx, of)
}

// stand asks once how the admissions of sendings stand.
func (s *Service) stand(ctx context.Context, r db.Reader, all ...*Sending) error {
	if s.Admissions == nil {
		return nil
	}
	var numbers []string
	for _, of := range all {
		if !of.Duty && of.State != string(stateEnded) && !slices.Contains(numbers, of.Pass.Number) {
			numbers = append(numbers, of.Pass.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	found, err := s.Admissions.Standings(ctx, r, numbers)
	for _, of := range all {
		if st, known := found[of.Pass.Number]; known && !of.Duty {
			of.standing = &st
		}
	}
	return err
}

// End is the job that ends sendings whose last day has passed, and those whose duty is listed no more: what ends with its
// admission ends in the write that ends that. Faces say so from that instant on, whether or not the job has run.
func (s *Service) End(ctx context.Context) error {
	open, err := db.All(ctx, s.Log.DB, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state IN ('preparing', 'open')
		ORDER BY sent_at`)
	if err != nil {
		return err
	}
	some := make([]*Sending, len(open))
	for i := range open {
		some[i] = &open[i]
	}
	if err := s.stand(ctx, s.Log.DB, some...); err != nil {
		return err
	}
	for _, of := range some {
		over, err := s.over(ctx, of)
		if err != nil {
			return err
		}
		if !over {
			continue
		}
		err = s.Log.Do(ctx, func(tx *audit.Tx) error {
			of, err := findSending(ctx, tx, of.ID)
			if err != nil {
				return err
			}
			if _, err := sendings.Take(&of, verbEnd, tx.Actor); err != nil {
				return err
			}
			return s.end(ctx, tx, &of, "")
		})
		if err != nil && errs.Of(err).Kind != errs.Stale && errs.Of(err).Kind != errs.Conflict {
			return err
		}
	}
	return dateDisputes(s, ctx)
}

// over tells whether what a sending rests on has ended: by its day, as its admission stands, or, of a duty, as the gate says.
// Nothing is written.
func (s *Service) over(ctx context.Context, of *Sending) (bool, error) {
	if !of.Live(clock.Day(clock.Now(ctx))) {
		return true, nil
	}
	if s.Gate == nil || !of.Duty || of.carried() {
		return false, nil
	}
	r := gate.Request{Way: gate.Form, Body: of.Body, Areas: s.below(of.Areas), Duty: of.Pass.Number, Form: of.Form, Minutes: of.Minutes}
	holds, err := gate.Holds(ctx, s.Log, s.Gate, r)
	return !holds, err
}
