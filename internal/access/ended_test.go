package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// ending is one way in which a session of an account ends.
type ending struct {
	end   func(e *ended)
	again func(e *ended) // undoes what ended it, or nil
}

// ended is a session whose end is tried while a request of it is under way.
type ended struct {
	w       *apptest.World
	login   string
	account string
	caller  *apptest.Caller

	admin, security, street *apptest.Caller
}

func (e *ended) path() string { return "/access/accounts/" + e.account }

func (e *ended) exec(query string, args ...any) {
	e.w.T.Helper()
	if err := e.w.App.DB.Write(e.w.System(),
		func(tx *db.Tx) error { _, err := tx.Exec(e.w.System(), query, args...); return err }); err != nil {
		e.w.T.Fatal(err)
	}
}

func (e *ended) state(state string) {
	a := e.admin.Do("GET", e.path(), nil).Want(200)
	e.admin.Do("PUT", e.path(), map[string]any{"name": e.login, "state": state, "version": a.JSON["version"]}).Want(200)
}

func (e *ended) ofAccount() map[string]any {
	return map[string]any{"role": "window_worker", "area": apptest.Community}
}

var endings = map[string]ending{
	"signed out": {end: func(e *ended) { e.caller.Again().Do("DELETE", "/session", nil).Want(204) }},
	"ended by its owner elsewhere": {end: func(e *ended) {
		other := e.w.As(e.login)
		for _, s := range other.Do("GET", "/session/places", nil).Want(200).Items() {
			if s["current"] != true {
				other.Do("DELETE", "/session/places/"+s["id"].(string), nil).Want(204)
			}
		}
	}},
	"ended by the security administrator": {end: func(e *ended) {
		for _, s := range e.security.Do("GET", e.path()+"/sessions", nil).Want(200).Items() {
			e.security.Do("DELETE", e.path()+"/sessions/"+s["id"].(string), nil).Want(204)
		}
	}},
	"one session too many": {end: func(e *ended) {
		for range 5 {
			e.w.As(e.login)
		}
	}},
	"not used, or as old as it may become": {end: func(e *ended) {
		e.exec(`UPDATE access_session SET expires_at = $1 WHERE account_id = $2`,
			clock.Millis(clock.Now(e.w.System()).Add(-time.Second)), e.account)
	}},
	"swept": {end: func(e *ended) { e.exec(`DELETE FROM access_session WHERE account_id = $1`, e.account) }},
	"password changed elsewhere": {end: func(e *ended) {
		e.w.As(e.login).Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "Another-2026-beixiang"}).Want(204)
	}},
	"password given by the administrator": {end: func(e *ended) {
		e.admin.Do("POST", e.path()+"/password", map[string]any{"password": "Another-2026-beixiang"}).Want(204)
	}},
	"factors taken away": {end: func(e *ended) { e.security.Do("DELETE", e.path()+"/factors", nil).Want(204) }},
	"disabled": {
		end:   func(e *ended) { e.state("disabled") },
		again: func(e *ended) { e.state("active") },
	},
	"grant taken": {
		end: func(e *ended) {
			grants := e.security.Do("GET", e.path(), nil).Want(200).JSON["grants"].([]any)
			e.security.Do("DELETE", e.path()+"/grants/"+grants[0].(map[string]any)["id"].(string), nil).Want(204)
		},
		again: func(e *ended) { e.security.Do("POST", e.path()+"/grants", e.ofAccount()).Want(201) },
	},
	"post untied": {
		end:   func(e *ended) { e.post(func(m, v string) { e.link(m, "", v) }) },
		again: func(e *ended) { e.security.Do("POST", e.path()+"/grants", e.ofAccount()).Want(201) },
	},
	"post removed": {
		end: func(e *ended) {
			e.post(func(m, v string) { e.street.Do("DELETE", "/registry/members/"+m+"?version="+v, nil).Want(204) })
		},
		again: func(e *ended) { e.security.Do("POST", e.path()+"/grants", e.ofAccount()).Want(201) },
	},
}

// post lets the account hold a post alone, and then what the test does to it.
func (e *ended) post(take func(member, version string)) {
	m := e.street.Do("POST", "/registry/bodies/"+e.w.Body[apptest.Community+" committee"]+"/members",
		map[string]any{"name": "委员", "post": "member", "termFrom": clock.Day(clock.Now(e.w.System()).AddDate(0, 0, -1))}).Want(201).Text("id")
	e.exec(`DELETE FROM access_grant WHERE account_id = $1`, e.account)
	e.link(m, e.account, "1")
	take(m, "2")
}

func (e *ended) link(member, account, version string) {
	e.security.Send("PUT", "/registry/members/"+member+"/account", "application/json",
		strings.NewReader(fmt.Sprintf(`{"account":%q,"version":%s}`, account, version))).Want(200)
}

// However a session ends, a request that was under way does not bring it back, and neither does
// giving back later what was taken.
func TestEndedSessionsStayEnded(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.App.Access.Base = "http://localhost" // passkeys belong to a name
		n, admin, security, street := 0, w.As("admin"), w.As("security"), w.As("street")
		for name, way := range endings {
			n++
			e := &ended{w: w, login: fmt.Sprintf("ending%02d", n), admin: admin, security: security, street: street}
			w.Account(e.login, registry.RoleWindowWorker, apptest.Community)
			e.caller = w.As(e.login)
			e.account = e.caller.Do("GET", "/session", nil).Want(200).Text("account.id")
			e.caller.Do("POST", "/session/passkeys/offer", nil).Want(200)
			finish := e.caller.Again().Begin("POST", "/session/passkeys", map[string]any{"name": "x", "credential": map[string]any{"id": "x"}})
			way.end(e)
			finish()
			if got := e.caller.Do("GET", "/session", nil); got.Status != 401 {
				t.Errorf("%s: a request under way brings the session back: %d", name, got.Status)
			}
			if way.again == nil {
				continue
			}
			way.again(e)
			if got := e.caller.Do("GET", "/session", nil); got.Status != 401 {
				t.Errorf("%s: the session is back once that is undone: %d", name, got.Status)
			}
			w.As(e.login)
		}
	})
}

// What was proven before the password changed or the account was disabled begins no session after.
func TestAProofOfAnEarlierEpochBeginsNoSession(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		account, err := w.App.Accounts.FindLogin(w.System(), "window")
		if err != nil {
			t.Fatal(err)
		}
		try := func() error {
			ctx, err := w.App.Access.Sessions.Load(w.System(), "")
			if err != nil {
				t.Fatal(err)
			}
			return w.App.Access.BeginInEpoch(ctx, account.ID, 0)
		}
		if err := try(); err != nil {
			t.Fatal(err)
		}
		if err := w.App.Accounts.SetPassword(w.System(), account.ID, "Another-2026-beixiang"); err != nil {
			t.Fatal(err)
		}
		if err := try(); errs.Of(err).Kind != errs.Unauthenticated {
			t.Errorf("a sign-in by the former password ends in %v", err)
		}
	})
}
