package rating_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework/rating"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

var signedIn sync.Map // world and login → caller: signing in is limited

func as(w *apptest.World, login string) *apptest.Caller {
	w.T.Helper()
	type seat struct {
		w     *apptest.World
		login string
	}
	if c, ok := signedIn.Load(seat{w, login}); ok {
		return c.(*apptest.Caller)
	}
	c := w.As(login)
	signedIn.Store(seat{w, login}, c)
	return c
}

// handled is an incident that a unit has handled and that is closed, and its reporter's code.
func handled(t *testing.T, w *apptest.World, unit, worker string) (id, code string) {
	t.Helper()
	opened := w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
		"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": "19900004321"}}).Want(201)
	id, code = opened.Text("id"), opened.Text("code")
	for _, s := range []struct {
		by, verb string
		body     map[string]any
	}{
		{"dispatcher", "establish", nil}, {"dispatcher", "dispatch", map[string]any{"unit": w.Body[unit]}}, {worker, "handle", nil},
		{worker, "feed_back", map[string]any{"note": "已清运"}}, {"dispatcher", "verify", nil}, {"dispatcher", "close", nil},
	} {
		as(w, s.by).Step(id, s.verb, s.body).Want(200)
	}
	return id, code
}

func rate(w *apptest.World, code, verb string, level int, more map[string]any) apptest.Answer {
	body := map[string]any{"code": code, "level": level}
	for k, v := range more {
		body[k] = v
	}
	return w.Nobody().Do("POST", "/casework/follow/"+verb, body)
}

// indicator is n/d of an indicator of the community in this month; "n/d null" without a value.
func indicator(w *apptest.World, code string) string {
	w.T.Helper()
	month := clock.Month(clock.Now(w.System()))
	got := as(w, "county").Do("GET", "/casework/indicators?area="+apptest.County+"&from="+month+"&to="+month, nil).Want(200)
	for _, row := range got.JSON["indicators"].([]any) {
		if r := row.(map[string]any); r["code"] == code {
			if r["value"] == nil {
				return fmt.Sprintf("%v/%v null", r["n"], r["d"])
			}
			return fmt.Sprintf("%v/%v", r["n"], r["d"])
		}
	}
	return "none"
}

// proveCounters compares the counters with what the cases say, at both levels.
func proveCounters(t *testing.T, w *apptest.World) {
	t.Helper()
	want := map[string]int{}
	ids, err := db.All(w.System(), w.App.DB, func(r db.Scanner) (id string, err error) { return id, r.Scan(&id) },
		`SELECT id FROM casework_case`)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		months, err := w.App.Stats.Measured(w.System(), id)
		if err != nil {
			t.Fatal(err)
		}
		for month, measures := range months {
			for m, n := range measures {
				want[month+" "+string(m)] += n
			}
		}
	}
	for _, level := range []int{registry.LevelCommunity, registry.LevelCounty} {
		have := map[string]int{}
		if _, err := db.All(w.System(), w.App.DB, func(r db.Scanner) (x struct{}, err error) {
			var month, measure string
			var n int
			err = r.Scan(&month, &measure, &n)
			have[month+" "+measure] = n
			return x, err
		}, `SELECT month, measure, CAST(SUM(n) AS BIGINT) FROM casework_count WHERE level = $1 GROUP BY month, measure`, level); err != nil {
			t.Fatal(err)
		}
		for k := range have {
			if want[k] != have[k] {
				t.Errorf("level %d: %s is counted %d times, the cases say %d", level, k, have[k], want[k])
			}
		}
		for k := range want {
			if want[k] != have[k] {
				t.Errorf("level %d: %s is counted %d times, the cases say %d", level, k, have[k], want[k])
			}
		}
	}
}

