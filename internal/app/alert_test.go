package app_test

import (
	"sync"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/casework/worklist"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// office is one in which alerts are raised and heard.
type office struct{ *apptest.Office }

func newOffice(t *testing.T, w *apptest.World) *office { return &office{apptest.NewOffice(t, w)} }

// raises runs the job and tells how many alerts it raised.
func (o *office) raises(when string) int {
	o.Helper()
	n, err := o.W.App.Alerts.RaiseAlerts(o.At("system", when))
	if err != nil {
		o.Fatal(err)
	}
	return n
}

// hears lists the stages of the alerts that have reached somebody, newest first.
func (o *office) hears(who, when string) []string {
	o.Helper()
	views, _, err := o.W.App.Alerts.Alerts(o.At(who, when), "", 50)
	if err != nil {
		o.Fatal(err)
	}
	out := []string{}
	for _, v := range views {
		out = append(out, v.Stage)
	}
	return out
}

func (o *office) unread(who, when string) int {
	o.Helper()
	n, err := o.W.App.Alerts.CountAlerts(o.At(who, when))
	if err != nil {
		o.Fatal(err)
	}
	return n
}

// heard fails the test unless exactly these posts hear of these stages.
func (o *office) heard(when string, want map[string]int) {
	o.Helper()
	for who := range o.Staff {
		if who == "system" {
			continue
		}
		if got := len(o.hears(who, when)); got != want[who] {
			o.Errorf("at %s %s has heard %v, want %d", when, who, o.hears(who, when), want[who])
		}
	}
}

// Each post hears once: the unit before the deadline, its head at it, the offices above after.
func TestAlertsClimb(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{}) // due on the 5th
		for _, step := range []struct {
			when string
			n    int
			want map[string]int
		}{
			{"03-03 10:00", 0, nil},
			{"03-04 00:00", 1, map[string]int{"clerk": 1, "head": 1}}, // a working day before: nobody took it, so the unit
			{"03-05 23:59", 0, map[string]int{"clerk": 1, "head": 1}},
			{"03-06 00:00", 1, map[string]int{"clerk": 1, "head": 2}},
			{"03-08 10:00", 0, map[string]int{"clerk": 1, "head": 2}},
			{"03-09 00:00", 1, map[string]int{"clerk": 1, "head": 2, "street": 1}}, // two working days after the 5th
			{"03-12 00:00", 1, map[string]int{"clerk": 1, "head": 2, "street": 1, "county": 1}},
			{"06-01 10:00", 0, map[string]int{"clerk": 1, "head": 2, "street": 1, "county": 1}},
		} {
			if n, again := o.raises(step.when), o.raises(step.when); n != step.n || again != 0 {
				t.Errorf("at %s %d are raised and then %d, want %d", step.when, n, again, step.n)
			}
			o.heard(step.when, step.want)
		}

		page, err := w.App.Casework.Show(o.At("street", "06-01 10:00"), c.ID)
		alerts := casework.SectionOf[[]alert.CaseAlert](&page, alert.SectionAlerts)
		if err != nil || len(alerts) != 4 || alerts[1].Post != "head" || !alerts[3].Standing {
			t.Errorf("the case page tells %+v %v", alerts, err)
		}
		if seen, err := w.App.Casework.Show(o.At(c.ID, "06-01 10:00"), c.ID); err != nil ||
			len(casework.SectionOf[[]alert.CaseAlert](&seen, alert.SectionAlerts)) != 0 {
			t.Errorf("the reporter is told %+v %v", seen.Sections, err)
		}

		if n := o.unread("head", "06-01 10:00"); n != 2 {
			t.Errorf("the head has %d unread", n)
		}
		views, _, _ := w.App.Alerts.Alerts(o.At("head", "06-01 10:00"), "", 50)
		if err := w.App.Alerts.ReadAlerts(o.At("street", "06-01 10:00"), []string{views[0].ID}); err != nil { // not theirs
			t.Fatal(err)
		}
		if err := w.App.Alerts.ReadAlerts(o.At("head", "06-01 10:00"), []string{views[0].ID}); err != nil {
			t.Fatal(err)
		}
		if n := o.unread("head", "06-01 10:00"); n != 1 {
			t.Errorf("after one is read the head has %d unread", n)
		}
		o.Does("clerk", "06-01 10:00", c, "review", flow.Input{Choice: "pass"}) // goes on within the same time
		if n := o.unread("street", "06-01 10:00"); n != 1 {
			t.Errorf("the street has %d unread while the deadline stands", n)
		}
		o.Does("head", "06-01 11:00", c, "approve", flow.Input{})
		for _, who := range []string{"head", "clerk", "street", "county"} {
			if n := o.unread(who, "06-01 12:00"); n != 0 {
				t.Errorf("%s has %d unread of a deadline that is no more", who, n)
			}
		}
	})
}

