package change

import (
	"fmt"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/geo"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/registry/community"
	"strings"
	"testing"
)

func TestPartsOfASplitAreJudgedInThePreview(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		const home = "320722001001"
		_, _, err := s.Outlines.LoadOutlines(asSystem(), strings.NewReader(polygon(home, box(119, 34, 119.1, 34.1))), geo.CGCS2000, "test", false)
		must(t, err)
		part := func(name, ring string) NewPart {
			features, err := geo.Parse([]byte(polygon("x", ring)), geo.CGCS2000, geo.Limits{})
			must(t, err)
			return NewPart{Name: name, Outline: features[0].Shape, Source: "test"}
		}
		split := func(parts ...NewPart) NewChange {
			return NewChange{Kind: registry.ChangeSplit, Area: home, Reason: "规模过大", Parts: parts}
		}
		for want, parts := range map[string][]NewPart{
			"":        {part("甲", box(119, 34, 119.02, 34.1)), part("乙", box(119.02, 34, 119.04, 34.1))},
			"overlap": {part("甲", box(119, 34, 119.03, 34.1)), part("乙", box(119.02, 34, 119.04, 34.1))},
			"outside": {part("甲", box(119.05, 34, 119.2, 34.1))},
		} {
			e, err := s.Preview(asSystem(), split(parts...))
			must(t, err)
			if (want == "") != (len(e.Findings) == 0) || want != "" &&
				(e.Findings[0].What != want || e.Findings[0].Refused != (want == "overlap") || e.Findings[0].Name == "") {
				t.Errorf("%q: %+v", want, e.Findings)
			}
			if want != "overlap" {
				continue
			}
			if _, err := s.Change(asSystem(), split(parts...)); errs.Of(err).Key != "registry.outline.findings" {
				t.Errorf("%s: %v", want, err)
			}
		}
	})
}

// What a community has stays with its place.
func TestFacilitiesFollow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		premises := 1200
		communities, err := community.New(asSystem(), s.Register, rule.NewCache(community.Rules()))
		must(t, err)
		must(t, communities.LoadFacilities(asSystem(), map[string]community.Facilities{yuanqian: {Premises: &premises,
			CheckedOn: "2026-11-01", Source: "自查"}}))
		_, err = s.Change(asSystem(), NewChange{Kind: registry.ChangeMove, Area: yuanqian, Parent: "320706017", Reason: "区划调整"})
		must(t, err)
		a, _ := s.Register.Current(yuanqian)
		f, err := communities.Facilities(a.Code)
		if must(t, err); f.Premises == nil || *f.Premises != 1200 {
			t.Errorf("%s has %+v", a.Code, f)
		}
	})
}

func box(west, south, east, north float64) string {
	return fmt.Sprintf("[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]", west, south, east, south, east, north, west, north, west, south)
}

func polygon(code string, rings ...string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}`,
		code, strings.Join(rings, ","))
}
