package account_test

import (
	"testing"

	"linli/internal/access/account"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

// 三员分立: by grants of the same time, of times that meet and of times that do not, and by posts.
func TestAdministratorsAreApart(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin, security := w.As("admin"), w.As("security")
		today := clock.Now(w.System())
		day := func(d int) string { return clock.Day(today.AddDate(0, 0, d)) }
		account := func(login string) string {
			return admin.Do("POST", "/access/accounts",
				map[string]any{"login": login, "name": "某人", "password": apptest.Password}).Want(201).Text("id")
		}
		give := func(id, role, area, from, to string) apptest.Answer {
			g := map[string]any{"role": role, "area": area, "validFrom": from}
			if to != "" {
				g["validTo"] = to
			}
			return security.Do("POST", "/access/accounts/"+id+"/grants", g)
		}
		for i, pair := range [][2]string{{"system_administrator", "auditor"}, {"auditor", "security_administrator"},
			{"security_administrator", "system_administrator"}} {
			id := account("pair" + string(rune('a'+i)))
			give(id, pair[0], apptest.CityCode, day(0), day(10)).Want(201)
			refused := give(id, pair[1], apptest.CityCode, day(10), "").Want(409, "access.administrators_disjoint")
			if refused.Text("rule.basis") == "" || refused.Text("rule.article") == "" {
				t.Errorf("no citation: %s", refused.Raw)
			}
			give(id, pair[1], apptest.CityCode, day(-20), day(0)).Want(409, "access.administrators_disjoint")
			give(id, pair[1], apptest.CityCode, day(11), "").Want(201)
			give(id, pair[0], apptest.CityCode, day(5), day(8)).Want(201) // the same role twice
		}
		both := account("both")
		give(both, "window_worker", apptest.Community, day(0), "").Want(201)
		give(both, "auditor", apptest.CityCode, day(3), "").Want(409, "access.administrator_only")

		// By posts, from both sides.
		member := func(kind string) (string, string) {
			m := w.As("city").Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" "+kind]+"/members",
				map[string]any{"name": "某人" + kind, "post": "member", "termFrom": day(-1), "termTo": day(30)}).Want(201)
			return "/registry/members/" + m.Text("id") + "/account", m.Text("version")
		}
		auditor, seated := account("auditor2"), account("seated")
		give(auditor, "auditor", apptest.CityCode, day(0), "").Want(201)
		for _, kind := range []string{registry.BodyCommittee, registry.BodyCouncil, registry.BodyParty} {
			path, _ := member(kind)
			w.As("city").Do("PUT", path, map[string]any{"account": seated, "version": 1}).Want(403)
			security.Do("PUT", path, map[string]any{"account": auditor, "version": 1}).Want(409, "access.administrator_only")
			security.Do("PUT", path, map[string]any{"account": "nobody", "version": 1}).Want(422)
			security.Do("PUT", path, map[string]any{"account": seated, "version": 1}).Want(200)
		}
		give(seated, "security_administrator", apptest.CityCode, day(0), day(1)).Want(409, "access.administrator_only")
		give(seated, "security_administrator", apptest.CityCode, day(31), "").Want(201)
	})
}

// A post gives its holder's account the post's role for the term, and no longer.
func TestAPostGivesItsRole(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		today := clock.Now(w.System())
		day := func(d int) string { return clock.Day(today.AddDate(0, 0, d)) }
		for login, c := range map[string]struct {
			kind, from, to string
			board, cases   int
		}{
			"in-term":  {registry.BodyCommittee, day(-1), day(0), 200, 200},
			"before":   {registry.BodyCommittee, day(1), "", 403, 403},
			"after":    {registry.BodyCommittee, day(-9), day(-1), 403, 403},
			"council":  {registry.BodyCouncil, day(-1), "", 200, 403},
			"watching": {registry.BodySupervisory, day(-1), "", 200, 200},
			"party":    {registry.BodyParty, day(-1), "", 403, 403},
		} {
			login = "post." + login
			made, err := w.App.Accounts.Create(w.System(), account.NewAccount{Login: login, Name: login, Password: apptest.Password, Own: true})
			if err != nil {
				t.Fatal(err)
			}
			id := made.ID
			m := w.As("street").Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" "+c.kind]+"/members",
				map[string]any{"name": "委员" + login, "post": "member", "termFrom": c.from, "termTo": c.to}).Want(201).Text("id")
			w.As("security").Do("PUT", "/registry/members/"+m+"/account", map[string]any{"account": id, "version": 1}).Want(200)
			as := w.As(login)
			as.Do("GET", "/casework/board?area="+apptest.Community, nil).Want(c.board)
			as.Do("GET", "/casework/board?area="+apptest.Neighbour, nil).Want(403)
			as.Do("GET", "/casework/cases", nil).Want(c.cases)
		}
	})
}

// Each administrator can do what is theirs and nothing of the others'.
func TestDutiesAreSeparate(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin, security, auditor := w.As("admin"), w.As("security"), w.As("auditor")
		id := admin.Do("POST", "/access/accounts",
			map[string]any{"login": "new.one", "name": "新人", "password": apptest.Password}).Want(201).Text("id")
		grant := map[string]any{"role": "window_worker", "area": apptest.Community}
		for name, c := range map[string]struct {
			caller *apptest.Caller
			status int
		}{"admin": {admin, 403}, "auditor": {auditor, 403}} {
			if got := c.caller.Do("POST", "/access/accounts/"+id+"/grants", grant); got.Status != c.status {
				t.Errorf("%s gives a role: %d", name, got.Status)
			}
		}
		for name, caller := range map[string]*apptest.Caller{"security": security, "auditor": auditor} {
			caller.Do("POST", "/access/accounts", map[string]any{"login": name + ".made", "name": "新人", "password": apptest.Password}).Want(403)
			caller.Do("POST", "/access/accounts/"+id+"/password", map[string]any{"password": "Another-2026-nanxiang"}).Want(403)
			caller.Do("GET", "/access/accounts", nil).Want(200)
		}
		for _, caller := range []*apptest.Caller{admin, security, w.As("city")} {
			caller.Do("GET", "/audit/entries", nil).Want(403)
		}
		seen := auditor.Do("GET", "/audit/entries?action=access.account.create&subject="+id, nil).Want(200).Items()
		if len(seen) != 1 || seen[0]["actorName"] != "姓名admin" {
			t.Errorf("the auditor sees %v", seen)
		}
		self := security.Do("GET", "/session", nil).Text("account.id")
		security.Do("POST", "/access/accounts/"+self+"/grants",
			map[string]any{"role": "security_administrator", "area": apptest.CityCode}).Want(409, "access.grant_self")
		admin.Do("POST", "/access/accounts/"+self+"/password", map[string]any{"password": "Another-2026-nanxiang"}).Want(409,
			"access.administrator_reset")
	})
}
