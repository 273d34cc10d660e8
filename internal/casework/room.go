package casework

import (
	"context"
	"maps"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Room is what a package above the spine adds to cases, given once at start; whatever it leaves out is nothing. Rooms
// are asked in the order in which they were added. docs/steps.md tells when each is asked.
type Room struct {
	Prechecks map[flow.Verb]Precheck // of steps, before their write
	Opening   Opening
	Effects   map[flow.Verb]Effect // of its verbs
	Observe   Observer             // of every change

	Guards   GuardReader // what guards ask of one case
	Work     WorkReader  // and of many at once
	Merged   HandReader  // steps taken on what is merged into a case
	Withhold map[flow.Verb]Withholder
	Admit    Admission // who else reads a case

	Sections []Section
	Describe Describer

	Relocate Relocation
}

// Precheck refuses a step before its write begins; what it reads may be slow. Errors: those of the step.
type Precheck func(ctx context.Context, in MoveInput) error

// Opening is what a room adds to the opening of a case; either may be nil.
type Opening struct {
	// Check refuses before the write begins.
	Check func(ctx context.Context, n *NewCase) error
	// Add runs inside the write, after the module has added its part and before observers are told.
	Add func(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, n *NewCase) error
}

// Effect is what one of the spine's or of its rooms' own verbs does, whatever the matter, after the state
// has changed and before the matter does its part. What a verb asks first, its row says; a verb without
// an effect is the matter's alone.
type Effect func(ctx context.Context, tx *audit.Tx, st *TakenStep) error

// Observer does what follows from a change: counters, search, notifications, alerts. It runs inside the
// write, in the order of the rooms; what it refuses, nothing of the write stands.
type Observer func(ctx context.Context, tx *audit.Tx, ch *Change) error

// GuardReader reads into a case's Standing what guards ask beside its row: those of one verb, or of every
// verb for "".
type GuardReader func(ctx context.Context, r db.Reader, c *Case, verb flow.Verb) error

// WorkReader reads into the Standing of many cases at once what the guards of the steps ask by which staff carry
// them on: for lists of work.
type WorkReader func(ctx context.Context, r db.Reader, cases []*Case) error

// HandReader reads by case the steps that accounts took on what is merged into it, the first step first.
type HandReader func(ctx context.Context, r db.Reader, cases []*Case) (map[string][]HandStep, error)

// Withholder tells whether a step that the lifecycle allows is not offered for a reason of its room.
type Withholder func(ctx context.Context, r db.Reader, c *Case) (bool, error)

// Admission tells whether an actor may read a case for a reason of a room, beside [Service.MayRead]: whoever it
// admits has a hand in the case and reads its words whole.
type Admission func(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error)

// Describer adds to a page what a room knows of a case, as far as the context's actor may see it.
type Describer func(ctx context.Context, r db.Reader, p *Described) error

// Relocation is what follows a reorganisation of the register beside the cases; either may be nil.
type Relocation struct {
	Before func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error // cases still stand where they stood
	After  func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error // cases stand where they will
}

// rooms are what the rooms have added, put together by what is asked of them.
type rooms struct {
	prechecks   map[flow.Verb]Precheck
	openings    []Opening
	effects     map[flow.Verb]Effect
	observers   []Observer
	guards      []GuardReader
	work        []WorkReader
	merged      []HandReader
	withheld    map[flow.Verb]Withholder
	admissions  []Admission
	sections    []Section
	describers  []Describer
	relocations []Relocation
}

// Add adds a room, once at start.
func (s *Service) Add(r Room) {
	if s.rooms.effects == nil {
		s.rooms.effects, s.rooms.prechecks, s.rooms.withheld = map[flow.Verb]Effect{}, map[flow.Verb]Precheck{}, map[flow.Verb]Withholder{}
	}
	maps.Copy(s.prechecks, r.Prechecks)
	maps.Copy(s.effects, r.Effects)
	maps.Copy(s.withheld, r.Withhold)
	s.openings = append(s.openings, r.Opening)
	s.relocations = append(s.relocations, r.Relocate)
	s.sections = append(s.sections, r.Sections...)
	s.observers = given(s.observers, r.Observe, r.Observe != nil)
	s.guards = given(s.guards, r.Guards, r.Guards != nil)
	s.work = given(s.work, r.Work, r.Work != nil)
	s.merged = given(s.merged, r.Merged, r.Merged != nil)
	s.admissions = given(s.admissions, r.Admit, r.Admit != nil)
	s.describers = given(s.describers, r.Describe, r.Describe != nil)
}

// given appends what a room has given.
func given[F any](all []F, f F, is bool) []F {
	if is {
		return append(all, f)
	}
	return all
}

// admits tells whether a room lets the actor read a case.
func (s *Service) admits(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	for _, admit := range s.admissions {
		if may, err := admit(ctx, r, a, c); may || err != nil {
			return may, err
		}
	}
	return false, nil
}
