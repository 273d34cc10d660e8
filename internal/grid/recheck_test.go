package grid

import (
	"fmt"
	"slices"
	"testing"
)

// The draw is the same whoever repeats it and in whatever order, another one on another day, and
// takes the share rounded up: one at least of any.
func TestDraw(t *testing.T) {
	t.Parallel()
	cases := make([]Lot, 200)
	for i := range cases {
		cases[i] = Lot{fmt.Sprintf("320703-%03d", i), fmt.Sprint("chance ", i)}
	}
	first := Draw("2026-11-20", cases, 5)
	turned := slices.Clone(cases)
	slices.Reverse(turned)
	if again := Draw("2026-11-20", turned, 5); !slices.Equal(first, again) {
		t.Errorf("drawn %v, and again %v", first, again)
	}
	if other := Draw("2026-11-21", cases, 5); slices.Equal(first, other) {
		t.Error("two days draw the same")
	}
	changed := slices.Clone(cases)
	changed[len(changed)-1].Chance = "another"
	if other := Draw("2026-11-20", changed, 5); slices.Equal(first, other) {
		t.Error("the chance of the last closing changes nothing: the draw is known before it")
	}
	for _, c := range []struct{ of, percent, want int }{{200, 5, 10}, {201, 5, 11}, {1, 5, 1}, {19, 5, 1},
		{21, 5, 2}, {0, 5, 0}, {7, 100, 7}, {7, 0, 0}} {
		some := slices.Clone(cases)
		for len(some) < c.of {
			some = append(some, Lot{fmt.Sprint("x", len(some)), "y"})
		}
		if got := Draw("2026-11-20", some[:c.of], c.percent); len(got) != c.want {
			t.Errorf("%d%% of %d draws %d, want %d", c.percent, c.of, len(got), c.want)
		}
	}
}

func TestRecheckRateIsNullWithoutChecks(t *testing.T) {
	t.Parallel()
	var f RecheckFigures
	f.add(0, 0)
	if f.Rate != nil {
		t.Errorf("nothing was checked, the rate is %v", *f.Rate)
	}
	f.add(4, 3)
	if f.Rate == nil || *f.Rate != 0.75 {
		t.Errorf("the rate is %v", f.Rate)
	}
}
