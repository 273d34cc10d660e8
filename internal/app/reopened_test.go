package app_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// shown is n/d of an indicator of the community in this month.
func shown(t *testing.T, w *apptest.World, code string) string {
	t.Helper()
	month := clock.Month(clock.Now(w.System()))
	got := w.As("county").Do("GET", "/casework/indicators?area="+apptest.Community+"&from="+month+"&to="+month, nil).Want(200)
	for _, row := range got.JSON["indicators"].([]any) {
		if r := row.(map[string]any); r["code"] == code {
			return fmt.Sprintf("%v/%v", r["n"], r["d"])
		}
	}
	return "none"
}

// differing is what the counters and the cases do not agree on.
func differing(t *testing.T, w *apptest.World) string {
	t.Helper()
	found, err := w.App.Stats.CheckCounters(w.System())
	must(t, err)
	var out []string
	for _, d := range found {
		out = append(out, d.String())
	}
	return strings.Join(out, "\n")
}

// What was found otherwise on site is opened again; whoever reported it rates the new closing, beside
// what they said of the first, and as often as the rule allows. The counters of the indicators say so,
// are named when they are wrong, and put right.
func TestAReopenedCaseIsRatedAnew(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street := w.As("street")
		opened := w.Nobody().OpenCase(apptest.Incident("reopened")).Want(201)
		j, code := &apptest.Matter{T: t, W: w, ID: opened.Text("id")}, opened.Text("code")
		j.Step(w.As("county"), "supervise", map[string]any{"note": "请抓紧", "number": 2}).Want(200)
		if got := shown(t, w, "response"); got != "0/0" {
			t.Errorf("urging is no answer: the response rate is %s", got)
		}
		j.Step(w.As("dispatcher"), "establish", nil).Want(200)
		j.Step(w.As("dispatcher"), "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		j.Finish(w.As("grid"), w.As("dispatcher"))
		rate := func(verb string, level int) apptest.Answer {
			return w.Nobody().Do("POST", "/casework/follow/"+verb, map[string]any{"code": code, "level": level, "solved": level > 2})
		}
		rate("rate", 1).Want(200)
		rate("rate", 5).Want(409, "flow.not_from")
		j.Reopen()
		rate("rate", 5).Want(409, "flow.not_from")
		rate("rerate", 5).Want(409, "flow.not_from")
		j.Finish(w.As("grid"), w.As("dispatcher"))
		rate("rerate", 5).Want(409, "flow.not_from")
		rate("rate", 4).Want(200)
		rate("rerate", 5).Want(200)
		rate("rerate", 5).Want(409, "casework.rated_often")
		seen := street.Do("GET", "/casework/cases/"+j.ID, nil).Want(200).Text("ratings")
		if strings.Count(seen, `"seq"`) != 3 || strings.Count(seen, `"counts":true`) != 1 {
			t.Errorf("of three ratings one counts: %s", seen)
		}
		if low := street.Do("GET", "/casework/cases?view=all&low=true", nil).Want(200).Items(); len(low) != 0 {
			t.Errorf("rated well at last, and listed as rated low: %v", low)
		}
		for name, want := range map[string]string{"supervision": "1/1", "verified_closing": "0/1", "satisfaction": "1/1", "resolution": "1/1",
			"response": "1/1", "filing": "1/1", "closing": "1/1"} {
			if got := shown(t, w, name); got != want {
				t.Errorf("%s is %s, want %s", name, got, want)
			}
		}
		if got := differing(t, w); got != "" {
			t.Fatalf("counters and cases differ:\n%s", got)
		}
		change := func(query string) {
			t.Helper()
			must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
				_, err := tx.Exec(w.System(), query)
				return err
			}))
		}
		change(`UPDATE casework_count SET n = n + 4 WHERE measure = 'handled' AND area = '` + apptest.Community + `'`)
		change(`DELETE FROM casework_count WHERE measure = 'supervised'`)
		broken := differing(t, w)
		for _, want := range []string{"count " + apptest.Community + " incident ", "handled: kept 6, counted 2", "count " + apptest.County +
			" incident ", "supervised: kept 0, counted 1"} {
			if !strings.Contains(broken, want) {
				t.Errorf("%q is not named in\n%s", want, broken)
			}
		}
		for _, lost := range []string{"", `DELETE FROM casework_count`} { // the second as before they were kept
			if lost != "" {
				change(lost)
			}
			if left, err := w.App.Stats.RebuildCounters(w.System()); err != nil || len(left) != 0 {
				t.Fatalf("left after the rebuild: %v (%v)", left, err)
			}
			for name, want := range map[string]string{"supervision": "1/1", "verified_closing": "0/1", "satisfaction": "1/1"} {
				if got := shown(t, w, name); got != want {
					t.Errorf("after the rebuild %s is %s, want %s", name, got, want)
				}
			}
		}
	})
}

