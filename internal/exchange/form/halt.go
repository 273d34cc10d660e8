package form

import (
	"context"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// A suspension of an admission moves the deadlines of what rests on it by its working days: the day on which it began counts for the
// community, the day on which it ended does not. The day it began is kept with the sending, since that is all that is needed to move
// the deadlines when the admission holds again.

// halting lets sendings stand still and go on.
type halting struct{ *Service }

// paused keeps the day on which an admission began to stand still, and moves deadlines when it goes on.
func (s halting) paused(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
	all, err := db.All(ctx, tx, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state IN ('preparing', 'open')
		AND pass_number = $1 AND duty = 0 ORDER BY sent_at, id`, e.Number)
	for i := range all {
		if err == nil {
			err = s.halt(ctx, tx, &all[i], e)
		}
	}
	return err
}

// halt lets one sending stand still, or go on. A suspension that changes its cause goes on from its first day.
func (s halting) halt(ctx context.Context, tx *audit.Tx, of *Sending, e gate.Ending) error {
	today := clock.Day(tx.Now)
	switch {
	case e.Cause != "" && of.PausedOn == "":
		of.PausedOn = today
	case e.Cause == "" && of.PausedOn != "":
		from := of.PausedOn
		of.PausedOn = ""
		if err := s.move(ctx, tx, of, from, today); err != nil {
			return err
		}
	default:
		return nil
	}
	tx.Judged() // it follows from what the sending rests on
	tx.Record(audit.Entry{Action: permSend, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
		After: map[string]any{"pausedOn": of.PausedOn, "due": of.DueOn}, Detail: map[string]any{"cause": string(e.Cause), "note": e.Reason}})
	return updateSending(ctx, tx, of)
}

// move moves the deadlines that had not passed when the suspension began.
func (s halting) move(ctx context.Context, tx *audit.Tx, of *Sending, from, to string) error {
	days, err := db.All(ctx, tx, func(r db.Scanner) (day string, err error) { return day, r.Scan(&day) },
		`SELECT DISTINCT due_on FROM exchange_answer WHERE sending_id = $1 AND state IN ('asked', 'returned') AND due_on >= $2
		ORDER BY due_on DESC`, of.ID, from) // the latest first, so that no day is moved twice
	if err != nil {
		return err
	}
	for _, day := range days {
		if _, err := tx.Exec(ctx, `UPDATE exchange_answer SET due_on = $1, version = version + 1 WHERE sending_id = $2 AND due_on = $3
			AND state IN ('asked', 'returned')`, s.later(of, day, from, to), of.ID, day); err != nil {
			return err
		}
	}
	if of.DueOn >= from {
		of.DueOn = s.later(of, of.DueOn, from, to)
	}
	return nil
}

// later is a deadline moved by the working days after one day up to another; never behind the last day of the admission. Where the
// working days of the year are not known, it is moved by as many days.
func (s halting) later(of *Sending, due, from, to string) string {
	out := due
	n, err := s.Calendar.Now().WorkdaysBetween(from, to)
	if err == nil && n > 0 {
		out, err = s.Calendar.Now().DeadlineDate(due, calendar.Workdays(n))
	}
	if err != nil {
		a, _ := time.Parse(time.DateOnly, from)
		b, _ := time.Parse(time.DateOnly, to)
		on, _ := time.Parse(time.DateOnly, due)
		out = on.Add(b.Sub(a)).Format(time.DateOnly)
	}
	if of.Pass.Until != "" {
		out = max(due, min(out, of.Pass.Until))
	}
	return out
}