// Limits in working hours are warned of by the hour, and to the handler once there is one. A new
// deadline after an extension or a suspension has its own warnings.
func TestAlertsFollowTheDeadline(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.Does("dispatcher", "03-02 09:00", o.Report("03-02 08:30"), "establish", flow.Input{})
		c = o.Does("dispatcher", "03-02 09:30", c, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		c = o.Does("urban", "03-02 10:00", c, "handle", flow.Input{}) // due at 15:30
		if n := o.raises("03-02 14:29"); n != 0 {
			t.Errorf("%d are raised more than an hour before", n)
		}
		if n := o.raises("03-02 14:30"); n != 1 || len(o.hears("urban", "03-02 15:00")) != 1 || len(o.hears("urban head", "03-02 15:00")) != 0 {
			t.Errorf("%d are raised; the handler hears %v, the head %v", n, o.hears("urban", "03-02 15:00"), o.hears("urban head", "03-02 15:00"))
		}
		c = o.Does("urban head", "03-02 15:00", c, "extend", apptest.Noted) // until 10:30 of the next day
		if n, unread := o.raises("03-02 16:00"), o.unread("urban", "03-02 16:00"); n != 0 || unread != 0 {
			t.Errorf("%d are raised and %d stand after the extension", n, unread)
		}
		if n := o.raises("03-03 09:40"); n != 1 {
			t.Errorf("%d are raised before the new deadline", n)
		}
		c = o.Does("dispatcher", "03-03 09:45", c, "suspend", flow.Input{Note: "等", Choice: "resident"})
		if n, unread := o.raises("03-10 10:00"), o.unread("urban", "03-10 10:00"); n != 0 || unread != 0 {
			t.Errorf("%d are raised and %d stand while suspended", n, unread)
		}
		if n := o.raises("03-17 10:00"); n != 1 || o.unread("urban head", "03-17 10:00") != 1 { // ten working days
			t.Errorf("%d are raised of a long suspension", n)
		}
		if n := o.raises("03-18 10:00"); n != 0 {
			t.Errorf("the long suspension is told again: %d", n)
		}
		o.Does("dispatcher", "03-18 10:00", c, "resume", flow.Input{}) // 45 minutes are left
		if n := o.unread("urban head", "03-18 10:00"); n != 0 {
			t.Errorf("%d stand after it is resumed", n)
		}
		if n := o.raises("03-18 10:05"); n != 1 {
			t.Errorf("%d are raised after it is resumed", n)
		}
	})
}

// Two machines that run the job at once tell each post once.
func TestAlertsOnceFromTwoMachines(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		for range 5 {
			o.Report("03-02 08:30")
		}
		var all sync.WaitGroup
		for range 4 {
			all.Add(1)
			go func() {
				defer all.Done()
				if _, err := w.App.Alerts.RaiseAlerts(o.At("system", "03-03 10:00")); err != nil {
					t.Error(err)
				}
			}()
		}
		all.Wait()
		n, err := db.Value[int](o.At("system", "03-03 10:00"), w.App.DB, `SELECT COUNT(*) FROM casework_alert`)
		if err != nil || n != 5 {
			t.Errorf("%d alerts of 5 deadlines %v", n, err)
		}
	})
}

