package account

import (
	"context"
	"slices"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// 三员分立: who makes accounts gives no grants, who gives grants reads no audit, who reads the
// audit does neither; and none of the three does the work that they administer.
var (
	errAdministrators      = errs.New(errs.Conflict, "access.administrators_disjoint").By("access.administrators.disjoint")
	errAdministratorOnly   = errs.New(errs.Conflict, "access.administrator_only").By("access.administrators.only")
	errAdministratorsReset = errs.New(errs.Conflict, "access.administrator_reset").By("access.administrators.disjoint")
)

// term is a role, or a post that gives none, from one day to another; to is "" while it lasts.
type term struct {
	role     authority.Role
	from, to string
}

func (t term) meets(o term) bool {
	return (t.to == "" || o.from <= t.to) && (o.to == "" || t.from <= o.to)
}

// apart refuses a term that would at some time stand beside one it must not.
func apart(held []term, added term) error {
	for _, h := range held {
		if !h.meets(added) || h.role == added.role && h.role != "" {
			continue
		}
		switch {
		case access.Administers(h.role) && access.Administers(added.role):
			return errAdministrators.With("held", errs.Key("role."+string(h.role)), "added", errs.Key("role."+string(added.role)))
		case access.Administers(h.role):
			return errAdministratorOnly.With("role", errs.Key("role."+string(h.role)))
		case access.Administers(added.role):
			return errAdministratorOnly.With("role", errs.Key("role."+string(added.role)))
		}
	}
	return nil
}

// judgeApart refuses a term beside all that an account holds by grant and by post. It locks the
// account's row, so that two grants given at the same time see each other.
func (s *Service) judgeApart(ctx context.Context, tx *audit.Tx, account string, added term, exceptSeat string) error {
	there, err := access.LockAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	if !there {
		return errs.ErrInvalid.At("account", "field.choice")
	}
	grants, err := access.ListGrants(ctx, tx, account)
	if err != nil {
		return err
	}
	seats, err := s.Access.Registry.Seats(ctx, tx, account)
	if err != nil {
		return err
	}
	var held []term
	for _, g := range grants {
		held = append(held, term{g.Role, g.ValidFrom, g.ValidTo})
	}
	for _, seat := range seats {
		if seat.Member != exceptSeat {
			held = append(held, term{seat.Role, seat.From, seat.To})
		}
	}
	return apart(held, added)
}

// MaySeat refuses a post for an account that is or becomes an administrator meanwhile.
func (s *Service) MaySeat(ctx context.Context, tx *audit.Tx, m registry.Member, role authority.Role) error {
	return s.judgeApart(ctx, tx, m.Account, term{role, m.TermFrom, m.TermTo}, m.ID)
}

// Unseated ends the sessions of an account that was taken a grant or a post and holds nothing today,
// so that none goes on once it is given something again.
func (s *Service) Unseated(ctx context.Context, tx *audit.Tx, account string) error {
	day := clock.Day(tx.Now)
	left, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM access_grant WHERE account_id = $1
		AND valid_from <= $2 AND (valid_to = '' OR valid_to >= $3)`, account, day, day)
	if err != nil || left > 0 {
		return err
	}
	seats, err := s.Access.Registry.Seats(ctx, tx, account)
	if err != nil || slices.ContainsFunc(seats,
		func(v registry.Seat) bool { return v.Role != "" && v.From <= day && (v.To == "" || day <= v.To) }) {
		return err
	}
	return s.Access.EndOthers(ctx, tx, account, "", "access.account.revoke")
}

// heldByAdministrator tells whether an account is, or is going to be, an administrator other
// than of the system.
func heldByAdministrator(ctx context.Context, r db.Reader, account, day string) (bool, error) {
	grants, err := access.ListGrants(ctx, r, account)
	for _, g := range grants {
		if access.Administers(g.Role) && g.Role != registry.RoleSystemAdministrator && (g.ValidTo == "" || g.ValidTo >= day) {
			return true, err
		}
	}
	return false, err
}
