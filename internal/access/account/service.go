package account

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/revision"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Permissions of the module, kept apart: the system administrator makes accounts, the security
// administrator says what they may do, and neither does the other's.
const (
	permRead    = "access.account.read"
	permEdit    = "access.account.edit"   // make, rename, disable, give a new password
	permGrant   = "access.grant.edit"     // give and take roles
	permUnlock  = "access.account.unlock" // end a lock
	permSession = "access.session.end"    // see and end others' sessions
)

var loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// NewAccount is what the administrator fills in.
type NewAccount struct {
	Login    string
	Name     string
	Password string
	Hash     string // of a password, instead of one; it does not age
	Own      bool   // the password is its owner's own, and need not be changed
	Language text.Lang
	Grants   []access.Grant
}

func (s *Service) checkNew(ctx context.Context, n *NewAccount) error {
	n.Login, n.Name = access.TrimLogin(n.Login), fold.Line(n.Name)
	wrong := errs.ErrInvalid
	if !loginShape.MatchString(n.Login) {
		wrong = wrong.At("login", "access.login_shape")
	}
	if n.Name == "" || !fold.Within(n.Name, 50) {
		wrong = wrong.At("name", "field.required")
	}
	if n.Hash == "" {
		if err := s.checkPassword(ctx, n.Login, n.Name, n.Password); err != nil {
			wrong = &errs.Error{Kind: wrong.Kind, Key: wrong.Key, Fields: append(wrong.Fields, errs.Of(err).Fields...)}
		}
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// Create makes an account with its grants. Errors: Invalid; Conflict "access.login_taken".
func (s *Service) Create(ctx context.Context, n NewAccount) (access.Account, error) {
	return s.create(ctx, n, func(tx *audit.Tx, n *NewAccount) error {
		if len(n.Grants) > 0 {
			if err := tx.Require(permGrant, s.Access.CityCode()); err != nil {
				return err
			}
		}
		return tx.Require(permEdit, s.Access.CityCode())
	})
}

func (s *Service) create(ctx context.Context, n NewAccount, judge func(*audit.Tx, *NewAccount) error) (access.Account, error) {
	if err := s.checkNew(ctx, &n); err != nil {
		return access.Account{}, err
	}
	hash := n.Hash
	if hash == "" {
		var err error
		if hash, err = s.Access.HashPassword(n.Password); err != nil {
			return access.Account{}, err
		}
	}
	if n.Language == "" {
		n.Language = text.Chinese
	}
	var a access.Account
	err := s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		a = access.Account{ID: db.NewID(ctx), Login: n.Login, Name: n.Name, State: access.StateActive, Language: n.Language,
			MustChange: n.Hash == "" && !n.Own}
		if n.Hash == "" {
			a.PasswordAt = clock.Millis(tx.Now)
		}
		if err := judge(tx, &n); err != nil {
			return err
		}
		if err := access.InsertAccount(ctx, tx, &a, hash); err != nil {
			return err
		}
		for _, g := range n.Grants {
			if err := s.grant(ctx, tx, a.ID, &g); err != nil {
				return err
			}
			a.Grants = append(a.Grants, g)
		}
		tx.Record(audit.Entry{Action: "access.account.create", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: a.ID,
			After: map[string]any{"login": a.Login}})
		return nil
	})
	return a, err
}

