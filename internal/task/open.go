package task

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// A task to a whole city is 1,782 cases. The write that signs it names the communities; the job opens their cases through the spine's
// own door, some at a time, so that nobody else waits long for the writer. Each case is keyed by its share, and the share takes its case
// once: so a community gets one case, however many processes there are and wherever one of them stops.

// Sizes of the job: shares read at once, cases that are written side by side (writes that come together share a commit).
const (
	chunk    = 200
	together = 16

	workEvery  = 3 * time.Second
	watchEvery = time.Minute
)

// errOver says that another process was first, or that the task ended meanwhile.
var errOver = errors.New("another process is ahead")

// worker does for tasks what nobody waits for.
type worker struct{ *Service }

// Work is the job that opens, reminds and closes cases of communities.
func (s *Service) Work(ctx context.Context) error { return worker{s}.all(ctx) }

// Watch is the job that ends tasks whose basis is past its last day, and lets refusals that nobody decided in time be upheld.
func (s *Service) Watch(ctx context.Context) error { return worker{s}.watch(ctx) }

func (s worker) all(ctx context.Context) error {
	tasks, err := pendingTasks(ctx, s.Log.DB)
	if err != nil {
		return err
	}
	var failed error
	for i := range tasks {
		if err := s.workOn(ctx, &tasks[i]); err != nil { // one that fails holds up no other
			failed = errors.Join(failed, err)
			slog.ErrorContext(ctx, "a task is not carried out", "task", tasks[i].ID, "pending", tasks[i].Pending, "error", err)
		}
	}
	return failed
}

func (s *Service) workWaits(ctx context.Context) (bool, error) {
	tasks, err := pendingTasks(ctx, s.Log.DB)
	return len(tasks) > 0, err
}

func (s worker) workOn(ctx context.Context, t *Task) error {
	owed := []string{string(shareAsked), string(shareAnswering), string(shareReturned)}
	switch t.Pending {
	case pendingOpen:
		return s.walk(ctx, t, []string{shareWaiting}, s.openOne)
	case pendingRemind:
		return s.walk(ctx, t, owed, s.urgeOne)
	case pendingPause:
		return s.walk(ctx, t, owed, s.pauseOne)
	case pendingResume:
		return s.walk(ctx, t, owed, s.resumeOne)
	case pendingClose:
		return s.walk(ctx, t, append(owed, shareWaiting, string(shareAnswered), string(shareRefused)), s.closeOne)
	}
	return nil
}

