package account

import (
	"context"
	"time"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// setupFor is how long a one-time link works.
const setupFor = 24 * time.Hour

var errSetup = errs.New(errs.NotFound, "access.setup")

// Offer is a one-time link for a post of administrator that nobody holds.
type Offer struct {
	Role  authority.Role
	Token string
}

// Offers makes a one-time token for each of the three administrators that no active account is today,
// and forgets earlier tokens. None is offered once all three are there.
func (s *Service) Offers(ctx context.Context) ([]Offer, error) {
	var out []Offer
	held, err := s.covers(ctx, s.Access.Log.DB, access.Today(ctx))
	if err != nil {
		return nil, err
	}
	for _, role := range registry.Administrators {
		if !held[role].today {
			out = append(out, Offer{role, access.NewToken()})
		}
	}
	return out, s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // whoever starts the program holds the machine
		if _, err := tx.Exec(ctx, `DELETE FROM access_setup WHERE expires_at <= $1`, clock.Millis(tx.Now)); err != nil {
			return err
		}
		for _, o := range out {
			if _, err := tx.Exec(ctx, `INSERT INTO access_setup (token_hash, expires_at, role) VALUES ($1,$2,$3)`,
				access.HashToken(o.Token), clock.Millis(tx.Now.Add(setupFor)), string(o.Role)); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: "access.setup.offer", Area: s.Access.CityCode(), Subject: "access.setup",
			Detail: map[string]any{"links": len(out)}})
		return nil
	})
}

// SetupRole is the post that a one-time token fills; NotFound "access.setup" when it does not
// work any more.
func (s *Service) SetupRole(ctx context.Context, r db.Reader, token string) (authority.Role, error) {
	role, err := db.Value[string](ctx, r, `SELECT role FROM access_setup WHERE token_hash = $1 AND expires_at > $2 AND account_id = ''`,
		access.HashToken(token), clock.Millis(clock.Now(ctx)))
	if db.IsNone(err) {
		return "", errSetup
	}
	return authority.Role(role), err
}

// Setup makes an administrator by a one-time token, which is used up, or lets the account of one made by
// Recover begin again.
func (s *Service) Setup(ctx context.Context, token string, n NewAccount) (*authority.Actor, access.Next, error) {
	id, err := s.recovered(ctx, s.Access.Log.DB, token)
	if err != nil {
		return nil, access.NextNothing, err
	}
	if id != "" {
		who, err := s.beginAgain(ctx, token, id, n)
		if err != nil {
			return nil, access.NextNothing, err
		}
		return s.Access.Enter(ctx, who, access.WayPassword)
	}
	n.Own = true
	a, err := s.create(ctx, n, func(tx *audit.Tx, n *NewAccount) error {
		tx.Judged() // the link is the authority
		role, err := s.SetupRole(ctx, tx, token)
		if err != nil {
			return err
		}
		if held, err := s.covers(ctx, tx, clock.Day(tx.Now)); err != nil || held[role].today {
			return errSetup.Because(err)
		}
		n.Grants = []access.Grant{{Role: role, Area: s.Access.CityCode()}}
		used, err := tx.Exec(ctx, `DELETE FROM access_setup WHERE token_hash = $1`, access.HashToken(token))
		if err != nil {
			return err
		}
		if used == 0 {
			return errSetup
		}
		_, err = tx.Exec(ctx, `DELETE FROM access_setup WHERE role = $1 AND account_id = ''`,
			string(role)) // those that other starts have printed
		return err
	})
	if err != nil {
		return nil, access.NextNothing, err
	}
	return s.Access.Enter(ctx, access.Proven{ID: a.ID, Epoch: a.Epoch}, access.WayPassword)
}
