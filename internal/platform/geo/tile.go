package geo

import (
	"math"
	"sort"
)

// Tile cuts a shape into as many parts as there are weights, part i with weight i's share of the
// area in square degrees (within a county that is its share in square metres within about one in a
// hundred). Parts do not overlap and together cover the shape; neighbouring weights become
// neighbouring parts; the same call gives the same parts. A part may consist of several polygons
// where the shape is not convex. A weight that is not above zero gets an empty shape.
func Tile(s Shape, weights []float64) []Shape {
	out := make([]Shape, len(weights))
	var shares []share
	for i, w := range weights {
		if w > 0 && !math.IsInf(w, 1) {
			shares = append(shares, share{i, w})
		}
	}
	if len(shares) > 0 && !s.Empty() {
		tile(s, shares, out)
	}
	return out
}

// share is one part to be cut: its place in the result and its weight.
type share struct {
	at     int
	weight float64
}

func tile(s Shape, shares []share, out []Shape) {
	if len(shares) == 1 || s.Empty() {
		out[shares[0].at] = s
		return
	}
	first, fraction := halve(shares)
	axis := s.longAxis()
	low, high := s.Cut(axis, s.cutAt(axis, fraction))
	tile(low, shares[:first], out)
	tile(high, shares[first:], out)
}

// halve finds how many of the first shares come nearest to half the weight, and their fraction of it.
func halve(shares []share) (first int, fraction float64) {
	total := 0.0
	for _, s := range shares {
		total += s.weight
	}
	sum, best := 0.0, math.Inf(1)
	for i, s := range shares[:len(shares)-1] {
		sum += s.weight
		if off := math.Abs(sum/total - 0.5); off < best {
			first, fraction, best = i+1, sum/total, off
		}
	}
	return first, fraction
}

// Axis is a direction across which a shape is cut.
type Axis int

const (
	AlongLng Axis = iota // cut by a meridian
	AlongLat             // cut by a parallel
)

// longAxis is the longer extent on the ground.
func (s Shape) longAxis() Axis {
	width := (s.box.MaxLng - s.box.MinLng) * math.Cos(s.box.Center().Lat*radian)
	if width >= s.box.MaxLat-s.box.MinLat {
		return AlongLng
	}
	return AlongLat
}

// of is the coordinate of a point in the direction of the axis.
func (a Axis) of(p Point) float64 {
	if a == AlongLng {
		return p.Lng
	}
	return p.Lat
}

// across is the other coordinate.
func (a Axis) across(p Point) float64 {
	if a == AlongLng {
		return p.Lat
	}
	return p.Lng
}

func (a Axis) point(along, across float64) Point {
	if a == AlongLng {
		return Point{along, across}
	}
	return Point{across, along}
}

// meet is where the edge from low (at or below the line) to high (above it) crosses the line. Both
// sides of a cut take the point from here, so that they share it exactly.
func (a Axis) meet(low, high Point, line float64) Point {
	t := (line - a.of(low)) / (a.of(high) - a.of(low))
	return a.point(line, a.across(low)+(a.across(high)-a.across(low))*t)
}

