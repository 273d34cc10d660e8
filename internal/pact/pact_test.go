package pact_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

type object = map[string]any

func today(w *apptest.World) string { return clock.Day(clock.Now(w.System())) }

func newest(got apptest.Answer) object { return got.JSON["editions"].([]any)[0].(object) }

// step takes a verb on the version that the caller is offered, else on the newest.
func step(c *apptest.Caller, id, verb string, body object) apptest.Answer {
	shown := c.Do("GET", "/pact/conventions/"+id, nil)
	at := any(1)
	if shown.Status == 200 {
		at = newest(shown)["version"]
		for _, m := range shown.JSON["allowed"].([]any) {
			if m.(object)["verb"] == verb {
				at = m.(object)["version"]
			}
		}
	}
	sent := object{"version": at}
	for k, v := range body {
		sent[k] = v
	}
	return c.Do("POST", "/pact/conventions/"+id+"/"+verb, sent)
}

func content(clauses ...string) object {
	rows := []any{}
	for _, c := range clauses {
		label, body, _ := strings.Cut(c, " ")
		rows = append(rows, object{"kind": "clause", "number": "", "label": label, "body": body})
	}
	return object{"area": apptest.Community, "kind": "residents", "title": "居民公约", "clauses": rows}
}

func vote(w *apptest.World, present, yes int) object {
	return object{"meeting": object{"body": "assembly", "mode": "households", "day": today(w), "entitled": 300, "present": present, "yes": yes}}
}

// decide settles every open finding of a convention.
func decide(c *apptest.Caller, id, decision string) {
	for _, f := range newest(c.Do("GET", "/pact/conventions/"+id, nil).Want(200))["findings"].([]any) {
		if f.(object)["decision"] == "" {
			c.Do("POST", "/pact/conventions/"+id+"/findings/"+f.(object)["id"].(string)+"/decide",
				object{"decision": decision, "reason": "已核对"}).Want(200)
		}
	}
}

