package app_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/flow"
)

// Before an application is accepted its clock is never suspended. What is missing is told instead,
// all of it at once and only once; nobody's time runs while the applicant supplements, and the five
// working days begin anew on the day after the supplement is received (行政许可法, art. 32).
func TestSupplementBeforeAcceptance(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		window := w.As("window")
		opened := w.Nobody().Apply(fill(t, w, application("supplement"))).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		step := func(verb string, body map[string]any) apptest.Answer {
			return window.StepApplication(id, verb, body)
		}
		follow := func(path string, body map[string]any) apptest.Answer {
			sent := map[string]any{"code": code}
			for k, v := range body {
				sent[k] = v
			}
			return w.Nobody().Do("POST", "/casework/follow"+path, sent)
		}
		offered := func(a apptest.Answer) string {
			var verbs []string
			for _, m := range a.JSON["allowed"].([]any) {
				verbs = append(verbs, m.(map[string]any)["verb"].(string))
			}
			return strings.Join(verbs, " ")
		}
		aside := map[string]any{"choice": "hearing", "note": "等待"}
		for _, choice := range []string{"hearing", "inspection", "expert", "resident"} {
			aside["choice"] = choice
			step("suspend", aside).Want(409, "flow.not_from")
		}
		if got := offered(window.Do("GET", "/casework/cases/"+id, nil).Want(200)); got != "accept refuse return" {
			t.Errorf("before acceptance the window is offered %q", got)
		}
		step("return", map[string]any{}).Want(422)
		step("return", map[string]any{"lines": []string{" "}}).Want(422)
		if got := window.Do("GET", "/casework/cases/"+id, nil).Want(200); got.JSON["dueAt"] == nil {
			t.Error("a refused return stopped the clock")
		}
		returned := step("return", map[string]any{"lines": []string{"近期照片", "银行卡复印件"}}).Want(200)
		if returned.JSON["dueAt"] != nil || returned.Text("due.state") != "none" || returned.Text("returned") != "1" {
			t.Errorf("while the applicant supplements: %s", returned.Text("due"))
		}
		step("suspend", aside).Want(409, "flow.not_from")
		told := follow("", nil).Want(200)
		if told.Text("application.missing") != `["近期照片","银行卡复印件"]` || !strings.Contains(offered(told), "resubmit") {
			t.Errorf("the applicant is told %s and may %s", told.Text("application.missing"), offered(told))
		}
		again := follow("/resubmit", map[string]any{"note": "已补齐"}).Want(200)
		if again.Text("state") != "submitted" || again.JSON["dueAt"] == nil {
			t.Errorf("the supplement is received: %s until %v", again.Text("state"), again.JSON["dueAt"])
		}
		once := step("return", map[string]any{"lines": []string{"再补一份"}}).Want(409, "hall.application.returned_once")
		if !strings.Contains(once.Text("rule.article"), "第三十二条") {
			t.Errorf("the second return is refused by %s", once.Text("rule"))
		}
		step("suspend", aside).Want(409, "flow.not_from")
		if got := offered(window.Do("GET", "/casework/cases/"+id, nil).Want(200)); got != "accept refuse" {
			t.Errorf("after the supplement the window is offered %q", got)
		}
		step("accept", nil).Want(200)

		o := newOffice(t, w)
		c := o.apply("03-02 10:00")
		o.due(c, "03-09 23:59", "03-09 23:59")
		c = o.does("window", "03-09 16:00", c, "return", flow.Input{Lines: []string{"照片", "银行卡"}}) // on the last day
		o.due(c, "", "")
		c = o.does(c.ID, "03-20 22:00", c, "resubmit", flow.Input{}) // a Friday evening
		o.due(c, "03-27 23:59", "03-27 23:59")
		if c.Late {
			t.Error("who returned in time is late")
		}
		o.refused("window", "03-27 23:59", c, "return", flow.Input{Lines: []string{"又"}}, "hall.application.returned_once")
		o.refused("system", "03-27 23:59", c, "deem_accepted", flow.Input{}, "hall.application.not_silent")
		c = o.does("system", "03-28 00:00", c, "deem_accepted", flow.Input{})
		if c.State != "accepted" {
			t.Errorf("after five silent days with everything brought it is %s", c.State)
		}
	})
}
