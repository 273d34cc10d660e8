package hall_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/hall"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Five silent working days after the receipt an application counts as accepted since its receipt,
// to the millisecond, whether or not the job has run.
func TestSilenceAccepts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		deem := func(when string) int {
			n, err := module.Of[*hall.Service](w.App.Modules).DeemAccepted(o.At("system", when))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		c, acted := o.Apply("03-02 10:00"), o.Apply("03-02 10:00")
		o.Does("window", "03-09 23:59", acted, "return", flow.Input{Lines: []string{"照片"}})
		o.Refused("window", "03-10 00:00", c, "return", flow.Input{Lines: []string{"照片"}}, "hall.application.deemed")
		o.Refused("window", "03-10 00:00", c, "accept", flow.Input{}, "hall.application.deemed")
		if rule := o.Refused("window", "03-10 00:00", c, "refuse", apptest.Noted, "hall.application.deemed"); rule != "hall.accept.days" {
			t.Errorf("refused by the rule %q", rule)
		}
		o.Refused("dispatcher", "03-10 00:00", c, "deem_accepted", flow.Input{}, "forbidden")
		o.Refused("system", "03-09 23:00", c, "deem_accepted", flow.Input{}, "hall.application.not_silent")
		if n := deem("03-09 23:59"); n != 0 {
			t.Errorf("%d are accepted on the fifth day", n)
		}
		if n, again := deem("03-10 00:00"), deem("03-10 00:01"); n != 1 || again != 0 {
			t.Errorf("%d are accepted, then %d", n, again)
		}
		c, err := w.App.Casework.Find(o.At("system", "03-10 09:00"), c.ID)
		if err != nil || c.State != "accepted" || c.Unit != w.Body[apptest.County+" civil_affairs"] || c.Late {
			t.Fatalf("%s at %s, late %v %v", c.State, c.Unit, c.Late, err)
		}
		if since := clock.Instant(c.Clock.Since).Format("01-02 15:04"); since != "03-02 10:00" {
			t.Errorf("its time runs from %s", since)
		}
		o.Due(c, "03-05 23:59", "03-16 23:59")
		seen, err := w.App.Casework.Show(o.At(c.ID, "03-10 09:00"), c.ID)
		if last := seen.Events[len(seen.Events)-1]; err != nil || last.Verb != "deem_accepted" || !last.Public || last.From != "submitted" {
			t.Errorf("the reporter is told %+v %v", last, err)
		}

		acted = o.Does(acted.ID, "03-16 10:00", acted, "resubmit", flow.Input{})
		if n := deem("03-23 23:59"); n != 0 {
			t.Errorf("%d are accepted within five days of what was brought again", n)
		}
		if n := deem("03-24 00:00"); n != 1 {
			t.Errorf("%d are accepted after them", n)
		}

		late := o.Apply("12-28 10:00") // into a year that nobody knows
		if n := deem("2027-02-01 10:00"); n != 0 {
			t.Errorf("%d are accepted by guessing", n)
		}
		list, err := w.App.Worklist.List(o.At("dispatcher", "2027-02-01 10:00"), worklist.Filter{View: worklist.ViewPending})
		if err != nil || len(list.Cases) != 1 || list.Cases[0].ID != late.ID {
			t.Errorf("%d wait %v", len(list.Cases), err)
		}
		w.LoadYear(2027)
		if _, err := w.App.Settle.Settle(o.At("system", "2027-02-01 10:00")); err != nil {
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
		id := w.Nobody().Apply(w.Fill(apptest.Application("silent"))).Want(201).Text("id")
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
		o := apptest.NewOffice(t, w)
		o.Staff["both"] = authority.NewActor(w.App.Policy, "both", "姓名both", []authority.Grant{
			{Role: registry.RoleDepartmentClerk, Area: apptest.County, Body: o.Staff["clerk"].Grants[0].Body},
			{Role: registry.RoleDepartmentHead, Area: apptest.County, Body: o.Staff["clerk"].Grants[0].Body}})
		v, ok := w.App.Rules.On("hall.separation", "2026-03-02")
		if !ok {
			t.Fatal("no rule")
		}
		v.ValidFrom, v.Value = "2026-03-05", "0"
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error { return w.App.Rules.Put(w.System(), tx, v) }))
		must(t, w.App.Rules.Refresh(w.System(), w.App.DB))
		c := o.Does("window", "03-02 10:00", o.Apply("03-02 09:00"), "accept", flow.Input{})
		c = o.Does("both", "03-03 10:00", c, "review", flow.Input{Choice: "pass"})
		const key = "hall.application.reviewer_decides"
		if rule := o.Refused("both", "03-04 17:00", c, "approve", flow.Input{Note: "同意"}, key); rule != "hall.separation" {
			t.Errorf("refused by %q", rule)
		}
		o.Does("both", "03-05 09:00", c, "approve", flow.Input{Note: "同意"})
	})
}

// breaks gives cases a subject that nothing knows, so that no step of theirs can be taken.
func breaks(t *testing.T, w *apptest.World, ids ...string) {
	t.Helper()
	for _, id := range ids {
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_case SET subject = 'gone' WHERE id = $1`, id)
			return err
		}))
	}
}

// Cases on which a job cannot act hold up none that come after them: a whole batch of them stands first.
func TestAJobPassesOverWhatItCannotDo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		for i := range 201 {
			c := o.Apply(fmt.Sprintf("03-02 %02d:%02d", 9+i/60, i%60))
			breaks(t, w, c.ID)
		}
		last := o.Apply("03-05 10:00")
		n, err := module.Of[*hall.Service](w.App.Modules).DeemAccepted(o.At("system", "05-02 10:00"))
		must(t, err)
		if c, _ := w.App.Casework.Find(w.System(), last.ID); c.State != "accepted" || n != 1 {
			t.Errorf("behind 201 that cannot be accepted one is %s, %d accepted", c.State, n)
		}
	})
}
