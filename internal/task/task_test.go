package task_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/task"
)

type object = map[string]any

// door is a gate for the tests: it lets through what rests on the admission ZR-1 or the duty S01, and counts.
type door struct {
	until  string
	passed atomic.Int64
	asked  atomic.Int64
}

func (d *door) Pass(_ context.Context, _ *audit.Tx, r gate.Request) (gate.Pass, error) {
	d.passed.Add(1)
	if r.Admission != "ZR-1" && r.Duty != "S01" {
		return gate.Pass{}, errs.New(errs.Conflict, "admission.gate.none")
	}
	if !r.Way.Known() || r.Body == "" || len(r.Areas) == 0 {
		return gate.Pass{}, errs.New(errs.Conflict, "admission.gate.way")
	}
	d.asked.Store(int64(len(r.Areas)))
	if r.Admission == "" {
		return gate.Pass{Number: r.Duty, Title: "社会救助协助"}, nil
	}
	return gate.Pass{Number: r.Admission, Title: "困难群众排查", Until: d.until}, nil
}

// book is a ledger that keeps what it is told; a write that runs twice tells twice.
type book struct {
	mu    sync.Mutex
	loads []gate.Load
}

func (b *book) Record(_ context.Context, _ *audit.Tx, loads ...gate.Load) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loads = append(b.loads, loads...)
	return nil
}

func (b *book) sum(of func(*gate.Load) int) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.loads {
		n += of(&b.loads[i])
	}
	return n
}

func service(w *apptest.World) *task.Service { return module.Of[*task.Service](w.App.Modules) }

// opened is a world with a gate whose admission lasts long, and a ledger.
func opened(w *apptest.World) (*door, *book) {
	w.LoadNow()
	d, b := &door{until: "2199-12-31"}, &book{}
	service(w).Gate, service(w).Ledger = d, b
	w.AccountWith("neighbour", access.Grant{Role: registry.RoleDispatcher, Area: apptest.Neighbour,
		Body: w.Body[apptest.Neighbour+" station"]})
	return d, b
}

func content(areas ...string) object {
	return object{"areas": areas, "way": "task", "title": "困难群众走访排查", "content": "请走访低保边缘家庭。\n\n逐户核实。", "ask": "走访户数和发现的问题",
		"answer": "text", "workdays": 5, "minutes": 60, "admission": "ZR-1"}
}

func with(o object, pairs ...any) object {
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	return o
}

// drafted writes and submits a task.
func drafted(c *apptest.Caller, o object) string {
	id := c.Do("POST", "/task/tasks", o).Want(201).Text("id")
	c.Do("POST", "/task/tasks/"+id+"/submit", object{}).Want(200)
	return id
}

// sent is a task that has reached all its communities.
func sent(w *apptest.World, o object) string {
	w.T.Helper()
	id := drafted(w.As("clerk"), o)
	w.As("head").Do("POST", "/task/tasks/"+id+"/send", object{}).Want(200)
	work(w)
	return id
}

func work(w *apptest.World) {
	w.T.Helper()
	if err := service(w).Work(w.System()); err != nil {
		w.T.Fatal(err)
	}
}

// caseOf is the case of a community.
func caseOf(w *apptest.World, id, area string) string {
	w.T.Helper()
	v, err := db.Value[string](w.System(), w.App.DB, `SELECT case_id FROM task_share WHERE task_id = $1 AND area = $2`, id, area)
	if err != nil || v == "" {
		w.T.Fatalf("no case in %s: %v", area, err)
	}
	return v
}

