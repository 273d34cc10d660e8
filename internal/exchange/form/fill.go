package form

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	fields "linli/internal/platform/form"
	"linli/internal/registry"
)

// Filled is what a community sends of its answer.
type Filled struct {
	Answers fields.Answers    // typed; of what is disputed, the value that is right
	Marks   map[string]string // of what was filled in before: confirmed or disputed
	Why     map[string]string // of what is disputed
	Minutes *int              // that it took, where the measured time is wrong; nil: as measured
}

// maxWhy bounds a reason, in characters.
const maxWhy = 200

// within refuses what belongs to no question, and what is over its bound: a draft may be wrong, but not large.
func (f *Filled) within(a *Answer) error {
	refused := errs.ErrInvalid
	total := 0
	for key, answer := range f.Answers {
		q, known := a.of.question(key)
		if !known {
			refused = refused.At("answers", "form.answer.unknown")
			continue
		}
		size := len(answer.One) + len(strings.Join(answer.Many, ""))
		for _, row := range answer.Rows {
			for column, cell := range row {
				size += len(column) + len(cell)
			}
		}
		if len(answer.Rows) > fields.MaxRows || len(answer.Many) > fields.MaxOptions {
			refused = refused.At("answers."+key, "form.answer.many", "max", q.Most(), errs.Label, q.Label)
		}
		total += size
	}
	if total > maxDraft {
		refused = refused.At("answers", "exchange.answer.large")
	}
	for key, mark := range f.Marks {
		if _, held := a.Held[key]; !held || mark != markConfirmed && mark != markDisputed {
			refused = refused.At("marks", "field.choice")
		}
	}
	for key, why := range f.Why {
		if _, held := a.Held[key]; !held || !fold.Within(why, maxWhy) {
			refused = refused.At("why."+key, "field.too_long", "max", maxWhy)
		}
	}
	if f.Minutes != nil && (*f.Minutes < 0 || *f.Minutes > maxMinutes) {
		refused = refused.At("minutes", "field.range", "min", 0, "max", maxMinutes)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// maxDraft bounds the bytes of a draft.
const maxDraft = 256 << 10

// Open starts the clock of an answer for who fills it in. Errors: NotFound; those of flow.Take.
func (s *Service) Open(ctx context.Context, id string) error {
	return beside(s, ctx, id, "open", func(tx *audit.Tx, a *Answer) error {
		a.touch(tx.Now, idle(s, a.today), false)
		return tx.Send(ctx, `UPDATE exchange_answer SET opened_at = $1, touched_at = $2 WHERE shard = $3 AND id = $4`,
			a.OpenedAt, a.TouchedAt, a.Shard, a.ID)
	})
}

// beside changes what hangs on an answer that is being filled in, and leaves its version: whoever fills it in goes on.
func beside(s *Service, ctx context.Context, id, what string, do func(*audit.Tx, *Answer) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		a, _, err := s.judged(ctx, tx, id, 0, verbSave)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permFill, Area: a.Area, Subject: subjectAnswer, SubjectID: a.ID, Detail: map[string]any{"verb": what}})
		return do(tx, &a)
	})
}

// judged is an answer on which the actor may take a verb. Errors: NotFound; those of flow.Take; Stale.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, version int64, verb flow.Verb) (Answer, *flow.Transition[*Answer],
	error) {
	a, err := s.answer(ctx, tx, id)
	if err != nil {
		return a, nil, err
	}
	tx.Judged()
	if !seesAnswer(tx.Actor, &a) {
		return a, nil, errs.ErrNotFound
	}
	t, err := answers.Take(&a, verb, tx.Actor)
	if err == nil && version != 0 && version != a.Version {
		err = errs.StaleOf(errs.Record{Subject: subjectAnswer, ID: a.ID})
	}
	return a, t, err
}

// Save keeps what was typed so far, right or wrong. Errors: those of Open; Invalid over the bounds; Stale.
func (s *Service) Save(ctx context.Context, id string, version int64, f Filled) error {
	return s.change(ctx, id, version, verbSave, func(tx *audit.Tx, a *Answer) error { return s.take(tx, a, &f) })
}

