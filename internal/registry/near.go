package registry

import "linli/internal/platform/geo"

// Near tells whether a point of CGCS2000 lies in an area or within so many metres of it. The border is
// that of the area itself or of the lowest area above it whose outline is known; where there is none,
// the box around all outlines that are known. Without any outline every point is taken.
func (s *Service) Near(code string, lng, lat, metres float64) bool {
	x, p := s.outlines.Load(), geo.Point{Lng: lng, Lat: lat}
	for at, ok := s.Area(code); ok; at, ok = s.Area(at.Parent) {
		if o, known := x.byArea[at.Code]; known {
			return o.Shape.Distance(p) <= metres
		}
	}
	return x.box.Empty() || x.box.Distance(p) <= metres
}