func count(w *apptest.World, query string, args ...any) int {
	w.T.Helper()
	n, err := db.Value[int](w.System(), w.App.DB, query, args...)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

func step(c *apptest.Caller, of, verb string, body object) apptest.Answer {
	return c.Do("POST", "/task/shares/"+of+"/"+verb, body)
}

// A department writes, its head signs, the gate lets it through, each community gets a case, answers, and the department accepts.
func TestATaskFromDraftToAcceptance(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, ledger := opened(w)
		clerk, head, committee, dispatcher := w.As("clerk"), w.As("head"), w.As("committee"), w.As("dispatcher")
		id := clerk.Do("POST", "/task/tasks", content(apptest.Street)).Want(201).Text("id")
		clerk.Do("POST", "/task/tasks/"+id+"/send", object{}).Want(403)
		head.Do("POST", "/task/tasks/"+id+"/send", object{}).Want(409, "flow.not_from")
		clerk.Do("POST", "/task/tasks/"+id+"/submit", object{}).Want(200)
		head.Do("POST", "/task/tasks/"+id+"/return", object{}).Want(422)
		head.Do("POST", "/task/tasks/"+id+"/return", object{"note": "请写明期限"}).Want(200)
		shown := clerk.Do("GET", "/task/tasks/"+id, nil).Want(200)
		clerk.Do("PUT", "/task/tasks/"+id, with(content(apptest.Street), "title", "困难群众走访", "version", shown.JSON["version"])).Want(200)
		clerk.Do("POST", "/task/tasks/"+id+"/submit", object{}).Want(200)
		got := head.Do("POST", "/task/tasks/"+id+"/send", object{}).Want(200)
		if got.Text("state") != "sending" || got.Text("basis.number") != "ZR-1" || got.Text("basis.until") != "2199-12-31" {
			t.Errorf("sent as %s %s", got.Text("state"), got.Text("basis"))
		}
		head.Do("POST", "/task/tasks/"+id+"/send", object{}).Want(409, "flow.not_from")
		work(w)
		got = head.Do("GET", "/task/tasks/"+id, nil).Want(200)
		if got.Text("state") != "sent" || got.Text("total") != "2" {
			t.Fatalf("after the job: %s of %s", got.Text("state"), got.Text("total"))
		}
		if n := ledger.sum(func(l *gate.Load) int { return l.Asked }); n < 2 {
			t.Errorf("the ledger was told of %d", n)
		}
		of := caseOf(w, id, apptest.Community)
		c := committee.Do("GET", "/casework/cases/"+of, nil).Want(200)
		if c.Text("kind") != "task" || c.Text("task.basis.number") != "ZR-1" || c.Text("title") != "困难群众走访" || c.Text("due.state") == "none" {
			t.Errorf("the case: %s %s %s", c.Text("kind"), c.Text("task.basis"), c.Text("due"))
		}
		step(w.As("neighbour"), of, "begin", object{}).Want(404)
		step(committee, of, "reply", object{"note": "x"}).Want(409, "flow.not_from")
		step(committee, of, "begin", object{}).Want(200)
		step(dispatcher, of, "reply", object{}).Want(422)
		step(dispatcher, of, "reply", object{"note": "走访 12 户，无异常", "number": 45}).Want(200)
		v := clerk.Do("GET", "/casework/cases/"+of, nil).Want(200)
		if v.Text("task.told") != "45" || v.Text("task.measured") != "1" {
			t.Errorf("minutes told %s measured %s", v.Text("task.told"), v.Text("task.measured"))
		}
		step(committee, of, "correct", object{"number": 30}).Want(409, "task.not_who_answered")
		step(dispatcher, of, "correct", object{"number": 30}).Want(200)
		w.As("urban").Do("GET", "/casework/cases/"+of, nil).Want(404)
		step(w.As("urban"), of, "accept", object{}).Want(404)
		step(clerk, of, "send_back", object{"note": "缺少问题清单"}).Want(200)
		step(committee, of, "begin", object{}).Want(200)
		step(committee, of, "reply", object{"note": "已补充"}).Want(200)
		step(clerk, of, "accept", object{}).Want(200)
		p := head.Do("GET", "/task/tasks/"+id+"/progress", nil).Want(200)
		if p.Text("accepted") != "1" || p.Text("asked") != "1" || p.Text("told") != "31" || p.Text("measured") != "2" {
			t.Errorf("progress %s", p.Raw)
		}
		other := caseOf(w, id, apptest.Neighbour)
		step(w.As("neighbour"), other, "begin", object{}).Want(200)
		step(w.As("neighbour"), other, "reply", object{"note": "已办"}).Want(200)
		step(clerk, other, "accept", object{}).Want(200)
		if got := head.Do("GET", "/task/tasks/"+id, nil); got.Text("state") != "completed" || got.Text("done") != "2" {
			t.Errorf("in the end %s, %s done", got.Text("state"), got.Text("done"))
		}
		f := head.Do("GET", "/task/figures?area="+apptest.County+"&from=2020-01&to=2199-12", nil).Want(200).Items()
		if len(f) != 1 || f[0]["sent"] != 2.0 || f[0]["answered"] != 2.0 || f[0]["onTime"] != 2.0 ||
			f[0]["declared"] != 120.0 || f[0]["told"] != 32.0 {
			t.Errorf("figures %v", f)
		}
	})
}

