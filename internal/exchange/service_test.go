package exchange_test

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/exchange"
	"linli/internal/platform/module"
)

type object = map[string]any

func pair(s string) object { return object{"zh": s, "en": s} }

func ask(key, label string, more ...any) object {
	f := object{"key": key, "label": pair(label), "kind": "number", "required": true, "personal": false,
		"group": pair("组"), "min": 0, "max": 9999}
	for i := 0; i < len(more); i += 2 {
		f[more[i].(string)] = more[i+1]
	}
	return f
}

func content(title string, fields ...object) object {
	return object{"title": pair(title), "purpose": pair("用途"), "admission": "", "from": "", "until": "", "days": 10, "duplicate": "",
		"fields": fields}
}

func with(o object, name string, value any) object {
	out := object{name: value}
	for k, v := range o {
		if _, set := out[k]; !set {
			out[k] = v
		}
	}
	return out
}

func step(c *apptest.Caller, id, verb string, version int, note string) apptest.Answer {
	return c.Do("POST", "/exchange/forms/"+id+"/"+verb, object{"version": version, "note": note})
}

// A form from draft to withdrawal: what is held alone is refused with its rule, a new field says why it is needed, the head
// publishes, everybody reads it, and one that asks the same must say why.
func TestAFormFromDraftToWithdrawal(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		clerk, head, urban, nobody := w.As("clerk"), w.As("head"), w.As("urban"), w.Nobody()
		held := content("月报", ask("a", "常住人口数"), ask("b", "总户数"), ask("c", "网格数"))
		got := clerk.Do("POST", "/exchange/forms", held).Want(201)
		id := got.Text("id")
		if got.Text("report.verdict") != "refused" || got.Text("report.reuse") != "100" || got.Text("held") != "3" {
			t.Errorf("the check says %s", got.Text("report.verdict"))
		}
		step(clerk, id, "check", 1, "").Want(409, "exchange.form.known")
		room := ask("d", "老年活动室面积")
		clerk.Do("PUT", "/exchange/forms/"+id, with(content("月报", ask("a", "常住人口数"), room), "version", 1)).Want(200)
		step(clerk, id, "check", 2, "").Want(409, "exchange.form.reasons")
		whole := content("月报", ask("a", "常住人口数"), with(room, "reason", "编制计划"))
		clerk.Do("PUT", "/exchange/forms/"+id, with(whole, "version", 1)).Want(409, "stale")
		urban.Do("PUT", "/exchange/forms/"+id, with(whole, "version", 2)).Want(409, "exchange.form.body")
		clerk.Do("PUT", "/exchange/forms/"+id, with(whole, "version", 2)).Want(200)
		step(clerk, id, "check", 3, "").Want(200)
		step(clerk, id, "publish", 4, "").Want(403)
		if page := nobody.Page("GET", "/forms/"+id, nil); page.Status != 404 {
			t.Errorf("a form that is not published is shown: %d", page.Status)
		}
		step(head, id, "publish", 4, "").Want(200)
		if page := nobody.Page("GET", "/forms/"+id, nil); page.Status != 200 || !strings.Contains(page.Raw, "编制计划") {
			t.Errorf("the public page: %d", page.Status)
		}
		clerk.Do("PUT", "/exchange/forms/"+id, with(whole, "version", 5)).Want(409)

		again := urban.Do("POST", "/exchange/forms", with(whole, "title", pair("另一张"))).Want(201)
		if again.Text("report.alike.0.share") == "" && again.Text("report.verdict") != "refused" {
			t.Errorf("a form that runs already is not shown: %s", again.Raw)
		}
		step(urban, again.Text("id"), "check", 1, "").Want(409, "exchange.form.duplicate_running")
		urban.Do("PUT", "/exchange/forms/"+again.Text("id"), with(with(whole, "duplicate", "口径不同"), "version", 1)).Want(200)
		step(urban, again.Text("id"), "check", 2, "").Want(200)

		step(head, id, "withdraw", 5, "").Want(422)
		step(head, id, "withdraw", 5, "已有数据").Want(200)
		if page := nobody.Page("GET", "/forms/"+id, nil); !strings.Contains(page.Raw, "已有数据") {
			t.Error("a withdrawn form does not say why")
		}
	})
}

