package assessment

import (
	"context"
	"slices"
	"strings"

	"linli/internal/casework/alert"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service writes, publishes and computes schemes.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Texts    *text.Catalogue
	Figures  Figures

	Outbox Outbox
	Alerts *alert.Service // knows who wants to be told

	Departments []gate.Indicators // those of departments, in the order in which they are offered

	Surveys Surveys // set by the room

	// ProbeSurvey makes a closed survey of an area, for the test of the authority matrix; set by the room.
	ProbeSurvey func(ctx context.Context, area string) (string, error)
}

// tidy folds what was typed, and refuses a place that is none: Invalid.
func (s *Service) tidy(c *Content) error {
	c.Name.Zh, c.Name.En = fold.Line(c.Name.Zh), fold.Line(c.Name.En)
	for i := range c.Indicators {
		x := &c.Indicators[i]
		x.Name.Zh, x.Name.En = fold.Line(x.Name.Zh), fold.Line(x.Name.En)
		x.Basis.Law, x.Basis.Article = strings.TrimSpace(x.Basis.Law), strings.TrimSpace(x.Basis.Article)
	}
	if c.Indicators == nil {
		c.Indicators = []Indicator{}
	}
	refused := errs.ErrInvalid
	a, ok := s.Registry.Area(c.Area)
	if !ok || a.Level < registry.LevelCity || a.Level > registry.LevelStreet || c.Subjects == Streets && a.Level == registry.LevelStreet {
		refused = refused.At("content.area", "assessment.area")
	}
	if n := fold.Count(c.Name.Zh); n == 0 || n > maxName {
		refused = refused.At("content.name", "assessment.name", "max", maxName)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Write begins a scheme as a draft; it may be wrong until it is proposed. Errors: Invalid; Forbidden.
func (s *Service) Write(ctx context.Context, c Content) (Scheme, error) {
	if err := s.tidy(&c); err != nil {
		return Scheme{}, err
	}
	out := Scheme{ID: db.NewID(ctx), State: stateDraft, Content: c, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, c.Area); err != nil {
			return err
		}
		out.sign(tx)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: out.ID, After: out.record()})
		if err := insertScheme(ctx, tx, &out); err != nil {
			return err
		}
		return insertEvent(ctx, tx, out.ID, verbWrite, "")
	})
	return out, err
}

func (s *Scheme) sign(tx *audit.Tx) {
	s.writer, s.Writer, s.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
}

// record is what the audit log keeps of a scheme.
func (s *Scheme) record() map[string]any {
	return map[string]any{"name": s.Content.Name.Zh, "year": s.Content.Year, "state": s.State, "indicators": len(s.Content.Indicators),
		"digest": s.Digest}
}

// judged is a scheme that the actor may see, for a verb that state, authority and guards allow. Errors: NotFound; those of
// flow.Take; Stale.
func judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Scheme, error) {
	tx.Judged()
	s, err := find(ctx, tx, id)
	if err == nil {
		_, err = lifecycle.Judge(&s, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: s.ID},
			Version: s.Version, By: version})
	}
	return s, err
}

// Change sets the content of a draft. Errors: those of Write; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) error {
	if err := s.tidy(&c); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		if err := tx.Require(permWrite, c.Area); err != nil {
			return err
		}
		before := x.record()
		x.Content = c
		x.sign(tx)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: id, Before: before, After: x.record()})
		if err := updateScheme(ctx, tx, &x); err != nil {
			return err
		}
		return insertEvent(ctx, tx, id, verbChange, "")
	})
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; Invalid
// "assessment.refused" with each finding, to propose or publish what Check finds wrong; Conflict where what it computes
// from is not there.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	made, digest, err := s.prepare(ctx, id, verb)
	if err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		x, err := judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(x.State, verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before := x.record()
		x.State = t.After(x.State)
		switch now := clock.Millis(tx.Now); verb {
		case verbPropose, verbPublish:
			if err := refusal(x.Content.Check(s.declared())); err != nil {
				return err
			}
			if verb == verbPublish {
				x.Publisher, x.PublishedAt = tx.Actor.Name, now
			}
		case verbCompute:
			x.computer, x.results, x.Digest, x.AppealUntil = tx.Actor.ID, made, digest, ""
		case verbOpen:
			days := s.Rules.Int(ruleAppeal, clock.Day(tx.Now))
			x.AppealUntil = clock.Day(tx.Now.AddDate(0, 0, days))
		case verbFreeze:
			x.FrozenAt = now
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: x.Content.Area, Subject: subject, SubjectID: id, Before: before, After: x.record(),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		if err := updateScheme(ctx, tx, &x); err != nil {
			return err
		}
		return insertEvent(ctx, tx, id, verb, in.Note)
	})
}

