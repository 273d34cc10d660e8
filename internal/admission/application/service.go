package application

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/admission"
	"linli/internal/admission/proposal"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/rule"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service keeps applications and what they become, and is the gate.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Calendar *calendar.Cache
	Words    *text.Catalogue
	Files    *storage.Store
	Lists    *admission.Service
	Held     proposal.Held // what the platform holds of the data wanted; nil while nobody tells

	ended, paused []gate.Observer
}

const subject = "admission.application"

// Ended registers who is told, in the transaction, that an admission ends: what rests on it ends with it.
func (s *Service) Ended(o gate.Observer) { s.ended = append(s.ended, o) }

// Paused registers who is told, in the transaction, that an admission stands still, and that it goes on.
func (s *Service) Paused(o gate.Observer) { s.paused = append(s.paused, o) }

// lists asks the lists within a transaction, or outside of one.
type lists struct {
	*admission.Service
	r db.Reader
}

func (l lists) Entry(ctx context.Context, area, code, day string) (admission.Entry, bool, error) {
	return l.Service.Entry(ctx, l.r, area, code, day)
}

// Alike asks the lists of each county that an area lies in, or of the city.
func (l lists) Alike(ctx context.Context, areas []string, day, words string) ([]admission.Likeness, error) {
	var out []admission.Likeness
	var asked []string
	for _, a := range areas {
		if a = a[:min(len(a), countyDigits)]; slices.Contains(asked, a) {
			continue
		}
		asked = append(asked, a)
		found, err := l.Match(ctx, l.r, a, day, words)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if !slices.ContainsFunc(out, func(o admission.Likeness) bool { return o.Entry.Code == f.Entry.Code }) {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

const countyDigits = 6

// checker judges within a transaction, or outside of one.
func (s *Service) checker(r db.Reader) *proposal.Checker {
	return &proposal.Checker{Rules: s.Rules, Calendar: s.Calendar.Now(), Lists: lists{s.Lists, r}, Held: s.Held}
}

// Check judges a content that a department would hand in today. Errors: those of reading.
func (s *Service) Check(ctx context.Context, c proposal.Proposal, body string) ([]proposal.Finding, error) {
	c.Tidy()
	b, err := s.Registry.Body(ctx, s.Log.DB, body)
	if err != nil && errs.Of(err).Kind != errs.NotFound {
		return nil, err
	}
	of := proposal.Case{Department: b.Department, Received: clock.Day(clock.Now(ctx)), Communities: communities(s.Registry, c.Areas)}
	return s.checker(s.Log.DB).Check(ctx, &c, of)
}

// findings are findings in words.
func (s *Service) findings(found []proposal.Finding, lang text.Lang, day string) []proposal.AdmissionFinding {
	out := []proposal.AdmissionFinding{}
	for _, f := range found {
		out = append(out, (&proposal.Checker{Rules: s.Rules}).View(f, s.Words, lang, day))
	}
	return out
}

// communities counts those in the areas.
func communities(r *registry.Service, areas []string) (n int) {
	for _, a := range areas {
		if registry.LevelOf(a) == registry.LevelCommunity {
			n++
		} else {
			n += len(r.Below(a, registry.LevelCommunity))
		}
	}
	return n
}

// checked brings a content into form and refuses one that a draft cannot hold.
func (s *Service) checked(c *proposal.Proposal) error {
	c.Tidy()
	if err := c.Bounds(); err != nil {
		return err
	}
	for _, code := range c.Areas {
		if a, ok := s.Registry.Area(code); !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
			return errs.ErrInvalid.At("areas", "admission.application.area")
		}
	}
	return nil
}

// Write begins an application as a draft, for a department's or a street's body; "" for the actor's own. Errors: those of the
// content; Forbidden over its areas; Invalid for a body that asks nothing of communities, or is not the actor's.
func (s *Service) Write(ctx context.Context, c proposal.Proposal, body string) (Application, error) {
	if err := s.checked(&c); err != nil {
		return Application{}, err
	}
	e := Application{State: string(stateDraft), Area: proposal.Over(c.Areas), Proposal: c, Version: 1}
	e.Shard = db.Shard(e.Area)
	e.ID = e.Shard + "-" + db.NewID(ctx)
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, e.Area); err != nil {
			return err
		}
		e.Body = body
		if e.Body == "" {
			e.Body = tx.Actor.BodyFor(permWrite, e.Area, "")
		}
		b, err := s.Registry.Body(ctx, tx, e.Body)
		if err != nil && errs.Of(err).Kind != errs.NotFound {
			return err
		}
		if err != nil || !b.Asks() || !tx.Actor.System && !tx.Actor.In(b.ID) {
			return errs.ErrInvalid.At("body", "admission.application.body").By(ruleApplicant)
		}
		e.Writer, e.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID, After: record(&e)})
		if err := insertApplication(ctx, tx, &e); err != nil {
			return err
		}
		return s.placed(ctx, tx, &e, verbWrite, "")
	})
	return e, err
}

// placed writes down the areas of an application, and the step that set them.
func (s *Service) placed(ctx context.Context, tx *audit.Tx, e *Application, verb flow.Verb, note string) error {
	if err := putAreas(ctx, tx, e); err != nil {
		return err
	}
	return insertEvent(ctx, tx, e, verb, note)
}

