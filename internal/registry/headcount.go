package registry

import (
	"context"

	"linli/internal/platform/db"
)

// Headcount is how many members the bodies of a kind have in office on a day, by the code of the body's area, below which
// none is left out but those without a member.
func (s *Service) Headcount(ctx context.Context, r db.Reader, day string, kinds ...string) (map[string]int, error) {
	type row struct {
		area string
		n    int
	}
	a := db.Args{}
	in, from, to := a.In(kinds), a.Arg(day), a.Arg(day)
	rows, err := db.All(ctx, r, func(sc db.Scanner) (v row, err error) { return v, sc.Scan(&v.area, &v.n) },
		`SELECT b.area, COUNT(*) FROM registry_member m JOIN registry_body b ON b.id = m.body_id WHERE b.kind IN `+in+
			` AND m.term_from <= `+from+` AND (m.term_to = '' OR m.term_to >= `+to+`) GROUP BY b.area`, a.List...)
	out := make(map[string]int, len(rows))
	for _, v := range rows {
		out[v.area] = v.n
	}
	return out, err
}
