package app_test

import (
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/notify"
	wording "linli/internal/platform/page"
	"linli/internal/platform/text"
)

// corrected2026 is the year's arrangement with one day more off.
func corrected2026(day string) map[string]any {
	return map[string]any{"csv": year2026() + day + ",off,国办发明电〔2026〕1号\n", "confirmed": true}
}

// messagesAbout counts the messages about a case.
func messagesAbout(t *testing.T, w *apptest.World, id string) int {
	t.Helper()
	n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM notify_message WHERE subject_id = $1`, id)
	must(t, err)
	return n
}

// A promise that moves because a holiday was decreed says so on the timeline and to the reporter, once
// for each time that it moves, and counts as no answer.
func TestAPromiseThatMovesIsTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP("http://127.0.0.1:1", "", false)}
		opened := o.Submit("03-02 10:00", casework.Intake{Tell: []string{"sms"}})
		c := o.Does("window", "03-02 11:00", opened.Case, "accept", flow.Input{})
		still := o.Report("03-02 10:00") // due within hours of the same day: the holiday comes later
		before, events := messagesAbout(t, w, c.ID), c.Events
		was := clock.Day(clock.Instant(*c.Clock.Due))
		admin := w.As("admin")
		if got := admin.Do("PUT", "/calendar/years/2026", corrected2026("2026-03-05")).Want(200).Text("moved"); got != "1" {
			t.Fatalf("%s deadlines moved", got)
		}
		c, err := w.App.Casework.Find(w.System(), c.ID)
		must(t, err)
		due := clock.Day(clock.Instant(*c.Clock.Due))
		if due <= was || c.Events != events+1 || messagesAbout(t, w, c.ID) != before+1 {
			t.Fatalf("due %s, was %s; %d events, was %d; %d messages, was %d", due, was, c.Events, events, messagesAbout(t, w, c.ID), before)
		}
		seen, err := w.App.Casework.Show(o.At("street", "03-03 10:00"), c.ID)
		must(t, err)
		e := seen.Events[len(seen.Events)-1]
		if e.Verb != "redate" || e.Data.WasDue != was || e.Data.Due != due || !e.Public || e.Actor.Role != flow.System || e.From != e.To {
			t.Errorf("the timeline says %+v", e)
		}
		reporter := w.Nobody()
		reporter.Page("POST", "/track", url.Values{"code": {opened.Code}})
		page := reporter.Page("GET", "/track/case", nil)
		for _, day := range []string{was, due} {
			if at := wording.Day(text.Chinese, day); !strings.Contains(page.Raw, at) {
				t.Errorf("the reporter does not read %s", at)
			}
		}
		if _, err := w.App.Settle.Recompute(w.System()); err != nil || messagesAbout(t, w, c.ID) != before+1 {
			t.Errorf("told again (%v)", err)
		}
		if s, _ := w.App.Casework.Find(w.System(), still.ID); s.Events != still.Events {
			t.Error("a deadline that stays is told")
		}
		admin.Do("PUT", "/calendar/years/2026", map[string]any{"csv": year2026()}).Want(200) // taken back
		if back, _ := w.App.Casework.Find(w.System(), c.ID); clock.Day(clock.Instant(*back.Clock.Due)) != was ||
			messagesAbout(t, w, c.ID) != before+2 {
			t.Errorf("back to %s, %d messages", clock.Day(clock.Instant(*back.Clock.Due)), messagesAbout(t, w, c.ID))
		}
	})
}