// grant checks and writes one grant. Before a city is registered its first administrators hold
// the empty area, which is everywhere.
func (s *Service) grant(ctx context.Context, tx *audit.Tx, account string, g *access.Grant) error {
	area, ok := s.Access.Registry.Area(g.Area)
	levels := registry.RoleLevels[g.Role]
	switch {
	case levels == nil:
		return errs.ErrInvalid.At("role", "field.choice")
	case access.Administers(g.Role) && g.Area == "" && s.Access.CityCode() == "":
	case !ok || !slices.Contains(levels, area.Level):
		return errs.ErrInvalid.At("area", "access.grant_level")
	}
	if g.Body != "" {
		body, err := s.Access.Registry.Body(ctx, tx, g.Body)
		if err != nil {
			return errs.ErrInvalid.At("bodyId", "field.choice")
		}
		if !strings.HasPrefix(g.Area, body.Area) && !strings.HasPrefix(body.Area, g.Area) {
			return errs.ErrInvalid.At("bodyId", "access.grant_body")
		}
	}
	if g.ValidFrom == "" {
		g.ValidFrom = clock.Day(tx.Now)
	}
	if !day(g.ValidFrom) || (g.ValidTo != "" && (!day(g.ValidTo) || g.ValidTo < g.ValidFrom)) {
		return errs.ErrInvalid.At("validTo", "field.date")
	}
	if err := s.judgeApart(ctx, tx, account, term{g.Role, g.ValidFrom, g.ValidTo}, ""); err != nil {
		return err
	}
	g.ID = db.NewID(ctx)
	tx.Record(audit.Entry{Action: "access.account.grant", Area: g.Area, Subject: "access.account", SubjectID: account,
		After: grantValues(g)})
	return access.InsertGrant(ctx, tx, account, g)
}

// grantValues is what the audit log keeps of a grant.
func grantValues(g *access.Grant) map[string]any {
	return map[string]any{"grant": g.ID, "role": g.Role, "area": g.Area, "body": g.Body, "from": g.ValidFrom, "to": g.ValidTo}
}

// Grant gives an account a role. Nobody gives one to themselves.
func (s *Service) Grant(ctx context.Context, account string, g access.Grant) (access.Grant, error) {
	err := s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permGrant, s.Access.CityCode()); err != nil {
			return err
		}
		if _, err := access.FindAccount(ctx, tx, account); err != nil {
			return err
		}
		if account == tx.Actor.ID {
			return errs.New(errs.Conflict, "access.grant_self")
		}
		return s.grant(ctx, tx, account, &g)
	})
	return g, err
}

// Revoke takes a grant away.
func (s *Service) Revoke(ctx context.Context, account, grant string) error {
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permGrant, s.Access.CityCode()); err != nil {
			return err
		}
		old, err := db.One(ctx, tx, access.ScanGrant, access.SelectGrant+` WHERE id = $1 AND account_id = $2`, grant, account)
		if db.IsNone(err) {
			return errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		err = s.keepAdministrators(ctx, tx, func() error {
			return access.DeleteGrant(ctx, tx, account, grant)
		})
		tx.Record(audit.Entry{Action: "access.account.revoke", Area: s.Access.CityCode(), Subject: "access.account",
			SubjectID: account, Before: grantValues(&old)})
		if err != nil {
			return err
		}
		return s.Unseated(ctx, tx, account)
	})
}

// Change sets an account's name and state. Disabling ends its sessions for good.
func (s *Service) Change(ctx context.Context, id, name, state string, version int64) (access.Account, error) {
	name = fold.Line(name)
	if name == "" || !fold.Within(name, 50) {
		return access.Account{}, errs.ErrInvalid.At("name", "field.required")
	}
	if id == authority.From(ctx).ID && state == access.StateDisabled {
		return access.Account{}, errs.New(errs.Conflict, "access.disable_self")
	}
	err := s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permEdit, s.Access.CityCode()); err != nil {
			return err
		}
		old, err := access.FindAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		err = s.keepAdministrators(ctx, tx, func() error {
			return access.UpdateAccount(ctx, tx, &access.Account{ID: id, Name: name, State: state, Version: version})
		})
		if err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, access.RevisionAccount); err != nil {
			return err
		}
		tx.After(func() { s.Access.ForgetName(id) })
		tx.Record(audit.Entry{Action: "access.account.change", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: id,
			Before: map[string]any{"name": old.Name, "state": old.State}, After: map[string]any{"name": name, "state": state}})
		if err != nil || state == access.StateActive {
			return err
		}
		return s.Access.EndOthers(ctx, tx, id, "", "access.account.change")
	})
	if err != nil {
		return access.Account{}, err
	}
	return s.Find(ctx, id)
}

