package people

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// CountRosters counts the residents on the rosters of the communities of an area, by the code of the community. Who asked that
// their data be restricted or deleted is not counted.
func CountRosters(ctx context.Context, r db.Reader, area string) (map[string]int, error) {
	return countBy(ctx, r, `SELECT substr(p.area, 1, 12), COUNT(*) FROM people_person p
		WHERE p.roster = 1 AND p.state = 'active' AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`, area, authority.After(area))
}

// CountHouseholds counts the households to which somebody on the rosters belongs, likewise.
func CountHouseholds(ctx context.Context, r db.Reader, area string) (map[string]int, error) {
	return countBy(ctx, r, `SELECT substr(p.area, 1, 12), COUNT(DISTINCT p.household_id) FROM people_person p WHERE p.roster = 1
		AND p.state = 'active' AND p.household_id <> '' AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`,
		area, authority.After(area))
}

// CountTagged counts the residents with a tag of [Tags], likewise.
func CountTagged(ctx context.Context, r db.Reader, area, tag string) (map[string]int, error) {
	return countBy(ctx, r, `SELECT substr(p.area, 1, 12), COUNT(*) FROM people_person p
		JOIN people_tag t ON t.shard = p.shard AND t.person_id = p.id WHERE t.tag = $3 AND p.roster = 1 AND p.state = 'active'
		AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`, area, authority.After(area), tag)
}

func countBy(ctx context.Context, r db.Reader, query string, args ...any) (map[string]int, error) {
	out := map[string]int{}
	_, err := db.All(ctx, r, func(row db.Scanner) (none struct{}, err error) {
		var code string
		var n int
		if err = row.Scan(&code, &n); err == nil {
			out[code] = n
		}
		return none, err
	}, query, args...)
	return out, err
}
