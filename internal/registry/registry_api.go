package registry

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
)

func (s *Service) routes(api *httpx.API) {
	public := func(path, summary string) httpx.Route {
		return httpx.Route{Method: "GET", Path: path, Permission: authority.Public, Summary: summary}
	}
	httpx.Handle(api, public("/registry/areas", "Areas right below an area"), s.getAreas)
	httpx.Handle(api, public("/registry/areas/{code}", "An area and its path"), s.getArea)
	httpx.Handle(api, public("/registry/search", "Areas by name, code, pinyin or initials"), s.getSearch)
	httpx.Handle(api, public("/registry/locate", "The deepest area around a point"), s.getLocate)
	httpx.Handle(api, public("/registry/areas/{code}/outline", "Outline of an area"), s.getOutline)
	httpx.Handle(api, public("/registry/areas/{code}/outlines", "Outlines of the areas right below"), s.getOutlines)
	s.historyRoutes(api)
}

// AreaView is an area with its path and what lies below it.
type AreaView struct {
	Code        string  `json:"code"`
	Name        string  `json:"name"`
	Level       int     `json:"level" doc:"1 province, 2 city, 3 county, 4 street or town, 5 community, 6 grid"`
	Kind        string  `json:"kind" doc:"Worded by registry.kind.<kind>"`
	Parent      string  `json:"parent"`
	Path        []Named `json:"path" doc:"From the city down to the area itself"`
	Children    int     `json:"children" doc:"Areas right below"`
	Communities int     `json:"communities" doc:"Communities inside, itself included"`
	Urban       *bool   `json:"urban,omitempty" doc:"Of a community: residents' rather than villagers'"`
	Former      *Former `json:"former,omitempty" doc:"Asked for by a code of the past: what that was. The area is the one that its place belongs to now, or empty when nothing took over"`
}

// View puts an area together as the API gives it.
func (s *Service) View(a Area) AreaView {
	if a.Code == "" {
		return AreaView{Path: []Named{}}
	}
	t := s.Tree()
	v := AreaView{Code: a.Code, Name: a.Name, Level: a.Level, Kind: a.Kind, Parent: a.Parent,
		Path: []Named{}, Children: t.childCount(a.Code), Communities: t.CountBelow(a.Code).Communities}
	for _, p := range t.Path(a.Code) {
		v.Path = append(v.Path, Named{p.Code, p.Name})
	}
	if a.Level == LevelCommunity {
		urban := a.Urban()
		v.Urban = &urban
	}
	return v
}

func (s *Service) views(areas []Area) *httpx.List[AreaView] {
	out := make([]AreaView, len(areas))
	for i, a := range areas {
		out[i] = s.View(a)
	}
	return httpx.NewList(out, "")
}

// AreaPath names an area in an address.
type AreaPath struct {
	Code string `path:"code" minLength:"2" maxLength:"15" pattern:"^[0-9]+$" doc:"Trimmed statistical code"`
}

type areasQuery struct {
	Parent string `query:"parent" maxLength:"15" pattern:"^[0-9]*$" doc:"Empty: the topmost areas"`
}

func (s *Service) getAreas(_ context.Context, in *areasQuery) (*httpx.List[AreaView], error) {
	if in.Parent != "" {
		if _, ok := s.Area(in.Parent); !ok {
			return nil, ErrAreaMissing(in.Parent)
		}
	}
	return s.views(s.Children(in.Parent)), nil
}

func (s *Service) getArea(_ context.Context, in *AreaPath) (*httpx.Answer[AreaView], error) {
	a, ok := s.Current(in.Code)
	former, _, was := s.Tree().Former(in.Code)
	if !ok && !was {
		return nil, ErrAreaMissing(in.Code)
	}
	v := s.View(a)
	if was {
		v.Former = &former
	}
	return httpx.NewAnswer(v), nil
}

type searchQuery struct {
	Q     string `query:"q" required:"true" minLength:"1" maxLength:"60"`
	Level int    `query:"level" minimum:"0" maximum:"6" doc:"0: every level"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *Service) getSearch(_ context.Context, in *searchQuery) (*httpx.List[AreaView], error) {
	return s.views(s.Search(in.Q, in.Level, in.Limit)), nil
}

type locateQuery struct {
	Lng float64 `query:"lng" required:"true" minimum:"-180" maximum:"180"`
	Lat float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	CRS string  `query:"crs" enum:"CGCS2000,GCJ02,BD09" default:"CGCS2000"`
}

func (s *Service) getLocate(_ context.Context, in *locateQuery) (*httpx.Answer[AreaView], error) {
	p := geo.Convert(geo.Point{Lng: in.Lng, Lat: in.Lat}, geo.CRS(in.CRS), geo.CGCS2000)
	a, ok := s.Locate(p.Lng, p.Lat)
	if !ok {
		return nil, errs.New(errs.NotFound, "registry.locate.outside")
	}
	return httpx.NewAnswer(s.View(a)), nil
}

// OutlineView is an outline with the name of its area.
type OutlineView struct {
	CRS      string `json:"crs" doc:"Always CGCS2000 (EPSG:4490)"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	Invented bool   `json:"invented" doc:"Drawn for a demonstration, not surveyed"`
	Source   string `json:"source"`
	Geometry any    `json:"geometry" doc:"GeoJSON Polygon or MultiPolygon"`
}

func (s *Service) outlineView(o Outline) OutlineView {
	return OutlineView{CRS: string(geo.CGCS2000), Code: o.Area, Name: s.AreaName(o.Area),
		Invented: o.Invented, Source: o.Source, Geometry: o.Shape}
}

func (s *Service) getOutline(ctx context.Context, in *AreaPath) (*httpx.Answer[OutlineView], error) {
	o, err := s.Outline(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(s.outlineView(o)), nil
}

// OutlinesView is the outlines below one area.
type OutlinesView struct {
	CRS   string        `json:"crs" doc:"Always CGCS2000 (EPSG:4490)"`
	Items []OutlineView `json:"items"`
}

func (s *Service) getOutlines(ctx context.Context, in *AreaPath) (*httpx.Answer[OutlinesView], error) {
	if _, ok := s.Area(in.Code); !ok {
		return nil, ErrAreaMissing(in.Code)
	}
	outlines, err := s.Outlines(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	v := OutlinesView{CRS: string(geo.CGCS2000), Items: []OutlineView{}}
	for _, o := range outlines {
		v.Items = append(v.Items, s.outlineView(o))
	}
	return httpx.NewAnswer(v), nil
}
