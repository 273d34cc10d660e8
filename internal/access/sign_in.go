package access

import (
	"cmp"
	"context"

	"github.com/alexedwards/argon2id"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// Hashing is argon2id as OWASP's password storage sheet asks for: 19 MiB, two passes, one lane.
var Hashing = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes what is stored of a password.
func (s *Service) HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, &s.Hashing)
}

// ErrSignIn refuses a sign-in and says why in general only: whether the login is unknown, the password
// wrong, the account disabled, or the bound of wrong tries reached, the answer is the same.
var ErrSignIn = errs.New(errs.Unauthenticated, "access.sign_in").By(RuleFailures)

func (s *Service) refuseSignIn(ctx context.Context) error {
	return ErrSignIn.With("failures", s.Number(ctx, RuleFailures), "minutes", s.Number(ctx, ruleLock))
}

// Next is what somebody who signs in must still do.
type Next string

const (
	NextNothing  Next = ""
	NextSecond   Next = "second"   // show the second factor: there is no session yet
	NextPassword Next = "password" // change the password: nothing else is open
	NextEnrol    Next = "enrol"    // set up a second factor: nothing else is open
)

// SignIn checks login and password and begins a session, or waits for the second factor. Unknown
// login, wrong password, disabled account and one with too many wrong tries answer alike, after the
// same work.
func (s *Service) SignIn(ctx context.Context, login, password string) (*authority.Actor, Next, error) {
	who, err := s.Verify(ctx, login, password)
	if err != nil {
		return nil, NextNothing, err
	}
	return s.Admit(ctx, who, WayPassword)
}

