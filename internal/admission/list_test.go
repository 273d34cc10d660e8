package admission_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/admission"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

type object = map[string]any

// day is so many days from today, in city time.
func day(w *apptest.World, n int) string { return clock.Day(clock.Now(w.System()).AddDate(0, 0, n)) }

func entry(w *apptest.World, code, zh string) object {
	return object{"code": code, "text": object{"zh": zh, "en": ""}, "law": object{"zh": "《测试办法》", "en": ""},
		"article": object{"zh": "第1条", "en": ""}, "from": day(w, 0), "certainty": "U"}
}

// lists are the two people of a county who edit and publish, and one of another county.
func lists(w *apptest.World) (builder, second *apptest.Caller) {
	w.Account("builder2", registry.RoleCommunityBuilding, apptest.County)
	return w.As("builder"), w.As("builder2")
}

// begin makes a draft and tells its id and version.
func begin(c *apptest.Caller, area, kind string) apptest.Answer {
	return c.Do("POST", "/admission/lists", object{"area": area, "kind": kind})
}

func at(c *apptest.Caller, id string) int {
	return int(c.Do("GET", "/admission/lists/"+id, nil).JSON["version"].(float64))
}

func step(c *apptest.Caller, id, verb string, version int, more object) apptest.Answer {
	body := object{"version": version}
	for k, v := range more {
		body[k] = v
	}
	return c.Do("POST", "/admission/lists/"+id+"/"+verb, body)
}

func codes(items []map[string]any) []string {
	var out []string
	for _, e := range items {
		out = append(out, fmt.Sprint(e["code"]))
	}
	return out
}

// A draft begins with what is in force, is proposed by one and published by another, holds from its day on for the county's
// communities alone, and is shown with what it changes.
func TestAListFromDraftToPublication(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, second := lists(w)
		nobody := w.Nobody()
		made := begin(builder, apptest.County, "assist").Want(201)
		id := made.Text("id")
		if n := len(made.JSON["entries"].([]any)); n != len(admission.Base()[admission.Assist]) {
			t.Errorf("the draft begins with %d entries", n)
		}
		begin(second, apptest.County, "assist").Want(409, "admission.list.open")
		rows := made.JSON["entries"].([]any)[1:]
		changed := rows[0].(object)
		changed["text"] = object{"zh": "改写的协助事项", "en": "A rewritten matter"}
		rows = append(rows, entry(w, "LYG01", "协助发放高龄补贴"))
		builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "reason": "连区政办〔2026〕1号", "entries": rows}).Want(200)
		builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": rows}).Want(409, "stale")

		var seen []string
		for _, d := range second.Do("GET", "/admission/lists/"+id+"/differences", nil).Items() {
			seen = append(seen, fmt.Sprint(d["change"], " ", d["code"]))
		}
		if want := []string{"changed H02", "added LYG01", "removed H01"}; !slices.Equal(seen, want) {
			t.Errorf("differences %v, want %v", seen, want)
		}
		step(builder, id, "propose", 2, nil).Want(200)
		step(builder, id, "publish", 3, object{"day": day(w, 1)}).Want(409, "admission.list.own")
		step(second, id, "return", 3, object{"note": ""}).Want(422)
		step(second, id, "return", 3, object{"note": "请补充依据"}).Want(200)
		step(builder, id, "propose", 4, nil).Want(200)
		step(second, id, "publish", 5, object{"day": day(w, -1)}).Want(422)
		step(second, id, "publish", 5, nil).Want(422)
		step(second, id, "publish", 5, object{"day": day(w, 1)}).Want(200)

		list := func(area, on string) []string {
			return codes(nobody.Do("GET", "/admission/entries?kind=assist&area="+area+"&day="+on, nil).Want(200).Items())
		}
		if got := list(apptest.Community, day(w, 0)); slices.Contains(got, "LYG01") || !slices.Contains(got, "H01") {
			t.Errorf("in force before its day: %v", got)
		}
		if got := list(apptest.Community, day(w, 1)); !slices.Contains(got, "LYG01") || slices.Contains(got, "H01") {
			t.Errorf("not in force on its day: %v", got)
		}
		if got := list(apptest.Elsewhere, day(w, 1)); slices.Contains(got, "LYG01") {
			t.Error("in force in another county")
		}
		s := module.Of[*admission.Service](w.App.Modules)
		for _, c := range []struct {
			area, code, on string
			found          bool
		}{{apptest.Community, "LYG01", day(w, 1), true}, {apptest.Community, "LYG01", day(w, 0), false},
			{apptest.Community, "H01", day(w, 1), false}, {apptest.Elsewhere, "H01", day(w, 1), true},
			{apptest.Community, "C05", day(w, 1), true},
			{apptest.Community, "ZZZ", day(w, 1), false}} {
			e, found, err := s.Entry(w.System(), w.App.DB, c.area, c.code, c.on)
			if err != nil || found != c.found || found && e.Code != c.code {
				t.Errorf("%+v: %v %v %v", c, e.Code, found, err)
			}
		}
		page := nobody.Page("GET", "/communities/"+apptest.Community+"/lists?day="+day(w, 1), nil)
		if page.Status != 200 || !strings.Contains(page.Raw, "协助发放高龄补贴") || !strings.Contains(page.Raw, "第 1 版") {
			t.Errorf("the community's page: %d", page.Status)
		}
	})
}

