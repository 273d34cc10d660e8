package task_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/admission/application"
	"linli/internal/admission/proposal"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/task"
)

// staged is a world in which the gate is the real one, at instants of 2026.
type staged struct {
	*apptest.World
	admissions *application.Service
	tasks      *task.Service
}

func stage(w *apptest.World) *staged {
	return &staged{w, module.Of[*application.Service](w.App.Modules), service(w)}
}

func (s *staged) ok(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

func at(s *staged, instant string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", instant, clock.City)
	s.ok(err)
	return t
}

// as is a context of an account, or of the platform itself ("system"), at an instant.
func (s *staged) as(login, instant string) context.Context {
	s.T.Helper()
	ctx := clock.With(s.System(), at(s, instant))
	if login == "system" {
		return ctx
	}
	a, err := s.App.Accounts.FindLogin(s.System(), login)
	s.ok(err)
	return authority.With(ctx, s.App.Access.Actor(a, a.Grants))
}

// take takes a verb on an application.
func (s *staged) take(id, verb, login, instant string) {
	s.T.Helper()
	d, err := s.admissions.Show(s.as("system", instant), id)
	s.ok(err)
	s.ok(s.admissions.Step(s.as(login, instant), id, flow.Verb(verb), d.Version, flow.Input{Note: "1号", Choice: "support"}))
}

// admitted is an admission for a county in June to December 2026 whose one instalment is due on 1 June.
func (s *staged) admitted(line string) (id, number string) {
	s.T.Helper()
	const received = "2026-04-01T09:00"
	e, err := s.admissions.Write(s.as("system", received), proposal.Proposal{Name: "独居老人走访", Ways: []string{"task"},
		Basis: proposal.AdmissionBasis{Document: "《老年人权益保障法》", Article: "第七条", Certainty: "V"}, Areas: []string{apptest.County},
		Text: "每季度上门走访独居老人一次，发现困难及时报告。", Role: "assist", From: "2026-06-01", Until: "2026-12-31", Exit: "2026-12-31",
		Frequency: 2, Minutes: 60, OwnStaff: "本局人员不足以逐户到达，需要社区协助。", Assessment: "none",
		Money: proposal.AdmissionMoney{Amount: 1000, Source: "区级财政", Line: line,
			Instalments: []proposal.AdmissionInstalment{{Amount: 1000, Due: "2026-06-01"}}}}, s.Body[apptest.County+" civil_affairs"])
	s.ok(err)
	for _, verb := range []string{"submit", "sign", "accept"} {
		s.take(e.ID, verb, "system", received)
	}
	s.take(e.ID, "admit", "system", "2026-04-17T10:00")
	d, err := s.admissions.Show(s.as("system", "2026-04-17T10:00"), e.ID)
	s.ok(err)
	return e.ID, d.Number
}

// sent is a task to a county that rests on an admission.
func (s *staged) sent(number, instant string) string {
	s.T.Helper()
	t, err := s.tasks.Write(s.as("clerk", instant), task.Content{Areas: []string{apptest.County}, Way: "task", Title: "走访", Content: "走访。",
		Ask: "户数", Answer: "text", Workdays: 5, Minutes: 60, Admission: number})
	s.ok(err)
	s.ok(s.tasks.Step(s.as("clerk", instant), t.ID, "submit", 0, flow.Input{}))
	s.ok(s.tasks.Step(s.as("head", instant), t.ID, "send", 0, flow.Input{}))
	return t.ID
}

func (s *staged) work(instant string) {
	s.T.Helper()
	s.ok(s.tasks.Work(s.as("system", instant)))
}

// answer begins or answers a community's share.
func (s *staged) answer(of, verb, instant string) error {
	_, err := s.App.Casework.Move(s.as("committee", instant), task.KindTask, casework.MoveInput{ID: of, Verb: flow.Verb(verb),
		Input: flow.Input{Note: "走访 12 户"}})
	return err
}

func (s *staged) pay(id, verb string, version int64, instant string) {
	s.T.Helper()
	s.ok(s.admissions.Pay(s.as("system", instant), id, 1, flow.Verb(verb), version, flow.Input{Day: instant[:10], Note: "回单"}))
}

// states counts the shares of a task by state.
func (s *staged) states(id, state string) int {
	return count(s.World, `SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND state = $2`, id, state)
}

// An admission that is suspended for unpaid money frees every community at once, and the job stops the clocks of all shares; paid and
// confirmed, what was owed is owed again with the time that was left.
func TestUnpaidMoneyPausesWhatRestsOnIt(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := stage(w)
		id, number := s.admitted("1号")
		of := s.sent(number, "2026-06-15T09:00")
		s.work("2026-06-15T09:01")
		all := s.states(of, "asked")
		if all < 2 {
			t.Fatalf("%d communities are asked", all)
		}
		share := caseOf(w, of, apptest.Community)
		s.ok(s.answer(share, "begin", "2026-06-15T10:00"))
		before := count(w, `SELECT due_at FROM task_share WHERE case_id = $1`, share)
		later := s.sent(number, "2026-06-16T09:00") // its cases are not opened yet

		s.ok(s.admissions.Watch(s.as("system", "2026-06-17T00:00")))
		shown, err := s.tasks.Show(s.as("clerk", "2026-06-17T00:00"), of)
		s.ok(err)
		if shown.Basis.Live || shown.Basis.Paused != "money" || shown.Stopped == "" || shown.Pending != "pause" {
			t.Errorf("suspended: %+v, %q, %s", shown.Basis, shown.Stopped, shown.Pending)
		}
		if err := s.answer(share, "reply", "2026-06-17T00:00"); errs.Of(err).Key != "task.paused" {
			t.Errorf("answered while suspended: %v", err)
		}
		s.work("2026-06-17T00:01")
		if n := count(w, `SELECT COUNT(*) FROM casework_case c, task_share h
			WHERE h.case_id = c.id AND h.task_id = $1 AND c.due_at IS NULL`,
			of); n != all {
			t.Errorf("the clocks of %d of %d cases stand still", n, all)
		}
		if n := s.states(later, "waiting"); n != all {
			t.Errorf("%d shares wait to be opened", n)
		}
		if err := s.tasks.Step(s.as("clerk", "2026-06-17T09:00"), of, "remind", 0, flow.Input{}); errs.Of(err).Key != "task.paused" {
			t.Errorf("urged while suspended: %v", err)
		}

		s.pay(id, "pay", 1, "2026-06-18T09:00")
		s.pay(id, "confirm", 2, "2026-06-18T10:00")
		if shown, err = s.tasks.Show(s.as("clerk", "2026-06-18T10:00"), of); err != nil || !shown.Basis.Live || shown.Stopped != "" {
			t.Errorf("paid: %+v, %q, %v", shown.Basis, shown.Stopped, err)
		}
		s.work("2026-06-18T10:01")
		s.work("2026-06-18T10:02")
		if n := s.states(later, "asked"); n != all {
			t.Errorf("%d shares are opened after the payment", n)
		}
		if due := count(w, `SELECT due_at FROM task_share WHERE case_id = $1`, share); due <= before {
			t.Errorf("due at %d, before the suspension %d", due, before)
		}
		s.ok(s.answer(share, "reply", "2026-06-18T11:00"))
	})
}

