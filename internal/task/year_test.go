package task_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

// A department's year by month: its own alone for a department, all for who oversees, as a list and as a table.
func TestADepartmentsYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened(w)
		id := sent(w, content(apptest.Street))
		share := caseOf(w, id, apptest.Community)
		step(w.As("committee"), share, "begin", object{}).Want(200)
		step(w.As("committee"), share, "reply", object{"note": "已办"}).Want(200)
		month := clock.Month(clock.Now(w.System()))
		query := "?area=" + apptest.County + "&from=" + month + "&to=" + month
		got := w.As("clerk").Do("GET", "/task/figures/months"+query, nil).Want(200).Items()
		if len(got) != 1 || got[0]["month"] != month || got[0]["sent"] != 2.0 || got[0]["answered"] != 1.0 {
			t.Errorf("the department's month: %v", got)
		}
		if got := w.As("urban").Do("GET", "/task/figures/months"+query, nil); len(got.Items()) != 0 {
			t.Errorf("another department reads it: %s", got.Raw)
		}
		table := w.As("county").Do("GET", "/task/figures/table"+query+"&format=csv", nil).Want(200)
		if lines := strings.Split(strings.TrimSpace(table.Raw), "\n"); len(lines) != 2 || !strings.Contains(lines[1], month) {
			t.Errorf("the table: %s", table.Raw)
		}
		if got := w.As("county").Do("GET", "/task/figures/table"+query+"&format=xlsx", nil).Want(200); !strings.HasPrefix(got.Raw, "PK") {
			t.Error("no workbook")
		}
		w.As("county").Do("GET", "/task/figures/months?area="+apptest.County+"&from=2026-12&to=2026-01", nil).Want(422)
		w.As("committee").Do("GET", "/task/figures/table"+query, nil).Want(403)
	})
}
