package access

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
)

// What a session's own store keeps, besides what a step before it needs.
const (
	keyAccount = "account"
	KeyID      = "id"
	keyBegan   = "began"
	keyOrigin  = "origin"
	keyAgent   = "agent"
	KeyWay     = "way"
	keyEnded   = "ended"   // older sessions that this one has ended, until it was told
	KeyPending = "pending" // account that has shown its password and not yet the second factor
	KeyEpoch   = "epoch"   // of the account when it showed its first proof
)

// Ways of signing in.
const (
	WayPassword = "password"
	WayFactor   = "factor" // password and second factor
	WayPasskey  = "passkey"
	WayIdentity = "identity" // the city's own identity system
)

// Session is one browser in which an account is signed in.
type Session struct {
	ID      string `json:"id"`
	Account string `json:"-"`
	Began   int64  `json:"began"`
	Seen    int64  `json:"seen" doc:"Last use, to the minute"`
	Origin  string `json:"origin" doc:"Network address it was begun from"`
	Agent   string `json:"agent" doc:"Browser, as it names itself"`
	Way     string `json:"way" enum:"password,factor,passkey,identity"`
	Current bool   `json:"current" doc:"The one that asks"`

	epoch int64 // of the account when it was begun
}

// Visit is what a request tells of its browser and of the address by which it was reached.
type Visit struct {
	agent string
	Base  string // https://host

	device     string        // hash of what the browser keeps of having signed in before, or ""
	keepDevice func() string // has it keep that, and tells the hash
}

type visitKey struct{}

// VisitOf is the visit of a request; empty outside of one.
func VisitOf(ctx context.Context) Visit {
	v, _ := ctx.Value(visitKey{}).(Visit)
	return v
}

// base is the address of the platform as the browser knows it: the configured one, else that
// of the request.
func (s *Service) base(r *http.Request) string {
	if s.Base != "" {
		return strings.TrimSuffix(s.Base, "/")
	}
	scheme := "http"
	if httpx.PeerOf(r.Context()).HTTPS {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// Proven is an account that has shown a proof, in its epoch at that instant. A session begins in
// no other epoch, so that one does not outlive the proof by which it was begun.
type Proven struct {
	ID    string
	Epoch int64
}

// renew empties the session and gives it a fresh token, so that neither a token known before
// signing in nor what an earlier session held is worth anything after.
func (s *Service) renew(ctx context.Context) error {
	if err := s.Sessions.Clear(ctx); err != nil {
		return err
	}
	return s.Sessions.RenewToken(ctx)
}

// begin starts a session and writes it. Error: Unauthenticated when the account was disabled or got
// another password since the proof.
func (s *Service) begin(ctx context.Context, who Proven, way string) (*authority.Actor, error) {
	if err := s.renew(ctx); err != nil {
		return nil, err
	}
	put := func(key string, value any) { s.Sessions.Put(ctx, key, value) }
	put(keyAccount, who.ID)
	put(KeyEpoch, who.Epoch)
	put(KeyID, db.NewID(ctx))
	put(keyBegan, clock.Millis(clock.Now(ctx)))
	put(keyOrigin, authority.From(ctx).Origin)
	put(keyAgent, VisitOf(ctx).agent)
	put(KeyWay, way)
	if _, _, err := s.Sessions.Commit(ctx); err != nil {
		return nil, err
	}
	ended, err := s.makeRoom(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	if ended > 0 {
		put(keyEnded, int64(ended))
	}
	return s.actor(ctx, who.ID)
}

// makeRoom ends the oldest sessions of an account so that there are no more than the rule allows,
// and tells how many those were. It runs after a session was written: of several that begin at the
// same time each sees the others.
func (s *Service) makeRoom(ctx context.Context, account string) (int, error) {
	old, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT id FROM access_session WHERE account_id = $1 AND began_at > 0 AND expires_at > $2
			ORDER BY began_at DESC, id DESC LIMIT 1000 OFFSET $3`, account, clock.Millis(clock.Now(ctx)), max(1, s.Number(ctx, ruleSessions)))
	if err != nil || len(old) == 0 {
		return 0, err
	}
	return len(old), s.Log.Do(s.Signing(ctx, account), func(tx *audit.Tx) error {
		tx.Judged() // by the rule
		for _, id := range old {
			if _, err := tx.Exec(ctx, `DELETE FROM access_session WHERE id = $1 AND account_id = $2`, id, account); err != nil {
				return err
			}
			tx.Record(audit.Entry{Action: "access.session.end", Area: s.CityCode(), Subject: "access.account", SubjectID: account,
				Detail: map[string]any{"session": id, "rule": ruleSessions}})
		}
		return nil
	})
}

// ListSessions lists where an account is signed in, the newest first.
func (s *Service) ListSessions(ctx context.Context, account string) ([]Session, error) {
	current := s.Sessions.GetString(ctx, KeyID)
	return db.All(ctx, s.Log.DB, func(row db.Scanner) (v Session, err error) {
		err = row.Scan(&v.ID, &v.Began, &v.Seen, &v.Origin, &v.Agent, &v.Way)
		v.Current = v.ID == current
		return v, err
	}, `SELECT id, began_at, seen_at, origin, agent, way FROM access_session
		WHERE account_id = $1 AND began_at > 0 AND expires_at > $2 ORDER BY began_at DESC LIMIT 100`,
		account, clock.Millis(clock.Now(ctx)))
}

// EndSession ends one session of an account at once; errs.ErrNotFound when there is none. Judge
// decides who may.
func (s *Service) EndSession(ctx context.Context, account, id string, judge func(*audit.Tx) error) error {
	return s.end(ctx, account, id, "access.session.end", judge)
}

// SignOut ends the session that asks; nothing happens where nobody is signed in.
func (s *Service) SignOut(ctx context.Context) error {
	if account := s.Sessions.GetString(ctx, keyAccount); account != "" {
		err := s.end(s.Signing(ctx, account), account, s.Sessions.GetString(ctx, KeyID), "access.sign_out", mine)
		if kind := errs.Of(err).Kind; err != nil && kind != errs.NotFound && kind != errs.Unauthenticated {
			return err
		}
	}
	return s.Sessions.Destroy(ctx)
}

func (s *Service) end(ctx context.Context, account, id, action string, judge func(*audit.Tx) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := judge(tx); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM access_session WHERE id = $1 AND account_id = $2 AND id <> ''`, id, account)
		if err == nil && n == 0 {
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: action, Area: s.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"session": id}})
		return err
	})
}