// A rating is kept as it was given; another is added, the latest counts, and overseers see both.
func TestRatingIsAppended(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		if got := indicator(w, "satisfaction"); got != "0/0 null" {
			t.Errorf("with nothing rated the rate is %s", got)
		}
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rerate", 5, nil).Want(409, "flow.not_from")
		rate(w, code, "rate", 1, map[string]any{"note": "慢", "solved": false}).Want(200)
		for name, want := range map[string]string{"satisfaction": "0/1", "resolution": "0/1", "good": "0/1"} {
			if got := indicator(w, name); got != want {
				t.Errorf("after a bad rating %s is %s, want %s", name, got, want)
			}
		}
		rate(w, code, "rerate", 5, map[string]any{"solved": true}).Want(200)
		for name, want := range map[string]string{"satisfaction": "1/1", "resolution": "1/1", "good": "1/1", "response": "1/1", "filing": "1/1",
			"handling": "1/1", "handling_on_time": "1/1", "closing": "1/1", "rework": "0/1"} {
			if got := indicator(w, name); got != want {
				t.Errorf("after the second rating %s is %s, want %s", name, got, want)
			}
		}
		refused := rate(w, code, "rerate", 2, nil).Want(409, "casework.rated_often")
		if refused.Text("rule.basis") == "" {
			t.Errorf("no rule is cited: %s", refused.Raw)
		}
		proveCounters(t, w)

		seen := as(w, "county").Do("GET", "/casework/cases/"+id, nil).Want(200).Text("ratings")
		if !strings.Contains(seen, `"level":1`) || !strings.Contains(seen, `"level":5`) || strings.Count(seen, `"counts":true`) != 1 {
			t.Errorf("the county sees %s", seen)
		}
		for _, login := range []string{"window", "grid", "dispatcher"} {
			if got := as(w, login).Do("GET", "/casework/cases/"+id, nil).Want(200); got.Text("ratings") != "" || strings.Contains(got.Raw, "慢") ||
				strings.Contains(got.Raw, `"level":5`) {
				t.Errorf("%s sees how they were rated: %s", login, got.Raw)
			}
		}
		exclude := func(login string, seq int) apptest.Answer {
			return as(w, login).Do("POST", fmt.Sprintf("/casework/cases/%s/ratings/%d/exclude", id, seq), map[string]any{"reason": "核查为恶意评价"})
		}
		exclude("window", 2).Want(403)
		exclude("dispatcher", 2).Want(403)
		exclude("stranger", 2).Want(403)
		exclude("county", 9).Want(404)
		exclude("county", 2).Want(204)
		exclude("county", 2).Want(409, "casework.excluded_already")
		if got := indicator(w, "satisfaction"); got != "0/1" {
			t.Errorf("without the second rating satisfaction is %s", got)
		}
		exclude("city", 1).Want(204)
		if got := indicator(w, "satisfaction"); got != "0/0 null" {
			t.Errorf("without any valid rating satisfaction is %s", got)
		}
		proveCounters(t, w)
		seen = as(w, "county").Do("GET", "/casework/cases/"+id, nil).Want(200).Text("ratings")
		if strings.Count(seen, "核查为恶意评价") != 2 || strings.Contains(seen, `"counts":true`) || !strings.Contains(seen, "慢") {
			t.Errorf("excluded ratings are not kept and marked: %s", seen)
		}
	})
}

// A low rating opens a follow-up, in the hands of others than those who were rated.
func TestLowRatingIsFollowedUp(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		own, ownCode := handled(t, w, apptest.Community+" station", "grid")
		other, otherCode := handled(t, w, apptest.County+" urban_management", "urban")
		happy, happyCode := handled(t, w, apptest.County+" urban_management", "urban")
		rate(w, ownCode, "rate", 2, nil).Want(200)
		rate(w, otherCode, "rate", 1, map[string]any{"note": "没有清走"}).Want(200)
		rate(w, happyCode, "rate", 3, nil).Want(200)

		list := as(w, "street").Do("GET", "/casework/followups", nil).Want(200)
		if len(list.Items()) != 2 || strings.Contains(list.Raw, happy) {
			t.Fatalf("the sub-district sees %s", list.Raw)
		}
		for _, login := range []string{"window", "window2", "grid", "clerk", "head", "urban"} {
			as(w, login).Do("GET", "/casework/followups", nil).Want(403)
			as(w, login).Do("POST", "/casework/cases/"+own+"/followups/1/contact", map[string]any{"note": "x"}).Want(403)
		}
		if mine := as(w, "dispatcher").Do("GET", "/casework/followups", nil).Want(200); strings.Contains(mine.Raw, own) ||
			!strings.Contains(mine.Raw, other) {
			t.Errorf("the station reads what is said of itself, or not what is said of others: %s", mine.Raw)
		}
		if n := len(as(w, "stranger").Do("GET", "/casework/followups", nil).Want(200).Items()); n != 0 {
			t.Errorf("another community sees %d", n)
		}
		step := func(login, id, verb string, body map[string]any) apptest.Answer {
			return as(w, login).Do("POST", "/casework/cases/"+id+"/followups/1/"+verb, body)
		}
		note := map[string]any{"note": "已电话联系"}
		step("dispatcher", own, "contact", note).Want(409, "casework.followup.own_unit")
		step("street", own, "contact", note).Want(204)
		step("dispatcher", other, "rectify", note).Want(409, "flow.not_from")
		step("dispatcher", other, "contact", map[string]any{}).Want(422)
		step("dispatcher", other, "contact", note).Want(204)
		step("dispatcher", other, "rectify", note).Want(204)
		step("dispatcher", other, "redo", note).Want(204)
		step("dispatcher", other, "rectify", note).Want(204)
		step("dispatcher", other, "revisit", note).Want(422)
		step("dispatcher", other, "revisit", map[string]any{"note": "满意", "choice": "satisfied"}).Want(204)
		for name, want := range map[string]string{"contact": "2/2", "rectification": "1/2", "revisit": "1/2"} {
			if got := indicator(w, name); got != want {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
		done := as(w, "street").Do("GET", "/casework/followups?done=true", nil).Want(200)
		if len(done.Items()) != 1 || strings.Count(done.Raw, "已电话联系") != 4 {
			t.Errorf("done: %s", done.Raw)
		}
		proveCounters(t, w)
	})
}

