package outline

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strconv"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
)

// maxOutlineBytes bounds a file of outlines.
const maxOutlineBytes = 16 << 20

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
	outlines := make([]registry.Outline, len(features))
	for i, f := range features {
		outlines[i] = registry.Outline{Area: featureArea(f), Shape: f.Shape, Source: source}
	}
	rows, _, err := s.outlineRows(outlines)
	if err != nil {
		return nil, 0, err
	}
	if err := authority.Require(ctx, registry.PermissionImport, registry.CommonArea(slices.Values(rows))); err != nil {
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

// PutOutlines stores outlines, each replacing that of its area. It takes PermissionImport over
// the smallest area that holds them all, and every area must be registered.
func (s *Service) PutOutlines(ctx context.Context, outlines []registry.Outline) error {
	if len(outlines) == 0 {
		return nil
	}
	rows, geometries, err := s.outlineRows(outlines)
	if err != nil {
		return err
	}
	top := registry.CommonArea(slices.Values(rows))
	if err := authority.Require(ctx, registry.PermissionImport, top); err != nil {
		return err
	}
	return s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, top); err != nil {
			return err
		}
		if _, err := registry.BumpRevision(ctx, tx, registry.RevisionOutline); err != nil {
			return err
		}
		for i, o := range outlines {
			if err := registry.PutOutline(ctx, tx, o, geometries[i]); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: registry.PermissionImport, Area: top, Subject: "registry.outline", SubjectID: top,
			Detail: map[string]any{"outlines": len(outlines), "source": outlines[0].Source}})
		tx.After(s.Register.RefreshAfter)
		return nil
	})
}

// outlineRows are the registered areas of outlines, and the outlines as they are stored.
func (s *Service) outlineRows(outlines []registry.Outline) ([]string, []string, error) {
	rows := make([]string, len(outlines))
	geometries := make([]string, len(outlines))
	for i, o := range outlines {
		if _, ok := s.Register.Area(o.Area); !ok {
			return nil, nil, errs.New(errs.Invalid, "registry.outline.area").With("area", registry.Clip(o.Area))
		}
		if o.Shape.Empty() {
			return nil, nil, errs.New(errs.Invalid, "registry.outline.empty")
		}
		if !registry.IsName(o.Source, registry.MaxSource) {
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
