package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// drawShape draws shapes that are hard to cut: stars without convexity, with a star-shaped hole and
// islands, or with all corners on a coarse lattice so that cuts pass through corners and along edges.
func drawShape(t *rapid.T) Shape {
	var polygons []Polygon
	if rapid.Bool().Draw(t, "comb") {
		polygons = append(polygons, Polygon{drawComb(t)})
	} else {
		main := Polygon{drawStar(t, Point{119, 34.5}, 0.3, 1)}
		if rapid.Bool().Draw(t, "hole") {
			main = append(main, drawStar(t, Point{119, 34.5}, 0.05, 0.14))
		}
		polygons = append(polygons, main)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "islands") {
		polygons = append(polygons, Polygon{drawStar(t, Point{121, 33 + float64(i)}, 0.1, 0.4)})
	}
	s, err := NewShape(polygons)
	if err != nil {
		t.Skip(err)
	}
	return s
}

func drawStar(t *rapid.T, c Point, least, most float64) Ring {
	n := rapid.IntRange(3, 40).Draw(t, "corners")
	var r Ring
	for i := range n {
		a := float64(i) / float64(n) * 2 * math.Pi
		d := rapid.Float64Range(least, most).Draw(t, "radius")
		r = append(r, Point{c.Lng + d*math.Cos(a), c.Lat + d*math.Sin(a)})
	}
	return r
}

// drawComb draws teeth of whole-numbered heights on both sides of a beam.
func drawComb(t *rapid.T) Ring {
	n := rapid.IntRange(1, 8).Draw(t, "teeth")
	var up, down Ring
	for i := range n {
		x := 115 + float64(i)
		top := 34.5 + float64(rapid.IntRange(0, 3).Draw(t, "top"))
		bottom := 34 - float64(rapid.IntRange(0, 3).Draw(t, "bottom"))
		down = append(down, Point{x, bottom}, Point{x + 1, bottom})
		up = append(up, Point{x, top}, Point{x + 1, top})
	}
	return append(down, reversed(up)...)
}

func within(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		axis := Axis(rapid.IntRange(0, 1).Draw(t, "axis"))
		lo, hi := s.box.MinLng, s.box.MaxLng
		if axis == AlongLat {
			lo, hi = s.box.MinLat, s.box.MaxLat
		}
		line := rapid.Float64Range(lo, hi).Draw(t, "line")
		if rapid.Bool().Draw(t, "through a corner") {
			r := s.polygons[0][0]
			line = axis.of(r[rapid.IntRange(0, len(r)-1).Draw(t, "corner")])
		}
		low, high := s.Cut(axis, line)
		if sum := low.planeArea() + high.planeArea(); !within(sum, s.planeArea(), 1e-9) {
			t.Fatalf("%v and %v do not add to %v", low.planeArea(), high.planeArea(), s.planeArea())
		}
		checkRings(t, low)
		checkRings(t, high)
		for _, p := range somePoints(s.box, 200) {
			inside, below := s.Contains(p.Lng, p.Lat), axis.of(p) <= line
			if low.Contains(p.Lng, p.Lat) != (inside && below) || high.Contains(p.Lng, p.Lat) != (inside && !below) {
				t.Fatalf("%v: inside %v, below %v, low %v, high %v", p, inside, below, low.polygons, high.polygons)
			}
		}
	})
}

// checkRings fails when rings are the wrong way round, touch themselves along an edge or lie in no polygon.
func checkRings(t *rapid.T, s Shape) {
	for _, rings := range s.polygons {
		for i, r := range rings {
			if (signedArea(r) > 0) != (i == 0) {
				t.Fatalf("ring %d has an area of %v", i, signedArea(r))
			}
			if len(clean(r)) != len(r) {
				t.Fatalf("ring has repeated points or spikes: %v", r)
			}
		}
	}
}

// somePoints are the same random points in a box each time.
func somePoints(b Box, n int) []Point {
	random := rand.New(rand.NewPCG(1, 2))
	out := make([]Point, n)
	for i := range out {
		out[i] = Point{b.MinLng + random.Float64()*(b.MaxLng-b.MinLng), b.MinLat + random.Float64()*(b.MaxLat-b.MinLat)}
	}
	return out
}

func TestTile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShape(t)
		weights := rapid.SliceOfN(rapid.Float64Range(0.2, 5), 1, 40).Draw(t, "weights")
		parts := Tile(s, weights)
		total := 0.0
		for _, w := range weights {
			total += w
		}
		for i, part := range parts {
			want := s.planeArea() * weights[i] / total
			if !within(part.planeArea(), want, 1e-8) {
				t.Fatalf("part %d has %v, not %v", i, part.planeArea(), want)
			}
			checkRings(t, part)
		}
		for _, p := range somePoints(s.box, 300) {
			n := 0
			for _, part := range parts {
				if part.Contains(p.Lng, p.Lat) {
					n++
				}
			}
			if inside := s.Contains(p.Lng, p.Lat); inside && n != 1 || !inside && n != 0 {
				t.Fatalf("%v, inside %v, is in %d parts", p, inside, n)
			}
		}
	})
}

func TestTileLeavesOutWeightless(t *testing.T) {
	t.Parallel()
	s := mustShape(t, Polygon{square(0, 0, 1)})
	parts := Tile(s, []float64{0, 1, math.NaN(), 3, -1, math.Inf(1)})
	for i, want := range []float64{0, 0.25, 0, 0.75, 0, 0} {
		if got := parts[i].planeArea(); !within(got, want, 1e-12) {
			t.Errorf("part %d has %v, want %v", i, got, want)
		}
	}
	for _, part := range append(Tile(Shape{}, []float64{1, 2}), Tile(s, []float64{0})...) {
		if !part.Empty() {
			t.Errorf("got %v", part.polygons)
		}
	}
	if len(Tile(s, nil)) != 0 {
		t.Error("no weights must give no parts")
	}
}

// coast is an outline of 1,700 corners with inlets, about as large as a county.
func coast(t testing.TB) Shape {
	var r Ring
	for i := range 1700 {
		a := float64(i) / 1700 * 2 * math.Pi
		d := 0.25 + 0.05*math.Sin(9*a) + 0.02*math.Sin(53*a) + 0.004*math.Sin(401*a)
		r = append(r, Point{119.2 + d*math.Cos(a), 34.5 + d*math.Sin(a)})
	}
	return mustShape(t, Polygon{r}, Polygon{square(119.6, 34.5, 0.01)})
}

func TestTileCounty(t *testing.T) {
	t.Parallel()
	county := coast(t)
	communities := Tile(county, equal(465))
	var grids []Entry
	for i, c := range communities {
		if ratio := c.Area() * 465 / county.Area(); !within(ratio, 1, 0.01) {
			t.Fatalf("community %d has %v of its area", i, ratio)
		}
		for _, g := range Tile(c, equal(2+i%3)) {
			grids = append(grids, Entry{ID: "g", Shape: g})
		}
	}
	x := NewIndex(grids)
	for _, p := range somePoints(county.Box(), 20_000) {
		if n := len(x.At(p.Lng, p.Lat)); (n == 1) != county.Contains(p.Lng, p.Lat) || n > 1 {
			t.Fatalf("%v is in %d grids", p, n)
		}
	}
}

func equal(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

func BenchmarkTileCounty(b *testing.B) {
	county := coast(b)
	for b.Loop() {
		for i, c := range Tile(county, equal(465)) {
			Tile(c, equal(2+i%3))
		}
	}
}
