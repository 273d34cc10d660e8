package geo

import (
	"math"
	"slices"
)

// Area in square metres, on a sphere.
func (s Shape) Area() float64 {
	sum := 0.0
	for _, rings := range s.polygons {
		for _, r := range rings {
			sum += sphereArea(r)
		}
	}
	return sum
}

// sphereArea is positive counter-clockwise.
func sphereArea(r Ring) float64 {
	sum := 0.0
	a := r[len(r)-1]
	for _, b := range r {
		sum -= (b.Lng - a.Lng) * radian * (math.Sin(a.Lat*radian) + math.Sin(b.Lat*radian))
		a = b
	}
	return sum / 2 * earthRadius * earthRadius
}

// planeArea in square degrees.
func (s Shape) planeArea() float64 {
	sum := 0.0
	for _, rings := range s.polygons {
		for _, r := range rings {
			sum += signedArea(r)
		}
	}
	return sum
}

// Centroid is the centre of gravity, which may lie outside. That of an empty shape is the zero Point.
func (s Shape) Centroid() Point {
	if s.Empty() {
		return Point{}
	}
	origin := s.polygons[0][0][0]
	var x, y, twice float64
	for _, rings := range s.polygons {
		for _, r := range rings {
			a := r[len(r)-1]
			for _, b := range r {
				ax, ay, bx, by := a.Lng-origin.Lng, a.Lat-origin.Lat, b.Lng-origin.Lng, b.Lat-origin.Lat
				cross := ax*by - bx*ay
				x += (ax + bx) * cross
				y += (ay + by) * cross
				twice += cross
				a = b
			}
		}
	}
	return Point{origin.Lng + x/(3*twice), origin.Lat + y/(3*twice)}
}

// labelLines is how many lines across the largest polygon are tried for a label.
const labelLines = 15

// LabelPoint is a point inside the largest polygon, far from its border: where a name is best
// written. That of an empty shape is the zero Point.
func (s Shape) LabelPoint() Point {
	if s.Empty() {
		return Point{}
	}
	largest := s.polygons[0]
	for _, rings := range s.polygons[1:] {
		if signedArea(rings[0]) > signedArea(largest[0]) {
			largest = rings
		}
	}
	part := normalise([]Polygon{largest})
	candidates := []Point{part.Centroid()}
	for i := range labelLines {
		lat := part.box.MinLat + (part.box.MaxLat-part.box.MinLat)*(float64(i)+0.5)/labelLines
		candidates = append(candidates, part.widest(lat))
	}
	best, reach := candidates[1+labelLines/2], -1.0
	for _, p := range candidates {
		if !part.Contains(p.Lng, p.Lat) {
			continue
		}
		if d := part.borderDistance(p); d > reach {
			best, reach = p, d
		}
	}
	return best
}

// widest is the middle of the longest stretch of a parallel within the shape.
func (s Shape) widest(lat float64) Point {
	var cuts []float64
	for _, rings := range s.polygons {
		for _, r := range rings {
			a := r[len(r)-1]
			for _, b := range r {
				if (a.Lat > lat) != (b.Lat > lat) {
					cuts = append(cuts, a.Lng+(b.Lng-a.Lng)*(lat-a.Lat)/(b.Lat-a.Lat))
				}
				a = b
			}
		}
	}
	best := Point{s.box.Center().Lng, lat}
	widest := 0.0
	slices.Sort(cuts)
	for i := 0; i+1 < len(cuts); i += 2 {
		if w := cuts[i+1] - cuts[i]; w > widest {
			best.Lng, widest = (cuts[i]+cuts[i+1])/2, w
		}
	}
	return best
}

// Distance is how far a point lies outside the shape in metres, on a sphere whose meridians are taken
// as parallel near the shape; 0 inside.
func (s Shape) Distance(p Point) float64 {
	if s.Contains(p.Lng, p.Lat) {
		return 0
	}
	return math.Sqrt(s.borderDistance(p)) * radian * earthRadius
}

// Distance is how far a point lies outside the box in metres; 0 inside.
func (b Box) Distance(p Point) float64 {
	return Distance(p, Point{min(max(p.Lng, b.MinLng), b.MaxLng), min(max(p.Lat, b.MinLat), b.MaxLat)})
}

// borderDistance is the square of the distance to the nearest edge, in degrees of latitude.
func (s Shape) borderDistance(p Point) float64 {
	k := math.Cos(p.Lat * radian)
	nearest := math.Inf(1)
	for _, rings := range s.polygons {
		for _, r := range rings {
			a := r[len(r)-1]
			for _, b := range r {
				nearest = min(nearest, segmentDistance(p, a, b, k))
				a = b
			}
		}
	}
	return nearest
}

// segmentDistance is the square of the distance from p to the stretch from a to b, in degrees of
// latitude; k is the length of a degree of longitude in those.
func segmentDistance(p, a, b Point, k float64) float64 {
	dx, dy := (b.Lng-a.Lng)*k, b.Lat-a.Lat
	px, py := (p.Lng-a.Lng)*k, p.Lat-a.Lat
	if length := dx*dx + dy*dy; length > 0 {
		t := min(max((px*dx+py*dy)/length, 0), 1)
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

// Simplify drops points that lie within the given metres of the line without them, and rings that
// have no area then (small islands). A shape of which nothing would remain stays as it is. Shapes
// that share a border and are simplified apart may no longer touch there.
func (s Shape) Simplify(metres float64) Shape {
	if s.Empty() || !(metres > 0) {
		return s
	}
	degrees := metres / (earthRadius * radian)
	k := math.Cos(s.box.Center().Lat * radian)
	polygons := make([]Polygon, 0, len(s.polygons))
	for _, rings := range s.polygons {
		thin := make(Polygon, 0, len(rings))
		for _, r := range rings {
			thin = append(thin, simplifyRing(r, degrees*degrees, k))
		}
		polygons = append(polygons, thin)
	}
	if out := normalise(polygons); !out.Empty() {
		return out
	}
	return s
}

// simplifyRing is Douglas and Peucker's method on the two halves of a ring between its first point
// and the one farthest from it.
func simplifyRing(r Ring, tolerance, k float64) Ring {
	far, reach := 0, 0.0
	for i, p := range r {
		if d := segmentDistance(p, r[0], r[0], k); d > reach {
			far, reach = i, d
		}
	}
	out := Ring{r[0]}
	out = simplifyLine(out, r[:far+1], tolerance, k)
	back := append(append(Ring{}, r[far:]...), r[0])
	out = simplifyLine(out, back, tolerance, k)
	return out[:len(out)-1]
}

// simplifyLine appends what is kept of a line after its first point.
func simplifyLine(out Ring, line []Point, tolerance, k float64) Ring {
	last := len(line) - 1
	if last < 1 {
		return out
	}
	far, reach := 0, tolerance
	for i := 1; i < last; i++ {
		if d := segmentDistance(line[i], line[0], line[last], k); d > reach {
			far, reach = i, d
		}
	}
	if far == 0 {
		return append(out, line[last])
	}
	out = simplifyLine(out, line[:far+1], tolerance, k)
	return simplifyLine(out, line[far:], tolerance, k)
}
