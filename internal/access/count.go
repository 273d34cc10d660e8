package access

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// CountRole counts the active accounts that hold a role on a day in the communities of an area, by the code of the community;
// a grant over a grid counts for its community.
func (s *Service) CountRole(ctx context.Context, r db.Reader, role authority.Role, area, day string) (map[string]int, error) {
	out := map[string]int{}
	_, err := db.All(ctx, r, func(row db.Scanner) (none struct{}, err error) {
		var code string
		var n int
		if err = row.Scan(&code, &n); err == nil {
			out[code] = n
		}
		return none, err
	}, `SELECT substr(g.area, 1, 12), COUNT(DISTINCT g.account_id) FROM access_grant g JOIN access_account a ON a.id = g.account_id
		WHERE g.role = $1 AND g.area >= $2 AND g.area < $3 AND length(g.area) >= 12 AND g.valid_from <= $4
		AND (g.valid_to = '' OR g.valid_to >= $5) AND a.state = 'active' GROUP BY substr(g.area, 1, 12)`,
		string(role), area, authority.PrefixEnd(area), day, day)
	return out, err
}
