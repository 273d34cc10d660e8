package casework

import (
	"context"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// WaitedSteps are the rows by which staff carry a case on from a state. A step that its reporter may
// take is waited for from the reporter.
func (m *Matter) WaitedSteps(state flow.State) []*flow.Transition[*Case] {
	var out []*flow.Transition[*Case]
	for i := range m.Flow.Transitions {
		t := &m.Flow.Transitions[i]
		if t.Moves() && slices.Contains(t.From, state) && !slices.Contains(t.Permissions, flow.Reporter) &&
			!slices.Contains(t.Permissions, flow.System) {
			out = append(out, t)
		}
	}
	return out
}

// OwnUnitOnly tells whether a step is for members of the responsible unit alone.
func OwnUnitOnly(t *flow.Transition[*Case]) bool {
	return slices.ContainsFunc(t.Guards, func(g flow.Guard[*Case]) bool { return g.Unit })
}

// Judge tells of each case whether the guards, too, let the actor carry it on. What the guards ask of
// the timeline is read for all cases at once.
func (s *Service) Judge(ctx context.Context, cases []Case) ([]bool, error) {
	out := make([]bool, len(cases))
	if len(cases) == 0 {
		return out, nil
	}
	a, now := authority.From(ctx), clock.Now(ctx)
	some := make([]*Case, len(cases))
	for i := range cases {
		some[i] = &cases[i]
	}
	hands, err := s.handsOf(ctx, s.Log.DB, some)
	if err != nil {
		return nil, err
	}
	for _, read := range s.work {
		if err := read(ctx, s.Log.DB, some); err != nil {
			return nil, err
		}
	}
	for i, c := range some {
		m := s.Matters[c.Kind]
		c.now, c.Standing.Participants = now, hands[c.ID]
		out[i] = slices.ContainsFunc(m.WaitedSteps(c.State), func(t *flow.Transition[*Case]) bool { return m.Flow.Offers(t, c, a) })
	}
	return out, nil
}

// Waits says for whom an open case waits: its reporter, or whoever holds one of the roles, in the name
// of the unit where there is one.
type Waits struct {
	Reporter bool     `json:"reporter" doc:"The next step is the reporter's"`
	Unit     *Named   `json:"unit,omitempty" doc:"Body whose step it is"`
	Roles    []string `json:"roles" doc:"Whoever holds one of these takes the next step"`
}

// waitsFor is for whom a case waits; nil when it is closed or suspended, or waits for another case.
func (s *Service) waitsFor(c *Case) *Waits {
	if !c.Open || c.Clock.Suspended() {
		return nil
	}
	m := s.Matters[c.Kind]
	steps := m.WaitedSteps(c.State)
	if len(steps) == 0 {
		reporters := func(t flow.Transition[*Case]) bool {
			return t.Moves() && slices.Contains(t.From, c.State) && slices.Contains(t.Permissions, flow.Reporter)
		}
		if slices.ContainsFunc(m.Flow.Transitions, reporters) {
			return &Waits{Reporter: true, Roles: []string{}}
		}
		return nil
	}
	w := &Waits{Unit: s.Unit(c.Unit), Roles: []string{}}
	for _, role := range registry.Roles {
		if slices.ContainsFunc(steps, func(t *flow.Transition[*Case]) bool { return s.takes(role, t, c) }) {
			w.Roles = append(w.Roles, string(role))
		}
	}
	return w
}

// takes tells whether a role holds a step of a case. A step of the responsible unit is for roles that
// are given at the unit's level.
func (s *Service) takes(role authority.Role, t *flow.Transition[*Case], c *Case) bool {
	if !slices.ContainsFunc(t.Permissions, func(p string) bool { return s.Policy.Holds(role, p) }) {
		return false
	}
	if !OwnUnitOnly(t) {
		return true
	}
	level := s.Registry.BodyLevel(c.Unit)
	return level == 0 || slices.Contains(registry.RoleLevels[role], level)
}
