package joint_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// A unit sends back what is not its own, twice at most and not after it has fed back; the
// dispatcher's clock starts anew, and the same unit is named again only with the reason.
func TestObjection(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		dispatcher, urban := w.As("dispatcher"), w.As("urban")
		station, county := w.Body[apptest.Community+" station"], w.Body[apptest.County+" urban_management"]
		j := apptest.NewMatter(t, w, "objection")
		j.Step(dispatcher, "establish", nil).Want(200)
		for n := range 2 {
			body := map[string]any{"unit": county}
			if n > 0 {
				j.Step(dispatcher, "dispatch", body).Want(422, "invalid")
				body["note"] = "属市容管理范围"
			}
			j.Step(dispatcher, "dispatch", body).Want(200)
			j.Step(urban, "object", nil).Want(422, "invalid")
			j.Step(dispatcher, "object", apptest.Note("不属于本单位")).Want(409, "casework.not_your_unit")
			j.Step(urban, "object", apptest.Note("不属于本单位职责")).Want(200)
			got := dispatcher.Do("GET", "/casework/cases/"+j.ID, nil).Want(200)
			if got.Text("state") != "established" || got.Text("unit.id") != station || got.Text("dueAt") == "" || got.Text("routed") != "" {
				t.Fatalf("sent back to %s %s until %s, suggested %s", got.Text("state"), got.Text("unit"), got.Text("dueAt"), got.Text("routed"))
			}
			last := got.JSON["events"].([]any)
			event := last[len(last)-1].(map[string]any)
			if event["verb"] != "object" || event["note"] != "不属于本单位职责" || event["other"].(map[string]any)["id"] != county {
				t.Fatalf("told as %v", event)
			}
		}
		j.Step(dispatcher, "dispatch", map[string]any{"unit": county, "note": "经研究仍由你单位处理"}).Want(200)
		refused := j.Step(urban, "object", apptest.Note("第三次")).Want(409, "casework.objection.most")
		if refused.Text("rule.article") != "第十二条" || strings.Contains(urban.Do("GET", "/casework/cases/"+j.ID, nil).Raw, `"verb":"object","to"`) {
			t.Errorf("the third objection is offered, or refused without its rule: %s", refused.Raw)
		}

		again := apptest.NewMatter(t, w, "fed back")
		again.Step(dispatcher, "establish", nil).Want(200)
		again.Step(dispatcher, "dispatch", map[string]any{"unit": county}).Want(200)
		again.Step(urban, "handle", nil).Want(200)
		again.Step(urban, "object", apptest.Note("处理中")).Want(409, "flow.not_from")
		again.Step(urban, "feed_back", apptest.Note("已清运")).Want(200)
		again.Step(dispatcher, "rework", apptest.Note("仍有残留")).Want(200)
		again.Step(urban, "object", apptest.Note("返工后")).Want(409, "casework.objection.fed_back")
	})
}

// A reviewing department sends an application back, and the window redirects it; the promised time
// runs on.
func TestObjectionInTheHall(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().Apply(w.Fill(apptest.Application("objection"))).Want(201)
		id, window, clerk := opened.Text("id"), w.As("window"), w.As("clerk")
		step := func(c *apptest.Caller, verb string, body map[string]any) apptest.Answer {
			return c.StepApplication(id, verb, body)
		}
		accepted := step(window, "accept", map[string]any{}).Want(200)
		step(clerk, "object", apptest.Note("应由医保部门审查")).Want(200)
		if got := window.Do("GET", "/casework/cases/"+id, nil).Want(200); got.Text("state") != "objected" ||
			got.Text("dueAt") != accepted.Text("dueAt") || got.Text("routed") != "" {
			t.Fatalf("%s until %s, suggested %s; accepted until %s", got.Text("state"), got.Text("dueAt"),
				got.Text("routed"), accepted.Text("dueAt"))
		}
		step(window, "review", map[string]any{"choice": "pass"}).Want(409, "flow.not_from")
		step(window, "redirect", map[string]any{"unit": w.Body[apptest.Elsewhere+" station"]}).Want(422)
		step(window, "redirect", map[string]any{"unit": w.Body[apptest.County+" civil_affairs"]}).Want(422)
		got := step(window, "redirect", map[string]any{"unit": w.Body[apptest.County+" medical_security"]}).Want(200)
		if got.Text("unit.id") != w.Body[apptest.County+" medical_security"] || got.Text("dueAt") != accepted.Text("dueAt") {
			t.Errorf("redirected to %s until %s", got.Text("unit"), got.Text("dueAt"))
		}
		if seen := w.Nobody().Do("POST", "/casework/follow",
			map[string]any{"code": opened.Text("code")}).Want(200); strings.Contains(seen.Raw, "应由医保部门审查") {
			t.Error("the applicant reads what the offices write each other")
		}
	})
}

