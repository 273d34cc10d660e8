package people

import (
	"context"

	"linli/internal/platform/db"
)

// Size is how many stand on the roster of a community.
type Size struct {
	Area       string // code of the community
	Households int    // that somebody on the roster belongs to
	Persons    int
}

// Sizes counts the rosters of all communities; one without a roster is left out. It reads every row of the rosters: for a
// job, not for a request.
func (s *Service) Sizes(ctx context.Context, r db.Reader) ([]Size, error) {
	return db.All(ctx, r, func(sc db.Scanner) (z Size, err error) { return z, sc.Scan(&z.Area, &z.Persons, &z.Households) },
		`SELECT substr(area, 1, 12), COUNT(*), COUNT(DISTINCT CASE WHEN household_id <> '' THEN household_id END)
		FROM people_person WHERE roster = 1 GROUP BY 1 ORDER BY 1`)
}
