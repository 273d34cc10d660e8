package community

import (
	"strconv"

	"linli/internal/platform/geo"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Pick is the choice of a community inside a form of several steps, by name, on the map or by
// the place of the device. The part "registry/pick" shows it.
type Pick struct {
	Area  string   `json:"a,omitempty"` // code of the chosen community
	Lng   *float64 `json:"x,omitempty"` // CGCS2000, where a point was chosen
	Lat   *float64 `json:"y,omitempty"`
	Map   string   `json:"m,omitempty"` // code of the area whose map is shown
	Words string   `json:"w,omitempty"` // what was searched for
}

// Take reads what was pressed. It tells whether the visitor is still choosing, so that the same
// step is shown again.
func (p *Pick) Take(s *Service, f *page.Form) (again bool) {
	switch {
	case f.Has("at.x"):
		if at, ok := s.clicked(p.Map, f); ok {
			p.at(s, at, false)
		}
		return true
	case f.Has("located"):
		if lng, lat, ok := point(f.Code("lng"), f.Code("lat")); ok {
			p.at(s, geo.Point{Lng: lng, Lat: lat}, true)
		}
		return true
	case f.Has("wider"):
		if a, ok := s.Register.Area(p.Map); ok && a.Level > registry.LevelCity {
			p.Map = a.Parent
		}
		return true
	case f.Has("find"):
		p.Words = f.Code("words")
		p.choose(s, f.Code("area"))
		return true
	}
	p.choose(s, f.Code("area"))
	return false
}

func (p *Pick) choose(s *Service, code string) {
	a, ok := s.Register.Current(code)
	if !ok || a.Level != registry.LevelCommunity || a.Code == p.Area {
		return
	}
	p.Area, p.Lng, p.Lat = a.Code, nil, nil
}

// at takes a point: a community is chosen once the map shows one, or at once if exact.
func (p *Pick) at(s *Service, at geo.Point, exact bool) {
	found, ok := s.Register.Locate(at.Lng, at.Lat)
	if !ok {
		return
	}
	path := s.Register.Path(found.Code)
	community := registry.Area{}
	for _, a := range path {
		if a.Level == registry.LevelCommunity {
			community = a
		}
	}
	step := s.oneBelow(p.Map, found)
	if !exact && step.Level < registry.LevelCommunity && s.hasMap(step.Code) {
		p.Map = step.Code
		return
	}
	if community.Code == "" {
		return
	}
	p.Area, p.Map, p.Words = community.Code, community.Code, ""
	p.Lng, p.Lat = &at.Lng, &at.Lat
}

// Preset starts with the community that the visitor has chosen as theirs.
func (p *Pick) Preset(s *Service, code string) {
	if a, ok := s.Register.Current(code); ok && a.Level == registry.LevelCommunity && p.Area == "" {
		p.Area, p.Map = a.Code, a.Code
	}
}

// PickView is what the part "registry/pick" shows.
type PickView struct {
	Area, Name, Path string
	Words            string
	Options          []page.Option
	Map              *mapChoice
	MarkLng, MarkLat string // of the mark on the map, or ""
	Pointed          bool
	Error            string
}

const mostOptions = 12

// View prepares the part. Without an outline the map is left out.
func (p *Pick) View(s *Service, q *page.Request) PickView {
	q.Name("area", q.T("registry.page.pick"))
	v := PickView{Words: p.Words, Error: q.Refusal().For("area"), Pointed: p.Lng != nil}
	if a, ok := s.Register.Area(p.Area); ok {
		v.Area, v.Name, v.Path = a.Code, registry.NameIn(a, q.Lang), s.Register.PathIn(a.Parent, q.Lang)
		v.Options = append(v.Options, page.Option{Value: a.Code, Label: v.Name, Hint: v.Path})
	}
	if p.Words != "" {
		for _, a := range s.Register.Search(p.Words, registry.LevelCommunity, mostOptions) {
			if a.Code != p.Area {
				v.Options = append(v.Options, page.Option{Value: a.Code, Label: registry.NameIn(a, q.Lang), Hint: s.Register.PathIn(a.Parent, q.Lang)})
			}
		}
	}
	if p.Map == "" {
		if city, ok := s.Register.City(); ok {
			p.Map = city.Code
		}
	}
	if v.Map = s.mapChoice(p.Map, q.Lang); v.Map != nil && p.Lng != nil {
		v.MarkLng, v.MarkLat = degrees(*p.Lng), degrees(*p.Lat)
	}
	return v
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// Told is the choice in words, e.g. for the page on which answers are checked.
func (p *Pick) Told(s *Service, lang text.Lang) string {
	a, ok := s.Register.Area(p.Area)
	if !ok {
		return ""
	}
	return s.Register.PathIn(a.Code, lang)
}
