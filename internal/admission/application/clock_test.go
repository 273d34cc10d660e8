package application_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/admission/application"
	"linli/internal/admission/proposal"
	"linli/internal/app/apptest"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// wanted is an application that the rules admit, from a day on.
func wanted(from, until string) proposal.Proposal {
	return proposal.Proposal{Name: "独居老人走访", Ways: []string{"task"}, Basis: proposal.AdmissionBasis{Document: "《老年人权益保障法》",
		Article: "第七条", Certainty: "V"}, Areas: []string{apptest.Community}, Text: "每季度上门走访独居老人一次，发现困难及时报告。",
		Role: "assist", From: from, Until: until, Exit: until, Frequency: 2, Minutes: 60,
		Money: proposal.AdmissionMoney{Amount: 1000, Source: "区级财政", Line: "1号",
			Instalments: []proposal.AdmissionInstalment{{Amount: 1000, Due: from}}},
		OwnStaff: "本局人员不足以逐户到达，需要社区协助。", Assessment: "none"}
}

// when is a context of the platform itself at an instant.
func when(t *testing.T, w *apptest.World, s string) context.Context {
	return clock.With(w.System(), at(t, s))
}

// received is an application handed in at an instant.
func received(t *testing.T, w *apptest.World, c proposal.Proposal, instant string) string {
	t.Helper()
	s, ctx := service(w), when(t, w, instant)
	e, err := s.Write(ctx, c, w.Body[apptest.County+" civil_affairs"])
	must(t, err)
	take(t, w, e.ID, "submit", instant)
	take(t, w, e.ID, "sign", instant)
	return e.ID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, w *apptest.World, id, verb, instant string) error {
	t.Helper()
	return service(w).Step(when(t, w, instant), id, flow.Verb(verb), int64(version(w, id)), flow.Input{Note: "说明", Choice: "support"})
}

func take(t *testing.T, w *apptest.World, id, verb, instant string) {
	t.Helper()
	if err := try(t, w, id, verb, instant); err != nil {
		t.Fatalf("%s at %s: %v", verb, instant, err)
	}
}

func shown(t *testing.T, w *apptest.World, id, instant string) application.AdmissionDetail {
	t.Helper()
	d, err := service(w).Show(when(t, w, instant), id)
	must(t, err)
	return d
}

// Thirty working days ahead, counted by hand with the days off and the make-up days of 2026: 20 September is a Sunday of work
// and 10 October a Saturday of work, 14 February is one before the Spring Festival, and so is 9 May after Labour Day.
func TestThirtyWorkingDaysAhead(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for applied, first := range map[string]string{"2026-09-08": "2026-10-26", "2026-01-05": "2026-02-14", "2026-04-27": "2026-06-10"} {
			before := clock.Day(at(t, first).AddDate(0, 0, -1))
			s := service(w)
			e, err := s.Write(when(t, w, applied+"T09:00"), wanted(before, "2026-12-31"), w.Body[apptest.County+" civil_affairs"])
			must(t, err)
			err = try(t, w, e.ID, "submit", applied+"T09:00")
			if r := errs.Of(err); r.Kind != errs.Invalid || r.Rule != "admission.apply.days" || r.Fields[0].Args["least"] != first {
				t.Errorf("applied %s for %s: %v, the first day is %s", applied, before, r.Fields, first)
			}
			received(t, w, wanted(first, "2026-12-31"), applied+"T23:59")
		}
	})
}

// The 15th working day of 2026 is counted with make-up days; silence refuses at its end, once, at the same instant, also when
// the job comes late; a correction shifts it by exactly the days that it took.
func TestSilenceRefusesOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		// Received on 14 September 2026: fifteen working days later is 10 October, a Saturday of work.
		const instant = "2026-09-14T10:00"
		due := at(t, "2026-10-10").AddDate(0, 0, 1).Add(-time.Millisecond)
		if n, err := w.App.Calendar.Now().WorkdaysBetween("2026-09-14", "2026-10-10"); err != nil || n != 15 {
			t.Fatalf("%d working days, %v", n, err)
		}
		id := received(t, w, wanted("2026-11-20", "2026-12-31"), instant)
		corrected := received(t, w, wanted("2026-11-20", "2026-12-31"), instant)
		if got := shown(t, w, id, instant).DueAt; got != clock.Millis(due) {
			t.Fatalf("due %s, want %s", clock.Instant(got), due)
		}
		take(t, w, corrected, "return", "2026-09-16T15:00") // two days are used up
		if shown(t, w, corrected, "2026-09-17T10:00").DueAt != 0 {
			t.Error("the days run while it is given back")
		}
		take(t, w, corrected, "sign", "2026-09-21T11:00") // the 17th, 18th, 20th and 21st do not count
		if got, want := clock.Day(clock.Instant(shown(t, w, corrected, "2026-09-21T11:00").DueAt)), "2026-10-15"; got != want {
			t.Errorf("corrected, it is due %s, want %s", got, want)
		}
		s := service(w)
		must(t, s.Watch(clock.With(w.System(), due)))
		if got := shown(t, w, id, instant).State; got != "submitted" {
			t.Fatalf("on its last millisecond: %s", got)
		}
		after := due.Add(time.Millisecond)
		if err := s.Step(clock.With(w.System(), after), id, "accept", int64(version(w, id)), flow.Input{}); errs.Of(err).Key !=
			"admission.application.too_late" {
			t.Errorf("accepted after the last day: %v", err)
		}
		late := after.Add(53 * time.Hour) // the server was down at midnight
		must(t, s.Watch(clock.With(w.System(), late)))
		must(t, s.Watch(clock.With(w.System(), late.Add(time.Minute))))
		got := shown(t, w, id, "2026-10-14T09:00")
		lapsed := 0
		for _, e := range got.Events {
			if e.Verb == "lapse" {
				lapsed++
			}
		}
		if got.State != "refused" || !got.Silence || got.DecidedAt != clock.Millis(after) || lapsed != 1 {
			t.Errorf("after the last day: %s, silence %v, decided %s, %d times", got.State, got.Silence, clock.Instant(got.DecidedAt), lapsed)
		}
		if got := shown(t, w, corrected, "2026-10-13T09:00").State; got != "submitted" {
			t.Errorf("the corrected one on the 13th: %s", got)
		}
	})
}

