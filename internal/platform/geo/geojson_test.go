package geo

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

const triangle = `[[[119,34],[120,34],[120,35],[119,34]]]`

func TestParse(t *testing.T) {
	t.Parallel()
	polygon := `{"type":"Polygon","coordinates":` + triangle + `}`
	tests := []struct {
		name, doc string
		want      Fault
		n         int
	}{
		{"polygon", polygon, "", 1},
		{"height", `{"type":"Polygon","coordinates":[[[119,34,5],[120,34,5],[120,35,5],[119,34,5]]]}`, "", 1},
		{"multi", `{"type":"MultiPolygon","coordinates":[` + triangle + `]}`, "", 1},
		{"feature", `{"type":"Feature","id":7,"properties":{"name":"x"},"geometry":` + polygon + `}`, "", 1},
		{"collection", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + polygon +
			`},{"type":"Feature","properties":null,"geometry":` + polygon + `}]}`, "", 2},
		{"crs", `{"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"coordinates":` +
			triangle + `}`, "", 1},
		{"crs unknown", `{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"coordinates":` + triangle + `}`, FaultCRS, 0},
		{"crs null", `{"type":"Polygon","crs":null,"coordinates":` + triangle + `}`, FaultCRS, 0},
		{"open", `{"type":"Polygon","coordinates":[[[119,34],[120,34],[120,35],[119,35]]]}`, FaultOpen, 0},
		{"short", `{"type":"Polygon","coordinates":[[[119,34],[120,34],[119,34]]]}`, FaultOpen, 0},
		{"flat", `{"type":"Polygon","coordinates":[[[119,34],[120,34],[121,34],[119,34]]]}`, FaultDegenerate, 0},
		{"range", `{"type":"Polygon","coordinates":[[[3819,34],[120,34],[120,35],[3819,34]]]}`, FaultRange, 0},
		{"overflow", `{"type":"Polygon","coordinates":[[[1e999,34],[120,34],[120,35],[1e999,34]]]}`, FaultSyntax, 0},
		{"position", `{"type":"Polygon","coordinates":[[[119],[120,34],[120,35],[119]]]}`, FaultSyntax, 0},
		{"null position", `{"type":"Polygon","coordinates":[[null,[120,34],[120,35],null]]}`, FaultSyntax, 0},
		{"point", `{"type":"Point","coordinates":[119,34]}`, FaultType, 0},
		{"nested", `{"type":"FeatureCollection","features":[` + polygon + `]}`, FaultType, 0},
		{"no geometry", `{"type":"Feature","geometry":null}`, FaultType, 0},
		{"no features", `{"type":"FeatureCollection","features":[]}`, FaultEmpty, 0},
		{"empty multi", `{"type":"MultiPolygon","coordinates":[]}`, FaultEmpty, 0},
		{"not JSON", `{"type":`, FaultSyntax, 0},
		{"text", `"Polygon"`, FaultSyntax, 0},
		{"deep", strings.Repeat("[", 17), FaultDepth, 0},
		{"deep property", `{"type":"Feature","properties":{"a":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}}`, FaultDepth, 0},
		{"brackets in text", `{"type":"Feature","properties":{"a":"\"` + strings.Repeat("[", 20) + `"},"geometry":` + polygon + `}`, "", 1},
	}
	for _, tt := range tests {
		got, err := Parse([]byte(tt.doc), CGCS2000, Limits{})
		if faultOf(t, err) != tt.want || err == nil && len(got) != tt.n {
			t.Errorf("%s: got %d features, %v; want %d, %q", tt.name, len(got), err, tt.n, tt.want)
		}
	}
	got, _ := Parse([]byte(tests[3].doc), CGCS2000, Limits{})
	if got[0].ID != "7" || got[0].Properties["name"] != "x" {
		t.Errorf("feature is %+v", got[0])
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"type":"FeatureCollection","features":[` +
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":` + triangle + `}},` +
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":` + triangle + `}}]}`)
	for want, limits := range map[Fault]Limits{
		FaultSize:     {Bytes: len(doc) - 1},
		FaultFeatures: {Features: 1},
		FaultVertices: {Vertices: 7},
		FaultDepth:    {Depth: 5},
		"":            {Bytes: len(doc), Features: 2, Vertices: 8},
	} {
		if _, err := Parse(doc, CGCS2000, limits); faultOf(t, err) != want {
			t.Errorf("%+v: got %v, want %q", limits, err, want)
		}
	}
}

func TestParseConverts(t *testing.T) {
	t.Parallel()
	doc := `{"type":"Polygon","coordinates":` + triangle + `}`
	plain, err := Parse([]byte(doc), GCJ02, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	named, err := Parse([]byte(strings.Replace(doc, `{`, `{"crs":{"type":"name","properties":{"name":"GCJ-02"}},`, 1)), CGCS2000, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := plain[0].Shape.Polygons()[0][0][0], named[0].Shape.Polygons()[0][0][0]
	if d := Distance(a, Point{119, 34}); a != b || d < 300 || d > 800 {
		t.Errorf("%v and %v, %v m from the shifted point", a, b, d)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	s := mustShape(t, Polygon{square(119, 34, 1), square(119.25, 34.25, 0.5)})
	got, err := json.Marshal(s)
	want := `{"type":"Polygon","coordinates":[[[119,34],[120,34],[120,35],[119,35],[119,34]],` +
		`[[119.25,34.75],[119.75,34.75],[119.75,34.25],[119.25,34.25],[119.25,34.75]]]}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	var empty Shape
	if got, _ := json.Marshal(empty); string(got) != `{"type":"MultiPolygon","coordinates":[]}` {
		t.Errorf("empty shape is %s", got)
	} else if err := json.Unmarshal(got, &empty); err != nil || !empty.Empty() {
		t.Errorf("empty shape reads as %v, %v", empty, err)
	}
	doc, err := EncodeCollection([]Feature{{ID: "a", Properties: map[string]any{"n": "<b>"}, Shape: s}, {Shape: s}})
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(doc, CGCS2000, Limits{})
	if err != nil || len(back) != 2 || back[0].ID != "a" || back[0].Properties["n"] != "<b>" || back[1].Shape.Vertices() != 8 {
		t.Errorf("got %+v, %v from %s", back, err, doc)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":`+triangle+`}`), false)
	f.Add([]byte(`{"type":"MultiPolygon","crs":{"type":"name","properties":{"name":"BD-09"}},"coordinates":[`+triangle+`]}`), true)
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":{"type":"Polygon","coordinates":`+triangle+`}}]}`), true)
	f.Fuzz(func(t *testing.T, data []byte, shifted bool) {
		crs := CGCS2000
		if shifted {
			crs = GCJ02
		}
		features, err := Parse(data, crs, Limits{Bytes: 1 << 16})
		if err != nil {
			faultOf(t, err)
			return
		}
		for _, feature := range features {
			s := feature.Shape
			s.LabelPoint()
			NewFrame(s.Box(), 100, 100, 2).PathData(s)
			for _, part := range Tile(s, []float64{1, 2, 1}) {
				if a := part.planeArea(); math.IsNaN(a) || a < 0 {
					t.Fatalf("a part has an area of %v", a)
				}
			}
			first, err := json.Marshal(s)
			if err != nil {
				t.Fatal(err)
			}
			var back Shape
			if err := json.Unmarshal(first, &back); err != nil {
				t.Fatalf("%s: %v", first, err)
			}
			if second, _ := json.Marshal(back); !bytes.Equal(first, second) {
				t.Fatalf("%s is then %s", first, second)
			}
		}
	})
}
