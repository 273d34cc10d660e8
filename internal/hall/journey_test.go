package hall_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/flow"
)

func TestApplicationJourney(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().Apply(w.Fill(apptest.Application("k1"))).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		again := w.Nobody().Apply(w.Fill(apptest.Application("k1"))).Want(201)
		if again.Text("id") != id || again.Text("code") != code {
			t.Fatal("the same client key opened a second case")
		}

		window, clerk, head := w.As("window"), w.As("clerk"), w.As("head")
		step := func(c *apptest.Caller, verb string, body map[string]any) apptest.Answer {
			t.Helper()
			return c.StepApplication(id, verb, body)
		}
		follow := func(verb string, body map[string]any) apptest.Answer {
			t.Helper()
			if body == nil {
				body = map[string]any{}
			}
			body["code"] = code
			return w.Nobody().Do("POST", "/casework/follow"+verb, body)
		}

		step(window, "return", map[string]any{"lines": []string{" ", ""}}).Want(422, "invalid")
		step(window, "return", map[string]any{"lines": []string{"近期照片", "银行卡复印件"}}).Want(200)
		if missing := follow("", nil).Want(200).Text("application.missing"); missing != `["近期照片","银行卡复印件"]` {
			t.Fatalf("the applicant is not told what is missing: %s", missing)
		}
		follow("/resubmit", map[string]any{"note": "已补齐"}).Want(200)
		step(window, "return", map[string]any{"lines": []string{"再补一份"}}).Want(409, "hall.application.returned_once")
		step(clerk, "review", map[string]any{"choice": "pass"}).Want(404)
		step(window, "accept", nil).Want(200)
		step(w.As("urban"), "review", map[string]any{"choice": "pass"}).Want(404)
		step(clerk, "review", map[string]any{"choice": "maybe"}).Want(422, "invalid")
		step(clerk, "review", map[string]any{"choice": "pass", "note": "符合条件"}).Want(200)
		step(clerk, "approve", nil).Want(403, "forbidden")
		step(head, "deny", nil).Want(422, "invalid")
		step(head, "approve", map[string]any{"note": "准予"}).Want(200)
		step(head, "approve", nil).Want(404) // back at the station: no longer the department's
		step(window, "deliver", nil).Want(200)
		step(window, "deliver", nil).Want(409, "flow.not_from")

		if !strings.Contains(follow("", nil).Raw, `"verb":"rate"`) {
			t.Fatal("the applicant is not offered to rate")
		}
		follow("/rate", map[string]any{"level": 6}).Want(422)
		follow("/rate", map[string]any{"level": 5, "note": "很快"}).Want(200)
		follow("/rate", map[string]any{"level": 1}).Want(409)
		for login, want := range map[string]string{"window": "", "county": "5"} {
			if got := w.As(login).Do("GET", "/casework/cases/"+id, nil).Want(200).Text("rating"); got != want {
				t.Errorf("%s sees the rating %q, want %q", login, got, want)
			}
		}
	})
}

// Before an application is accepted its clock is never suspended. What is missing is told instead,
// all of it at once and only once; nobody's time runs while the applicant supplements, and the five
// working days begin anew on the day after the supplement is received (行政许可法, art. 32).
func TestSupplementBeforeAcceptance(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		window := w.As("window")
		opened := w.Nobody().Apply(w.Fill(apptest.Application("supplement"))).Want(201)
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

		o := apptest.NewOffice(t, w)
		c := o.Apply("03-02 10:00")
		o.Due(c, "03-09 23:59", "03-09 23:59")
		c = o.Does("window", "03-09 16:00", c, "return", flow.Input{Lines: []string{"照片", "银行卡"}}) // on the last day
		o.Due(c, "", "")
		c = o.Does(c.ID, "03-20 22:00", c, "resubmit", flow.Input{}) // a Friday evening
		o.Due(c, "03-27 23:59", "03-27 23:59")
		if c.Late {
			t.Error("who returned in time is late")
		}
		o.Refused("window", "03-27 23:59", c, "return", flow.Input{Lines: []string{"又"}}, "hall.application.returned_once")
		o.Refused("system", "03-27 23:59", c, "deem_accepted", flow.Input{}, "hall.application.not_silent")
		c = o.Does("system", "03-28 00:00", c, "deem_accepted", flow.Input{})
		if c.State != "accepted" {
			t.Errorf("after five silent days with everything brought it is %s", c.State)
		}
	})
}
