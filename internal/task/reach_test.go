package task_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

// One reminder reaches every community that owes an answer, once, and is counted; those that have answered hear nothing.
func TestAReminderIsCounted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		clerk, committee := w.As("clerk"), w.As("committee")
		id := sent(w, content(apptest.Street))
		of := caseOf(w, id, apptest.Community)
		step(committee, of, "begin", object{}).Want(200)
		step(committee, of, "reply", object{"note": "已办"}).Want(200)
		w.As("urban").Do("POST", "/task/tasks/"+id+"/remind", object{}).Want(404)
		clerk.Do("POST", "/task/tasks/"+id+"/remind", object{}).Want(200)
		clerk.Do("POST", "/task/tasks/"+id+"/remind", object{}).Want(409, "task.job_at_work")
		work(w)
		work(w)
		if n := count(w, `SELECT CAST(SUM(reminded) AS BIGINT) FROM task_share WHERE task_id = $1`, id); n != 1 {
			t.Errorf("%d reminders", n)
		}
		if n := count(w, `SELECT COUNT(*) FROM casework_alert WHERE stage = 'urged'`); n != 1 {
			t.Errorf("%d alerts", n)
		}
		if got := clerk.Do("GET", "/task/tasks/"+id, nil).Want(200); got.Text("reminders") != "1" || got.Text("pending") != "" {
			t.Errorf("reminders %s pending %q", got.Text("reminders"), got.Text("pending"))
		}
	})
}

// A department reaches a community by an inspection as often a year as the rule says.
func TestInspectionsAreFew(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		today := clock.Day(clock.Now(w.System()))
		visit := func(area string) object { return with(content(area), "way", "inspection", "heldOn", today) }
		sent(w, visit(apptest.Community))
		id := drafted(w.As("clerk"), visit(apptest.Street))
		got := w.As("head").Do("POST", "/task/tasks/"+id+"/send", object{}).Want(409, "task.per_year")
		if got.Text("rule.article") == "" && !strings.Contains(got.Raw, "若干规定") {
			t.Errorf("no citation: %s", got.Raw)
		}
		sent(w, visit(apptest.Neighbour))
	})
}

// Who oversees an area sees what reaches it and its communities alone; who does not sees nothing; a community reads the files.
func TestAreasOfOthers(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		body := w.Body[apptest.County+" health"]
		w.AccountWith("wide", access.Grant{Role: registry.RoleDepartmentClerk, Area: apptest.CityCode, Body: body})
		w.AccountWith("signer", access.Grant{Role: registry.RoleDepartmentHead, Area: apptest.CityCode, Body: body})
		clerk := w.As("wide")
		id := clerk.Do("POST", "/task/tasks", content(apptest.CityCode)).Want(201).Text("id")
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			t.Fatal(err)
		}
		file := clerk.File("/task/tasks/"+id+"/files", "a.png", picture.Bytes()).Want(200).Text("id")
		clerk.Do("POST", "/task/tasks/"+id+"/submit", object{}).Want(200)
		w.As("head").Do("POST", "/task/tasks/"+id+"/send", object{}).Want(404)
		w.As("signer").Do("POST", "/task/tasks/"+id+"/send", object{}).Want(200)
		clerk.File("/task/tasks/"+id+"/files", "b.png", picture.Bytes()).Want(409)
		work(w)
		whole := w.As("city").Do("GET", "/task/tasks/"+id+"/progress", nil).Want(200)
		street := w.As("street").Do("GET", "/task/tasks/"+id+"/progress", nil).Want(200)
		if whole.JSON["total"].(float64) <= street.JSON["total"].(float64) || street.Text("total") != "2" {
			t.Errorf("the city sees %s, the street %s", whole.Text("total"), street.Text("total"))
		}
		for _, s := range w.As("street").Do("GET", "/task/tasks/"+id+"/shares", nil).Want(200).Items() {
			if !strings.HasPrefix(s["area"].(string), apptest.Street) {
				t.Errorf("the street sees %s", s["area"])
			}
		}
		w.As("street").Do("GET", "/task/tasks/"+id+"/table?format=csv", nil).Want(200)
		w.As("urban").Do("GET", "/task/tasks/"+id, nil).Want(404)
		w.As("urban").Do("GET", "/task/tasks/"+id+"/table", nil).Want(404)
		w.As("committee").Do("GET", "/task/tasks/"+id+"/files/"+file, nil).Want(200)
		w.As("window").Do("GET", "/task/tasks/"+id+"/files/"+file, nil).Want(403)
		step(w.As("stranger"), caseOf(w, id, apptest.Community), "begin", object{}).Want(404)
		if n := len(w.As("urban").Do("GET", "/task/tasks", nil).Want(200).Items()); n != 0 {
			t.Errorf("another department lists %d", n)
		}
		if n := len(w.As("street").Do("GET", "/task/tasks?area="+apptest.Street, nil).Want(200).Items()); n != 1 {
			t.Errorf("the street lists %d", n)
		}
		table := clerk.Do("GET", "/task/tasks/"+id+"/table?format=csv", nil).Want(200).Raw
		if !strings.Contains(table, "ZR-1") || !strings.Contains(table, "2199-12-31") {
			t.Errorf("the table lacks number or day: %.300s", table)
		}
	})
}

