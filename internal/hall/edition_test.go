package hall_test

import (
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/form"
	"linli/internal/platform/module"
)

type field = map[string]any

func pair(zh, en string) map[string]any { return map[string]any{"zh": zh, "en": en} }

// homeForm asks for a home, and of the rent only those who rent.
func homeForm() []any {
	group := pair("住房情况", "Your home")
	option := func(value, zh, en string) field { return field{"value": value, "label": pair(zh, en)} }
	plain := func(key, kind, zh, en string) field {
		return field{"key": key, "kind": kind, "label": pair(zh, en), "group": group, "required": true, "personal": false}
	}
	tenure, rent, rooms := plain("tenure", "choice", "住房来源", "Tenure"), plain("rent", "number", "月租金", "Rent"),
		plain("rooms", "choices", "有哪些房间", "Rooms")
	tenure["options"] = []any{option("own", "自有", "Own"), option("rent", "租赁", "Rented")}
	rent["max"], rent["decimals"], rent["unit"], rent["only"] = 99999, 2, pair("元", "yuan"), field{"field": "tenure", "is": []string{"rent"}}
	rooms["options"] = []any{option("kitchen", "厨房", "Kitchen"), option("bath", "卫生间", "Bathroom")}
	rooms["group"], rooms["only"] = pair("房间", "Rooms"), field{"field": "tenure", "not": []string{"own"}}
	return []any{tenure, rent, rooms}
}

// homeItem is the content of an item of the city's own, made of one that ships.
func homeItem(city *apptest.Caller, code string) map[string]any {
	content := city.Do("GET", "/hall/items/senior_card/editions/1", nil).Want(200).JSON["content"].(map[string]any)
	content["code"], content["name"], content["form"] = code, pair("住房补助", "Housing aid"), homeForm()
	return content
}

func aid(answers map[string]any) map[string]any {
	body := apptest.Application("")
	delete(body, "clientKey")
	body["item"], body["answers"] = "housing_aid", answers
	return body
}

func whole(v any) int { return int(v.(float64)) }

