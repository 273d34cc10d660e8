package burden_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/burden"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

type object = map[string]any

// record enters loads as a module does that sends work.
func record(w *apptest.World, loads ...gate.Load) {
	w.T.Helper()
	err := w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: "probe.load", Subject: "probe"})
		return module.Of[*burden.Service](w.App.Modules).Record(w.System(), tx, loads...)
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

func at(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	if err != nil {
		panic(err)
	}
	return t.Add(10 * time.Hour)
}

func number(w *apptest.World, v any, path ...string) int {
	w.T.Helper()
	for _, name := range path {
		v = v.(object)[name]
	}
	n, ok := v.(float64)
	if !ok {
		w.T.Fatalf("%v is no number", v)
	}
	return int(n)
}

// 253 communities, asked every month for 25 minutes, are 1,265 hours a year: to the minute, and beside them the minutes measured.
func TestDeclaredMinutesOfAYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		year := clock.Now(w.System()).Year() - 1
		for month := range 12 {
			var loads []gate.Load
			for n := range 253 {
				loads = append(loads, gate.Load{Way: gate.Form, Subject: fmt.Sprint("monthly-", month), Title: "月报", Body: "civil",
					Pass: "LY-1", At: at(fmt.Sprintf("%d-%02d-05", year, month+1)), Area: fmt.Sprintf("3207030%02d%03d", 10+n/50, 1+n%50),
					Asked: 1, Fields: 34, Prefilled: 20, Declared: 25})
			}
			record(w, loads...)
		}
		answers := []int{10, 30, 20, 60}
		for i, minutes := range answers {
			record(w, gate.Load{Way: gate.Form, Subject: "monthly-0", Title: "月报", Body: "civil", Pass: "LY-1",
				At: at(fmt.Sprintf("%d-02-0%d", year, i+1)), Area: apptest.Community, Answered: 1, Measured: minutes})
		}
		got := w.As("city").Do("GET", fmt.Sprintf("/burden/board?area=3207&from=%d-01&to=%d-12", year, year), nil).Want(200)
		if hours := number(w, got.JSON, "total", "declared"); hours != 1265*60 {
			t.Errorf("declared are %d minutes, want %d", hours, 1265*60)
		}
		if n := number(w, got.JSON, "total", "asked"); n != 12*253 {
			t.Errorf("asked %d times, want %d", n, 12*253)
		}
		if n := number(w, got.JSON, "total", "measured"); n != 120 || number(w, got.JSON, "total", "timed") != 4 {
			t.Errorf("measured are %d minutes of %v answers", n, number(w, got.JSON, "total", "timed"))
		}
		p := w.As("city").Do("GET", "/burden/pass?area=3207&pass=LY-1", nil).Want(200)
		if number(w, p.JSON, "declared") != 1265*60 || number(w, p.JSON, "median") != 25 || number(w, p.JSON, "timed") != 4 {
			t.Errorf("of the number: %v", p.JSON)
		}
	})
}

