package registry

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Bodies lists the bodies of an area with their members: the six of a community in their order,
// then others by department.
func (s *Service) Bodies(ctx context.Context, area string) ([]Body, error) {
	bodies, err := ListBodies(ctx, s.db(), area)
	if err != nil {
		return nil, err
	}
	members, err := listMembersOf(ctx, s.db(), area, "")
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
	bodies, err := pickBodies(ctx, s.db(), f)
	if err != nil || len(bodies) <= limit {
		return bodies, "", err
	}
	last := bodies[limit-1]
	return bodies[:limit], last.Area + "|" + last.Kind + "|" + last.Department, nil
}

// Body is a body with its members; errs.ErrNotFound without one.
func (s *Service) Body(ctx context.Context, r db.Reader, id string) (Body, error) {
	b, err := findBody(ctx, r, id)
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
	b, err := findBody(context.Background(), s.db(), id)
	if db.IsNone(err) {
		b.Name, err = closedBodyName(context.Background(), s.db(), id)
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
		return Body{}, missing.With("area", s.areaName(area), "kind", what)
	}
	code := area[:levelLength[level]]
	b, err := s.bodyOf(ctx, r, code, kind, department)
	if db.IsNone(err) {
		return Body{}, missing.With("area", s.areaName(code), "kind", what)
	}
	return b, err
}

// bodyOf finds a body of an area; for who reads outside of a write it is kept in memory, as names are.
func (s *Service) bodyOf(ctx context.Context, r db.Reader, area, kind, department string) (Body, error) {
	if r != db.Reader(s.db()) {
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

// PutBody adds a body (no ID) or changes the description of one, by its version. Its area, kind
// and department never change. It takes PermissionEdit over the area.
func (s *Service) PutBody(ctx context.Context, b Body) (Body, error) {
	isNew := b.ID == ""
	var before Body
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		if !isNew {
			old, err := findBody(ctx, tx, b.ID)
			if err != nil {
				return audit.Entry{}, orNotFound(err)
			}
			b.Area, b.Kind, b.Department = old.Area, old.Kind, old.Department
			before = old
		}
		if err := tx.Require(PermissionEdit, b.Area); err != nil {
			return audit.Entry{}, err
		}
		entry, err := s.storeBody(ctx, tx, &b, isNew)
		entry.After = bodyRecord(b)
		if !isNew {
			entry.Before = bodyRecord(before)
		}
		return entry, err
	})
	if err != nil {
		return Body{}, err
	}
	return s.Body(ctx, s.db(), b.ID)
}

// bodyRecord is what the audit log keeps of a body: all of it is public.
func bodyRecord(b Body) map[string]any {
	return map[string]any{"name": b.Name, "phone": b.Phone, "address": b.Address, "hours": b.Hours}
}

func (s *Service) storeBody(ctx context.Context, tx *audit.Tx, b *Body, isNew bool) (audit.Entry, error) {
	entry := audit.Entry{Action: PermissionEdit, Area: b.Area, Subject: "registry.body"}
	a, ok := s.Area(b.Area)
	if !ok {
		return entry, ErrAreaMissing(b.Area)
	}
	b.fold()
	if err := checkBody(*b, a); err != nil {
		return entry, err
	}
	if isNew {
		_, err := FindBodyOf(ctx, tx, b.Area, b.Kind, b.Department)
		if err == nil {
			return entry, errBodyTwice
		}
		if !db.IsNone(err) {
			return entry, err
		}
		b.ID, b.Version = db.NewID(ctx), 1
		entry.SubjectID, entry.Detail = b.ID, map[string]string{"verb": "add", "kind": b.Kind}
		return entry, insertBody(ctx, tx, *b)
	}
	entry.SubjectID, entry.Detail = b.ID, map[string]string{"verb": "change", "kind": b.Kind}
	changed, err := updateBody(ctx, tx, *b)
	return entry, orStale(changed, err, "registry.body", b.ID)
}

// edit runs a write on bodies one after another with all others, so that what the rules look at
// stays true until the commit.
func (s *Service) edit(ctx context.Context, do func(*audit.Tx) (audit.Entry, error)) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if _, err := BumpRevision(ctx, tx, RevisionBody); err != nil {
			return err
		}
		entry, err := do(tx)
		if err != nil {
			return err
		}
		tx.Record(entry)
		tx.After(s.RefreshAfter)
		return nil
	})
}

var errBodyTwice = errs.New(errs.Conflict, "registry.body.twice")

// ErrAreaMissing is the NotFound "registry.area.missing" of a code that no area bears.
func ErrAreaMissing(code string) error {
	return errs.New(errs.NotFound, "registry.area.missing").With("code", Clip(code))
}

func orNotFound(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}

func orStale(changed bool, err error, subject, id string) error {
	if err == nil && !changed {
		return errs.StaleOf(errs.Record{Subject: subject, ID: id})
	}
	return err
}

// Today is the civil day of the context.
func Today(ctx context.Context) string { return clock.Day(clock.Now(ctx)) }
