package task

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Codes of the indicators of departments that tasks count.
const (
	codeAccepted = "tasks_accepted" // communities asked without a refusal that was upheld
	codeOnce     = "tasks_once"     // answers that were taken without being sent back
)

// IndicatorCodes implements [gate.Indicators].
func (s *Service) IndicatorCodes() []string { return []string{codeAccepted, codeOnce} }

// DepartmentRates implements [gate.Indicators], from the counters. An answer that was sent back twice counts twice.
func (s *Service) DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]gate.Rate, error) {
	type one struct {
		body, measure string
		n             int
	}
	rows, err := db.All(ctx, r, func(sc db.Scanner) (v one, err error) { return v, sc.Scan(&v.body, &v.measure, &v.n) },
		`SELECT body_id, measure, CAST(SUM(n) AS BIGINT) FROM task_tally WHERE area >= $1 AND area < $2 AND month >= $3 AND month <= $4
		GROUP BY body_id, measure`, area, authority.PrefixEnd(area), from, to)
	sums := map[string]figures{}
	for _, v := range rows {
		if sums[v.body] == nil {
			sums[v.body] = figures{}
		}
		sums[v.body][v.measure] += v.n
	}
	out := map[string]map[string]gate.Rate{}
	for body, f := range sums {
		out[body] = map[string]gate.Rate{
			codeAccepted: {N: max(0, f[measureSent]-f[measureUpheldN]), D: f[measureSent]},
			codeOnce:     {N: max(0, f[measureAnswered]-f[measureReturned]), D: f[measureAnswered]}}
	}
	return out, err
}
