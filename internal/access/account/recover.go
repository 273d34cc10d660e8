package account

import (
	"context"

	"linli/internal/access"
	"linli/internal/access/factor"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

var (
	errRecoverDisabled = errs.New(errs.Conflict, "access.recover_disabled")
	errRecoverLogin    = errs.ErrInvalid.At("login", "access.recover_login")
)

// Recover makes a one-time link by which the holder of an account who has lost password or device begins
// again, and ends all sessions of the account. Whoever calls holds the machine: the command line alone does, with the
// data folder and the key file. Password and second factors stay until the link is used, so that one that nobody
// uses takes nothing away. Earlier links of the account end. Errors: NotFound without the account; Conflict for a disabled one.
func (s *Service) Recover(ctx context.Context, login string) (token string, err error) {
	a, err := s.FindLogin(ctx, access.TrimLogin(login))
	switch {
	case err != nil:
		return "", err
	case a.State != access.StateActive:
		return "", errRecoverDisabled
	}
	token = access.NewToken()
	return token, s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // whoever runs the program's command holds the machine
		if _, err := tx.Exec(ctx, `DELETE FROM access_setup WHERE account_id = $1`, a.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO access_setup (token_hash, expires_at, role, account_id) VALUES ($1,$2,'',$3)`,
			access.HashToken(token), clock.Millis(tx.Now.Add(setupFor)), a.ID); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.account.recover", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: a.ID})
		return s.Access.EndOthers(ctx, tx, a.ID, "", "access.account.recover")
	})
}

// recovered is the account that a one-time token lets begin again, or "" where it makes a new one.
func (s *Service) recovered(ctx context.Context, r db.Reader, token string) (string, error) {
	id, err := db.Value[string](ctx, r, `SELECT account_id FROM access_setup WHERE token_hash = $1 AND expires_at > $2`,
		access.HashToken(token), clock.Millis(clock.Now(ctx)))
	if db.IsNone(err) {
		return "", errSetup
	}
	return id, err
}

// roleOf is the first role that an account holds today, or "".
func (s *Service) roleOf(ctx context.Context, id string) (authority.Role, error) {
	a, err := access.FindAccountOn(ctx, s.Access.Log.DB, id, access.Today(ctx))
	if err != nil || len(a.Grants) == 0 {
		return "", err
	}
	return a.Grants[0].Role, nil
}

// beginAgain gives the account of a token the new password, takes its second factors and what was counted against
// it away, ends its sessions and uses the token up. The login must be the account's: the link alone, found in
// a terminal, does not tell it.
func (s *Service) beginAgain(ctx context.Context, token, id string, n NewAccount) (access.Proven, error) {
	a, err := access.FindAccount(ctx, s.Access.Log.DB, id)
	if err != nil {
		return access.Proven{}, err
	}
	if access.TrimLogin(n.Login) != a.Login {
		return access.Proven{}, errRecoverLogin
	}
	err = s.writePassword(ctx, &a, n.Password, "access.account.recovered", false, "", func(tx *audit.Tx) error {
		tx.Judged() // the link is the authority
		used, err := tx.Exec(ctx, `DELETE FROM access_setup WHERE token_hash = $1 AND account_id = $2 AND expires_at > $3`,
			access.HashToken(token), id, clock.Millis(tx.Now))
		switch {
		case err != nil:
			return err
		case used == 0:
			return errSetup
		}
		if err := factor.Forget(ctx, tx, id); err != nil {
			return err
		}
		return s.Access.PardonAll(ctx, tx.Tx, a.Login)
	})
	if err != nil {
		return access.Proven{}, err
	}
	epoch, err := db.Value[int64](ctx, s.Access.Log.DB, `SELECT epoch FROM access_account WHERE id = $1`, id)
	return access.Proven{ID: id, Epoch: epoch}, err
}
