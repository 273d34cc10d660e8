package access_test

import (
	"fmt"
	"regexp"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
)

// behindProxy lets callers name the address that they come from.
func behindProxy(t *testing.T, w *apptest.World) {
	t.Helper()
	proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
	if err != nil {
		t.Fatal(err)
	}
	w.App.Access.Proxies = proxies
}

func signInFrom(c *apptest.Caller, login, password string) apptest.Answer {
	return c.Do("POST", "/session", map[string]any{"login": login, "password": password})
}

func rows(t *testing.T, w *apptest.World, table string) int {
	t.Helper()
	n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// An unknown login, a wrong password, a disabled account and one that is locked answer alike, and the
// same is written.
func TestARefusedSignInTellsNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behindProxy(t, w)
		admin := w.As("admin")
		a := admin.Do("GET", "/access/accounts?q=grid", nil).Want(200).Items()[0]
		admin.Do("PUT", "/access/accounts/"+a["id"].(string), map[string]any{"name": "x", "state": "disabled", "version": a["version"]}).Want(200)
		for range 5 {
			signInFrom(from(w, "198.51.100.9"), "window", "wrong").Want(401)
		}
		said := map[string]string{}
		for i, try := range []struct{ name, login, password, origin string }{
			{"unknown", "no.such.login", "wrong", "198.51.100.1"},
			{"wrong", "clerk", "wrong", "198.51.100.2"},
			{"disabled", "grid", apptest.Password, "198.51.100.3"},
			{"locked", "window", apptest.Password, "198.51.100.9"},
		} {
			audits := rows(t, w, "audit_entry")
			got := signInFrom(from(w, try.origin), try.login, try.password)
			said[try.name] = fmt.Sprint(got.Status, regexp.MustCompile(`"instance":"[^"]*"`).ReplaceAllString(got.Raw, ""),
				got.Header.Get("Set-Cookie"))
			if said[try.name] != said["unknown"] {
				t.Errorf("%d: %s answers %s, unknown %s", i, try.name, said[try.name], said["unknown"])
			}
			if n := rows(t, w, "audit_entry") - audits; n != 1 {
				t.Errorf("%s writes %d audit rows", try.name, n)
			}
		}
	})
}

// Strangers who try an officer's login from many networks keep out neither the officer's own device,
// from wherever, nor anybody for good; and the security administrator is told.
func TestStrangersKeepNoOfficerOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behindProxy(t, w)
		officer := from(w, "203.0.113.7")
		signInFrom(officer, "window", apptest.Password).Want(200)
		officer.Do("DELETE", "/session", nil).Want(204)
		for i := range 40 {
			signInFrom(from(w, fmt.Sprintf("2001:db8:0:%x::%x", i/5, i+1)), "window", "wrong").Want(401, "access.sign_in")
		}
		signInFrom(from(w, "192.0.2.1"), "window", apptest.Password).Want(401, "access.sign_in") // a device that nobody knows
		signInFrom(from(w, "192.0.2.1"), "clerk", apptest.Password).Want(200)
		officer.Origin = "2001:db8:0:1::99" // beside the strangers
		signInFrom(officer, "window", apptest.Password).Want(200)

		security := w.As("security")
		alarms := security.Do("GET", "/access/alarms", nil).Want(200).Items()
		if len(alarms) != 1 || alarms[0]["kind"] != "tries" || alarms[0]["login"] != "window" || alarms[0]["seen"] != 0.0 {
			t.Fatalf("alarms: %v", alarms)
		}
		w.As("admin").Do("GET", "/access/alarms", nil).Want(403)
		security.Do("POST", "/access/alarms/"+alarms[0]["id"].(string)+"/note", nil).Want(204)
		if seen := security.Do("GET", "/access/alarms", nil).Items()[0]["seen"]; seen == 0.0 {
			t.Error("a noted alarm still waits")
		}
		security.Do("POST", "/access/accounts/"+alarms[0]["accountId"].(string)+"/unlock", nil).Want(204)
		signInFrom(from(w, "192.0.2.1"), "window", apptest.Password).Want(200)
	})
}

// Addresses of one /64 count as one, and one network that goes on does not reach the bound of all.
func TestOneNetworkIsBounded(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behindProxy(t, w)
		for i := range 20 {
			signInFrom(from(w, fmt.Sprintf("2001:db8::%x", i+1)), "window", "wrong").Want(401)
		}
		signInFrom(from(w, "2001:db8::ffff"), "window", apptest.Password).Want(401)
		signInFrom(from(w, "192.0.2.1"), "window", apptest.Password).Want(200)
		refused := false
		for i := range 40 {
			refused = refused || signInFrom(from(w, "2001:db8::1"), fmt.Sprint("unknown", i), "wrong").Status == 429
		}
		if !refused {
			t.Error("one network tries logins without end")
		}
		for range 80 { // right ones are not counted
			signInFrom(from(w, "192.0.2.2"), "clerk", apptest.Password).Want(200)
		}
	})
}

// The bounds hold over several processes, and of many tries at once no more are looked at.
func TestTriesAreCountedOverProcesses(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		two := []*apptest.World{w, w.Another()}
		done := make(chan int, 20)
		for i := range 20 {
			go func() { done <- signInFrom(two[i%2].Nobody(), "window", "wrong").Status }()
		}
		for range 20 {
			if status := <-done; status != 401 {
				t.Errorf("a try answers %d", status)
			}
		}
		for _, w := range two {
			signInFrom(w.Nobody(), "window", apptest.Password).Want(401, "access.sign_in")
		}
		unseen, err := db.Value[int](w.System(), w.App.DB,
			`SELECT COUNT(*) FROM audit_entry WHERE action = 'access.sign_in_failed' AND detail LIKE '%"refused":true%'`)
		if err != nil || unseen != 17 {
			t.Errorf("%d of 22 tries were refused unseen, want 17: %v", unseen, err)
		}
	})
}

// from is a caller without an account at a network address.
func from(w *apptest.World, address string) *apptest.Caller {
	c := w.Nobody()
	c.Origin = address
	return c
}
