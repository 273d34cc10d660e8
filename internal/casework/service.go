package casework

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/gram"
	"linli/internal/platform/limit"
	"linli/internal/platform/notify"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/routing"
)

// Service runs cases.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	People   *people.Service
	Calendar *calendar.Cache
	Rules    *rule.Cache
	Accounts Accounts
	Words    Words
	Routing  *routing.Service
	Counters Counters
	Outbox   *notify.Outbox
	Limits   *limit.Limiter
	Policy   *authority.Policy // of all modules, set once they are put together
	Gate     gate.Gate         // what lets departments' requests through to communities; admission answers
	Ledger   gate.Ledger       // counts them, or nil; burden answers

	Matters map[string]*Matter // kinds of case

	rooms

	warned sync.Map // calendar year → true, once its lack was told
}

// Bring registers a kind of case, once at start.
func (s *Service) Bring(m *Matter) {
	if s.Matters == nil {
		s.Matters = map[string]*Matter{}
	}
	standStill(m.Flow)
	m.Flow.Check()
	s.Matters[m.Kind] = m
}

// Kinds are the kinds of case that modules brought.
func (s *Service) Kinds() []string { return slices.Sorted(maps.Keys(s.Matters)) }

// Apart are the kinds that boards and the indicators of all kinds leave out.
func (s *Service) Apart() []string {
	return slices.DeleteFunc(s.Kinds(), func(kind string) bool { return !s.Matters[kind].Apart })
}

// Permissions of the spine.
const (
	PermRead    = "casework.case.read"     // every case of the area
	PermBoard   = "casework.board.read"    // figures of the area, and ratings
	PermReadOwn = "casework.case.read_own" // cases of one's own unit or hands
)

// OwnUnit is the guard of steps that only the responsible unit takes.
var OwnUnit = flow.Guard[*Case]{Key: "casework.not_your_unit", Rule: "casework.own_unit", Unit: true,
	Holds: func(c *Case, a *authority.Actor) bool { return a.In(c.Unit) }}

const maxTitle = 100 // characters

type replay struct{ opened Opened }

func (r *replay) Error() string { return "case is open already" }

// Open opens a case inside one audited write, together with what the module adds. A client key
// that was used before answers with the case it opened. Errors: Invalid with the fields of a
// wrong reporter; NotFound for an area that is not a community or grid.
func (s *Service) Open(ctx context.Context, n NewCase, add func(tx *audit.Tx, c *Case) error) (Opened, error) {
	m := s.Matters[n.Kind]
	area, ok := s.Registry.Current(n.Area) // a device that was away may still know the former code
	n.Area = area.Code
	if !ok || area.Level < registry.LevelCommunity {
		return Opened{}, errs.ErrInvalid.At("area", "field.community")
	}
	if err := mayState(ctx, n.Channel); err != nil {
		return Opened{}, err
	}
	if err := n.Reporter.Check(ctx, "reporter"); err != nil {
		return Opened{}, err
	}
	if n.ClientKey == "" {
		n.ClientKey = uuid.NewString()
	}
	for _, o := range s.openings {
		if o.Check == nil {
			continue
		}
		if err := o.Check(ctx, &n); err != nil {
			if again, failed := isRepeated(ctx, s.Log.DB, &n); failed != nil || !again {
				return Opened{}, errors.Join(err, failed)
			}
		}
	}
	bound, err := s.bind(ctx, &n)
	if err != nil {
		return Opened{}, err
	}
	var out Opened
	words := gram.Of(Clip(n.Title, maxTitle), n.Place.Text, n.Words) // before the write, which others wait for
	err = s.Registry.Retry(ctx, func() error {
		return s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged() // whoever may open is judged by the module's route
			var err error
			var e Event
			if out, e, err = s.open(ctx, tx, m, n, bound); err != nil {
				return err
			}
			if err := add(tx, &out.Case); err != nil {
				return err
			}
			for _, o := range s.openings {
				if o.Add == nil {
					continue
				}
				if err := o.Add(ctx, tx, m, &out.Case, &n); err != nil {
					return err
				}
			}
			return s.observe(ctx, tx, &Change{Matter: m, Case: &out.Case, Event: &e, New: &n, Words: words})
		})
	})
	var again *replay
	switch {
	case errors.As(err, &again):
		return again.opened, nil
	case err == nil && out.Case.Clock.Year > 0:
		s.warnUnsettled(ctx, &out.Case)
	}
	return out, err
}