// The follow-up's own clock: one working day to call, fifteen to put right.
func TestFollowUpClock(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id, code := handled(t, w, apptest.County+" urban_management", "urban")
		rate(w, code, "rate", 1, nil).Want(200)
		friday := time.Date(2026, 11, 20, 16, 0, 0, 0, clock.City)
		if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_followup SET opened_at = $1 WHERE case_id = $2`, clock.Millis(friday), id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		row := as(w, "street").Do("GET", "/casework/followups", nil).Want(200).Items()[0]
		for field, day := range map[string]string{"contactDue": "2026-11-23", "rectifyDue": "2026-12-11"} {
			if got := clock.Day(clock.Instant(int64(row[field].(float64)))); got != day {
				t.Errorf("%s is %s, want %s", field, got, day)
			}
		}
	})
}

// Every state × verb of a follow-up, as its table says.
func TestEveryFollowUpMove(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id, code := handled(t, w, apptest.County+" urban_management", "urban")
		rate(w, code, "rate", 1, nil).Want(200)
		f := rating.FollowUpFlow()
		verbs := map[string]bool{}
		for _, tr := range f.Transitions {
			verbs[tr.Verb] = tr.Verb != "drop" // the platform's own
		}
		street := as(w, "street")
		for _, state := range f.States {
			for verb, ours := range verbs {
				if !ours {
					street.Do("POST", "/casework/cases/"+id+"/followups/1/"+verb, map[string]any{}).Want(404)
					continue
				}
				if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
					_, err := tx.Exec(w.System(), `UPDATE casework_followup SET state = $1 WHERE case_id = $2`, state.State, id)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				to, legal := rating.MayFollowUp(state.State, verb)
				got := street.Do("POST", "/casework/cases/"+id+"/followups/1/"+verb, map[string]any{"note": "说明", "choice": "satisfied"})
				want, status := state.State, 409
				if legal {
					want, status = to, 204
				}
				now, err := db.Value[string](w.System(), w.App.DB, `SELECT state FROM casework_followup WHERE case_id = $1`, id)
				if err != nil || got.Status != status || now != want {
					t.Errorf("%s from %s: %d and %s (%v), want %d and %s", verb, state.State, got.Status, now, err, status, want)
				}
			}
		}
	})
}

// Who is never answered lowers the response rate once the time for an answer is over: a rate of
// those answered alone would praise silence.
func TestSilenceIsNoResponse(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id := w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
			"place": map[string]any{"text": "东门"}}).Want(201).Text("id")
		if got := indicator(w, "response"); got != "0/0 null" {
			t.Errorf("while there is time the response rate is %s", got)
		}
		now := clock.Now(w.System())
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, clock.City)
		if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_case SET due_at = $1 WHERE id = $2`, clock.Millis(first), id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := indicator(w, "response"); got != "0/1" {
			t.Errorf("after a time without an answer the response rate is %s", got)
		}
	})
}
