package task_test

import (
	"os"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/platform/audit"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

// A task to the whole city is one step for the department, and a case for each of its communities.
func TestATaskToTheWholeCity(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		file, err := os.Open("../demo/data/lianyungang-2023.csv")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := w.App.Changes.Import(w.System(), []change.Source{change.FromReader("city.csv", file)}, change.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		made, err := w.App.Bodies.LoadBodies(w.System(),
			[]registry.Body{{Area: "3207", Kind: registry.BodyDepartment, Department: "civil_affairs", Name: "民政局"}})
		if err != nil {
			t.Fatal(err)
		}
		w.LoadNow()
		d := &door{until: "2199-12-31"}
		service(w).Gate = d
		body := made[0].ID
		w.AccountWith("clerk", access.Grant{Role: registry.RoleDepartmentClerk, Area: "3207", Body: body})
		w.AccountWith("head", access.Grant{Role: registry.RoleDepartmentHead, Area: "3207", Body: body})
		id := drafted(w.As("clerk"), content("3207"))
		w.As("head").Do("POST", "/task/tasks/"+id+"/send", object{}).Want(200)
		work(w)
		want := len(w.App.Registry.Below("3207", registry.LevelCommunity))
		p := w.As("head").Do("GET", "/task/tasks/"+id+"/progress", nil).Want(200)
		if n := count(w, `SELECT COUNT(*) FROM casework_case WHERE kind = 'task'`); n != want || want < 1700 || p.JSON["asked"] != float64(want) {
			t.Errorf("%d cases for %d communities, progress %v", n, want, p.JSON["asked"])
		}
		if got := w.As("head").Do("GET", "/task/tasks/"+id+"/table?format=csv", nil).Want(200); len(got.Raw) < 50*want {
			t.Errorf("the table has %d bytes", len(got.Raw))
		}
		if err := w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			return service(w).Ended(w.System(), tx, "ZR-1", "准入已撤销")
		}); err != nil {
			t.Fatal(err)
		}
		shown := w.As("head").Do("GET", "/task/tasks/"+id, nil).Want(200)
		if shown.Text("basis.live") != "false" || shown.Text("pending") != "close" || shown.Text("state") != "ended" {
			t.Errorf("before the job: %s", shown.Raw)
		}
		work(w)
		p = w.As("head").Do("GET", "/task/tasks/"+id+"/progress", nil).Want(200)
		if p.JSON["ended"] != float64(want) || p.JSON["overdue"] != 0.0 {
			t.Errorf("after it: %s", p.Raw[:200])
		}
	})
}