// What was merged into a case that is opened again waits with it again: each reporter is told, what
// they rated stays, they rate the next end anew, and the counters say what the cases say. What was
// taken out before stays as it is.
func TestMergedCasesFollowAReopenedOne(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, grid, street := w.As("dispatcher"), w.As("grid"), w.As("street")
		report := func(key string) (*apptest.Matter, string, string) {
			opened := w.Nobody().OpenCase(apptest.Incident(key)).Want(201)
			return &apptest.Matter{T: t, W: w, ID: opened.Text("id")}, opened.Text("code"), opened.Text("number")
		}
		main, _, number := report("main")
		rated, ratedCode, _ := report("rated")
		silent, silentCode, _ := report("silent")
		out, outCode, _ := report("taken out")
		for _, m := range []*apptest.Matter{rated, silent, out} {
			m.Step(dispatcher, "merge", map[string]any{"case": number, "note": "同一问题"}).Want(200)
		}
		out.Step(dispatcher, "unmerge", apptest.Note("是另一处")).Want(200)
		out.Step(dispatcher, "dismiss", apptest.Note("已无此问题")).Want(200)
		station := w.Body[apptest.Community+" station"]
		main.Step(dispatcher, "establish", nil).Want(200)
		main.Step(dispatcher, "dispatch", map[string]any{"unit": station}).Want(200)
		main.Finish(grid, dispatcher)
		follow := func(code string) apptest.Answer {
			t.Helper()
			return w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		}
		rate := func(code, verb string, level int) apptest.Answer {
			return w.Nobody().Do("POST", "/casework/follow/"+verb, map[string]any{"code": code, "level": level})
		}
		rate(ratedCode, "rate", 1).Want(200)
		if got := dispatcher.Do("GET", "/casework/appeals?list=unit", nil).Want(200); !strings.Contains(got.Raw, rated.ID) ||
			!strings.Contains(got.Raw, `"feed_back"`) {
			t.Errorf("a merged case's rating is not of the unit that did the work on the main case: %s", got.Raw)
		}
		if got := differing(t, w); got != "" {
			t.Fatalf("once closed, counters and cases differ:\n%s", got)
		}
		closed := func() string {
			t.Helper()
			got := w.As("county").Do("GET", "/casework/board?area="+apptest.County, nil).Want(200)
			month := got.JSON["thisMonth"].(map[string]any)
			return fmt.Sprint(month["received"], " ", month["closed"], " ", month["rated"], " open ", got.JSON["now"].(map[string]any)["open"])
		}
		if got := closed(); got != "4 4 1 open 0" {
			t.Errorf("the board counts %s", got)
		}
		main.Reopen()
		for name, code := range map[string]string{"rated": ratedCode, "silent": silentCode} {
			got := follow(code)
			if got.Text("state") != "merged" || got.JSON["closedAt"] != nil || got.Text("main.state") != "dispatched" ||
				!strings.Contains(got.Text("events"), "reopen_with") || !strings.Contains(got.Text("events"), "仍有垃圾") {
				t.Errorf("%s: %s", name, got.Raw)
			}
			rate(code, "rate", 5).Want(409, "flow.not_from")
			rate(code, "rerate", 5).Want(409, "flow.not_from")
		}
		if got := follow(outCode); got.Text("state") != "dismissed" || strings.Contains(got.Raw, "reopen_with") {
			t.Errorf("what was taken out before follows: %s", got.Raw)
		}
		if got := closed(); got != "4 1 1 open 3" {
			t.Errorf("opened again, the board counts %s", got)
		}
		if got := differing(t, w); got != "" {
			t.Errorf("opened again, counters and cases differ:\n%s", got)
		}
		rated.Step(dispatcher, "reopen_with", nil).Want(404) // the platform's own
		main.Finish(grid, dispatcher)
		for name, code := range map[string]string{"rated": ratedCode, "silent": silentCode} {
			if got := follow(code); got.Text("state") != "closed" || strings.Count(got.Text("events"), `"close_with"`) != 2 {
				t.Errorf("%s at the second end: %s", name, got.Raw)
			}
			rate(code, "rate", 5).Want(200)
		}
		seen := street.Do("GET", "/casework/cases/"+rated.ID, nil).Want(200).Text("ratings")
		if strings.Count(seen, `"seq"`) != 2 || strings.Count(seen, `"counts":true`) != 1 {
			t.Errorf("the first rating is lost: %s", seen)
		}
		if got := closed(); got != "4 4 2 open 0" {
			t.Errorf("at the second end the board counts %s", got)
		}
		if got := differing(t, w); got != "" {
			t.Errorf("at the second end, counters and cases differ:\n%s", got)
		}
	})
}