// What the gate refuses is not written: no share, no case, no figure, and the task stays as it was.
func TestWhatTheGateRefusesIsNotSent(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d, _ := opened(w)
		clerk, head := w.As("clerk"), w.As("head")
		cases := count(w, `SELECT COUNT(*) FROM casework_case`)
		refused := func(id string, key string) {
			t.Helper()
			before := count(w, `SELECT COUNT(*) FROM audit_entry`)
			head.Do("POST", "/task/tasks/"+id+"/send", object{}).Want(409, key)
			work(w)
			if n := count(w, `SELECT COUNT(*) FROM task_share`) + count(w, `SELECT COUNT(*) FROM task_tally`) +
				count(w, `SELECT COUNT(*) FROM casework_case`) - cases + count(w, `SELECT COUNT(*) FROM audit_entry`) - before; n != 0 {
				t.Errorf("%s: %d rows were written", key, n)
			}
			if got := head.Do("GET", "/task/tasks/"+id, nil); got.Text("state") != "submitted" || got.Text("basis.title") != "" {
				t.Errorf("%s: the task is %s", key, got.Raw)
			}
		}
		refused(drafted(clerk, with(content(apptest.Street), "admission", "ZR-0")), "admission.gate.none")
		late := drafted(clerk, content(apptest.Street))
		d.until = clock.Day(clock.Now(w.System()))
		refused(late, "task.after_basis")
		service(w).Gate = nil
		refused(late, "task.no_gate")
		service(w).Gate = d
		clerk.Do("POST", "/task/tasks", with(content(apptest.Street), "duty", "S01")).Want(422)
		clerk.Do("POST", "/task/tasks", content("320706")).Want(403)
		clerk.Do("POST", "/task/tasks", with(content(apptest.Street), "way", "inspection")).Want(422)
		w.As("committee").Do("POST", "/task/tasks", content(apptest.Community)).Want(403)
	})
}

// Every verb of both lifecycles, in every state, does what the table says: taken from where it is, refused elsewhere.
func TestEveryVerbInEveryState(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		var share, whole module.Flow
		for _, m := range w.App.Modules {
			for _, f := range m.Flows {
				switch f.Name {
				case "task.share":
					share = f
				case "task.task":
					whole = f
				}
			}
		}
		clerk, head, committee, builder := w.As("clerk"), w.As("head"), w.As("committee"), w.As("builder")
		id := sent(w, content(apptest.Community))
		of := caseOf(w, id, apptest.Community)
		who := map[string]*apptest.Caller{"accept": clerk, "send_back": clerk, "urge": clerk, "uphold": builder, "overrule": builder}
		body := object{"note": "说明", "choice": "unlisted", "number": 10}
		for _, st := range share.States {
			for _, verb := range []string{"begin", "reply", "accept", "send_back", "refuse", "uphold", "overrule", "urge", "correct"} {
				w.Exec(`DELETE FROM task_refusal`)
				unit := w.Body[apptest.Community+" station"]
				if st.State == "answered" {
					unit = w.Body[apptest.County+" civil_affairs"]
				}
				open := db.Bool(st.Open)
				account, err := w.App.Accounts.FindLogin(w.System(), "committee")
				if err != nil {
					t.Fatal(err)
				}
				w.Exec(`UPDATE casework_case SET state = $1, open = $2, unit_id = $3, worker_id = $4, closed_at = NULL WHERE id = $5`,
					st.State, open, unit, account.ID, of)
				w.Exec(`UPDATE task_share SET state = $1, began_at = 1 WHERE case_id = $2`, st.State, of)
				w.Exec(`UPDATE task_task SET state = 'sent', done = 0 WHERE id = $1`, id)
				caller := who[verb]
				if caller == nil {
					caller = committee
				}
				legal := slices.ContainsFunc(share.Transitions, func(r module.FlowTransition) bool {
					return r.Verb == verb && slices.Contains(r.From, st.State)
				})
				got := step(caller, of, verb, body)
				if legal && got.Status != http.StatusOK || !legal && (got.Status != http.StatusConflict || got.JSON["key"] != "flow.not_from") {
					t.Errorf("%s from %s: %d %.200s, legal %v", verb, st.State, got.Status, got.Raw, legal)
				}
			}
		}
		for _, st := range whole.States {
			for _, verb := range []string{"submit", "send", "return", "recall", "discard", "remind", "withdraw"} {
				id := clerk.Do("POST", "/task/tasks", content(apptest.Community)).Want(201).Text("id")
				w.Exec(`UPDATE task_task SET state = $1 WHERE id = $2`, st.State, id)
				legal := slices.ContainsFunc(whole.Transitions, func(r module.FlowTransition) bool {
					return r.Verb == verb && slices.Contains(r.From, st.State)
				})
				got := head.Do("POST", "/task/tasks/"+id+"/"+verb, object{"note": "说明"})
				if legal && got.Status != http.StatusOK || !legal && got.JSON["key"] != "flow.not_from" {
					t.Errorf("%s from %s: %d %.200s, legal %v", verb, st.State, got.Status, got.Raw, legal)
				}
			}
		}
	})
}