// cutAt finds the line below which the given fraction of the area lies, by halving the interval.
func (s Shape) cutAt(axis Axis, fraction float64) float64 {
	lo, hi := s.box.MinLng, s.box.MaxLng
	if axis == AlongLat {
		lo, hi = s.box.MinLat, s.box.MaxLat
	}
	target := fraction * s.areaBelow(axis, hi)
	// The sums are negative for one of the axes; a quotient does not care.
	for range 60 {
		mid := (lo + hi) / 2
		if mid <= lo || mid >= hi {
			break
		}
		if s.areaBelow(axis, mid)/target < 1 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// areaBelow is the area at or below a line, up to a sign that is the same for every line. It is the
// sum of across·d(along) over the boundary; what closes the boundary along the line adds nothing.
func (s Shape) areaBelow(axis Axis, line float64) float64 {
	sum := 0.0
	base := axis.across(s.polygons[0][0][0])
	for _, rings := range s.polygons {
		for _, r := range rings {
			a := r[len(r)-1]
			for _, b := range r {
				p, q := a, b
				a = b
				pBelow, qBelow := axis.of(p) <= line, axis.of(q) <= line
				switch {
				case !pBelow && !qBelow:
					continue
				case !qBelow:
					q = axis.meet(p, q, line)
				case !pBelow:
					p = axis.meet(q, p, line)
				}
				sum += (axis.of(q) - axis.of(p)) * ((axis.across(p)+axis.across(q))/2 - base)
			}
		}
	}
	return sum
}

// Cut parts a shape by a meridian or parallel into what lies at or below it and what lies above.
// Both parts share the points on the line; either may be empty.
func (s Shape) Cut(axis Axis, line float64) (low, high Shape) {
	var lows, highs []Ring
	for _, rings := range s.polygons {
		l, h := cutPolygon(rings, axis, line)
		lows, highs = append(lows, l...), append(highs, h...)
	}
	return assemble(lows), assemble(highs)
}

// crossing is where a ring passes the line.
type crossing struct {
	at      Point
	rising  bool    // from low to high
	chain   []Point // points of the ring from here to its next crossing
	next    int     // that crossing
	partner int     // the crossing at the other end of the stretch of the line within the polygon
	done    bool
}

// cutPolygon cuts the rings of one polygon. Where the polygon lies on both sides, its rings fall into
// chains between crossings; the crossings sorted along the line bound, two by two, the stretches of
// it that are inside, and these stretches join the chains to new rings on either side.
func cutPolygon(rings Polygon, axis Axis, line float64) (lows, highs []Ring) {
	var crossings []crossing
	for _, r := range rings {
		before := len(crossings)
		crossings = appendCrossings(crossings, r, axis, line)
		if len(crossings) > before {
			continue
		}
		if axis.of(r[0]) <= line {
			lows = append(lows, r)
		} else {
			highs = append(highs, r)
		}
	}
	pair(crossings, axis)
	for i := range crossings {
		if crossings[i].done {
			continue
		}
		r := walk(crossings, i)
		if crossings[i].rising {
			highs = append(highs, r)
		} else {
			lows = append(lows, r)
		}
	}
	return lows, highs
}

// appendCrossings adds the crossings of one ring in its order. A point on the line counts as low, so
// that every edge is clearly on a side or across.
func appendCrossings(crossings []crossing, r Ring, axis Axis, line float64) []crossing {
	first := len(crossings)
	var head []Point // points before the first crossing belong to the last chain
	a := r[len(r)-1]
	for _, b := range r {
		aLow, bLow := axis.of(a) <= line, axis.of(b) <= line
		switch {
		case aLow && !bLow:
			crossings = append(crossings, crossing{at: axis.meet(a, b, line), rising: true})
		case !aLow && bLow:
			crossings = append(crossings, crossing{at: axis.meet(b, a, line)})
		}
		if n := len(crossings); n > first {
			crossings[n-1].chain = append(crossings[n-1].chain, b)
		} else {
			head = append(head, b)
		}
		a = b
	}
	if n := len(crossings); n > first {
		crossings[n-1].chain = append(crossings[n-1].chain, head...)
		for i := first; i < n; i++ {
			crossings[i].next = i + 1
		}
		crossings[n-1].next = first
	}
	return crossings
}

// pair joins every crossing with its neighbour along the line that goes the other way. In a sound
// polygon directions alternate; where crossings fall together their order is arbitrary, and matching
// like brackets closes every ring all the same.
func pair(crossings []crossing, axis Axis) {
	order := make([]int, len(crossings))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool {
		return axis.across(crossings[order[i]].at) < axis.across(crossings[order[j]].at)
	})
	var open []int
	for _, i := range order {
		n := len(open)
		if n == 0 || crossings[open[n-1]].rising == crossings[i].rising {
			open = append(open, i)
			continue
		}
		crossings[i].partner, crossings[open[n-1]].partner = open[n-1], i
		open = open[:n-1]
	}
}

// walk follows chains and stretches of the line from one crossing until it is back.
func walk(crossings []crossing, start int) Ring {
	var r Ring
	for i := start; !crossings[i].done; {
		c := &crossings[i]
		c.done = true
		r = append(append(r, c.at), c.chain...)
		end := crossings[c.next]
		r = append(r, end.at)
		i = end.partner
	}
	return r
}

// assemble makes a shape of rings that keep their direction: those counter-clockwise are outer rings,
// and every other is a hole of the smallest outer ring around it.
func assemble(rings []Ring) Shape {
	var outer, holes []Ring
	for _, r := range rings {
		r = clean(r)
		switch {
		case !hasArea(r):
		case signedArea(r) > 0:
			outer = append(outer, r)
		default:
			holes = append(holes, r)
		}
	}
	polygons := make([]Polygon, len(outer))
	for i, r := range outer {
		polygons[i] = Polygon{r}
	}
	if len(outer) > 0 {
		for _, h := range holes {
			home := homeOf(h, outer)
			polygons[home] = append(polygons[home], h)
		}
	}
	return Shape{polygons: polygons, box: boxOf(polygons)}
}

// homeOf finds the outer ring around most of a hole's points, the smallest of several.
func homeOf(hole Ring, outer []Ring) int {
	home, most, least := 0, -1, 0.0
	for i, r := range outer {
		in := 0
		for _, p := range hole {
			if crossesOdd(r, p.Lng, p.Lat) {
				in++
			}
		}
		if area := signedArea(r); in > most || in == most && area < least {
			home, most, least = i, in, area
		}
	}
	return home
}
