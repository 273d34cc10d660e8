package rating_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/casework/rating"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// urbanHead is the head of the department that the test's incidents are sent to.
func urbanHead(t *testing.T, w *apptest.World) {
	t.Helper()
	w.AccountWith("urban_head", access.Grant{Role: registry.RoleDepartmentHead, Area: apptest.County,
		Body: w.Body[apptest.County+" urban_management"]})
}

func appeals(w *apptest.World, login, list string) apptest.Answer {
	w.T.Helper()
	return as(w, login).Do("GET", "/casework/appeals?list="+list, nil).Want(200)
}

func appealStep(w *apptest.World, login, id, verb string, body map[string]any) apptest.Answer {
	return as(w, login).Do("POST", "/casework/cases/"+id+"/appeals/1/"+verb, body)
}

var asked = map[string]any{"choice": "false", "note": "当日已清运，有照片为证"}

// The head of the unit that was rated appeals; an office above decides; the rating is kept as it was.
func TestAppealIsDecidedAbove(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		urbanHead(t, w)
		id, code := handled(t, w, apptest.County+" urban_management", "urban")
		if n := len(appeals(w, "urban_head", "unit").Items()); n != 0 {
			t.Errorf("%d ratings before any was given", n)
		}
		rate(w, code, "rate", 1, map[string]any{"note": "我是李梅，电话 199 0000 4321，没有清走", "solved": false}).Want(200)

		seen := appeals(w, "urban_head", "unit")
		if len(seen.Items()) != 1 || !strings.Contains(seen.Raw, "没有清走") || !strings.Contains(seen.Raw, `"verb":"ask"`) {
			t.Fatalf("the head sees %s", seen.Raw)
		}
		for _, secret := range []string{"李梅", " 4321", "4321，", "*4321", "姓名"} {
			if strings.Contains(seen.Raw, secret) {
				t.Errorf("the head reads %s: %s", secret, seen.Raw)
			}
		}
		for _, login := range []string{"head", "dispatcher", "stranger"} { // heads of other units
			if n := len(appeals(w, login, "unit").Items()); n != 0 {
				t.Errorf("%s sees %d ratings of another unit", login, n)
			}
			appealStep(w, login, id, "ask", asked).Want(404)
		}
		for _, login := range []string{"urban", "window", "grid", "committee", "supervisor"} { // who is rated, and who only watches
			as(w, login).Do("GET", "/casework/appeals", nil).Want(403)
			appealStep(w, login, id, "ask", asked).Want(403)
		}

		appealStep(w, "urban_head", id, "ask", map[string]any{"choice": "false"}).Want(422)
		appealStep(w, "urban_head", id, "ask", map[string]any{"choice": "unfair", "note": "x"}).Want(422)
		appealStep(w, "city", id, "uphold", map[string]any{"note": "x"}).Want(409, "flow.not_from")
		appealStep(w, "urban_head", id, "ask", asked).Want(204)
		appealStep(w, "urban_head", id, "ask", asked).Want(409, "flow.not_from")
		appealStep(w, "urban_head", id, "uphold", map[string]any{"note": "x"}).Want(403)

		for login, n := range map[string]int{"street": 0, "county": 0, "city": 1, "urban_head": 0} {
			if got := len(appeals(w, login, "waiting").Items()); got != n {
				t.Errorf("%s has %d appeals to decide, want %d", login, got, n)
			}
		}
		appealStep(w, "county", id, "uphold", map[string]any{"note": "x"}).Want(409, "casework.appeal.level")
		as(w, "county").Do("POST", "/casework/cases/"+id+"/ratings/1/exclude", map[string]any{"reason": "x"}).Want(409, "casework.appeal.waits")
		if got := as(w, "city").Do("GET", "/casework/alerts", nil).Want(200); !strings.Contains(got.Raw, `"appealed"`) {
			t.Errorf("the city is not told: %s", got.Raw)
		}
		for _, login := range []string{"dispatcher", "window", "grid"} { // who worked on it learns nothing by its page
			if got := as(w, login).Do("GET", "/casework/cases/"+id, nil).Want(200); strings.Contains(got.Raw, "appeal") {
				t.Errorf("%s learns of the appeal: %s", login, got.Raw)
			}
		}
		if got := indicator(w, "contact"); got != "0/1" {
			t.Errorf("while it is appealed the follow-up counts %s", got)
		}
		appealStep(w, "city", id, "uphold", map[string]any{}).Want(422)
		appealStep(w, "city", id, "uphold", map[string]any{"note": "照片证明已清运"}).Want(204)
		appealStep(w, "city", id, "decline", map[string]any{"note": "x"}).Want(409, "flow.not_from")
		for name, want := range map[string]string{"satisfaction": "0/0 null", "contact": "0/0 null", "revisit": "0/0 null"} {
			if got := indicator(w, name); got != want {
				t.Errorf("once it is upheld %s is %s, want %s", name, got, want)
			}
		}
		proveCounters(t, w)
		if found, err := w.App.Stats.CheckCounters(w.System()); err != nil || len(found) > 0 {
			t.Errorf("counters differ: %v %v", found, err)
		}
		kept, err := db.Value[string](w.System(), w.App.DB,
			`SELECT comment FROM casework_rating WHERE case_id = $1 AND seq = 1 AND level = 1`, id)
		if err != nil || !strings.Contains(kept, "没有清走") {
			t.Errorf("the rating was changed: %q %v", kept, err)
		}
		decided := appeals(w, "city", "decided")
		if len(decided.Items()) != 1 || !strings.Contains(decided.Raw, "照片证明已清运") || len(appeals(w, "city", "waiting").Items()) != 0 {
			t.Errorf("decided: %s", decided.Raw)
		}
		if got := appeals(w, "urban_head", "unit"); !strings.Contains(got.Raw, `"upheld"`) || !strings.Contains(got.Raw, "照片证明已清运") {
			t.Errorf("the head is not told: %s", got.Raw)
		}
		if got := as(w, "county").Do("GET", "/casework/cases/"+id, nil).Want(200).Text("ratings"); !strings.Contains(got, "当日已清运") ||
			!strings.Contains(got, "照片证明已清运") {
			t.Errorf("the case does not tell of the appeal: %s", got)
		}
		if got := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200); strings.Contains(got.Raw, "当日已清运") {
			t.Errorf("the reporter reads the unit's reasons: %s", got.Text("ratings"))
		}
		if got := as(w, "street").Do("GET", "/casework/followups?done=true", nil).Want(200); !strings.Contains(got.Raw, `"dropped"`) {
			t.Errorf("the follow-up goes on: %s", got.Raw)
		}
		as(w, "street").Do("POST", "/casework/cases/"+id+"/followups/1/contact", map[string]any{"note": "x"}).Want(409, "flow.not_from")
	})
}