// Every verb in every state: only what the table of the lifecycle allows is done.
func TestEveryVerbOfAListInEveryState(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, second := lists(w)
		allowed := map[string][]string{"draft": {"propose", "discard"}, "proposed": {"publish", "return", "recall"},
			"published": {}, "discarded": {}}
		kinds := []string{"own", "assist", "report", "negative", "certificate", "evaluation", "sign", "form", "system", "street"}
		for state, verbs := range allowed {
			for i, verb := range []string{"propose", "recall", "return", "publish", "discard"} {
				kind := kinds[i+map[string]int{"draft": 0, "proposed": 5}[state]%10]
				id := begin(builder, apptest.County, kind).Want(201).Text("id")
				switch state {
				case "proposed", "published":
					step(builder, id, "propose", 1, nil).Want(200)
				case "discarded":
					step(builder, id, "discard", 1, nil).Want(200)
				}
				if state == "published" {
					step(second, id, "publish", 2, object{"day": day(w, 0)}).Want(200)
				}
				version := at(second, id)
				want := http.StatusConflict
				if slices.Contains(verbs, verb) {
					want = http.StatusOK
				}
				got := step(second, id, verb, version, object{"note": "说明", "day": day(w, 0)})
				if got.Status != want {
					t.Errorf("%s from %s: %d, want %d: %s", verb, state, got.Status, want, got.Raw)
				}
				now := second.Do("GET", "/admission/lists/"+id, nil)
				for now.Text("state") == "proposed" || now.Text("state") == "draft" {
					verb := map[string]string{"proposed": "recall", "draft": "discard"}[now.Text("state")]
					now = step(builder, id, verb, at(builder, id), nil).Want(200)
				}
			}
		}
	})
}

// What is wrong is named at its row and column.
func TestWrongEntriesAreNamed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, second := lists(w)
		begin(builder, apptest.Community, "own").Want(422)
		begin(builder, apptest.Street, "own").Want(422)
		begin(builder, "320799", "own").Want(422)
		begin(builder, apptest.CityCode, "own").Want(403)
		begin(builder, "320706", "own").Want(403)
		begin(w.As("street"), apptest.Street, "street").Want(403)
		begin(builder, apptest.Street, "street").Want(201)
		id := begin(builder, apptest.County, "form").Want(201).Text("id")
		for name, c := range map[string]struct {
			change func(object)
			at     string
		}{
			"code":      {func(e object) { e["code"] = "中文" }, "body.entries[0].code"},
			"text":      {func(e object) { e["text"] = object{"zh": " ", "en": ""} }, "body.entries[0].text.zh"},
			"long":      {func(e object) { e["text"] = object{"zh": strings.Repeat("长", 201), "en": ""} }, "body.entries[0].text.zh"},
			"law":       {func(e object) { e["law"] = object{"zh": "", "en": ""} }, "body.entries[0].law.zh"},
			"from":      {func(e object) { e["from"] = "2026-02-30" }, "body.entries[0].from"},
			"until":     {func(e object) { e["until"] = "2020-01-01" }, "body.entries[0].until"},
			"certainty": {func(e object) { e["certainty"] = "X" }, "body.entries[0].certainty"},
		} {
			e := entry(w, "FM1", "社区台账")
			c.change(e)
			got := builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": []any{e}}).Want(422)
			if !strings.Contains(got.Raw, strings.TrimPrefix(c.at, "body.")) {
				t.Errorf("%s: %s is not named: %s", name, c.at, got.Raw)
			}
		}
		builder.Do("PUT", "/admission/lists/"+id,
			object{"version": 1, "entries": []any{entry(w, "FM1", "甲"), entry(w, "fm1", "乙")}}).Want(422)
		builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": []any{entry(w, "H01", "编号已用")}}).Want(200)
		step(builder, id, "propose", 2, nil).Want(422)
		builder.Do("PUT", "/admission/lists/"+id, object{"version": 2, "entries": []any{entry(w, "FM1", "社区台账")}}).Want(200)
		step(builder, id, "propose", 3, nil).Want(200)
		step(second, id, "publish", 4, object{"day": day(w, 0)}).Want(200)
		builder.Do("PUT", "/admission/lists/"+id, object{"version": 5, "entries": []any{}}).Want(409)
	})
}

