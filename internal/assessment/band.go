package assessment

import "slices"

// Interval is an estimate's 95 % interval, in hundredths of a percent or of a point.
type Interval struct{ Low, High int }

// Bands gives each interval its band, 1 for the best; 0 for one that is nil: not judged. Intervals that overlap share a
// band, and so does whatever overlaps with one of the band (the relation is closed transitively): between two
// bands every pair is told apart, within a band the order says nothing.
func Bands(all []*Interval) []int {
	order := []int{}
	for i, x := range all {
		if x != nil {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return all[b].High - all[a].High })
	out := make([]int, len(all))
	band, low := 0, 0
	for _, i := range order {
		if band == 0 || all[i].High < low {
			band, low = band+1, all[i].Low
		}
		out[i], low = band, min(low, all[i].Low)
	}
	return out
}
