package burden

import (
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// A page of events is read from an index in its order, and not sorted: for a community by its area, for a wider area by the
// department; of PostgreSQL the plan of few rows says nothing, so SQLite alone is asked.
func TestEventsAreReadFromTheirIndex(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Dialect != db.SQLite {
			return
		}
		for want, f := range map[string]EventFilter{
			"burden_event_area": {Area: "320703001007", From: "2026-01", To: "2026-03"},
			"burden_event_body": {Area: "3207", By: "body", From: "2026-01", To: "2026-03", Way: "task"},
		} {
			w, err := f.where()
			if err != nil {
				t.Fatal(err)
			}
			plan, err := db.All(t.Context(), d, func(sc db.Scanner) (detail string, err error) {
				var id, parent, unused int
				return detail, sc.Scan(&id, &parent, &unused, &detail)
			}, "EXPLAIN QUERY PLAN "+eventPage(&w, 21), w.List...)
			all := strings.Join(plan, "\n")
			if err != nil || !strings.Contains(all, want) || strings.Contains(all, "TEMP B-TREE") || strings.Contains(all, "SCAN") {
				t.Errorf("%s: %s %v", want, all, err)
			}
		}
		number, err := db.All(t.Context(), d, func(sc db.Scanner) (detail string, err error) {
			var id, parent, unused int
			return detail, sc.Scan(&id, &parent, &unused, &detail)
		}, "EXPLAIN QUERY PLAN "+passEvents, "ZR-1", "3207", "3208", 100)
		if all := strings.Join(number, "\n"); err != nil || !strings.Contains(all, "USING COVERING INDEX burden_event_pass") ||
			strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("a number: %s %v", all, err)
		}
	})
}
