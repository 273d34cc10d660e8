package registry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strconv"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/platform/idcode"
)

// Outline is the border of an area in CGCS2000.
type Outline struct {
	Area     string // code
	Shape    geo.Shape
	Source   string // where it comes from, shown with it
	Invented bool   // drawn for a demonstration, not surveyed
}

// Bounds of outlines.
const (
	maxOutlineBytes = 16 << 20
	MaxSource       = 200 // characters
)

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

// Outline is the border of an area; errs.NotFound when none is known.
func (s *Service) Outline(_ context.Context, code string) (Outline, error) {
	o, ok := s.outlines.Load().byArea[code]
	if !ok {
		return Outline{}, errs.New(errs.NotFound, "registry.outline.missing").With("area", s.areaName(code))
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

func (s *Service) areaName(code string) string {
	if a, ok := s.Area(code); ok {
		return a.Name
	}
	return code
}

// ImportOutlines loads a GeoJSON FeatureCollection whose features name their area by id or by a
// property code, adcode or id. Coordinates are in the given system unless the document says so
// itself, and are kept in CGCS2000. It replaces outlines known before and gives their number.
func (s *Service) ImportOutlines(ctx context.Context, r io.Reader, crs geo.CRS, source string) (int, error) {
	found, n, err := s.LoadOutlines(ctx, r, crs, source, false)
	for _, f := range found {
		slog.WarnContext(ctx, "outline", "area", f.Area, "finding", f.What, "other", f.Other, "square metres", int(f.Metres), "lng",
			f.At.Lng, "lat", f.At.Lat, "refused", f.Refused)
	}
	return n, err
}

// LoadOutlines is ImportOutlines with the findings of [Service.CheckOutlines]. One that is refused
// refuses the whole. A dry run saves nothing.
func (s *Service) LoadOutlines(ctx context.Context, r io.Reader, crs geo.CRS, source string, dryRun bool) ([]OutlineFinding, int, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxOutlineBytes+1))
	if err != nil {
		return nil, 0, err
	}
	features, err := geo.Parse(raw, crs, geo.Limits{Bytes: maxOutlineBytes})
	var broken *geo.Error
	if errors.As(err, &broken) {
		return nil, 0, errs.New(errs.Invalid, "registry.outline."+string(broken.Fault)).Because(err)
	}
	if err != nil {
		return nil, 0, err
	}
	outlines := make([]Outline, len(features))
	for i, f := range features {
		outlines[i] = Outline{Area: featureArea(f), Shape: f.Shape, Source: source}
	}
	rows, _, err := s.outlineRows(outlines)
	if err != nil {
		return nil, 0, err
	}
	if err := authority.Require(ctx, PermissionImport, CommonArea(slices.Values(rows))); err != nil {
		return nil, 0, err
	}
	found := s.CheckOutlines(outlines)
	if err := RefusedOutlines(found); err != nil || dryRun {
		return found, len(outlines), err
	}
	return found, len(outlines), s.PutOutlines(ctx, outlines)
}

func featureArea(f geo.Feature) string {
	candidates := []any{f.Properties["code"], f.Properties["adcode"], f.Properties["id"]}
	for _, c := range append([]any{f.ID}, candidates...) {
		if number, ok := c.(float64); ok {
			c = strconv.FormatFloat(number, 'f', -1, 64)
		}
		if text, ok := c.(string); ok {
			if a, err := idcode.ParseArea(text); err == nil {
				return a.Code
			}
		}
	}
	return f.ID
}

// FindOutline reads the outline of an area. Error: db.ErrNone for an area without one.
func FindOutline(ctx context.Context, r db.Reader, area string) (Outline, error) {
	return db.One(ctx, r, scanOutline, `SELECT area, geometry, source, invented FROM registry_outline WHERE area = $1`, area)
}

// PutOutlines stores outlines, each replacing that of its area. It takes PermissionImport over
// the smallest area that holds them all, and every area must be registered.
func (s *Service) PutOutlines(ctx context.Context, outlines []Outline) error {
	if len(outlines) == 0 {
		return nil
	}
	rows, geometries, err := s.outlineRows(outlines)
	if err != nil {
		return err
	}
	top := CommonArea(slices.Values(rows))
	if err := authority.Require(ctx, PermissionImport, top); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermissionImport, top); err != nil {
			return err
		}
		if _, err := BumpRevision(ctx, tx, RevisionOutline); err != nil {
			return err
		}
		for i, o := range outlines {
			if err := PutOutline(ctx, tx, o, geometries[i]); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: PermissionImport, Area: top, Subject: "registry.outline", SubjectID: top,
			Detail: map[string]any{"outlines": len(outlines), "source": outlines[0].Source}})
		tx.After(s.RefreshAfter)
		return nil
	})
}

// outlineRows are the registered areas of outlines, and the outlines as they are stored.
func (s *Service) outlineRows(outlines []Outline) ([]string, []string, error) {
	rows := make([]string, len(outlines))
	geometries := make([]string, len(outlines))
	for i, o := range outlines {
		if _, ok := s.Area(o.Area); !ok {
			return nil, nil, errs.New(errs.Invalid, "registry.outline.area").With("area", Clip(o.Area))
		}
		if o.Shape.Empty() {
			return nil, nil, errs.New(errs.Invalid, "registry.outline.empty")
		}
		if !IsName(o.Source, MaxSource) {
			return nil, nil, errs.New(errs.Invalid, "registry.outline.source")
		}
		raw, err := o.Shape.MarshalJSON()
		if err != nil {
			return nil, nil, err
		}
		rows[i], geometries[i] = o.Area, string(raw)
	}
	return rows, geometries, nil
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
