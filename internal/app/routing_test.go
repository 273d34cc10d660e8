package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

func routeBody(area, subject string, more map[string]any) map[string]any {
	body := map[string]any{"kind": "incident", "subject": subject, "area": area, "validFrom": "2026-01-01", "enabled": true}
	for k, v := range more {
		body[k] = v
	}
	return body
}

func department(code string, level int) map[string]any {
	return map[string]any{"department": code, "level": level}
}

// try asks what would happen, and tells the unit, how it was found and what was passed over.
func try(w *apptest.World, c *apptest.Caller, kind, subject, area string, at time.Time) string {
	got := c.Do("GET", fmt.Sprintf("/casework/routes/try?kind=%s&subject=%s&area=%s&at=%d", kind, subject, area, at.UnixMilli()),
		nil).Want(200)
	out := got.Text("unit.name") + " by " + got.Text("by")
	considered, _ := got.JSON["considered"].([]any)
	for _, c := range considered {
		if p := c.(map[string]any)["passed"]; p != "" {
			out += " " + p.(string)
		}
	}
	return out
}

// The most specific route wins; what the place lacks is passed over; without a route the category's
// duty unit answers, looked for upward.
func TestRoutesDecideWhoIsResponsible(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		county, day := w.As("county"), time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)
		saturday, night := time.Date(2026, 11, 28, 10, 0, 0, 0, clock.City), time.Date(2026, 11, 23, 23, 0, 0, 0, clock.City)
		add := func(body map[string]any) string {
			t.Helper()
			return county.Do("POST", "/casework/routes", body).Want(201).Text("id")
		}
		want := func(subject string, at time.Time, want string) {
			t.Helper()
			if got := try(w, county, "incident", subject, apptest.Community, at); got != want {
				t.Errorf("%s at %s: %s; want %s", subject, at.Format(time.DateTime), got, want)
			}
		}
		want("0101", day, apptest.County+" urban_management by duty")
		add(routeBody(apptest.County, "", department("transport", 3)))
		want("0101", day, apptest.County+" transport by route")
		add(routeBody(apptest.County, "01", department("ecology", 3)))
		want("0101", day, apptest.County+" ecology by route general")
		want("0301", day, apptest.County+" transport by route")
		add(routeBody(apptest.Street, "01", department("housing", 4))) // no street here has one
		want("0101", day, apptest.County+" ecology by route unit_missing general")
		add(routeBody(apptest.Street, "01", map[string]any{"department": "water", "level": 3, "hourFrom": "22:00", "hourTo": "06:00"}))
		want("0101", night, apptest.County+" water by route general general general")
		want("0101", day, apptest.County+" ecology by route hours unit_missing general")
		id := add(routeBody(apptest.Community, "0101", map[string]any{"body": w.Body[apptest.Community+" station"], "days": "off"}))
		want("0101", saturday, apptest.Community+" station by route hours general general general")
		want("0101", day, apptest.County+" ecology by route days hours unit_missing general")
		if got := try(w, county, "incident", "0101", apptest.Neighbour, saturday); !strings.HasPrefix(got, apptest.County+" ecology") {
			t.Errorf("the neighbour's rubbish goes to %s", got)
		}
		off := routeBody(apptest.Community, "0101",
			map[string]any{"body": w.Body[apptest.Community+" station"], "days": "off", "version": 1, "enabled": false})
		county.Do("PUT", "/casework/routes/"+id, off).Want(200)
		county.Do("PUT", "/casework/routes/"+id, off).Want(409, "stale")
		want("0101", saturday, apptest.County+" ecology by route off hours unit_missing general")
		county.Do("GET", "/casework/routes/try?kind=incident&subject=01&area="+apptest.Community, nil).Want(422)
		county.Do("GET", "/casework/routes/try?kind=incident&subject=0101&area="+apptest.Elsewhere, nil).Want(403)
	})
}

