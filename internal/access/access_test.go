package access_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

func TestSignInLocksAfterFiveFailures(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		wrong := map[string]any{"login": "window", "password": "not the password"}
		for range 5 {
			w.Nobody().Do("POST", "/session", wrong).Want(401, "access.sign_in")
		}
		right := map[string]any{"login": "window", "password": apptest.Password}
		w.Nobody().Do("POST", "/session", right).Want(401, "access.sign_in")
		account := w.As("security").Do("GET", "/access/accounts?q=window", nil).Want(200).Items()[0]["id"].(string)
		w.As("admin").Do("POST", "/access/accounts/"+account+"/unlock", nil).Want(403)
		if locked := w.As("security").Do("GET", "/access/accounts/"+account, nil).Text("locked"); locked != "true" {
			t.Errorf("the account is shown with locked %s", locked)
		}
		w.As("security").Do("POST", "/access/accounts/"+account+"/unlock", nil).Want(204)
		w.Nobody().Do("POST", "/session", right).Want(200)
		w.Rule("access.lockout.failures", "2")
		for range 2 {
			w.Nobody().Do("POST", "/session", wrong).Want(401, "access.sign_in")
		}
		w.Nobody().Do("POST", "/session", right).Want(401, "access.sign_in")
	})
}

func TestSessionEndsWithTheAccount(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, admin := w.As("window"), w.As("admin")
		a := admin.Do("GET", "/access/accounts?q=window", nil).Want(200).Items()[0]
		path := "/access/accounts/" + a["id"].(string)
		admin.Do("PUT", path, map[string]any{"name": "改名", "state": "disabled", "version": 99}).Want(409, "stale")
		admin.Do("PUT", path, map[string]any{"name": "改名", "state": "disabled", "version": a["version"]}).Want(200)
		window.Do("GET", "/session", nil).Want(401)
		w.Nobody().Do("POST", "/session", map[string]any{"login": "window", "password": apptest.Password}).Want(401, "access.sign_in")
		self := admin.Do("GET", "/session", nil).Want(200).Text("account.id")
		admin.Do("PUT", "/access/accounts/"+self, map[string]any{"name": "x", "state": "disabled", "version": 1}).Want(409, "access.disable_self")
	})
}

func TestSignOutEndsTheSession(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("window")
		c.Do("GET", "/session", nil).Want(200)
		account := c.Do("GET", "/session", nil).Text("account.id")
		other := w.As("window")
		c.Do("DELETE", "/session", nil).Want(204)
		c.Do("GET", "/session", nil).Want(401)
		c.Do("DELETE", "/session", nil).Want(204)
		other.Do("GET", "/session", nil).Want(200)
		if n := recorded(t, w, account, "access.sign_out"); n != 1 {
			t.Errorf("%d rows tell of signing out, want 1", n)
		}
		w.As("window")
		other.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "Fresh-2026-word"}).Want(204)
		if n := recorded(t, w, account, "access.session.end"); n != 1 {
			t.Errorf("%d rows tell of the session that the new password ended, want 1", n)
		}
	})
}

