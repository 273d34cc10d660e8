package geo

import (
	"math"
	"strconv"
)

// Frame maps a box of the earth onto a drawing, north up, in the same scale in both directions at the
// middle of the box. Pixels count from the top left.
type Frame struct {
	Width, Height float64 // pixels
	west, north   float64 // degrees at pixel 0,0
	perLng        float64 // pixels a degree of longitude
	perLat        float64 // pixels a degree of latitude
}

// NewFrame fits a box into width × height pixels, in the middle, with at least padding pixels free on
// every side. An empty box, or no room, gives a frame in which everything is at the middle.
func NewFrame(box Box, width, height, padding float64) Frame {
	f := Frame{Width: width, Height: height}
	middle := box.Center()
	k := math.Cos(middle.Lat * radian)
	roomX, roomY := width-2*padding, height-2*padding
	if !box.Empty() && roomX > 0 && roomY > 0 && k > 0 {
		f.perLat = min(roomX/((box.MaxLng-box.MinLng)*k), roomY/(box.MaxLat-box.MinLat))
		f.perLng = f.perLat * k
		f.west = middle.Lng - width/2/f.perLng
		f.north = middle.Lat + height/2/f.perLat
	}
	return f
}

// XY is the pixel of a point.
func (f Frame) XY(p Point) (x, y float64) {
	if f.perLat == 0 {
		return f.Width / 2, f.Height / 2
	}
	return (p.Lng - f.west) * f.perLng, (f.north - p.Lat) * f.perLat
}

// Point is the point at a pixel; ok is false in a frame without a box.
func (f Frame) Point(x, y float64) (p Point, ok bool) {
	if f.perLat == 0 {
		return Point{}, false
	}
	return Point{f.west + x/f.perLng, f.north - y/f.perLat}, true
}

// PathData draws a shape as the d of an SVG path, to a tenth of a pixel: each ring as an absolute M,
// relative l and z. Points that fall together and rings that shrink to nothing are left out, so the
// result may be empty. Holes show with either fill rule.
func (f Frame) PathData(s Shape) string {
	if f.perLat == 0 {
		return ""
	}
	var b []byte
	for _, rings := range s.polygons {
		for _, r := range rings {
			b = f.appendRing(b, r)
		}
	}
	return string(b)
}

// appendRing keeps to whole tenths, so that relative steps do not drift.
func (f Frame) appendRing(b []byte, r Ring) []byte {
	type tenth struct{ x, y int64 }
	points := make([]tenth, 0, len(r))
	for _, p := range r {
		x, y := f.XY(p)
		t := tenth{int64(math.Round(x * 10)), int64(math.Round(y * 10))}
		if n := len(points); n == 0 || points[n-1] != t {
			points = append(points, t)
		}
	}
	if n := len(points); n > 1 && points[0] == points[n-1] {
		points = points[:n-1]
	}
	if len(points) < 3 {
		return b
	}
	b = append(b, 'M')
	b = appendPair(b, points[0].x, points[0].y)
	b = append(b, 'l')
	for i := 1; i < len(points); i++ {
		// A minus sign separates as well as a blank.
		if dx := points[i].x - points[i-1].x; i > 1 && dx >= 0 {
			b = append(b, ' ')
		}
		b = appendPair(b, points[i].x-points[i-1].x, points[i].y-points[i-1].y)
	}
	return append(b, 'z')
}

func appendPair(b []byte, x, y int64) []byte {
	b = appendTenths(b, x)
	if y >= 0 {
		b = append(b, ' ')
	}
	return appendTenths(b, y)
}

func appendTenths(b []byte, n int64) []byte {
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/10, 10)
	if n%10 != 0 {
		b = append(b, '.', byte('0'+n%10))
	}
	return b
}