// Other units help: they see the case, find it in a list of their own and answer; the responsible
// unit waits for them or releases them, and who helped does not verify.
func TestJointHandling(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		dispatcher, urban, clerk := w.As("dispatcher"), w.As("urban"), w.As("clerk")
		county, civil, office := w.Body[apptest.County+" urban_management"], w.Body[apptest.County+" civil_affairs"],
			w.Body[apptest.Community+" office"]
		j := apptest.NewMatter(t, w, "joint")
		j.Step(dispatcher, "establish", nil).Want(200)
		j.Step(dispatcher, "dispatch", map[string]any{"unit": county}).Want(200)
		ask := func(unit string) map[string]any {
			return map[string]any{"unit": unit, "note": "核对低保户信息", "number": 2}
		}

		clerk.Do("GET", "/casework/cases/"+j.ID, nil).Want(404)
		j.Step(clerk, "join", ask(civil)).Want(404)
		j.Step(urban, "join", ask(county)).Want(422, "invalid")
		j.Step(urban, "join", ask(w.Body[apptest.Elsewhere+" station"])).Want(422, "invalid")
		j.Step(urban, "join", map[string]any{"unit": civil, "note": "核对"}).Want(422, "invalid")
		joined := j.Step(urban, "join", ask(civil)).Want(200)
		if joined.Text("unit.id") != county || joined.Text("state") != "dispatched" || len(joined.JSON["parts"].([]any)) != 1 {
			t.Fatalf("joined: %s", joined.Raw)
		}
		j.Step(dispatcher, "join", ask(civil)).Want(422, "invalid")
		j.Step(dispatcher, "join", ask(office)).Want(200)

		if rows := clerk.Do("GET", "/casework/parts", nil).Want(200).Items(); len(rows) != 1 ||
			rows[0]["part"].(map[string]any)["ask"] != "核对低保户信息" || rows[0]["part"].(map[string]any)["dueAt"] == nil {
			t.Errorf("the helping unit's list is %v", rows)
		}
		if rows := urban.Do("GET", "/casework/parts", nil).Want(200).Items(); len(rows) != 0 {
			t.Errorf("the responsible unit's list is %v", rows)
		}
		other := apptest.NewMatter(t, w, "another's")
		number, others := joined.Text("number"), urban.Do("GET", "/casework/cases/"+j.ID, nil).Want(200).Text("title")
		for _, q := range []string{number, number[:8], others} {
			for _, view := range []string{"all", "open"} {
				found := clerk.Do("GET", "/casework/cases?view="+view+"&q="+url.QueryEscape(q), nil).Want(200)
				if len(found.Items()) != 1 || found.Items()[0]["id"] != j.ID || strings.Contains(found.Raw, other.ID) {
					t.Errorf("the helping unit finds by %s: %s", q, found.Raw)
				}
			}
		}
		if found := clerk.Do("GET", "/casework/cases?view=unit&q="+url.QueryEscape(others), nil).Want(200).Items(); len(found) != 0 {
			t.Errorf("what others have in hand is the unit's own: %v", found)
		}
		seen := clerk.Do("GET", "/casework/cases/"+j.ID, nil).Want(200)
		if !strings.Contains(seen.Raw, `"verb":"contribute"`) || strings.Contains(seen.Raw, `"verb":"handle"`) ||
			seen.Text("mayUnmask") != "false" {
			t.Errorf("the helping unit may do %s", seen.Text("allowed"))
		}
		j.Step(urban, "handle", nil).Want(200)
		j.Step(urban, "contribute", apptest.Note("代答")).Want(409, "casework.part.none")
		j.Step(urban, "feed_back", apptest.Note("已清运")).Want(409, "casework.part.open")
		j.Step(dispatcher, "suspend", map[string]any{"choice": "season", "note": "冬季停工"}).Want(200)
		photo := clerk.Upload("核对.png", apptest.OnePixel).Want(200).Text("id")
		done := j.Step(clerk, "contribute", map[string]any{"note": "已核对，不在册", "files": []string{photo}}).Want(200)
		if done.Text("handler.id") == "" || done.Text("unit.id") != county || len(done.JSON["files"].([]any)) != 1 {
			t.Errorf("the case went out of hand: %s", done.Raw)
		}
		j.Step(dispatcher, "resume", nil).Want(200)
		j.Step(clerk, "contribute", apptest.Note("再答")).Want(409, "casework.part.none")
		j.Step(urban, "feed_back", apptest.Note("已清运")).Want(409, "casework.part.open")
		j.Step(urban, "release", map[string]any{"unit": civil, "note": "不再需要"}).Want(422, "invalid")
		j.Step(urban, "release", map[string]any{"unit": office, "note": "无需出动"}).Want(200)
		j.Step(urban, "feed_back", apptest.Note("已清运")).Want(200)
		if got := clerk.Do("GET", "/casework/cases/"+j.ID, nil).Want(200); !strings.Contains(got.Text("parts"), "已核对，不在册") {
			t.Error("who helped sees the case no more")
		}
		if rows := clerk.Do("GET", "/casework/parts", nil).Want(200).Items(); len(rows) != 0 {
			t.Errorf("an answered part is still listed: %v", rows)
		}
		w.Grant("urban", registry.RoleDispatcher, apptest.Community)
		w.Grant("clerk", registry.RoleDispatcher, apptest.Community)
		j.Step(w.As("urban"), "verify", nil).Want(409)
		j.Step(w.As("clerk"), "verify", nil).Want(409)
		j.Step(dispatcher, "verify", nil).Want(200)
	})
}

