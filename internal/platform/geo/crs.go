package geo

import (
	"math"
	"strings"

	"linli/internal/platform/fold"
)

// CRS is a coordinate reference system.
type CRS string

const (
	CGCS2000 CRS = "CGCS2000" // the national system; what is stored
	GCJ02    CRS = "GCJ02"    // shifted by some hundred metres: Amap, Tencent and most Chinese map tiles
	BD09     CRS = "BD09"     // GCJ02 shifted once more: Baidu
)

// ParseCRS knows the names in use for the three systems, among them EPSG:4490, EPSG:4326, WGS84 and
// the URNs of each. The error is [*Error] with [FaultCRS].
func ParseCRS(s string) (CRS, error) {
	name := strings.ToUpper(fold.Compact(s))
	if rest, found := strings.CutPrefix(name, "URN:OGC:DEF:CRS:"); found {
		authority, _, _ := strings.Cut(rest, ":")
		name = authority + ":" + name[strings.LastIndexByte(name, ':')+1:]
	}
	switch strings.NewReplacer("-", "", " ", "", "_", "").Replace(name) {
	case "CGCS2000", "EPSG:4490", "WGS84", "EPSG:4326", "OGC:CRS84":
		return CGCS2000, nil
	case "GCJ02":
		return GCJ02, nil
	case "BD09", "BD09LL":
		return BD09, nil
	}
	return "", fault(FaultCRS)
}

// Convert turns a point of one system into one of another. Back from a shifted system it is exact
// to well under 1e-6 degree (0.1 m). Outside China nothing is shifted to GCJ02.
func Convert(p Point, from, to CRS) Point {
	if from == to {
		return p
	}
	switch from {
	case GCJ02:
		p = invert(p, toGCJ)
	case BD09:
		p = invert(p, toBD)
		if to == GCJ02 {
			return p
		}
		p = invert(p, toGCJ)
	}
	switch to {
	case GCJ02:
		return toGCJ(p)
	case BD09:
		return toBD(toGCJ(p))
	}
	return p
}

// invert finds the point that shift moves to p, by moving back what is left of the shift.
func invert(p Point, shift func(Point) Point) Point {
	guess := p
	for range 30 {
		s := shift(guess)
		dLng, dLat := p.Lng-s.Lng, p.Lat-s.Lat
		guess.Lng += dLng
		guess.Lat += dLat
		if math.Abs(dLng)+math.Abs(dLat) < 1e-11 {
			break
		}
	}
	return guess
}

// The ellipsoid of GCJ-02 (Krasovsky).
const (
	gcjAxis         = 6378245.0
	gcjEccentricity = 0.00669342162296594323
)

// toGCJ shifts a point of CGCS2000 to GCJ-02.
func toGCJ(p Point) Point {
	if p.Lng < 72.004 || p.Lng > 137.8347 || p.Lat < 0.8293 || p.Lat > 55.8271 {
		return p
	}
	x, y := p.Lng-105, p.Lat-35
	sin := func(a float64) float64 { return math.Sin(a * math.Pi) }
	wave := (20*sin(6*x) + 20*sin(2*x)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + wave +
		(20*sin(y)+40*sin(y/3))*2/3 + (160*sin(y/12)+320*sin(y/30))*2/3
	dLng := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + wave +
		(20*sin(x)+40*sin(x/3))*2/3 + (150*sin(x/12)+300*sin(x/30))*2/3
	lat := p.Lat * radian
	magic := 1 - gcjEccentricity*math.Sin(lat)*math.Sin(lat)
	root := math.Sqrt(magic)
	return Point{
		Lng: p.Lng + dLng/(gcjAxis/root*math.Cos(lat)*radian),
		Lat: p.Lat + dLat/(gcjAxis*(1-gcjEccentricity)/(magic*root)*radian),
	}
}

// toBD shifts a point of GCJ-02 to BD-09.
func toBD(p Point) Point {
	const k = math.Pi * 3000 / 180
	z := math.Hypot(p.Lng, p.Lat) + 2e-5*math.Sin(p.Lat*k)
	theta := math.Atan2(p.Lat, p.Lng) + 3e-6*math.Cos(p.Lng*k)
	return Point{z*math.Cos(theta) + 0.0065, z*math.Sin(theta) + 0.006}
}
