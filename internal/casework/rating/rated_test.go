package rating_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/registry"
)

// Nobody who did some of the work, were it on a case that was merged into it, follows up its low rating
// or decides of it; who follows it up, who appeals and who decides are different people.
func TestRatedFollowedAndDecidedApart(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		urbanHead(t, w)
		report := func(key string) apptest.Answer {
			return w.Nobody().OpenCase(
				map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community, "clientKey": key,
					"place": map[string]any{"text": "东门"}}).Want(201)
		}
		main, other := report("main"), report("other")
		step := func(login, id, verb string, body map[string]any) apptest.Answer {
			return as(w, login).Step(id, verb, body)
		}
		id, otherID := main.Text("id"), other.Text("id")
		for of, unit := range map[string]string{id: apptest.County + " urban_management", otherID: apptest.Community + " station"} {
			step("dispatcher", of, "establish", nil).Want(200)
			step("dispatcher", of, "dispatch", map[string]any{"unit": w.Body[unit]}).Want(200)
		}
		step("window", otherID, "handle", nil).Want(200)
		step("dispatcher", otherID, "merge", map[string]any{"case": main.Text("number"), "note": "同一问题"}).Want(200)
		for verb, body := range map[string]map[string]any{"handle": nil} {
			step("urban", id, verb, body).Want(200)
		}
		step("urban", id, "feed_back", map[string]any{"note": "已清运"}).Want(200)
		step("dispatcher", id, "verify", nil).Want(200)
		step("dispatcher", id, "close", nil).Want(200)
		rate(w, main.Text("code"), "rate", 1, map[string]any{"note": "没有清走"}).Want(200)

		w.Grant("window", registry.RoleSubdistrictOfficer, apptest.Street)
		w.Grant("window", registry.RoleCityOfficer, apptest.CityCode)
		w.Grant("street", registry.RoleCityOfficer, apptest.CityCode)
		w.Grant("city", registry.RoleSubdistrictOfficer, apptest.Street)
		window, street, city := w.As("window"), w.As("street"), w.As("city")
		followed := func(c *apptest.Caller, verb string) apptest.Answer {
			return c.Do("POST", "/casework/cases/"+id+"/followups/1/"+verb, map[string]any{"note": "说明"})
		}
		decided := func(c *apptest.Caller, verb string) apptest.Answer {
			return c.Do("POST", "/casework/cases/"+id+"/appeals/1/"+verb, map[string]any{"note": "说明"})
		}
		excluded := func(c *apptest.Caller) apptest.Answer {
			return c.Do("POST", "/casework/cases/"+id+"/ratings/1/exclude", map[string]any{"reason": "说明"})
		}
		followed(window, "contact").Want(409, "casework.followup.own_unit")
		if n := len(window.Do("GET", "/casework/followups", nil).Want(200).Items()); n != 0 {
			t.Errorf("who worked on what was merged reads %d follow-ups of it", n)
		}
		followed(street, "contact").Want(204)
		excluded(street).Want(409, "casework.followup.own_unit")
		as(w, "urban_head").Do("POST", "/casework/cases/"+id+"/appeals/1/ask", asked).Want(204)
		for name, c := range map[string]*apptest.Caller{"worked": window, "follows it up": street} {
			if got := decided(c, "uphold"); got.Status != 409 || got.Text("key") != "casework.appeal.own_unit" {
				t.Errorf("who %s decides the appeal: %d %s", name, got.Status, got.Raw)
			}
		}
		decided(city, "decline").Want(204)
		followed(city, "rectify").Want(409, "casework.followup.own_unit")
		followed(street, "rectify").Want(204)
	})
}