// Whatever is recorded, a board shows what its events sum up to, at each level, by body and below; a figure leads to its events.
func TestSumsAreTheEvents(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r := rand.New(rand.NewPCG(7, 9))
		areas := []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere}
		bodies := []string{"one", "two", "three"}
		year := clock.Now(w.System()).Year() - 1
		type key struct{ area, body, month string }
		want, whole := map[key]burden.Figures{}, map[string]int{}
		for range 40 {
			var loads []gate.Load
			for range 1 + r.IntN(5) {
				l := gate.Load{Way: gate.Ways[r.IntN(len(gate.Ways))], Subject: "s", Title: "t", Pass: "p",
					At:   at(fmt.Sprintf("%d-%02d-%02d", year, 1+r.IntN(3), 1+r.IntN(28))),
					Area: areas[r.IntN(len(areas))], Body: bodies[r.IntN(len(bodies))]}
				if r.IntN(2) == 0 {
					l.Asked, l.Fields, l.Declared = 1, r.IntN(40), r.IntN(100)
					l.Prefilled = r.IntN(l.Fields + 1)
				} else {
					l.Answered, l.Measured = 1, r.IntN(100)
				}
				k := key{l.Area, l.Body, clock.Month(l.At)}
				f := want[k]
				f.Asked, f.Answered, f.Fields, f.Prefilled = f.Asked+l.Asked, f.Answered+l.Answered, f.Fields+l.Fields, f.Prefilled+l.Prefilled
				f.Declared, f.Measured = f.Declared+l.Declared, f.Measured+l.Measured
				if l.Answered > 0 && l.Measured > 0 {
					f.Timed++
				}
				want[k] = f
				whole[l.Area]++
				loads = append(loads, l)
			}
			record(w, loads...)
		}
		city := w.As("city")
		first, last := fmt.Sprintf("%d-01", year), fmt.Sprintf("%d-02", year)
		for _, area := range []string{"3207", "320703", "320706", apptest.Street, apptest.Community, apptest.Elsewhere} {
			var sum burden.Figures
			by := map[string]int{}
			for k, f := range want {
				if strings.HasPrefix(k.area, area) && k.month <= last {
					add(&sum, f)
					by[k.body] += f.Asked
				}
			}
			got := city.Do("GET", "/burden/board?area="+area+"&from="+first+"&to="+last, nil).Want(200)
			total := got.JSON["total"].(object)
			for name, n := range map[string]int{"asked": sum.Asked, "answered": sum.Answered, "fields": sum.Fields, "prefilled": sum.Prefilled,
				"declared": sum.Declared, "measured": sum.Measured, "timed": sum.Timed} {
				if number(w, total, name) != n {
					t.Errorf("%s: %s is %v, want %d", area, name, total[name], n)
				}
			}
			for _, b := range got.JSON["bodies"].([]any) {
				if id := b.(object)["body"].(string); number(w, b, "asked") != by[id] {
					t.Errorf("%s: %s asked %v, want %d", area, id, b.(object)["asked"], by[id])
				}
			}
			below := 0
			for _, c := range got.JSON["below"].([]any) {
				below += number(w, c, "declared")
			}
			if len(area) < 12 && below != sum.Declared {
				t.Errorf("%s: below declared are %d, want %d", area, below, sum.Declared)
			}
		}
		for area, n := range whole {
			within := 0
			for k, f := range want {
				if k.area == area && k.month == last {
					within += f.Asked
				}
			}
			asked := 0
			for _, e := range city.Do("GET", "/burden/events?limit=100&area="+area+"&from="+last+"&to="+last, nil).Want(200).Items() {
				asked += number(w, e, "asked")
			}
			if asked != within {
				t.Errorf("%s: the events of %s ask %d times, want %d", area, last, asked, within)
			}
			if found := pages(city, "/burden/events?limit=7&area="+area); found != n {
				t.Errorf("%s has %d events, want %d", area, found, n)
			}
		}
	})
}

func add(f *burden.Figures, g burden.Figures) {
	f.Asked, f.Answered, f.Fields, f.Prefilled = f.Asked+g.Asked, f.Answered+g.Answered, f.Fields+g.Fields, f.Prefilled+g.Prefilled
	f.Declared, f.Measured, f.Timed = f.Declared+g.Declared, f.Measured+g.Measured, f.Timed+g.Timed
}

// pages counts the rows of a list over all its pages.
func pages(c *apptest.Caller, path string) int {
	n, next := 0, ""
	for range 100 {
		got := c.Do("GET", path+"&cursor="+strings.ReplaceAll(next, "|", "%7C"), nil).Want(200)
		n += len(got.Items())
		if next, _ = got.JSON["next"].(string); next == "" {
			break
		}
	}
	return n
}

// What was asked before and after a day is compared over as many days on both sides, at the level of a county (sums by day)
// and of a community (its events) alike.
func TestBeforeAndAfterADay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		now := clock.Now(w.System())
		day := clock.Day(now.AddDate(0, 0, -10))
		load := func(back, minutes int) gate.Load {
			return gate.Load{Way: gate.Task, Subject: "s", Title: "t", Body: "one", Area: apptest.Community, Asked: 1, Declared: minutes,
				At: now.AddDate(0, 0, -back)}
		}
		record(w, load(21, 1), load(20, 2), load(11, 4), load(10, 8), load(1, 16), load(0, 32))
		for _, area := range []string{apptest.CityCode, apptest.County, apptest.Street, apptest.Community} {
			got := w.As("city").Do("GET", "/burden/comparison?area="+area+"&day="+day+"&days=90", nil).Want(200)
			if number(w, got.JSON, "days") != 10 || number(w, got.JSON, "before", "declared") != 6 ||
				number(w, got.JSON, "after", "declared") != 24 {
				t.Errorf("%s: %v", area, got.Raw)
			}
		}
		w.As("city").Do("GET", "/burden/comparison?area=3207&day="+clock.Day(now)+"&days=9", nil).Want(422)
		w.As("city").Do("GET", "/burden/comparison?area=3207&day="+day+"&days=380", nil).Want(422)
	})
}

