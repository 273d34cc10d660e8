package app_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// Every step by which a case ends says what was decided, in words of both languages.
func TestEveryEndingHasAnOutcome(t *testing.T) {
	w := apptest.Open(t, t.TempDir()+"/linli.db")
	for _, f := range flowsOfCases(w) {
		open := map[string]bool{}
		for _, s := range f.States {
			open[s.State] = s.Open
		}
		for _, tr := range f.Transitions {
			for _, from := range tr.From {
				if tr.To != "" && !open[tr.To] && open[from] && tr.Outcome == "" && !delivered(f, from) {
					t.Errorf("%s: %s ends a case that is %s and declares no outcome", f.Name, tr.Verb, from)
				}
			}
		}
	}
	for _, o := range casework.Outcomes {
		if !w.App.Catalogue.Has("casework.outcome." + string(o)) {
			t.Errorf("outcome %s has no text", o)
		}
	}
}

// delivered tells whether every step that leads to a state has declared an outcome before.
func delivered(f module.Flow, state string) bool {
	found := false
	for _, tr := range f.Transitions {
		if tr.To == state {
			if tr.Outcome == "" {
				return false
			}
			found = true
		}
	}
	return found
}

// However a case ended, its reporter reads first what was decided, by whom, why, and what can be done
// about it; a refusal never looks like a success.
func TestTheOutcomeComesFirst(t *testing.T) {
	t.Parallel()
	type step struct{ who, at, verb, note, choice string }
	accept, review := step{"window", "03-02 11:00", "accept", "", ""}, step{"clerk", "03-03 10:00", "review", "", "fail"}
	deny := step{"head", "03-04 10:00", "deny", "年龄未满 80 周岁", ""}
	deliver := step{"window", "03-05 10:00", "deliver", "", ""}
	rate := step{"reporter", "03-06 10:00", "rate", "", ""}
	for _, c := range []struct {
		name    string
		steps   []step
		outcome casework.Outcome
		says    []string
		not     []string
	}{
		{"denied, under way", []step{accept, review, deny}, casework.Denied,
			[]string{"不予办理", "年龄未满 80 周岁", "civil_affairs", "书面决定正在送达"}, []string{"准予办理"}},
		{"denied and delivered", []step{accept, review, deny, deliver}, casework.Denied,
			[]string{"不予办理", "年龄未满 80 周岁", "2026年5月6日", "2026年9月7日", "行政复议法", "第二十条", "12345"}, []string{"按期办结", "正在送达", `class="tag done"`}},
		{"denied, delivered and rated", []step{accept, review, deny, deliver, rate}, casework.Denied,
			[]string{"不予办理", "年龄未满 80 周岁"}, []string{"按期办结"}},
		{"refused", []step{{"window", "03-02 11:00", "refuse", "不属于本社区受理", ""}}, casework.Refused,
			[]string{"不予受理", "不属于本社区受理", "行政复议", "重新提交"}, []string{"按期办结"}},
		{"granted", []step{accept, {"clerk", "03-03 10:00", "review", "", "pass"}, {"head", "03-04 10:00", "approve", "", ""}, deliver},
			casework.Granted, []string{"准予办理"}, []string{"行政复议"}},
		{"withdrawn", []step{{"reporter", "03-02 11:00", "withdraw", "", ""}}, casework.Withdrawn, []string{"已撤回"},
			[]string{"按期", "期限内", "civil_affairs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				o := apptest.NewOffice(t, w)
				opened := o.Submit("03-02 10:00", casework.Intake{})
				at := opened.Case
				for _, s := range c.steps {
					who := s.who
					if who == "reporter" {
						who = at.ID
					}
					if s.verb == "rate" {
						w.Nobody().Do("POST", "/casework/follow/rate", map[string]any{"code": opened.Code, "level": 2}).Want(200)
						continue
					}
					at = o.Does(who, s.at, at, flow.Verb(s.verb), flow.Input{Note: s.note, Choice: s.choice})
				}
				if at.Outcome != c.outcome {
					t.Errorf("the case says %q", at.Outcome)
				}
				visitor := w.Nobody()
				visitor.Page("POST", "/track", url.Values{"code": {opened.Code}})
				page := visitor.Page("GET", "/track/case", nil).Want(200).Raw
				first, _, _ := strings.Cut(page, `<section aria-labelledby="steps"`)
				for _, words := range c.says {
					if !strings.Contains(first, words) {
						t.Errorf("above the timeline stands no %q\n%s", words, first[strings.Index(first, "<main"):])
					}
				}
				for _, words := range c.not {
					if strings.Contains(first, words) {
						t.Errorf("the page says %q", words)
					}
				}
			})
		})
	}
}

