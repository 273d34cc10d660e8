package access_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/notify"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

// enrol sets up an authenticator app and tells its secret and the recovery codes. The first code
// is that of the step before, so that the one of now is still to be used.
func enrol(t *testing.T, c *apptest.Caller) (string, []string) {
	t.Helper()
	secret := c.Do("POST", "/session/totp", nil).Want(200).Text("secret")
	c.Do("POST", "/session/totp/confirm", map[string]any{"code": "000000"}).Want(422)
	var shown struct{ Codes []string }
	got := c.Do("POST", "/session/totp/confirm", map[string]any{"code": code(t, secret, -30*time.Second)}).Want(200)
	if err := json.Unmarshal([]byte(got.Raw), &shown); err != nil || len(shown.Codes) != 10 {
		t.Fatalf("recovery codes %v: %v", shown.Codes, err)
	}
	return secret, shown.Codes
}

func code(t *testing.T, secret string, shift time.Duration) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, clock.Now(context.Background()).Add(shift))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func signIn(w *apptest.World, login string) (*apptest.Caller, apptest.Answer) {
	c := w.Nobody()
	return c, c.Do("POST", "/session", map[string]any{"login": login, "password": apptest.Password})
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		secret, recovery := enrol(t, window)
		window.Do("POST", "/session/totp", nil).Want(409, "access.factor_there")

		c, first := signIn(w, "window")
		if first.Want(200).Text("next") != "second" || first.Text("account.id") != "" {
			t.Fatalf("after the password: %s", first.Raw)
		}
		c.Do("GET", "/session", nil).Want(401)
		c.Do("GET", "/casework/cases", nil).Want(401)
		c.Do("POST", "/session/second", map[string]any{"code": "000000"}).Want(401, "access.code_wrong")
		now := code(t, secret, 0)
		c.Do("POST", "/session/second", map[string]any{"code": now}).Want(200)
		c.Do("GET", "/casework/cases", nil).Want(200)

		again, _ := signIn(w, "window")
		again.Do("POST", "/session/second", map[string]any{"code": now}).Want(401, "access.code_wrong") // each code once
		again.Do("POST", "/session/second", map[string]any{"code": strings.ToLower(recovery[3])}).Want(200)
		third, _ := signIn(w, "window")
		third.Do("POST", "/session/second", map[string]any{"code": recovery[3]}).Want(401, "access.code_wrong")
		if left := again.Do("GET", "/session/factors", nil).Want(200).Text("recovery"); left != "9" {
			t.Errorf("%s recovery codes are left", left)
		}

		// Wrong codes lock as wrong passwords do; nobody else's factor is in reach.
		w.Nobody().Do("POST", "/session/second", map[string]any{"code": now}).Want(401, "unauthenticated")
		factor := again.Do("GET", "/session/factors", nil).JSON["items"].([]any)[0].(map[string]any)["id"].(string)
		w.As("grid").Do("POST", "/session/factors/"+factor+"/remove", map[string]any{"password": apptest.Password}).Want(404)
		again.Do("POST", "/session/factors/"+factor+"/remove", map[string]any{"password": "wrong"}).Want(422)
		for range 4 {
			third.Do("POST", "/session/second", map[string]any{"code": "000000"})
		}
		third.Do("POST", "/session/second", map[string]any{"code": recovery[4]}).Want(401, "access.code_wrong")

		other := w.As("clerk")
		offered := other.Do("POST", "/session/totp", nil).Want(200).Text("id")
		other.Do("POST", "/session/factors/"+offered+"/remove", map[string]any{"password": apptest.Password}).Want(204)

		id := w.As("security").Do("GET", "/access/accounts?q=window", nil).Items()[0]["id"].(string)
		w.As("admin").Do("DELETE", "/access/accounts/"+id+"/factors", nil).Want(403)
		w.As("security").Do("DELETE", "/access/accounts/"+id+"/factors", nil).Want(204)
		again.Do("GET", "/session", nil).Want(401)
		w.As("security").Do("POST", "/access/accounts/"+id+"/unlock", nil).Want(204)
		if _, got := signIn(w, "window"); got.Text("next") != "" {
			t.Errorf("after the reset: %s", got.Raw)
		}
	})
}