// Another county's drafts are not there for anybody but its own; what is published is public.
func TestDraftsAreTheirAreasOwn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("elsewhere", registry.RoleCommunityBuilding, "320706")
		w.Account("citybuilder", registry.RoleCommunityBuilding, apptest.CityCode)
		builder, second := lists(w)
		id := begin(builder, apptest.County, "sign").Want(201).Text("id")
		for _, login := range []string{"elsewhere", "stranger"} {
			for _, path := range []string{"", "/differences", "/table?format=csv"} {
				w.As(login).Do("GET", "/admission/lists/"+id+path, nil).Want(404)
			}
		}
		w.As("elsewhere").Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": []any{}}).Want(404)
		w.As("elsewhere").Do("GET", "/admission/lists?area="+apptest.County, nil).Want(403)
		w.As("committee").Do("GET", "/admission/lists/"+id, nil).Want(404)
		w.As("citybuilder").Do("GET", "/admission/lists/"+id, nil).Want(200)
		w.As("auditor").Do("GET", "/admission/lists/"+id, nil).Want(403)
		step(builder, id, "propose", 1, nil).Want(200)
		step(second, id, "publish", 2, object{"day": day(w, 0)}).Want(200)
		w.As("committee").Do("GET", "/admission/lists/"+id, nil).Want(200)
		w.As("stranger").Do("GET", "/admission/lists/"+id, nil).Want(404)
		w.Nobody().Do("GET", "/admission/lists/"+id, nil).Want(401)
	})
}

