package registry

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Bodies lists the bodies of an area with their members: the six of a community in their order,
// then others by department.
func (s *Service) Bodies(ctx context.Context, area string) ([]Body, error) {
	bodies, err := ListBodies(ctx, s.Log.DB, area)
	if err != nil {
		return nil, err
	}
	members, err := ListMembersOf(ctx, s.Log.DB, area, "")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(bodies, func(a, b Body) int {
		if n := slices.Index(CommunityBodies, a.Kind) - slices.Index(CommunityBodies, b.Kind); n != 0 {
			return n
		}
		return strings.Compare(a.Department, b.Department)
	})
	for i := range bodies {
		for _, m := range members {
			if m.BodyID == bodies[i].ID {
				bodies[i].Members = append(bodies[i].Members, m)
			}
		}
	}
	return bodies, nil
}

// PickBodies lists bodies without members at, above and below an area, and the cursor of the
// next page.
func (s *Service) PickBodies(ctx context.Context, f BodyFilter) ([]Body, string, error) {
	limit := f.Limit
	f.Limit++
	bodies, err := pickBodies(ctx, s.Log.DB, f)
	if err != nil || len(bodies) <= limit {
		return bodies, "", err
	}
	last := bodies[limit-1]
	return bodies[:limit], last.Area + "|" + last.Kind + "|" + last.Department, nil
}

// Body is a body with its members; errs.ErrNotFound without one.
func (s *Service) Body(ctx context.Context, r db.Reader, id string) (Body, error) {
	b, err := FindBody(ctx, r, id)
	if db.IsNone(err) {
		return b, errs.ErrNotFound
	}
	if err != nil {
		return b, err
	}
	b.Members, err = listMembers(ctx, r, id)
	return b, err
}

type bodyName struct {
	revision int64
	name     string
	area     string // "" of one that was closed
}

// BodyName is the name of a body, kept in memory; "" when there is none.
func (s *Service) BodyName(id string) string { return s.bodyNamed(id).name }

// BodyRevision counts the changes of bodies and their members: what is worked out of them holds for one revision.
func (s *Service) BodyRevision() int64 { return s.bodies.Load() }

// BodyLevel is the level of the area that a body serves, kept in memory; 0 when there is none.
func (s *Service) BodyLevel(id string) int {
	a, _ := s.Area(s.bodyNamed(id).area)
	return a.Level
}

func (s *Service) bodyNamed(id string) bodyName {
	revision := s.bodies.Load()
	if kept, ok := s.names.Load(id); ok && kept.(bodyName).revision == revision {
		return kept.(bodyName)
	}
	if id == "" {
		return bodyName{}
	}
	b, err := FindBody(context.Background(), s.Log.DB, id)
	if db.IsNone(err) {
		b.Name, err = closedBodyName(context.Background(), s.Log.DB, id)
	}
	if err != nil {
		return bodyName{}
	}
	found := bodyName{revision, b.Name, b.Area}
	s.names.Store(id, found)
	return found
}

// Responsible is the body that a route names for an area: a department at the ancestor of that
// level, or the community's own service station where the route says station. Errors as BodyFor.
func (s *Service) Responsible(ctx context.Context, r db.Reader, area, department string, level int) (Body, error) {
	if department == BodyStation {
		return s.BodyFor(ctx, r, area, BodyStation, "", LevelCommunity)
	}
	return s.BodyFor(ctx, r, area, BodyDepartment, department, level)
}

// BodyFor is the body (without members) of a kind, and of a department when the kind is
// BodyDepartment, at the area of the given level on the path of area. Without one it refuses by
// the key registry.body.missing.
func (s *Service) BodyFor(ctx context.Context, r db.Reader, area, kind, department string, level int) (Body, error) {
	what := errs.Key("registry.body." + kind)
	if kind == BodyDepartment {
		what = errs.Key("registry.department." + department)
	}
	missing := errs.New(errs.NotFound, "registry.body.missing")
	if level < LevelCity || level > LevelGrid || len(area) < levelLength[level] {
		return Body{}, missing.With("area", s.AreaName(area), "kind", what)
	}
	code := area[:levelLength[level]]
	b, err := s.bodyOf(ctx, r, code, kind, department)
	if db.IsNone(err) {
		return Body{}, missing.With("area", s.AreaName(code), "kind", what)
	}
	return b, err
}

// bodyOf finds a body of an area; for who reads outside of a write it is kept in memory, as names are.
func (s *Service) bodyOf(ctx context.Context, r db.Reader, area, kind, department string) (Body, error) {
	if r != db.Reader(s.Log.DB) {
		return FindBodyOf(ctx, r, area, kind, department)
	}
	type ofArea struct{ area, kind, department string }
	type found struct {
		revision int64
		body     Body
	}
	key, revision := ofArea{area, kind, department}, s.bodies.Load()
	if kept, ok := s.bodiesOf.Load(key); ok && kept.(found).revision == revision {
		return kept.(found).body, nil
	}
	b, err := FindBodyOf(ctx, r, area, kind, department)
	if err == nil {
		s.bodiesOf.Store(key, found{revision, b})
	}
	return b, err
}

// ErrAreaMissing is the NotFound "registry.area.missing" of a code that no area bears.
func ErrAreaMissing(code string) error {
	return errs.New(errs.NotFound, "registry.area.missing").With("code", Clip(code))
}

// OrStale is the refusal Stale of a write that found no row of the version that it was to change.
func OrStale(changed bool, err error, subject, id string) error {
	if err == nil && !changed {
		return errs.StaleOf(errs.Record{Subject: subject, ID: id})
	}
	return err
}

// Today is the civil day of the context.
func Today(ctx context.Context) string { return clock.Day(clock.Now(ctx)) }