// Find reads an account with all its grants.
func (s *Service) Find(ctx context.Context, id string) (access.Account, error) {
	a, err := access.FindAccount(ctx, s.Access.Log.DB, id)
	if err == nil {
		a.Grants, err = access.ListGrants(ctx, s.Access.Log.DB, id)
	}
	return a, err
}

// FindLogin reads an account by its login with all its grants; NotFound without one.
func (s *Service) FindLogin(ctx context.Context, login string) (access.Account, error) {
	id, err := db.Value[string](ctx, s.Access.Log.DB, `SELECT id FROM access_account WHERE login = $1`, login)
	if db.IsNone(err) {
		return access.Account{}, errs.ErrNotFound
	}
	if err != nil {
		return access.Account{}, err
	}
	return s.Find(ctx, id)
}

// List is one page of accounts by login, and the login that the next begins after.
func (s *Service) List(ctx context.Context, words, after string) ([]access.Account, string, error) {
	if err := authority.Require(ctx, permRead, s.Access.CityCode()); err != nil {
		return nil, "", err
	}
	const page = 50
	accounts, err := access.ListAccounts(ctx, s.Access.Log.DB, words, after, page+1)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(accounts) > page {
		accounts = accounts[:page]
		next = accounts[page-1].Login
	}
	return accounts, next, access.FillGrants(ctx, s.Access.Log.DB, accounts)
}

// SetPassword gives an account a password that it must change, by the system administrator, and
// ends its sessions. Their own they change by showing it. It does not end a lock: that is the security administrator's. The passwords of
// the other administrators are not in reach: whoever sets one could sign in as them.
func (s *Service) SetPassword(ctx context.Context, id, password string) error {
	a, err := access.FindAccount(ctx, s.Access.Log.DB, id)
	if err != nil {
		return err
	}
	return s.writePassword(ctx, &a, password, "access.account.password", true, "", func(tx *audit.Tx) error {
		if err := tx.Require(permEdit, s.Access.CityCode()); err != nil {
			return err
		}
		if id == tx.Actor.ID {
			return errs.New(errs.Conflict, "access.password_self")
		}
		if other, err := heldByAdministrator(ctx, tx, id, clock.Day(tx.Now)); err != nil || other {
			return cmp.Or(err, error(errAdministratorsReset))
		}
		return nil
	})
}

// ChangePassword changes one's own, after showing the current one. Every other session ends.
func (s *Service) ChangePassword(ctx context.Context, current, password string) error {
	a, err := access.FindAccount(ctx, s.Access.Log.DB, authority.From(ctx).ID)
	if err != nil {
		return err
	}
	if _, err := s.Access.Verify(ctx, a.Login, current); err != nil {
		if errs.Of(err).Key != access.ErrSignIn.Key {
			return err
		}
		return errs.ErrInvalid.At("current", "access.password_wrong")
	}
	if current == password {
		return errs.ErrInvalid.At("new", "access.password_same")
	}
	return s.writePassword(ctx, &a, password, "access.password.change", false,
		s.Access.Sessions.GetString(ctx, access.KeyID), s.Access.Own(ctx))
}

// writePassword sets a password and ends all sessions but the kept one.
func (s *Service) writePassword(ctx context.Context, a *access.Account, password, action string, must bool,
	keep string, judge func(*audit.Tx) error) error {
	if err := s.checkPassword(ctx, a.Login, a.Name, password); err != nil {
		return err
	}
	hash, err := s.Access.HashPassword(password)
	if err != nil {
		return err
	}
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := judge(tx); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: action, Area: s.Access.CityCode(), Subject: "access.account", SubjectID: a.ID})
		if err := access.UpdatePassword(ctx, tx, a.ID, hash, must); err != nil {
			return err
		}
		return s.Access.EndOthers(ctx, tx, a.ID, keep, action)
	})
}

func day(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
