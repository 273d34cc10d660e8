package factor

import (
	"context"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
)

// permFactor allows to take the factors of an account away, of who has lost a phone.
const permFactor = "access.factor.reset"

// ResetFactors takes all factors of an account away, by the security administrator, e.g. when a
// phone is lost. The account's sessions end.
func (s *Service) ResetFactors(ctx context.Context, account string) error {
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permFactor, s.Access.CityCode()); err != nil {
			return err
		}
		if account == tx.Actor.ID {
			return errs.New(errs.Conflict, "access.factor_self")
		}
		if _, err := access.FindAccount(ctx, tx, account); err != nil {
			return err
		}
		if err := Forget(ctx, tx, account); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permFactor, Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account})
		return s.Access.EndOthers(ctx, tx, account, "", permFactor)
	})
}

// Forget deletes an account's factors and recovery codes.
func Forget(ctx context.Context, tx *audit.Tx, account string) error {
	for _, query := range []string{`DELETE FROM access_factor WHERE account_id = $1`, `DELETE FROM access_recovery WHERE account_id = $1`} {
		if _, err := tx.Exec(ctx, query, account); err != nil {
			return err
		}
	}
	return nil
}
