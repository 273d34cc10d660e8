package grid

import (
	"linli/internal/casework"
	"linli/internal/casework/stats"
)

// indicators declares those of GB/T 30428.4 that incidents alone have. Their names, formulas and rules stand with
// the others, under casework.indicator.
func indicators(s *stats.Service) {
	one := func(m casework.Counter) []casework.Counter { return []casework.Counter{m} }
	s.Indicator("satisfaction", stats.Indicator{Code: "filing", Kind: KindIncident, Over: one(casework.Filed), Under: one(stats.Received)})
	s.Indicator("closing_on_time", stats.Indicator{Code: "rework", Kind: KindIncident, Over: one(casework.Reworked), Under: one(casework.Handled)})
	s.Indicator("rework", stats.Indicator{Code: "verified_closing", Kind: KindIncident,
		Over: one(casework.Confirmed), Under: one(casework.Checked)})
}
