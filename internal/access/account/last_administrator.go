package account

import (
	"context"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

var errLastAdministrator = errs.New(errs.Conflict, "access.administrator_last").By("access.administrators.disjoint")

// cover is how an administrator's role is held over the city: by somebody today, and by somebody
// today whose grant has no last day. While the second holds, the first goes on by itself.
type cover struct{ today, lasting bool }

// covers reads how each administrator's role is held by active accounts.
func (s *Service) covers(ctx context.Context, r db.Reader, day string) (map[authority.Role]cover, error) {
	out := map[authority.Role]cover{}
	for _, role := range registry.Administrators {
		var today, lasting int
		err := r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN g.valid_to = '' THEN 1 ELSE 0 END), 0) FROM access_grant g
			JOIN access_account a ON a.id = g.account_id WHERE g.role = $1 AND (g.area = '' OR g.area = $2) AND a.state = $3
			AND g.valid_from <= $4 AND (g.valid_to = '' OR g.valid_to >= $5)`,
			string(role), s.Access.CityCode(), access.StateActive, day, day).Scan(&today, &lasting)
		if err != nil {
			return nil, err
		}
		out[role] = cover{today > 0, lasting > 0}
	}
	return out, nil
}

// keepAdministrators does what may take an administrator away, and refuses it when it leaves the city
// without one of the three: at once, or from the last day of those who are left. Such writes exclude
// each other, over several processes too: two that each leave the other's account do not both pass.
func (s *Service) keepAdministrators(ctx context.Context, tx *audit.Tx, do func() error) error {
	if _, err := tx.Exec(ctx, `UPDATE access_lock SET times = times + 1 WHERE name = 'administrators'`); err != nil {
		return err
	}
	day := clock.Day(tx.Now)
	before, err := s.covers(ctx, tx, day)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	after, err := s.covers(ctx, tx, day)
	if err != nil {
		return err
	}
	for _, role := range registry.Administrators {
		if was, is := before[role], after[role]; was.today && !is.today || was.lasting && !is.lasting {
			return errLastAdministrator.With("role", "@role."+string(role))
		}
	}
	return nil
}