// What a unit helps with is in its plain lists: by itself, with the filters and under a name, among the
// open ones while its part is open, and among all ever after; and in nobody else's.
func TestHelpingIsListed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		dispatcher, urban, clerk, head := w.As("dispatcher"), w.As("urban"), w.As("clerk"), w.As("head")
		civil := w.Body[apptest.County+" civil_affairs"]
		first, second, own := apptest.NewMatter(t, w, "first"), apptest.NewMatter(t, w, "second"), apptest.NewMatter(t, w, "own")
		for m, unit := range map[*apptest.Matter]string{first: "urban_management", second: "urban_management", own: "civil_affairs"} {
			m.Step(dispatcher, "establish", nil).Want(200)
			m.Step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.County+" "+unit]}).Want(200)
		}
		listed := func(c *apptest.Caller, query string) string {
			t.Helper()
			var names []string
			for _, row := range c.Do("GET", "/casework/cases?"+query, nil).Want(200).Items() {
				for m, name := range map[*apptest.Matter]string{first: "first", second: "second", own: "own"} {
					if row["id"] == m.ID {
						names = append(names, name)
					}
				}
			}
			slices.Sort(names)
			return strings.Join(names, " ")
		}
		want := func(when string, lists map[string]string) {
			t.Helper()
			for query, want := range lists {
				for _, c := range []*apptest.Caller{clerk, head} { // both of the unit
					if got := listed(c, query); got != want {
						t.Errorf("%s, %s lists %q, want %q", when, query, got, want)
					}
				}
			}
		}
		want("before anybody is asked", map[string]string{"view=helping": "", "view=open": "own", "view=all": "own", "view=unit": "own"})
		ask := map[string]any{"unit": civil, "note": "核对", "number": 2}
		first.Step(urban, "join", ask).Want(200)
		second.Step(urban, "join", ask).Want(200)
		want("asked", map[string]string{"view=helping": "first second", "view=open": "first own second",
			"view=all": "first own second", "view=unit": "own",
			"view=helping&state=dispatched": "first second", "view=helping&state=closed": "", "view=helping&kind=application": "",
			"view=helping&area=" + apptest.Street:    "first second",
			"view=helping&area=" + apptest.Neighbour: "", "view=open&kind=incident": "first own second", "view=all&subject=0101": "first own second",
			"view=helping&unit=" + civil: ""})
		if n := clerk.Do("GET", "/casework/inbox", nil).Want(200).Text("helping"); n != "2" {
			t.Errorf("the inbox counts %s that are helped with", n)
		}
		for _, c := range []*apptest.Caller{urban, dispatcher, w.As("stranger"), w.As("street")} {
			if got := listed(c, "view=helping"); got != "" {
				t.Errorf("somebody else helps with %s", got)
			}
		}
		saved := clerk.Do("POST", "/casework/views",
			map[string]any{"name": "协办中", "query": map[string]string{"view": "helping", "kind": "incident"}}).Want(201)
		if saved.Text("query.view") != "helping" {
			t.Errorf("kept as %s", saved.Raw)
		}
		p := clerk.Do("GET", "/casework/cases?view=open&limit=2", nil).Want(200)
		if rest := clerk.Do("GET", "/casework/cases?view=open&limit=2&cursor="+p.Text("next"), nil).Want(200); len(p.Items()) != 2 ||
			len(rest.Items()) != 1 || rest.Text("next") != "" {
			t.Errorf("pages of %d and %d", len(p.Items()), len(rest.Items()))
		}
		taken := clerk.Do("POST", "/casework/bulk",
			map[string]any{"verb": "contribute", "cases": []map[string]any{{"id": first.ID}, {"id": own.ID}}, "note": "已核对"}).Want(200)
		if taken.Text("taken") != "1" || taken.Text("refused") != "1" {
			t.Errorf("many at once: %s", taken.Raw)
		}
		want("after the first is answered", map[string]string{"view=helping": "second",
			"view=open": "own second", "view=all": "first own second"})
		urgent := func(when string) {
			t.Helper()
			if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM casework_part p JOIN casework_case c ON c.shard = p.shard
				AND c.id = p.case_id
				WHERE p.state = 'open' AND COALESCE(p.case_due_at, -1) <> COALESCE(c.due_at, -1)`); err != nil || n > 0 {
				t.Errorf("%s, %d parts bear another deadline than their case (%v)", when, n, err)
			}
		}
		urgent("asked")
		second.Step(dispatcher, "suspend", map[string]any{"choice": "season", "note": "冬季停工"}).Want(200)
		urgent("suspended")
		if p := clerk.Do("GET", "/casework/cases?view=open", nil).Want(200).Items(); p[len(p)-1]["id"] != second.ID {
			t.Errorf("what stands still is not at the end: %v", p)
		}
		second.Step(dispatcher, "resume", nil).Want(200)
		second.Step(dispatcher, "extend", map[string]any{"note": "材料待到"}).Want(200)
		urgent("resumed and extended")
		second.Step(urban, "release", ask).Want(200)
		want("after the second is released", map[string]string{"view=helping": "", "view=open": "own", "view=all": "first own second"})
		if n := clerk.Do("GET", "/casework/inbox", nil).Want(200).Text("helping"); n != "0" {
			t.Errorf("the inbox counts %s that are helped with no more", n)
		}
	})
}