// A city makes an item with its form, publishes it by a day, and changes it: what was made before shows the form that
// it was made with.
func TestACityDesignsAnItem(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, nobody, today := w.As("city"), w.Nobody(), clock.Day(clock.Now(w.System()))
		content := homeItem(city, "housing_aid")
		name := content["name"]
		content["name"] = pair("住房补助", "")
		made := city.Do("POST", "/hall/items", field{"content": content}).Want(201)
		if !strings.Contains(made.Raw, `"location":"name"`) {
			t.Errorf("a missing name is not told: %s", made.Raw)
		}
		city.Do("POST", "/hall/items", field{"content": content}).Want(409)
		city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": 1, "from": today}).Want(422)
		nobody.Do("GET", "/hall/items/housing_aid", nil).Want(404)
		content["name"] = name
		saved := city.Do("PUT", "/hall/items/housing_aid/draft", field{"content": content, "version": 1}).Want(200)
		if len(saved.JSON["faults"].([]any)) != 0 {
			t.Errorf("faults are left: %s", saved.Raw)
		}
		city.Do("PUT", "/hall/items/housing_aid/draft", field{"content": content, "version": 1}).Want(409)

		for _, lang := range []string{"zh", "en"} {
			html := city.Do("POST", "/hall/preview", field{"content": content, "lang": lang}).Want(200).Text("html")
			if !strings.Contains(html, `data-when="tenure"`) || !strings.Contains(html, `name="rent"`) {
				t.Errorf("the preview shows no condition: %s", html)
			}
		}
		trial := func(answers map[string]any) apptest.Answer {
			return city.Do("POST", "/hall/trial", field{"content": content, "area": apptest.Community, "answers": answers})
		}
		if got := trial(field{"tenure": "own", "rent": "x"}).Want(200); len(got.JSON["skipped"].([]any)) != 2 || got.Text("unit") == "" {
			t.Errorf("an owner is asked: %s", got.Raw)
		}
		got := trial(field{"tenure": "rent"}).Want(422)
		if !strings.Contains(got.Raw, `"answers.rent"`) || !strings.Contains(got.Raw, `"answers.rooms"`) {
			t.Errorf("a tenant is not asked: %s", got.Raw)
		}
		if n := len(w.As("dispatcher").Do("GET", "/casework/cases?kind=application", nil).Want(200).Items()); n != 0 {
			t.Errorf("a trial has made %d cases", n)
		}

		version := whole(saved.JSON["version"])
		city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": version, "from": "2020-01-01"}).Want(422)
		city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": version, "from": today}).Want(200)
		city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": version, "from": today}).Want(409)
		nobody.Apply(aid(field{"tenure": "rent"})).Want(422)
		first := nobody.Apply(aid(field{"tenure": "rent", "rent": "８００.5", "rooms": "bath kitchen"})).Want(201)
		owner := nobody.Apply(aid(field{"tenure": "own", "rent": "1"})).Want(201)

		// The next edition asks for something else, from tomorrow.
		city.Do("POST", "/hall/items/housing_aid/draft", field{}).Want(201)
		city.Do("POST", "/hall/items/housing_aid/draft", field{}).Want(409)
		content["form"] = homeForm()[:1]
		content["form"].([]any)[0].(field)["label"] = pair("住房性质", "Kind of home")
		city.Do("PUT", "/hall/items/housing_aid/draft", field{"content": content, "version": 1}).Want(200)
		tomorrow := clock.Now(w.System()).AddDate(0, 0, 1)
		upcoming := city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": 2, "from": clock.Day(tomorrow)}).Want(200)
		if upcoming.Text("state") != "upcoming" {
			t.Errorf("it is %s", upcoming.Text("state"))
		}
		labels := func(id string) string {
			return w.As("dispatcher").Do("GET", "/casework/cases/"+id, nil).Want(200).Raw
		}
		if raw := labels(first.Text("id")); !strings.Contains(raw, "800.5 元") || !strings.Contains(raw, "厨房、卫生间") ||
			!strings.Contains(raw, `"edition":1`) {
			t.Errorf("the case shows %s", raw)
		}
		if raw := labels(owner.Text("id")); strings.Contains(raw, `"key":"rent"`) {
			t.Errorf("a question that was not asked is kept: %s", raw)
		}

		// Another process and another day need no word of it.
		other := w.Another().App
		must(t, module.Of[*hall.Service](other.Modules).RefreshItems(w.System()))
		later := clock.With(authority.With(w.System(), authority.Nobody()), tomorrow)
		late, err := module.Of[*hall.Service](other.Modules).Submit(later, hall.Application{Item: "housing_aid", Area: apptest.Community,
			Applicant: people.Person{Name: "王芳", Phone: "19900001234", Number: "11010519491231002X"},
			Answers:   form.Answers{"tenure": form.One("rent")}})
		must(t, err)
		if raw := labels(late.Case.ID); !strings.Contains(raw, "住房性质") || !strings.Contains(raw, `"edition":2`) {
			t.Errorf("tomorrow's case shows %s", raw)
		}
		if raw := labels(first.Text("id")); !strings.Contains(raw, "住房来源") {
			t.Errorf("the old case shows %s", raw)
		}
		diff := city.Do("GET", "/hall/items/housing_aid/differences?before=1&after=2", nil).Want(200)
		if !strings.Contains(diff.Raw, `form[tenure].label.zh`) || !strings.Contains(diff.Raw, "form[rent].key") {
			t.Errorf("they differ in %s", diff.Raw)
		}
		city.Do("POST", "/hall/items/housing_aid/editions/1/withdraw", field{"version": 3, "reason": "改期"}).Want(409)
		city.Do("POST", "/hall/items/housing_aid/editions/2/withdraw", field{"version": 1, "reason": "改期"}).Want(409)
		city.Do("POST", "/hall/items/housing_aid/editions/2/withdraw", field{"version": 3, "reason": "改期"}).Want(200)
		list := city.Do("GET", "/hall/items/housing_aid/editions", nil).Want(200).JSON["editions"].([]any)
		if list[0].(field)["state"] != "withdrawn" || list[1].(field)["state"] != "live" {
			t.Errorf("the editions are %v", list)
		}
		if n := w.Entries("hall.edition.publish"); n != 2 {
			t.Errorf("%d publications are recorded", n)
		}
	})
}

// Nobody designs without the permission.
func TestWhoDesigns(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		content := homeItem(w.As("city"), "housing_aid")
		for login, want := range map[string]int{"window": 403, "dispatcher": 403, "head": 403} {
			w.As(login).Do("POST", "/hall/items", field{"content": content}).Want(want)
			w.As(login).Do("POST", "/hall/preview", field{"content": content, "lang": "zh"}).Want(want)
			w.As(login).Do("POST", "/hall/trial", field{"content": content, "area": apptest.Community}).Want(want)
			w.As(login).Do("GET", "/hall/items/senior_card/editions", nil).Want(want)
		}
		w.Nobody().Do("POST", "/hall/items", field{"content": content}).Want(401)
	})
}

