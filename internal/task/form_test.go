package task_test

import (
	"context"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/exchange/form"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/module"
)

// published is a form of the clerk's department that asks for something held and something new, resting on a duty.
func published(w *apptest.World) string {
	w.T.Helper()
	pair := func(s string) object { return object{"zh": s, "en": s} }
	field := func(key, label, reason string) object {
		return object{"key": key, "label": pair(label), "kind": "number", "required": true, "personal": false, "group": pair("组"), "min": 0,
			"max": 9999, "reason": reason}
	}
	id := w.As("clerk").Do("POST", "/exchange/forms", object{"title": pair("排查表"), "purpose": pair("摸清底数"), "admission": "", "from": "",
		"until": "", "days": 10, "duplicate": "", "fields": []object{field("grids", "网格数", ""), field("visited", "走访隐患户数", "统计排查结果")},
	}).Want(201).Text("id")
	w.As("clerk").Do("POST", "/exchange/forms/"+id+"/check", object{"version": 1}).Want(200)
	w.As("head").Do("POST", "/exchange/forms/"+id+"/publish", object{"version": 2}).Want(200)
	return id
}

func byForm(id string, areas ...string) object {
	return with(content(areas...), "answer", "form", "form", id, "admission", "", "duty", "S01")
}

// loads keeps what forms tell the ledger beside what tasks tell it.
func formLedger(w *apptest.World, b *book) *form.Service {
	forms := module.Of[*form.Service](w.App.Modules)
	forms.Ledger = b
	return forms
}

func answerOf(w *apptest.World, of string) (id string, whole string) {
	v := w.As("committee").Do("GET", "/casework/cases/"+of, nil).Want(200)
	return v.Text("task.form.answer"), v.Text("task.form.whole")
}