func (s *Service) take(tx *audit.Tx, a *Answer, f *Filled) error {
	if err := f.within(a); err != nil {
		return err
	}
	a.Answers, a.Marks, a.Why = f.Answers, f.Marks, f.Why
	if f.Minutes != nil {
		a.Minutes = *f.Minutes
	}
	a.touch(tx.Now, idle(s, a.today), true)
	return s.seal(a)
}

// idle is how long a pause counts as work at most.
func idle(s *Service, day string) time.Duration {
	return time.Duration(s.Rules.Int(ruleIdle, day)) * time.Minute
}

// touch counts the time since the answer was last opened or saved as work, up to a pause; opening counts none.
func (a *Answer) touch(now time.Time, idle time.Duration, worked bool) {
	at := clock.Millis(now)
	if a.OpenedAt == 0 {
		a.OpenedAt = at
	}
	if worked && a.TouchedAt > 0 {
		a.Spent += min(max(0, at-a.TouchedAt), idle.Milliseconds())
	}
	a.TouchedAt = at
}

// change runs a verb on an answer.
func (s *Service) change(ctx context.Context, id string, version int64, verb flow.Verb, do func(*audit.Tx, *Answer) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		a, t, err := s.judged(ctx, tx, id, version, verb)
		if err != nil {
			return err
		}
		before := a.State
		a.State = string(t.After(flow.State(a.State)))
		if err := do(tx, &a); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: a.Area, Subject: subjectAnswer, SubjectID: a.ID,
			Before: map[string]any{"state": before}, After: map[string]any{"state": a.State}, Detail: map[string]any{"verb": verb}})
		return updateAnswer(ctx, tx, &a)
	})
}

// Submit sends an answer to the department: whole, every held value confirmed or disputed. A dispute goes to the body
// that answers for the element. Errors: those of Save; Invalid naming every wrong field at "answers.<key>".
func (s *Service) Submit(ctx context.Context, id string, version int64, f Filled) error {
	return s.change(ctx, id, version, verbSubmit, func(tx *audit.Tx, a *Answer) error {
		earlier := 0
		first := a.SubmittedAt == 0
		if !first {
			earlier = a.Measured()
		}
		if err := s.take(tx, a, &f); err != nil {
			return err
		}
		if err := whole(s, ctx, tx, a); err != nil {
			return err
		}
		a.SubmittedAt, a.Submitter, a.Reasons = clock.Millis(tx.Now), tx.Actor.Name, map[string]string{}
		if err := disputeAll(s, ctx, tx, a); err != nil {
			return err
		}
		if err := s.seal(a); err != nil {
			return err
		}
		if !a.of.carried() { // the task's case counts its answer, the minutes with it
			l := s.load(tx, a.of, a.Area)
			if l.Measured = max(0, a.Measured()-earlier); first {
				l.Answered = 1
			}
			if err := s.count(ctx, tx, l); err != nil {
				return err
			}
		}
		return insertEvent(ctx, tx, a.ID, verbSubmit, "")
	})
}

