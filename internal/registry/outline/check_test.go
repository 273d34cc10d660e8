package outline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/registry"
	"linli/internal/registry/registrytest"
)

// box is a rectangle as GeoJSON, closed.
func box(west, south, east, north float64) string {
	return fmt.Sprintf("[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]", west, south, east, south, east, north, west, north, west, south)
}

func polygon(code string, rings ...string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}`,
		code, strings.Join(rings, ","))
}

// parts is an area of several parts.
func parts(code string, rings ...string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"MultiPolygon","coordinates":[[%s]]}}`,
		code, strings.Join(rings, "],["))
}

func TestOutlinesAreJudgedBeforeTheyAreSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		const above, one, two = "320722001", "320722001001", "320722001002"
		load := func(dry bool, features ...string) ([]string, error) {
			found, _, err := s.LoadOutlines(registrytest.System(),
				strings.NewReader(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), geo.CGCS2000, "test", dry)
			var out []string
			for _, f := range found {
				out = append(out, fmt.Sprint(f.Area, " ", f.What, " ", f.Refused))
				if f.At == (geo.Point{}) {
					t.Errorf("%+v tells no place", f)
				}
			}
			return out, err
		}
		_, err := load(false, polygon(above, box(119, 34, 119.1, 34.1)))
		registrytest.Must(t, err)
		for name, c := range map[string]struct {
			features []string
			want     string
		}{
			"right":             {[]string{polygon(one, box(119, 34, 119.05, 34.1)), polygon(two, box(119.05, 34, 119.1, 34.1))}, ""},
			"a hole":            {[]string{polygon(one, box(119, 34, 119.05, 34.1), box(119.01, 34.01, 119.02, 34.02))}, ""},
			"hole outside":      {[]string{polygon(one, box(119, 34, 119.05, 34.1), box(119.06, 34.01, 119.07, 34.02))}, "hole"},
			"hole across":       {[]string{polygon(one, box(119, 34, 119.05, 34.1), box(119.04, 34.01, 119.07, 34.02))}, "rings"},
			"crossing itself":   {[]string{polygon(one, "[[119,34],[119.05,34.1],[119.06,34],[119,34.08],[119,34]]")}, "crossing"},
			"overlap":           {[]string{polygon(one, box(119, 34, 119.06, 34.1)), polygon(two, box(119.05, 34, 119.1, 34.1))}, "overlap"},
			"overlap by a hand": {[]string{polygon(one, box(119, 34, 119.050001, 34.1)), polygon(two, box(119.05, 34, 119.1, 34.1))}, "overlap"},
			"parts apart":       {[]string{parts(one, box(119, 34, 119.02, 34.1), box(119.03, 34, 119.05, 34.1))}, ""},
			"parts at a corner": {[]string{parts(one, box(119, 34, 119.02, 34.05), box(119.02, 34.05, 119.05, 34.1))}, ""},
			"parts overlap":     {[]string{parts(one, box(119, 34, 119.03, 34.1), box(119.02, 34, 119.05, 34.1))}, "parts"},
			"part twice":        {[]string{parts(one, box(119, 34, 119.03, 34.1), box(119, 34, 119.03, 34.1))}, "parts"},
			"part in a part":    {[]string{parts(one, box(119, 34, 119.05, 34.1), box(119.01, 34.01, 119.02, 34.02))}, "parts"},
			"parts at an edge":  {[]string{parts(one, box(119, 34, 119.02, 34.1), box(119.02, 34, 119.05, 34.1))}, "parts"},
			"a part in a hole": {[]string{parts(one, box(119, 34, 119.05, 34.1)+","+box(119.01, 34.01, 119.03, 34.03),
				box(119.015, 34.015, 119.02, 34.02))}, ""},
			"part over another": {[]string{parts(one, box(119, 34, 119.02, 34.1), box(119.06, 34, 119.08, 34.1)),
				polygon(two, box(119.05, 34, 119.1, 34.1))}, "overlap"},
			"a part outside": {[]string{parts(one, box(119, 34, 119.02, 34.1), box(119.2, 34, 119.22, 34.1))}, "outside"},
			"outside":        {[]string{polygon(one, box(119.05, 34, 119.2, 34.1))}, "outside"},
			"one twice":      {[]string{polygon(one, box(119, 34, 119.02, 34.1)), polygon(one, box(119.02, 34, 119.04, 34.1))}, "twice"},
		} {
			found, err := load(true, c.features...)
			refuses := name != "overlap by a hand" && c.want != ""
			if refuses != (errs.Of(err).Key == "registry.outline.findings" && err != nil) {
				t.Errorf("%s: %v", name, err)
			}
			if got := strings.Join(found, ", "); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s: found %q, want %q", name, got, c.want)
			}
		}
		if _, err := s.Register.Outline(registrytest.System(), one); err == nil {
			t.Error("a dry run saved an outline")
		}
	})
}