// A revoked admission closes all open shares: none need be answered from the transaction on, whether the job has come to it or not,
// and whether it stood still before.
func TestARevokedAdmissionClosesItsTasks(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := stage(w)
		id, number := s.admitted("1号")
		first, second := s.sent(number, "2026-06-10T09:00"), ""
		s.work("2026-06-10T09:01")
		all := s.states(first, "asked")
		s.take(id, "suspend", "builder", "2026-06-11T09:00")
		s.work("2026-06-11T09:01")
		share := caseOf(w, first, apptest.Community)
		s.take(id, "resume", "builder", "2026-06-11T10:00")
		second = s.sent(number, "2026-06-11T10:30") // not opened
		s.take(id, "suspend", "builder", "2026-06-11T11:00")
		s.take(id, "revoke", "builder", "2026-06-12T09:00")
		for _, of := range []string{first, second} {
			shown, err := s.tasks.Show(s.as("head", "2026-06-12T09:00"), of)
			s.ok(err)
			if shown.State != "ended" || shown.Basis.Live || shown.Stopped == "" || shown.Pending != "close" {
				t.Errorf("revoked: %s %+v %q", shown.State, shown.Basis, shown.Stopped)
			}
		}
		if err := s.answer(share, "begin", "2026-06-12T09:00"); errs.Of(err).Kind != errs.Conflict {
			t.Errorf("begun after the end: %v", err)
		}
		s.work("2026-06-12T09:01")
		if n, m := s.states(first, "ended"), s.states(second, "void"); n != all || m != all {
			t.Errorf("%d shares are ended and %d void, of %d", n, m, all)
		}
		if n := count(w, `SELECT COUNT(*) FROM casework_case WHERE kind = 'task' AND open = 1`); n != 0 {
			t.Errorf("%d cases are open", n)
		}
		if n := count(w, `SELECT COUNT(*) FROM task_task WHERE pending <> ''`); n != 0 {
			t.Errorf("the job has %d tasks left", n)
		}
	})
}

