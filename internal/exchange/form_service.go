package exchange

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

const subjectForm = "exchange.form"

// Write begins a form as a draft of the actor's department. Errors: Invalid naming fields; Forbidden "exchange.form.no_body" for an
// actor of no department.
func (s *Service) Write(ctx context.Context, c Content) (Form, error) {
	c.tidy()
	if err := c.bounds(); err != nil {
		return Form{}, err
	}
	f := Form{ID: db.NewID(ctx), State: string(stateDraft), Content: c, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		body, err := s.department(ctx, tx)
		if err != nil {
			return err
		}
		f.Body, f.Area = body.ID, body.Area
		if err := tx.Require(permWrite, f.Area); err != nil {
			return err
		}
		s.sign(ctx, tx, &f)
		tx.Record(audit.Entry{Action: permWrite, Area: f.Area, Subject: subjectForm, SubjectID: f.ID, After: f.record()})
		return insertForm(ctx, tx, &f)
	})
	return f, err
}

// department is the body of a department in whose name the actor writes.
func (s *Service) department(ctx context.Context, tx *audit.Tx) (registry.Body, error) {
	for _, g := range tx.Actor.Grants {
		if g.Body == "" || !tx.Actor.Can(permWrite, g.Area) {
			continue
		}
		body, err := s.Registry.Body(ctx, tx, g.Body)
		if err == nil && (body.Kind == registry.BodyDepartment || body.Kind == registry.BodySubdistrict) {
			return body, nil
		}
		if err != nil && errs.Of(err).Kind != errs.NotFound {
			return body, err
		}
	}
	tx.Judged()
	return registry.Body{}, errs.New(errs.Forbidden, "exchange.form.no_body")
}

func (s *Service) sign(ctx context.Context, tx *audit.Tx, f *Form) {
	f.Writer, f.WrittenAt, f.CheckedAt, f.Publisher = tx.Actor.Name, clock.Millis(tx.Now), 0, ""
	r := s.Check(ctx, &f.Content, nil)
	f.Wanted, f.Held = r.Wanted, r.Held
}

// record is what the audit log keeps of a form.
func (f *Form) record() map[string]any {
	return map[string]any{"title": f.Title.Zh, "state": f.State, "fields": len(f.Fields), "wanted": f.Wanted, "held": f.Held,
		"admission": f.Admission}
}

// Change sets the content of a form that is not published; it is a draft again. Errors: Invalid; NotFound; Conflict in another
// state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) (Form, error) {
	c.tidy()
	if err := c.bounds(); err != nil {
		return Form{}, err
	}
	var out Form
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		f, t, err := s.judge(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		before := f.record()
		f.Content, f.State = c, string(t.After(flow.State(f.State)))
		s.sign(ctx, tx, &f)
		tx.Record(audit.Entry{Action: permWrite, Area: f.Area, Subject: subjectForm, SubjectID: f.ID, Before: before, After: f.record()})
		out = f
		return updateForm(ctx, tx, &f)
	})
	return out, err
}

// judge finds a form and refuses a verb that state, authority and guards do not allow, and a form that has changed since.
func (s *Service) judge(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb,
	version int64) (Form, *flow.Transition[*Form], error) {
	tx.Judged()
	f, err := findForm(ctx, tx, id)
	if err != nil {
		return f, nil, err
	}
	if !tx.Actor.Can(permRead, f.Area) {
		return f, nil, errs.ErrNotFound
	}
	if verb == verbCheck || verb == verbPublish {
		if err := s.judgeContent(ctx, tx, &f); err != nil {
			return f, nil, err
		}
	}
	t, err := lifecycle.Judge(&f, verb, tx.Actor, flow.Seen{Record: errs.Record{Subject: subjectForm, ID: id},
		Version: f.Version, By: version})
	return f, t, err
}

// judgeContent checks a form against what is held and what runs now; the guards read its report.
func (s *Service) judgeContent(ctx context.Context, tx *audit.Tx, f *Form) error {
	if err := f.whole(func(code string) bool { _, ok := s.Element(code); return ok }); err != nil {
		return err
	}
	running, err := s.Running(ctx, tx, f.ID)
	if err != nil {
		return err
	}
	r := s.Check(ctx, &f.Content, running)
	f.report, f.Wanted, f.Held = &r, r.Wanted, r.Held
	return nil
}

// Running are the published forms, but for one.
func (s *Service) Running(ctx context.Context, r db.Reader, but string) ([]Form, error) {
	return listForms(ctx, r, `state = 'published' AND id <> $1 ORDER BY published_at DESC, id DESC LIMIT $2`, but, mostRunning)
}

// mostRunning bounds the forms that one is compared with.
const mostRunning = 500

// Step takes a verb of the lifecycle on a form. Errors: those of flow.Take and flow.CheckInput; Invalid for a form that is not whole;
// NotFound; Stale.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		f, t, err := s.judge(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before, now := f.record(), clock.Millis(tx.Now)
		f.State, f.Note = string(t.After(flow.State(f.State))), in.Note
		switch verb {
		case verbCheck:
			f.CheckedAt = now
		case verbPublish:
			f.Publisher, f.PublishedAt = tx.Actor.Name, now
		case verbWithdraw, verbDiscard:
			f.EndedAt = now
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: f.Area, Subject: subjectForm, SubjectID: f.ID, Before: before, After: f.record(),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		return updateForm(ctx, tx, &f)
	})
}

// Form is a form for those who may read it. Error: NotFound.
func (s *Service) Form(ctx context.Context, id string) (Form, error) {
	f, err := findForm(ctx, s.Log.DB, id)
	if err == nil && !authority.From(ctx).Can(permRead, f.Area) {
		err = errs.ErrNotFound
	}
	return f, err
}

// Published is a published form, inside a write that sends it. Error: NotFound for any other.
func (s *Service) Published(ctx context.Context, r db.Reader, id string) (Form, error) {
	f, err := findForm(ctx, r, id)
	if err == nil && f.State != string(statePublished) {
		err = errs.ErrNotFound
	}
	return f, err
}

// follower moves forms with the areas of their departments.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "forms",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "exchange_form", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM exchange_form WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}
