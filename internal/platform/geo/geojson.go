package geo

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Limits bound what a GeoJSON document may cost. A zero field takes the value of [DefaultLimits].
type Limits struct {
	Bytes    int // size of the document
	Depth    int // nested brackets and braces
	Features int // features of a collection
	Vertices int // positions of all rings together
}

// DefaultLimits suit the outlines of every community of a city.
func DefaultLimits() Limits {
	return Limits{Bytes: 16 << 20, Depth: 16, Features: 20_000, Vertices: 500_000}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	fill := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	fill(&l.Bytes, d.Bytes)
	fill(&l.Depth, d.Depth)
	fill(&l.Features, d.Features)
	fill(&l.Vertices, d.Vertices)
	return l
}

// Feature is an outline with what is said of it.
type Feature struct {
	ID         string         // member id, text or number; may be empty
	Properties map[string]any // as JSON gives them; may be nil
	Shape      Shape
}

// object is any GeoJSON object.
type object struct {
	Type        string            `json:"type"`
	CRS         json.RawMessage   `json:"crs"`
	ID          json.RawMessage   `json:"id"`
	Properties  map[string]any    `json:"properties"`
	Geometry    json.RawMessage   `json:"geometry"`
	Features    []json.RawMessage `json:"features"`
	Coordinates json.RawMessage   `json:"coordinates"`
}

// Parse reads a GeoJSON Polygon, MultiPolygon, Feature of one of these or FeatureCollection of such
// features, and gives the shapes in CGCS2000. The document's own member crs tells in which system it
// is; without one it is in crs. Heights are dropped. Every error is an [*Error].
func Parse(data []byte, crs CRS, limits Limits) ([]Feature, error) {
	limits = limits.orDefault()
	if len(data) > limits.Bytes {
		return nil, fault(FaultSize)
	}
	if deeper(data, limits.Depth) {
		return nil, fault(FaultDepth)
	}
	var doc object
	if json.Unmarshal(data, &doc) != nil {
		return nil, fault(FaultSyntax)
	}
	if len(doc.CRS) > 0 {
		var err error
		if crs, err = readCRS(doc.CRS); err != nil {
			return nil, err
		}
	}
	p := parser{crs: crs, vertices: limits.Vertices}
	if doc.Type != "FeatureCollection" {
		f, err := p.feature(doc)
		return []Feature{f}, err
	}
	if len(doc.Features) > limits.Features {
		return nil, fault(FaultFeatures)
	}
	if len(doc.Features) == 0 {
		return nil, fault(FaultEmpty)
	}
	features := make([]Feature, 0, len(doc.Features))
	for _, raw := range doc.Features {
		var member object
		if json.Unmarshal(raw, &member) != nil {
			return nil, fault(FaultSyntax)
		}
		if member.Type != "Feature" {
			return nil, fault(FaultType)
		}
		f, err := p.feature(member)
		if err != nil {
			return nil, err
		}
		features = append(features, f)
	}
	return features, nil
}

// deeper reports whether brackets are nested beyond a depth, without reading the values.
func deeper(data []byte, depth int) bool {
	level, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if level++; level > depth {
				return true
			}
		case c == ']' || c == '}':
			level--
		}
	}
	return false
}

