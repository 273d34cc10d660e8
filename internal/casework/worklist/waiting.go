package worklist

import (
	"context"
	"maps"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// What waits for an actor (待我办) are the open cases on which the lifecycle offers them a step that
// carries the case on. Permission, area and unit of such a step bound the list and are answered by
// indexes that the unit or the area leads and the state follows. The guards that ask more, e.g. who did
// the work, are judged on the rows that were read, by the same functions that refuse the step.

// scopeWaiting adds a branch for each state in which a step waits for the actor: for each area in which
// any case may be carried on, and for each of the actor's bodies where only its own cases may.
func (s *Service) scopeWaiting(l *listing, a *authority.Actor, f Filter) {
	reads, readsOwn := a.Scope(casework.PermRead), a.Scope(casework.PermReadOwn)
	if f.Low {
		reads, readsOwn = both(reads, a.Scope(casework.PermBoard)), both(readsOwn, a.Scope(casework.PermBoard))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Cases.Matters)) {
		m := s.Cases.Matters[kind]
		for _, p := range m.Flow.Nodes {
			if !p.Open || f.Kind != "" && f.Kind != kind || f.State != "" && f.State != string(p.State) {
				continue
			}
			var wide, own []string
			for _, t := range m.WaitedSteps(p.State) {
				for _, permission := range t.Permissions {
					scope := authority.Narrow(a.Scope(permission), f.Area)
					if !casework.OwnUnitOnly(t) {
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
					branch += l.Term(" AND (area < %s OR area >= %s)", w, authority.PrefixEnd(w))
				}
			}
			l.branches = append(l.branches, branch)
		}
	}
}

// readWaiting reads the page at a cursor of what waits for the actor. Up to lookedMost cases are
// judged for it; a page that ends before it is full has a cursor that goes on from there.
func (s *Service) readWaiting(ctx context.Context, l *listing, limit int, at casework.Cursor) (Page, error) {
	of := *l
	of.terms, of.loose = slices.Concat(l.terms, l.loose), nil // the branches bound what is looked at
	var kept []casework.Case
	var end casework.Cursor
	stands := at
	for looked, batch := 0, limit+1; end.ID == ""; batch = lookedAt {
		from := of
		from.terms, from.List = slices.Clone(of.terms), slices.Clone(of.List)
		from.after(stands)
		cases, err := db.All(ctx, s.Cases.Log.DB, casework.ScanCase, from.page(batch, at.Back), from.List...)
		if err != nil {
			return Page{}, err
		}
		waits, err := s.Cases.Judge(ctx, cases)
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
		kept = []casework.Case{}
	}
	return paged(kept, at, end, l.up), nil
}

// countWaiting counts up to [countMost].
func (s *Service) countWaiting(ctx context.Context, l *listing) (int, error) {
	if len(l.branches) == 0 {
		return 0, nil
	}
	p, err := s.readWaiting(ctx, l, countMost, casework.Cursor{})
	return len(p.Cases), err
}

// leaveBlocked leaves out of what was found by words the cases that the actor cannot carry on.
func (s *Service) leaveBlocked(ctx context.Context, found map[string]casework.Case) error {
	cases := slices.Collect(maps.Values(found))
	waits, err := s.Cases.Judge(ctx, cases)
	for i := range waits {
		if !waits[i] {
			delete(found, cases[i].ID)
		}
	}
	return err
}
