package community

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"linli/internal/platform/geo"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Maps of the portal are pictures that the server draws: a click on one is the place that a
// browser sends with the form, so no script and no foreign map is needed.

const (
	mapSide = 288 // CSS pixels of a map that is clicked; the style sheet says the same
	mapEdge = 6
)

// mapChoice is a map to click on: the areas below one.
type mapChoice struct {
	Code  string
	Name  string
	Up    string // code of the area around it, or ""
	Side  int
	Drawn bool // made up for a demonstration
}

// mapChoice is the map of an area, or nil when no outline inside it is known.
func (s *Service) mapChoice(code string, lang text.Lang) *mapChoice {
	parts, invented := s.parts(code)
	if len(parts) == 0 {
		return nil
	}
	a, _ := s.Register.Area(code)
	m := &mapChoice{Code: code, Name: registry.NameIn(a, lang), Side: mapSide, Drawn: invented}
	if a.Level > registry.LevelCity {
		m.Up = a.Parent
	}
	return m
}

// hasMap tells whether there is an outline inside an area to draw.
func (s *Service) hasMap(code string) bool {
	parts, _ := s.parts(code)
	return len(parts) > 0
}

// parts are the outlines that the map of an area shows: those of its children, or where these
// have none those of its communities, or its own.
func (s *Service) parts(code string) (parts []registry.Outline, invented bool) {
	a, _ := s.Register.Area(code)
	for _, level := range []int{a.Level + 1, registry.LevelCommunity} {
		if level > a.Level && len(parts) == 0 && level <= registry.LevelGrid {
			for _, b := range s.Register.Below(code, level) {
				if o, ok := s.Register.OutlineOf(b.Code); ok {
					parts = append(parts, o)
					invented = invented || o.Invented
				}
			}
		}
	}
	if o, ok := s.Register.OutlineOf(code); ok && len(parts) == 0 {
		return []registry.Outline{o}, o.Invented
	}
	return parts, invented
}

func frameOf(parts []registry.Outline) geo.Frame {
	var box geo.Box
	for _, o := range parts {
		box = box.Union(o.Shape.Box())
	}
	return geo.NewFrame(box, mapSide, mapSide, mapEdge)
}

// pageMap answers /communities/map.svg?area=CODE, with &lng=…&lat=… for a mark.
func (s *Service) pageMap(q *page.Request) error {
	a, ok := s.Register.Area(q.Query("area"))
	parts, _ := s.parts(a.Code)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d"><rect width="100%%" height="100%%" fill="#f5f7f9"/>`,
		mapSide, mapSide, mapSide, mapSide)
	if ok {
		f := frameOf(parts)
		b.WriteString(`<g fill="#e6eef8" stroke="#0b4f9e" stroke-width=".7" stroke-linejoin="round">`)
		for _, o := range parts {
			fmt.Fprintf(&b, `<path d="%s"/>`, f.PathData(o.Shape))
		}
		b.WriteString(`</g>`)
		s.labels(&b, f, parts)
		if lng, lat, ok := point(q.Query("lng"), q.Query("lat")); ok {
			x, y := f.XY(geo.Point{Lng: lng, Lat: lat})
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="7" fill="#b3161f" stroke="#fff" stroke-width="3"/>`, x, y)
		}
	}
	b.WriteString(`</svg>`)
	return q.Send(http.StatusOK, "image/svg+xml", "private, max-age=300", []byte(b.String()))
}

const mostLabels = 16 // more names than that cover the map

func (s *Service) labels(b *strings.Builder, f geo.Frame, parts []registry.Outline) {
	if len(parts) > mostLabels || len(parts) == 1 {
		return
	}
	b.WriteString(`<g font-family="sans-serif" font-size="11" fill="#1b2430" text-anchor="middle" stroke="#fff" stroke-width="2.5" paint-order="stroke">`)
	for _, o := range parts {
		x, y := f.XY(o.Shape.Box().Center())
		fmt.Fprintf(b, `<text x="%.0f" y="%.0f">%s</text>`, x, y+4, escape(s.shortName(o.Area)))
	}
	b.WriteString(`</g>`)
}

// shortName is the name of an area without what kind of unit it is.
func (s *Service) shortName(code string) string {
	a, _ := s.Register.Area(code)
	return registry.Core(a.Name)
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func point(lng, lat string) (float64, float64, bool) {
	x, errX := strconv.ParseFloat(lng, 64)
	y, errY := strconv.ParseFloat(lat, 64)
	return x, y, errX == nil && errY == nil && (geo.Point{Lng: x, Lat: y}).Valid()
}

// clicked is the place of a click on the map of an area.
func (s *Service) clicked(area string, f *page.Form) (geo.Point, bool) {
	x, errX := strconv.Atoi(f.Code("at.x"))
	y, errY := strconv.Atoi(f.Code("at.y"))
	parts, _ := s.parts(area)
	if errX != nil || errY != nil || len(parts) == 0 {
		return geo.Point{}, false
	}
	return frameOf(parts).Point(float64(x), float64(y))
}

// pageAt takes a click on the map, or the place of the visitor's device.
func (s *Service) pageAt(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	from := f.Code("area")
	p, ok := s.clicked(from, f)
	exact := false
	if lng, lat, given := point(f.Code("lng"), f.Code("lat")); given && !f.Has("at.x") {
		p, ok, exact = geo.Point{Lng: lng, Lat: lat}, true, true
	}
	if ok {
		if a, found := s.Register.Locate(p.Lng, p.Lat); found {
			if !exact {
				a = s.oneBelow(from, a)
			}
			return q.Redirect("/communities/" + a.Code)
		}
	}
	q.Notice("registry.page.at_outside")
	if _, known := s.Register.Area(from); known && len(from) > 4 {
		return q.Redirect("/communities/" + from)
	}
	return q.Redirect("/communities")
}

// oneBelow is the area that a click on the map of another means: one step further down, so
// that the next map is larger; the last step is a community.
func (s *Service) oneBelow(from string, found registry.Area) registry.Area {
	path := s.Register.Path(found.Code)
	for _, a := range path {
		if a.Level > registry.LevelOf(from) || a.Level == registry.LevelCommunity {
			return a
		}
	}
	return found
}

// drawing is an outline inside a page.
type drawing struct {
	Paths    []string
	Side     int
	Invented bool
	Source   string
}

func (s *Service) drawing(ctx context.Context, code string) *drawing {
	o, err := s.Register.Outline(ctx, code)
	if err != nil {
		return nil
	}
	parts, _ := s.parts(code)
	f := frameOf([]registry.Outline{o})
	d := &drawing{Side: mapSide, Invented: o.Invented, Source: o.Source, Paths: []string{f.PathData(o.Shape)}}
	for _, p := range parts {
		d.Paths = append(d.Paths, f.PathData(p.Shape))
	}
	return d
}
