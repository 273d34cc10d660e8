package geo

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/peterstace/simplefeatures/geom"
)

// Faults of an outline's topology, after OGC 06-103r4, 6.1.11.
const (
	FaultCrossing Fault = "crossing" // a ring crosses or touches itself
	FaultHole     Fault = "hole"     // a hole lies outside of its shell or in another hole
	FaultRings    Fault = "rings"    // two rings cross, or touch so that the inside falls apart
	FaultParts    Fault = "parts"    // two parts of one area overlap
)

// violations maps what simplefeatures says to faults.
var violations = []struct {
	text  string
	fault Fault
}{
	{"ring not simple", FaultCrossing}, {"interior ring outside", FaultHole}, {"nested rings", FaultHole},
	{"disconnected interior", FaultRings},
	{"rings intersect", FaultRings}, {"touch at multiple points", FaultParts}, {"interiors intersect", FaultParts},
}

var position = regexp.MustCompile(`(-?[0-9.]+) (-?[0-9.]+)[})\s]*$`)

// Check tells what is wrong with the topology of a shape and where; ok when nothing is.
func (s Shape) Check() (f Fault, at Point, ok bool) {
	err := s.geometry().Validate()
	if err == nil {
		return "", Point{}, true
	}
	f, at = FaultRings, s.Centroid()
	for _, v := range violations {
		if strings.Contains(err.Error(), v.text) {
			f = v.fault
			break
		}
	}
	if m := position.FindStringSubmatch(err.Error()); m != nil {
		lng, errLng := strconv.ParseFloat(m[1], 64)
		lat, errLat := strconv.ParseFloat(m[2], 64)
		if errLng == nil && errLat == nil {
			at = Point{lng, lat}
		}
	}
	return f, at, false
}

// Common is the part in which two valid shapes overlap: its area in square metres and a point in it. 0 for
// shapes that touch only.
func Common(a, b Shape) (float64, Point) { return combined(a, b, geom.Intersection) }

// Beyond is the part of a that lies outside of b, likewise.
func Beyond(a, b Shape) (float64, Point) { return combined(a, b, geom.Difference) }

func combined(a, b Shape, by func(a, b geom.Geometry) (geom.Geometry, error)) (float64, Point) {
	g, err := by(a.geometry().AsGeometry(), b.geometry().AsGeometry())
	if err != nil || g.IsEmpty() || g.Dimension() < 2 || a.planeArea() == 0 {
		return 0, Point{}
	}
	at, _ := g.PointOnSurface().XY()
	return g.Area() / a.planeArea() * a.Area(), Point{at.X, at.Y} // degrees of one latitude: the scale of a is that of the part
}

func (s Shape) geometry() geom.MultiPolygon {
	polygons := make([]geom.Polygon, len(s.polygons))
	for i, rings := range s.polygons {
		lines := make([]geom.LineString, len(rings))
		for n, r := range rings {
			var flat []float64
			for _, p := range append(append(Ring{}, r...), r[0]) {
				flat = append(flat, p.Lng, p.Lat)
			}
			lines[n] = geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
		}
		polygons[i] = geom.NewPolygon(lines)
	}
	return geom.NewMultiPolygon(polygons)
}