// A station's rating is appealed by its dispatcher and decided by the sub-district; declined, it stands.
func TestAppealOfStation(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rate", 2, nil).Want(200)
		appealStep(w, "dispatcher", id, "ask", asked).Want(204)
		for login, n := range map[string]int{"street": 1, "county": 1, "city": 1, "stranger": 0} {
			if got := len(appeals(w, login, "waiting").Items()); got != n {
				t.Errorf("%s has %d appeals to decide, want %d", login, got, n)
			}
		}
		appealStep(w, "dispatcher", id, "decline", map[string]any{"note": "x"}).Want(403)
		appealStep(w, "street", id, "decline", map[string]any{"note": "未提供依据"}).Want(204)
		appealStep(w, "dispatcher", id, "ask", asked).Want(409, "flow.not_from")
		if got := indicator(w, "satisfaction"); got != "0/1" {
			t.Errorf("a declined appeal changes the rate: %s", got)
		}
		if got := appeals(w, "dispatcher", "unit"); !strings.Contains(got.Raw, "未提供依据") || strings.Contains(got.Raw, `"verb":"ask"`) {
			t.Errorf("the dispatcher sees %s", got.Raw)
		}
		as(w, "county").Do("POST", "/casework/cases/"+id+"/ratings/1/exclude", map[string]any{"reason": "另行核查不实"}).Want(204)
	})
}

