package application_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// through asks the gate of a process in a write of its own.
func through(ctx context.Context, w *apptest.World, r gate.Request) (p gate.Pass, err error) {
	err = w.App.Log.Do(ctx, func(tx *audit.Tx) (err error) {
		tx.Judged()
		tx.Record(audit.Entry{Action: "admission.application.write", Area: apptest.County, Subject: "test"})
		p, err = service(w).Pass(ctx, tx, r)
		return err
	})
	return p, err
}

func pass(t *testing.T, w *apptest.World, instant string, r gate.Request) error {
	t.Helper()
	_, err := through(when(t, w, instant), w, r)
	return err
}

// active is an admission for the street from 1 June to 31 August 2026, twice a year and 60 minutes.
func active(t *testing.T, w *apptest.World) (number string) {
	t.Helper()
	c := wanted("2026-06-01", "2026-08-31")
	c.Areas = []string{apptest.Street}
	id := received(t, w, c, "2026-04-01T09:00")
	take(t, w, id, "accept", "2026-04-01T10:00")
	take(t, w, id, "admit", "2026-04-17T10:00")
	return shown(t, w, id, "2026-04-17T10:00").Number
}

// Each refusal of the gate is 409 with the rule, and names what is needed.
func TestTheGateRefuses(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		civil, urban := w.Body[apptest.County+" civil_affairs"], w.Body[apptest.County+" urban_management"]
		number := active(t, w)
		ask := func(change func(*gate.Request)) gate.Request {
			r := gate.Request{Way: gate.Task, Body: civil, Areas: []string{apptest.Community}, Admission: number, Minutes: 60}
			change(&r)
			return r
		}
		const now = "2026-07-01T09:00"
		for _, c := range []struct {
			at, key string
			r       gate.Request
		}{
			{now, "none", ask(func(r *gate.Request) { r.Admission = "" })},
			{now, "unknown", ask(func(r *gate.Request) { r.Admission = "2026-320703-9999" })},
			{now, "body", ask(func(r *gate.Request) { r.Body = urban })},
			{now, "way", ask(func(r *gate.Request) { r.Way = gate.Inspection })},
			{now, "area", ask(func(r *gate.Request) { r.Areas = append(r.Areas, apptest.Elsewhere) })},
			{now, "hours", ask(func(r *gate.Request) { r.Minutes = 61 })},
			{"2026-05-31T23:59", "not_begun", ask(func(*gate.Request) {})},
			{"2026-09-01T00:00", "expired", ask(func(*gate.Request) {})},
			{"2026-09-01T00:00:01+08:00", "expired", ask(func(*gate.Request) {})},
			{now, "unlisted", ask(func(r *gate.Request) { r.Admission, r.Duty = "", "X99" })},
			{now, "unlisted", ask(func(r *gate.Request) { r.Admission, r.Duty = "", "N02" })},
			{now, "lead", ask(func(r *gate.Request) { r.Admission, r.Duty = "", "P02" })},
			{now, "certificate", ask(func(r *gate.Request) { r.Admission, r.Duty, r.Way = "", "C08", gate.Certificate })},
			{now, "certificate", ask(func(r *gate.Request) { r.Admission, r.Duty = "", "C08" })},
		} {
			err := pass(t, w, c.at, c.r)
			if e := errs.Of(err); e.Kind != errs.Conflict || e.Key != "admission.gate."+c.key || e.Rule == "" {
				t.Errorf("%+v at %s: %v, want %s with its rule", c.r, c.at, err, c.key)
			}
		}
		if err := pass(t, w, "2026-08-31T23:59:59+08:00", ask(func(*gate.Request) {})); err != nil {
			t.Errorf("in the last second: %v", err)
		}
		if p, err := through(when(t, w, now), w, ask(func(r *gate.Request) { r.Admission, r.Duty = "", "S01" })); err != nil ||
			p.Number != "S01" {
			t.Errorf("a listed entry of its lead department: %+v %v", p, err)
		}
	})
}

// What is suspended does not pass.
func TestSuspendedDoesNotPass(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		number := active(t, w)
		must(t, service(w).Watch(when(t, w, "2026-06-17T00:00")))
		err := pass(t, w, "2026-06-17T09:00", gate.Request{Way: gate.Task, Body: w.Body[apptest.County+" civil_affairs"],
			Areas: []string{apptest.Community}, Admission: number})
		if errs.Of(err).Key != "admission.gate.not_active" {
			t.Errorf("passes unpaid: %v", err)
		}
	})
}