// Every date by which something is due says which step it is for, so that nobody takes the day on which
// they are told of acceptance for that of the decision.
func TestEveryDueDateNamesItsStep(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		opened := o.Submit("03-02 10:00", casework.Intake{})
		for _, step := range []string{"告知是否受理", "作出决定"} {
			visitor := w.Nobody()
			visitor.Page("POST", "/track", url.Values{"code": {opened.Code}})
			page := visitor.Page("GET", "/track/case", nil).Want(200).Raw
			for _, words := range []string{"法定到期日：" + step, step + "："} {
				if !strings.Contains(page, words) {
					t.Errorf("the page does not say %q", words)
				}
			}
			if strings.Contains(page, "<dt>法定到期日</dt>") {
				t.Error("a date stands for no step")
			}
			if opened.Case.State == "submitted" {
				opened.Case = o.Does("window", "03-02 11:00", opened.Case, "accept", flow.Input{})
			}
		}
	})
}

// A step of the timeline names who took it and for which body, as that was called then, whatever unit is responsible
// after it; another reporter is not called "you".
func TestAStepNamesWhoTookItForWhichBodyThen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, station := w.As("dispatcher"), w.Body[apptest.Community+" station"]
		open := func(key string) (*apptest.Matter, string, string) {
			opened := w.Nobody().OpenCase(apptest.Incident(key)).Want(201)
			return &apptest.Matter{T: t, W: w, ID: opened.Text("id")}, opened.Text("code"), opened.Text("number")
		}
		main, mainCode, number := open("first")
		other, otherCode, _ := open("second")
		for _, m := range []*apptest.Matter{main, other} {
			m.Step(dispatcher, "establish", nil).Want(200)
		}
		main.Step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.County+" urban_management"]}).Want(200)
		other.Step(dispatcher, "merge", map[string]any{"case": number, "note": "同一问题"}).Want(200)
		body := w.Nobody().Do("GET", "/registry/areas/"+apptest.Community+"/bodies", nil).Want(200).Items()
		for _, b := range body {
			if b["id"] == station {
				w.As("city").Do("PUT", "/registry/bodies/"+station, map[string]any{"name": "改名以后的服务站", "version": b["version"]}).Want(200)
			}
		}
		got := dispatcher.Do("GET", "/casework/cases/"+main.ID, nil).Want(200)
		taken := map[string]string{}
		for _, e := range got.JSON["events"].([]any) {
			e := e.(map[string]any)
			by, _ := e["by"].(map[string]any)
			actor, _ := e["actor"].(map[string]any)
			taken[e["verb"].(string)] = fmt.Sprint(by["name"], " ", actor["role"])
		}
		if want := apptest.Community + " station dispatcher"; taken["dispatch"] != want || taken["establish"] != want {
			t.Errorf("taken by %v, want %q", taken, want)
		}
		for _, code := range []string{mainCode, otherCode} { // who was merged reads the steps of the main case too
			visitor := w.Nobody()
			visitor.Page("POST", "/track", url.Values{"code": {code}})
			page := visitor.Page("GET", "/track/case", nil).Want(200).Raw
			if strings.Count(page, "您本人") != 1 || !strings.Contains(page, apptest.Community+" station 派遣员") ||
				!strings.Contains(page, "已派遣给责任单位") || strings.Contains(page, "改名以后") {
				t.Errorf("who follows %s reads %s", code, page)
			}
		}
	})
}
