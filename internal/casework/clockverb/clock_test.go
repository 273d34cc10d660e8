package clockverb_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/worklist"
	"linli/internal/platform/calendar"
	"linli/internal/platform/flow"
)

// Suspended time is not counted, nothing else is done meanwhile, and the reporter is told why.
func TestSuspensionStopsTheClock(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Apply("03-02 10:00")
		o.Refused("dispatcher", "03-02 10:30", c, "suspend", apptest.Reasoned, "flow.not_from")
		c = o.Does("window", "03-02 11:00", c, "accept", flow.Input{})
		o.Due(c, "03-05 23:59", "03-16 23:59")

		o.Refused("head", "03-03 09:00", c, "resume", flow.Input{}, "casework.not_suspended")
		o.Refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Choice: "inspection"}, "invalid") // no reason in words
		o.Refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "season"}, "invalid")
		o.Refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "expert", Day: "2026-03-03"}, "invalid")
		o.Refused("clerk", "03-03 09:00", c, "suspend", flow.Input{Note: "等", Choice: "expert", Day: "2028-01-01"}, "invalid")
		o.Refused("urban", "03-03 09:00", c, "suspend", apptest.Reasoned, "not_found")
		o.Refused("window", "03-03 09:00", c, "suspend", apptest.Reasoned, "casework.not_your_unit")
		c = o.Does("clerk", "03-03 10:00", c, "suspend", apptest.Reasoned)
		o.Due(c, "", "")
		if got := w.App.Casework.DueNow(o.At("clerk", "06-01 10:00"), &c); got.State != casework.DueSuspended {
			t.Errorf("months later it is %s", got.State)
		}
		if rule := o.Refused("clerk", "03-04 10:00", c, "review", flow.Input{Choice: "pass"}, "casework.suspended"); rule != "casework.suspend" {
			t.Errorf("refused by the rule %q", rule)
		}
		o.Refused("clerk", "03-04 10:00", c, "suspend", apptest.Reasoned, "casework.suspended")
		o.Refused("head", "03-04 10:00", c, "extend", apptest.Noted, "casework.suspended")

		seen, err := w.App.Casework.Show(o.At(c.ID, "03-04 10:00"), c.ID)
		if err != nil || suspension(&seen) == nil || suspension(&seen).Note != apptest.Reasoned.Note || seen.Due.State != casework.DueSuspended {
			t.Errorf("the reporter sees %+v %+v %v", suspension(&seen), seen.Due, err)
		}
		for view, want := range map[worklist.View]int{worklist.ViewSuspended: 1, worklist.ViewUnit: 1, worklist.ViewOverdue: 0} {
			list, err := w.App.Worklist.List(o.At("clerk", "06-01 10:00"), worklist.Filter{View: view})
			if err != nil || len(list.Cases) != want {
				t.Errorf("%s lists %d %v, want %d", view, len(list.Cases), err, want)
			}
		}

		c = o.Does("clerk", "03-10 09:00", c, "resume", flow.Input{})
		o.Due(c, "03-12 23:59", "03-23 23:59") // two days were left, and nine
		c = o.Does("clerk", "03-10 10:00", c, "suspend", apptest.Reasoned)
		c = o.Does("clerk", "03-17 10:00", c, "resume", flow.Input{})
		o.Due(c, "03-19 23:59", "03-30 23:59")
		o.Does("clerk", "03-18 10:00", c, "review", flow.Input{Choice: "pass"})
		if c, err = w.App.Casework.Find(o.At("system", "03-18 10:00"), c.ID); err != nil || c.Late {
			t.Errorf("late %v %v", c.Late, err)
		}
	})
}

