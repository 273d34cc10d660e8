package registry

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Seated is a member of a body, with the area and the kind of the body.
type Seated struct {
	Area, Kind string
	Member
}

// ListSeated lists the members of the bodies of a kind, of an area and of those below it, by area and in the order in which
// they were entered.
func ListSeated(ctx context.Context, r db.Reader, area, kind string) ([]Seated, error) {
	return db.All(ctx, r, func(row db.Scanner) (s Seated, err error) {
		s.Kind, s.Duty = kind, []Hours{}
		err = row.Scan(&s.Area, &s.ID, &s.BodyID, &s.Account, &s.Name, &s.Post, &s.Phone, &s.TermFrom, &s.TermTo)
		return s, err
	}, `SELECT b.area, m.id, m.body_id, m.account_id, m.name, m.post, m.phone, m.term_from, m.term_to FROM registry_body b
		JOIN registry_member m ON m.body_id = b.id WHERE b.area >= $1 AND b.area < $2 AND b.kind = $3 ORDER BY b.area, m.id`,
		area, authority.PrefixEnd(area), kind)
}

// ListBodiesBelow lists the bodies of a kind, of an area and of those below it, by area and without members.
func ListBodiesBelow(ctx context.Context, r db.Reader, area, kind string) ([]Body, error) {
	return db.All(ctx, r, scanBody, `SELECT `+bodyColumns+` FROM registry_body WHERE area >= $1 AND area < $2 AND kind = $3 ORDER BY area`,
		area, authority.PrefixEnd(area), kind)
}