// Wrong periods are refused by field; events of a whole city are asked by body.
func TestQuestionsThatAreRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		for _, query := range []string{"from=2026-13&to=2026-12", "from=2026-01&to=x", "from=2026-03&to=2026-02", "from=2020-01&to=2026-01"} {
			city.Do("GET", "/burden/board?area=3207&"+query, nil).Want(422)
		}
		city.Do("GET", "/burden/events?area=3207", nil).Want(422)
		city.Do("GET", "/burden/events?area=3207&body=one", nil).Want(200)
		w.As("committee").Do("GET", "/burden/board?area="+apptest.Neighbour+"&from=2026-01&to=2026-02", nil).Want(403)
		err := w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			tx.Judged()
			return module.Of[*burden.Service](w.App.Modules).Record(w.System(), tx,
				gate.Load{Way: "letter", Area: apptest.Community, Body: "b", Subject: "s"})
		})
		if err == nil {
			t.Error("a way that is not declared was counted")
		}
	})
}

// What has no basis is to be removed; a removal is recorded once, can be taken back, and stays in the history.
func TestTheInventory(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		committee := w.As("committee")
		today := clock.Day(clock.Now(w.System()))
		entered := committee.Do("POST", "/burden/inventory", object{"area": apptest.Community, "kind": "sign", "name": "　家长学校 "}).Want(201)
		id := entered.Text("id")
		if entered.Text("name") != "家长学校" {
			t.Errorf("the name is kept as %q", entered.Text("name"))
		}
		committee.Do("POST", "/burden/inventory", object{"area": apptest.Neighbour, "kind": "sign", "name": "x"}).Want(403)
		committee.Do("POST", "/burden/inventory", object{"area": apptest.County, "kind": "sign", "name": "x"}).Want(422)
		committee.Do("POST", "/burden/inventory", object{"area": apptest.Community, "kind": "sign", "name": " ", "since": "2099-01-01"}).Want(422)
		if due := committee.Do("GET", "/burden/inventory?due=true", nil).Want(200).Items(); len(due) != 1 {
			t.Errorf("%d are to be removed", len(due))
		}
		committee.Do("PUT", "/burden/inventory/"+id, object{"kind": "sign", "name": "家长学校", "since": today, "version": 1}).Want(200)
		committee.Do("PUT", "/burden/inventory/"+id, object{"kind": "sign", "name": "家长学校", "version": 1}).Want(409)
		step := func(verb string, body object) apptest.Answer {
			body["version"] = int(committee.Do("GET", "/burden/inventory?removed="+fmt.Sprint(verb == "restore"),
				nil).Want(200).Items()[0]["version"].(float64))
			return committee.Do("POST", "/burden/inventory/"+id+"/"+verb, body)
		}
		step("remove", object{"on": "2020-01-01", "note": "摘牌"}).Want(422)
		step("remove", object{"on": today, "note": " "}).Want(422)
		step("remove", object{"on": today, "note": "摘牌"}).Want(200)
		committee.Do("POST", "/burden/inventory/"+id+"/remove", object{"on": today, "note": "x", "version": 3}).Want(409)
		committee.Do("PUT", "/burden/inventory/"+id, object{"kind": "sign", "name": "x", "version": 3}).Want(409)
		page := w.Nobody().Page("GET", "/burden?area="+apptest.Community, nil)
		if page.Status != http.StatusOK || !strings.Contains(page.Raw, "已清理 1") {
			t.Errorf("the page does not tell of the removal: %d", page.Status)
		}
		step("restore", object{}).Want(200)
		committee.Do("POST", "/burden/inventory/"+id+"/restore", object{"version": 4}).Want(409)
	})
}

// Everybody sees what a community was asked for in a month, by whom and on what it rests; a month to come is none.
func TestThePublicPage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		now := clock.Now(w.System())
		record(w, gate.Load{Way: gate.Task, Subject: "s", Title: "汛期排查<b>", Body: "one", Pass: "LY-2026-7", Area: apptest.Community, Asked: 1,
			Declared: 90, At: now})
		page := w.Nobody().Page("GET", "/burden?area="+apptest.Community, nil).Raw
		for _, part := range []string{"汛期排查&lt;b&gt;", "LY-2026-7", "1 小时 30 分钟"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if front := w.Nobody().Page("GET", "/communities/"+apptest.Community, nil).Raw; !strings.Contains(front, "本月部门下达 1 件") {
			t.Error("the community's page does not tell")
		}
		next := clock.Month(now.AddDate(0, 1, 0))
		for _, query := range []string{"area=" + apptest.Community + "&month=" + next, "area=" + apptest.Community + "&month=x", "area=99"} {
			if got := w.Nobody().Page("GET", "/burden?"+query, nil); got.Status != http.StatusNotFound {
				t.Errorf("%s is answered %d", query, got.Status)
			}
		}
		if got := w.Nobody().Page("GET", "/burden?area=3207&lang=en", nil); got.Status != http.StatusOK {
			t.Errorf("the city's page is answered %d", got.Status)
		}
	})
}

