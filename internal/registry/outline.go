package registry

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
)

// Outline is the border of an area in CGCS2000.
type Outline struct {
	Area     string // code
	Shape    geo.Shape
	Source   string // where it comes from, shown with it
	Invented bool   // drawn for a demonstration, not surveyed
}

// MaxSource bounds what says where an outline or a fact comes from, in characters.
const MaxSource = 200

// outlineIndex holds all outlines in memory.
type outlineIndex struct {
	revision int64
	byArea   map[string]Outline
	index    *geo.Index
	box      geo.Box // around all
}

func scanOutline(row db.Scanner) (Outline, error) {
	var o Outline
	var geometry string
	var invented int
	if err := row.Scan(&o.Area, &geometry, &o.Source, &invented); err != nil {
		return o, err
	}
	o.Invented = invented != 0
	return o, o.Shape.UnmarshalJSON([]byte(geometry))
}

func loadOutlines(ctx context.Context, r db.Reader, revision int64) (*outlineIndex, error) {
	all, err := db.All(ctx, r, scanOutline, `SELECT area, geometry, source, invented FROM registry_outline ORDER BY area`)
	if err != nil {
		return nil, err
	}
	x := &outlineIndex{revision: revision, byArea: make(map[string]Outline, len(all))}
	entries := make([]geo.Entry, len(all))
	for i, o := range all {
		x.byArea[o.Area] = o
		entries[i] = geo.Entry{ID: o.Area, Shape: o.Shape}
		x.box = x.box.Union(o.Shape.Box())
	}
	x.index = geo.NewIndex(entries)
	return x, nil
}

// Locate is the deepest area whose outline holds a point of CGCS2000; of two at one level, such as
// a community and what was cut out of it, the smaller.
func (s *Service) Locate(lng, lat float64) (Area, bool) {
	var deepest Area
	x := s.outlines.Load()
	for _, code := range x.index.At(lng, lat) {
		a, ok := s.Area(code)
		if ok && (a.Level > deepest.Level || a.Level == deepest.Level && x.byArea[code].Shape.Area() < x.byArea[deepest.Code].Shape.Area()) {
			deepest = a
		}
	}
	return deepest, deepest.Level > 0
}

// OutlineOf is the border of an area; false when none is known.
func (s *Service) OutlineOf(code string) (Outline, bool) {
	o, ok := s.outlines.Load().byArea[code]
	return o, ok
}

// Outline is the border of an area; errs.NotFound when none is known.
func (s *Service) Outline(_ context.Context, code string) (Outline, error) {
	o, ok := s.OutlineOf(code)
	if !ok {
		return Outline{}, errs.New(errs.NotFound, "registry.outline.missing").With("area", s.AreaName(code))
	}
	return o, nil
}

// Outlines lists the known borders of the areas right below a code.
func (s *Service) Outlines(_ context.Context, parent string) ([]Outline, error) {
	out := []Outline{}
	x := s.outlines.Load()
	for _, a := range s.Children(parent) {
		if o, ok := x.byArea[a.Code]; ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// AreaName is the name of an area, or its code when it is not registered.
func (s *Service) AreaName(code string) string {
	if a, ok := s.Area(code); ok {
		return a.Name
	}
	return code
}

// FindOutline reads the outline of an area. Error: db.ErrNone for an area without one.
func FindOutline(ctx context.Context, r db.Reader, area string) (Outline, error) {
	return db.One(ctx, r, scanOutline, `SELECT area, geometry, source, invented FROM registry_outline WHERE area = $1`, area)
}

// PutOutline keeps the outline of an area, whose geometry is GeoJSON.
func PutOutline(ctx context.Context, tx *audit.Tx, o Outline, geometry string) error {
	invented := 0
	if o.Invented {
		invented = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO registry_outline (area, geometry, source, invented) VALUES ($1,$2,$3,$4)
		ON CONFLICT (area) DO UPDATE SET geometry = excluded.geometry, source = excluded.source, invented = excluded.invented`,
		o.Area, geometry, o.Source, invented)
	return err
}

// DeleteOutline takes an area's outline away.
func DeleteOutline(ctx context.Context, tx *audit.Tx, area string) error {
	_, err := tx.Exec(ctx, `DELETE FROM registry_outline WHERE area = $1`, area)
	return err
}

// MoveOutlines lets outlines follow their areas.
func MoveOutlines(ctx context.Context, tx *audit.Tx, m *Moves) error {
	return m.Areas.Rewrite(ctx, tx, "registry_outline", "area")
}
