package access

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// hashing is argon2id as OWASP's password storage sheet asks for: 19 MiB, two passes, one lane.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes what is stored of a password.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, hashing)
}

// A password has 10 to 128 characters of at least two kinds, and is not the login.
func checkPassword(login, password string) error {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= '0' && r <= '9':
			digit = 1
		default:
			other = 1
		}
	}
	n := len([]rune(password))
	if n < 10 || n > 128 || lower+upper+digit+other < 2 || strings.Contains(strings.ToLower(password), strings.ToLower(login)) {
		return errs.ErrInvalid.At("password", "access.password_weak")
	}
	return nil
}

// Five failures in a row lock an account for a quarter of an hour (practice with GB/T 22239).
const (
	failuresMost = 5
	lockFor      = 15 * time.Minute
	sessionKey   = "account"
)

var errSignIn = errs.New(errs.Unauthenticated, "access.sign_in")

// SignIn checks login and password and begins a session. Unknown login, wrong password and
// disabled account answer alike, after the same work.
func (s *Service) SignIn(ctx context.Context, login, password string) (*authority.Actor, error) {
	now, origin := clock.Now(ctx), authority.From(ctx).Origin
	if !s.signIns.Allow(origin, now) {
		return nil, errs.ErrTooMany
	}
	login = strings.ToLower(strings.TrimSpace(login))
	var id, hash, state string
	var failures int
	var locked int64
	err := s.Log.DB.QueryRow(ctx, `SELECT id, password, state, failures, locked_until FROM access_account WHERE login = $1`, login).
		Scan(&id, &hash, &state, &failures, &locked)
	if err != nil && !db.IsNone(err) {
		return nil, err
	}
	if err != nil {
		hash = nobodysHash()
	}
	if locked > clock.Millis(now) {
		return nil, errs.New(errs.Unauthenticated, "access.locked")
	}
	match, hashErr := argon2id.ComparePasswordAndHash(password, hash)
	if hashErr != nil {
		return nil, hashErr
	}
	good := err == nil && match && state == StateActive
	if id != "" {
		if err := s.noteSignIn(ctx, id, good, failures); err != nil {
			return nil, err
		}
	}
	if !good {
		return nil, errSignIn
	}
	return s.begin(ctx, id)
}

// begin starts a session under a fresh token, so that a token known before signing in is
// worth nothing after.
func (s *Service) begin(ctx context.Context, id string) (*authority.Actor, error) {
	if err := s.Sessions.RenewToken(ctx); err != nil {
		return nil, err
	}
	s.Sessions.Put(ctx, sessionKey, id)
	return s.actor(ctx, id)
}

func (s *Service) noteSignIn(ctx context.Context, id string, good bool, failures int) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // signing in is what decides it
		action, locked := "access.sign_in", int64(0)
		if failures++; good {
			failures = 0
		} else {
			action = "access.sign_in_failed"
			if failures >= failuresMost {
				failures, locked = 0, clock.Millis(tx.Now.Add(lockFor))
			}
		}
		_, err := tx.Exec(ctx, `UPDATE access_account SET failures = $1, locked_until = $2 WHERE id = $3`, failures, locked, id)
		tx.Record(audit.Entry{Action: action, Area: s.cityCode(), Subject: "access.account", SubjectID: id})
		return err
	})
}

// nobodysHash lets an unknown login cost what a known one costs.
var nobodysHash = sync.OnceValue(func() string {
	hash, _ := HashPassword("no account has this login")
	return hash
})

// actor reads an account's authority of today; Unauthenticated for one that is not active.
func (s *Service) actor(ctx context.Context, id string) (*authority.Actor, error) {
	a, err := findAccount(ctx, s.Log.DB, id)
	if err != nil || a.State != StateActive {
		return nil, errs.ErrUnauthenticated
	}
	day := today(ctx)
	grants, err := listGrantsOn(ctx, s.Log.DB, id, day)
	if err != nil {
		return nil, err
	}
	seats, err := s.Registry.Seats(ctx, s.Log.DB, id)
	for _, seat := range seats {
		if seat.Role != "" && seat.From <= day && (seat.To == "" || day <= seat.To) {
			grants = append(grants, Grant{Role: seat.Role, Area: seat.Area, Body: seat.Body})
		}
	}
	return s.Act(a, grants), err
}

// Act is the actor that an account with grants is.
func (s *Service) Act(a Account, grants []Grant) *authority.Actor {
	held := make([]authority.Grant, len(grants))
	for i, g := range grants {
		held[i] = authority.Grant{Role: g.Role, Area: g.Area, Body: g.Body}
	}
	return authority.NewActor(s.Policy, a.ID, a.Name, held)
}

// Identify puts into every request's context who is calling.
func (s *Service) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		actor := authority.Nobody()
		if id := s.Sessions.GetString(ctx, sessionKey); id != "" {
			if a, err := s.actor(ctx, id); err == nil {
				actor = a
			}
		}
		actor.Origin = s.Proxies.Origin(r)
		actor.Session = sessionMark(s.Sessions.Token(ctx))
		next.ServeHTTP(w, r.WithContext(authority.With(ctx, actor)))
	})
}

// sessionMark lets the audit log tell sessions apart without knowing their tokens.
func sessionMark(token string) string {
	if token == "" {
		return ""
	}
	return hashToken(token)[:12]
}

// Session is scs's middleware, for those requests that carry or may begin a session.
func (s *Service) Session(next http.Handler) http.Handler { return s.Sessions.LoadAndSave(next) }

func (s *Service) cityCode() string {
	city, _ := s.Registry.City()
	return city.Code
}
