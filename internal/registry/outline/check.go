package outline

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/registry"
)

// Tolerances of outlines, in square metres and shares. What lies below either is the noise of drawing and
// of converting between coordinate systems: half a metre along a kilometre of border is 500 m².
const (
	toleratedMetres = 500.0
	toleratedShare  = 0.01 // of the smaller area; more is refused for communities and grids
)

// OutlineFinding is what is wrong or noteworthy with an outline before it is saved.
type OutlineFinding struct {
	Area    string    `json:"area" doc:"Empty: a part that gets its code when it is cut out"`
	Name    string    `json:"name" doc:"Of the area"`
	Other   string    `json:"other,omitempty" doc:"The area that it overlaps, or in which it should lie"`
	Around  string    `json:"around,omitempty" doc:"Name of the other area"`
	What    string    `json:"what" enum:"twice,crossing,hole,rings,parts,overlap,outside" doc:"Worded by error.registry.outline.finding.<what>"`
	At      geo.Point `json:"at" doc:"Where, CGCS2000"`
	Metres  float64   `json:"metres,omitempty" doc:"Square metres that overlap or lie outside"`
	Refused bool      `json:"refused" doc:"Nothing is saved; else it is a warning"`
}

// Key is that of the finding's sentence.
func (f OutlineFinding) Key() string { return "registry.outline.finding." + f.What }

// Args are those of the finding's sentence.
func (f OutlineFinding) Args() []any {
	return []any{"other", strings.TrimSpace(f.Around + " " + f.Other), "metres", fmt.Sprintf("%.0f", f.Metres),
		"at", fmt.Sprintf("%.6f, %.6f", f.At.Lng, f.At.Lat)}
}

// CheckOutlines judges outlines before they are saved: each by itself, against the others, and against the
// outlines kept of areas beside and above. Overlaps above the tolerances are refused for communities and grids;
// outlines of larger areas are often generalised, so there overlaps and rings that touch themselves are warnings.
func (s *Service) CheckOutlines(outlines []registry.Outline) []OutlineFinding {
	c := outlineCheck{s: s, given: map[string]geo.Shape{}}
	for _, o := range outlines {
		c.one(o)
	}
	for _, o := range outlines {
		if _, valid := c.given[o.Area]; valid {
			c.around(o)
		}
	}
	return c.named()
}

// KeptFindings judges the outlines that are kept of an area and of those right below it.
func (s *Service) KeptFindings(ctx context.Context, code string) ([]OutlineFinding, error) {
	if _, ok := s.Register.Area(code); !ok {
		return nil, registry.ErrAreaMissing(code)
	}
	if err := authority.Require(ctx, registry.PermissionImport, code); err != nil {
		return nil, err
	}
	kept, err := s.Register.Outlines(ctx, code)
	if err != nil {
		return nil, err
	}
	if own, ok := s.Register.OutlineOf(code); ok {
		kept = append(kept, own)
	}
	return s.CheckOutlines(kept), nil
}

// Cut is a part to be cut out of a community, with the code that it gets, or "".
type Cut struct {
	Code, Name string
	Outline    geo.Shape // empty: not known
}

// CheckCuts judges the parts to be cut out of a community: each by itself, against the others, and against the
// community's own outline. What lies outside of that is a warning: it is older, and may be drawn more roughly.
func (s *Service) CheckCuts(area string, cuts []Cut) []OutlineFinding {
	c := outlineCheck{s: s, given: map[string]geo.Shape{}}
	whole, bounded := c.shape(area)
	var valid []Cut
	for _, p := range cuts {
		if p.Outline.Empty() {
			continue
		}
		if fault, at, ok := p.Outline.Check(); !ok {
			c.found = append(c.found, OutlineFinding{Area: p.Code, Name: p.Name, What: string(fault), At: at, Refused: true})
			continue
		}
		for _, other := range valid {
			metres, at := geo.Common(p.Outline, other.Outline)
			c.add(registry.LevelCommunity, OutlineFinding{Area: p.Code, Name: p.Name, Other: other.Code, Around: other.Name,
				What: "overlap", At: at, Metres: metres},
				min(p.Outline.Area(), other.Outline.Area()))
		}
		if bounded {
			metres, at := geo.Beyond(p.Outline, whole)
			c.add(registry.LevelStreet, OutlineFinding{Area: p.Code, Name: p.Name, Other: area, What: "outside", At: at,
				Metres: metres}, p.Outline.Area())
		}
		valid = append(valid, p)
	}
	return c.named()
}

