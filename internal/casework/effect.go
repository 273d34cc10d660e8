package casework

import (
	"context"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// TakenStep is a row of a lifecycle while it is taken on a case.
type TakenStep struct {
	Matter *Matter
	Case   *Case
	Verb   flow.Verb
	In     *flow.Input
	Asked  MoveInput

	Other string // unit that it concerns beside the responsible one
	Level int    // of a rating
}

// Effect is what one of the spine's or of its rooms' own verbs does, whatever the matter, after the state
// has changed and before the matter does its part. What a verb asks first, its row says; a verb without
// an effect is the matter's alone.
type Effect func(ctx context.Context, tx *audit.Tx, st *TakenStep) error

// Effect registers what a verb does, once at start.
func (s *Service) Effect(verb flow.Verb, does Effect) {
	if s.effects == nil {
		s.effects = map[flow.Verb]Effect{}
	}
	s.effects[verb] = does
}

// Precheck refuses a step before its write begins; what it reads may be slow. Errors: those of the step.
type Precheck func(ctx context.Context, in MoveInput) error

// Precheck registers what is asked before a verb's write, once at start.
func (s *Service) Precheck(verb flow.Verb, check Precheck) {
	if s.prechecks == nil {
		s.prechecks = map[flow.Verb]Precheck{}
	}
	s.prechecks[verb] = check
}

// Opening is what a room adds to the opening of a case; either may be nil.
type Opening struct {
	// Check refuses before the write begins.
	Check func(ctx context.Context, n *NewCase) error
	// Add runs inside the write, after the module has added its part and before observers are told.
	Add func(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, n *NewCase) error
}

// Opening registers what is added to every opening, once at start.
func (s *Service) Opening(o Opening) { s.openings = append(s.openings, o) }

// Change is what became of a case inside one write, before its row is saved.
type Change struct {
	Matter *Matter
	Before *Case    // nil for a case that was opened just now
	Case   *Case    // as it will be saved
	Event  *Event   // nil where nothing was written on the timeline
	New    *NewCase // what opened it just now, or nil
	Words  []string // of a case that was opened just now: the words of its texts
	Erased bool     // its texts were taken out
}

// Ended tells whether the change has closed the case.
func (ch *Change) Ended() bool { return ch.Before != nil && ch.Before.Open && !ch.Case.Open }

// Reopened tells whether the change has opened a closed case again.
func (ch *Change) Reopened() bool { return ch.Before != nil && !ch.Before.Open && ch.Case.Open }

// Observer does what follows from a change: counters, search, notifications, alerts. It runs inside the
// write, in the order in which observers were registered; what it refuses, nothing of the write stands.
type Observer func(ctx context.Context, tx *audit.Tx, ch *Change) error

// Observe registers an observer, once at start.
func (s *Service) Observe(o Observer) { s.observers = append(s.observers, o) }

// Happened tells the observers of a change.
func (s *Service) Happened(ctx context.Context, tx *audit.Tx, ch Change) error {
	for _, o := range s.observers {
		if err := o(ctx, tx, &ch); err != nil {
			return err
		}
	}
	return nil
}

// Described is a case while it is described to a reader.
type Described struct {
	Matter *Matter
	Case   *Case
	Person *people.Person
	Events []Event
	*Detail
}

// Describer adds to a page what a room knows of a case, as far as the context's actor may see it.
type Describer func(ctx context.Context, r db.Reader, p *Described) error

// Describe registers a describer, once at start.
func (s *Service) Describe(d Describer) { s.describers = append(s.describers, d) }

// Withholder tells whether a step that the lifecycle allows is not offered for a reason of its room.
type Withholder func(ctx context.Context, r db.Reader, c *Case) (bool, error)

// Withhold registers when a verb is not offered, once at start.
func (s *Service) Withhold(verb flow.Verb, when Withholder) {
	if s.withheld == nil {
		s.withheld = map[flow.Verb]Withholder{}
	}
	s.withheld[verb] = when
}

// Personal is what a room holds of a reporter beside the case.
type Personal struct {
	// Held adds it to their copy; nil for nothing.
	Held func(ctx context.Context, r db.Reader, m *Matter, c *Case, v *people.HeldCase) error
	// Contents are the digests of stored contents that its rows name, discarded after the write that erases them; nil for none.
	Contents func(ctx context.Context, r db.Reader, c *Case) ([]string, error)
	// Erase are statements that delete it on their request, by shard and case.
	Erase []string
}

// Personal registers what a room holds, once at start.
func (s *Service) Personal(p Personal) { s.personal = append(s.personal, p) }

// Relocation is what follows a reorganisation of the register beside the cases; either may be nil.
type Relocation struct {
	Before func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error // cases still stand where they stood
	After  func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error // cases stand where they will
}

// Relocate registers what follows a reorganisation, once at start.
func (s *Service) Relocate(r Relocation) { s.relocations = append(s.relocations, r) }

// Admission tells whether an actor may read a case for a reason of a room, beside [Service.MayRead]: whoever it
// admits has a hand in the case and reads its words whole.
type Admission func(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error)

// Admit registers who else may read a case, once at start.
func (s *Service) Admit(a Admission) { s.admissions = append(s.admissions, a) }

// admits tells whether a room lets the actor read a case.
func (s *Service) admits(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	for _, admit := range s.admissions {
		if may, err := admit(ctx, r, a, c); may || err != nil {
			return may, err
		}
	}
	return false, nil
}