// Two equally specific routes are refused; who governs an area, and nobody else, sets its routes.
func TestRoutesAreKept(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street, admin := w.As("street"), w.As("admin")
		station := map[string]any{"body": w.Body[apptest.Community+" station"], "note": "夜间"}
		body := routeBody(apptest.Community, "0101", station)
		street.Do("POST", "/casework/routes", body).Want(201)
		refused := street.Do("POST", "/casework/routes", body).Want(409, "casework.route.clash")
		if !strings.Contains(refused.Text("title"), "夜间") {
			t.Errorf("the other route is not named: %s", refused.Raw)
		}
		street.Do("POST", "/casework/routes", routeBody(apptest.Community, "0101",
			map[string]any{"body": station["body"], "validTo": "2026-12-31"})).Want(201)
		street.Do("POST", "/casework/routes", routeBody(apptest.County, "0101", department("water", 3))).Want(403)
		street.Do("POST", "/casework/routes", routeBody(apptest.Elsewhere, "0101", department("station", 5))).Want(403)
		admin.Do("POST", "/casework/routes", routeBody(apptest.Elsewhere, "0101", department("station", 5))).Want(201)
		for _, login := range []string{"dispatcher", "window", "clerk", "security", "builder"} {
			w.As(login).Do("POST", "/casework/routes", routeBody(apptest.Community, "0102", station)).Want(403)
		}
		for name, wrong := range map[string]map[string]any{
			"a body elsewhere":   routeBody(apptest.Community, "0102", map[string]any{"body": w.Body[apptest.Elsewhere+" station"]}),
			"unknown subject":    routeBody(apptest.Community, "7777", station),
			"an item's subject":  routeBody(apptest.Community, "senior_card", station),
			"no such area":       routeBody("320703999", "0101", station),
			"nobody responsible": routeBody(apptest.Community, "0101", nil),
		} {
			if got := admin.Do("POST", "/casework/routes", wrong); got.Status != 422 {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		listed := func(login, query string) int {
			return len(w.As(login).Do("GET", "/casework/routes?limit=100"+query, nil).Want(200).Items())
		}
		for query, want := range map[string]int{"": 2, "&area=" + apptest.Community: 2, "&area=" + apptest.Neighbour: 0,
			"&kind=application": 0, "&area=" + apptest.Elsewhere: 0} {
			if got := listed("street", query); got != want {
				t.Errorf("the street sees %d with %q; want %d", got, query, want)
			}
		}
		if got := listed("city", ""); got != 3 {
			t.Errorf("the city sees %d", got)
		}
		first := w.As("city").Do("GET", "/casework/routes?limit=2", nil).Want(200)
		if rest := w.As("city").Do("GET", "/casework/routes?limit=2&cursor="+first.Text("next"), nil).Want(200).Items(); len(rest) != 1 {
			t.Errorf("%d on the second page", len(rest))
		}
	})
}

// Dispatch and acceptance follow the routes where nobody is named, and the dispatcher is told who.
func TestRoutesSendCases(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher := w.As("dispatcher")
		open := func(key string) string {
			id := w.Nobody().OpenCase(apptest.Incident(key)).Want(201).Text("id")
			dispatcher.Step(id, "establish", map[string]any{}).Want(200)
			return id
		}
		dispatch := func(id string, body map[string]any) apptest.Answer {
			return dispatcher.Step(id, "dispatch", body)
		}
		first := open("r1")
		if got := dispatcher.Do("GET", "/casework/cases/"+first, nil); got.Text("routed.by") != "duty" ||
			got.Text("routed.unit.id") != w.Body[apptest.County+" urban_management"] {
			t.Errorf("suggested %s", got.Text("routed"))
		}
		if got := dispatch(first, nil).Want(200); got.Text("unit.id") != w.Body[apptest.County+" urban_management"] {
			t.Errorf("sent to %s", got.Text("unit"))
		}
		w.As("city").Do("POST", "/casework/routes",
			routeBody(apptest.CityCode, "", map[string]any{"department": "water", "level": 3, "note": "汛期"})).Want(201)
		second := open("r2")
		if got := dispatcher.Do("GET", "/casework/cases/"+second, nil); got.Text("routed.note") != "汛期" {
			t.Errorf("suggested %s", got.Text("routed"))
		}
		if got := dispatch(second, nil).Want(200); got.Text("unit.id") != w.Body[apptest.County+" water"] {
			t.Errorf("sent to %s", got.Text("unit"))
		}
		if got := dispatch(open("r3"), map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200); got.Text("unit.id") != w.Body[apptest.Community+" station"] {
			t.Errorf("who dispatches is overruled: %s", got.Text("unit"))
		}

		route := routeBody(apptest.Street, "government", department("veterans", 3))
		route["kind"] = "application"
		w.As("street").Do("POST", "/casework/routes", route).Want(201)
		id := w.Nobody().Apply(w.Fill(apptest.Application("r4"))).Want(201).Text("id")
		if got := w.As("window").StepApplication(id, "accept",
			map[string]any{}).Want(200); got.Text("unit.id") != w.Body[apptest.County+" veterans"] {
			t.Errorf("accepted for %s", got.Text("unit"))
		}
	})
}