type outlineCheck struct {
	s     *Service
	given map[string]geo.Shape // valid ones, by area
	found []OutlineFinding
}

// named is what was found, with the names of the areas.
func (c *outlineCheck) named() []OutlineFinding {
	out := make([]OutlineFinding, len(c.found))
	for i, f := range c.found {
		if f.Name == "" {
			f.Name = c.s.Register.AreaName(f.Area)
		}
		if f.Around == "" && f.Other != "" {
			f.Around = c.s.Register.AreaName(f.Other)
		}
		out[i] = f
	}
	return out
}

func (c *outlineCheck) one(o registry.Outline) {
	if _, twice := c.given[o.Area]; twice {
		c.found = append(c.found, OutlineFinding{Area: o.Area, What: "twice", At: o.Shape.Centroid(), Refused: true})
		return
	}
	if f, at, ok := o.Shape.Check(); !ok {
		general := f == geo.FaultCrossing && registry.LevelOf(o.Area) < registry.LevelCommunity // generalising makes rings touch themselves
		c.found = append(c.found, OutlineFinding{Area: o.Area, What: string(f), At: at, Refused: !general})
		return
	}
	c.given[o.Area] = o.Shape
}

// shape is the valid outline of an area as it will be.
func (c *outlineCheck) shape(code string) (geo.Shape, bool) {
	if given, ok := c.given[code]; ok {
		return given, true
	}
	kept, ok := c.s.Register.OutlineOf(code)
	if !ok || kept.Shape.Empty() {
		return geo.Shape{}, false
	}
	_, _, valid := kept.Shape.Check()
	return kept.Shape, valid
}

// around judges an outline against its neighbours, each pair once, and against the area above.
func (c *outlineCheck) around(o registry.Outline) {
	level := registry.LevelOf(o.Area)
	if level <= registry.LevelCity {
		return
	}
	parent := registry.Above(o.Area, level-1)
	for _, sibling := range c.s.Register.Children(parent) {
		_, given := c.given[sibling.Code]
		if sibling.Code == o.Area || given && sibling.Code < o.Area {
			continue
		}
		other, ok := c.shape(sibling.Code)
		if !ok || !boxesMeet(o.Shape.Box(), other.Box()) {
			continue
		}
		metres, at := geo.Common(o.Shape, other)
		c.add(level, OutlineFinding{Area: o.Area, Other: sibling.Code, What: "overlap", At: at, Metres: metres},
			min(o.Shape.Area(), other.Area()))
	}
	if above, ok := c.shape(parent); ok {
		metres, at := geo.Beyond(o.Shape, above)
		c.add(level, OutlineFinding{Area: o.Area, Other: parent, What: "outside", At: at, Metres: metres}, o.Shape.Area())
	}
}

func (c *outlineCheck) add(level int, f OutlineFinding, whole float64) {
	if f.Metres < 1 {
		return
	}
	f.Refused = level >= registry.LevelCommunity && f.Metres > toleratedMetres && f.Metres > toleratedShare*whole
	if f.Refused || f.Metres > toleratedMetres {
		c.found = append(c.found, f)
	}
}

func boxesMeet(a, b geo.Box) bool {
	return a.MinLng < b.MaxLng && b.MinLng < a.MaxLng && a.MinLat < b.MaxLat && b.MinLat < a.MaxLat
}

// RefusedOutlines is the refusal of the findings that forbid saving; nil when none does.
func RefusedOutlines(found []OutlineFinding) error {
	refusal := errs.New(errs.Invalid, "registry.outline.findings")
	for _, f := range found {
		if f.Refused {
			refusal = refusal.At(cmp.Or(f.Area, f.Name), f.Key(), f.Args()...)
		}
	}
	if len(refusal.Fields) == 0 {
		return nil
	}
	return refusal
}