func (s *Service) open(ctx context.Context, tx *audit.Tx, m *Matter, n NewCase, bound string) (Opened, Event, error) {
	area, ok, err := s.Registry.CurrentIn(ctx, tx, n.Area)
	if err != nil {
		return Opened{}, Event{}, err
	}
	if !ok {
		return Opened{}, Event{}, errs.ErrStale
	}
	n.Area = area.Code
	shard := db.Shard(n.Area)
	c := Case{Shard: shard, ID: shard + "-" + db.NewID(ctx), Kind: n.Kind, Subject: n.Subject, Title: Clip(n.Title, maxTitle),
		State: m.Flow.Start, Open: true, Area: n.Area, Unit: n.Unit, Channel: n.Channel, Place: n.Place,
		ReportedAt: clock.Millis(tx.Now)}
	c.Start(s.Calendar.Now(), tx.Now, n.Promised, n.Statutory)
	if c.Number, err = nextNumber(ctx, tx, shard); err != nil {
		return Opened{}, Event{}, err
	}
	if c.Person, err = s.People.Keep(ctx, tx, n.Area, n.Reporter); err != nil {
		return Opened{}, Event{}, err
	}
	e := Event{Verb: m.Opening, To: c.State, Tells: true, Data: EventData{Unit: c.Unit, Files: n.Files}}
	s.Sign(tx, &c, &e, PermReadOwn, c.Unit)
	if err := insertEvent(ctx, tx, &c, &e); err != nil {
		return Opened{}, Event{}, err
	}
	code := s.CodeOf(&c)
	if fresh, err := insertCase(ctx, tx, &c, n.ClientKey, bound, s.CodeHash(code)); err != nil {
		return Opened{}, Event{}, err
	} else if !fresh {
		return Opened{}, Event{}, s.again(ctx, tx, shard, n.ClientKey, bound)
	}
	tx.Record(audit.Entry{Action: m.Flow.Name + "." + string(m.Opening), Area: c.Area, Subject: subject, SubjectID: c.ID,
		After: map[string]any{"number": c.Number, "subject": c.Subject, "channel": c.Channel, "state": c.State, "unit": c.Unit}})
	return Opened{c, code}, e, nil
}

// Sign puts the actor's name under an event.
// The body is the one that was responsible when the step was taken, where the actor is of it, else the
// actor's own.
func (s *Service) Sign(tx *audit.Tx, c *Case, e *Event, permission, responsible string) {
	e.ActorID, e.ActorName = tx.Actor.ID, tx.Actor.Name
	if e.Data.By = tx.Actor.BodyFor(permission, c.Area, responsible); e.Data.By != "" {
		e.Data.ByName = s.Registry.BodyName(e.Data.By)
	}
	switch {
	case tx.Actor.SignedIn():
		e.ActorRole = string(tx.Actor.RoleFor(permission, c.Area))
	case tx.Actor.System:
		e.ActorRole = flow.System
	default:
		e.ActorRole = flow.Reporter
	}
}

// MoveInput is a step that somebody takes on a case.
type MoveInput struct {
	ID      string
	Version int64 // the version that the actor saw; 0 to take whatever is there
	Verb    flow.Verb
	flow.Input
	Level  int   // of a rating
	Solved *bool // of a rating: what the reporter answered, or nil
}

// Move takes one row of a case's lifecycle. Errors: NotFound outside what the actor may see;
// Stale when somebody changed the case since; else what flow.Take and the module refuse.
func (s *Service) Move(ctx context.Context, kind string, in MoveInput) (Case, error) {
	var out Case
	if check := s.prechecks[in.Verb]; check != nil {
		if err := check(ctx, in); err != nil {
			return out, err
		}
	}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		c, err := FindCase(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		m := s.Matters[c.Kind]
		may, err := s.MayReadIn(ctx, tx, tx.Actor, &c)
		if err != nil {
			return err
		}
		if m == nil || c.Kind != kind || !may {
			return errs.ErrNotFound
		}
		tx.Judged()
		if err := s.move(ctx, tx, m, &c, in); err != nil {
			return err
		}
		out = c
		return nil
	})
	if err == nil && out.Clock.Year > 0 {
		s.warnUnsettled(ctx, &out)
	}
	return out, err
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, in MoveInput) error {
	t, err := s.take(ctx, tx, m, c, &in)
	if err != nil {
		return err
	}
	before := *c
	st := TakenStep{Matter: m, Case: c, Verb: t.Verb, In: &in.Input, Asked: in}
	late := c.pass(tx, m, t)
	if does := s.effects[t.Verb]; does != nil {
		if err := does(ctx, tx, &st); err != nil {
			return err
		}
	}
	if err := m.Moved(ctx, tx, c, t, st.In); err != nil {
		return err
	}
	switch {
	case c.Unit != before.Unit:
		c.Handler = ""
	case tx.Actor.SignedIn() && t.To != flow.Stay:
		c.Handler = tx.Actor.ID
	}
	if before.Open && !c.Open {
		c.Close(tx.Now)
	}
	return s.Amend(ctx, tx, Change{Before: &before, Case: c, Event: s.stepEvent(tx, t, &before, &st, late)},
		audit.Entry{Action: m.Flow.Name + "." + string(in.Verb),
			Before: map[string]any{"state": before.State, "unit": before.Unit}, After: map[string]any{"state": c.State, "unit": c.Unit}})
}

