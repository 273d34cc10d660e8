package survey

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The 95 % interval is that of the textbook.
func TestEstimateOfWorkedExamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		strata  []Stratum
		p, half float64
	}{
		{"50 of many, nine in ten", []Stratum{{1 << 40, 50, 45}}, .9, .0832},
		{"50 of 200: finite population", []Stratum{{200, 50, 45}}, .9, .0720},
		{"everybody asked: no error", []Stratum{{50, 50, 45}}, .9, 0},
		{"two strata, 4 to 1 asked, 9 to 1 living", []Stratum{{900, 40, 36}, {100, 10, 5}}, .86, .0869},
		{"a stratum without an answer is joined", []Stratum{{900, 40, 36}, {100, 0, 0}}, .9, .0909},
		{"all content is not without error", []Stratum{{1 << 40, 50, 50}}, 1, .0523},
	} {
		p, half, ok := Estimate(c.strata)
		if !ok || math.Abs(p-c.p) > 5e-5 || math.Abs(half-c.half) > 5e-5 {
			t.Errorf("%s: %.4f ± %.4f, want %.4f ± %.4f", c.name, p, half, c.p, c.half)
		}
	}
	if _, _, ok := Estimate([]Stratum{{100, 0, 0}}); ok {
		t.Error("an estimate of no answers")
	}
}

// A sample has its size, names each household once, is the same for the same seed and another for another.
func TestDrawProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size, n := rapid.IntRange(0, 300).Draw(t, "size"), rapid.IntRange(0, 80).Draw(t, "n")
		seed := rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "seed")
		got := Draw(seed, "320703001007", Ordinary, size, n)
		if len(got) != min(size, n) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("%d of %d: %v", n, size, got)
		}
		for _, number := range got {
			if number < 1 || number > size {
				t.Fatalf("%d is none of 1 to %d", number, size)
			}
		}
		if !slices.Equal(got, Draw(seed, "320703001007", Ordinary, size, n)) {
			t.Fatal("the same seed draws something else")
		}
	})
	a, b := Draw("a", "320703001007", Ordinary, 1000, 50), Draw("b", "320703001007", Ordinary, 1000, 50)
	if slices.Equal(a, b) {
		t.Error("two seeds draw the same")
	}
}

// Every household of a stratum is as likely as any other.
func TestDrawIsFair(t *testing.T) {
	t.Parallel()
	const size, n, draws = 20, 5, 4000
	var hits [size + 1]int
	for i := range draws {
		for _, number := range Draw(fmt.Sprint(i), "320703001007", Special, size, n) {
			hits[number]++
		}
	}
	for number, h := range hits[1:] {
		if mean := draws * n / size; math.Abs(float64(h-mean)) > 150 { // five standard deviations
			t.Errorf("%d was drawn %d times, not about %d", number+1, h, mean)
		}
	}
}

// One in five is special while there are enough, and the whole sample is used.
func TestAllocateProperties(t *testing.T) {
	t.Parallel()
	if o, s := Allocate(50, 5, Part{Ordinary: 900, Special: 100}); o != 40 || s != 10 {
		t.Errorf("%d : %d is not 4 : 1", o, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := Part{Ordinary: rapid.IntRange(0, 200).Draw(t, "ordinary"), Special: rapid.IntRange(0, 200).Draw(t, "special")}
		per := rapid.IntRange(1, 100).Draw(t, "per")
		o, s := Allocate(per, 5, p)
		if o < 0 || s < 0 || o > p.Ordinary || s > p.Special || o+s != min(per, p.Ordinary+p.Special) {
			t.Fatalf("%d of %+v: %d and %d", per, p, o, s)
		}
	})
}