// record is what the audit log keeps of an application.
func record(e *Application) map[string]any {
	return map[string]any{"name": e.Name, "number": e.Number, "areas": e.Areas, "from": e.From, "until": e.Until,
		"amount": e.Money.Amount, "minutes": e.Minutes, "frequency": e.Frequency, "emergency": e.Emergency, "state": e.State}
}

// Change sets the content of a draft, or of what was returned. Errors: those of Write; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c proposal.Proposal) error {
	if err := s.checked(&c); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := s.judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		before := record(&e)
		e.Proposal, e.Area = c, proposal.Over(c.Areas)
		if err := tx.Require(permWrite, e.Area); err != nil {
			return err
		}
		e.Writer, e.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID, Before: before, After: record(&e)})
		if err := updateApplication(ctx, tx, &e); err != nil {
			return err
		}
		return s.placed(ctx, tx, &e, verbChange, "")
	})
}

// standing is the area in which an actor acts on an application by a permission: its own where the actor's authority
// covers it, else the widest of its scope that lies in theirs, or of theirs that lies in its scope. "" for none.
func standing(a *authority.Actor, permission string, e *Application) string {
	if a.Can(permission, e.Area) {
		return e.Area
	}
	for _, held := range a.Scope(permission) {
		for _, area := range e.Areas {
			switch {
			case strings.HasPrefix(area, held):
				return area
			case strings.HasPrefix(held, area):
				return held
			}
		}
	}
	return ""
}

// visible tells whether an actor may read an application: drafts are the department's own.
func visible(a *authority.Actor, e *Application) bool {
	if e.draft() && !a.System && !a.In(e.Body) {
		return false
	}
	return standing(a, permRead, e) != ""
}

// judged is an application that the actor may see, for a verb that state, authority and guards allow. Errors: NotFound;
// those of flow.Take; Stale.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Application, error) {
	tx.Judged()
	e, err := s.find(ctx, tx, id)
	if err == nil && !visible(tx.Actor, &e) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	e.stand(tx.Actor, verb)
	_, err = lifecycle.Judge(&e, verb, tx.Actor, flow.Seen{Record: errs.Record{Subject: subject, ID: e.ID}, Version: e.Version, By: version})
	return e, err
}

// wide are the verbs that whoever has authority over a part of the scope may take, for that part.
var wide = map[flow.Verb]string{verbOpine: permOpine}

// stand says in which area the actor takes a verb.
func (e *Application) stand(a *authority.Actor, verb flow.Verb) {
	e.at = e.Area
	if p := wide[verb]; p != "" {
		if at := standing(a, p, e); at != "" {
			e.at = at
		}
	}
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take and flow.CheckInput; of handing in and admitting those of
// the check; NotFound; Stale.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		e, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(flow.State(e.State), verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		return s.take(ctx, tx, &e, t, in)
	})
}

// take carries out a verb that was judged: its effect, record, row and event.
func (s *Service) take(ctx context.Context, tx *audit.Tx, e *Application, t *transition, in flow.Input) error {
	before, state := record(e), flow.State(e.State)
	e.State = string(t.After(state))
	if err := s.effect(ctx, tx, e, t.Verb, in); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: actionOf(t), Area: e.Area, Subject: subject, SubjectID: e.ID, Before: before, After: record(e),
		Detail: map[string]any{"verb": t.Verb, "note": in.Note, "stance": in.Choice}})
	if err := updateApplication(ctx, tx, e); err != nil {
		return err
	}
	e.Version++
	if err := insertEvent(ctx, tx, e, t.Verb, in.Note); err != nil {
		return err
	}
	return s.told(ctx, tx, e, state)
}

// actionOf names a step in the audit log.
func actionOf(t *transition) string {
	if p := t.Permissions[0]; p != flow.System {
		return p
	}
	return subject + "." + string(t.Verb)
}

// resting are the states in which work may rest on an admission, or did and may again.
var resting = []flow.State{stateUnfunded, stateActive, stateProvisional, stateSuspended}

// told tells the observers what an admission has come to: it has ended, stands still, or goes on.
func (s *Service) told(ctx context.Context, tx *audit.Tx, e *Application, before flow.State) error {
	if e.Number == "" || !slices.Contains(resting, before) || flow.State(e.State) == before {
		return nil
	}
	out, observers := gate.Ending{Number: e.Number, Title: e.Name, State: e.State}, s.paused
	switch {
	case !lifecycle.IsOpen(flow.State(e.State)):
		observers = s.ended
		out.Reason = cmp.Or(e.Reason, s.Words.T(text.Chinese, "admission.application.state."+e.State))
	case !e.Live():
		out.Cause = gate.Cause(cmp.Or(e.Cause, string(gate.Funding)))
		out.Reason = cmp.Or(e.Reason, s.Words.T(text.Chinese, "admission.cause."+string(out.Cause)))
	}
	for _, o := range observers {
		if err := o(ctx, tx, out); err != nil {
			return err
		}
	}
	return nil
}