// freshFor is how long after signing in one may add a factor without signing in again, so that
// nobody adds theirs in a browser that was left open.
const freshFor = 15 * time.Minute

// Fresh refuses unless the session was begun just now.
func (s *Service) Fresh(ctx context.Context) error {
	began, _ := s.Sessions.Get(ctx, keyBegan).(int64)
	if clock.Now(ctx).Sub(clock.Instant(began)) > freshFor {
		return errs.New(errs.Conflict, "access.sign_in_again")
	}
	return nil
}

// lives refuses the actor of a request whose session has ended meanwhile.
func (s *Service) lives(ctx context.Context, r db.Reader) error {
	id, account := s.Sessions.GetString(ctx, KeyID), s.Sessions.GetString(ctx, keyAccount)
	if account == "" {
		return nil // it waits for the second factor: nobody is signed in
	}
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM access_session WHERE id = $1 AND account_id = $2 AND expires_at > $3`,
		id, account, clock.Millis(clock.Now(ctx)))
	if err == nil && n == 0 {
		return errs.ErrUnauthenticated
	}
	return err
}

// mine judges the end of the session that asks.
func mine(tx *audit.Tx) error { tx.Judged(); return nil }

// Own judges what somebody does with their own account: whoever is signed in may. A request that
// was under way when its session ended may not; the row is locked until the write ends.
func (s *Service) Own(ctx context.Context) func(*audit.Tx) error {
	actor := authority.From(ctx)
	if actor.Session == "" { // called in the process, by no request
		return mine
	}
	id, account := s.Sessions.GetString(ctx, KeyID), actor.ID
	return func(tx *audit.Tx) error {
		tx.Judged()
		n, err := tx.Exec(ctx, `UPDATE access_session SET seen_at = seen_at WHERE id = $1 AND account_id = $2 AND expires_at > $3`,
			id, account, clock.Millis(tx.Now))
		if err == nil && n == 0 {
			return errs.ErrUnauthenticated
		}
		return err
	}
}

// By judges by a permission over the city.
func (s *Service) By(permission string) func(*audit.Tx) error {
	return func(tx *audit.Tx) error { return tx.Require(permission, s.CityCode()) }
}

// EndOthers ends every session of an account but the given one, those that are about to begin too,
// when its password changes, it is disabled, or what it held or showed is taken away; why is told by
// what was done. Except is "" to end all.
func (s *Service) EndOthers(ctx context.Context, tx *audit.Tx, account, except, why string) error {
	if _, err := tx.Exec(ctx, `UPDATE access_account SET epoch = epoch + 1 WHERE id = $1`, account); err != nil {
		return err
	}
	ended, err := db.All(ctx, tx, func(row db.Scanner) (id string, err error) { err = row.Scan(&id); return id, err },
		`DELETE FROM access_session WHERE account_id = $1 AND (id = '' OR id <> $2) RETURNING id`, account, except)
	if err != nil {
		return err
	}
	if except == "" { // nor may it be tried from where it was
		_, err = tx.Exec(ctx, `DELETE FROM access_device WHERE account_id = $1`, account)
	} else {
		_, err = tx.Exec(ctx, `UPDATE access_session SET epoch = (SELECT epoch FROM access_account WHERE id = $1)
			WHERE account_id = $2 AND id = $3`, account, account, except)
	}
	for _, id := range ended {
		if id == "" { // it waited for the second factor
			continue
		}
		tx.Record(audit.Entry{Action: "access.session.end", Area: s.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"session": id, "why": why}})
	}
	return err
}

// Identify puts into every request's context who is calling.
func (s *Service) Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), visitKey{}, Visit{fold.Cut(r.UserAgent(), 200), s.base(r),
			s.deviceOf(r), func() string { return s.keepDevice(w) }})
		actor := authority.Nobody()
		if id := s.Sessions.GetString(ctx, keyAccount); id != "" {
			a, err := s.actor(ctx, id)
			switch {
			case err == nil:
				actor = a
			case errs.Of(err).Kind == errs.Internal: // who calls is not known, rather than nobody
				s.Sessions.ErrorFunc(w, r, err)
				return
			}
		}
		actor.Origin = httpx.PeerOf(ctx).Origin
		actor.Session = sessionMark(s.Sessions.Token(ctx))
		next.ServeHTTP(w, r.WithContext(authority.With(ctx, actor)))
	})
}

// Session is scs's middleware, for those requests that carry or may begin a session.
func (s *Service) Session(next http.Handler) http.Handler {
	inner := s.Sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), writtenKey{}, &written{})))
	})
}