// An item that is closed by a day takes no applications from then on; its open cases go on.
func TestAnItemClosesByADay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, now := w.As("city"), clock.Now(w.System())
		guide := city.Do("GET", "/hall/items/senior_card", nil).Want(200)
		change := field{"promised": guide.JSON["promised"], "enabled": true, "version": guide.JSON["version"], "closesOn": "2020-01-01"}
		city.Do("PUT", "/hall/items/senior_card", change).Want(422)
		opened := w.Nobody().Apply(w.Fill(apptest.Application("open"))).Want(201)
		change["closesOn"] = clock.Day(now.AddDate(0, 0, 1))
		city.Do("PUT", "/hall/items/senior_card", change).Want(200)
		body := w.Fill(apptest.Application("last"))
		w.Nobody().Apply(body).Want(201)
		guide = city.Do("GET", "/hall/items/senior_card", nil).Want(200)
		change["version"], change["closesOn"] = guide.JSON["version"], clock.Day(now)
		city.Do("PUT", "/hall/items/senior_card", change).Want(200)
		body["clientKey"] = "late"
		w.Nobody().Apply(body).Want(404)
		w.Nobody().Page("GET", "/hall/senior_card/apply", nil).Want(404)
		version := w.As("window").Do("GET", "/casework/cases/"+opened.Text("id"), nil).Want(200).JSON["version"]
		w.As("window").StepApplication(opened.Text("id"), "accept", field{"version": version}).Want(200)
		change["version"], change["closesOn"] = whole(guide.JSON["version"])+1, ""
		city.Do("PUT", "/hall/items/senior_card", change).Want(200)
		w.Nobody().Apply(body).Want(201)
	})
}

// The portal asks what the choices before let be asked, without a script: a page of its own is left out, a field on
// the same page says when to fill it in.
func TestThePortalFollowsConditions(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		city.Do("POST", "/hall/items", field{"content": homeItem(city, "housing_aid")}).Want(201)
		city.Do("POST", "/hall/items/housing_aid/draft/publish", field{"version": 1, "from": clock.Day(clock.Now(w.System()))}).Want(200)
		for tenure, pages := range map[string]int{"own": 1, "rent": 2} {
			visitor := w.Nobody()
			first := visitor.Page("POST", "/hall/housing_aid/apply/applicant", url.Values{"name": {"王芳"}, "phone": {"19900001234"},
				"idNumber": {"11010519491231002X"}}).Want(303)
			draft := "?" + strings.SplitN(first.Header.Get("Location"), "?", 2)[1]
			visitor.Page("POST", "/hall/housing_aid/apply/community"+draft, url.Values{"area": {apptest.Community}}).Want(303)
			asked := visitor.Page("GET", "/hall/housing_aid/apply/1"+draft, nil).Want(200)
			if !strings.Contains(asked.Raw, "仅在“住房来源”选择“租赁”时填写") {
				t.Errorf("nothing says when to fill in the rent")
			}
			took := visitor.Page("POST", "/hall/housing_aid/apply/1"+draft, url.Values{"tenure": {tenure}, "rent": {""}})
			if tenure == "rent" {
				if took.Status != 422 || !strings.Contains(took.Raw, "f-rent-wrong") {
					t.Errorf("a tenant names no rent: %d", took.Status)
				}
				took = visitor.Page("POST", "/hall/housing_aid/apply/1"+draft, url.Values{"tenure": {tenure}, "rent": {"900"}})
			}
			next := took.Want(303).Header.Get("Location")
			if tenure == "rent" {
				if !strings.Contains(next, "/apply/2?") {
					t.Errorf("a tenant is sent to %s", next)
				}
				next = visitor.Page("POST", "/hall/housing_aid/apply/2"+draft, url.Values{"rooms": {"kitchen", "bath"}}).
					Want(303).Header.Get("Location")
			} else {
				visitor.Page("GET", "/hall/housing_aid/apply/2"+draft, nil).Want(404)
			}
			if !strings.Contains(next, "/apply/files") {
				t.Errorf("%s: after %d pages one is sent to %s", tenure, pages, next)
			}
			check := visitor.Page("GET", "/hall/housing_aid/apply/check"+draft, nil).Want(200)
			if got := strings.Contains(check.Raw, "月租金"); got != (tenure == "rent") {
				t.Errorf("%s: the rent is shown: %v", tenure, got)
			}
			visitor.Page("POST", "/hall/housing_aid/apply/check"+draft, nil).Want(303)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
