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
		WHERE p.roster = 1 AND p.state = 'active' AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`, area, authority.PrefixEnd(area))
}

// CountHouseholds counts the households to which somebody on the rosters belongs, likewise.
func CountHouseholds(ctx context.Context, r db.Reader, area string) (map[string]int, error) {
	return countBy(ctx, r, `SELECT substr(p.area, 1, 12), COUNT(DISTINCT p.household_id) FROM people_person p WHERE p.roster = 1
		AND p.state = 'active' AND p.household_id <> '' AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`,
		area, authority.PrefixEnd(area))
}

// CountTagged counts the residents with a tag of [Tags], likewise.
func CountTagged(ctx context.Context, r db.Reader, area, tag string) (map[string]int, error) {
	return countBy(ctx, r, `SELECT substr(p.area, 1, 12), COUNT(*) FROM people_person p
		JOIN people_tag t ON t.shard = p.shard AND t.person_id = p.id WHERE t.tag = $3 AND p.roster = 1 AND p.state = 'active'
		AND p.area >= $1 AND p.area < $2 GROUP BY substr(p.area, 1, 12)`, area, authority.PrefixEnd(area), tag)
}

// Stratum counts the households of a community by whether anybody in them needs help.
type Stratum struct {
	Community         string // code
	Ordinary, Special int    // Special have somebody with one of the tags asked for
}

// CountStrata counts the households of the rosters of an area in two strata, by community: those with somebody who has one of the
// tags, and the others. It reads every row of the rosters in the area.
func CountStrata(ctx context.Context, r db.Reader, area string, tags []string) ([]Stratum, error) {
	list, args := db.In([]any{area, authority.PrefixEnd(area)}, tags)
	return db.All(ctx, r, func(row db.Scanner) (s Stratum, err error) {
		var all int
		err = row.Scan(&s.Community, &all, &s.Special)
		s.Ordinary = all - s.Special
		return s, err
	}, `SELECT substr(p.area, 1, 12), COUNT(DISTINCT p.household_id), COUNT(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM people_tag t
			WHERE t.shard = p.shard AND t.person_id = p.id AND t.tag IN `+list+`) THEN p.household_id END)
		FROM people_person p WHERE p.roster = 1 AND p.state = 'active' AND p.household_id <> '' AND p.area >= $1 AND p.area < $2
		GROUP BY 1 ORDER BY 1`, args...)
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
