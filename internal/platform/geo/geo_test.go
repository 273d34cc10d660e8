package geo

import (
	"errors"
	"math"
	"testing"
)

// square is the ring of a square, counter-clockwise, with its south-west corner at x, y.
func square(x, y, side float64) Ring {
	return Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}}
}

func mustShape(t testing.TB, polygons ...Polygon) Shape {
	t.Helper()
	s, err := NewShape(polygons)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func faultOf(t testing.TB, err error) Fault {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *Error", err)
	}
	return e.Fault
}

func TestNewShape(t *testing.T) {
	t.Parallel()
	hole := square(2, 2, 1) // the wrong way round for a hole
	spiked := Ring{{0, 0}, {0, 0}, {9, 0}, {9, 4}, {12, 4}, {9, 4}, {9, 9}, {0, 9}, {0, 0}}
	s := mustShape(t, Polygon{reversed(spiked), hole, {{4, 4}, {5, 5}, {4, 4}}})
	if s.Vertices() != 9 || len(s.Polygons()) != 1 || len(s.Polygons()[0]) != 2 {
		t.Fatalf("got %v", s.Polygons())
	}
	if s.planeArea() != 80 || s.Box() != (Box{0, 0, 9, 9}) {
		t.Errorf("area %v, box %v", s.planeArea(), s.Box())
	}
	for name, tt := range map[string]struct {
		polygons []Polygon
		want     Fault
	}{
		"nothing":  {nil, FaultEmpty},
		"no ring":  {[]Polygon{{}}, FaultDegenerate},
		"line":     {[]Polygon{{{{0, 0}, {1, 1}, {2, 2}}}}, FaultDegenerate},
		"west":     {[]Polygon{{{{-181, 0}, {1, 0}, {1, 1}}}}, FaultRange},
		"north":    {[]Polygon{{{{0, 0}, {1, 0}, {1, 90.1}}}}, FaultRange},
		"infinite": {[]Polygon{{{{0, 0}, {1, 0}, {1, math.NaN()}}}}, FaultRange},
	} {
		if _, err := NewShape(tt.polygons); faultOf(t, err) != tt.want {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}

func TestContains(t *testing.T) {
	t.Parallel()
	s := mustShape(t, Polygon{square(0, 0, 10), square(4, 4, 2)}, Polygon{square(20, 0, 1)})
	for p, want := range map[Point]bool{
		{1, 1}: true, {5, 5}: false, {3, 5}: true, {7, 5}: true, {15, 5}: false, {20.5, 0.5}: true, {-1, 5}: false, {5, 11}: false,
	} {
		if got := s.Contains(p.Lng, p.Lat); got != want {
			t.Errorf("%v: got %v", p, got)
		}
	}
	// A point on a shared edge or corner is in exactly one of the neighbours.
	grid := []Shape{mustShape(t, Polygon{square(0, 0, 1)}), mustShape(t, Polygon{square(1, 0, 1)}),
		mustShape(t, Polygon{square(0, 1, 1)}), mustShape(t, Polygon{square(1, 1, 1)})}
	for _, p := range []Point{{1, 0.5}, {0.5, 1}, {1, 1}, {1.5, 1}, {1, 1.5}} {
		n := 0
		for _, g := range grid {
			if g.Contains(p.Lng, p.Lat) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%v is in %d squares", p, n)
		}
	}
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	// A degree square at 34.5° north: a known area of 10,190 km².
	s := mustShape(t, Polygon{square(119, 34, 1)})
	if km2 := s.Area() / 1e6; math.Abs(km2-10190) > 10 {
		t.Errorf("area %v km²", km2)
	}
	if d := Distance(Point{119, 34}, Point{119, 35}); math.Abs(d-111195) > 1 {
		t.Errorf("a degree of latitude is %v m", d)
	}
	if c := s.Centroid(); math.Abs(c.Lng-119.5)+math.Abs(c.Lat-34.5) > 1e-9 {
		t.Errorf("centroid %v", c)
	}
	// The centroid of a horseshoe is outside, its label is not.
	horseshoe := mustShape(t, Polygon{{{0, 0}, {10, 0}, {10, 10}, {8, 10}, {8, 2}, {2, 2}, {2, 10}, {0, 10}}})
	if c := horseshoe.Centroid(); horseshoe.Contains(c.Lng, c.Lat) {
		t.Errorf("centroid %v should be outside", c)
	}
	if p := horseshoe.LabelPoint(); !horseshoe.Contains(p.Lng, p.Lat) {
		t.Errorf("label %v is outside", p)
	}
	island := mustShape(t, Polygon{square(0, 0, 1)}, Polygon{square(10, 10, 5)})
	if p := island.LabelPoint(); p.Lng < 10 {
		t.Errorf("label %v is not in the largest part", p)
	}
}

func TestSimplify(t *testing.T) {
	t.Parallel()
	var wavy Ring
	for i := range 400 {
		a := float64(i) / 400 * 2 * math.Pi
		r := 0.1 + 0.00002*float64(i%2)
		wavy = append(wavy, Point{119 + r*math.Cos(a), 34 + r*math.Sin(a)})
	}
	s := mustShape(t, Polygon{wavy}, Polygon{square(120, 34, 0.0001)})
	thin := s.Simplify(100)
	if len(thin.Polygons()) != 1 || thin.Vertices() > 60 || thin.Vertices() < 8 {
		t.Errorf("%d polygons, %d vertices", len(thin.Polygons()), thin.Vertices())
	}
	if ratio := thin.Area() / s.Area(); math.Abs(ratio-1) > 0.02 {
		t.Errorf("area changed to %v of it", ratio)
	}
	if tiny := mustShape(t, Polygon{square(120, 34, 0.0001)}); tiny.Simplify(1000).Empty() {
		t.Error("nothing remained")
	}
	if s.Simplify(0).Vertices() != s.Vertices() || !(Shape{}).Simplify(5).Empty() {
		t.Error("no tolerance and no shape must change nothing")
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	// The vectors that the widely used coordtransform libraries publish.
	for _, tt := range []struct {
		from, to CRS
		want     Point
	}{
		{CGCS2000, GCJ02, Point{116.41024449916938, 39.91640428150164}},
		{GCJ02, BD09, Point{116.41036949371029, 39.92133699351021}},
	} {
		got := Convert(Point{116.404, 39.915}, tt.from, tt.to)
		if math.Abs(got.Lng-tt.want.Lng)+math.Abs(got.Lat-tt.want.Lat) > 1e-9 {
			t.Errorf("%s to %s: got %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
	systems := []CRS{CGCS2000, GCJ02, BD09}
	for lng := 73.5; lng < 135; lng += 4.7 {
		for lat := 4.1; lat < 53; lat += 3.3 {
			for _, from := range systems {
				for _, to := range systems {
					p := Point{lng, lat}
					back := Convert(Convert(p, from, to), to, from)
					if math.Abs(back.Lng-lng) > 1e-8 || math.Abs(back.Lat-lat) > 1e-8 {
						t.Fatalf("%v from %s to %s and back is %v", p, from, to, back)
					}
				}
			}
		}
	}
	if p := (Point{2.35, 48.86}); Convert(p, CGCS2000, GCJ02) != p {
		t.Error("Paris was shifted")
	}
}

func TestParseCRS(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]CRS{
		"CGCS2000": CGCS2000, "EPSG:4490": CGCS2000, "urn:ogc:def:crs:EPSG::4490": CGCS2000, "wgs84": CGCS2000,
		"urn:ogc:def:crs:OGC:1.3:CRS84": CGCS2000, "GCJ-02": GCJ02, "gcj02": GCJ02, "BD-09": BD09,
	} {
		if got, err := ParseCRS(name); got != want || err != nil {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "EPSG:3857", "urn:ogc:def:crs:", "Beijing54"} {
		if got, err := ParseCRS(name); faultOf(t, err) != FaultCRS {
			t.Errorf("%q: got %s, %v", name, got, err)
		}
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	s := mustShape(t, Polygon{square(119, 34, 1), square(119.4, 34.4, 0.2)})
	f := NewFrame(s.Box(), 300, 200, 10)
	x, y := f.XY(Point{119, 35})
	if math.Abs(y-10) > 1e-9 || x < 10 {
		t.Errorf("north-west corner at %v, %v", x, y)
	}
	east, _ := f.XY(Point{120, 35})
	if math.Abs((x+east)/2-150) > 1e-9 {
		t.Errorf("not in the middle: %v to %v", x, east)
	}
	if width := east - x; math.Abs(width/180-math.Cos(34.5*radian)) > 1e-9 {
		t.Errorf("a degree is %v pixels wide and 180 high", width)
	}
	if p, ok := f.Point(x, y); !ok || math.Abs(p.Lng-119)+math.Abs(p.Lat-35) > 1e-9 {
		t.Errorf("back at %v", p)
	}
	want := "M75.8 190l148.4 0 0-180-148.4 0zM135.2 82l29.6 0 0 36-29.6 0z"
	if got := f.PathData(s); got != want {
		t.Errorf("path %s, want %s", got, want)
	}
	far := NewFrame(Box{0, 0, 100, 50}, 100, 100, 0)
	if got := far.PathData(mustShape(t, Polygon{square(119, 34, 0.01)})); got != "" {
		t.Errorf("a speck is drawn as %s", got)
	}
	if _, ok := (NewFrame(Box{}, 10, 10, 0)).Point(1, 1); ok {
		t.Error("a frame without a box has points")
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	x := NewIndex([]Entry{
		{"320703", mustShape(t, Polygon{square(0, 0, 10)})},
		{"320703001", mustShape(t, Polygon{square(0, 0, 5)})},
		{"320706", mustShape(t, Polygon{{{10, 0}, {20, 0}, {20, 10}}})},
		{"empty", Shape{}},
	})
	for p, want := range map[Point]string{
		{1, 1}: "320703 320703001", {7, 7}: "320703", {19, 1}: "320706", {11, 9}: "", {0, 0}: "320703 320703001", {-1, 0}: "",
	} {
		got := ""
		for _, id := range x.At(p.Lng, p.Lat) {
			if got != "" {
				got += " "
			}
			got += id
		}
		if got != want {
			t.Errorf("%v: got %q, want %q", p, got, want)
		}
	}
}

func BenchmarkIndexAt(b *testing.B) {
	var entries []Entry
	for i := range 20_000 {
		var r Ring
		for k := range 30 {
			a := float64(k) / 30 * 2 * math.Pi
			r = append(r, Point{100 + float64(i%200)*0.01 + 0.006*math.Cos(a), 30 + float64(i/200)*0.01 + 0.006*math.Sin(a)})
		}
		entries = append(entries, Entry{"x", mustShape(b, Polygon{r})})
	}
	x := NewIndex(entries)
	i := 0
	for b.Loop() {
		i++
		x.At(100+float64(i*7919%200_000)/1e5, 30+float64(i*104729%100_000)/1e5)
	}
}
