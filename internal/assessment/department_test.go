package assessment_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

type object = map[string]any

// step takes a verb on the version that is shown.
func step(c *apptest.Caller, id, verb string) apptest.Answer {
	shown := c.Do("GET", "/assessment/schemes/"+id, nil)
	return c.Do("POST", "/assessment/schemes/"+id+"/"+verb, object{"version": shown.JSON["version"], "note": "probe"})
}

// A scheme of departments is judged by what residents say of their cases and by what they ask of communities, appealed by
// the department that it is about alone, and frozen by a second person.
func TestDepartmentsAreJudged(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("second", registry.RoleCommunityBuilding, apptest.County)
		builder, second, head := w.As("builder"), w.As("second"), w.As("head")
		civil := w.Body[apptest.County+" civil_affairs"]
		now := clock.Now(w.System())
		month := clock.Month(now)
		station := w.Body[apptest.Community+" station"]
		for i := range 40 {
			id, rating := fmt.Sprintf("%s-dep%02d", apptest.County, i), 5
			if i < 10 {
				rating = 2
			}
			w.Exec(`INSERT INTO casework_case (shard, id, number, kind, subject, title, state, open, area, unit_id, handler_id, worker_id, person_id,
				channel, client_key, code_hash, place, reported_at, clock_at, limit_promised, limit_statutory, due_year, late, returned, closed_at,
				rating, events, version) VALUES ($1,$2,$2,'incident','x','x','closed',0,$3,$4,'','','','web',$2,$2,'',$5,$5,'','',0,$6,0,$5,$7,0,1)`,
				apptest.County, id, apptest.Community, station, clock.Millis(now), i%2, rating)
			for seq, by := range []string{station, civil, station} { // the station has it again when it is closed
				role := "dispatcher"
				if by == civil {
					role = "department_clerk"
				}
				w.Exec(`INSERT INTO casework_event (shard, case_id, seq, at, verb, from_state, to_state, actor_id, actor_name, actor_role, note, data, public)
					VALUES ($1,$2,$3,$4,'x','x','x','','',$5,'',$6,0)`, apptest.County, id, seq+1, clock.Millis(now), role, `{"by":"`+by+`"}`)
			}
		}
		for measure, n := range map[string]int{"sent": 20, "upheld": 5, "answered": 10, "returned": 1} {
			w.Exec(`INSERT INTO task_tally (shard, body_id, origin, month, measure, area, n) VALUES ($1,$2,$1,$3,$4,$1,$5)`,
				apptest.County, civil, month, measure, n)
		}
		offered := builder.Do("GET", "/assessment/choices", nil).Want(200)
		if got := fmt.Sprint(offered.JSON["departments"]); got !=
			"[cases_satisfied cases_on_time fields_prefilled paid_on_time tasks_accepted tasks_once]" {
			t.Errorf("offered: %s", got)
		}
		line := func(name, code string, weight float64) object {
			return object{"name": object{"zh": name, "en": ""}, "source": "computed", "code": code, "weight": weight,
				"basis": object{"law": "某条例", "article": "第一条"}}
		}
		content := object{"name": object{"zh": "部门考核", "en": ""}, "year": now.Year(), "area": apptest.County, "subjects": "departments",
			"indicators": []any{line("办件评价满意率", "cases_satisfied", 50), line("办件按时办结率", "cases_on_time", 20),
				line("下达任务未被拒办率", "tasks_accepted", 20), line("回复一次通过率", "tasks_once", 10)}}
		surveyed := line("居民满意度", "overall", 50)
		surveyed["source"] = "survey"
		spoilt := object{}
		for k, v := range content {
			spoilt[k] = v
		}
		spoilt["indicators"] = append([]any{surveyed}, content["indicators"].([]any)[1:]...)
		if got := builder.Do("POST", "/assessment/check", object{"content": spoilt}).Want(200); !strings.Contains(got.Raw,
			"assessment.indicator.apart") {
			t.Errorf("a survey of communities judges departments: %s", got.Raw)
		}
		id := builder.Do("POST", "/assessment/schemes", object{"content": content}).Want(201).Text("id")
		step(builder, id, "propose").Want(200)
		step(second, id, "publish").Want(200)
		computed := step(builder, id, "compute").Want(200)
		lines := computed.JSON["results"].(object)["lines"].([]any)
		own := object{}
		for _, l := range lines {
			if l.(object)["body"] == civil {
				own = l.(object)
			} else if l.(object)["total"] != nil {
				t.Errorf("a department of which nobody said anything is judged: %v", l)
			}
		}
		// 75 % satisfied, 50 % on time, 75 % accepted, 90 % at once: 0.5×75 + 0.2×50 + 0.2×75 + 0.1×90 = 71.5
		if own["total"] != 7150.0 || own["low"].(float64) >= 7150 || own["band"] != 1.0 || computed.JSON["holds"] != true {
			t.Fatalf("the department's result: %v of %s", own, computed.Raw)
		}
		if got := head.Do("GET", "/assessment/schemes/"+id, nil).Want(200); got.JSON["results"] != nil {
			t.Error("a department sees results before they are open")
		}
		step(builder, id, "open").Want(200)
		shown := head.Do("GET", "/assessment/schemes/"+id, nil).Want(200)
		if got := shown.JSON["results"].(object)["lines"].([]any); len(got) != 1 || fmt.Sprint(shown.JSON["appealable"]) != "["+civil+"]" {
			t.Errorf("the head sees %d lines and may appeal for %v", len(got), shown.JSON["appealable"])
		}
		at := "/assessment/schemes/" + id + "/departments/"
		head.Do("POST", at+"other/appeals", object{"body": "不服"}).Want(422)
		w.As("clerk").Do("POST", at+civil+"/appeals", object{"body": "不服"}).Want(403)
		appealed := head.Do("POST", at+civil+"/appeals", object{"body": "有 3 件不是本部门办理"}).Want(201)
		appeal := appealed.JSON["appeals"].([]any)[0].(object)
		second.Do("POST", "/assessment/schemes/"+id+"/appeals/"+appeal["id"].(string)+"/decide",
			object{"outcome": "declined", "answer": "已核实"}).Want(200)
		w.Exec("UPDATE assessment_scheme SET appeal_until = '2020-01-01' WHERE id = $1", id)
		step(second, id, "freeze").Want(200)
		if got := w.Nobody().Page("GET", "/assessments/"+id, nil); got.Status != 200 || !strings.Contains(got.Raw, "71.5") {
			t.Errorf("the public page: %d", got.Status)
		}
		// Whoever reads English sees the Chinese name where no English one was written.
		if got := w.Nobody().Page("GET", "/assessments?lang=en", nil); !strings.Contains(got.Raw, ">部门考核</a>") {
			t.Error("a scheme without an English name has no name in English")
		}
	})
}
