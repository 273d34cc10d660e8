package burden

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// codePrefilled is the indicator of departments that the ledger counts: fields wanted of communities that arrived filled in.
const codePrefilled = "fields_prefilled"

// IndicatorCodes implements [gate.Indicators].
func (s *Service) IndicatorCodes() []string { return []string{codePrefilled} }

// DepartmentRates implements [gate.Indicators], from the sums by month.
func (s *Service) DepartmentRates(ctx context.Context, r db.Reader, area, from, to string) (map[string]map[string]gate.Rate, error) {
	out := map[string]map[string]gate.Rate{}
	_, err := db.All(ctx, r, func(sc db.Scanner) (none struct{}, err error) {
		var body string
		var v gate.Rate
		err = sc.Scan(&body, &v.N, &v.D)
		out[body] = map[string]gate.Rate{codePrefilled: v}
		return none, err
	}, `SELECT body, CAST(SUM(prefilled) AS BIGINT), CAST(SUM(fields) AS BIGINT) FROM burden_count
		WHERE body <> '' AND level = $1 AND month >= $2 AND month <= $3 AND area >= $4 AND area < $5 GROUP BY body`,
		registry.LevelCommunity, from, to, area, authority.PrefixEnd(area))
	return out, err
}