// A community refuses, with a ground; the community-building body decides, silence upholds, and the department never decides.
func TestARefusalIsDecided(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		clerk, head, committee, builder := w.As("clerk"), w.As("head"), w.As("committee"), w.As("builder")
		refusal := func() string {
			of := caseOf(w, sent(w, content(apptest.Community)), apptest.Community)
			step(committee, of, "refuse", object{"note": "不在清单内"}).Want(422)
			step(committee, of, "refuse", object{"choice": "unlisted", "note": "不在清单内"}).Want(200)
			return of
		}
		of := refusal()
		listed := builder.Do("GET", "/task/refusals?state=open", nil).Want(200).Items()
		if len(listed) != 1 || listed[0]["may"] != true || listed[0]["case"] != of || listed[0]["ground"] != "unlisted" {
			t.Fatalf("refusals %v", listed)
		}
		if mine := clerk.Do("GET", "/task/refusals", nil).Want(200).Items(); len(mine) != 1 || mine[0]["may"] != false {
			t.Errorf("the department's: %v", mine)
		}
		if other := w.As("urban").Do("GET", "/task/refusals", nil).Want(200).Items(); len(other) != 0 {
			t.Errorf("another department's: %v", other)
		}
		step(head, of, "uphold", object{}).Want(403)
		step(committee, of, "begin", object{}).Want(409, "flow.not_from")
		step(builder, of, "overrule", object{}).Want(422)
		step(builder, of, "overrule", object{"note": "属于清单第三项"}).Want(200)
		step(committee, of, "refuse", object{"choice": "scope", "note": "再次拒办"}).Want(409, "task.refused_before")
		step(committee, of, "begin", object{}).Want(200)

		of = refusal()
		if got := step(builder, of, "uphold", object{}).Want(200); got.Text("state") != "released" || got.Text("open") != "false" {
			t.Errorf("upheld: %s", got.Text("state"))
		}
		of = refusal()
		w.Exec(`UPDATE task_refusal SET due_at = 1 WHERE case_id = $1`, of)
		if err := service(w).Watch(w.System()); err != nil {
			t.Fatal(err)
		}
		if got := committee.Do("GET", "/casework/cases/"+of, nil).Want(200); got.Text("state") != "released" {
			t.Errorf("silence: %s", got.Text("state"))
		}
		f := builder.Do("GET", "/task/figures?area="+apptest.County+"&from=2020-01&to=2199-12", nil).Want(200).Items()
		if len(f) != 1 || f[0]["refused"] != 3.0 || f[0]["upheld"] != 2.0 || f[0]["lapsed"] != 1.0 || f[0]["overruled"] != 1.0 {
			t.Errorf("figures %v", f)
		}
	})
}

