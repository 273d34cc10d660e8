package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/worklist"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// office is a world whose clock a test sets.
type office struct {
	*testing.T
	w     *apptest.World
	staff map[string]*authority.Actor
}

func newOffice(t *testing.T, w *apptest.World) *office {
	o := &office{T: t, w: w, staff: map[string]*authority.Actor{"system": authority.SystemActor("test")}}
	station, civil, urban := w.Body[apptest.Community+" station"], w.Body[apptest.County+" civil_affairs"],
		w.Body[apptest.County+" urban_management"]
	for name, g := range map[string]authority.Grant{
		"window":       {Role: registry.RoleWindowWorker, Area: apptest.Community, Body: station},
		"dispatcher":   {Role: registry.RoleDispatcher, Area: apptest.Community, Body: station},
		"grid":         {Role: registry.RoleGridWorker, Area: apptest.Community, Body: station},
		"clerk":        {Role: registry.RoleDepartmentClerk, Area: apptest.County, Body: civil},
		"head":         {Role: registry.RoleDepartmentHead, Area: apptest.County, Body: civil},
		"urban":        {Role: registry.RoleDepartmentClerk, Area: apptest.County, Body: urban},
		"urban head":   {Role: registry.RoleDepartmentHead, Area: apptest.County, Body: urban},
		"street":       {Role: registry.RoleSubdistrictOfficer, Area: apptest.Street},
		"other street": {Role: registry.RoleSubdistrictOfficer, Area: "320706014"},
		"county":       {Role: registry.RoleCountyOfficer, Area: apptest.County},
		"city":         {Role: registry.RoleCityOfficer, Area: apptest.CityCode},
	} {
		o.staff[name] = authority.NewActor(w.App.Policy, name, "姓名"+name, []authority.Grant{g})
	}
	return o
}