// Inputs that are no form are named by field, and a draft may be unfinished until it is checked.
func TestAFormThatIsNotWhole(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		clerk := w.As("clerk")
		draft := with(content("", object{"key": "", "label": pair(""), "kind": "text", "required": true, "personal": false, "group": pair("")}),
			"days", 0)
		id := clerk.Do("POST", "/exchange/forms", draft).Want(201).Text("id")
		refused := step(clerk, id, "check", 1, "").Want(422)
		for _, location := range []string{"title", "days", "fields[0].key", "fields[0].label"} {
			if !strings.Contains(refused.Raw, location) {
				t.Errorf("%s is not named: %s", location, refused.Raw)
			}
		}
		clerk.Do("POST", "/exchange/forms", with(draft, "from", "yesterday")).Want(422)
		clerk.Do("POST", "/exchange/forms", with(draft, "duplicate", strings.Repeat("长", 301))).Want(422)
		w.As("builder").Do("POST", "/exchange/forms", draft).Want(403)
		step(clerk, id, "discard", 1, "").Want(200)
	})
}

// Elements are edited over the city alone, by version; a synonym teaches the check at once.
func TestAnElementIsTaught(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, clerk := w.As("city"), w.As("clerk")
		check := func() string {
			got := clerk.Do("POST", "/exchange/check", content("表", ask("a", "人头总计数"), ask("b", "路灯数"))).Want(200)
			return got.JSON["fields"].([]any)[0].(object)["status"].(string)
		}
		if check() != "new" {
			t.Fatal("it knows the word already")
		}
		e := city.Do("GET", "/exchange/elements/people.residents", nil).Want(200).JSON
		clerk.Do("PUT", "/exchange/elements/people.residents", element(e)).Want(403)
		taught := element(e)
		taught["synonyms"] = append(taught["synonyms"].([]any), "人头总计数")
		city.Do("PUT", "/exchange/elements/people.residents", with(taught, "sharing", "none")).Want(422)
		city.Do("PUT", "/exchange/elements/people.residents", taught).Want(200)
		city.Do("PUT", "/exchange/elements/people.residents", taught).Want(409, "stale")
		if check() != "held" {
			t.Error("the synonym teaches nothing")
		}
		own := with(with(element(e), "code", "city.lamps"), "name", pair("路灯数"))
		own["synonyms"] = []any{}
		city.Do("POST", "/exchange/elements", own).Want(201)
		city.Do("POST", "/exchange/elements", own).Want(409, "exchange.element.exists")
		if got := clerk.Do("GET", "/exchange/elements?words=路灯", nil).Want(200); len(got.Items()) != 1 || got.Items()[0]["bound"] != false {
			t.Errorf("found: %s", got.Raw)
		}
	})
}

// element is what is sent of an element that was read.
func element(read object) object {
	out := object{}
	for k, v := range read {
		if k != "bound" && k != "editable" && k != "uses" && k != "$schema" {
			out[k] = v
		}
	}
	return out
}

