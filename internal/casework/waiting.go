package casework

import (
	"context"
	"maps"
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// What waits for an actor (待我办) are the open cases on which the lifecycle offers them a step that
// carries the case on. Permission, area and unit of such a step bound the list and are answered by
// indexes that the unit or the area leads and the state follows. The guards that ask more, e.g. who did
// the work, are judged on the rows that were read, by the same functions that refuse the step.

// waitedSteps are the rows by which staff carry a case on from a state. A step that its reporter may
// take is waited for from the reporter.
func (m *Matter) waitedSteps(state flow.State) []*flow.Transition[*Case] {
	var out []*flow.Transition[*Case]
	for i := range m.Flow.Transitions {
		t := &m.Flow.Transitions[i]
		if t.Moves() && slices.Contains(t.From, state) && !slices.Contains(t.Permissions, flow.Reporter) && !slices.Contains(t.Permissions, flow.System) {
			out = append(out, t)
		}
	}
	return out
}

func ownUnitOnly(t *flow.Transition[*Case]) bool {
	return slices.ContainsFunc(t.Guards, func(g flow.Guard[*Case]) bool { return g.Unit })
}

// scopeWaiting adds a branch for each state in which a step waits for the actor: for each area in which
// any case may be carried on, and for each of the actor's bodies where only its own cases may.
func (s *Service) scopeWaiting(l *listing, a *authority.Actor, f Filter) {
	reads, readsOwn := a.Scope(permRead), a.Scope(permReadOwn)
	if f.Low {
		reads, readsOwn = both(reads, a.Scope(PermBoard)), both(readsOwn, a.Scope(PermBoard))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Matters)) {
		m := s.Matters[kind]
		for _, p := range m.Flow.Places {
			if !p.Open || f.Kind != "" && f.Kind != kind || f.State != "" && f.State != string(p.State) {
				continue
			}
			var wide, own []string
			for _, t := range m.waitedSteps(p.State) {
				for _, permission := range t.Permissions {
					scope := authority.Narrow(a.Scope(permission), f.Area)
					if !ownUnitOnly(t) {
						wide = append(wide, both(scope, reads)...)
					}
					own = append(own, both(scope, readsOwn)...)
				}
			}
			l.waitingIn(kind, p.State, authority.Outermost(wide), authority.Outermost(own), a.Bodies())
		}
	}
}

func (l *listing) waitingIn(kind string, state flow.State, wide, own, bodies []string) {
	at := func() string { return l.Term("kind = %s AND state = %s AND ", kind, string(state)) }
	for _, area := range wide {
		l.branches = append(l.branches, at()+l.at(area, true))
	}
	for _, area := range own {
		if slices.ContainsFunc(wide, func(w string) bool { return strings.HasPrefix(area, w) }) {
			continue // listed already
		}
		for _, body := range bodies {
			branch := at() + l.Term("unit_id = %s AND ", body) + l.Within(area)
			for _, w := range wide {
				if strings.HasPrefix(w, area) { // branches share no row
					branch += l.Term(" AND (area < %s OR area >= %s)", w, authority.After(w))
				}
			}
			l.branches = append(l.branches, branch)
		}
	}
}

// readWaiting reads the page at a cursor of what waits for the actor. Up to lookedMost cases are
// judged for it; a page that ends before it is full has a cursor that goes on from there.
func (s *Service) readWaiting(ctx context.Context, l *listing, limit int, at cursor) (Page, error) {
	of := *l
	of.terms, of.loose = slices.Concat(l.terms, l.loose), nil // the branches bound what is looked at
	var kept []Case
	var end cursor
	stands := at
	for looked, batch := 0, limit+1; end.ID == ""; batch = lookedAt {
		from := of
		from.terms, from.List = slices.Clone(of.terms), slices.Clone(of.List)
		from.after(stands)
		cases, err := db.All(ctx, s.Log.DB, scanCase, from.page(batch, at.Back), from.List...)
		if err != nil {
			return Page{}, err
		}
		waits, err := s.judge(ctx, cases)
		if err != nil {
			return Page{}, err
		}
		for i := range cases {
			if waits[i] {
				if len(kept) == limit {
					end = stands
					break
				}
				kept = append(kept, cases[i])
			}
			stands = cursorAt(&cases[i], l.up)
			stands.Back = at.Back
		}
		if len(cases) < batch {
			break
		}
		if looked += len(cases); end.ID == "" && looked >= lookedMost {
			end = stands
		}
	}
	if kept == nil {
		kept = []Case{}
	}
	return paged(kept, at, end, l.up), nil
}

// countWaiting counts up to [countMost].
func (s *Service) countWaiting(ctx context.Context, l *listing) (int, error) {
	if len(l.branches) == 0 {
		return 0, nil
	}
	p, err := s.readWaiting(ctx, l, countMost, cursor{})
	return len(p.Cases), err
}

// leaveBlocked leaves out of what was found by words the cases that the actor cannot carry on.
func (s *Service) leaveBlocked(ctx context.Context, found map[string]Case) error {
	cases := slices.Collect(maps.Values(found))
	waits, err := s.judge(ctx, cases)
	for i := range waits {
		if !waits[i] {
			delete(found, cases[i].ID)
		}
	}
	return err
}

// judge tells of each case whether the guards, too, let the actor carry it on. What the guards ask of
// the timeline is read for all cases at once.
func (s *Service) judge(ctx context.Context, cases []Case) ([]bool, error) {
	out := make([]bool, len(cases))
	if len(cases) == 0 {
		return out, nil
	}
	a, now := authority.From(ctx), clock.Now(ctx)
	some, shards, ids := make([]*Case, len(cases)), make([]string, len(cases)), make([]string, len(cases))
	for i := range cases {
		some[i], shards[i], ids[i] = &cases[i], cases[i].Shard, cases[i].ID
	}
	hands, err := s.handsOf(ctx, s.Log.DB, some)
	if err != nil {
		return nil, err
	}
	parts, err := partsOf(ctx, s.Log.DB, shards, ids)
	if err != nil {
		return nil, err
	}
	for i, c := range some {
		m := s.Matters[c.Kind]
		c.now, c.Standing.Hands, c.Standing.Parts = now, hands[c.ID], parts[c.ID]
		out[i] = slices.ContainsFunc(m.waitedSteps(c.State), func(t *flow.Transition[*Case]) bool { return m.Flow.Offers(t, c, a) })
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
	steps := m.waitedSteps(c.State)
	if len(steps) == 0 {
		reporters := func(t flow.Transition[*Case]) bool {
			return t.Moves() && slices.Contains(t.From, c.State) && slices.Contains(t.Permissions, flow.Reporter)
		}
		if slices.ContainsFunc(m.Flow.Transitions, reporters) {
			return &Waits{Reporter: true, Roles: []string{}}
		}
		return nil
	}
	w := &Waits{Unit: s.unit(c.Unit), Roles: []string{}}
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
	if !ownUnitOnly(t) {
		return true
	}
	level := s.Registry.BodyLevel(c.Unit)
	return level == 0 || slices.Contains(registry.RoleLevels[role], level)
}