// at is the context in which somebody acts at an instant of 2026, "03-02 10:00" or with the year.
func (o *office) at(who, when string) context.Context {
	o.Helper()
	if len(when) == len("03-02 10:00") {
		when = "2026-" + when
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", when, clock.City)
	if err != nil {
		o.Fatal(err)
	}
	actor, ok := o.staff[who]
	if !ok {
		actor = authority.NewReporter(who) // the id of a case
	}
	return clock.With(authority.With(context.Background(), actor), t)
}

func (o *office) apply(when string) casework.Case {
	o.Helper()
	return o.submit(when).Case
}

// submit applies for somebody at the window.
func (o *office) submit(when string) casework.Opened {
	o.Helper()
	opened, err := module.Of[*hall.Service](o.w.App.Modules).Submit(o.at("window", when),
		hall.Application{Item: "senior_card", Area: apptest.Community,
			Intake: casework.Intake{Channel: casework.ChannelWindow}, Answers: o.answers(),
			Applicant: people.Person{Name: "王建国", Phone: "19900001234", Number: "11010519491231002X", Address: "1 号楼"}})
	if err != nil {
		o.Fatal(err)
	}
	return opened
}

func (o *office) answers() form.Answers {
	out := form.Answers{}
	for key, v := range fill(o.T, o.w, application(""))["answers"].(map[string]any) {
		out[key] = form.One(v.(string))
	}
	return out
}

func (o *office) report(when string) casework.Case {
	o.Helper()
	opened, err := module.Of[*grid.Service](o.w.App.Modules).Report(o.at("grid", when),
		grid.Incident{Category: "0101", Description: "垃圾", Area: apptest.Community,
			Place: casework.Place{Text: "东门"}, Intake: casework.Intake{Channel: casework.ChannelField}})
	if err != nil {
		o.Fatal(err)
	}
	return opened.Case
}

// does takes a step and fails the test when it is refused.
func (o *office) does(who, when string, c casework.Case, verb flow.Verb, in flow.Input) casework.Case {
	o.Helper()
	after, err := o.w.App.Casework.Move(o.at(who, when), c.Kind, casework.MoveInput{ID: c.ID, Verb: verb, Input: in})
	if err != nil {
		o.Fatalf("%s may not %s at %s: %v", who, verb, when, err)
	}
	return after
}

// refused takes a step that must be refused by a key, and tells of which rule.
func (o *office) refused(who, when string, c casework.Case, verb flow.Verb, in flow.Input, key string) string {
	o.Helper()
	_, err := o.w.App.Casework.Move(o.at(who, when), c.Kind, casework.MoveInput{ID: c.ID, Verb: verb, Input: in})
	e := errs.Of(err)
	if err == nil || e.Key != key {
		o.Errorf("%s by %s at %s: %v, want %s", verb, who, when, err, key)
	}
	return e.Rule
}

func (o *office) due(c casework.Case, promised, lawful string) {
	o.Helper()
	for _, d := range []struct {
		name string
		at   *int64
		want string
	}{{"promised", c.Clock.Due, promised}, {"lawful", c.Clock.LawDue, lawful}} {
		got := ""
		if d.at != nil {
			got = clock.Instant(*d.at).Format("01-02 15:04")
		}
		if got != d.want {
			o.Errorf("%s deadline is %q, want %q", d.name, got, d.want)
		}
	}
}

var (
	reasoned = flow.Input{Note: "等待鉴定结论", Choice: "inspection"}
	noted    = flow.Input{Note: "说明"}
)

// Suspended time is not counted, nothing else is done meanwhile, and the reporter is told why.
func TestSuspensionStopsTheClock(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.apply("03-02 10:00")
		o.refused("dispatcher", "03-02 10:30", c, "suspend", reasoned, "flow.not_from")
		c = o.does("window", "03-02 11:00", c, "accept", flow.Input{})
		o.due(c, "03-05 23:59", "03-16 23:59")

		o.refused("head", "03-03 09:00", c, "resume", flow.Input{}, "casework.not_suspended")
		o.refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Choice: "inspection"}, "invalid") // no reason in words
		o.refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "season"}, "invalid")
		o.refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "expert", Day: "2026-03-03"}, "invalid")
		o.refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "expert", Day: "2028-01-01"}, "invalid")
		o.refused("urban", "03-03 09:00", c, "suspend", reasoned, "not_found")
		o.refused("window", "03-03 09:00", c, "suspend", reasoned, "casework.not_your_unit")
		c = o.does("clerk", "03-03 10:00", c, "suspend", reasoned)
		o.due(c, "", "")
		if got := w.App.Casework.DueNow(o.at("clerk", "06-01 10:00"), &c); got.State != casework.DueSuspended {
			t.Errorf("months later it is %s", got.State)
		}
		if rule := o.refused("clerk", "03-04 10:00", c, "review", flow.Input{Choice: "pass"}, "casework.suspended"); rule != "casework.suspend" {
			t.Errorf("refused by the rule %q", rule)
		}
		o.refused("clerk", "03-04 10:00", c, "suspend", reasoned, "casework.suspended")
		o.refused("head", "03-04 10:00", c, "extend", noted, "casework.suspended")

		seen, err := w.App.Casework.Show(o.at(c.ID, "03-04 10:00"), c.ID)
		if err != nil || suspension(&seen) == nil || suspension(&seen).Note != reasoned.Note || seen.Due.State != casework.DueSuspended {
			t.Errorf("the reporter sees %+v %+v %v", suspension(&seen), seen.Due, err)
		}
		for view, want := range map[worklist.View]int{worklist.ViewSuspended: 1, worklist.ViewUnit: 1, worklist.ViewOverdue: 0} {
			list, err := w.App.Worklist.List(o.at("clerk", "06-01 10:00"), worklist.Filter{View: view})
			if err != nil || len(list.Cases) != want {
				t.Errorf("%s lists %d %v, want %d", view, len(list.Cases), err, want)
			}
		}

		c = o.does("clerk", "03-10 09:00", c, "resume", flow.Input{})
		o.due(c, "03-12 23:59", "03-23 23:59") // two days were left, and nine
		c = o.does("clerk", "03-10 10:00", c, "suspend", reasoned)
		c = o.does("clerk", "03-17 10:00", c, "resume", flow.Input{})
		o.due(c, "03-19 23:59", "03-30 23:59")
		o.does("clerk", "03-18 10:00", c, "review", flow.Input{Choice: "pass"})
		if c, err = w.App.Casework.Find(o.at("system", "03-18 10:00"), c.ID); err != nil || c.Late {
			t.Errorf("late %v %v", c.Late, err)
		}
	})
}