// An emergency passes at once and is ratified in the set days, or ends with what rests on it.
func TestAnEmergencyIsRatifiedOrEnds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s, civil := service(w), w.Body[apptest.County+" civil_affairs"]
		var ended []gate.Ending
		s.Ended(func(_ context.Context, _ *audit.Tx, e gate.Ending) error { ended = append(ended, e); return nil })
		const instant = "2026-08-03T22:00"
		declared := func() (id, number string) {
			c := wanted("2026-08-03", "2026-08-31")
			c.Emergency, c.Why = true, "台风登陆前转移安置居民需要"
			e, err := s.Write(when(t, w, instant), c, civil)
			must(t, err)
			take(t, w, e.ID, "submit", instant)
			take(t, w, e.ID, "declare", instant)
			return e.ID, shown(t, w, e.ID, instant).Number
		}
		kept, number := declared()
		lost, other := declared()
		for _, n := range []string{number, other} {
			if err := pass(t, w, instant, gate.Request{Way: gate.Task, Body: civil, Areas: []string{apptest.Community}, Admission: n}); err != nil {
				t.Errorf("%s does not pass at once: %v", n, err)
			}
		}
		if got := shown(t, w, kept, instant); got.RatifyBy != "2026-08-10" || got.State != "provisional" {
			t.Fatalf("%s, to be ratified by %s", got.State, got.RatifyBy)
		}
		take(t, w, kept, "ratify", "2026-08-10T23:59")
		must(t, s.Watch(when(t, w, "2026-08-10T23:59")))
		if len(ended) != 0 {
			t.Errorf("ended on the last day: %v", ended)
		}
		must(t, s.Watch(when(t, w, "2026-08-11T00:00")))
		if got := shown(t, w, lost, "2026-08-11T00:00").State; got != "unratified" || shown(t, w, kept, "2026-08-11T00:00").State != "active" {
			t.Errorf("not ratified: %s", got)
		}
		if len(ended) == 0 || ended[len(ended)-1].Number != other || ended[len(ended)-1].State != "unratified" {
			t.Errorf("what rests on it is not told: %v", ended)
		}
		err := pass(t, w, "2026-08-11T00:00", gate.Request{Way: gate.Task, Body: civil, Areas: []string{apptest.Community}, Admission: other})
		if errs.Of(err).Kind != errs.Conflict {
			t.Errorf("passes after its end: %v", err)
		}
	})
}

// Overdue money suspends by itself, and paid and confirmed it is active again.
func TestOverdueMoneySuspends(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		id := received(t, w, wanted("2026-06-01", "2026-12-31"), "2026-04-01T09:00")
		take(t, w, id, "accept", "2026-04-01T10:00")
		take(t, w, id, "admit", "2026-04-17T10:00") // opinions were waited for
		must(t, s.Watch(when(t, w, "2026-06-16T00:00")))
		if got := shown(t, w, id, "2026-06-16T00:00"); got.State != "active" {
			t.Fatalf("on the last day of grace: %s", got.State)
		}
		must(t, s.Watch(when(t, w, "2026-06-17T00:00")))
		if got := shown(t, w, id, "2026-06-17T00:00"); got.State != "suspended" || got.Cause != "money" || !got.Payments[0].Overdue {
			t.Fatalf("a day later: %s %s", got.State, got.Cause)
		}
		if err := try(t, w, id, "resume", "2026-06-17T09:00"); errs.Of(err).Key != "admission.application.owed" {
			t.Errorf("resumed unpaid: %v", err)
		}
		pay := func(verb string, version int64) {
			must(t, s.Pay(when(t, w, "2026-06-18T09:00"), id, 1, flow.Verb(verb), version, flow.Input{Day: "2026-06-18", Note: "回单"}))
		}
		pay("pay", 1)
		if err := try(t, w, id, "resume", "2026-06-18T09:00"); errs.Of(err).Key != "admission.application.owed" {
			t.Errorf("resumed unconfirmed: %v", err)
		}
		pay("deny", 2)
		pay("pay", 3)
		pay("confirm", 4)
		if got := shown(t, w, id, "2026-06-18T10:00"); got.State != "active" || got.Cause != "" {
			t.Errorf("paid and confirmed: %s %s", got.State, got.Cause)
		}
		must(t, s.Watch(when(t, w, "2027-01-01T00:00")))
		if got := shown(t, w, id, "2026-12-31T10:00").State; got != "expired" {
			t.Errorf("after its last day: %s", got)
		}
		if e := shown(t, w, id, "2027-01-01T10:00").Events; !strings.Contains(e[len(e)-1].Verb, "expire") {
			t.Errorf("its end: %v", e[len(e)-1])
		}
	})
}