// whole refuses an answer that is not complete and right, and keeps it folded.
func whole(s *Service, ctx context.Context, r db.Reader, a *Answer) error {
	files, err := listFiles(ctx, r, a.ID)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, f := range files {
		own[f.ID] = true
	}
	given := fields.Answers{}
	for _, q := range a.of.Questions {
		if answer := a.given(q.Key); !answer.Empty() {
			given[q.Key] = answer
		}
	}
	refused := errs.ErrInvalid
	if err := fields.Check(a.of.plain(), given, judging(s, a.today, own)); err != nil {
		refused = errs.Of(err)
	}
	asked := fields.Asked(a.of.plain(), given)
	for _, q := range a.of.Questions {
		_, held := a.Held[q.Key]
		switch mark := a.Marks[q.Key]; {
		case !held || !asked[q.Key]:
		case mark == "":
			refused = refused.At("answers."+q.Key, "exchange.answer.unconfirmed", errs.Label, q.Label)
		case mark == markDisputed && strings.TrimSpace(a.Why[q.Key]) == "":
			refused = refused.At("why."+q.Key, "exchange.answer.why", errs.Label, q.Label)
		case mark == markDisputed && a.Answers[q.Key].Empty():
			refused = refused.At("answers."+q.Key, "exchange.answer.claim", errs.Label, q.Label)
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	for key, answer := range given {
		if _, held := a.Held[key]; !held || a.Marks[key] == markDisputed {
			a.Answers[key] = answer
		}
	}
	maps.DeleteFunc(a.Answers, func(key string, _ fields.Answer) bool { return !asked[key] })
	return nil
}

// disputeAll opens a dispute of each held value that the community says is wrong.
func disputeAll(s *Service, ctx context.Context, tx *audit.Tx, a *Answer) error {
	for _, key := range slices.Sorted(maps.Keys(a.Held)) {
		if a.Marks[key] != markDisputed {
			continue
		}
		q, _ := a.of.question(key)
		h := a.Held[key]
		body, err := ownerOf(s, ctx, tx, a, &h)
		if err != nil {
			return err
		}
		due, err := disputeDue(s, a.today)
		if err != nil {
			return err
		}
		d := Dispute{Shard: a.Shard, ID: a.Shard + "-" + db.NewID(ctx), Answer: a.ID, Sending: a.Sending, Field: key, Label: q.Label,
			Element: q.Element, Area: a.Area, Body: body, Held: h, Claim: a.Answers[key], Personal: q.Masked(), Reason: fold.Line(a.Why[key]),
			State: string(disputes.Start), At: clock.Millis(tx.Now), By: tx.Actor.Name, DueOn: due, Version: 1}
		if err := sealDispute(s, &d); err != nil {
			return err
		}
		n, err := insertDispute(ctx, tx, &d)
		if err != nil || n == 0 {
			if err != nil {
				return err
			}
			continue
		}
		tx.Record(audit.Entry{Action: actionDispute, Area: a.Area, Subject: subjectDispute, SubjectID: d.ID,
			After: map[string]any{"element": d.Element, "body": d.Body, "due": d.DueOn}})
		if err := insertEvent(ctx, tx, a.ID, verbDispute, q.Label.Zh); err != nil {
			return err
		}
	}
	return nil
}

const actionDispute = "exchange.dispute.open"

// ownerOf is the body that answers for a held value: the department of its element in the community's county or city,
// else the community-building body's department, else the department that sent the form.
func ownerOf(s *Service, ctx context.Context, r db.Reader, a *Answer, h *Held) (string, error) {
	for _, department := range []string{h.Department, "civil_affairs"} {
		for _, level := range []int{registry.LevelCounty, registry.LevelCity} {
			if department == "" {
				continue
			}
			b, err := s.Registry.Responsible(ctx, r, a.Area, department, level)
			if err == nil {
				return b.ID, nil
			}
			if errs.Of(err).Kind != errs.NotFound {
				return "", err
			}
		}
	}
	return a.of.Body, nil
}

// SetTime corrects the minutes that an answer took, by whoever may fill it in. Errors: those of Open; Invalid; Stale.
func (s *Service) SetTime(ctx context.Context, id string, version int64, minutes int) error {
	return s.change(ctx, id, version, verbTime, func(tx *audit.Tx, a *Answer) error {
		if minutes < 0 || minutes > maxMinutes {
			return errs.ErrInvalid.At("minutes", "field.range", "min", 0, "max", maxMinutes)
		}
		l := s.load(tx, a.of, a.Area)
		l.Measured = minutes - a.Measured()
		a.Minutes = minutes
		if err := s.count(ctx, tx, l); err != nil {
			return err
		}
		return insertEvent(ctx, tx, a.ID, verbTime, "")
	})
}

// mine are the areas for which the caller fills in forms.
func mine(ctx context.Context, area string) []string {
	return authority.Narrow(authority.From(ctx).Scope(permFill), area)
}