// What was overdue when it was suspended stays late and is overdue when it goes on; what is
// withdrawn meanwhile ends.
func TestSuspensionHidesNoDelay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.does("window", "03-02 11:00", o.apply("03-02 10:00"), "accept", flow.Input{})
		c = o.does("clerk", "03-09 09:00", c, "suspend", reasoned)
		c = o.does("clerk", "03-16 09:00", c, "resume", flow.Input{})
		if got := w.App.Casework.DueNow(o.at("clerk", "03-16 09:00"), &c); got.State != casework.DueOverdue || !c.Late {
			t.Errorf("it is %s, late %v", got.State, c.Late)
		}
		o.due(c, "03-05 23:59", "03-23 23:59")

		gone := o.does("window", "03-02 11:00", o.apply("03-02 10:00"), "accept", flow.Input{})
		gone = o.does("clerk", "03-03 09:00", gone, "suspend", reasoned)
		gone = o.does(gone.ID, "03-04 09:00", gone, "withdraw", flow.Input{})
		if gone.Open || gone.Late {
			t.Errorf("withdrawn: open %v, late %v", gone.Open, gone.Late)
		}
	})
}

// The pool of incidents: hours run on to the minute, and a set day brings a case back.
func TestThePool(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.does("dispatcher", "03-02 09:00", o.report("03-02 08:30"), "establish", flow.Input{})
		c = o.does("dispatcher", "03-02 09:30", c, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		o.due(c, "03-02 15:30", "")
		o.refused("urban", "03-02 10:00", c, "suspend", flow.Input{Note: "无资金", Choice: "funding"}, "forbidden")
		o.refused("head", "03-02 10:00", c, "suspend", flow.Input{Note: "无资金", Choice: "funding"}, "not_found")
		c = o.does("urban head", "03-02 10:00", c, "suspend", flow.Input{Note: "待春季补植", Choice: "season", Day: "2026-03-20"})
		for _, when := range []string{"03-19 23:00", "03-20 08:00", "03-20 08:05"} {
			n, err := w.App.Clock.BringBack(o.at("system", when))
			if want := map[string]int{"03-20 08:00": 1}[when]; n != want || err != nil {
				t.Errorf("at %s %d cases come back %v, want %d", when, n, err, want)
			}
		}
		c, err := w.App.Casework.Find(o.at("system", "03-20 08:10"), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		o.due(c, "03-20 12:00", "") // four hours less the half hour before; the office opens at 8:30
		seen, err := w.App.Casework.Show(o.at("dispatcher", "03-20 09:00"), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		last := seen.Events[len(seen.Events)-1]
		if last.Verb != "resume" || last.Actor.Role != flow.System || last.Actor.Name != "" || !last.Public {
			t.Errorf("the last event is %+v", last)
		}
		o.does("dispatcher", "03-20 09:00", c, "suspend", flow.Input{Note: "等居民配合", Choice: "resident"})
	})
}

// A suspension that runs into a year without a calendar is resumed with an open deadline, which is
// settled with what was left when the year is loaded.
func TestSuspensionWaitsForItsYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.does("window", "12-28 11:00", o.apply("12-28 10:00"), "accept", flow.Input{})
		o.due(c, "12-31 23:59", "")
		if c.Clock.Year != 2027 {
			t.Fatalf("waits for %d", c.Clock.Year)
		}
		c = o.does("clerk", "12-29 10:00", c, "suspend", reasoned)
		c = o.does("clerk", "12-31 10:00", c, "resume", flow.Input{})
		o.due(c, "", "")
		if got := w.App.Casework.DueNow(o.at("clerk", "12-31 10:00"), &c); got.State != casework.DueOpen || got.Year != 2027 {
			t.Errorf("it is %+v", got)
		}
		w.LoadYear(2027)
		if n, err := w.App.Settle.Settle(o.at("system", "12-31 11:00")); n != 1 || err != nil {
			t.Fatalf("settled %d %v", n, err)
		}
		c, _ = w.App.Casework.Find(o.at("system", "12-31 11:00"), c.ID)
		o.due(c, "01-05 23:59", "01-14 23:59") // two days and nine after 31 December; off until 3 January
	})
}

