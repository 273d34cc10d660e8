// Package geo holds the plane geometry of areas: outlines in degrees, which point lies in which
// outline, drawing outlines, cutting one into parts, and the shifted coordinates of Chinese maps.
//
// Coordinates are degrees of longitude and latitude in CGCS2000 (EPSG:4490), which is the same as
// WGS 84 within centimetres, unless a function says otherwise. Edges are straight in degrees; no
// outline crosses the 180th meridian.
package geo

import "math"

// Point is a position in degrees.
type Point struct {
	Lng float64 `json:"lng"` // east, -180 to 180
	Lat float64 `json:"lat"` // north, -90 to 90
}

// Valid reports whether the point is finite and on the globe.
func (p Point) Valid() bool {
	return p.Lng >= -180 && p.Lng <= 180 && p.Lat >= -90 && p.Lat <= 90
}

// Box is a rectangle in degrees. The zero Box is empty.
type Box struct {
	MinLng, MinLat, MaxLng, MaxLat float64
}

// Empty reports whether the box has no extent in one direction.
func (b Box) Empty() bool { return b.MinLng >= b.MaxLng || b.MinLat >= b.MaxLat }

// Contains reports whether a point is within the box, its border included.
func (b Box) Contains(p Point) bool {
	return p.Lng >= b.MinLng && p.Lng <= b.MaxLng && p.Lat >= b.MinLat && p.Lat <= b.MaxLat
}

// Union is the smallest box around both; an empty box adds nothing.
func (b Box) Union(o Box) Box {
	if b.Empty() {
		return o
	}
	if o.Empty() {
		return b
	}
	return Box{min(b.MinLng, o.MinLng), min(b.MinLat, o.MinLat), max(b.MaxLng, o.MaxLng), max(b.MaxLat, o.MaxLat)}
}

// Center is the middle of the box.
func (b Box) Center() Point { return Point{(b.MinLng + b.MaxLng) / 2, (b.MinLat + b.MaxLat) / 2} }

// earthRadius is the mean radius in metres.
const earthRadius = 6371008.8

const radian = math.Pi / 180

// Distance is the length of the shortest way between two points in metres, on a sphere.
func Distance(a, b Point) float64 {
	sinLat := math.Sin((b.Lat - a.Lat) * radian / 2)
	sinLng := math.Sin((b.Lng - a.Lng) * radian / 2)
	h := sinLat*sinLat + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*sinLng*sinLng
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

// Error says why an outline is refused.
type Error struct {
	Fault Fault
}

// Fault is the stable key suffix of what is wrong with an outline.
type Fault string

const (
	FaultSize       Fault = "size"       // too many bytes
	FaultDepth      Fault = "depth"      // brackets nested too deep
	FaultSyntax     Fault = "syntax"     // not JSON, or a member of the wrong type
	FaultType       Fault = "type"       // not a Polygon, MultiPolygon, Feature or FeatureCollection
	FaultCRS        Fault = "crs"        // an unknown coordinate reference system
	FaultFeatures   Fault = "features"   // too many features
	FaultVertices   Fault = "vertices"   // too many vertices
	FaultRange      Fault = "range"      // a coordinate that is not on the globe
	FaultOpen       Fault = "open"       // a ring whose last position is not its first
	FaultDegenerate Fault = "degenerate" // an outer ring without area
	FaultEmpty      Fault = "empty"      // no outline at all
)

func (e *Error) Error() string { return "geo: " + string(e.Fault) }

func fault(f Fault) error { return &Error{f} }