// The bases of rates are counted by a job; before, and where there are none, they are nothing.
func TestBasesAreCounted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		base := func() object {
			return w.As("city").Do("GET", "/burden/board?area=3207&from=2026-01&to=2026-01", nil).Want(200).JSON["base"].(object)
		}
		w.As("window").Do("POST", "/people/persons",
			object{"area": apptest.Community, "name": "王秀英", "phone": "13905130001", "household": "3-501",
				"idNumber": "11010519491231002X", "address": "海棠中路18号"}).Want(201)
		if b := base(); number(w, b, "households") != 0 || number(w, b, "countedAt") != 0 {
			t.Errorf("before: %v", b)
		}
		if err := module.Of[*burden.Service](w.App.Modules).Count(context.WithoutCancel(w.System())); err != nil {
			t.Fatal(err)
		}
		if b := base(); number(w, b, "rostered") != 1 || number(w, b, "communities") <= 1 {
			t.Errorf("one of several communities has a roster: %v", b) // so the city has no rate by households
		}
		street := w.As("city").Do("GET", "/burden/board?area="+apptest.Community[:9]+"&from=2026-01&to=2026-01", nil).Want(200)
		known := 0
		for _, a := range street.JSON["below"].([]any) {
			if number(w, a.(object), "households") > 0 {
				known++
			}
		}
		if known != 1 {
			t.Errorf("households of %d communities are known", known)
		}
		if b := base(); number(w, b, "households") != 1 || number(w, b, "residents") != 1 || number(w, b, "countedAt") == 0 {
			t.Errorf("after: %v", b)
		}
	})
}

// What was asked of a community that merged is borne by the one that took it over, and the sums of its street, county and
// city stay what its events sum up to, also where it goes over to another county.
func TestSumsFollowTheCommunities(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		now := clock.Now(w.System())
		for i, area := range []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere} {
			record(w, gate.Load{Way: gate.Task, Subject: "s", Title: "t", Body: "one", Area: area, Asked: 1,
				Declared: 1 << i, At: now.AddDate(0, 0, -2)})
		}
		month := clock.Month(now.AddDate(0, 0, -2))
		day := clock.Day(now.AddDate(0, 0, -1))
		declared := func(area string) (board, days int) {
			t.Helper()
			got := w.As("city").Do("GET", "/burden/board?area="+area+"&from="+month+"&to="+month, nil).Want(200)
			c := w.As("city").Do("GET", "/burden/comparison?area="+area+"&day="+day+"&days=9", nil).Want(200)
			return number(w, got.JSON, "total", "declared"), number(w, c.JSON, "before", "declared")
		}
		expect := func(want map[string]int) {
			t.Helper()
			for area, n := range want {
				if board, _ := declared(area); board != n {
					t.Errorf("%s: declared are %d, want %d", area, board, n)
				}
			}
		}
		expect(map[string]int{apptest.CityCode: 7, apptest.County: 3, apptest.Neighbour: 2})
		if _, err := w.App.Changes.Change(w.System(), change.NewChange{Kind: registry.ChangeMerge, Area: apptest.Community, To: apptest.Neighbour,
			Reason: "合并"}); err != nil {
			t.Fatal(err)
		}
		expect(map[string]int{apptest.CityCode: 7, apptest.County: 3, apptest.Street: 3, apptest.Neighbour: 3, apptest.Elsewhere[:6]: 4})
		if _, err := w.App.Changes.Change(w.System(), change.NewChange{Kind: registry.ChangeMove, Area: apptest.Neighbour,
			Parent: apptest.Elsewhere[:9], To: apptest.Elsewhere[:9] + "099", Reason: "划转"}); err != nil {
			t.Fatal(err)
		}
		expect(map[string]int{apptest.CityCode: 7, apptest.County: 0, apptest.Elsewhere[:6]: 7, apptest.Elsewhere[:9] + "099": 3})
		record(w, gate.Load{Way: gate.Task, Subject: "s", Title: "t", Body: "one", Area: apptest.Elsewhere[:9] + "099", Asked: 1, Declared: 8,
			At: now.AddDate(0, 0, -2)})
		expect(map[string]int{apptest.CityCode: 15, apptest.Elsewhere[:6]: 15, apptest.Elsewhere[:9] + "099": 11})
		if _, days := declared(apptest.Elsewhere[:6]); days != 15 {
			t.Errorf("by day declared are %d, want 15", days)
		}
	})
}
