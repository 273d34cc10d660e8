package access

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

const selectAccount = `SELECT id, login, name, state, language, version, must_change, password_at, epoch FROM access_account`

func scanAccount(s db.Scanner) (a Account, err error) {
	return a, s.Scan(&a.ID, &a.Login, &a.Name, &a.State, &a.Language, &a.Version, db.YesNo(&a.MustChange), &a.PasswordAt, &a.Epoch)
}

// FindAccount reads an account without its grants; NotFound for none.
func FindAccount(ctx context.Context, r db.Reader, id string) (Account, error) {
	a, err := db.One(ctx, r, scanAccount, selectAccount+` WHERE id = $1`, id)
	if db.IsNone(err) {
		return a, errs.ErrNotFound
	}
	return a, err
}

// ListAccounts is one page in order of login, after the given one.
func ListAccounts(ctx context.Context, r db.Reader, words, after string, limit int) ([]Account, error) {
	like := db.Containing(words)
	return db.All(ctx, r, scanAccount, selectAccount+` WHERE login > $1 AND (login LIKE $2 ESCAPE '\' OR LOWER(name) LIKE $3 ESCAPE '\')
		ORDER BY login LIMIT $4`, after, like, like, limit)
}

// SelectGrant begins a statement whose rows ScanGrant reads.
const SelectGrant = `SELECT id, role, area, body_id, valid_from, valid_to FROM access_grant`

// ScanGrant reads a row of SelectGrant.
func ScanGrant(s db.Scanner) (g Grant, err error) {
	err = s.Scan(&g.ID, &g.Role, &g.Area, &g.Body, &g.ValidFrom, &g.ValidTo)
	return g, err
}

// ListGrants lists the grants of an account, past and coming ones too.
func ListGrants(ctx context.Context, r db.Reader, account string) ([]Grant, error) {
	return db.All(ctx, r, ScanGrant, SelectGrant+` WHERE account_id = $1 ORDER BY id`, account)
}

// FillGrants reads the grants of one page of accounts at once.
func FillGrants(ctx context.Context, r db.Reader, accounts []Account) error {
	if len(accounts) == 0 {
		return nil
	}
	at, ids := map[string]int{}, make([]string, len(accounts))
	for i := range accounts {
		ids[i], at[accounts[i].ID] = accounts[i].ID, i
	}
	in, args := db.In(nil, ids)
	type row struct {
		account string
		grant   Grant
	}
	rows, err := db.All(ctx, r, func(s db.Scanner) (v row, err error) {
		g := &v.grant
		err = s.Scan(&v.account, &g.ID, &g.Role, &g.Area, &g.Body, &g.ValidFrom, &g.ValidTo)
		return v, err
	}, `SELECT account_id, id, role, area, body_id, valid_from, valid_to FROM access_grant WHERE account_id IN `+in+` ORDER BY id`, args...)
	for _, v := range rows {
		a := &accounts[at[v.account]]
		a.Grants = append(a.Grants, v.grant)
	}
	return err
}

// FindAccountOn is an account with its grants that are in force on a day, in one reading: every
// request asks.
func FindAccountOn(ctx context.Context, r db.Reader, id, day string) (Account, error) {
	rows, err := db.All(ctx, r, func(s db.Scanner) (a Account, err error) {
		var g Grant
		err = s.Scan(&a.ID, &a.Login, &a.Name, &a.State, &a.Language, &a.Version, db.YesNo(&a.MustChange), &a.PasswordAt,
			&g.ID, &g.Role, &g.Area, &g.Body, &g.ValidFrom, &g.ValidTo)
		a.Grants = []Grant{g}
		return a, err
	}, `SELECT a.id, a.login, a.name, a.state, a.language, a.version, a.must_change, a.password_at, COALESCE(g.id, ''),
			COALESCE(g.role, ''), COALESCE(g.area, ''), COALESCE(g.body_id, ''), COALESCE(g.valid_from, ''), COALESCE(g.valid_to, '')
		FROM access_account a LEFT JOIN access_grant g ON g.account_id = a.id AND g.valid_from <= $1 AND (g.valid_to = '' OR g.valid_to >= $1)
		WHERE a.id = $2 ORDER BY g.id`, day, id)
	if err != nil {
		return Account{}, err
	}
	if len(rows) == 0 {
		return Account{}, errs.ErrNotFound
	}
	a := rows[0]
	a.Grants = []Grant{}
	for _, row := range rows {
		if g := row.Grants[0]; g.ID != "" {
			a.Grants = append(a.Grants, g)
		}
	}
	return a, nil
}

// InsertAccount writes a new account with the hash of its password. Error: Conflict "access.login_taken".
func InsertAccount(ctx context.Context, tx *audit.Tx, a *Account, password string) error {
	_, err := tx.Exec(ctx, `INSERT INTO access_account (id, login, name, password, state, language, created_at, version,
		must_change, password_at) VALUES ($1,$2,$3,$4,$5,$6,$7,1,$8,$9)`,
		a.ID, a.Login, a.Name, password, a.State, a.Language, clock.Millis(tx.Now), db.Bool(a.MustChange), a.PasswordAt)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "access.login_taken").At("login", "access.login_taken")
	}
	a.Version = 1
	return err
}

// InsertGrant writes a grant, which the caller has judged.
func InsertGrant(ctx context.Context, tx *audit.Tx, account string, g *Grant) error {
	_, err := tx.Exec(ctx, `INSERT INTO access_grant (id, account_id, role, area, body_id, valid_from, valid_to) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		g.ID, account, string(g.Role), g.Area, g.Body, g.ValidFrom, g.ValidTo)
	return err
}

// LockAccount holds an account's row until the write ends, so that two writes see each other; false without one.
func LockAccount(ctx context.Context, tx *audit.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE access_account SET version = version + 1 WHERE id = $1`, id)
	return n == 1, err
}

// UpdateAccount writes an account's name and state over its version. Error: Stale.
func UpdateAccount(ctx context.Context, tx *audit.Tx, a *Account) error {
	n, err := tx.Exec(ctx, `UPDATE access_account SET name = $1, state = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		a.Name, a.State, a.ID, a.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: "access.account", ID: a.ID, Action: "access.account."})
	}
	return err
}

// UpdatePassword writes the hash of an account's password, and whether it must be changed at the next signing in.
func UpdatePassword(ctx context.Context, tx *audit.Tx, id, hash string, must bool) error {
	_, err := tx.Exec(ctx, `UPDATE access_account SET password = $1, must_change = $2, password_at = $3, version = version + 1
		WHERE id = $4`, hash, db.Bool(must), clock.Millis(tx.Now), id)
	return err
}

// DeleteGrant takes a grant from an account. Error: NotFound.
func DeleteGrant(ctx context.Context, tx *audit.Tx, account, grant string) error {
	n, err := tx.Exec(ctx, `DELETE FROM access_grant WHERE id = $1 AND account_id = $2`, grant, account)
	if err == nil && n == 0 {
		return errs.ErrNotFound
	}
	return err
}

// MoveGrants lets grants follow areas and bodies.
func MoveGrants(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	if err := m.Areas.Rewrite(ctx, tx, "access_grant", "area"); err != nil {
		return err
	}
	return m.Bodies.Rewrite(ctx, tx, "access_grant", "body_id")
}