// What ends with its basis, or is withdrawn, need not be answered; cases that were not opened yet never are.
func TestATaskEndsWithItsBasis(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d, _ := opened(w)
		committee, head := w.As("committee"), w.As("head")
		id := sent(w, content(apptest.Street))
		of := caseOf(w, id, apptest.Community)
		step(committee, of, "begin", object{}).Want(200)
		w.Exec(`UPDATE task_task SET pass_until = '2020-01-01' WHERE id = $1`, id)
		step(committee, of, "reply", object{"note": "x"}).Want(409, "task.need_not_answer")
		if got := committee.Do("GET", "/casework/cases/"+of, nil).Want(200); got.Text("task.basis.live") != "false" ||
			got.Text("task.why") == "" {
			t.Errorf("an expired basis: %s", got.Text("task"))
		}
		if err := service(w).Watch(w.System()); err != nil {
			t.Fatal(err)
		}
		work(w)
		if got := committee.Do("GET", "/casework/cases/"+of, nil).Want(200); got.Text("state") != "ended" ||
			!strings.Contains(got.Text("task.why"), "ZR-1") {
			t.Errorf("ended: %s %s", got.Text("state"), got.Text("task.why"))
		}
		if n := count(w, `SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND state = 'ended'`, id); n != 2 {
			t.Errorf("%d shares ended", n)
		}
		d.until = "2199-12-31"
		other := drafted(w.As("clerk"), content(apptest.Street))
		head.Do("POST", "/task/tasks/"+other+"/send", object{}).Want(200)
		if err := w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			return service(w).Ended(w.System(), tx, "ZR-1", "准入已撤销")
		}); err != nil {
			t.Fatal(err)
		}
		work(w)
		if n := count(w, `SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND state = 'void' AND case_id = ''`, other); n != 2 {
			t.Errorf("%d shares are void", n)
		}
		third := sent(w, content(apptest.Community))
		head.Do("POST", "/task/tasks/"+third+"/withdraw", object{"note": "重复下发"}).Want(200)
		work(w)
		if got := committee.Do("GET", "/casework/cases/"+caseOf(w, third, apptest.Community), nil); got.Text("task.why") != "重复下发" {
			t.Errorf("withdrawn: %s", got.Text("task.why"))
		}
	})
}

// Two processes send, and two carry out: one pass, one case for each community; a job that was stopped goes on.
func TestTwoProcessesSendOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		d, _ := opened(w)
		worlds := []*apptest.World{w}
		if w.App.DB.Dialect == db.Postgres {
			other := w.Another()
			other.T = t
			service(other).Gate = d
			worlds = append(worlds, other)
		} else {
			worlds = append(worlds, w)
		}
		id := drafted(w.As("clerk"), content(apptest.County))
		heads := []*apptest.Caller{worlds[0].As("head"), worlds[1].As("head")}
		var taken atomic.Int64
		var wait sync.WaitGroup
		for _, head := range heads {
			wait.Go(func() {
				if head.Do("POST", "/task/tasks/"+id+"/send", object{}).Status == http.StatusOK {
					taken.Add(1)
				}
			})
		}
		wait.Wait()
		if taken.Load() != 1 {
			t.Fatalf("%d sendings were taken", taken.Load())
		}
		stopped, stop := context.WithCancel(w.System())
		stop()
		_ = service(w).Work(stopped)
		for _, of := range worlds {
			wait.Go(func() {
				if err := service(of).Work(of.System()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		want := len(w.App.Registry.Below(apptest.County, registry.LevelCommunity))
		if n := count(w, `SELECT COUNT(*) FROM casework_case WHERE kind = 'task'`); n != want || want == 0 {
			t.Errorf("%d cases for %d communities", n, want)
		}
		if n := count(w, `SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND case_id <> '' AND state = 'asked'`, id); n != want {
			t.Errorf("%d shares for %d communities", n, want)
		}
		if got := heads[0].Do("GET", "/task/tasks/"+id, nil); got.Text("state") != "sent" {
			t.Errorf("the task is %s", got.Text("state"))
		}
	})
}