// A task that is answered by a form: the form arrives filled in before, counts its fields once, is answered before the task is, goes back
// with the case, and stands in the task's table.
func TestATaskAnsweredByAForm(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, ledger := opened(w)
		forms := formLedger(w, ledger)
		clerk, committee := w.As("clerk"), w.As("committee")
		of := published(w)
		clerk.Do("POST", "/task/tasks", with(byForm(of, apptest.Street), "form", "")).Want(422)
		clerk.Do("POST", "/task/tasks", byForm("none", apptest.Street)).Want(422)
		clerk.Do("POST", "/task/tasks", with(byForm(of, apptest.Street), "admission", "ZR-1", "duty", "")).Want(422)
		w.As("urban").Do("POST", "/task/tasks", byForm(of, apptest.Street)).Want(422)
		id := sent(w, byForm(of, apptest.Street))
		if err := forms.Prepare(w.System()); err != nil {
			t.Fatal(err)
		}
		asked := ledger.sum(func(l *gate.Load) int { return l.Asked })
		fields := ledger.sum(func(l *gate.Load) int { return l.Fields })
		filled := ledger.sum(func(l *gate.Load) int { return l.Prefilled })
		if asked < 2 || fields < 4 || fields%4 != 0 || filled < 2 || ledger.sum(func(l *gate.Load) int {
			if l.Way != gate.Task || l.Subject != id {
				return 1
			}
			return 0
		}) != 0 {
			t.Errorf("asked %d, fields %d, filled in %d: %+v", asked, fields, filled, ledger.loads)
		}
		share := caseOf(w, id, apptest.Community)
		answer, whole := answerOf(w, share)
		if answer == "" || whole != "false" {
			t.Fatalf("the form of the case: %q %s", answer, whole)
		}
		step(committee, share, "begin", object{}).Want(200)
		step(committee, share, "reply", object{}).Want(409, "task.form_open")
		at := "/exchange/answers/" + answer
		filledIn := object{"version": 1, "answers": object{"visited": "7"}, "marks": object{"grids": "confirmed"}}
		committee.Do("POST", at+"/open", nil).Want(200)
		committee.Do("POST", at+"/submit", filledIn).Want(200)
		clerk.Do("POST", at+"/accept", object{"version": 2}).Want(409, "exchange.sending.carried")
		committee.Do("POST", at+"/time", object{"version": 2, "minutes": 5}).Want(409, "exchange.sending.carried")
		if n := ledger.sum(func(l *gate.Load) int { return l.Measured }); n != 0 {
			t.Errorf("the form counts %d minutes itself", n)
		}
		step(committee, share, "reply", object{"number": 12}).Want(200)
		step(clerk, share, "send_back", object{"note": "户数有误"}).Want(200)
		shown := committee.Do("GET", at, nil).Want(200)
		if shown.Text("state") != "returned" || !strings.Contains(shown.Raw, "户数有误") {
			t.Errorf("sent back: %s", shown.Raw)
		}
		step(committee, share, "begin", object{}).Want(200)
		step(committee, share, "reply", object{}).Want(409, "task.form_open")
		filledIn["version"], filledIn["answers"] = shown.JSON["version"], object{"visited": "9"}
		committee.Do("POST", at+"/submit", filledIn).Want(200)
		step(committee, share, "reply", object{}).Want(200)
		table := clerk.Do("GET", "/task/tasks/"+id+"/table?format=csv", nil).Want(200)
		if !strings.Contains(table.Raw, "走访隐患户数") || !strings.Contains(table.Raw, ",9") {
			t.Errorf("the table: %s", table.Raw)
		}
		step(clerk, share, "accept", object{}).Want(200)
		if got := committee.Do("GET", at, nil).Want(200); got.Text("state") != "accepted" {
			t.Errorf("accepted: %s", got.Text("state"))
		}
		sending := committee.Do("GET", at, nil).Text("sending")
		clerk.Do("POST", "/exchange/sendings/"+sending+"/close", object{"version": 2, "note": "x"}).Want(409, "exchange.sending.carried")
		w.As("head").Do("POST", "/task/tasks/"+id+"/withdraw", object{"note": "不再需要"}).Want(200)
		other := count(w, `SELECT COUNT(*) FROM exchange_answer WHERE sending_id = $1 AND state = 'lapsed'`, sending)
		if ended := clerk.Do("GET", "/exchange/sendings/"+sending, nil).Want(200); other != 1 || ended.Text("state") != "ended" ||
			ended.Text("carrier") != id {
			t.Errorf("withdrawn: %d lapsed, %s", other, ended.Raw)
		}
	})
}

// A refusal that is upheld releases the community from the form, too.
func TestARefusalReleasesFromTheForm(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, ledger := opened(w)
		forms := formLedger(w, ledger)
		id := sent(w, byForm(published(w), apptest.Community))
		if err := forms.Prepare(w.System()); err != nil {
			t.Fatal(err)
		}
		share := caseOf(w, id, apptest.Community)
		answer, _ := answerOf(w, share)
		step(w.As("committee"), share, "refuse", object{"choice": "unpaid", "note": "没有经费"}).Want(200)
		step(w.As("builder"), share, "uphold", object{}).Want(200)
		if got := w.As("committee").Do("GET", "/exchange/answers/"+answer, nil).Want(200); got.Text("state") != "lapsed" {
			t.Errorf("released: %s", got.Text("state"))
		}
	})
}

// shut is a gate that lets nothing through.
type shut struct{}

func (*shut) Pass(context.Context, *audit.Tx, gate.Request) (gate.Pass, error) {
	return gate.Pass{}, context.Canceled
}

// A task that the gate refuses sends no form either.
func TestARefusedTaskSendsNoForm(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		id := drafted(w.As("clerk"), byForm(published(w), apptest.Street))
		service(w).Gate = &shut{}
		if got := w.As("head").Do("POST", "/task/tasks/"+id+"/send", object{}); got.Status == 200 {
			t.Errorf("sent: %s", got.Raw)
		}
		if n := count(w, `SELECT COUNT(*) FROM exchange_sending`); n != 0 {
			t.Errorf("%d forms are sent", n)
		}
	})
}