// prepare computes the results that a verb needs, before the write: it reads much. A scheme that changes in between is
// refused as stale by its version.
func (s *Service) prepare(ctx context.Context, id string, verb flow.Verb) (raw, digest string, err error) {
	if verb != verbCompute {
		return "", "", nil
	}
	x, err := find(ctx, s.Log.DB, id)
	if err != nil || !authority.From(ctx).Can(permWrite, x.Content.Area) || x.State != statePublished && x.State != stateComputed {
		return "", "", err // the write refuses
	}
	results, err := s.compute(ctx, &x)
	if err != nil {
		return "", "", err
	}
	raw, digest = results.Frozen()
	return raw, digest, nil
}

// Appeal says why one that was judged does not accept its result: a community or street by its area, or a department by its
// body. Errors: NotFound; Conflict "assessment.no_appeal" outside the days of appeals; Invalid; Forbidden unless the actor
// speaks for the subject.
func (s *Service) Appeal(ctx context.Context, id string, a Appeal) error {
	a.Body = strings.TrimSpace(a.Body)
	if n := fold.Count(a.Body); n == 0 || n > 1000 {
		return errs.ErrInvalid.At("body", "field.required")
	}
	permission := permAppeal
	if a.Department != "" {
		permission = permAppealDepartment
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if !x.shown(tx.Actor) {
			tx.Judged()
			return errs.ErrNotFound
		}
		a := a
		if a.Department != "" {
			a.Area = x.Content.Area
		}
		if err := tx.Require(permission, a.Area); err != nil {
			return err
		}
		if x.State != stateAppeal || x.AppealUntil < x.today {
			return errs.New(errs.Conflict, "assessment.no_appeal").By(ruleAppeal)
		}
		speaks := a.Department == "" || slices.Contains(tx.Actor.Bodies(), a.Department)
		if !speaks || !x.judges(a.Area, a.Department) {
			return errs.ErrInvalid.At("area", "assessment.not_judged")
		}
		a.ID, a.At, a.By = db.NewID(ctx), clock.Millis(tx.Now), tx.Actor.Name
		tx.Record(audit.Entry{Action: permission, Area: a.Area, Subject: subject, SubjectID: id, Detail: map[string]any{"appeal": a.ID}})
		if err := insertAppeal(ctx, tx, id, &a); err != nil {
			return err
		}
		return insertEvent(ctx, tx, id, verbAppeal, "")
	})
}

// Decide answers an appeal. Errors: NotFound; Forbidden, also for whoever computed the results; Conflict once it is decided.
func (s *Service) Decide(ctx context.Context, id string, a Appeal) error {
	a.Answer = strings.TrimSpace(a.Answer)
	if n := fold.Count(a.Answer); n == 0 || n > 1000 {
		return errs.ErrInvalid.At("answer", "field.required")
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if !tx.Actor.Can(permRead, x.Content.Area) {
			tx.Judged()
			return errs.ErrNotFound
		}
		if err := tx.Require(permPublish, x.Content.Area); err != nil {
			return err
		}
		if !notComputer.Holds(&x, tx.Actor) {
			return errs.New(errs.Conflict, notComputer.Key).By(ruleSecond)
		}
		a.DecidedAt, a.Decider = clock.Millis(tx.Now), tx.Actor.Name
		done, err := decideAppeal(ctx, tx, id, &a)
		if err == nil && !done {
			err = errs.New(errs.Conflict, "assessment.appeal_decided")
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permPublish, Area: x.Content.Area, Subject: subject, SubjectID: id,
			Detail: map[string]any{"appeal": a.ID, "outcome": a.Outcome}})
		return insertEvent(ctx, tx, id, verbDecide, a.Outcome)
	})
}

// shown tells whether a member of staff sees the scheme: those of its area; from publication on those inside it.
func (s *Scheme) shown(a *authority.Actor) bool {
	if a.Can(permRead, s.Content.Area) {
		return true
	}
	if s.State == stateDraft || s.State == stateProposed || s.State == stateDiscarded {
		return false
	}
	for _, scope := range a.Scope(permRead) {
		if strings.HasPrefix(scope, s.Content.Area) {
			return true
		}
	}
	return false
}

// follower moves schemes with their areas; those of an area that is merged stand beside the other's.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "schemes", Widens: true,
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "assessment_scheme", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM assessment_scheme WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}
