package app_test

import (
	"encoding/json"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/stats"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// One word has one number in every face: the rates that the home page shows of a board are the
// declared indicators of that month, of the area and of each below; and what is overdue is counted
// of what is open, down to the grids.
func TestFacesAgree(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher := w.As("dispatcher")
		j := apptest.NewMatter(t, w, "agree-1")
		j.Step(dispatcher, "establish", nil).Want(200)
		apptest.NewMatter(t, w, "agree-2")
		body := apptest.Incident("agree-3")
		if grids := w.App.Registry.Children(apptest.Community); len(grids) > 0 {
			body["area"] = grids[0].Code
		}
		w.Nobody().OpenCase(body).Want(201)
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_case SET due_at = 1000`)
			return err
		}))
		month := clock.Month(clock.Now(w.System()))
		for _, area := range []string{apptest.CityCode, apptest.County, apptest.Street, apptest.Community} {
			var b stats.Board
			var table stats.IndicatorTable
			read := func(path string, into any) {
				t.Helper()
				if err := json.Unmarshal([]byte(w.As("city").Do("GET", path, nil).Want(200).Raw), into); err != nil {
					t.Fatal(err)
				}
			}
			read("/casework/board?area="+area, &b)
			read("/casework/indicators?area="+area+"&from="+month+"&to="+month, &table)
			same := func(what string, r stats.Rate, n, d int) {
				t.Helper()
				if r.N != n || r.D != d {
					t.Errorf("%s: %s is %d of %d, the board has %d of %d", area, what, r.N, r.D, n, d)
				}
			}
			for _, i := range table.Indicators {
				switch i.Code {
				case "good":
					same(i.Code, i.Rate, b.ThisMonth.Good, b.ThisMonth.Rated)
				case "closing_on_time":
					same(i.Code, i.Rate, b.ThisMonth.OnTime, b.ThisMonth.Closed)
				}
			}
			for _, below := range table.Below {
				for _, child := range b.Children {
					if child.Code == below.Area {
						same(child.Code+" good", below.Rates["good"], child.Good, child.Rated)
						same(child.Code+" closing_on_time", below.Rates["closing_on_time"], child.OnTime, child.Closed)
					}
				}
			}
			if b.Now.Open != 3 || b.Now.Overdue != 3 {
				t.Errorf("%s: %d open, %d overdue; want 3 of 3", area, b.Now.Open, b.Now.Overdue)
			}
			for _, child := range b.Children {
				if child.Overdue > child.Open {
					t.Errorf("%s: %d overdue of %d open", child.Code, child.Overdue, child.Open)
				}
			}
		}
	})
}
