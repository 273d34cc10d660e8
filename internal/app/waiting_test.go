package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/registry"
)

// listed are the ids that a view lists for somebody, in its order.
func listed(c *apptest.Caller, query string) []string {
	var out []string
	for _, one := range c.Do("GET", "/casework/cases?limit=100&"+query, nil).Want(200).Items() {
		out = append(out, one["id"].(string))
	}
	return out
}

// allowed are the steps that a case's page offers.
func allowed(t *testing.T, answer apptest.Answer) []map[string]any {
	t.Helper()
	var page struct{ Allowed []map[string]any }
	if err := json.Unmarshal([]byte(answer.Raw), &page); err != nil {
		t.Fatal(err)
	}
	return page.Allowed
}

// carries tells whether a case offers somebody a step that carries it on, and that the offered steps
// have the exceptional measures last.
func carries(t *testing.T, c *apptest.Caller, id string) bool {
	t.Helper()
	answer := c.Do("GET", "/casework/cases/"+id, nil)
	if answer.Status == 404 {
		return false
	}
	state, found, aside := answer.Want(200).Text("state"), false, false
	for _, m := range allowed(t, answer) {
		if exceptional := m["aside"].(bool); exceptional {
			aside = true
			continue
		}
		if aside {
			t.Errorf("%s comes after an exceptional measure", m["verb"])
		}
		found = found || m["to"] != state && m["verb"] != "resubmit" // for which the applicant is waited
	}
	return found
}

// What waits for somebody is what the flow offers them to carry on, at every stage of both flows and
// whatever the guards ask: the list, the count and the search agree with the case's own page.
func TestWaiting(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		logins := []string{"head", "clerk", "window", "dispatcher", "grid", "urban", "street", "stranger"}
		w.Grant("window2", registry.RoleDispatcher, apptest.Community)
		logins = append(logins, "window2")
		station := w.Body[apptest.Community+" station"]
		apply := func(key string) string {
			return w.Nobody().Apply(w.Fill(apptest.Application(key))).Want(201).Text("id")
		}
		take := func(login, id, verb string, body map[string]any) {
			t.Helper()
			if body == nil {
				body = map[string]any{}
			}
			w.As(login).StepApplication(id, verb, body).Want(200)
		}
		ids := []string{apply("w1"), apply("w2")}
		var who map[string][]string
		check := func(stage string) {
			t.Helper()
			who = map[string][]string{}
			for _, login := range logins {
				c := w.As(login)
				got := listed(c, "view=waiting")
				if n := c.Do("GET", "/casework/inbox", nil).Want(200).Text("waiting"); n != fmt.Sprint(len(got)) {
					t.Errorf("%s: %s is told of %s and shown %d", stage, login, n, len(got))
				}
				for _, id := range ids {
					if want := carries(t, c, id); want != slices.Contains(got, id) {
						t.Errorf("%s: %s is offered a step: %v, listed: %v", stage, login, want, !want)
					} else if want {
						who[id] = append(who[id], login)
					}
				}
			}
		}
		expect := func(stage, id string, want ...string) {
			t.Helper()
			check(stage)
			if !slices.Equal(who[id], want) {
				t.Errorf("%s: waits for %v, want %v", stage, who[id], want)
			}
		}
		a := ids[0]
		expect("submitted", a, "window", "dispatcher", "window2")
		take("window", a, "accept", nil)
		expect("accepted", a, "head", "clerk")
		if n := len(listed(w.As("head"), "view=mine")); n != 0 {
			t.Errorf("the head took %d cases", n)
		}
		take("clerk", a, "review", map[string]any{"choice": "pass"})
		expect("reviewed", a, "head")
		page := w.As("clerk").Do("GET", "/casework/cases/"+a, nil).Want(200)
		if !strings.Contains(page.Raw, `"roles":["department_head"]}`) {
			t.Errorf("for whom the case waits: %s", page.Raw)
		}
		take("head", a, "suspend", map[string]any{"choice": "hearing", "note": "组织听证"})
		expect("suspended", a)
		take("head", a, "resume", nil)
		take("head", a, "approve", nil)
		expect("approved", a, "window", "dispatcher", "window2")
		b := ids[1]
		take("window", b, "return", map[string]any{"lines": []string{"户口簿"}})
		expect("returned", b)
		if page := w.As("window").Do("GET", "/casework/cases/"+b, nil).Want(200); !strings.Contains(page.Raw, `"waits":{"reporter":true`) {
			t.Errorf("a returned case waits for its applicant: %s", page.Raw)
		}
		take("window", b, "resubmit", nil)
		take("window", b, "accept", nil)
		take("head", b, "review", map[string]any{"choice": "pass"}) // who reviews does not decide
		expect("reviewed by the head", b)

		j := apptest.NewMatter(t, w, "waiting")
		ids = append(ids, j.ID)
		expect("reported", j.ID, "dispatcher", "window2")
		j.Step(w.As("dispatcher"), "establish", nil).Want(200)
		expect("established", j.ID, "dispatcher", "window2")
		j.Step(w.As("dispatcher"), "dispatch", map[string]any{"unit": station}).Want(200)
		expect("dispatched", j.ID, "window", "dispatcher", "grid", "window2")
		j.Step(w.As("grid"), "handle", nil).Want(200)
		j.Step(w.As("dispatcher"), "join", map[string]any{"unit": w.Body[apptest.County+" civil_affairs"], "note": "核对", "number": 2}).Want(200)
		expect("handling while another unit helps", j.ID)
		j.Step(w.As("clerk"), "contribute", apptest.Note("已核对")).Want(200)
		expect("handling", j.ID, "window", "dispatcher", "grid", "window2")
		j.Step(w.As("grid"), "feed_back", apptest.Note("已清运")).Want(200)
		expect("fed back", j.ID, "dispatcher", "window2")
		if got := listed(w.As("dispatcher"), "view=waiting&q=垃圾"); !slices.Contains(got, j.ID) {
			t.Error("what waits is not found by its words")
		}
		if got := listed(w.As("grid"), "view=waiting&q=垃圾"); slices.Contains(got, j.ID) {
			t.Error("what a guard withholds is found by its words")
		}
		j.Step(w.As("dispatcher"), "verify", nil).Want(200)
		expect("verified", j.ID, "dispatcher", "window2")
		j.Step(w.As("dispatcher"), "close", nil).Want(200)
		expect("closed", j.ID)
	})
}
