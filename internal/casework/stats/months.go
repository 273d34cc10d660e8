package stats

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// CountMonths sums the counters of the communities of an area for one kind of case over months (YYYY-MM, both included), by the
// code of the community. Communities without any are left out.
func CountMonths(ctx context.Context, r db.Reader, area, kind, from, to string) (map[string]Figures, error) {
	out := map[string]Figures{}
	_, err := db.All(ctx, r, func(row db.Scanner) (none struct{}, err error) {
		var code string
		var f Figures
		if err = row.Scan(&code, &f.Received, &f.Closed); err == nil {
			out[code] = f
		}
		return none, err
	}, `SELECT area, CAST(SUM(received) AS BIGINT), CAST(SUM(closed) AS BIGINT) FROM casework_tally
		WHERE level = $1 AND area >= $2 AND area < $3 AND kind = $4 AND month >= $5 AND month <= $6 GROUP BY area`,
		registry.LevelCommunity, area, authority.PrefixEnd(area), kind, from, to)
	return out, err
}