// A convention is drafted, found illegal in two clauses, mended, voted, filed and published; nothing of the order can be left out.
func TestAConventionFromOpinionsToPublication(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		writer, street, nobody := w.As("committee"), w.As("street"), w.Nobody()
		id := writer.Do("POST", "/pact/conventions", content("第一条 乱停车辆的，罚款100元。", "第二条 拖欠物业费的停水停电。", "第三条 邻里互助。")).Want(201).Text("id")

		page := nobody.Page("GET", "/conventions/"+id, nil)
		if page.Status != 200 || !strings.Contains(page.Raw, "邻里互助") {
			t.Fatalf("the draft on which opinions are collected is not shown: %d", page.Status)
		}
		if got := nobody.Page("POST", "/conventions/"+id+"/opinions", url.Values{"body": {"第三条写得好"}}); got.Status != 303 {
			t.Errorf("an opinion is answered %d", got.Status)
		}
		if got := nobody.Page("POST", "/conventions/"+id+"/opinions", url.Values{"body": {" "}}); got.Status != 422 {
			t.Errorf("an empty opinion is answered %d", got.Status)
		}
		writer.Do("POST", "/pact/conventions/"+id+"/opinions", object{"body": "书面意见"}).Want(200)
		if got := writer.Do("GET", "/pact/conventions/"+id, nil).JSON["opinions"].([]any); len(got) != 2 {
			t.Errorf("%d opinions, not 2", len(got))
		}

		step(writer, id, "draft", nil).Want(200)
		nobody.Page("POST", "/conventions/"+id+"/opinions", url.Values{"body": {"晚了"}}).Want(404)
		step(writer, id, "submit", nil).Want(200)
		got := newest(street.Do("GET", "/pact/conventions/"+id, nil).Want(200))
		codes := []string{}
		for _, f := range got["findings"].([]any) {
			codes = append(codes, f.(object)["code"].(string)+" "+f.(object)["severity"].(string))
		}
		if !slices.Contains(codes, "FINE illegal") || !slices.Contains(codes, "UTILITY illegal") {
			t.Fatalf("found %v", codes)
		}
		step(street, id, "clear", nil).Want(409, "pact.open_findings")
		finding := got["findings"].([]any)[0].(object)["id"].(string)
		decision := "/pact/conventions/" + id + "/findings/" + finding + "/decide"
		street.Do("POST", decision, object{"decision": "upheld", "reason": " "}).Want(422)
		writer.Do("POST", decision, object{"decision": "dismissed", "reason": "可以"}).Want(403)
		decide(street, id, "upheld")
		step(street, id, "clear", nil).Want(409, "pact.upheld_findings")
		step(writer, id, "adopt", vote(w, 200, 150)).Want(409, "flow.not_from")
		step(street, id, "return", object{"note": "删去罚款和停水停电"}).Want(200)

		mended := content("第一条 车辆停入车位。", "第二条 按时交物业费。", "第三条 邻里互助。")
		mended["version"] = newest(writer.Do("GET", "/pact/conventions/"+id, nil))["version"]
		writer.Do("PUT", "/pact/conventions/"+id, mended).Want(200)
		step(writer, id, "submit", nil).Want(200)
		decide(street, id, "dismissed")
		step(street, id, "clear", nil).Want(200)
		nobody.Page("GET", "/conventions/"+id, nil).Want(404)

		step(writer, id, "adopt", vote(w, 150, 150)).Want(409, "pact.votes_short")
		step(writer, id, "adopt", vote(w, 151, 75)).Want(409, "pact.votes_short")
		step(writer, id, "adopt", vote(w, 151, 76)).Want(200)
		step(street, id, "file", object{"filing": object{"office": "township", "day": today(w), "number": "1"}}).Want(422)
		step(writer, id, "file", object{"filing": object{"office": "street", "day": today(w), "number": "1"}}).Want(403)
		step(street, id, "file", object{"filing": object{"office": "street", "day": today(w), "number": "2026-1"}}).Want(200)
		step(writer, id, "publish", nil).Want(200)
		if page = nobody.Page("GET", "/conventions/"+id, nil).Want(200); !strings.Contains(page.Raw, "2026-1") || !strings.Contains(page.Raw, "151") {
			t.Error("the page names neither file nor counts")
		}
		if section := nobody.Page("GET", "/communities/"+apptest.Community, nil).Raw; !strings.Contains(section, "/conventions/"+id) {
			t.Error("the community's page does not lead to it")
		}

		step(street, id, "order", object{"note": "第二条与法律不一致"}).Want(200)
		if page = nobody.Page("GET", "/conventions/"+id, nil); !strings.Contains(page.Raw, "第二条与法律不一致") {
			t.Error("that it is under correction is not shown")
		}
		step(writer, id, "revise", object{"note": "依责令改正"}).Want(200)
		step(writer, id, "revise", object{"note": "再来"}).Want(409)
		next := content("第一条 车辆停入车位。", "第三条 邻里互助，尊老爱幼。")
		next["version"] = newest(writer.Do("GET", "/pact/conventions/"+id, nil))["version"]
		writer.Do("PUT", "/pact/conventions/"+id, next).Want(200)
		step(writer, id, "submit", nil).Want(200)
		decide(street, id, "dismissed")
		step(street, id, "clear", nil).Want(200)
		step(writer, id, "adopt", vote(w, 200, 150)).Want(200)
		step(street, id, "file", object{"filing": object{"office": "street", "day": today(w), "number": "2026-2"}}).Want(200)
		step(writer, id, "publish", nil).Want(200)
		page = nobody.Page("GET", "/conventions/"+id, nil).Want(200)
		if !strings.Contains(page.Raw, "尊老爱幼") || !strings.Contains(page.Raw, "<del>按时交物业费。</del>") {
			t.Error("the new edition or what has changed is not shown")
		}
		if page = nobody.Page("GET", "/conventions/"+id+"?edition=1", nil).Want(200); !strings.Contains(page.Raw, "按时交物业费") {
			t.Error("the first edition is not readable")
		}
	})
}

// The text is reviewed as it is written, and a pasted one is taken apart; the representatives of a village cannot adopt.
func TestReviewAndBodies(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		writer := w.As("committee")
		got := writer.Do("POST", "/pact/review", object{"area": apptest.Community, "kind": "residents", "title": "", "clauses": []any{},
			"text": "居民公约\n一、讲究卫生，互助。\n二、违者罚款50元。"}).Want(200)
		if got.JSON["title"] != "居民公约" || len(got.JSON["clauses"].([]any)) != 2 || got.JSON["illegal"] != 1.0 {
			t.Errorf("%v", got.JSON)
		}
		wrong := content("第一条 互助。")
		wrong["kind"] = "villagers"
		writer.Do("POST", "/pact/conventions", wrong).Want(422)
		wrong["kind"], wrong["title"] = "residents", " "
		writer.Do("POST", "/pact/conventions", wrong).Want(422)
		id := writer.Do("POST", "/pact/conventions", content("第一条 互助。")).Want(201).Text("id")
		if raw := writer.Do("GET", "/pact/conventions/"+id+"/table?format=csv", nil).Want(200).Raw; !strings.Contains(raw, "互助") {
			t.Errorf("the table is %q", raw)
		}
		step(writer, id, "discard", nil).Want(200)
		w.Nobody().Page("GET", "/conventions/"+id, nil).Want(404)
	})
}
