package stats_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/stats"
)

func said(found []stats.Difference) string {
	var out []string
	for _, d := range found {
		out = append(out, d.String())
	}
	return strings.Join(out, "\n")
}

// A counter that was broken is named, and put right while cases come in.
func TestCountersAreProvenAndRepaired(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, nobody := w.As("dispatcher"), w.Nobody()
		closed, number := w.Incident(apptest.Community, "0101", "甲", "东门")
		w.Incident(apptest.Elsewhere, "0101", "乙", "东门")
		got := nobody.OpenCase(
			map[string]any{"category": "0101", "description": "丙", "area": apptest.Community, "main": number,
				"place": map[string]any{"text": "东门"}}).Want(201)
		dispatcher.Step(closed, "dismiss", map[string]any{"note": "不属实"}).Want(200)
		nobody.Do("POST", "/casework/follow/rate", map[string]any{"code": got.Text("code"), "level": 2}).Want(200)
		check := func() []stats.Difference {
			t.Helper()
			found, err := w.App.Stats.CheckCounters(w.System())
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if found := check(); len(found) != 0 {
			t.Fatalf("after steps of every kind:\n%s", said(found))
		}
		w.Exec(`UPDATE casework_tally SET received = received + 3, points = 0 WHERE area = $1`, apptest.Community)
		w.Exec(`DELETE FROM casework_tally WHERE area = '320706'`)
		w.Exec(`UPDATE casework_case SET events = 9 WHERE id = $1`, closed)
		w.Exec(`UPDATE casework_number SET last = 1 WHERE shard = '320703'`)
		broken := said(check())
		for _, want := range []string{"tally " + apptest.Community + " incident ", "received: kept 5, counted 2", "points: kept 0, counted 2",
			"tally 320706 incident ", "received: kept 0, counted 1",
			"events " + number + " events: kept 9, counted ", "number 320703 ", "last: kept 1, counted 2"} {
			if !strings.Contains(broken, want) {
				t.Errorf("%q is not named in\n%s", want, broken)
			}
		}
		w.Exec(`UPDATE casework_number SET last = 100 WHERE shard = '320703'`) // who reports meanwhile takes other numbers
		var reporting sync.WaitGroup
		for i := range 4 {
			reporting.Go(func() {
				for j := range 5 {
					_, err := apptest.Report(w.System(), w.App, apptest.Reported{Description: "丁",
						Intake: casework.Intake{ClientKey: fmt.Sprint(i, j), Channel: casework.ChannelConsole}})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		if _, err := w.App.Stats.RebuildCounters(w.System()); err != nil {
			t.Error(err)
		}
		reporting.Wait()
		if found := check(); len(found) != 0 {
			t.Errorf("after the rebuild:\n%s", said(found))
		}
		if _, err := w.App.Stats.RebuildCounters(context.Background()); err == nil {
			t.Error("nobody rebuilds")
		}
	})
}