// Whatever is published in whatever order and for whatever days: at most one edition of an area and kind is in force on a
// day, and the one published last holds on its first day.
func TestAtMostOneEditionIsInForce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, second := lists(w)
		dice := rand.New(rand.NewPCG(1, 2))
		for n := range 12 {
			id := begin(builder, apptest.County, "system").Want(201).Text("id")
			code := fmt.Sprintf("Y%02d", n)
			builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": []any{entry(w, code, "系统")}}).Want(200)
			step(builder, id, "propose", 2, nil).Want(200)
			first := dice.IntN(8)
			step(second, id, "publish", 3, object{"day": day(w, first)}).Want(200)
			for d := range 10 {
				on := day(w, d)
				held, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM admission_list WHERE area = $1 AND kind = 'system'
					AND state IN ('published','replaced') AND valid_from <= $2 AND valid_to >= $2`, apptest.County, on)
				if err != nil || held > 1 {
					t.Fatalf("after %d: %d editions in force on %s, %v", n, held, on, err)
				}
				got := codes(w.Nobody().Do("GET", "/admission/entries?kind=system&area="+apptest.County+"&day="+on, nil).Items())
				if d >= first && !slices.Equal(got, []string{code}) {
					t.Fatalf("after %d from %s: on %s %v holds", n, day(w, first), on, got)
				}
			}
		}
	})
}

// A list goes out as a table and comes in again as it was, by headings in either language.
func TestAListAsATable(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("citybuilder", registry.RoleCommunityBuilding, apptest.CityCode)
		builder := w.As("citybuilder")
		made := begin(builder, apptest.CityCode, "certificate").Want(201)
		id := made.Text("id")
		for _, format := range []string{"csv", "xlsx"} {
			file := builder.Do("GET", "/admission/lists/"+id+"/table?format="+format, nil)
			if file.Status != 200 {
				t.Fatalf("%s: %d", format, file.Status)
			}
			got := builder.File("/admission/lists/"+id+"/table", "list."+format, []byte(file.Raw)).Want(200)
			if n, want := len(got.JSON["entries"].([]any)), len(made.JSON["entries"].([]any)); n != want {
				t.Errorf("%s: %d entries come in, want %d", format, n, want)
			}
			if n := len(got.JSON["lines"].([]any)); n != 0 {
				t.Errorf("%s: %d lines are found wrong: %s", format, n, got.Raw)
			}
			first := got.JSON["entries"].([]any)[0].(object)
			if first["code"] != "C01" || !strings.Contains(fmt.Sprint(first["law"]), "民发") || fmt.Sprint(first["terms"]) != "[亲属关系]" {
				t.Errorf("%s: %v", format, first)
			}
		}
		got := builder.File("/admission/lists/"+id+"/table", "list.csv", []byte("Code,Entry (Chinese),备注\nQ1,事项甲,x\n坏,事项乙,x\n")).Want(200)
		if len(got.JSON["entries"].([]any)) != 2 || !strings.Contains(got.Raw, `"line":3`) {
			t.Errorf("%s", got.Raw)
		}
		builder.File("/admission/lists/"+id+"/table", "list.csv", []byte("甲,乙\n1,2\n")).Want(422)
		builder.File("/admission/lists/"+id+"/table", "list.csv", []byte("编号,事项\n")).Want(422)
	})
}

// The public page answers the three questions, finds by words of either language, and links from the community's page and
// the portal's search; it stays light.
func TestThePublicPage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		nobody := w.Nobody()
		page := nobody.Page("GET", "/communities/"+apptest.Community+"/lists", nil)
		for _, want := range []string{"社区要做什么", "社区协助什么", "社区不用做什么", "《人民调解法》第12条", "民发〔2020〕20号", "招商引资", "本市核定", "没有允许的评比"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if n := len(page.Raw); n > 60<<10 {
			t.Errorf("%d bytes, at most 60 KiB are right", n)
		}
		found := nobody.Page("GET", "/communities/"+apptest.Community+"/lists?q=%E6%94%B6%E5%85%A5%E8%AF%81%E6%98%8E", nil)
		if !strings.Contains(found.Raw, "C17") || strings.Contains(found.Raw, "C05") {
			t.Error("收入证明 is not found alone")
		}
		english := nobody.Page("GET", "/communities/"+apptest.Community+"/lists?lang=en&q=CENSUS", nil)
		if !strings.Contains(english.Raw, "U01") {
			t.Error("a word of the English is not found")
		}
		if got := nobody.Page("GET", "/communities/"+apptest.Community, nil); !strings.Contains(got.Raw,
			"/communities/"+apptest.Community+"/lists") {
			t.Error("the community's page has no link")
		}
		if got := nobody.Page("GET", "/search?q=%E4%BD%8E%E4%BF%9D", nil); !strings.Contains(got.Raw, "/lists?q=") {
			t.Errorf("the portal's search does not find an entry: %d", got.Status)
		}
		for _, path := range []string{"/communities/999999/lists", "/communities/" + apptest.Community + "/lists?kind=nonsense"} {
			if got := nobody.Page("GET", path, nil); got.Status != 404 {
				t.Errorf("%s: %d", path, got.Status)
			}
		}
	})
}

// A list goes with its area when that is recoded, and ends when it is merged into another, whose own applies.
func TestListsFollowTheirAreas(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, second := lists(w)
		ctx := clock.With(w.System(), clock.Now(w.System()).AddDate(0, 0, 1))
		apply := func(c change.NewChange) {
			c.Reason = "调整"
			if _, err := w.App.Changes.Change(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		apply(change.NewChange{Kind: registry.ChangeOpen, Area: apptest.County, To: "320703008", Name: "新设街道"})
		for area, code := range map[string]string{apptest.Street: "ST1", "320703008": "ST2"} {
			id := begin(builder, area, "street").Want(201).Text("id")
			builder.Do("PUT", "/admission/lists/"+id, object{"version": 1, "entries": []any{entry(w, code, "街道自办")}}).Want(200)
			step(builder, id, "propose", 2, nil).Want(200)
			step(second, id, "publish", 3, object{"day": day(w, 0)}).Want(200)
		}
		in := func(area, on string) []string {
			return codes(w.Nobody().Do("GET", "/admission/entries?kind=street&area="+area+"&day="+on, nil).Want(200).Items())
		}
		apply(change.NewChange{Kind: registry.ChangeRecode, Area: apptest.Street, To: "320703009"})
		if got := in("320703009007", day(w, 2)); !slices.Equal(got, []string{"ST1"}) {
			t.Errorf("after the recoding %v", got)
		}
		ctx = clock.With(w.System(), clock.Now(w.System()).AddDate(0, 0, 2))
		apply(change.NewChange{Kind: registry.ChangeMerge, Area: "320703009", To: "320703008"})
		community := w.App.Registry.Resolve("320703009007")
		if got := in(community, day(w, 3)); !slices.Equal(got, []string{"ST2"}) {
			t.Errorf("after the merger %v in %s", got, community)
		}
	})
}

// Prohibitions add up: a county adds to what the city and the law prohibit, and takes nothing away; of other kinds its list takes the
// place of the city's. The public page and the portal's search tell of which level each is.
func TestACountyWeakensNoProhibition(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("citybuilder", registry.RoleCommunityBuilding, apptest.CityCode)
		w.Account("citybuilder2", registry.RoleCommunityBuilding, apptest.CityCode)
		builder, second := lists(w)
		publish := func(writer, other *apptest.Caller, area, kind string, entries ...object) {
			t.Helper()
			id := begin(writer, area, kind).Want(201).Text("id")
			writer.Do("PUT", "/admission/lists/"+id, object{"version": at(writer, id), "reason": "试验", "entries": entries}).Want(200)
			step(writer, id, "propose", at(writer, id), nil).Want(200)
			step(other, id, "publish", at(writer, id), object{"day": day(w, 0)}).Want(200)
		}
		publish(w.As("citybuilder"), w.As("citybuilder2"), apptest.CityCode, "negative", entry(w, "CN1", "不得要求社区开展企业纳税摸排"))
		publish(builder, second, apptest.County, "negative", entry(w, "KN1", "不得要求社区代收物业管理费用"))
		publish(w.As("citybuilder"), w.As("citybuilder2"), apptest.CityCode, "evaluation", entry(w, "CE1", "市级平安社区评选"))
		publish(builder, second, apptest.County, "evaluation", entry(w, "KE1", "区级最美庭院评选"))

		s, today := module.Of[*admission.Service](w.App.Modules), day(w, 0)
		in := func(area, code string) bool {
			_, there, err := s.Entry(w.System(), w.App.DB, area, code, today)
			if err != nil {
				t.Fatal(err)
			}
			return there
		}
		law := admission.Base()[admission.Negative]
		i := slices.IndexFunc(law, func(e admission.Entry) bool { return e.Certainty == "V" || e.Certainty == "S" })
		for code, want := range map[string]bool{"CN1": true, "KN1": true, law[i].Code: true, "C17": true, "KE1": true, "CE1": false} {
			if got := in(apptest.Community, code); got != want {
				t.Errorf("%s in force in the county: %v", code, got)
			}
		}
		if in("320706", "KN1") || !in("320706", "CN1") || !in("320706", "CE1") {
			t.Error("another county")
		}
		for text, code := range map[string]string{"请社区开展企业纳税摸排": "CN1", "请社区代收物业管理费用": "KN1"} {
			found, err := s.Match(w.System(), w.App.DB, apptest.Community, today, text)
			if err != nil || !slices.ContainsFunc(found, func(l admission.Likeness) bool { return l.Entry.Code == code }) {
				t.Errorf("%s is not matched with %s: %v %v", text, code, found, err)
			}
		}
		page := w.Nobody().Page("GET", "/communities/"+apptest.Community+"/lists", nil)
		for _, want := range []string{"企业纳税摸排", "代收物业管理费用", law[i].Text.Zh, "最美庭院"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		at := strings.Index(page.Raw, "企业纳税摸排")
		if end := strings.Index(page.Raw[at:], "</li>"); !strings.Contains(page.Raw[at:at+end], "第 1 版") &&
			!strings.Contains(page.Raw[at:at+end], "第1版") {
			t.Errorf("the level is not told: %s", page.Raw[at:at+end])
		}
		if got := w.Nobody().Page("GET", "/search?q="+url.QueryEscape("代收物业管理费用"), nil); !strings.Contains(got.Raw,
			"/communities/"+apptest.County+"/lists") {
			t.Error("the portal's search does not find the county's entry")
		}
	})
}
