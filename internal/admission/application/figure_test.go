package application_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

// A body's year of applications: each counted in the month in which it was handed in, by what came of it, as a list and a table.
func TestAYearOfApplications(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		w.Rule("admission.opinion.days", "0")
		ways := map[string]func(id string){
			"undecided": func(string) {},
			"refused":   func(id string) { step(w, p.builder, id, "refuse", "note", "不必要").Want(200) },
			"withdrawn": func(id string) { step(w, p.clerk, id, "withdraw", "note", "不办了").Want(200) },
			"lapsed": func(id string) {
				w.Exec(`UPDATE admission_application SET state = 'refused', decider_name = '', decided_at = 1, due_at = 0 WHERE id = $1`, id)
			},
			"admitted": func(id string) {
				step(w, p.builder, id, "accept").Want(200)
				step(w, p.street, id, "opine", "choice", "support", "note", "同意").Want(200)
				step(w, p.council, id, "opine", "choice", "support", "note", "同意").Want(200)
				step(w, p.builder, id, "admit").Want(200)
			},
		}
		for _, come := range ways {
			id := begin(p.clerk, content(w, apptest.Street))
			p.handIn(w, id)
			come(id)
		}
		begin(p.clerk, content(w, apptest.Street)) // a draft is not counted
		month := clock.Month(clock.Now(w.System()))
		query := "?area=" + apptest.Street + "&from=" + month + "&to=" + month
		got := w.As("county").Do("GET", "/admission/figures"+query, nil).Want(200).Items()
		if len(got) != 1 || got[0]["month"] != month || got[0]["received"] != 5.0 || got[0]["money"] != 300000.0 {
			t.Fatalf("counted %v", got)
		}
		for name := range ways {
			if got[0][name] != 1.0 {
				t.Errorf("%s: %v of 1", name, got[0][name])
			}
		}
		table := w.As("clerk").Do("GET", "/admission/figures/table"+query+"&format=csv", nil).Want(200)
		if lines := strings.Split(strings.TrimSpace(table.Raw), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "3,000.00") {
			t.Errorf("the table: %s", table.Raw)
		}
		if got := w.As("stranger").Do("GET", "/admission/figures"+query, nil); got.Status != 403 {
			t.Errorf("read from another county: %d", got.Status)
		}
		w.As("county").Do("GET", "/admission/figures?area="+apptest.County+"&from=2026-12&to=2026-01", nil).Want(422)
		w.As("county").Do("GET", "/admission/figures?area="+apptest.County+"&from=2026-13&to=2027-01", nil).Want(422)
	})
}