// Twice a year is twice for each community, however many processes ask at once; the next year begins anew.
func TestFrequencyOverProcesses(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		number := active(t, w)
		worlds := []*apptest.World{w, w}
		if w.App.DB.Dialect == db.Postgres {
			worlds[1] = w.Another()
		}
		ask := gate.Request{Way: gate.Task, Body: w.Body[apptest.County+" civil_affairs"], Areas: []string{apptest.Community}, Admission: number}
		ctx := when(t, w, "2026-07-01T09:00")
		answers := make([]error, 8)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { _, answers[i] = through(ctx, worlds[i%2], ask) })
		}
		all.Wait()
		let := 0
		for _, err := range answers {
			if err == nil {
				let++
			} else if errs.Of(err).Key != "admission.gate.frequency" {
				t.Error(err)
			}
		}
		if let != 2 {
			t.Errorf("%d of 8 passed, want 2", let)
		}
		ask.Areas = []string{apptest.Neighbour}
		if _, err := through(ctx, w, ask); err != nil {
			t.Errorf("another community: %v", err)
		}
		ask.Areas = []string{apptest.Neighbour, apptest.Community}
		if _, err := through(ctx, w, ask); errs.Of(err).Key != "admission.gate.frequency" {
			t.Errorf("both at once: %v", err)
		}
		n, err := db.Value[int](ctx, w.App.DB, `SELECT times FROM admission_application_use WHERE area = $1`, apptest.Neighbour)
		if err != nil || n != 1 {
			t.Errorf("a refused request counts: %d %v", n, err)
		}
	})
}

// A write that fails after the gate has opened counts nothing.
func TestAPassIsOfItsWrite(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		number, ctx := active(t, w), when(t, w, "2026-07-01T09:00")
		failed := errors.New("not sent")
		err := w.App.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			if _, err := service(w).Pass(ctx, tx, gate.Request{Way: gate.Form, Body: w.Body[apptest.County+" civil_affairs"],
				Areas: []string{apptest.Community}, Admission: number}); errs.Of(err).Key != "admission.gate.way" {
				t.Errorf("a way that is not admitted: %v", err)
			}
			if _, err := service(w).Pass(ctx, tx, gate.Request{Way: gate.Task, Body: w.Body[apptest.County+" civil_affairs"],
				Areas: []string{apptest.Street}, Admission: number}); err != nil {
				t.Error(err)
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM admission_application_use`); err != nil || n != 0 {
			t.Errorf("%d counted, %v", n, err)
		}
	})
}

// Ways are words of the database and of texts: each has its own.
func TestWaysAreWorded(t *testing.T) {
	t.Parallel()
	w := apptest.SQLite(t)
	for _, way := range gate.Ways {
		if !slices.Contains(w.App.Catalogue.Keys(), "admission.way."+string(way)) {
			t.Errorf("no words for the way %s", way)
		}
	}
}

// A department that asks a community's station for a part of a case, or sends one on to it, rests on the lists or on an
// admission; a dispatcher's own work within the community does not.
func TestAPartOfACaseAsksTheGate(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		dispatcher, clerk := w.As("dispatcher"), w.As("clerk")
		civil, station := w.Body[apptest.County+" civil_affairs"], w.Body[apptest.Community+" station"]
		w.AccountWith("pusher", access.Grant{Role: registry.RoleDispatcher, Area: apptest.Community, Body: civil})
		id, _ := w.Incident(apptest.Community, "0101", "路灯不亮", "东门")
		step := func(c *apptest.Caller, verb string, in ...any) apptest.Answer {
			return c.Do("POST", "/grid/incidents/"+id+"/"+verb, with(object{}, in...))
		}
		step(dispatcher, "establish").Want(200)
		if got := step(w.As("pusher"), "dispatch", "unit", station); got.Status != 409 || got.Text("key") != "admission.gate.none" {
			t.Errorf("a department's dispatcher sends a case to the station: %d %s", got.Status, got.Raw)
		}
		step(dispatcher, "dispatch", "unit", civil).Want(200)
		ask := func(c *apptest.Caller, unit, basis string) apptest.Answer {
			return step(c, "join", "unit", unit, "note", "请协助核实住户情况", "number", 2, "basis", basis)
		}
		for basis, key := range map[string]string{"": "none", "P02": "lead", "X99": "unlisted",
			"2026-320703-9999": "unknown", "C08": "certificate"} {
			got := ask(clerk, station, basis)
			if got.Status != 409 || got.Text("key") != "admission.gate."+key || got.Text("rule.key") == "" {
				t.Errorf("on %q: %d %s, want %s", basis, got.Status, got.Raw, key)
			}
		}
		ask(clerk, station, "s01").Want(200)
		w.AccountWith("station", access.Grant{Role: registry.RoleDispatcher, Area: apptest.Community, Body: station})
		step(w.As("station"), "contribute", "note", "已核实", "number", 25).Want(200)
		row := w.App.DB.QueryRow(w.System(), `SELECT CAST(SUM(asked) AS BIGINT), CAST(SUM(answered) AS BIGINT), CAST(SUM(measured) AS BIGINT)
			FROM burden_event WHERE way = 'part'`)
		var asked, answered, measured int
		if err := row.Scan(&asked, &answered, &measured); err != nil || asked != 1 || answered != 1 || measured != 25 {
			t.Errorf("the ledger has %d asked, %d answered, %d minutes: %v", asked, answered, measured, err)
		}
		ask(dispatcher, w.Body[apptest.Community+" office"], "").Want(200)
	})
}