// Admit lets somebody in who has shown the first proof.
func (s *Service) Admit(ctx context.Context, who Proven, way string) (*authority.Actor, Next, error) {
	n, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM access_factor WHERE account_id = $1 AND confirmed = 1`, who.ID)
	if err != nil {
		return nil, NextNothing, err
	}
	if n > 0 {
		if err := s.renew(ctx); err != nil {
			return nil, NextNothing, err
		}
		s.Sessions.Put(ctx, KeyPending, who.ID)
		s.Sessions.Put(ctx, KeyEpoch, who.Epoch)
		s.Sessions.Put(ctx, KeyWay, way)
		return nil, NextSecond, nil
	}
	return s.Enter(ctx, who, way)
}

// Enter begins the session of whoever has shown all proofs, and records that.
func (s *Service) Enter(ctx context.Context, who Proven, way string) (*authority.Actor, Next, error) {
	a, err := s.begin(ctx, who, way)
	if err != nil {
		return nil, NextNothing, err
	}
	if err := s.noteSignIn(ctx, who.ID, way); err != nil {
		return nil, NextNothing, err
	}
	if err := s.rememberDevice(ctx, who.ID); err != nil {
		return nil, NextNothing, err
	}
	_, next, err := s.standing(ctx, who.ID)
	return a, next, err
}

// Verify checks a login and its password and tells the account with its epoch. Failures are counted,
// of unknown logins too. Errors: Unauthenticated "access.sign_in"; TooMany for a network from which
// too much goes wrong.
func (s *Service) Verify(ctx context.Context, login, password string) (Proven, error) {
	var who Proven
	err := s.Limits.Guard(ctx, limit.SignIn, limit.Address(ctx), wrongPassword, func() (err error) {
		who, err = s.compare(ctx, TrimLogin(login), password)
		return err
	})
	return who, err
}

func wrongPassword(err error) bool { return errs.Of(err).Key == ErrSignIn.Key }

func (s *Service) compare(ctx context.Context, login, password string) (Proven, error) {
	now := clock.Now(ctx)
	var who Proven
	hash, state := nobodysHash, ""
	err := s.Log.DB.QueryRow(ctx, `SELECT id, password, state, epoch FROM access_account WHERE login = $1`,
		login).Scan(&who.ID, &hash, &state, &who.Epoch)
	if err != nil && !db.IsNone(err) {
		return Proven{}, err
	}
	t, err := s.TriesOf(ctx, s.Log.DB, failPassword, login, who.ID)
	if err != nil {
		return Proven{}, err
	}
	var refused, reached bool
	if err := s.Log.DB.Write(ctx, func(tx *db.Tx) (err error) {
		refused, reached, err = s.Attempt(ctx, tx, now, t)
		return err
	}); err != nil {
		return Proven{}, err
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return Proven{}, err
	}
	if match && state == StateActive && !refused {
		return who, s.Log.DB.Write(ctx, func(tx *db.Tx) error { return s.Succeed(ctx, tx, now, t) })
	}
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // nobody was let in
		return s.NoteFailure(ctx, tx, who.ID, WayPassword, refused, reached)
	})
	return Proven{}, cmp.Or(err, s.refuseSignIn(ctx))
}

// NoteFailure records a try that failed, and raises the alarm when a login has reached the bound of
// tries from anywhere.
func (s *Service) NoteFailure(ctx context.Context, tx *audit.Tx, account, way string, refused, reached bool) error {
	tx.Record(audit.Entry{Action: "access.sign_in_failed", Area: s.CityCode(), Subject: "access.account", SubjectID: account,
		Detail: map[string]any{"way": way, "account": s.NameOf(ctx, tx, account), "refused": refused}})
	if reached && account != "" {
		return s.Alarms.Raise(ctx, tx, AlarmTries, account)
	}
	return nil
}

// noteSignIn records a sign-in.
func (s *Service) noteSignIn(ctx context.Context, id, way string) error {
	return s.Log.Do(s.Signing(ctx, id), func(tx *audit.Tx) error {
		tx.Judged() // signing in is what decides it
		tx.Record(audit.Entry{Action: "access.sign_in", Area: s.CityCode(), Subject: "access.account",
			SubjectID: id, Detail: map[string]any{"way": way}})
		return nil
	})
}

// Signing is the context of somebody who has just shown who they are: what they do by it is
// recorded in their name.
func (s *Service) Signing(ctx context.Context, id string) context.Context {
	from := authority.From(ctx)
	a := authority.NewActor(s.Policy, id, s.NameOf(ctx, s.Log.DB, id), nil)
	a.Origin, a.Session = from.Origin, from.Session
	return authority.With(ctx, a)
}

// NameOf is the name of an account, or "" when there is none.
func (s *Service) NameOf(ctx context.Context, r db.Reader, id string) string {
	name, _ := db.Value[string](ctx, r, `SELECT name FROM access_account WHERE id = $1`, id)
	return name
}

// nobodysHash lets an unknown login cost what a known one costs: the hash of a random text that nobody
// has kept.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$CmTZnywgtI99/TZsULuESA$2MC0m/LteKUDwJhcXaMQVsHfMeqw4PrSoizmdvlj6jc"

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
	return s.Actor(held, held.Grants), nil
}

// standing reads an account with the grants and posts of today, and what it must do first.
func (s *Service) standing(ctx context.Context, id string) (Account, Next, error) {
	a, err := s.Holding(ctx, id)
	if err != nil {
		return a, NextNothing, err
	}
	next, err := s.first(ctx, &a)
	return a, next, err
}

// Holding reads an account with the grants and posts of today; Unauthenticated for one that is not
// active.
func (s *Service) Holding(ctx context.Context, id string) (Account, error) {
	day := Today(ctx)
	a, err := FindAccountOn(ctx, s.Log.DB, id, day)
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
	byPassword := s.Sessions.GetString(ctx, KeyWay) != WayIdentity
	if byPassword && (a.MustChange || s.aged(ctx, a.PasswordAt)) {
		return NextPassword, nil
	}
	v, _ := s.Rules.On(RuleSecond, Today(ctx))
	required := v.Value == "all"
	for _, g := range a.Grants {
		required = required || v.Value == "administrators" && Administers(g.Role)
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

// Actor builds the actor of an account that holds grants.
func (s *Service) Actor(a Account, grants []Grant) *authority.Actor {
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
	return HashToken(token)[:12]
}

// CityCode is the code of the city's area, or "" while the register is empty.
func (s *Service) CityCode() string {
	city, _ := s.Registry.City()
	return city.Code
}
