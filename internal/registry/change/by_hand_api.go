package change

import (
	"context"
	"errors"

	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

func (s *Service) changeRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: "POST", Path: "/registry/changes/preview", Permission: PermissionChange,
		Summary: "What a change of the structure would do"}, s.previewChange)
	httpx.Handle(api, httpx.Route{Method: "POST", Path: "/registry/changes", Permission: PermissionChange,
		Summary: "Change the structure: rename, recode, move, merge, split, open or close an area"}, s.postChange)
}

type changeBody struct {
	Kind   string     `json:"kind" enum:"open,rename,recode,move,merge,split,close"`
	Area   string     `json:"area" maxLength:"15" pattern:"^[0-9]+$" doc:"The area; to open one, the area above"`
	To     string     `json:"to,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"New code, free one when left out; to merge, the area that takes over"`
	Parent string     `json:"parent,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"To move: the new area above"`
	Name   string     `json:"name,omitempty" maxLength:"60"`
	Grid   string     `json:"grid,omitempty" enum:"grid_general,grid_dedicated" doc:"To open a grid: its kind"`
	Parts  []partBody `json:"parts,omitempty" maxItems:"20"`
	On     string     `json:"on,omitempty" maxLength:"10" doc:"First day, YYYY-MM-DD; today when left out"`
	Reason string     `json:"reason" minLength:"1" maxLength:"300"`
	Seen   int64      `json:"seen,omitempty" doc:"Revision of the preview; refused as stale when the register has changed since"`
}

type partBody struct {
	Name    string   `json:"name" minLength:"1" maxLength:"60"`
	Code    string   `json:"code,omitempty" maxLength:"15" pattern:"^[0-9]*$"`
	Grids   []string `json:"grids,omitempty" maxItems:"200"`
	Outline string   `json:"outline,omitempty" maxLength:"200000" doc:"GeoJSON Polygon or MultiPolygon: cases inside go to the part"`
	CRS     string   `json:"crs,omitempty" enum:"CGCS2000,GCJ02,BD09" doc:"Coordinates of the outline, unless it says so itself; CGCS2000 when left out"`
	Source  string   `json:"source,omitempty" maxLength:"200" doc:"Where the outline comes from"`
}

func (b *changeBody) change() (NewChange, error) {
	n := NewChange{Kind: b.Kind, Area: b.Area, To: b.To, Parent: b.Parent, Name: b.Name, Grid: b.Grid,
		On: b.On, Reason: b.Reason, Seen: b.Seen}
	for _, p := range b.Parts {
		part := NewPart{Name: p.Name, Code: p.Code, Grids: p.Grids, Source: p.Source}
		if p.Outline != "" {
			shape, err := p.shape()
			if err != nil {
				return n, err
			}
			if !registry.IsName(p.Source, registry.MaxSource) {
				return n, errs.New(errs.Invalid, "registry.change.invalid").At("parts", "registry.outline.source")
			}
			part.Outline = shape
		}
		n.Parts = append(n.Parts, part)
	}
	return n, nil
}

// shape reads the one outline of a part.
func (p *partBody) shape() (geo.Shape, error) {
	crs := geo.CGCS2000
	if p.CRS != "" {
		crs = geo.CRS(p.CRS)
	}
	features, err := geo.Parse([]byte(p.Outline), crs, geo.Limits{Bytes: 200_000})
	wrong := errs.New(errs.Invalid, "registry.change.invalid")
	var broken *geo.Error
	switch {
	case errors.As(err, &broken):
		return geo.Shape{}, wrong.At("parts", "registry.outline."+string(broken.Fault))
	case err != nil || len(features) != 1:
		return geo.Shape{}, wrong.At("parts", "registry.change.outline")
	}
	return features[0].Shape, nil
}

type changeInput struct{ Body changeBody }

func (s *Service) previewChange(ctx context.Context, in *changeInput) (*httpx.Answer[Effect], error) {
	n, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	e, err := s.Preview(ctx, n)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(e), nil
}

func (s *Service) postChange(ctx context.Context, in *changeInput) (*httpx.Answer[Effect], error) {
	n, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	e, err := s.Change(ctx, n)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(e), nil
}