// One extension, before the deadline, by the head, with a reason, told to the reporter.
func TestExtensionOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.does("window", "03-02 11:00", o.apply("03-02 10:00"), "accept", flow.Input{})
		o.refused("clerk", "03-03 10:00", c, "extend", noted, "forbidden")
		o.refused("head", "03-03 10:00", c, "extend", flow.Input{}, "invalid")
		o.refused("dispatcher", "03-03 10:00", c, "extend", noted, "casework.not_your_unit")
		if rule := o.refused("head", "03-06 00:00", c, "extend", noted, "casework.extended_late"); rule != "hall.decide.extension" {
			t.Errorf("refused by the rule %q", rule)
		}
		c = o.does("head", "03-05 23:00", c, "extend", noted)
		o.due(c, "03-19 23:59", "03-30 23:59")
		if rule := o.refused("head", "03-06 10:00", c, "extend", noted, "casework.extended_already"); rule != "hall.decide.extension" {
			t.Errorf("refused by the rule %q", rule)
		}
		seen, err := w.App.Casework.Show(o.at(c.ID, "03-06 10:00"), c.ID)
		if err != nil || extension(&seen) == nil || extension(&seen).Note != noted.Note || extension(&seen).Amount.Amount != 10 {
			t.Errorf("the reporter sees %+v %v", extension(&seen), err)
		}
		c = o.does("clerk", "03-10 10:00", c, "suspend", reasoned)
		c = o.does("clerk", "03-12 10:00", c, "resume", flow.Input{})
		o.due(c, "03-23 23:59", "04-01 23:59")

		i := o.does("dispatcher", "03-02 09:00", o.report("03-02 08:30"), "establish", flow.Input{})
		o.refused("dispatcher", "03-02 09:10", i, "extend", noted, "flow.not_from")
		i = o.does("dispatcher", "03-02 09:30", i, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		i = o.does("urban head", "03-02 10:00", i, "extend", noted)
		o.due(i, "03-03 10:30", "") // eight hours
		if rule := o.refused("dispatcher", "03-02 10:00", i, "extend", noted, "casework.extended_already"); rule != "grid.extend.percent" {
			t.Errorf("refused by the rule %q", rule)
		}
		if i.Handler != "" {
			t.Errorf("who extends becomes handler: %s", i.Handler)
		}
	})
}