// What waits is found where staff look first: by whom, how many, by when, and where.
func TestTheInboxTellsWhatWaits(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		waits := func(login, kind string) object {
			for _, one := range w.As(login).Do("GET", "/casework/todo", nil).Want(200).Items() {
				if one["kind"] == kind {
					return one
				}
			}
			return nil
		}
		id := drafted(w.As("clerk"), content(apptest.Community))
		if got := waits("head", "task.todo.sign"); got == nil || got["id"] != id || got["page"] != "task" {
			t.Errorf("to sign: %v", got)
		}
		if got := waits("clerk", "task.todo.sign"); got != nil {
			t.Errorf("the writer signs: %v", got)
		}
		w.As("head").Do("POST", "/task/tasks/"+id+"/return", object{"note": "请写明期限"}).Want(200)
		if got := waits("clerk", "task.todo.returned"); got == nil || got["id"] != id {
			t.Errorf("returned: %v", got)
		}
		for range 2 {
			of := caseOf(w, sent(w, content(apptest.Community)), apptest.Community)
			step(w.As("committee"), of, "refuse", object{"choice": "unlisted", "note": "不在清单内"}).Want(200)
		}
		got := waits("builder", "task.todo.refusals")
		if got == nil || got["count"] != 2.0 || got["due"] == 0.0 || got["page"] != "task-refusals" ||
			got["query"].(object)["state"] != "open" {
			t.Errorf("refusals to decide: %v", got)
		}
		if got := waits("head", "task.todo.refused"); got == nil || got["count"] != 2.0 {
			t.Errorf("the department's: %v", got)
		}
		for _, login := range []string{"committee", "urban", "street"} {
			if got := waits(login, "task.todo.refusals"); got != nil {
				t.Errorf("%s decides: %v", login, got)
			}
		}
	})
}

// strict is a gate whose lists may take the duty S01 off.
type strict struct {
	door
	off atomic.Bool
}

func (d *strict) Pass(ctx context.Context, tx *audit.Tx, r gate.Request) (gate.Pass, error) {
	if d.off.Load() && r.Duty != "" {
		return gate.Pass{}, errs.New(errs.Conflict, "admission.gate.unlisted")
	}
	return d.door.Pass(ctx, tx, r)
}

// A duty that is taken off the lists ends the tasks that rest on it, and no other.
func TestADutyOffTheListsEndsItsTasks(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		g := &strict{door: door{until: "2199-12-31"}}
		service(w).Gate = g
		on := sent(w, with(content(apptest.Community), "admission", "", "duty", "S01"))
		other := sent(w, content(apptest.Community))
		state := func(id string) string { return w.As("clerk").Do("GET", "/task/tasks/"+id, nil).Want(200).Text("state") }
		watch := func() {
			t.Helper()
			if err := service(w).Watch(w.System()); err != nil {
				t.Fatal(err)
			}
			work(w)
		}
		if watch(); state(on) != "sent" {
			t.Errorf("a listed duty: %s", state(on))
		}
		g.off.Store(true)
		if watch(); state(on) != "ended" || state(other) != "sent" {
			t.Errorf("off the lists: %s, the other %s", state(on), state(other))
		}
		c := w.As("committee").Do("GET", "/casework/cases/"+caseOf(w, on, apptest.Community), nil).Want(200)
		if c.Text("state") != "ended" || !strings.Contains(c.Text("task.why"), "S01") {
			t.Errorf("the community is told %s, %s", c.Text("state"), c.Text("task.why"))
		}
	})
}
