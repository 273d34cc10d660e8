package change

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/registry"
)

// apply writes a reorganisation and lets everything that names areas follow, all in one write.
// Revision is the one that the change makes.
func (s *Service) apply(ctx context.Context, tx *audit.Tx, t *registry.Tree, r *reshape, revision int64, source string,
	tell func(done int)) error {
	r.sortOpened()
	ids := newIDs(ctx, len(r.opened))
	for i := range r.opened {
		r.opened[i].ID, r.opened[i].Version = ids[i], 1
	}
	m := r.moves(t)
	if err := s.movePlaces(ctx, tx, r, m, revision); err != nil {
		return err
	}
	err := registry.InsertAreas(ctx, tx, r.opened, tell)
	if err != nil {
		return err
	}
	for i := range r.changes {
		c := &r.changes[i]
		c.Source = source
		switch c.Kind {
		case registry.ChangeMerge, registry.ChangeSplit:
			c.IntoID = m.After(c.To.Code)
		case registry.ChangeOpen:
			c.AreaID = m.After(c.To.Code)
		}
	}
	// The first load of a register opens its areas; it is no change of anything.
	if t.Size() > 0 {
		if err := registry.InsertChanges(ctx, tx, revision, r.changes); err != nil {
			return err
		}
	}
	if len(r.pairs) == 0 && len(r.closed) == 0 && len(r.parts) == 0 {
		return nil
	}
	if err := s.moveBodies(ctx, tx, r, m); err != nil {
		return err
	}
	if err := s.moveOutlines(ctx, tx, r, m); err != nil {
		return err
	}
	if err := tx.Settle(ctx); err != nil { // what follows reads the counters, too
		return err
	}
	for _, f := range s.Register.Followers() {
		if err := f.Move(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// moves is the reorganisation as followers see it.
func (r *reshape) moves(t *registry.Tree) *registry.Moves {
	after := make(map[string]string, len(r.places)+len(r.opened))
	gone := make(map[string]bool, len(r.places)+len(r.closed))
	for _, p := range r.places {
		after[p.now.Code], gone[p.was.Code] = p.was.ID, true
	}
	for _, a := range r.opened {
		after[a.Code] = a.ID
	}
	for _, c := range r.closed {
		gone[c.was.Code] = true
	}
	before := func(code string) string {
		if i, ok := t.Find(code); ok {
			return t.IDAt(i)
		}
		return ""
	}
	m := registry.NewMoves(r.pairs, r.parts, before, func(code string) string {
		if id, ok := after[code]; ok {
			return id
		}
		if gone[code] {
			return ""
		}
		return before(code)
	})
	for _, c := range r.changes {
		m.On = max(m.On, c.On)
	}
	return m
}

func (s *Service) movePlaces(ctx context.Context, tx *audit.Tx, r *reshape, m *registry.Moves, revision int64) error {
	for _, c := range r.closed {
		var kept *registry.Outline
		if o, err := registry.FindOutline(ctx, tx, c.was.Code); err == nil {
			kept = &o
		} else if !db.IsNone(err) {
			return err
		}
		into := ""
		if c.into != "" {
			into = m.After(c.into)
		}
		if err := registry.InsertClosedArea(ctx, tx, c.was, c.on, into, kept); err != nil {
			return err
		}
		if err := registry.DeleteArea(ctx, tx, c.was.ID); err != nil {
			return err
		}
	}
	days := r.touched()
	for _, p := range r.places {
		if p.now.Code != p.was.Code {
			if err := registry.InsertPastCode(ctx, tx, revision, p.was, days[p.was.ID]); err != nil {
				return err
			}
		}
		if p.now.Name != p.was.Name || p.now.Kind != p.was.Kind {
			if err := registry.InsertPastName(ctx, tx, revision, p.was, days[p.was.ID]); err != nil {
				return err
			}
		}
		if err := registry.PlaceArea(ctx, tx, p.now); err != nil {
			return err
		}
	}
	for _, p := range r.places {
		if err := registry.SettleArea(ctx, tx, p.now); err != nil {
			return err
		}
	}
	return nil
}

// moveBodies lets bodies follow their areas. Where both of two merged places have a body of a
// kind, that of the place which goes on takes over: the other one is dissolved, the terms of its
// members end, and what waited for it waits for the one that took over.
func (s *Service) moveBodies(ctx context.Context, tx *audit.Tx, r *reshape, m *registry.Moves) error {
	if _, err := registry.BumpRevision(ctx, tx, registry.RevisionBody); err != nil {
		return err
	}
	for _, c := range r.closed {
		bodies, err := registry.ListBodies(ctx, tx, c.was.Code)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if err := s.dissolve(ctx, tx, b, c, m, r.before(c.into)); err != nil {
				return err
			}
		}
	}
	return registry.MoveBodies(ctx, tx, m)
}

// before is the code that an area bore which bears this one afterwards.
func (r *reshape) before(code string) string {
	for _, p := range r.places {
		if p.now.Code == code {
			return p.was.Code
		}
	}
	for _, a := range r.opened {
		if a.Code == code {
			return ""
		}
	}
	return code
}

// dissolve ends a body of a closed place when its successor has one of the kind; else the body
// goes over to the successor (by Rewrite). Bodies of a place with nothing left are dissolved.
func (s *Service) dissolve(ctx context.Context, tx *audit.Tx, b registry.Body, c closing, m *registry.Moves, successor string) error {
	into := ""
	if c.into != "" {
		heir, err := s.heirOf(ctx, tx, b, c, m, successor)
		if err != nil || heir == "" {
			return err
		}
		into = heir
		m.Bodies = append(m.Bodies, registry.Pair{From: b.ID, To: heir})
	}
	return registry.CloseBody(ctx, tx, b, c.was.ID, c.on, into)
}

// heirOf is the body that takes over from one of a closed place: the successor's own of that kind,
// or one that another place brings into the same merger before it; "" when there is none.
func (s *Service) heirOf(ctx context.Context, tx *audit.Tx, b registry.Body, c closing, m *registry.Moves, successor string) (
	string, error) {
	from := []string{}
	if successor != "" {
		from = append(from, successor)
	}
	for _, p := range m.Areas {
		if p.To == c.into && p.From != successor && p.From < b.Area {
			from = append(from, p.From)
		}
	}
	for _, code := range from {
		heir, err := registry.FindBodyOf(ctx, tx, code, b.Kind, b.Department)
		if err == nil {
			return heir.ID, nil
		}
		if !db.IsNone(err) {
			return "", err
		}
	}
	return "", nil
}

// moveOutlines lets outlines follow: two places that merge have both outlines together if both
// are known, else none, as half of one would be wrong.
func (s *Service) moveOutlines(ctx context.Context, tx *audit.Tx, r *reshape, m *registry.Moves) error {
	if _, err := registry.BumpRevision(ctx, tx, registry.RevisionOutline); err != nil {
		return err
	}
	for _, c := range r.closed {
		own, err := registry.FindOutline(ctx, tx, c.was.Code)
		if db.IsNone(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := registry.DeleteOutline(ctx, tx, c.was.Code); err != nil {
			return err
		}
		if before := r.before(c.into); c.into != "" && before != "" && !r.isSplit(c.was.ID) {
			if err := joinOutlines(ctx, tx, own, before); err != nil {
				return err
			}
		}
	}
	return registry.MoveOutlines(ctx, tx, m)
}

// joinOutlines adds an outline to another area's, when that has one.
func joinOutlines(ctx context.Context, tx *audit.Tx, own registry.Outline, area string) error {
	heir, err := registry.FindOutline(ctx, tx, area)
	if db.IsNone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	shape, err := geo.NewShape(append(append([]geo.Polygon{}, heir.Shape.Polygons()...), own.Shape.Polygons()...))
	if err != nil {
		return err
	}
	heir.Shape, heir.Invented = shape, heir.Invented || own.Invented
	raw, err := shape.MarshalJSON()
	if err != nil {
		return err
	}
	return registry.PutOutline(ctx, tx, heir, string(raw))
}

func (r *reshape) isSplit(id string) bool {
	for _, c := range r.changes {
		if c.Kind == registry.ChangeSplit && c.AreaID == id {
			return true
		}
	}
	return false
}

// checkDays refuses changes before an area was opened or last changed: a history is written in
// its own order.
func checkDays(t *registry.Tree, r *reshape, today string) error {
	for id, day := range r.touched() {
		if day > today {
			return errs.New(errs.Invalid, "registry.change.future").With("day", day)
		}
		a, ok := t.ByID(id)
		if ok && day < t.LastChange(a) {
			return errs.New(errs.Invalid, "registry.change.too_early").With("code", a.Code, "name", a.Name, "day", t.LastChange(a))
		}
	}
	for _, a := range r.opened {
		if a.OpenedOn > today {
			return errs.New(errs.Invalid, "registry.change.future").With("day", a.OpenedOn)
		}
	}
	return nil
}