// readCRS reads the member crs of GeoJSON 2008, {"type":"name","properties":{"name":…}}, or a bare name.
func readCRS(raw json.RawMessage) (CRS, error) {
	var name string
	if json.Unmarshal(raw, &name) == nil && name != "" {
		return ParseCRS(name)
	}
	var named struct {
		Type       string `json:"type"`
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if json.Unmarshal(raw, &named) != nil || named.Type != "name" {
		return "", fault(FaultCRS)
	}
	return ParseCRS(named.Properties.Name)
}

// parser carries what is common to all features: the system and how many vertices are still allowed.
type parser struct {
	crs      CRS
	vertices int
}

func (p *parser) feature(o object) (Feature, error) {
	f := Feature{ID: readID(o.ID), Properties: o.Properties}
	if o.Type == "Feature" {
		raw := o.Geometry
		o = object{}
		if len(raw) == 0 || json.Unmarshal(raw, &o) != nil {
			return Feature{}, fault(FaultSyntax)
		}
	} else {
		f.Properties = nil
	}
	polygons, err := p.polygons(o)
	if err != nil {
		return Feature{}, err
	}
	shape, err := NewShape(polygons)
	if err != nil {
		return Feature{}, err
	}
	if f.Shape = shape.Convert(p.crs, CGCS2000); f.Shape.Empty() {
		return Feature{}, fault(FaultDegenerate)
	}
	return f, nil
}

func readID(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}

func (p *parser) polygons(o object) ([]Polygon, error) {
	var coordinates [][][][]float64
	switch o.Type {
	case "MultiPolygon":
		if json.Unmarshal(o.Coordinates, &coordinates) != nil {
			return nil, fault(FaultSyntax)
		}
	case "Polygon":
		var one [][][]float64
		if json.Unmarshal(o.Coordinates, &one) != nil {
			return nil, fault(FaultSyntax)
		}
		coordinates = append(coordinates, one)
	default:
		return nil, fault(FaultType)
	}
	polygons := make([]Polygon, 0, len(coordinates))
	for _, rings := range coordinates {
		polygon := make(Polygon, 0, len(rings))
		for _, positions := range rings {
			r, err := p.ring(positions)
			if err != nil {
				return nil, err
			}
			polygon = append(polygon, r)
		}
		polygons = append(polygons, polygon)
	}
	return polygons, nil
}

func (p *parser) ring(positions [][]float64) (Ring, error) {
	if p.vertices -= len(positions); p.vertices < 0 {
		return nil, fault(FaultVertices)
	}
	r := make(Ring, 0, len(positions))
	for _, c := range positions {
		if len(c) < 2 || len(c) > 4 {
			return nil, fault(FaultSyntax)
		}
		r = append(r, Point{c[0], c[1]})
	}
	if len(r) < 4 || r[0] != r[len(r)-1] {
		return nil, fault(FaultOpen)
	}
	return r[:len(r)-1], nil
}

// MarshalJSON writes a GeoJSON Polygon, or a MultiPolygon when there are more or none, in degrees
// with seven decimals, about a centimetre. Rings that have no area at that precision are left out.
func (s Shape) MarshalJSON() ([]byte, error) {
	const scale = 1e7
	s = s.each(func(p Point) Point {
		return Point{math.Round(p.Lng*scale) / scale, math.Round(p.Lat*scale) / scale}
	})
	var b []byte
	if len(s.polygons) == 1 {
		b = append(b, `{"type":"Polygon","coordinates":`...)
		return append(appendPolygon(b, s.polygons[0]), '}'), nil
	}
	b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
	for i, rings := range s.polygons {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPolygon(b, rings)
	}
	return append(b, ']', '}'), nil
}

func appendPolygon(b []byte, rings Polygon) []byte {
	b = append(b, '[')
	for i, r := range rings {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for _, p := range r {
			b = append(appendPoint(b, p), ',')
		}
		b = append(appendPoint(b, r[0]), ']')
	}
	return append(b, ']')
}

func appendPoint(b []byte, p Point) []byte {
	b = append(b, '[')
	b = strconv.AppendFloat(b, p.Lng, 'f', -1, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, p.Lat, 'f', -1, 64)
	return append(b, ']')
}

// UnmarshalJSON reads what MarshalJSON writes, within [DefaultLimits]. A MultiPolygon without
// polygons is the empty shape. Errors are [*Error].
func (s *Shape) UnmarshalJSON(data []byte) error {
	features, err := Parse(data, CGCS2000, Limits{})
	if e, is := err.(*Error); is && e.Fault == FaultEmpty {
		*s = Shape{}
		return nil
	}
	if err != nil {
		return err
	}
	if len(features) != 1 {
		return fault(FaultType)
	}
	*s = features[0].Shape
	return nil
}

// EncodeCollection writes features as a GeoJSON FeatureCollection in CGCS2000.
func EncodeCollection(features []Feature) ([]byte, error) {
	type member struct {
		Type       string         `json:"type"`
		ID         string         `json:"id,omitempty"`
		Properties map[string]any `json:"properties"`
		Geometry   Shape          `json:"geometry"`
	}
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, f := range features {
		if i > 0 {
			b.WriteByte(',')
		}
		one, err := json.Marshal(member{"Feature", f.ID, f.Properties, f.Shape})
		if err != nil {
			return nil, err
		}
		b.Write(one)
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}