// take is the row of the lifecycle that a step takes. Errors: what flow.Take and flow.CheckInput refuse;
// Stale.
func (s *Service) take(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, in *MoveInput) (*flow.Transition[*Case], error) {
	c.now = tx.Now
	if err := s.stand(ctx, tx, m, c, in.Verb); err != nil {
		return nil, err
	}
	t, err := m.Flow.Take(c, in.Verb, tx.Actor)
	if err != nil {
		return nil, err
	}
	if in.Version != 0 && in.Version != c.Version {
		return nil, StaleStep("", c)
	}
	return t, flow.CheckInput(t.Fields, &in.Input)
}

// pass brings a case into the state to which a row leads, and tells whether the stage that ends was
// overdue.
func (c *Case) pass(tx *audit.Tx, m *Matter, t *flow.Transition[*Case]) (late bool) {
	c.State = t.After(c.State)
	c.Open = m.Flow.IsOpen(c.State)
	if c.Open { // it was closed before, perhaps
		c.Reopen()
	}
	c.Decide(t)
	if t.Works {
		c.Worker = tx.Actor.ID
	}
	return c.Clock.Due != nil && clock.Millis(tx.Now) > *c.Clock.Due
}

// stepEvent is a step as the timeline keeps it.
func (s *Service) stepEvent(tx *audit.Tx, t *flow.Transition[*Case], before *Case, st *TakenStep, late bool) *Event {
	c, in := st.Case, st.In
	e := &Event{Verb: st.Verb, From: before.State, To: c.State, Note: in.Note, Tells: t.Tells,
		Data: EventData{Unit: c.Unit, Other: st.Other, Lines: in.Lines, Choice: in.Choice, Level: st.Level, Files: in.Files,
			Day: in.Day, Number: in.Number, Case: in.Case, Late: late}}
	s.Sign(tx, c, e, t.Permissions[0], before.Unit)
	return e
}

// Station is the service station of an area's community, where cases come in and go out; ""
// while the community has none.
func (s *Service) Station(ctx context.Context, r db.Reader, area string) (string, error) {
	b, err := s.Registry.BodyFor(ctx, r, area, registry.BodyStation, "", registry.LevelCommunity)
	if err != nil && errs.Of(err).Kind == errs.NotFound {
		return "", nil
	}
	return b.ID, err
}

// MayRead tells whether the actor may see a case: its reporter, who oversees the area, and who
// is or was responsible for it.
func (s *Service) MayRead(a *authority.Actor, c *Case) bool {
	switch {
	case a.Case == c.ID, a.Can(PermRead, c.Area):
		return true
	case !a.Can(PermReadOwn, c.Area):
		return false
	}
	return a.In(c.Unit) || c.Handler == a.ID || c.Worker == a.ID
}

// MayReadIn is MayRead, and for whom a room admits.
func (s *Service) MayReadIn(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	if s.MayRead(a, c) {
		return true, nil
	}
	return s.admits(ctx, r, a, c)
}

// Find reads a case that the context's actor may see; NotFound for others, so that nobody
// learns which exist.
func (s *Service) Find(ctx context.Context, id string) (Case, error) {
	c, err := FindCase(ctx, s.Log.DB, id)
	if err != nil {
		return c, err
	}
	may, err := s.MayReadIn(ctx, s.Log.DB, authority.From(ctx), &c)
	if err == nil && !may {
		return Case{}, errs.ErrNotFound
	}
	return c, err
}

// Clip is the beginning of a text in one line, with … where it goes on.
func Clip(s string, max int) string { return fold.Clip(strings.Join(strings.Fields(s), " "), max) }
