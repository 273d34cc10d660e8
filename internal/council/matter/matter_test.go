package matter_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/council/matter"
	"linli/internal/council/meeting"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
	"linli/internal/registry/change"
	"linli/internal/threshold"
)

type object = map[string]any

const village = "320703001201"

// register is the test's register with a village.
const register = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320706,海州区,3,3207
320703001,墟沟街道,4,320703
320706014,新东街道,4,320706
320703001007,院前社区居委会,5,320703001
320703001009,南巷社区居委会,5,320703001
320703001201,院后村委会,5,320703001
320706014010,文昌社区居委会,5,320706014
`

func today(w *apptest.World) string { return clock.Day(clock.Now(w.System())) }

// town gives the community and a village members of the committee and of the 议事会, and accounts for the village.
func town(t *testing.T, w *apptest.World) {
	t.Helper()
	if _, err := w.App.Changes.Import(w.System(), []change.Source{change.FromReader("village.csv",
		strings.NewReader(register))}, change.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	w.Account("v.branch", "branch_member", village)
	w.Account("v.committee", "committee_member", village)
	w.Account("v.council", "council_member", village)
	w.Account("v.supervisor", "supervisory_member", village)
	dispatcher := w.As("dispatcher")
	for i := range 5 {
		dispatcher.Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" committee"]+"/members", object{"name": fmt.Sprintf("委员%d", i),
			"post": "member", "termFrom": "2020-01-01"}).Want(201)
	}
	dispatcher.Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" council"]+"/members", object{"name": "议事员", "post": "councillor",
		"termFrom": "2020-01-01"}).Want(201)
}

// vote holds a meeting of a body today, a minute from now, in which everybody agrees (or nobody), and gives its vote.
func vote(t *testing.T, w *apptest.World, area, body, mode string, against bool) object {
	t.Helper()
	now := clock.Now(w.System()).Add(time.Minute)
	as := func(at time.Time) (context.Context, error) {
		return authority.With(clock.With(context.Background(), at), authority.SystemActor("test")), nil
	}
	c := meeting.MeetingContent{Body: body, Mode: mode, Title: "会议", Place: "活动室", Day: clock.Day(now), Time: now.In(clock.City).Format("15:04"),
		Called: "committee", Entitled: 30, Items: []meeting.AgendaItem{{ID: "i1", Title: "方案", Public: true, Decides: true,
			Party: clock.Day(now.AddDate(0, 0, -12))}}}
	s := module.Of[*meeting.Service](w.App.Modules)
	m, votes, err := s.Hold(area, c, now.AddDate(0, 0, -11), against, "会议记录", as)
	if err != nil {
		t.Fatal(err)
	}
	return object{"meeting": m.ID, "vote": votes[0].ID}
}

func raise(c *apptest.Caller, area, origin, code string, more object) apptest.Answer {
	body := object{"area": area, "origin": origin, "content": object{"code": code, "title": "在 3 号楼前装路灯", "body": "夜里看不清路。"}}
	for k, v := range more {
		body[k] = v
	}
	return c.Do("POST", "/council/matters", body)
}

// step takes a verb on the newest version.
func step(c *apptest.Caller, id, verb string, body object) apptest.Answer {
	at := any(1)
	if shown := c.Do("GET", "/council/matters/"+id, nil); shown.Status == 200 {
		at = shown.JSON["version"]
	}
	sent := object{"version": at, "note": "说明"}
	for k, v := range body {
		sent[k] = v
	}
	if verb == "plan" {
		delete(sent, "note")
		return c.Do("PUT", "/council/matters/"+id+"/plan", sent)
	}
	return c.Do("POST", "/council/matters/"+id+"/"+verb, sent)
}

func sitting(w *apptest.World) object {
	return object{"deliberation": object{"form": "council", "day": today(w), "place": "议事厅", "parties": []any{"3 号楼居民"},
		"invitees": []any{"街道城管办"}}}
}

func posting(w *apptest.World, words string) object {
	return object{"posting": object{"day": today(w), "place": "公开栏", "text": words}}
}

func plan(w *apptest.World) object {
	return object{"plan": []any{object{"title": "安装", "who": "委员会主任", "due": today(w), "planned": 123456}}}
}

// A matter walks the whole order in an urban community: each step is its own body's, and what comes too early is refused.
func TestAMatterInAnUrbanCommunity(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		town(t, w)
		branch, committee, council, supervisor, nobody := w.As("branch"), w.As("committee"), w.As("council"), w.As("supervisor"), w.Nobody()
		raise(committee, apptest.Community, "party", "ordinary", nil).Want(409, "council.matter.origin")
		raise(committee, apptest.Community, "committee", "works", nil).Want(422) // villages' subject
		id := raise(committee, apptest.Community, "committee", "ordinary", nil).Want(201).Text("id")

		step(committee, id, "accept", nil).Want(403)
		step(council, id, "deliberate", sitting(w)).Want(409, "flow.not_from")
		step(branch, id, "return", object{"note": " "}).Want(422)
		step(branch, id, "return", object{"note": "写明位置"}).Want(200)
		committee.Do("PUT", "/council/matters/"+id, object{"version": 2, "content": object{"code": "ordinary", "title": "在 3 号楼东侧装路灯",
			"body": "夜里看不清路。"}}).Want(200)
		step(committee, id, "resubmit", object{"note": "已写明"}).Want(200)
		step(branch, id, "accept", nil).Want(200)
		step(committee, id, "consult", nil).Want(409, "council.matter.village")
		step(committee, id, "deliberate", sitting(w)).Want(409, "council.matter.not_council")
		step(council, id, "deliberate", object{}).Want(422)
		step(council, id, "deliberate", sitting(w)).Want(200)
		step(council, id, "monitor", object{"note": "大家同意"}).Want(409, "council.matter.executor")
		step(council, id, "disagree", object{"note": "意见不一"}).Want(200)
		step(council, id, "deliberate", sitting(w)).Want(200)
		early := vote(t, w, apptest.Community, "committee", "members", false)
		w.Exec(`UPDATE council_vote SET at = at - 3600000 WHERE id = '` + early["vote"].(string) + `'`)
		step(council, id, "implement", object{"note": "大家同意"}).Want(200)

		step(committee, id, "announce", posting(w, "")).Want(409, "flow.not_from")
		step(committee, id, "begin", nil).Want(409, "flow.not_from")
		step(committee, id, "decide", nil).Want(422)
		step(committee, id, "decide", object{"ballot": object{"meeting": "none", "vote": "none"}}).Want(404)
		step(committee, id, "decide", object{"ballot": early}).Want(409, "council.matter.earlier")
		lost := vote(t, w, apptest.Community, "committee", "members", true)
		step(committee, id, "decide", object{"ballot": lost}).Want(409, "council.vote.failed")
		sits := vote(t, w, apptest.Community, "party", "members", false)
		step(committee, id, "decide", object{"ballot": sits}).Want(409, "council.matter.body")
		passed := vote(t, w, apptest.Community, "committee", "members", false)
		step(committee, id, "reject", object{"ballot": passed}).Want(409, "council.matter.passed")
		step(committee, id, "decide", object{"ballot": passed}).Want(200)
		second := raise(committee, apptest.Community, "committee", "ordinary", nil).Want(201).Text("id")
		step(branch, second, "accept", nil).Want(200)
		step(council, second, "deliberate", sitting(w)).Want(200)
		step(council, second, "implement", object{"note": "同意"}).Want(200)
		w.Exec(`UPDATE council_matter SET record = REPLACE(record, '"outcome":"implement"', '"outcome":"implement","x":0') WHERE id = '` + second + `'`)
		if got := step(committee, second, "decide", object{"ballot": passed}); got.Status != 409 {
			t.Errorf("one vote carries two matters: %d", got.Status)
		}

		step(committee, id, "begin", nil).Want(409, "flow.not_from")
		step(committee, id, "announce", posting(w, "")).Want(200)
		step(committee, id, "begin", nil).Want(409, "council.matter.no_plan")
		step(committee, id, "plan", plan(w)).Want(200)
		step(committee, id, "begin", nil).Want(200)
		step(committee, id, "complete", nil).Want(409, "council.matter.not_done")
		step(supervisor, id, "clear", object{"note": "已核"}).Want(409, "flow.not_from")
		step(supervisor, id, "find", object{"note": "请附发票"}).Want(200)
		step(committee, id, "progress", object{"item": "p1", "spent": 120000, "note": "两盏"}).Want(200)
		step(committee, id, "progress", object{"item": "p1", "spent": 1}).Want(404)
		step(committee, id, "complete", nil).Want(409, "council.matter.unanswered")
		step(supervisor, id, "answer", object{"item": "f1"}).Want(403)
		step(committee, id, "answer", object{"item": "f1", "note": "已附"}).Want(200)
		step(committee, id, "complete", nil).Want(200)
		step(committee, id, "disclose", posting(w, "两盏路灯已亮")).Want(409, "flow.not_from")
		step(supervisor, id, "clear", object{"note": "已核"}).Want(409, "council.matter.unchecked")
		step(supervisor, id, "check", object{"note": "询问三名监督委员", "barred": true}).Want(200)
		step(supervisor, id, "clear", object{"note": "已核"}).Want(409, "council.matter.unchecked")
		step(w.As("street"), id, "check", object{"note": "已更换，再次询问"}).Want(200)
		step(committee, id, "clear", object{"note": "已核"}).Want(403)
		step(supervisor, id, "clear", object{"note": "已核"}).Want(200)
		step(committee, id, "disclose", posting(w, "")).Want(422)
		step(committee, id, "disclose", posting(w, "两盏路灯已亮")).Want(200)
		grades := func(name, grade string) apptest.Answer {
			return committee.Do("POST", "/council/matters/"+id+"/grades", object{"version": committee.Do("GET", "/council/matters/"+id, nil).JSON["version"],
				"people": []any{object{"name": name, "address": "3 号楼", "grade": grade}}})
		}
		grades("张三", "satisfied").Want(200)
		grades("张三", "fair").Want(409, "council.matter.twice_row")
		step(supervisor, id, "conclude", nil).Want(409, "council.matter.appraising")
		w.Exec(`UPDATE council_matter SET due = 1 WHERE id = '` + id + `'`)
		got := step(supervisor, id, "conclude", nil).Want(200)
		if got.Text("state") != "appraised" {
			t.Errorf("it ends as %s", got.Text("state"))
		}
		page := nobody.Page("GET", "/matters/"+id, nil).Want(200)
		for _, want := range []string{"东侧装路灯", "大家同意", "1234.56", "1200.00", "请附发票", "已附", "两盏路灯已亮", "满意", "街道城管办"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if strings.Contains(page.Raw, "姓名committee") || strings.Contains(page.Raw, "张三") {
			t.Error("the page shows names")
		}
		nobody.Page("GET", "/matters/"+id+"/resolution", nil).Want(200)
		for _, path := range []string{"/matters?area=" + apptest.Community, "/matters?q=" + url.QueryEscape("路灯"), "/matters?state=done",
			"/communities/" + apptest.Community} {
			if got := nobody.Page("GET", path, nil).Want(200); !strings.Contains(got.Raw, "/matters/"+id) {
				t.Errorf("%s does not lead to the matter", path)
			}
		}
	})
}

// In a village the same table has two steps more: branch and committee speak first, and the Party members examine before the assembly
// decides; what the law reserves no other body decides, but for what the assembly has left to the representatives.
func TestAMatterInAVillage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		town(t, w)
		branch, committee, council := w.As("v.branch"), w.As("v.committee"), w.As("v.council")
		id := raise(branch, village, "party", "works", nil).Want(201).Text("id")
		step(branch, id, "accept", nil).Want(200)
		step(committee, id, "deliberate", sitting(w)).Want(409, "council.matter.not_consulted")
		step(committee, id, "consult", object{"note": "两委商议同意"}).Want(200)
		step(council, id, "deliberate", sitting(w)).Want(200)
		if got := step(council, id, "implement", object{"note": "同意"}).Want(409, "council.matter.reserved"); !strings.Contains(got.Raw, "第二十八条") {
			t.Errorf("the article is not named: %s", got.Raw)
		}
		step(council, id, "refer", object{"note": "提交村民会议"}).Want(200)
		whole := vote(t, w, village, "assembly", "voters", false)
		step(committee, id, "decide", object{"ballot": whole}).Want(409, "council.matter.not_examined")
		step(branch, id, "examine", object{"ballot": whole}).Want(409, "council.matter.party_vote")
		step(branch, id, "examine", object{"ballot": vote(t, w, village, "party", "members", false)}).Want(200)
		step(committee, id, "decide", object{"ballot": vote(t, w, village, "party", "members", false)}).Want(409, "council.matter.reserved")
		got := step(committee, id, "decide", object{"ballot": whole}).Want(200)
		if got.Text("record.decision.body") != "assembly" {
			t.Errorf("decided by %s", got.Text("record.decision.body"))
		}
		// A delegation rests on a vote of the assembly.
		delegate := func(code string, b object) apptest.Answer {
			return committee.Do("POST", "/council/delegations", object{"area": village, "code": code, "meeting": b["meeting"], "vote": b["vote"]})
		}
		delegate("works", vote(t, w, village, "party", "members", false)).Want(409, "council.delegation.assembly")
		delegate("convention", whole).Want(409, "council.delegation.fixed")
		d := delegate("works", whole).Want(201)
		delegate("works", whole).Want(409, "council.delegation.twice")
		committee.Do("POST", "/council/delegations/"+d.Text("id")+"/end", object{"version": 1, "reason": "收回"}).Want(204)
	})
}

// Who may decide what: what the law reserves, the assembly; where it is delegated or the law lets them, the representatives.
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := module.Of[*matter.Service](w.App.Modules)
		for _, c := range []struct {
			kind, code, day, body string
			referred, delegated   bool
			want                  bool
		}{
			{threshold.Villagers, "works", "2026-06-01", "assembly", true, false, true},
			{threshold.Villagers, "works", "2026-06-01", "representatives", true, false, false},
			{threshold.Villagers, "works", "2026-06-01", "representatives", true, true, true},
			{threshold.Villagers, "works", "2026-06-01", "committee", false, true, false},
			{threshold.Villagers, "land", "2025-12-31", "representatives", true, false, false},
			{threshold.Villagers, "land", "2026-01-01", "representatives", true, false, true}, // no longer reserved by this law
			{threshold.Villagers, "convention", "2026-06-01", "representatives", true, true, false},
			{threshold.Villagers, "ordinary", "2026-06-01", "committee", false, false, true},
			{threshold.Villagers, "ordinary", "2026-06-01", "committee", true, false, false},
			{threshold.Residents, "major", "2025-12-31", "representatives", true, true, false},
			{threshold.Residents, "major", "2026-01-01", "representatives", true, true, true},
			{threshold.Residents, "revoke", "2026-01-01", "representatives", true, false, true},
			{threshold.Residents, "ordinary", "2026-06-01", "council", false, false, false},
			{threshold.Residents, "ordinary", "2026-06-01", "party", true, false, false},
		} {
			if got := s.MayDecide(c.kind, c.code, c.day, c.body, c.referred, c.delegated); got != c.want {
				t.Errorf("%+v: %v", c, got)
			}
		}
	})
}

// Of 300 residents 30 raise a matter and 29 do not; of 30 representatives 10 do and 9 do not.
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		for _, x := range []struct {
			origin, mode    string
			entitled, asked int
			status          int
		}{{"residents", "voters", 300, 29, 409}, {"residents", "voters", 300, 30, 201}, {"residents", "households", 301, 30, 409},
			{"residents", "households", 301, 31, 201}, {"representatives", "representatives", 30, 9, 409},
			{"representatives", "representatives", 30, 10, 201}, {"representatives", "voters", 30, 10, 422}, {"residents", "voters", 10, 11, 422}} {
			got := raise(c, apptest.Community, x.origin, "ordinary", object{"request": object{"mode": x.mode, "entitled": x.entitled, "asked": x.asked,
				"countedBy": "委员会文书"}})
			if got.Status != x.status {
				t.Errorf("%+v: %d %s", x, got.Status, got.Raw)
			}
			if x.status == 409 && !strings.Contains(got.Raw, "第二十六条") {
				t.Errorf("no article: %s", got.Raw)
			}
		}
		raise(c, apptest.Community, "residents", "ordinary", nil).Want(422)
		raise(c, apptest.Community, "incident", "ordinary", object{"ref": "20260101-320703-00000"}).Want(422, "council.matter.source")
	})
}

// A proposal gathers supporters, each person once whatever the way; the last one lets it go on, and time ends it.
func TestSupportersCountOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Rule("council.matter.supporters", "4")
		c := w.As("committee")
		s := module.Of[*matter.Service](w.App.Modules)
		ctx := authority.With(context.Background(), authority.Nobody())
		m, err := s.Propose(ctx, apptest.Community, "13800000001", matter.Content{Title: "装一张长椅", Body: "老人要歇脚。"})
		if err != nil || m.Supporters != 1 || m.Needed != 4 {
			t.Fatalf("%v: %d of %d", err, m.Supporters, m.Needed)
		}
		enter := func(people ...any) apptest.Answer {
			return c.Do("POST", "/council/matters/"+m.ID+"/supporters", object{"version": c.Do("GET", "/council/matters/"+m.ID, nil).JSON["version"],
				"people": people})
		}
		enter(object{"name": "某人", "phone": "138 0000 0001"}).Want(409, "council.matter.twice_row")
		enter(object{"name": "某人"}).Want(422)
		enter(object{"name": "李四", "address": "2 号楼 101"}, object{"name": "李四", "address": "2号楼101 "}).Want(409, "council.matter.twice_row")
		enter(object{"name": "李四", "address": "2 号楼 101"}).Want(200)
		if err := s.Support(ctx, m.ID, "13800000001"); err == nil {
			t.Error("one person twice online")
		}
		enter(object{"name": "王五", "phone": "13800000002"}).Want(200)
		if err := s.Support(ctx, m.ID, "13800000002"); err == nil {
			t.Error("on paper, then online")
		}
		if got := c.Do("GET", "/council/matters/"+m.ID, nil); got.Text("state") != "gathering" {
			t.Fatalf("three of four: %s", got.Text("state"))
		}
		if err := s.Support(ctx, m.ID, "13800000003"); err != nil {
			t.Fatal(err)
		}
		if got := c.Do("GET", "/council/matters/"+m.ID, nil); got.Text("state") != "proposed" || got.JSON["supporters"] != 4.0 {
			t.Errorf("four of four: %s", got.Raw)
		}
		late, err := s.Propose(ctx, apptest.Community, "13800000001", matter.Content{Title: "再装一张", Body: "还要。"})
		if err != nil {
			t.Fatal(err)
		}
		w.Exec(`UPDATE council_matter SET due = 1 WHERE id = '` + late.ID + `'`)
		if err := s.Lapse(w.System()); err != nil {
			t.Fatal(err)
		}
		if got := c.Do("GET", "/council/matters/"+late.ID, nil); got.Text("state") != "lapsed" {
			t.Errorf("after its time: %s", got.Text("state"))
		}
	})
}

// What is withheld keeps its place on the page, with the reason; nothing vanishes.
func TestOpinionsAreModeratedByReason(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, nobody := w.As("committee"), w.Nobody()
		id := raise(c, apptest.Community, "committee", "ordinary", nil).Want(201).Text("id")
		if got := nobody.Page("POST", "/matters/"+id+"/opinions", url.Values{"body": {"某某是骗子"}}); got.Status != 303 {
			t.Fatalf("an opinion is answered %d", got.Status)
		}
		nobody.Page("POST", "/matters/"+id+"/opinions", url.Values{"body": {" "}}).Want(422)
		c.Do("POST", "/council/matters/"+id+"/opinions", object{"body": "书面同意"}).Want(200)
		var first string
		for _, o := range c.Do("GET", "/council/matters/"+id, nil).JSON["opinions"].([]any) {
			if strings.Contains(o.(object)["body"].(string), "骗子") {
				first = o.(object)["id"].(string)
			}
		}
		step(c, id, "withhold", object{"item": first, "note": " "}).Want(422)
		step(w.As("council"), id, "withhold", object{"item": first}).Want(403)
		step(c, id, "withhold", object{"item": "none"}).Want(404)
		step(c, id, "withhold", object{"item": first, "note": "指名辱骂他人"}).Want(200)
		page := nobody.Page("GET", "/matters/"+id, nil)
		if strings.Contains(page.Raw, "骗子") || !strings.Contains(page.Raw, "指名辱骂他人") || !strings.Contains(page.Raw, "书面同意") {
			t.Errorf("the withheld opinion is shown, or its reason is not: %v", page.Raw)
		}
		step(c, id, "restore", object{"item": first}).Want(200)
		if !strings.Contains(nobody.Page("GET", "/matters/"+id, nil).Raw, "骗子") {
			t.Error("it is not shown again")
		}
		step(c, id, "withhold", object{"note": "含他人电话"}).Want(200)
		if page := nobody.Page("GET", "/matters/"+id, nil); strings.Contains(page.Raw, "夜里看不清路") || !strings.Contains(page.Raw, "含他人电话") {
			t.Error("the matter's words are shown, or the reason is not")
		}
	})
}