// What was overdue when it was suspended stays late and is overdue when it goes on; what is
// withdrawn meanwhile ends.
func TestSuspensionHidesNoDelay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
		c = o.Does("clerk", "03-09 09:00", c, "suspend", apptest.Reasoned)
		c = o.Does("clerk", "03-16 09:00", c, "resume", flow.Input{})
		if got := w.App.Casework.DueNow(o.At("clerk", "03-16 09:00"), &c); got.State != casework.DueOverdue || !c.Late {
			t.Errorf("it is %s, late %v", got.State, c.Late)
		}
		o.Due(c, "03-05 23:59", "03-23 23:59")

		gone := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
		gone = o.Does("clerk", "03-03 09:00", gone, "suspend", apptest.Reasoned)
		gone = o.Does(gone.ID, "03-04 09:00", gone, "withdraw", flow.Input{})
		if gone.Open || gone.Late {
			t.Errorf("withdrawn: open %v, late %v", gone.Open, gone.Late)
		}
	})
}

// The pool of incidents: hours run on to the minute, and a set day brings a case back.
func TestThePool(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("dispatcher", "03-02 09:00", o.Report("03-02 08:30"), "establish", flow.Input{})
		c = o.Does("dispatcher", "03-02 09:30", c, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		o.Due(c, "03-02 15:30", "")
		o.Refused("urban", "03-02 10:00", c, "suspend", flow.Input{Note: "无资金", Choice: "funding"}, "forbidden")
		o.Refused("head", "03-02 10:00", c, "suspend", flow.Input{Note: "无资金", Choice: "funding"}, "not_found")
		c = o.Does("urban head", "03-02 10:00", c, "suspend", flow.Input{Note: "待春季补植", Choice: "season", Day: "2026-03-20"})
		for _, when := range []string{"03-19 23:00", "03-20 08:00", "03-20 08:05"} {
			n, err := w.App.Clock.BringBack(o.At("system", when))
			if want := map[string]int{"03-20 08:00": 1}[when]; n != want || err != nil {
				t.Errorf("at %s %d cases come back %v, want %d", when, n, err, want)
			}
		}
		c, err := w.App.Casework.Find(o.At("system", "03-20 08:10"), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		o.Due(c, "03-20 12:00", "") // four hours less the half hour before; the office opens at 8:30
		seen, err := w.App.Casework.Show(o.At("dispatcher", "03-20 09:00"), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		last := seen.Events[len(seen.Events)-1]
		if last.Verb != "resume" || last.Actor.Role != flow.System || last.Actor.Name != "" || !last.Public {
			t.Errorf("the last event is %+v", last)
		}
		o.Does("dispatcher", "03-20 09:00", c, "suspend", flow.Input{Note: "等居民配合", Choice: "resident"})
	})
}

// A suspension that runs into a year without a calendar is resumed with an open deadline, which is
// settled with what was left when the year is loaded.
func TestSuspensionWaitsForItsYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "12-28 11:00", o.Apply("12-28 10:00"), "accept", flow.Input{})
		o.Due(c, "12-31 23:59", "")
		if c.Clock.Year != 2027 {
			t.Fatalf("waits for %d", c.Clock.Year)
		}
		c = o.Does("clerk", "12-29 10:00", c, "suspend", apptest.Reasoned)
		c = o.Does("clerk", "12-31 10:00", c, "resume", flow.Input{})
		o.Due(c, "", "")
		if got := w.App.Casework.DueNow(o.At("clerk", "12-31 10:00"), &c); got.State != casework.DueOpen || got.Year != 2027 {
			t.Errorf("it is %+v", got)
		}
		w.LoadYear(2027)
		if n, err := w.App.Settle.Settle(o.At("system", "12-31 11:00")); n != 1 || err != nil {
			t.Fatalf("settled %d %v", n, err)
		}
		c, _ = w.App.Casework.Find(o.At("system", "12-31 11:00"), c.ID)
		o.Due(c, "01-05 23:59", "01-14 23:59") // two days and nine after 31 December; off until 3 January
	})
}

