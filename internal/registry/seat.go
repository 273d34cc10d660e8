package registry

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Seat is a post in a body that an account holds from one day to another.
type Seat struct {
	Member   string         // id
	Role     authority.Role // that the post gives, or ""
	Area     string
	Body     string
	From, To string // To is "" while the term lasts
}

// Seats lists every post of an account, past and coming ones too.
func (s *Service) Seats(ctx context.Context, r db.Reader, account string) ([]Seat, error) {
	return db.All(ctx, r, func(row db.Scanner) (seat Seat, err error) {
		var kind string
		err = row.Scan(&seat.Member, &kind, &seat.Area, &seat.Body, &seat.From, &seat.To)
		seat.Role = BodyRoles[kind]
		return seat, err
	}, `SELECT m.id, b.kind, b.area, b.id, m.term_from, m.term_to FROM registry_member m JOIN registry_body b ON b.id = m.body_id
		WHERE m.account_id = $1 ORDER BY m.id`, account)
}