// Every element that is bound is answered for all communities at once and for one alike; nobody reads that of others.
func TestWhatIsBoundIsAnswered(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := module.Of[*exchange.Service](w.App.Modules)
		areas := []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere}
		ctx := w.System()
		for code := range exchange.Bound() {
			all, err := s.Held.Values(ctx, w.App.DB, code, areas, "2026-11-30")
			if err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			for _, area := range areas {
				one, ok, err := s.Held.Value(ctx, w.App.DB, code, area, "2026-11-30")
				if _, many := all[area]; err != nil || ok != many || one != all[area] {
					t.Errorf("%s of %s: %v alone, %v among others, %v", code, area, one, all[area], err)
				}
				if ok && (one.Source.Zh == "" || one.AsOf == "") {
					t.Errorf("%s of %s has no source or day: %+v", code, area, one)
				}
			}
		}
		value := func(login, code, area string) apptest.Answer {
			return w.As(login).Do("GET", "/exchange/elements/"+code+"/value?area="+area, nil)
		}
		if got := value("committee", "community.name", apptest.Community).Want(200); got.Text("text") == "" || got.Text("known") != "true" {
			t.Errorf("name: %s", got.Raw)
		}
		if got := value("committee", "grid.workers", apptest.Community).Want(200); got.Text("text") == "0" {
			t.Errorf("grid workers: %s", got.Raw)
		}
		value("committee", "community.name", apptest.Elsewhere).Want(403)
		value("committee", "police.hukou", apptest.Community).Want(200)

		c := exchange.Content{}
		for _, label := range []string{"社区名称", "常住人口数", "老年活动室面积"} {
			f := exchange.Field{}
			f.Key, f.Label.Zh = label, label
			c.Fields = append(c.Fields, f)
		}
		filled, err := s.Filled(ctx, w.App.DB, &c, areas, "2026-11-30")
		if err != nil || len(filled) != 2 || len(filled["社区名称"]) != 3 || len(filled["常住人口数"]) != 0 {
			t.Errorf("filled where nobody keeps a roster: %v, %v", filled, err)
		}
		w.As("window").Do("POST", "/people/persons", object{"area": apptest.Community, "name": "张小三",
			"tags": []object{{"tag": "old", "source": "民政名册", "since": "2025-01-01"}}}).Want(201)
		for code, want := range map[string]string{"people.residents": "1", "people.old": "1", "people.veteran": "0"} {
			held, err := s.Held.Values(ctx, w.App.DB, code, areas, "2026-11-30")
			if err != nil || len(held) != 1 || held[apptest.Community].Text != want {
				t.Errorf("%s with one roster: %v, %v", code, held, err)
			}
		}
	})
}

// The register is taken along as a table, narrowed as the list is.
func TestElementsAsATable(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		got := w.As("clerk").Do("GET", "/exchange/elements/table?format=csv&words=people.&group=people", nil).Want(200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Raw, "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 5 || rows[0][0] != "代码" || !slices.ContainsFunc(rows, func(r []string) bool {
			return r[0] == "people.old" && r[1] == "高龄老人人数" && r[2] != ""
		}) {
			t.Errorf("the table: %q, %v", rows, err)
		}
		w.As("clerk").Do("GET", "/exchange/elements/table?format=pdf", nil).Want(422)
		if got := w.As("city").Do("GET", "/exchange/elements/table?format=xlsx", nil).Want(200); !strings.HasPrefix(got.Raw, "PK") {
			t.Error("no workbook")
		}
		found := w.Nobody().Page("GET", "/elements?q="+url.QueryEscape("高龄"), nil)
		if !strings.Contains(found.Raw, "/elements/people.old") || strings.Contains(found.Raw, "/elements/people.veteran") {
			t.Errorf("found on the portal: %s", found.Raw)
		}
		if none := w.Nobody().Page("GET", "/elements?q=zzz", nil); !strings.Contains(none.Raw, "没有找到") {
			t.Errorf("nothing fits: %s", none.Raw)
		}
	})
}

func TestTheCatalogueIsPublic(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for path, want := range map[string]string{"/elements": "居民人数", "/elements/people.residents": "只提供社区人数",
			"/elements/statistics.census": "不予共享", "/forms": "目前没有正在使用的报表",
			"/communities/" + apptest.Community: "/forms"} {
			got := w.Nobody().Page("GET", path, nil)
			if got.Status != 200 || !strings.Contains(got.Raw, want) {
				t.Errorf("%s: %d, lacks %q", path, got.Status, want)
			}
			if len(got.Raw) > 60_000 {
				t.Errorf("%s has %d bytes", path, len(got.Raw))
			}
		}
		if got := w.Nobody().Page("GET", "/elements/none", nil); got.Status != 404 {
			t.Errorf("an element that is not there: %d", got.Status)
		}
	})
}