// Five silent working days after the receipt an application counts as accepted since its receipt,
// to the millisecond, whether or not the job has run.
func TestSilenceAccepts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		deem := func(when string) int {
			n, err := module.Of[*hall.Service](w.App.Modules).DeemAccepted(o.at("system", when))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		c, acted := o.apply("03-02 10:00"), o.apply("03-02 10:00")
		o.does("window", "03-09 23:59", acted, "return", flow.Input{Lines: []string{"照片"}})
		o.refused("window", "03-10 00:00", c, "return", flow.Input{Lines: []string{"照片"}}, "hall.application.deemed")
		o.refused("window", "03-10 00:00", c, "accept", flow.Input{}, "hall.application.deemed")
		if rule := o.refused("window", "03-10 00:00", c, "refuse", noted, "hall.application.deemed"); rule != "hall.accept.days" {
			t.Errorf("refused by the rule %q", rule)
		}
		o.refused("dispatcher", "03-10 00:00", c, "deem_accepted", flow.Input{}, "forbidden")
		o.refused("system", "03-09 23:00", c, "deem_accepted", flow.Input{}, "hall.application.not_silent")
		if n := deem("03-09 23:59"); n != 0 {
			t.Errorf("%d are accepted on the fifth day", n)
		}
		if n, again := deem("03-10 00:00"), deem("03-10 00:01"); n != 1 || again != 0 {
			t.Errorf("%d are accepted, then %d", n, again)
		}
		c, err := w.App.Casework.Find(o.at("system", "03-10 09:00"), c.ID)
		if err != nil || c.State != "accepted" || c.Unit != w.Body[apptest.County+" civil_affairs"] || c.Late {
			t.Fatalf("%s at %s, late %v %v", c.State, c.Unit, c.Late, err)
		}
		if since := clock.Instant(c.Clock.Since).Format("01-02 15:04"); since != "03-02 10:00" {
			t.Errorf("its time runs from %s", since)
		}
		o.due(c, "03-05 23:59", "03-16 23:59")
		seen, err := w.App.Casework.Show(o.at(c.ID, "03-10 09:00"), c.ID)
		if last := seen.Events[len(seen.Events)-1]; err != nil || last.Verb != "deem_accepted" || !last.Public || last.From != "submitted" {
			t.Errorf("the reporter is told %+v %v", last, err)
		}

		acted = o.does(acted.ID, "03-16 10:00", acted, "resubmit", flow.Input{})
		if n := deem("03-23 23:59"); n != 0 {
			t.Errorf("%d are accepted within five days of what was brought again", n)
		}
		if n := deem("03-24 00:00"); n != 1 {
			t.Errorf("%d are accepted after them", n)
		}

		late := o.apply("12-28 10:00") // into a year that nobody knows
		if n := deem("2027-02-01 10:00"); n != 0 {
			t.Errorf("%d are accepted by guessing", n)
		}
		list, err := w.App.Worklist.List(o.at("dispatcher", "2027-02-01 10:00"), worklist.Filter{View: worklist.ViewPending})
		if err != nil || len(list.Cases) != 1 || list.Cases[0].ID != late.ID {
			t.Errorf("%d wait %v", len(list.Cases), err)
		}
		w.LoadYear(2027)
		if _, err := w.App.Settle.Settle(o.at("system", "2027-02-01 10:00")); err != nil {
			t.Fatal(err)
		}
		if n := deem("2027-02-01 10:00"); n != 1 {
			t.Errorf("%d are accepted once the year is known", n)
		}
	})
}

// No face may take the platform's own step.
func TestNobodyDeems(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id := openOne(t, w, "application")
		if got := w.As("dispatcher").StepApplication(id, "deem_accepted", map[string]any{}); got.Status != 404 &&
			got.Status != 405 {
			t.Errorf("the route answers %d", got.Status)
		}
		page := w.As("dispatcher").Do("GET", "/casework/cases/"+id, nil).Want(200)
		if strings.Contains(page.Raw, `"verb":"deem_accepted"`) {
			t.Error("a button is shown")
		}
	})
}

// Whether a reviewer may decide is a rule with dates, asked on the day of the step: not on that of the program's start.
func TestSeparationIsAskedOnTheDayOfTheStep(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		o.staff["both"] = authority.NewActor(w.App.Policy, "both", "姓名both", []authority.Grant{
			{Role: registry.RoleDepartmentClerk, Area: apptest.County, Body: o.staff["clerk"].Grants[0].Body},
			{Role: registry.RoleDepartmentHead, Area: apptest.County, Body: o.staff["clerk"].Grants[0].Body}})
		v, ok := w.App.Rules.On("hall.separation", "2026-03-02")
		if !ok {
			t.Fatal("no rule")
		}
		v.ValidFrom, v.Value = "2026-03-05", "0"
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error { return w.App.Rules.Put(w.System(), tx, v) }))
		must(t, w.App.Rules.Refresh(w.System(), w.App.DB))
		c := o.does("window", "03-02 10:00", o.apply("03-02 09:00"), "accept", flow.Input{})
		c = o.does("both", "03-03 10:00", c, "review", flow.Input{Choice: "pass"})
		const key = "hall.application.reviewer_decides"
		if rule := o.refused("both", "03-04 17:00", c, "approve", flow.Input{Note: "同意"}, key); rule != "hall.separation" {
			t.Errorf("refused by %q", rule)
		}
		o.does("both", "03-05 09:00", c, "approve", flow.Input{Note: "同意"})
	})
}