// sendOutlines posts a file of outlines as the city's officer.
func sendOutlines(t *testing.T, h http.Handler, query string, features ...string) (OutlinesRead, int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	f, err := form.CreateFormFile("file", "outlines.geojson")
	registrytest.Must(t, err)
	_, err = f.Write([]byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`))
	registrytest.Must(t, err)
	registrytest.Must(t, form.Close())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/registry/outlines?source="+url.QueryEscape("测绘院")+query, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("As", "city_officer@3207")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var got OutlinesRead
	if w.Code == http.StatusOK {
		registrytest.Must(t, json.Unmarshal(w.Body.Bytes(), &got))
	}
	return got, w.Code, w.Body.String()
}

func TestFindingsOfOutlinesAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		h := registrytest.Serve(t, s.Register.Module(), s.Module())
		const above, one, two = "320722001", "320722001001", "320722001002"
		kept := func(code string) (found struct{ Items []OutlineFinding }) {
			t.Helper()
			w := registrytest.Call(h, "city_officer@3207", "GET /registry/areas/"+code+"/outline/findings", "", "zh")
			if w.Code != http.StatusOK {
				t.Fatal(w.Code, w.Body)
			}
			registrytest.Must(t, json.Unmarshal(w.Body.Bytes(), &found))
			return found
		}
		if got := kept(above); got.Items == nil || len(got.Items) != 0 {
			t.Errorf("no outline: %+v", got)
		}
		overlapping := []string{polygon(one, box(119, 34, 119.06, 34.1)), polygon(two, box(119.05, 34, 119.1, 34.1))}
		got, status, raw := sendOutlines(t, h, "&dryRun=true", overlapping...)
		if status != http.StatusOK || got.Saved || got.Outlines != 2 || got.Refused != 1 ||
			got.Findings[0].What != "overlap" || got.Findings[0].Around == "" {
			t.Errorf("dry run: %d %s", status, raw)
		}
		if _, status, raw = sendOutlines(t, h, "", overlapping...); status != http.StatusUnprocessableEntity || !strings.Contains(raw, "重叠") {
			t.Errorf("refused: %d %s", status, raw)
		}
		if got, status, raw = sendOutlines(t, h, "", polygon(one, box(119, 34, 119.05, 34.1)),
			polygon(two, box(119.05, 34, 119.1, 34.1))); !got.Saved || len(got.Findings) != 0 {
			t.Errorf("saved: %d %s", status, raw)
		}
		if _, status, raw = sendOutlines(t, h, "&dryRun=true",
			polygon("320722001999", box(119, 34, 119.05, 34.1))); status != http.StatusUnprocessableEntity ||
			!strings.Contains(raw, "registry.outline.area") {
			t.Errorf("not registered: %d %s", status, raw)
		}
		// What was kept before outlines were judged is found, too.
		o, err := s.Register.Outline(registrytest.System(), two)
		registrytest.Must(t, err)
		registrytest.Must(t, s.PutOutlines(registrytest.System(), []registry.Outline{{Area: one, Shape: o.Shape, Source: "x"}}))
		if got := kept(above); len(got.Items) != 1 || got.Items[0].What != "overlap" || got.Items[0].Name == "" {
			t.Errorf("kept: %+v", got)
		}
		if w := registrytest.Call(h, "community_building@320703", "GET /registry/areas/"+above+"/outline/findings", "",
			"zh"); w.Code != http.StatusForbidden {
			t.Error("without the permission:", w.Code)
		}
	})
}