// walk does one thing with every share of a task in some states, and then settles the task.
func (s worker) walk(ctx context.Context, t *Task, states []string, do func(context.Context, *Task, *Share) error) error {
	place := t.Place
	for ctx.Err() == nil {
		shares, err := sharesAfter(ctx, s.Log.DB, t.ID, states, place, chunk)
		if err != nil {
			return err
		}
		if err := each(ctx, shares, func(ctx context.Context, share *Share) error { return do(ctx, t, share) }); err != nil {
			return err
		}
		if len(shares) < chunk {
			return s.settle(ctx, t)
		}
		last := &shares[len(shares)-1]
		place = db.Cursor(last.Area, last.ID)
		if err := s.reached(ctx, t, place); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// each does something with all shares, several at once; the first error is returned, and nothing new is begun after it.
func each(ctx context.Context, shares []Share, do func(context.Context, *Share) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wait sync.WaitGroup
	slots := make(chan struct{}, together)
	for i := range shares {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wait.Go(func() {
			defer func() { <-slots }()
			if err := do(ctx, &shares[i]); err != nil {
				stop(err)
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// reached keeps how far a reminder has come, so that one that goes on later reminds nobody twice. Opening and closing leave their mark
// on the shares themselves.
func (s worker) reached(ctx context.Context, t *Task, place string) error {
	if t.Pending != pendingRemind {
		return nil
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		tx.Record(audit.Entry{Action: permWrite, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"verb": verbRemind}})
		_, err := tx.Exec(ctx, `UPDATE task_task SET place = $1 WHERE shard = $2 AND id = $3 AND pending = 'remind'`, place, t.Shard, t.ID)
		return err
	})
}

// settle ends what the job had to do for a task: what was being sent is sent, and complete when nobody owes anything.
func (s worker) settle(ctx context.Context, of *Task) error {
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		t, err := findTask(ctx, tx, of.ID)
		if err != nil {
			return err
		}
		if t.Pending != of.Pending {
			return errOver
		}
		if t.State == string(stateSending) && of.Pending == pendingOpen {
			if err := s.take(ctx, tx, &t, verbFinish, flow.Input{}); err != nil {
				return err
			}
			t.Version++
			if t.Done < t.Total {
				return nil
			}
			return s.take(ctx, tx, &t, verbComplete, flow.Input{})
		}
		if t.Pending, t.Place = "", ""; t.State == string(stateSending) && of.Pending == pendingResume {
			t.Pending = pendingOpen // sending goes on where it stood still
		}
		tx.Record(audit.Entry{Action: permWrite, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"verb": verbFinish}})
		return updateTask(ctx, tx, &t)
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

// openOne opens the case of one community. A community that is no more goes without one.
func (s worker) openOne(ctx context.Context, t *Task, share *Share) error {
	unit, err := s.answers(ctx, share.Area)
	if err == nil {
		_, err = s.Casework.Open(ctx, casework.NewCase{Kind: KindTask, Subject: t.Way, Title: t.Title, Area: share.Area, Unit: unit,
			Intake: casework.Intake{Channel: casework.ChannelConsole, ClientKey: share.ID}, Sent: share.ID, Words: t.Content.Content,
			Promised: calendar.Workdays(t.Workdays)},
			func(tx *audit.Tx, c *casework.Case) error { return s.opened(ctx, tx, t, share, c) })
	}
	switch {
	case errors.Is(err, errOver):
		return nil
	case errs.Of(err).Kind == errs.Invalid && err != nil: // its area is gone
		return s.void(ctx, t, share)
	}
	return err
}

// answers is the body that answers for a community: its station, or the committee of one without; "" where there is neither.
func (s *Service) answers(ctx context.Context, area string) (string, error) {
	station, err := s.Casework.Station(ctx, s.Log.DB, area)
	if err != nil || station != "" {
		return station, err
	}
	b, err := s.Registry.BodyFor(ctx, s.Log.DB, area, registry.BodyCommittee, "", registry.LevelCommunity)
	if err != nil && errs.Of(err).Kind == errs.NotFound {
		return "", nil
	}
	return b.ID, err
}

// opened adds to the write that opens a case: the share takes it, and what the community was asked is counted.
func (s worker) opened(ctx context.Context, tx *audit.Tx, t *Task, share *Share, c *casework.Case) error {
	state, err := db.Value[string](ctx, tx, `SELECT state FROM task_task WHERE shard = $1 AND id = $2 AND paused = ''`, t.Shard, t.ID)
	switch {
	case db.IsNone(err) || err == nil && state != string(stateSending):
		return errOver
	case err != nil:
		return err
	}
	of := *share
	of.Case, of.State, of.Month, of.Opened = c.ID, string(shareAsked), clock.Month(tx.Now), clock.Millis(tx.Now)
	if c.Clock.Due != nil {
		of.Due = *c.Clock.Due
	}
	if took, err := openShare(ctx, tx, &of); err != nil || !took {
		return errors.Join(err, errOver)
	}
	if err := s.count(ctx, tx, &of, figures{measureSent: 1, measureDeclared: t.Minutes, "sent_" + t.Way: 1}); err != nil {
		return err
	}
	return s.load(ctx, tx, t, &of, gate.Load{Asked: 1, Declared: t.Minutes})
}

// load lets the ledger count.
func (s *Service) load(ctx context.Context, tx *audit.Tx, t *Task, share *Share, l gate.Load) error {
	if s.Ledger == nil {
		return nil
	}
	l.Way, l.Subject, l.Title, l.At, l.Area, l.Body, l.Pass = gate.Way(t.Way), t.ID, t.Title, tx.Now, share.Area, t.Body, t.PassNumber
	return s.Ledger.Record(ctx, tx, l)
}

func (s worker) void(ctx context.Context, t *Task, share *Share) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		tx.Record(audit.Entry{Action: permSend, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"verb": verbClose, "areas": share.Area}})
		n, err := voidShare(ctx, tx, share)
		if err == nil && n > 0 {
			_, _, err = countDone(ctx, tx, t.ID, n)
		}
		return err
	})
}

// urgeOne reminds one community.
func (s worker) urgeOne(ctx context.Context, _ *Task, share *Share) error {
	return s.move(ctx, share, verbUrge, "")
}

// pauseOne lets what one community owes stand still, its deadline with it.
func (s worker) pauseOne(ctx context.Context, t *Task, share *Share) error {
	return s.step(ctx, share, casework.VerbSuspend, flow.Input{Choice: t.Paused, Note: t.PausedFor})
}

// resumeOne lets it go on with the time that was left.
func (s worker) resumeOne(ctx context.Context, _ *Task, share *Share) error {
	return s.move(ctx, share, casework.VerbResume, "")
}

// closeOne tells one community that it need not answer.
func (s worker) closeOne(ctx context.Context, t *Task, share *Share) error {
	if share.State == shareWaiting {
		return s.void(ctx, t, share)
	}
	if share.Due == 0 && t.Paused != "" { // nothing but its resumption moves a case that stands still
		if err := s.resumeOne(ctx, t, share); err != nil {
			return err
		}
	}
	return s.move(ctx, share, verbClose, t.EndReason)
}

// move takes a step of the platform's own on a share's case. One that has meanwhile been moved on is left as it is.
func (s worker) move(ctx context.Context, share *Share, verb flow.Verb, note string) error {
	return s.step(ctx, share, verb, flow.Input{Note: note})
}

func (s worker) step(ctx context.Context, share *Share, verb flow.Verb, in flow.Input) error {
	_, err := s.Casework.Move(ctx, KindTask, casework.MoveInput{ID: share.Case, Verb: verb, Input: in})
	if k := errs.Of(err).Kind; err != nil && (k == errs.Conflict || k == errs.Stale) {
		return nil
	}
	return err
}

// watch ends what is past its last day.
func (s worker) watch(ctx context.Context) error {
	expired, err := expiredTasks(ctx, s.Log.DB, clock.Day(clock.Now(ctx)))
	if err != nil {
		return err
	}
	for i := range expired {
		t := &expired[i]
		if err := s.Log.Do(ctx, func(tx *audit.Tx) error {
			now, err := findTask(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			return s.end(ctx, tx, &now, t.expiredWords(s.Words, text.Chinese))
		}); err != nil {
			return err
		}
	}
	if err := s.unlisted(ctx); err != nil {
		return err
	}
	silent, err := silentRefusals(ctx, s.Log.DB, clock.Millis(clock.Now(ctx)))
	for i := range silent {
		if err := s.move(ctx, &Share{Case: silent[i].Case}, verbLapse, ""); err != nil {
			return err
		}
	}
	return err
}
