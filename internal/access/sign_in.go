package access

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// hashing is argon2id as OWASP's password storage sheet asks for: 19 MiB, two passes, one lane.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes what is stored of a password.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, hashing)
}

var (
	errSignIn = errs.New(errs.Unauthenticated, "access.sign_in")
	errLocked = errs.New(errs.Unauthenticated, "access.locked").By(ruleFailures)
)

// Next is what somebody who signs in must still do.
type Next string

const (
	NextNothing  Next = ""
	NextSecond   Next = "second"   // show the second factor: there is no session yet
	NextPassword Next = "password" // change the password: nothing else is open
	NextEnrol    Next = "enrol"    // set up a second factor: nothing else is open
)

// SignIn checks login and password and begins a session, or waits for the second factor. Unknown
// login, wrong password and disabled account answer alike, after the same work.
func (s *Service) SignIn(ctx context.Context, login, password string) (*authority.Actor, Next, error) {
	id, err := s.verify(ctx, login, password)
	if err != nil {
		return nil, NextNothing, err
	}
	return s.admit(ctx, id, WayPassword)
}

// admit lets somebody in who has shown the first proof.
func (s *Service) admit(ctx context.Context, id, way string) (*authority.Actor, Next, error) {
	n, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM access_factor WHERE account_id = $1 AND confirmed = 1`, id)
	if err != nil {
		return nil, NextNothing, err
	}
	if n > 0 {
		if err := s.Sessions.RenewToken(ctx); err != nil {
			return nil, NextNothing, err
		}
		s.Sessions.Put(ctx, keyPending, id)
		s.Sessions.Put(ctx, keyWay, way)
		return nil, NextSecond, nil
	}
	if err := s.noteSignIn(ctx, id, true, way); err != nil {
		return nil, NextNothing, err
	}
	return s.enter(ctx, id, way)
}

func (s *Service) enter(ctx context.Context, id, way string) (*authority.Actor, Next, error) {
	a, err := s.begin(ctx, id, way)
	if err != nil {
		return nil, NextNothing, err
	}
	_, next, err := s.standing(ctx, id)
	return a, next, err
}

// verify checks a login and its password and tells the account. Failures are counted, and too
// many lock the account for a while.
func (s *Service) verify(ctx context.Context, login, password string) (id string, err error) {
	err = s.Limits.Guard(ctx, limit.SignIn, limit.Address(ctx), wrongPassword, func() error {
		id, err = s.compare(ctx, login, password)
		return err
	})
	return id, err
}

func wrongPassword(err error) bool {
	key := errs.Of(err).Key
	return key == errSignIn.Key || key == errLocked.Key
}

func (s *Service) compare(ctx context.Context, login, password string) (string, error) {
	now := clock.Now(ctx)
	var id, hash, state string
	var locked int64
	err := s.Log.DB.QueryRow(ctx, `SELECT id, password, state, locked_until FROM access_account WHERE login = $1`,
		strings.ToLower(strings.TrimSpace(login))).Scan(&id, &hash, &state, &locked)
	if err != nil && !db.IsNone(err) {
		return "", err
	}
	if err != nil {
		hash = nobodysHash()
	}
	if locked > clock.Millis(now) {
		return "", errLocked.With("minutes", s.number(ctx, ruleLock))
	}
	match, hashErr := argon2id.ComparePasswordAndHash(password, hash)
	if hashErr != nil {
		return "", hashErr
	}
	if err == nil && match && state == StateActive {
		return id, nil
	}
	if id != "" {
		if err := s.noteSignIn(ctx, id, false, WayPassword); err != nil {
			return "", err
		}
	}
	return "", errSignIn
}

// noteSignIn counts a sign-in that went well or not. The count is made by the database, so that
// tries at the same time are all counted.
func (s *Service) noteSignIn(ctx context.Context, id string, good bool, way string) error {
	most, lock := s.number(ctx, ruleFailures), time.Duration(s.number(ctx, ruleLock))*time.Minute
	if good {
		ctx = s.signing(ctx, id)
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // signing in is what decides it
		if good {
			_, err := tx.Exec(ctx, `UPDATE access_account SET failures = 0, locked_until = 0 WHERE id = $1`, id)
			tx.Record(audit.Entry{Action: "access.sign_in", Area: s.cityCode(), Subject: "access.account", SubjectID: id, Detail: map[string]any{"way": way}})
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE access_account SET locked_until = CASE WHEN failures + 1 >= $1 THEN $2 ELSE locked_until END,
			failures = CASE WHEN failures + 1 >= $3 THEN 0 ELSE failures + 1 END WHERE id = $4`, most, clock.Millis(tx.Now.Add(lock)), most, id)
		tx.Record(audit.Entry{Action: "access.sign_in_failed", Area: s.cityCode(), Subject: "access.account", SubjectID: id,
			Detail: map[string]any{"way": way, "account": s.nameOf(ctx, tx, id)}})
		return err
	})
}