// Who did the work neither sees the rating here nor appeals, be they the head; nor after the time
// has passed; nor against a rating that is excluded.
func TestAppealIsRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rate", 1, nil).Want(200)
		set := func(column string, value any) {
			t.Helper()
			if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
				_, err := tx.Exec(w.System(), `UPDATE casework_appeal SET `+column+` = $1 WHERE case_id = $2`, value, id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		old := clock.Millis(clock.Now(w.System()).AddDate(0, 0, -40))
		set("rated_at", old)
		refused := appealStep(w, "dispatcher", id, "ask", asked).Want(409, "casework.appeal.late")
		if refused.Text("rule.basis") == "" {
			t.Errorf("no rule is cited: %s", refused.Raw)
		}
		if got := appeals(w, "dispatcher", "unit"); len(got.Items()) != 1 || strings.Contains(got.Raw, `"verb":"ask"`) {
			t.Errorf("after the time the head sees %s", got.Raw)
		}
		set("rated_at", clock.Millis(clock.Now(w.System())))

		account, err := w.App.Accounts.FindLogin(w.System(), "dispatcher")
		if err != nil {
			t.Fatal(err)
		}
		worked := func(query string) {
			t.Helper()
			if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
				_, err := tx.Exec(w.System(), query, db.ShardOf(id), id, account.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		worked(`INSERT INTO casework_rated (shard, case_id, seq, account_id) VALUES ($1,$2,1,$3)`)
		if got := appeals(w, "dispatcher", "unit"); len(got.Items()) != 0 {
			t.Errorf("who did the work sees the rating: %s", got.Raw)
		}
		appealStep(w, "dispatcher", id, "ask", asked).Want(404)
		worked(`DELETE FROM casework_rated WHERE shard = $1 AND case_id = $2 AND account_id = $3`)

		as(w, "county").Do("POST", "/casework/cases/"+id+"/ratings/1/exclude", map[string]any{"reason": "核查不实"}).Want(204)
		appealStep(w, "dispatcher", id, "ask", asked).Want(409, "casework.excluded_already")
		if got := as(w, "county").Do("GET", "/casework/cases/"+id, nil).Want(200); got.JSON["rating"] != nil {
			t.Errorf("an excluded rating stands in lists: %v", got.JSON["rating"])
		}
	})
}

// When a low rating is excluded and another low one counts, that one is followed up.
func TestExclusionFollowsUpWhatCountsNow(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rate", 1, nil).Want(200)
		rate(w, code, "rerate", 2, nil).Want(200)
		as(w, "county").Do("POST", "/casework/cases/"+id+"/ratings/1/exclude", map[string]any{"reason": "核查不实"}).Want(204)
		open := as(w, "street").Do("GET", "/casework/followups", nil).Want(200).Items()
		if len(open) != 1 || open[0]["seq"] != 2.0 {
			t.Errorf("the low rating that counts is not followed up: %v", open)
		}
		proveCounters(t, w)
		as(w, "county").Do("POST", "/casework/cases/"+id+"/ratings/2/exclude", map[string]any{"reason": "核查不实"}).Want(204)
		if open := as(w, "street").Do("GET", "/casework/followups", nil).Want(200).Items(); len(open) != 0 {
			t.Errorf("excluded ratings are followed up: %v", open)
		}
		proveCounters(t, w)
	})
}

// An appeal that nobody has decided in time is shown as overdue; and it goes where its unit goes when
// areas are merged.
func TestAppealWaits(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rate", 1, nil).Want(200)
		appealStep(w, "dispatcher", id, "ask", asked).Want(204)
		if row := appeals(w, "street", "waiting").Items()[0]; row["late"] != false || row["decideBy"] == nil {
			t.Errorf("a fresh appeal is overdue: %v", row)
		}
		w.Exec(`UPDATE casework_appeal SET asked_at = asked_at - 15 * 86400000`)
		if row := appeals(w, "street", "waiting").Items()[0]; row["late"] != true {
			t.Errorf("after fifteen days it is not overdue: %v", row)
		}
		as(w, "city").Do("POST", "/registry/changes",
			map[string]any{"kind": "merge", "area": apptest.Community, "to": apptest.Neighbour, "reason": "撤并"}).Want(200)
		row := appeals(w, "street", "waiting").Items()[0]
		if unit := row["unit"].(map[string]any); unit["id"] != w.Body[apptest.Neighbour+" station"] {
			t.Errorf("after the merger it is of %v", unit)
		}
		area, err := db.Value[string](w.System(), w.App.DB, `SELECT area FROM casework_appeal`)
		if err != nil || area != apptest.Neighbour {
			t.Errorf("after the merger its unit lies in %s (%v)", area, err)
		}
		if n := len(w.As("dispatcher").Do("GET", "/casework/appeals?list=unit", nil).Want(200).Items()); n != 1 {
			t.Errorf("the head that took over sees %d", n)
		}
		appealStep(w, "street", id, "decline", map[string]any{"note": "未提供依据"}).Want(204)
	})
}

// Every state × verb of an appeal, as its table says.
func TestEveryAppealMove(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		id, code := handled(t, w, apptest.Community+" station", "grid")
		rate(w, code, "rate", 1, nil).Want(200)
		f := rating.AppealFlow()
		for _, state := range f.States {
			for _, tr := range f.Transitions {
				if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
					if _, err := tx.Exec(w.System(), `DELETE FROM casework_exclusion WHERE case_id = $1`, id); err != nil {
						return err
					}
					_, err := tx.Exec(w.System(), `UPDATE casework_appeal SET state = $1, asked_at = 1 WHERE case_id = $2`, state.State, id)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				login, body := "street", map[string]any{"note": "说明"}
				if tr.Verb == "ask" {
					login, body = "dispatcher", asked
				}
				got := appealStep(w, login, id, tr.Verb, body)
				want, status := state.State, 409
				if to, legal := rating.MayAppeal(state.State, tr.Verb); legal {
					want, status = to, 204
				}
				now, err := db.Value[string](w.System(), w.App.DB, `SELECT state FROM casework_appeal WHERE case_id = $1`, id)
				if err != nil || got.Status != status || now != want {
					t.Errorf("%s from %s: %d %s and %s (%v), want %d and %s", tr.Verb, state.State, got.Status,
						fmt.Sprint(got.JSON["key"]), now, err, status, want)
				}
			}
		}
	})
}
