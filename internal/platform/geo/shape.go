package geo

import "math"

// Ring is a closed line; its first point is not repeated at the end.
type Ring []Point

// Polygon is an outer ring, then the rings of its holes.
type Polygon []Ring

// Shape is the outline of an area: polygons that do not overlap, outer rings counter-clockwise and
// holes clockwise. It is immutable; the zero Shape is empty.
type Shape struct {
	polygons []Polygon
	box      Box
}

// NewShape makes a shape of rings in any direction, closed by a repeated first point or not.
// Repeated points and spikes without width are dropped, holes without area too.
//
// Errors are [*Error] with range, degenerate (an outer ring without area) or empty. Rings that cross
// themselves or each other are not looked for: such an outline draws as it is, and a point is inside
// when an odd number of rings is around it.
func NewShape(polygons []Polygon) (Shape, error) {
	for _, rings := range polygons {
		for _, r := range rings {
			for _, p := range r {
				if !p.Valid() {
					return Shape{}, fault(FaultRange)
				}
			}
		}
		if len(rings) == 0 || !hasArea(clean(rings[0])) {
			return Shape{}, fault(FaultDegenerate)
		}
	}
	s := normalise(polygons)
	if s.Empty() {
		return Shape{}, fault(FaultEmpty)
	}
	return s, nil
}

// normalise drops what has no area and turns every ring the right way round.
func normalise(polygons []Polygon) Shape {
	var s Shape
	for _, rings := range polygons {
		var out Polygon
		for i, r := range rings {
			r = clean(r)
			if !hasArea(r) {
				if i == 0 {
					break
				}
				continue
			}
			if (signedArea(r) > 0) != (i == 0) {
				r = reversed(r)
			}
			out = append(out, r)
		}
		if len(out) > 0 {
			s.polygons = append(s.polygons, out)
		}
	}
	s.box = boxOf(s.polygons)
	return s
}

// clean drops repeated points and spikes (a, b, a), also across the closing of the ring.
func clean(r Ring) Ring {
	out := make(Ring, 0, len(r))
	for _, p := range r {
		out = append(out, p)
		for trimmed := true; trimmed; {
			trimmed = false
			n := len(out)
			if n >= 2 && out[n-1] == out[n-2] {
				out, trimmed = out[:n-1], true
			} else if n >= 3 && out[n-1] == out[n-3] {
				out, trimmed = out[:n-2], true
			}
		}
	}
	for len(out) >= 2 {
		n := len(out)
		switch {
		case out[0] == out[n-1]:
			out = out[:n-1]
		case n >= 3 && out[1] == out[n-1]:
			out = out[1:]
		case n >= 3 && out[0] == out[n-2]:
			out = out[:n-1]
		default:
			return out
		}
	}
	return out
}

func reversed(r Ring) Ring {
	out := make(Ring, len(r))
	for i, p := range r {
		out[len(r)-1-i] = p
	}
	return out
}

// leastArea in square degrees, about a thousandth of a square metre, is what counts as no area.
const leastArea = 1e-13

func hasArea(r Ring) bool { return len(r) >= 3 && math.Abs(signedArea(r)) > leastArea }

// signedArea is in square degrees, positive counter-clockwise. Taken from the first point on, so
// that small rings far from the origin keep their digits.
func signedArea(r Ring) float64 {
	sum := 0.0
	for i := 2; i < len(r); i++ {
		sum += (r[i-1].Lng-r[0].Lng)*(r[i].Lat-r[0].Lat) - (r[i].Lng-r[0].Lng)*(r[i-1].Lat-r[0].Lat)
	}
	return sum / 2
}

func boxOf(polygons []Polygon) Box {
	if len(polygons) == 0 {
		return Box{}
	}
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, rings := range polygons {
		for _, p := range rings[0] {
			b = Box{min(b.MinLng, p.Lng), min(b.MinLat, p.Lat), max(b.MaxLng, p.Lng), max(b.MaxLat, p.Lat)}
		}
	}
	return b
}

// Empty reports whether the shape has no polygon.
func (s Shape) Empty() bool { return len(s.polygons) == 0 }

// Polygons of the shape; not to be changed.
func (s Shape) Polygons() []Polygon { return s.polygons }

// Box around the shape.
func (s Shape) Box() Box { return s.box }

// Vertices counts the points of all rings.
func (s Shape) Vertices() int {
	n := 0
	for _, rings := range s.polygons {
		for _, r := range rings {
			n += len(r)
		}
	}
	return n
}

// Contains reports whether a point is inside. Of two shapes with the same edge, a point on it is
// inside exactly one.
func (s Shape) Contains(lng, lat float64) bool {
	if !s.box.Contains(Point{lng, lat}) {
		return false
	}
	inside := false
	for _, rings := range s.polygons {
		for _, r := range rings {
			if crossesOdd(r, lng, lat) {
				inside = !inside
			}
		}
	}
	return inside
}

// crossesOdd reports whether a ray to the east meets the ring an odd number of times. Every edge is
// taken from its lower end, so that both its neighbours compute the same.
func crossesOdd(r Ring, lng, lat float64) bool {
	odd := false
	a := r[len(r)-1]
	for _, b := range r {
		if (a.Lat > lat) != (b.Lat > lat) {
			low, high := a, b
			if low.Lat > high.Lat {
				low, high = b, a
			}
			if (lng-low.Lng)*(high.Lat-low.Lat) < (lat-low.Lat)*(high.Lng-low.Lng) {
				odd = !odd
			}
		}
		a = b
	}
	return odd
}

// Convert gives the shape in another coordinate reference system.
func (s Shape) Convert(from, to CRS) Shape {
	if from == to {
		return s
	}
	return s.each(func(p Point) Point { return Convert(p, from, to) })
}

// each moves every point of the shape.
func (s Shape) each(move func(Point) Point) Shape {
	polygons := make([]Polygon, len(s.polygons))
	for i, rings := range s.polygons {
		polygons[i] = make(Polygon, len(rings))
		for j, r := range rings {
			moved := make(Ring, len(r))
			for k, p := range r {
				moved[k] = move(p)
			}
			polygons[i][j] = moved
		}
	}
	return normalise(polygons)
}