// signing is the context of somebody who has just shown who they are: what they do by it is
// recorded in their name.
func (s *Service) signing(ctx context.Context, id string) context.Context {
	from := authority.From(ctx)
	a := authority.NewActor(s.Policy, id, s.nameOf(ctx, s.Log.DB, id), nil)
	a.Origin, a.Session = from.Origin, from.Session
	return authority.With(ctx, a)
}

// nameOf is the name of an account, or "" when there is none.
func (s *Service) nameOf(ctx context.Context, r db.Reader, id string) string {
	name, _ := db.Value[string](ctx, r, `SELECT name FROM access_account WHERE id = $1`, id)
	return name
}

// nobodysHash lets an unknown login cost what a known one costs.
var nobodysHash = sync.OnceValue(func() string {
	hash, _ := HashPassword("no account has this login")
	return hash
})

// Unlock ends a lock before its time, by the security administrator.
func (s *Service) Unlock(ctx context.Context, id string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permUnlock, s.cityCode()); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE access_account SET failures = 0, locked_until = 0 WHERE id = $1`, id)
		if err == nil && n == 0 {
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: permUnlock, Area: s.cityCode(), Subject: "access.account", SubjectID: id})
		return err
	})
}

// actor reads an account's authority of today; Unauthenticated for one that is not active. Who
// must first change the password or set up a second factor has none until that is done.
func (s *Service) actor(ctx context.Context, id string) (*authority.Actor, error) {
	held, next, err := s.standing(ctx, id)
	if err != nil {
		return nil, err
	}
	if next != NextNothing {
		held.Grants = nil
	}
	return s.Act(held, held.Grants), nil
}

// standing reads an account with the grants and posts of today, and what it must do first.
func (s *Service) standing(ctx context.Context, id string) (Account, Next, error) {
	a, err := s.holding(ctx, id)
	if err != nil {
		return a, NextNothing, err
	}
	next, err := s.first(ctx, &a)
	return a, next, err
}

// holding reads an account with the grants and posts of today; Unauthenticated for one that is not
// active.
func (s *Service) holding(ctx context.Context, id string) (Account, error) {
	day := today(ctx)
	a, err := findAccountOn(ctx, s.Log.DB, id, day)
	if errs.Of(err).Kind == errs.NotFound || err == nil && a.State != StateActive {
		return a, errs.ErrUnauthenticated
	} else if err != nil {
		return a, err
	}
	seats, err := s.Registry.Seats(ctx, s.Log.DB, id)
	if err != nil {
		return a, err
	}
	for _, seat := range seats {
		if seat.Role != "" && seat.From <= day && (seat.To == "" || day <= seat.To) {
			a.Grants = append(a.Grants, Grant{Role: seat.Role, Area: seat.Area, Body: seat.Body})
		}
	}
	return a, nil
}

// first is what an account must do before anything else.
func (s *Service) first(ctx context.Context, a *Account) (Next, error) {
	byPassword := s.Sessions.GetString(ctx, keyWay) != WayIdentity
	if byPassword && (a.mustChange || s.aged(ctx, a.passwordAt)) {
		return NextPassword, nil
	}
	v, _ := s.Rules.On(RuleSecond, today(ctx))
	required := v.Value == "all"
	for _, g := range a.Grants {
		required = required || v.Value == "administrators" && administers(g.Role)
	}
	if !required {
		return NextNothing, nil
	}
	n, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM access_factor WHERE account_id = $1 AND confirmed = 1`, a.ID)
	if err == nil && n == 0 {
		return NextEnrol, nil
	}
	return NextNothing, err
}

// Act is the actor that an account with grants is.
func (s *Service) Act(a Account, grants []Grant) *authority.Actor {
	held := make([]authority.Grant, len(grants))
	for i, g := range grants {
		held[i] = authority.Grant{Role: g.Role, Area: g.Area, Body: g.Body}
	}
	return authority.NewActor(s.Policy, a.ID, a.Name, held)
}

// sessionMark lets the audit log tell sessions apart without knowing their tokens.
func sessionMark(token string) string {
	if token == "" {
		return ""
	}
	return hashToken(token)[:12]
}

func (s *Service) cityCode() string {
	city, _ := s.Registry.City()
	return city.Code
}