// What a merger leaves equally specific is listed, both rules side by side, to whoever it concerns,
// and settled by who governs the area: by switching one off, or by making them differ.
func TestRoutesThatClashAfterAMergerAreSettled(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street, city, county := w.As("street"), w.As("city"), w.As("county")
		add := func(area, subject string, more map[string]any) string {
			t.Helper()
			return street.Do("POST", "/casework/routes", routeBody(area, subject, more)).Want(201).Text("id")
		}
		urban := department("urban_management", 3)
		here := add(apptest.Community, "0101", urban)
		there := add(apptest.Neighbour, "0101", map[string]any{"body": w.Body[apptest.Neighbour+" station"], "note": "南巷自行处置"})
		add(apptest.Community, "0102", map[string]any{"department": "urban_management", "level": 3, "hourFrom": "08:00", "hourTo": "12:00"})
		add(apptest.Neighbour, "0102", map[string]any{"department": "urban_management", "level": 3, "hourFrom": "12:00", "hourTo": "18:00"})
		sameHere, sameThere := add(apptest.Community, "0201", urban), add(apptest.Neighbour, "0201", urban)
		add(apptest.Community, "0202", urban)
		add(apptest.Neighbour, "0202", map[string]any{"department": "urban_management", "level": 3, "validTo": "2026-06-30"})
		clashes := func(c *apptest.Caller, query string) []map[string]any {
			t.Helper()
			return c.Do("GET", "/casework/routes/clashes"+query, nil).Want(200).Items()
		}
		if got := clashes(city, ""); len(got) != 0 {
			t.Fatalf("before the merger: %v", got)
		}
		city.Do("POST", "/registry/changes", map[string]any{"kind": "merge", "area": apptest.Neighbour,
			"to": apptest.Community, "reason": "撤并"}).Want(200)

		got := clashes(street, "")
		if len(got) != 2 {
			t.Fatalf("after the merger: %v", got)
		}
		of := func(c map[string]any, side, field string) any { return c[side].(map[string]any)[field] }
		first, second := got[0], got[1]
		if of(first, "older", "id") != here || of(first, "newer", "id") != there || of(first, "newer", "note") != "南巷自行处置" ||
			of(first, "newer", "bodyName") != apptest.Community+" station" ||
			first["same"] != false || first["mayEdit"] != true || first["from"] != "2026-01-01" {
			t.Errorf("side by side: %v", first)
		}
		if of(second, "older", "id") != sameHere || of(second, "newer", "id") != sameThere || second["same"] != true {
			t.Errorf("of one unit: %v", second)
		}
		day := time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)
		if got := try(w, street, "incident", "0101", apptest.Community, day); !strings.HasPrefix(got,
			apptest.County+" urban_management by route") {
			t.Errorf("while both hold: %s", got)
		}
		for _, c := range []*apptest.Caller{w.As("dispatcher"), w.As("window")} {
			if got := clashes(c, ""); len(got) != 2 || got[0]["mayEdit"] != false {
				t.Errorf("who follows them sees %v", got)
			}
		}
		if got := clashes(w.As("stranger"), ""); len(got) != 0 {
			t.Errorf("another county's sees %v", got)
		}
		w.As("clerk").Do("GET", "/casework/routes/clashes", nil).Want(403)
		page := city.Do("GET", "/casework/routes/clashes?limit=1", nil).Want(200)
		if rest := clashes(city, "?limit=1&cursor="+page.Text("next")); len(page.Items()) != 1 || len(rest) != 1 ||
			of(rest[0], "older", "id") != sameHere {
			t.Errorf("page by page: %v, %v", page.Items(), rest)
		}
		if got := clashes(county, "?area="+apptest.Elsewhere); len(got) != 0 {
			t.Errorf("narrowed to elsewhere: %v", got)
		}

		off := routeBody(apptest.Community, "0101", urban) // the newer rule is kept
		off["enabled"], off["version"] = false, of(first, "older", "version")
		street.Do("PUT", "/casework/routes/"+here, off).Want(200)
		differ := routeBody(apptest.Community, "0201",
			map[string]any{"department": "urban_management", "level": 3, "days": "off", "version": of(second, "newer", "version")})
		street.Do("PUT", "/casework/routes/"+sameThere, differ).Want(200)
		if got := clashes(street, ""); len(got) != 0 {
			t.Errorf("once settled: %v", got)
		}
		if got := try(w, street, "incident", "0101", apptest.Community, day); !strings.HasPrefix(got, apptest.Community+" station by route") {
			t.Errorf("once settled: %s", got)
		}
	})
}