// In a session that has stood open for a while no factor is added.
func TestFactorsAreAddedInAFreshSession(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx, err := w.App.Access.Sessions.Load(w.System(), "")
		if err != nil {
			t.Fatal(err)
		}
		_, app := w.App.Factors.OfferTOTP(ctx)
		_, key := w.App.Factors.OfferPasskey(ctx)
		for _, err := range []error{app, key} {
			if errs.Of(err).Key != "access.sign_in_again" {
				t.Errorf("offered: %v", err)
			}
		}
	})
}

// Who must have a second factor can do nothing else before it is set up.
func TestSecondFactorIsRequired(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for value, want := range map[string]map[string]string{
			"none":           {"admin": "", "security": "", "auditor": "", "window": ""},
			"administrators": {"admin": "enrol", "security": "enrol", "auditor": "enrol", "window": ""},
			"all":            {"admin": "enrol", "window": "enrol"},
		} {
			w.Rule(access.RuleSecond, value)
			for login, next := range want {
				if _, got := signIn(w, login); got.Want(200).Text("next") != next {
					t.Errorf("%s under %s: next is %q, want %q", login, value, got.Text("next"), next)
				}
			}
		}
		w.Rule(access.RuleSecond, "administrators")
		c, _ := signIn(w, "admin")
		c.Do("GET", "/access/accounts", nil).Want(403)
		enrol(t, c)
		c.Do("GET", "/access/accounts", nil).Want(200)
	})
}

// A passkey is made, signs in by itself, is known to its own host alone, and a copy is found out.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		rp := virtualwebauthn.RelyingParty{Name: "Linli", ID: "linli.example", Origin: "https://linli.example"}
		w.As("window").Do("POST", "/session/passkeys/offer", nil).Want(409, "access.passkey_host") // by number
		w.App.Access.Base = rp.Origin
		window := w.As("window")
		me := window.Do("GET", "/session", nil).Text("account.id")
		device := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(me)})
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)

		register := func(rp virtualwebauthn.RelyingParty) apptest.Answer {
			offered, err := virtualwebauthn.ParseAttestationOptions(window.Do("POST", "/session/passkeys/offer", nil).Want(200).Raw)
			if err != nil {
				t.Fatal(err)
			}
			return window.Do("POST", "/session/passkeys",
				map[string]any{"name": "办公电脑", "credential": asJSON(t, virtualwebauthn.CreateAttestationResponse(rp, device, key, *offered))})
		}
		elsewhere := rp
		elsewhere.Origin = "https://evil.example"
		register(elsewhere).Want(422)
		if codes := register(rp).Want(200).Text("codes"); strings.Count(codes, "-") != 10 {
			t.Errorf("recovery codes with the first factor: %s", codes)
		}
		window.Do("POST", "/session/passkeys", map[string]any{"credential": map[string]any{}}).Want(422)

		sign := func(rp virtualwebauthn.RelyingParty, c *apptest.Caller) apptest.Answer {
			asked, err := virtualwebauthn.ParseAssertionOptions(c.Do("POST", "/session/passkey/ask", nil).Want(200).Raw)
			if err != nil {
				t.Fatal(err)
			}
			key.Counter++
			return c.Do("POST", "/session/passkey",
				map[string]any{"credential": asJSON(t, virtualwebauthn.CreateAssertionResponse(rp, device, key, *asked))})
		}
		device.AddCredential(key)
		sign(elsewhere, w.Nobody()).Want(401, "access.passkey")
		c := w.Nobody()
		if got := sign(rp, c).Want(200); got.Text("account.login") != "window" || got.Text("next") != "" {
			t.Fatalf("signed in as %s", got.Raw)
		}
		c.Do("GET", "/casework/cases", nil).Want(200)
		if _, got := signIn(w, "window"); got.Text("next") != "second" {
			t.Errorf("the password alone lets in beside a passkey: %s", got.Raw)
		}
		key.Counter = 0 // a copy that lags behind
		sign(rp, w.Nobody()).Want(401, "access.passkey")

		// A lock of the password, which anybody can cause, does not keep out the passkey's owner.
		for range 6 {
			w.Nobody().Do("POST", "/session", map[string]any{"login": "window", "password": "wrong"})
		}
		key.Counter = 50
		sign(rp, w.Nobody()).Want(200)
		admin := w.As("admin")
		a := admin.Do("GET", "/access/accounts/"+me, nil).Want(200)
		admin.Do("PUT", "/access/accounts/"+me, map[string]any{"name": "x", "state": "disabled", "version": a.JSON["version"]}).Want(200)
		sign(rp, w.Nobody()).Want(401)
	})
}