// An officer urges, the unit answers in time or late, and several wait for their answers in turn.
func TestSupervision(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
		urge := flow.Input{Note: "群众多次反映，请抓紧办理", Number: 2}
		o.Refused("clerk", "03-03 10:00", c, "supervise", urge, "forbidden")
		o.Refused("other street", "03-03 10:00", c, "supervise", urge, "not_found")
		o.Refused("street", "03-03 10:00", c, "supervise", flow.Input{Number: 2}, "invalid")
		o.Refused("street", "03-03 10:00", c, "supervise", flow.Input{Note: "请抓紧", Number: 61}, "invalid")
		o.Refused("clerk", "03-03 10:00", c, "answer", apptest.Noted, "casework.nothing_to_answer")
		c = o.Does("street", "03-03 10:00", c, "supervise", urge)
		c = o.Does("city", "03-04 10:00", c, "supervise", flow.Input{Note: "请报进展", Number: 5})
		if c.Handler != "" || c.State != "accepted" {
			t.Errorf("supervision changes handler %q or state %s", c.Handler, c.State)
		}
		if n := o.unread("clerk", "03-04 11:00"); n != 2 {
			t.Errorf("the unit has %d unread", n)
		}
		o.Refused("window", "03-04 11:00", c, "answer", apptest.Noted, "casework.not_your_unit")
		list := func(who, when string) int {
			page, err := w.App.Worklist.List(o.At(who, when), worklist.Filter{View: worklist.ViewSupervised})
			if err != nil {
				t.Fatal(err)
			}
			return len(page.Cases)
		}
		if a, b, far := list("clerk", "03-04 11:00"), list("county", "03-04 11:00"),
			list("other street", "03-04 11:00"); a != 1 || b != 1 || far != 0 {
			t.Errorf("listed for the unit %d, the county %d, another street %d", a, b, far)
		}

		o.raises("03-05 23:59")
		o.raises("03-06 00:00") // the street's two days are over, and the promise
		if got := o.hears("head", "03-06 09:00"); len(got) != 5 {
			t.Errorf("the head hears %v", got)
		}
		c = o.Does("clerk", "03-06 09:00", c, "answer", flow.Input{Note: "正在核对"})
		c = o.Does("clerk", "03-06 10:00", c, "answer", flow.Input{Note: "明日办结"})
		o.Refused("clerk", "03-06 11:00", c, "answer", apptest.Noted, "casework.nothing_to_answer")
		page, err := w.App.Casework.Show(o.At("street", "03-06 12:00"), c.ID)
		if err != nil || len(supervisions(&page)) != 2 {
			t.Fatalf("%+v %v", supervisions(&page), err)
		}
		first, second := supervisions(&page)[0], supervisions(&page)[1]
		if !first.Late || first.Answer != "正在核对" || first.By.Name != "姓名street" || second.Late || second.Answer != "明日办结" {
			t.Errorf("shown as %+v and %+v", first, second)
		}
		if list("clerk", "03-06 12:00") != 0 || o.unread("head", "03-06 12:00") != 2 { // of the promise alone
			t.Errorf("after the answers %d are listed and %d stand", list("clerk", "03-06 12:00"), o.unread("head", "03-06 12:00"))
		}
		if seen, err := w.App.Casework.Show(o.At(c.ID, "03-06 12:00"), c.ID); err != nil || len(supervisions(&seen)) != 0 {
			t.Errorf("the reporter is shown %+v %v", supervisions(&seen), err)
		}

		late := o.Apply("12-28 10:00") // into a year that nobody knows
		late = o.Does("street", "12-30 10:00", late, "supervise", urge)
		w.LoadYear(2027)
		if _, err := w.App.Settle.Settle(o.At("system", "12-31 10:00")); err != nil {
			t.Fatal(err)
		}
		page, err = w.App.Casework.Show(o.At("street", "12-31 12:00"), late.ID)
		if err != nil || supervisions(&page)[0].DueAt == nil || supervisions(&page)[0].Year != 0 {
			t.Errorf("not settled: %+v %v", supervisions(&page), err)
		}
	})
}