// recorded counts the audit rows of an action on an account, in the account's own name.
func recorded(t *testing.T, w *apptest.World, account, action string) int {
	t.Helper()
	n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = $1 AND subject_id = $2 AND actor_id = $3`,
		action, account, account)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A grant holds from its first day to its last.
func TestGrantsHaveDates(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		today := clock.Now(w.System())
		day := func(d int) string { return clock.Day(today.AddDate(0, 0, d)) }
		for login, g := range map[string]struct {
			from, to string
			holds    bool
		}{
			"now":       {day(0), "", true},
			"last-day":  {day(-5), day(0), true},
			"tomorrow":  {day(1), "", false},
			"yesterday": {day(-5), day(-1), false},
		} {
			_, err := w.App.Accounts.Create(w.System(), account.NewAccount{Login: login, Name: login, Password: apptest.Password, Own: true,
				Grants: []access.Grant{{Role: registry.RoleCityOfficer, Area: apptest.CityCode, ValidFrom: g.from, ValidTo: g.to}}})
			if err != nil {
				t.Fatal(err)
			}
			want := 403
			if g.holds {
				want = 200
			}
			w.As(login).Do("GET", "/casework/board?area=3207", nil).Want(want)
		}
	})
}

func TestGrantsAreRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		id := admin.Do("POST", "/access/accounts",
			map[string]any{"login": "new.one", "name": "新人", "password": apptest.Password}).Want(201).Text("id")
		admin.Do("POST", "/access/accounts", map[string]any{"login": "New.One", "name": "新人", "password": apptest.Password}).Want(409,
			"access.login_taken")
		security := w.As("security")
		for name, g := range map[string]map[string]any{
			"role unknown":    {"role": "king", "area": apptest.CityCode},
			"wrong level":     {"role": "window_worker", "area": apptest.CityCode},
			"no such area":    {"role": "window_worker", "area": "320799999999"},
			"body elsewhere":  {"role": "window_worker", "area": apptest.Community, "bodyId": w.Body[apptest.Elsewhere+" station"]},
			"ends before":     {"role": "window_worker", "area": apptest.Community, "validFrom": "2026-05-01", "validTo": "2026-04-01"},
			"not a day":       {"role": "window_worker", "area": apptest.Community, "validFrom": "2026-02-30"},
			"area is no code": {"role": "window_worker", "area": "32'; --"},
		} {
			if got := security.Do("POST", "/access/accounts/"+id+"/grants", g); got.Status != 422 {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		admin.Do("POST", "/access/accounts/"+id+"/grants", map[string]any{"role": "window_worker", "area": apptest.Community}).Want(403)
		grant := security.Do("POST", "/access/accounts/"+id+"/grants",
			map[string]any{"role": "window_worker", "area": apptest.Community}).Want(201).Text("id")
		c := w.Nobody()
		if next := c.Do("POST", "/session", map[string]any{"login": "new.one",
			"password": apptest.Password}).Want(200).Text("next"); next != "password" {
			t.Errorf("a password that somebody else has given: next is %q", next)
		}
		c.Do("GET", "/casework/cases", nil).Want(403)
		c.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": apptest.Password}).Want(422)
		c.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "My-own-word-26"}).Want(204)
		c.Do("GET", "/casework/cases", nil).Want(200)
		security.Do("DELETE", "/access/accounts/"+id+"/grants/"+grant, nil).Want(204)
		c.Do("GET", "/casework/cases", nil).Want(401)
	})
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		for _, weak := range []string{"", "short-1", "allletters", "1234567890", "my.login-2026",
			"Password-2026!!", "aaaaaaaaaa-1", "Lianyungang-2026"} {
			admin.Do("POST", "/access/accounts", map[string]any{"login": "my.login", "name": "新人", "password": weak}).Want(422, "invalid")
		}
		c := w.As("city")
		c.Do("PUT", "/session/password", map[string]any{"current": "wrong", "new": "Fresh-2026-word"}).Want(422)
		c.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "weak"}).Want(422)
		c.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "Fresh-2026-word"}).Want(204)
		w.Nobody().Do("POST", "/session", map[string]any{"login": "city", "password": apptest.Password}).Want(401)
		w.Nobody().Do("POST", "/session", map[string]any{"login": "city", "password": "Fresh-2026-word"}).Want(200)
	})
}

// A set-up link makes one of the three administrators, once, for a day, and only while nobody
// holds that post.
func TestSetUpOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		if offers, err := w.App.Accounts.Offers(w.System()); len(offers) > 0 || err != nil {
			t.Fatalf("links %v are offered beside all three administrators: %v", offers, err)
		}
	})
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		old, err := w.App.Accounts.Offers(clock.With(ctx, clock.Now(ctx).Add(-25*time.Hour)))
		if err != nil || len(old) != 3 {
			t.Fatalf("%d links: %v", len(old), err)
		}
		body := map[string]any{"token": old[0].Token, "login": "first", "name": "首任管理员", "password": apptest.Password}
		w.Nobody().Do("POST", "/setup", body).Want(404, "access.setup")
		printed, err := w.App.Accounts.Offers(ctx) // by another process: what it printed goes on working
		if err != nil {
			t.Fatal(err)
		}
		offers, err := w.App.Accounts.Offers(ctx)
		if err != nil {
			t.Fatal(err)
		}
		offers[0] = printed[0]
		stored, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM access_setup WHERE token_hash = $1 OR token_hash = $2`,
			offers[0].Token, offers[1].Token)
		if err != nil || stored != 0 {
			t.Errorf("%d links are stored as they were printed: %v", stored, err)
		}
		may := map[authority.Role]string{registry.RoleSystemAdministrator: "access.account.edit",
			registry.RoleSecurityAdministrator: "access.grant.edit", registry.RoleAuditor: "audit.entry.read"}
		for i, o := range offers {
			w.Nobody().Do("GET", "/setup?token="+o.Token, nil).Want(200)
			body["token"], body["login"] = o.Token, "first"+strconv.Itoa(i)
			c := w.Nobody()
			c.Do("POST", "/setup", body).Want(200)
			held := c.Do("GET", "/session", nil).Want(200).Text("permissions")
			for role, permission := range may {
				if strings.Contains(held, permission) != (role == o.Role) {
					t.Errorf("%s holds %s", o.Role, held)
				}
			}
			body["login"] = "second"
			w.Nobody().Do("POST", "/setup", body).Want(404, "access.setup")
		}
		if offers, err = w.App.Accounts.Offers(ctx); len(offers) > 0 || err != nil {
			t.Errorf("%d links are still offered: %v", len(offers), err)
		}
		if n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM access_setup`); n != 0 || err != nil {
			t.Errorf("%d links are left once all posts are held: %v", n, err)
		}
	})
}

func TestCaseListsKeepToTheirArea(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, area := range []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere} {
			w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾 " + area, "area": area,
				"place": map[string]any{"text": "东门"}}).Want(201)
		}
		for login, want := range map[string]int{"window": 1, "stranger": 1, "street": 2, "county": 2, "city": 3, "clerk": 0} {
			for _, view := range []string{"open", "all", "soon"} {
				if n := len(w.As(login).Do("GET", "/casework/cases?view="+view, nil).Want(200).Items()); n != want && view != "soon" {
					t.Errorf("%s sees %d cases in %s, want %d", login, n, view, want)
				}
			}
		}
		if n := len(w.As("window").Do("GET", "/casework/cases?area="+apptest.Elsewhere, nil).Items()); n != 0 {
			t.Errorf("a worker sees %d cases of another area by asking for it", n)
		}
		w.As("street").Do("GET", "/casework/board?area="+apptest.CityCode, nil).Want(403)
		w.As("admin").Do("GET", "/casework/cases", nil).Want(403)
	})
}

func TestOutermost(t *testing.T) {
	t.Parallel()
	got := authority.Outermost([]string{"320703001", "3207", "320706"})
	if len(got) != 1 || got[0] != "3207" {
		t.Errorf("%v", got)
	}
	for prefix, want := range map[string]string{"320703": "320704", "320709": "32071", "99": ":", "": ":"} {
		if got := authority.PrefixEnd(prefix); got != want {
			t.Errorf("After(%q) = %q, want %q", prefix, got, want)
		}
	}
}
