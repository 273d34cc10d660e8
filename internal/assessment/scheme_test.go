package assessment

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/platform/text"
)

func sound() Content {
	return Content{Name: text.Pair{Zh: "2026年社区考核"}, Year: 2026, Area: "320703", Subjects: Communities, Indicators: []Indicator{
		{Name: text.Pair{Zh: "居民总体满意度"}, Source: FromSurvey, Code: "overall", Weight: 405},
		{Name: text.Pair{Zh: "居民诉求按时办结率"}, Source: FromComputed, Code: "closing_on_time", Weight: 400, Basis: Basis{"某条例", "第一条"}},
		{Name: text.Pair{Zh: "居民诉求响应率"}, Source: FromComputed, Code: "response", Weight: 195, Basis: Basis{"某条例", "第一条"}}}}
}

var declared = Declared{Areas: []string{"closing_on_time", "response"}, Departments: []string{saidOfDepartments, "paid_on_time"}}

// Each rule of a scheme refuses by its key.
func TestCheckFindsEachFault(t *testing.T) {
	t.Parallel()
	c := sound()
	if found := c.Check(declared); len(found) != 0 {
		t.Fatalf("a sound scheme is refused: %+v", found)
	}
	for want, spoil := range map[string]func(*Content){
		"assessment.sum": func(c *Content) { c.Indicators[0].Weight++ },
		"assessment.largest": func(c *Content) {
			c.Indicators[0].Weight, c.Indicators[1].Weight = 400, 400
			c.Indicators[2].Weight = 200
		},
		"assessment.banned.ledger":        func(c *Content) { c.Indicators[1].Name.Zh = "台账完整率" },
		"assessment.banned.trace":         func(c *Content) { c.Indicators[1].Name.En = "number of photos uploaded" },
		"assessment.indicator.basis":      func(c *Content) { c.Indicators[1].Basis.Article = " " },
		"assessment.indicator.undeclared": func(c *Content) { c.Indicators[1].Code = "photos" },
		"assessment.indicator.question":   func(c *Content) { c.Indicators[0].Code = "likes" },
		"assessment.indicator.twice":      func(c *Content) { c.Indicators[2].Code = "closing_on_time" },
		"assessment.indicator.weight":     func(c *Content) { c.Indicators[2].Weight = 0; c.Indicators[0].Weight += 195 },
		"assessment.subjects":             func(c *Content) { c.Subjects = "residents" },
		"assessment.year":                 func(c *Content) { c.Year = 0 },
		"assessment.name":                 func(c *Content) { c.Name.Zh = "" },
		"assessment.count":                func(c *Content) { c.Indicators = nil },
	} {
		c := sound()
		spoil(&c)
		found := c.Check(declared)
		if len(found) != 1 || found[0].Key != want {
			t.Errorf("%s: found %+v", want, found)
		}
	}
	if len(CheckPublisher("department")) != 1 || len(CheckPublisher(PublisherBuilding)) != 0 {
		t.Error("a department publishes, or the building body does not")
	}
}

// A scheme is accepted only where the weights sum to 100 and what residents say weighs more than any other line.
func TestWeightProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := sound()
		sum, other := Weight(0), Weight(0)
		for i := range c.Indicators {
			w := Weight(rapid.IntRange(1, 700).Draw(t, "weight"))
			c.Indicators[i].Weight = w
			sum += w
			if i > 0 {
				other = max(other, w)
			}
		}
		right := sum == whole && c.Indicators[0].Weight > other
		if got := len(c.Check(declared)) == 0; got != right {
			t.Fatalf("%v: accepted %t", c.Indicators, got)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		w := Weight(rapid.IntRange(0, 1000).Draw(t, "tenths"))
		raw, err := json.Marshal(w)
		var back Weight
		if err != nil || json.Unmarshal(raw, &back) != nil || back != w {
			t.Fatalf("%d is read back as %d from %s", w, back, raw)
		}
	})
	for _, raw := range []string{"12.55", "-1", "100.1", `"5"`} {
		if json.Unmarshal([]byte(raw), new(Weight)) == nil {
			t.Errorf("%s is read as a weight", raw)
		}
	}
}

// Two in different bands never overlap; whoever overlaps with one of a band is in it.
func TestBandProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := make([]*Interval, rapid.IntRange(0, 30).Draw(t, "n"))
		for i := range all {
			if low := rapid.IntRange(-50, 1000).Draw(t, "low"); low >= 0 {
				all[i] = &Interval{low, low + rapid.IntRange(0, 120).Draw(t, "width")}
			}
		}
		bands := Bands(all)
		for i, a := range all {
			for k, b := range all {
				if a == nil || b == nil {
					continue
				}
				overlap := a.Low <= b.High && b.Low <= a.High
				if overlap && bands[i] != bands[k] || bands[i] < bands[k] && a.Low <= b.High {
					t.Fatalf("%v band %d, %v band %d", *a, bands[i], *b, bands[k])
				}
			}
			if (a == nil) != (bands[i] == 0) {
				t.Fatalf("%v in band %d", a, bands[i])
			}
		}
	})
	if got := Bands([]*Interval{{0, 10}, {9, 20}, {19, 30}, {40, 50}}); got[0] != 2 || got[2] != 2 || got[3] != 1 {
		t.Errorf("overlap is not transitive: %v", got)
	}
}

// Results made again from their inputs are the same to the byte.
func TestResultsAreMadeAgain(t *testing.T) {
	t.Parallel()
	c := sound()
	value := func(n int) *int { return &n }
	r := c.Total("2026-01", "2026-12", "digest", []Inputs{
		{Area: "1", Name: "甲", Scores: []Score{{45, 50, value(9000), 832}, {9, 10, value(9000), 0}, {1, 1, value(10000), 0}}},
		{Area: "2", Name: "乙", Scores: []Score{{45, 50, value(5000), 100}, {9, 10, value(5000), 0}, {}}},
		{Area: "3", Name: "丙", Scores: []Score{{}, {9, 10, value(9000), 0}, {}}}})
	if a := r.Lines[0]; *a.Total != 9195 || a.High-*a.Total != 337 || a.Band != 1 {
		t.Errorf("%d, %d to %d, band %d", *a.Total, a.Low, a.High, a.Band)
	}
	if b := r.Lines[1]; *b.Total != 5000 || b.Band != 2 {
		t.Errorf("a missing value keeps its weight: %d, band %d", *b.Total, b.Band)
	}
	if r.Lines[2].Total != nil || r.Lines[2].Band != 0 {
		t.Error("judged without satisfaction")
	}
	raw, digest := r.Frozen()
	if again, same := r.Again(&c).Frozen(); again != raw || same != digest {
		t.Error("made again, the results differ")
	}
}
