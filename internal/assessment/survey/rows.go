package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"linli/internal/platform/page"
)

// mostRows bounds a page of results; the file of the API has all.
const mostRows = 150

// rows are the communities of results by band and name. Too few answers stand last.
func (s *Service) rows(q *page.Request, lines []SurveyLine) []row {
	var out []row
	for _, l := range lines {
		l.Name = s.name(l.Community, q.Lang)
		r := row{SurveyLine: l, Rate: percent(l.Response)}
		if o := l.Questions["overall"]; o.Value != nil {
			low, high := max(0, *o.Value-o.Half), min(10_000, *o.Value+o.Half)
			r.Share, r.From, r.To = percent(*o.Value), percent(low), percent(high)
			r.X, r.Low, r.Width = hundredths(*o.Value), hundredths(low), hundredths(high-low)
		}
		out = append(out, r)
	}
	last := func(band int) int {
		if band == 0 {
			return 1 << 30
		}
		return band
	}
	slices.SortFunc(out, func(a, b row) int {
		return cmp.Or(cmp.Compare(last(a.Band), last(b.Band)), strings.Compare(a.Name, b.Name))
	})
	out = out[:min(len(out), mostRows)]
	for i := range out {
		out[i].First = i == 0 || out[i].Band != out[i-1].Band
	}
	return out
}

// percent writes hundredths of a percent with one decimal.
func percent(n int) string { return fmt.Sprintf("%.1f%%", float64(n)/100) }

func hundredths(n int) string { return fmt.Sprintf("%.2f", float64(n)/100) }

// compact takes blanks and hyphens out of a code that was typed.
func compact(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
}