// What a community was asked is public: title, department, number and day; never what was answered.
func TestWhatACommunityWasAskedIsPublic(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		committee, nobody := w.As("committee"), w.Nobody()
		of := caseOf(w, sent(w, content(apptest.Community)), apptest.Community)
		step(committee, of, "begin", object{}).Want(200)
		step(committee, of, "reply", object{"note": "走访了海棠中路王家"}).Want(200)
		for _, path := range []string{"/communities/" + apptest.Community, "/tasks?area=" + apptest.Community} {
			got := nobody.Page("GET", path, nil).Want(200).Raw
			if !strings.Contains(got, "困难群众走访排查") || !strings.Contains(got, "ZR-1") || strings.Contains(got, "海棠中路") {
				t.Errorf("%s: %.2000s", path, got)
			}
		}
		if got := nobody.Page("GET", "/tasks?area="+apptest.Neighbour, nil).Want(200).Raw; strings.Contains(got, "困难群众走访排查") {
			t.Error("shown of a community that was not asked")
		}
		nobody.Lang = "en"
		if got := nobody.Page("GET", "/tasks?area="+apptest.Community, nil).Want(200).Raw; !strings.Contains(got, "What departments asked of") {
			t.Errorf("in English: %.600s", got)
		}
		nobody.Page("GET", "/tasks?area=999999999999", nil).Want(404)
	})
}

// Boards count what residents bring; a task's cases have indicators of their own.
func TestTasksStayOutOfResidentsFigures(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		before := w.As("county").Do("GET", "/casework/board?area="+apptest.County, nil).Want(200)
		of := caseOf(w, sent(w, content(apptest.Street)), apptest.Community)
		step(w.As("committee"), of, "begin", object{}).Want(200)
		step(w.As("committee"), of, "reply", object{"note": "已办"}).Want(200)
		after := w.As("county").Do("GET", "/casework/board?area="+apptest.County, nil).Want(200)
		for _, part := range []string{"now", "thisMonth", "months"} {
			if before.Text(part) != after.Text(part) {
				t.Errorf("%s was %s and is %s", part, before.Text(part), after.Text(part))
			}
		}
		month := clock.Month(clock.Now(w.System()))
		table := w.As("county").Do("GET", "/casework/indicators?area="+apptest.County+"&from="+month+"&to="+month, nil).Want(200)
		for _, i := range table.JSON["indicators"].([]any) {
			switch i := i.(object); i["code"] {
			case "task_on_time":
				if i["n"] != 1.0 || i["d"] != 1.0 {
					t.Errorf("on time %v of %v", i["n"], i["d"])
				}
			case "task_refused":
				if i["n"] != 0.0 || i["d"] != 2.0 {
					t.Errorf("refused %v of %v", i["n"], i["d"])
				}
			case "response", "handling":
				if i["d"] != 0.0 {
					t.Errorf("%v counts tasks: %v", i["code"], i["d"])
				}
			}
		}
	})
}
