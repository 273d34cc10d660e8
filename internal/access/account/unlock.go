package account

import (
	"context"

	"linli/internal/access"
	"linli/internal/platform/audit"
)

// Unlock forgets the wrong tries of a login before their time, by the security administrator.
func (s *Service) Unlock(ctx context.Context, id string) error {
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permUnlock, s.Access.CityCode()); err != nil {
			return err
		}
		a, err := access.FindAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permUnlock, Area: s.Access.CityCode(), Subject: "access.account", SubjectID: id})
		return s.Access.PardonAll(ctx, tx.Tx, a.Login)
	})
}