// One extension, before the deadline, by the head, with a reason, told to the reporter.
func TestExtensionOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
		o.Refused("clerk", "03-03 10:00", c, "extend", apptest.Noted, "forbidden")
		o.Refused("head", "03-03 10:00", c, "extend", flow.Input{}, "invalid")
		o.Refused("dispatcher", "03-03 10:00", c, "extend", apptest.Noted, "casework.not_your_unit")
		if rule := o.Refused("head", "03-06 00:00", c, "extend", apptest.Noted, "casework.extended_late"); rule != "hall.decide.extension" {
			t.Errorf("refused by the rule %q", rule)
		}
		c = o.Does("head", "03-05 23:00", c, "extend", apptest.Noted)
		o.Due(c, "03-19 23:59", "03-30 23:59")
		if rule := o.Refused("head", "03-06 10:00", c, "extend", apptest.Noted, "casework.extended_already"); rule != "hall.decide.extension" {
			t.Errorf("refused by the rule %q", rule)
		}
		seen, err := w.App.Casework.Show(o.At(c.ID, "03-06 10:00"), c.ID)
		if err != nil || extension(&seen) == nil || extension(&seen).Note != apptest.Noted.Note || extension(&seen).Amount.Amount != 10 {
			t.Errorf("the reporter sees %+v %v", extension(&seen), err)
		}
		c = o.Does("clerk", "03-10 10:00", c, "suspend", apptest.Reasoned)
		c = o.Does("clerk", "03-12 10:00", c, "resume", flow.Input{})
		o.Due(c, "03-23 23:59", "04-01 23:59")

		i := o.Does("dispatcher", "03-02 09:00", o.Report("03-02 08:30"), "establish", flow.Input{})
		o.Refused("dispatcher", "03-02 09:10", i, "extend", apptest.Noted, "flow.not_from")
		i = o.Does("dispatcher", "03-02 09:30", i, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		i = o.Does("urban head", "03-02 10:00", i, "extend", apptest.Noted)
		o.Due(i, "03-03 10:30", "") // eight hours
		if rule := o.Refused("dispatcher", "03-02 10:00", i, "extend", apptest.Noted, "casework.extended_already"); rule != "grid.extend.percent" {
			t.Errorf("refused by the rule %q", rule)
		}
		if i.Handler != "" {
			t.Errorf("who extends becomes handler: %s", i.Handler)
		}
	})
}

// An extension in working days lengthens a promise in another unit by just as much time, in the
// promise's own unit.
func TestAnExtensionKeepsTheUnitOfThePromise(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, x := range []struct{ promise, statutory, want, due string }{
			{"10 workhour", "10 workday", "81 workhour", "03-17 17:00"}, // to the end of the tenth working day after the first promise
			{"10 day", "10 workday", "24 day", "03-26 23:59"},
			{"10 workday", "10 workday", "20 workday", "03-30 23:59"},
		} {
			t.Run(x.promise, func(t *testing.T) {
				o := apptest.NewOffice(t, w)
				c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
				w.Exec(`UPDATE casework_case SET limit_promised = $1, limit_statutory = $2 WHERE id = $3`,
					x.promise, x.statutory, c.ID)
				c = o.Does("head", "03-02 12:00", c, "extend", apptest.Noted)
				if c.Clock.Promised.String() != x.want || c.Clock.Statutory != calendar.Workdays(20) {
					t.Errorf("%s of %s becomes %s of %s", x.promise, x.statutory, c.Clock.Promised, c.Clock.Statutory)
				}
				o.Due(c, x.due, "03-30 23:59")
			})
		}
	})
}

// An application that was put aside until a day comes back on that day by itself, as an incident does:
// the platform is in no unit.
func TestASuspendedApplicationComesBack(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
		in := apptest.Reasoned
		in.Day = "2026-03-10"
		c = o.Does("clerk", "03-03 10:00", c, "suspend", in)
		if n, err := w.App.Clock.BringBack(o.At("system", "03-10 00:05")); n != 1 || err != nil {
			t.Fatalf("%d applications come back on their day (%v), want 1", n, err)
		}
		o.Does("clerk", "03-10 09:00", c, "review", flow.Input{Choice: "pass"})
	})
}

func suspension(d *casework.Detail) *clockverb.SuspensionView {
	return casework.SectionOf[*clockverb.SuspensionView](d, clockverb.SectionSuspension)
}

func extension(d *casework.Detail) *clockverb.ExtensionView {
	return casework.SectionOf[*clockverb.ExtensionView](d, clockverb.SectionExtension)
}