func asJSON(t *testing.T, raw string) map[string]any {
	t.Helper()
	v := map[string]any{}
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Sessions are listed and ended by their owner and by the security administrator, end when the
// password changes, and last as long as the rules of the day say.
func TestSessions(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		one, two, three := w.As("window"), w.As("window"), w.As("window")
		places := one.Do("GET", "/session/places", nil).Want(200).Items()
		if len(places) != 3 {
			t.Fatalf("%d places", len(places))
		}
		current := 0
		for _, p := range places {
			if p["current"] == true {
				current++
			}
		}
		if current != 1 || places[0]["way"] != "password" || places[0]["origin"] == "" {
			t.Errorf("places %v", places)
		}
		w.As("grid").Do("DELETE", "/session/places/"+places[0]["id"].(string), nil).Want(404)
		one.Do("DELETE", "/session/places/"+places[0]["id"].(string), nil).Want(204)
		three.Do("GET", "/session", nil).Want(401)
		account := one.Do("GET", "/session", nil).Text("account.id")
		path := "/access/accounts/" + account + "/sessions"
		w.As("admin").Do("GET", path, nil).Want(403)
		seen := w.As("security").Do("GET", path, nil).Want(200).Items()
		if len(seen) != 2 {
			t.Errorf("the security administrator sees %d sessions", len(seen))
		}
		one.Do("PUT", "/session/password", map[string]any{"current": apptest.Password, "new": "Fresh-2026-word"}).Want(204)
		one.Do("GET", "/session", nil).Want(200)
		two.Do("GET", "/session", nil).Want(401)
		w.As("security").Do("DELETE", path+"/"+places[2]["id"].(string), nil).Want(204)
		one.Do("GET", "/session", nil).Want(401)

		w.Rule("access.session.idle", "0") // every session is idle at once
		late := w.Nobody()
		late.Do("POST", "/session", map[string]any{"login": "grid", "password": apptest.Password})
		late.Do("GET", "/session", nil).Want(401)
		w.Rule("access.session.idle", "30")
		w.Rule("access.session.hours", "0")
		late.Do("POST", "/session", map[string]any{"login": "grid", "password": apptest.Password})
		late.Do("GET", "/session", nil).Want(401)
	})
}

// A password that is older than the city allows must be changed before anything else.
func TestPasswordsAge(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := clock.With(w.System(), clock.Now(w.System()).AddDate(0, 0, -91))
		_, err := w.App.Accounts.Create(ctx, account.NewAccount{Login: "old.one", Name: "某人", Password: apptest.Password, Own: true,
			Grants: []access.Grant{{Role: registry.RoleCityOfficer, Area: apptest.CityCode}}})
		if err != nil {
			t.Fatal(err)
		}
		c, got := signIn(w, "old.one")
		if got.Text("next") != "password" {
			t.Errorf("next is %q after 91 days", got.Text("next"))
		}
		c.Do("GET", "/casework/cases", nil).Want(403)
		w.Rule("access.password.days", "0")
		if _, got = signIn(w, "old.one"); got.Text("next") != "" {
			t.Errorf("next is %q where passwords do not age", got.Text("next"))
		}
	})
}

// After the keys were rotated second factors and messages are sealed with the new key, and work.
func TestFactorsAreSealedWithTheNewKey(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		secret, _ := enrol(t, w.As("window"))
		if err := w.App.Outbox.Send(w.System(), notify.Message{To: "13800000000", Purpose: "access.code", Text: "123456"}); err != nil {
			t.Fatal(err)
		}
		key, err := w.App.Ring.Rotate(seal.SM4)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time nothing is left to do
			if err := errors.Join(w.App.Factors.Reseal(w.System()), w.App.Outbox.Reseal(w.System())); err != nil {
				t.Fatal(err)
			}
		}
		for _, table := range []string{"access_factor", "notify_message"} {
			sealed, err := db.Value[string](w.System(), w.App.DB, `SELECT sealed FROM `+table)
			if err != nil || seal.KeyOf(sealed) != key {
				t.Errorf("%s is sealed by %s: %v", table, seal.KeyOf(sealed), err)
			}
		}
		n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = 'access.factor.reseal'`)
		if err != nil || n != 1 {
			t.Errorf("recorded %d times: %v", n, err)
		}
		c, _ := signIn(w, "window")
		c.Do("POST", "/session/second", map[string]any{"code": code(t, secret, 0)}).Want(200)
	})
}
